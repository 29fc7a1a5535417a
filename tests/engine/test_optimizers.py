"""Optimizers: printed steps, the contract (explicit state, in place, stacks), refusals, and the data for the pages."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from engine.errors import InputError
from engine.hyperparameters import RANGES
from engine.optimizers import NOT_RACED, OPTIMIZERS, SYMBOLS, hyperparameters, inspect, optimizer

EVERY = pytest.mark.parametrize("code", OPTIMIZERS)
RNG = np.random.default_rng(7)
PARAMETERS, GRADIENTS = RNG.normal(size=(3, 4, 2)), RNG.normal(size=(6, 3, 4, 2))


def run(rule, parameters, gradients):
    """Where the rule leads from `parameters` when it meets these gradients one after the other."""
    parameters = np.array(parameters, dtype=np.float64)
    state = rule.start(parameters)
    for gradient in gradients:
        rule.update(state, parameters, np.asarray(gradient, dtype=np.float64), parameters)
    return parameters, state


# ---------------------------------------------------------------- printed numbers

# theta = 1, and the gradients of one to four steps -> theta after each, worked by hand
BY_HAND = [
    # 1 - 0.1 * 0.5
    ("sgd", {}, [0.5], [0.95]),
    # g + 0.2 * theta = 0.7
    ("sgd", {"weight_decay": 0.2}, [0.5], [0.93]),
    # v = 0.5, then 0.9 * 0.5 + 0.25 = 0.7
    ("momentum", {}, [0.5, 0.25], [0.95, 0.88]),
    # 0.1 * (0.5 + 0.9 * 0.5) = 0.095, then 0.1 * (0.25 + 0.9 * 0.7) = 0.088
    ("nesterov", {}, [0.5, 0.25], [0.905, 0.817]),
    # sqrt(0.25) = 0.5, then sqrt(0.25 + 1.44) = 1.3
    ("adagrad", {}, [0.5, 1.2], [0.9, 0.9 - 0.12 / 1.3]),
    # s = 0.25 * 0.25, root 0.25: twice the learning rate
    ("rmsprop", {"rho": 0.75}, [0.5], [0.8]),
    # s = 0.025; g' = sqrt(1e-6) / sqrt(0.025001) * 0.5 = 0.00316221
    ("adadelta", {"learning_rate": 1.0}, [0.5], [0.99683779]),
    # m_hat = 0.5, v_hat = 0.25; then m_hat = 0.07 / 0.19, v_hat = 0.00031225 / 0.001999
    ("adam", {}, [0.5, 0.25], [0.9, 0.80678204]),
    # without correction: 0.05 / (sqrt(0.00025) + 1e-8), nearly sqrt(10) learning rates
    ("adam", {"bias_correction": False}, [0.5], [0.68377243]),
    # g + 0.1 * theta = 0.6: the decay vanishes in the division
    ("adam", {"weight_decay": 0.1}, [0.5], [0.9]),
    # 0.1 * (1 + 0.1 * 1): here it does not
    ("adamw", {"weight_decay": 0.1}, [0.5], [0.89]),
    # m_hat = 0.5, u = 0.5; then m_hat = 0.07 / 0.19, u = 0.4995
    ("adamax", {}, [0.5, 0.25], [0.9, 0.82624203]),
    # mu = 0.45007349, mu' = 0.45014694; m_hat = 0.02250735 / 0.79740077 + 0.5 = 0.52822589
    ("nadam", {}, [0.5], [0.89435482]),
    # 0.1; grows to 0.12; flips: 0.06, but waits; then goes
    ("rprop", {}, [0.5, 0.1, -3.0, -1.0], [0.9, 0.78, 0.78, 0.84]),
    # 0.1 * (0.5 + 0.01 * 1)
    ("asgd", {"decay": 0.01}, [0.5], [0.949]),
]


@pytest.mark.parametrize(("code", "values", "gradients", "expected"), BY_HAND)
def test_steps_worked_by_hand(code, values, gradients, expected):
    rule = optimizer(code, **{"learning_rate": 0.1, **values})
    for count, after in enumerate(expected, start=1):
        np.testing.assert_allclose(run(rule, [1.0], gradients[:count])[0], [after], rtol=3e-8)


def test_asgd_averages_from_the_chosen_step_on():
    rule = optimizer("asgd", learning_rate=0.1, decay=0.0, average_from=1)
    averages = [run(rule, [1.0], [1.0] * count)[1]["averaged_parameters"][0] for count in (1, 2, 3, 4)]
    # theta: 0.9, 0.8, 0.7, 0.6; weights 1, 1, 1, 1/2
    np.testing.assert_allclose(averages, [0.9, 0.8, 0.7, 0.65])


def test_sgd_on_the_bowl_follows_powers_of_0_8():
    """Note 002: f = x0^2 + x1^2 from (-3, 4), learning rate 0.1."""
    rule, point = optimizer("sgd", learning_rate=0.1), np.array([-3.0, 4.0])
    state = rule.start(point)
    for k in range(1, 101):
        rule.update(state, point, 2 * point, point)
        np.testing.assert_allclose(point, np.array([-3, 4]) * 0.8**k, rtol=1e-12)
        if k == 57:
            np.testing.assert_allclose(point, [-8.97946606e-6, 1.19726214e-5], rtol=5e-9)
    np.testing.assert_allclose(point, [-6.11110793e-10, 8.14814391e-10], rtol=5e-9)


def test_sgd_with_a_far_too_large_rate_runs_away():
    """Note 002: learning rate 10, 20 steps."""
    rule, point = optimizer("sgd", learning_rate=10), np.array([-3.0, 4.0])
    state = rule.start(point)
    for _ in range(20):
        rule.update(state, point, 2 * point, point)
    np.testing.assert_allclose(point, [-1.12769920e26, 1.50359894e26], rtol=5e-9)


def test_overflow_is_neither_clipped_nor_refused():
    rule, point = optimizer("sgd", learning_rate=1e200), np.array([1e200])
    with np.errstate(over="ignore"):
        rule.update(rule.start(point), point, point, point)
    assert point == -np.inf


# ---------------------------------------------------------------- the contract


@EVERY
def test_update_writes_into_state_and_out_only(code):
    rule = optimizer(code, **({} if code == "rprop" else {"weight_decay": 0.1}))
    parameters, gradient, out = PARAMETERS.copy(), GRADIENTS[0].copy(), np.empty_like(PARAMETERS)
    state = rule.start(parameters)
    for array in (parameters, gradient):
        array.flags.writeable = False
    assert rule.update(state, parameters, gradient, out) is None
    assert np.isfinite(out).all()
    assert (out != parameters).all()


@EVERY
def test_in_place_is_the_same(code):
    rule, apart = optimizer(code), PARAMETERS.copy()
    state = rule.start(apart)
    for gradient in GRADIENTS:
        out = np.empty_like(apart)
        rule.update(state, apart, gradient, out)
        apart = out
    np.testing.assert_array_equal(run(rule, PARAMETERS, GRADIENTS)[0], apart)


@EVERY
def test_a_stack_is_a_loop(code):
    """Every hyperparameter as an array of shape (3, 1, 1): three rules in one call, each with four points."""
    values = {name: value for name, value in hyperparameters(code).items() if name in RANGES}
    stretch = np.array([1.0, 0.9, 0.8])  # keeps every default in its range
    values |= {"weight_decay": 0.1} if "weight_decay" in values else {}
    values |= {"average_from": 2.0} if "average_from" in values else {}
    stacks = {name: value * (stretch if name != "eta_plus" else 2 - stretch) for name, value in values.items()}
    together, _ = run(optimizer(code, **{name: s[:, None, None] for name, s in stacks.items()}), PARAMETERS, GRADIENTS)
    for i in range(3):
        alone = optimizer(code, **{name: s[i] for name, s in stacks.items()})
        for j in range(4):
            one_by_one, _ = run(alone, PARAMETERS[i, j], GRADIENTS[:, i, j])
            np.testing.assert_allclose(together[i, j], one_by_one, rtol=1e-14)


@EVERY
def test_a_single_number_is_a_stack_of_nothing(code):
    one, _ = run(optimizer(code), 1.5, GRADIENTS[:, 0, 0, 0])
    many, _ = run(optimizer(code), [1.5], GRADIENTS[:, 0, 0, :1])
    assert one.shape == ()
    np.testing.assert_allclose(one, many[0], rtol=1e-14)


@EVERY
def test_nothing_but_the_memory_is_carried_over(code):
    rule = optimizer(code)
    parameters = PARAMETERS.copy()
    state = rule.start(parameters)
    for gradient in GRADIENTS:
        rule.update(state, parameters, gradient, parameters)
        for name in set(state) - {*rule.memory, "learning_rate"}:
            state[name][...] = np.nan
    np.testing.assert_array_equal(parameters, run(rule, PARAMETERS, GRADIENTS)[0])


@EVERY
def test_a_copied_state_goes_on_alike(code):
    rule = optimizer(code)
    middle, state = run(rule, PARAMETERS, GRADIENTS[:3])
    saved = {name: entry.copy() for name, entry in state.items()}
    for gradient in GRADIENTS[3:]:
        rule.update(saved, middle, gradient, middle)
    np.testing.assert_array_equal(middle, run(rule, PARAMETERS, GRADIENTS)[0])


@pytest.mark.parametrize("code", [code for code in OPTIMIZERS if code != "rprop"])
def test_a_schedule_writes_the_learning_rate_into_the_state(code):
    slow, parameters = optimizer(code, learning_rate=0.05), PARAMETERS.copy()
    rule = replace(slow, learning_rate=99.0)
    state = rule.start(parameters)
    for gradient in GRADIENTS:
        state["learning_rate"][...] = 0.05
        rule.update(state, parameters, gradient, parameters)
    np.testing.assert_array_equal(parameters, run(slow, PARAMETERS, GRADIENTS)[0])


# ---------------------------------------------------------------- inside a step


@EVERY
@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_inspect_shows_what_update_does(code, weight_decay):
    rule = optimizer(code, **({} if code == "rprop" else {"weight_decay": weight_decay}))
    parameters, state = run(rule, PARAMETERS, GRADIENTS[:3])
    before = {name: entry.copy() for name, entry in state.items()}
    shown = inspect(rule, state, parameters, GRADIENTS[3])
    for name, entry in before.items():
        np.testing.assert_array_equal(state[name], entry)

    lines = list(rule.formula())
    assert [name for name in shown if name in lines] == lines
    assert ("regularized_gradient" in shown) == (weight_decay > 0 and code not in ("rprop", "adamw"))
    assert not any(entry.flags.writeable for entry in shown.values())
    np.testing.assert_array_equal(shown["parameters"], parameters)
    rule.update(state, parameters, GRADIENTS[3], parameters)
    np.testing.assert_array_equal(shown["new_parameters"], parameters)
    for name in set(lines) - {"new_parameters"}:
        np.testing.assert_array_equal(shown[name], state[name])


def test_inspect_prints_the_first_step_of_adam():
    rule = optimizer("adam", learning_rate=0.1)
    shown = inspect(rule, rule.start([1.0]), [1.0], [0.5])
    expected = {
        "parameters": 1.0,
        "gradient": 0.5,
        "learning_rate": 0.1,
        "step": 1,
        "first_moment": 0.05,
        "second_moment": 0.00025,
        "corrected_first_moment": 0.5,
        "corrected_second_moment": 0.25,
        "denominator": 0.5,
        "effective_step": 0.1,
        "new_parameters": 0.9,
    }
    assert list(shown) == list(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(shown[name], value, rtol=1e-7)


def test_inspect_refuses_what_is_not_finite():
    rule = optimizer("sgd")
    with pytest.raises(InputError, match="gradient must be finite, not nan"):
        inspect(rule, rule.start([1.0]), [1.0], [np.nan])


# ---------------------------------------------------------------- refusals


REFUSED = [
    ("sgd", {"learning_rate": np.nan}, "learning_rate must be finite, not nan"),
    ("sgd", {"learning_rate": -0.1}, r"learning_rate must lie in \[0, ∞\), not at -0.1"),
    ("sgd", {"learning_rate": [0.1, -0.5]}, r"learning_rate must lie in \[0, ∞\), not at -0.5"),
    ("sgd", {"learning_rate": "fast"}, "learning_rate must be a number, not fast"),
    ("sgd", {"weight_decay": -1}, r"weight_decay must lie in \[0, ∞\), not at -1"),
    ("momentum", {"momentum": 1.1}, r"momentum must lie in \[0, 1\], not at 1.1"),
    ("rmsprop", {"rho": 1}, r"rho must lie in \[0, 1\), not at 1"),
    ("adam", {"beta1": 1.0}, r"beta1 must lie in \[0, 1\), not at 1"),
    ("adam", {"beta2": -0.5}, r"beta2 must lie in \[0, 1\), not at -0.5"),
    ("adam", {"epsilon": 0}, r"epsilon must lie in \(0, ∞\), not at 0"),
    ("adam", {"bias_correction": "no"}, "bias_correction must be one of True, False, not no"),
    ("nadam", {"momentum_decay": np.inf}, "momentum_decay must be finite, not inf"),
    ("rprop", {"eta_plus": 1}, r"eta_plus must lie in \(1, ∞\), not at 1"),
    ("rprop", {"eta_minus": 1}, r"eta_minus must lie in \(0, 1\), not at 1"),
    ("rprop", {"step_minimum": 2, "step_maximum": 1}, r"step_minimum must lie in \(0, 1\], not at 2.0"),
    ("asgd", {"average_from": -1}, r"average_from must lie in \[0, ∞\), not at -1"),
    ("sgd", {"momentum": 0.9}, "hyperparameter must be one of learning_rate, weight_decay, not momentum"),
    ("sparse_adam", {}, "optimizer must be one of sgd, momentum, .*, not sparse_adam"),
]


@pytest.mark.parametrize(("code", "values", "message"), REFUSED)
def test_bad_hyperparameters_are_named(code, values, message):
    with pytest.raises(InputError, match=message):
        optimizer(code, **values)


@pytest.mark.parametrize("rates", [np.ones((4, 1)), np.ones((2, 3, 2))])
def test_hyperparameters_must_broadcast_to_the_parameters(rates):
    with pytest.raises(InputError, match="learning_rate must have the shape") as caught:
        optimizer("sgd", learning_rate=rates).start(np.zeros((3, 2)))
    assert caught.value.code == "wrong_shape"


# ---------------------------------------------------------------- data for the pages


@EVERY
def test_every_rule_explains_itself(code):
    rule = optimizer(code)
    assert rule.code == code
    assert rule.description.endswith(".")
    assert set(rule.memory) <= set(rule.formula())
    assert {*rule.formula(), *hyperparameters(code)} - {"bias_correction"} <= set(SYMBOLS)
    for name, line in rule.formula().items():
        assert line.startswith(SYMBOLS[name] + r" \leftarrow"), name
        assert line.count("{") == line.count("}")


@EVERY
def test_every_hyperparameter_stands_in_the_formula(code):
    values = {"weight_decay": 0.1} if "weight_decay" in hyperparameters(code) else {}
    text = " ".join(optimizer(code, **values).formula().values())
    started_with = {"learning_rate"} if code == "rprop" else set()  # there it is the first step size
    for name in set(hyperparameters(code)) - {"bias_correction"} - started_with:
        assert SYMBOLS[name] in text, name


def test_adam_without_correction_has_no_hats():
    formula = optimizer("adam", bias_correction=False).formula()
    assert list(formula) == ["step", "first_moment", "second_moment", "denominator", "effective_step", "new_parameters"]
    assert "hat" not in " ".join(formula.values())


def test_the_defaults_are_those_of_torch():
    rates = {code: hyperparameters(code)["learning_rate"] for code in OPTIMIZERS}
    assert rates == {
        "sgd": 1e-3, "momentum": 1e-3, "nesterov": 1e-3, "adagrad": 1e-2, "adadelta": 1.0, "rmsprop": 1e-2,
        "adam": 1e-3, "adamw": 1e-3, "adamax": 2e-3, "nadam": 2e-3, "rprop": 1e-2, "asgd": 1e-2,
    }  # fmt: skip
    assert hyperparameters("adam") == {
        "learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.0,
        "bias_correction": True,
    }  # fmt: skip
    assert hyperparameters("adamw")["weight_decay"] == 1e-2
    assert hyperparameters("adagrad")["epsilon"] == 1e-10
    assert (hyperparameters("adadelta")["rho"], hyperparameters("adadelta")["epsilon"]) == (0.9, 1e-6)
    assert (hyperparameters("rmsprop")["rho"], hyperparameters("rmsprop")["epsilon"]) == (0.99, 1e-8)


@EVERY
def test_rules_are_values(code):
    rule = optimizer(code)
    rule.start(PARAMETERS)
    twin = pickle.loads(pickle.dumps(rule))
    assert rule == twin
    assert hash(rule) == hash(twin)
    assert rule != replace(rule, learning_rate=0.123)


def test_changing_the_array_given_changes_no_rule():
    rates = np.array([0.1, 0.2])
    rule = optimizer("sgd", learning_rate=rates)
    rates[0] = 99
    assert rule.learning_rate[0] == 0.1
    assert not rule.learning_rate.flags.writeable


def test_sparse_adam_is_named_and_explained():
    title, reason = NOT_RACED["sparse_adam"]
    assert title == "SparseAdam"
    assert "sparse" in title.lower()
    assert "dense" in reason
