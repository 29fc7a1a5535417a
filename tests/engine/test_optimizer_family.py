"""The optimizers' family: a tree without loops, memory as the states really have it, what each formula adds."""

import numpy as np
import pytest

from engine.errors import InputError
from engine.export_family import family_script
from engine.lbfgs import LBFGS
from engine.optimizer_family import (
    FAMILY,
    SHOWN,
    ancestors,
    changes,
    descendants,
    largest_network,
    lines,
    member,
    memory_use,
    numbers_per_parameter,
)
from engine.optimizers import NOT_RACED, OPTIMIZERS
from tests.engine.printed import printed

WORKED = {
    "sgd": 0,
    "momentum": 1,
    "nesterov": 1,
    "asgd": 1,
    "rprop": 2,
    "adagrad": 1,
    "rmsprop": 1,
    "adadelta": 2,
    "adam": 2,
    "adamax": 2,
    "nadam": 2,
    "sparse_adam": 2,
    "adamw": 2,
    "lbfgs": 20,
}
NOTE_004 = {"sgd", "adadelta", "adagrad", "adam", "sparse_adam", "adamax", "asgd", "lbfgs", "rmsprop", "rprop"}


def test_every_optimizer_of_the_app_is_in_the_family_under_its_name():
    assert set(SHOWN) == {*OPTIMIZERS, *NOT_RACED, "lbfgs"}
    assert set(FAMILY) == {*SHOWN, "newton"}
    titles = {code: rule.title for code, rule in OPTIMIZERS.items()} | {"lbfgs": LBFGS.title}
    assert {code: FAMILY[code].title for code in titles} == titles
    assert {code for code, one in FAMILY.items() if one.in_note_004} == NOTE_004


def test_the_years_are_those_of_the_sources_named_beside_the_rules():
    """And nobody is older than a parent."""
    for code, rule in OPTIMIZERS.items():
        assert str(FAMILY[code].year) in rule.__doc__.split("Source:")[1]
    assert str(FAMILY["lbfgs"].year) in LBFGS.__doc__.split("Source:")[1]
    for one in FAMILY.values():
        years = [FAMILY[parent].year for parent in one.parents]
        assert all(year is None or year <= one.year for year in years)


def test_ancestors():
    assert ancestors("sgd") == ancestors("newton") == frozenset()
    assert ancestors("adam") == {"sgd", "momentum", "adagrad", "rprop", "rmsprop"}
    assert ancestors("nadam") == ancestors("adam") | {"adam", "nesterov"}
    assert ancestors("lbfgs") == {"newton"}
    assert all(code not in ancestors(code) for code in FAMILY)


def test_descendants():
    assert descendants("adam") == {"adamax", "nadam", "sparse_adam", "adamw"}
    assert descendants("sgd") == set(SHOWN) - {"sgd", "lbfgs"}
    assert descendants("lbfgs") == frozenset()


@pytest.mark.parametrize("code", SHOWN)
def test_memory_is_what_survives_a_step_with_the_parameters_shape(code):
    """Counted independently: what is lost, changes the path; what is not in the memory, may be lost."""
    assert numbers_per_parameter(code) == WORKED[code]
    if code not in OPTIMIZERS:
        return
    rule, rng = OPTIMIZERS[code](), np.random.default_rng(0)
    gradients, n = rng.normal(size=(4, 5)), 0
    names = [name for name, entry in rule.start(np.zeros(5)).items() if entry.shape == (5,) and name != "learning_rate"]
    for name in names:
        if _end(rule, gradients, forget=name) != _end(rule, gradients):
            n += 1
    assert n == numbers_per_parameter(code)


def _end(rule, gradients, forget: str = "") -> list[float]:
    """Where the rule leads, if an entry of the state is forgotten after each step; its answer, where it has one."""
    parameters = np.ones(5)
    state = rule.start(parameters)
    for gradient in gradients:
        rule.update(state, parameters, gradient, parameters)
        if forget:
            state[forget][...] = 0.123
    answer = state.get("averaged_parameters", parameters)
    return [*parameters.tolist(), *answer.tolist()]


