"""Every quantity of every step: as the descent takes it, as `inspect` shows it, as PyTorch and a pencil have it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.descent import descend
from engine.errors import InputError
from engine.functions import quadratic
from engine.optimizers import OPTIMIZERS, SYMBOLS, inspect, optimizer
from engine.step_lines import CODE, GOES_ON_AS, lines, names
from engine.step_trace import MAX_STEPS, trace
from engine.surfaces import SURFACES, surface

EVERY = pytest.mark.parametrize("code", OPTIMIZERS)
PLANES = [code for code, one in SURFACES.items() if one.dimensions == 2]
BOWL, VALLEY = surface("elongated_bowl"), surface("rosenbrock")

with np.load(Path(__file__).parents[1] / "reference/optimizers.npz") as archive:
    TORCH = dict(archive)
# The test functions of optimizers_make.py
PROBLEMS = {"quadratic": quadratic("q", "", [[0.1, 0], [0, 2]], ((-9, 9), (-9, 9)), (-7.0, 2.0)), "rosenbrock": VALLEY}
CASES = [case for case in json.loads(str(TORCH["cases"])) if case["problem"] in PROBLEMS]


def rules(code):
    """The rule as it is, with weight decay, and without bias correction where it has one."""
    rule = optimizer(code)
    found = [rule, replace(rule, learning_rate=0.05)]
    if hasattr(rule, "weight_decay"):
        found.append(replace(rule, weight_decay=0.1))
    if hasattr(rule, "bias_correction"):
        found.append(replace(rule, bias_correction=False))
    return found


# the run ------------------------------------------------------------------------------------------------------


@EVERY
@pytest.mark.parametrize("place", PLANES)
def test_it_is_the_descent(code, place):
    where = surface(place)
    for rule in rules(code):
        ours, theirs = trace(where, rule, where.start, 60), descend(where, rule, where.start, 60)
        np.testing.assert_array_equal(ours.points, theirs.points)
        np.testing.assert_array_equal(ours.losses, theirs.losses)
        assert ours.diverged_at == theirs.diverged_at


@EVERY
def test_every_quantity_is_what_inspect_shows(code):
    for rule in rules(code):
        run = trace(BOWL, rule, BOWL.start, 12)
        point, state = np.array(BOWL.start), rule.start(BOWL.start)
        for k in range(12):
            shown = inspect(rule, state, point, BOWL.gradient(point))
            assert list(run.quantities) == [name for name in shown if name != "learning_rate"]
            for name, values in run.quantities.items():
                np.testing.assert_array_equal(values[k], np.broadcast_to(shown[name], (2,)), err_msg=name)
            for name, values in run.before.items():
                np.testing.assert_array_equal(values[k], np.broadcast_to(state[name], (2,)), err_msg=name)
            rule.update(state, point, BOWL.gradient(point), point)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['optimizer']}-{case['key']}")
def test_points_agree_with_torch(case):
    rule = optimizer(case["optimizer"], **case["hyperparameters"])
    steps = TORCH["steps"]
    run = trace(PROBLEMS[case["problem"]], rule, TORCH[f"start_{case['problem']}"], int(steps[-1]))
    reference = TORCH[case["key"]]
    scale = np.abs(reference).max(axis=1)
    assert (np.abs(run.points[steps] - reference).max(axis=1) / scale).max() < 1e-10
    if case["optimizer"] == "asgd":
        averages = TORCH[f"{case['key']}_average"]
        distance = np.abs(run.quantities["averaged_parameters"][steps - 1] - averages).max(axis=1) / scale
        assert distance.max() < 1e-10


def test_adam_by_hand():
    """From 1 with the gradients 0.5 and 0.25, as in test_optimizers; every number of both steps."""
    gradients = iter([[0.5], [0.25]])
    line = surface("parabola")
    run = trace(line, optimizer("adam", learning_rate=0.1), [1.0], 2, gradient=lambda _: np.array(next(gradients)))
    expected = {
        "step": [1, 2],
        "first_moment": [0.05, 0.07],
        "second_moment": [0.00025, 0.00031225],
        "corrected_first_moment": [0.5, 0.07 / 0.19],
        "corrected_second_moment": [0.25, 0.00031225 / 0.001999],
        "denominator": [0.5 + 1e-8, np.sqrt(0.00031225 / 0.001999) + 1e-8],
        "new_parameters": [0.9, 0.80678204],
    }
    for name, values in expected.items():
        np.testing.assert_allclose(run.quantities[name][:, 0], values, rtol=3e-8, err_msg=name)
    np.testing.assert_allclose(run.before["first_moment"][:, 0], [0, 0.05], rtol=1e-12)


def test_note_002s_bowl():
    where = surface("round_bowl")
    run = trace(where, optimizer("sgd", learning_rate=0.1), where.start, 100)
    np.testing.assert_allclose(run.points[100], [-6.11110793e-10, 8.14814391e-10], rtol=5e-9)
    np.testing.assert_allclose(run.points[57], [-8.97946606e-6, 1.19726214e-5], rtol=5e-9)
    far = trace(where, optimizer("sgd", learning_rate=10), where.start, 20)
    np.testing.assert_allclose(far.points[20], [-1.12769920e26, 1.50359894e26], rtol=5e-9)


def test_a_run_that_diverges_says_where():
    run = trace(VALLEY, optimizer("sgd", learning_rate=1.0), VALLEY.start, 20)
    assert run.diverged_at == descend(VALLEY, run.optimizer, VALLEY.start, 20).diverged_at > 0
    assert np.isfinite(run.points[run.diverged_at - 1]).all()
    assert trace(BOWL, optimizer("sgd"), BOWL.start, 5).diverged_at == -1


def test_what_makes_the_step_and_what_divides_it():
    found = {code: trace(BOWL, optimizer(code), BOWL.start, 3) for code in OPTIMIZERS}
    averages = {code: run.average for code, run in found.items() if run.average}
    assert averages == {
        "momentum": "velocity",
        "nesterov": "velocity",
        "adam": "corrected_first_moment",
        "adamw": "corrected_first_moment",
        "adamax": "corrected_first_moment",
        "nadam": "corrected_first_moment",
    }
    assert {code for code, run in found.items() if run.scale is not None} == {
        "adagrad", "adadelta", "rmsprop", "adam", "adamw", "adamax", "nadam",
    }  # fmt: skip
    for code in ("adagrad", "rmsprop", "adam", "nadam"):
        run = found[code]
        np.testing.assert_allclose(run.scale + run.optimizer.epsilon, run.quantities["denominator"], rtol=1e-15)
    np.testing.assert_array_equal(found["adamax"].scale, found["adamax"].quantities["infinity_norm"])
    plain = trace(BOWL, optimizer("adam", bias_correction=False), BOWL.start, 3)
    assert (plain.average, plain.squares) == ("first_moment", "second_moment")


def test_steps_in_learning_rates():
    run = trace(BOWL, optimizer("sgd", learning_rate=0.05), BOWL.start, 4)
    np.testing.assert_allclose(run.relative_steps, np.abs(run.quantities["gradient"]), rtol=1e-14)
    assert np.isnan(trace(BOWL, optimizer("sgd", learning_rate=0), BOWL.start, 4).relative_steps).all()


def test_nothing_can_be_written_to():
    start = np.array([1.0, 2.0])
    run = trace(BOWL, optimizer("adam"), start, 3)
    for array in (run.points, run.losses, *run.before.values(), *run.quantities.values()):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    assert start.tolist() == [1, 2]
    assert start.flags.writeable
    with pytest.raises(TypeError):
        run.quantities["gradient"] = run.points


@pytest.mark.parametrize(
    ("start", "n_steps", "code"),
    [
        ([1.0], 5, "wrong_shape"),
        ([[1.0, 2.0]], 5, "wrong_shape"),
        (1.0, 5, "wrong_shape"),
        ([1.0, np.nan], 5, "not_finite"),
        (["a", 1], 5, "not_a_number"),
        ([1.0, 2.0], 0, "out_of_range"),
        ([1.0, 2.0], MAX_STEPS + 1, "out_of_range"),
        ([1.0, 2.0], 2.5, "not_a_number"),
    ],
)
def test_bad_input(start, n_steps, code):
    with pytest.raises(InputError) as refused:
        trace(BOWL, optimizer("adam"), start, n_steps)
    assert refused.value.code == code


# the lines ----------------------------------------------------------------------------------------------------


def computed(line):
    return eval(line.code, {"np": np, "__builtins__": {}}, dict(line.inputs))


@EVERY
@pytest.mark.parametrize("place", PLANES)
def test_every_line_computes_what_the_step_computed(code, place):
    where = surface(place)
    for rule in rules(code):
        run = trace(where, rule, where.start, 41)
        for k in (0, 1, 2, 7, 40):
            if 0 <= run.diverged_at <= k + 1:
                continue
            for line in lines(run, k):
                np.testing.assert_allclose(computed(line), line.value, rtol=1e-12, err_msg=line.symbols)


@EVERY
def test_the_lines_are_the_formula(code):
    for rule in rules(code):
        found = lines(trace(BOWL, rule, BOWL.start, 3), 2)
        assert {line.name: line.symbols for line in found} == rule.formula()
        for line in found:
            assert line.symbol == SYMBOLS[line.name] == line.symbols.split(r"\leftarrow")[0].strip()
            assert set(line.inputs) == set(names(line.code))


def test_each_name_in_a_line_has_its_letter_there():
    """What is computed from is what is written: the same quantities on both sides of the table."""
    same = {"regularized_gradient": "gradient", "new_parameters": "parameters"}
    for symbols, code in CODE.items():
        right = symbols.split(r"\leftarrow")[1]
        for name in names(code):
            assert SYMBOLS[same.get(name, name)] in right, (symbols, name)


def test_no_line_is_left_over():
    written = {symbols for code in OPTIMIZERS for rule in rules(code) for symbols in rule.formula().values()}
    assert set(CODE) == written
    assert set(GOES_ON_AS) <= set(SYMBOLS)


def test_a_name_holds_what_the_last_line_has_put_there():
    run = trace(BOWL, optimizer("momentum", weight_decay=0.5, learning_rate=0.1), (-4.0, 2.0), 3)
    gradient, velocity, step, _new = lines(run, 1)
    np.testing.assert_array_equal(gradient.inputs["gradient"], run.quantities["gradient"][1])
    np.testing.assert_array_equal(velocity.inputs["gradient"], gradient.value)
    np.testing.assert_array_equal(velocity.inputs["velocity"], run.quantities["velocity"][0])
    np.testing.assert_array_equal(step.inputs["velocity"], velocity.value)
    assert velocity.inputs["momentum"] == 0.9


@pytest.mark.parametrize(("k", "code"), [(-1, "out_of_range"), (3, "out_of_range"), ("one", "not_a_number")])
def test_a_step_that_was_not_taken_is_refused(k, code):
    with pytest.raises(InputError) as refused:
        lines(trace(BOWL, optimizer("sgd"), BOWL.start, 3), k)
    assert refused.value.code == code