def test_what_is_new_and_what_is_changed():
    def of(code: str, parent: str) -> tuple[dict, dict]:
        return tuple({line.name: line.change for line in found} for found in changes(code, parent))

    new, old = of("momentum", "sgd")
    assert new == {"velocity": "new", "effective_step": "changed", "new_parameters": "same"}
    assert old == {"effective_step": "changed", "new_parameters": "same"}
    new, old = of("rmsprop", "adagrad")
    assert new["mean_squared_gradient"] == old["sum_squared_gradient"] == "changed"
    assert new["effective_step"] == "same"
    new, old = of("adam", "rmsprop")
    assert [name for name, change in new.items() if change == "new"] == [
        "step", "first_moment", "corrected_first_moment", "corrected_second_moment",
    ]  # fmt: skip
    assert "gone" not in old.values()
    new, old = of("adamax", "adam")
    assert (new["infinity_norm"], new["effective_step"]) == ("changed", "changed")
    assert [name for name, change in old.items() if change == "gone"] == ["corrected_second_moment", "denominator"]
    assert [line.name for line in changes("adamw", "adam")[0] if line.change != "same"] == ["effective_step"]
    assert {line.change for line in changes("sparse_adam", "adam")[0]} == {"same"}


@pytest.mark.parametrize("code", FAMILY)
def test_the_lines_are_the_rules_own(code):
    own, before = changes(code, None)
    assert before == ()
    assert {line.name: line.latex for line in own} == lines(code)
    assert {line.change for line in own} == {"same"}
    if code in OPTIMIZERS:
        assert lines(code) == OPTIMIZERS[code]().formula()


def test_bytes_worked_by_hand():
    """Adam, 7 billion parameters: 28 GB each for parameters and gradient, 56 GB for its two moments."""
    use = memory_use("adam", 7 * 10**9)
    assert (use.parameters, use.gradient, use.state, use.total) == (28e9, 28e9, 56e9, 112e9)
    assert memory_use("momentum", 10**6, "float64").state == 8e6
    assert memory_use("sgd", 10**6).state == 0
    assert memory_use("lbfgs", 10**6).total == 88e6


@pytest.mark.parametrize(("code", "billions"), [("sgd", 3.0), ("momentum", 2.0), ("adam", 1.5)])
def test_what_fits_into_a_graphics_card(code, billions):
    n = largest_network(code, 24e9)
    assert n == billions * 1e9
    assert memory_use(code, n).total <= 24e9 < memory_use(code, n + 1).total


@pytest.mark.parametrize("number_format", ["float32", "float64"])
def test_the_script_counts_the_same(number_format):
    first, *rows = printed(family_script(7 * 10**9, number_format))
    assert first == "optimizer numbers_per_parameter megabytes"
    expected = [
        [code, numbers_per_parameter(code), memory_use(code, 7 * 10**9, number_format).state / 1e6] for code in SHOWN
    ]
    assert [[name, int(n), float(megabytes)] for name, n, megabytes in map(str.split, rows)] == expected


@pytest.mark.parametrize(
    ("call", "code", "argument"),
    [
        (lambda: member("hope"), "unknown_name", "optimizer"),
        (lambda: lines("hope"), "unknown_name", "optimizer"),
        (lambda: ancestors("hope"), "unknown_name", "optimizer"),
        (lambda: descendants("hope"), "unknown_name", "optimizer"),
        (lambda: numbers_per_parameter("newton"), "unknown_name", "optimizer"),
        (lambda: memory_use("adam", 0), "out_of_range", "n_parameters"),
        (lambda: memory_use("adam", 1e6, "float8"), "unknown_name", "number_format"),
        (lambda: largest_network("adam", -1), "out_of_range", "n_bytes"),
        (lambda: family_script(10**16), "out_of_range", "n_parameters"),
        (lambda: family_script(10, "float8"), "unknown_name", "number_format"),
    ],
)
def test_bad_input_is_named(call, code, argument):
    with pytest.raises(InputError) as caught:
        call()
    assert (caught.value.code, caught.value.argument) == (code, argument)
