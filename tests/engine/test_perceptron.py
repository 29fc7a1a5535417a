"""The step unit and Rosenblatt's rule: hand-worked gates, exact cycles, bad input."""

import numpy as np
import pytest

from engine.errors import InputError
from engine.gates import GATES, POINTS, gate
from engine.perceptron import decision_line, evaluate, line_equation, step, weighted_sum
from engine.rosenblatt import learn

AND, XOR = gate("and").target, gate("xor").target


def plain_rule(X, target, weights, bias, learning_rate, n_passes):
    """The rule as a book prints it, in floats: weights (w1, …, b) after every visit."""
    w, seen = np.append(weights, bias).astype(float), []
    for _ in range(n_passes):
        for x, t in zip(X, target, strict=True):
            w = w + learning_rate * (t - float(w @ [*x, 1.0] > 0)) * np.append(x, 1.0)
            seen.append(w)
    return np.array(seen)


# ---------------------------------------------------------------- the unit


def test_step_fires_above_zero_only():
    np.testing.assert_array_equal(step([-1e-300, -0.0, 0.0, 1e-300, 2.0]), [0, 0, 0, 1, 1])


def test_unit_by_hand():
    # w = (3, 4), b = -5, ||w|| = 5: the sums at 00, 01, 10, 11 are -5, -1, -2, 2; AND wants the signs -, -, -, +
    result = evaluate((3, 4), -5, POINTS, AND)
    np.testing.assert_array_equal(result.z, [-5, -1, -2, 2])
    np.testing.assert_array_equal(result.output, [0, 0, 0, 1])
    np.testing.assert_array_equal(result.correct, [True] * 4)
    np.testing.assert_allclose(result.margin, [1, 0.2, 0.4, 0.4], rtol=1e-15)


def test_unit_wrong_side_has_negative_margin():
    # OR wants 1 at 01 and 10, where the unit above says 0
    result = evaluate((3, 4), -5, POINTS, gate("or").target)
    np.testing.assert_array_equal(result.correct, [True, False, False, True])
    np.testing.assert_allclose(result.margin, [1, -0.2, -0.4, 0.4], rtol=1e-15)


def test_point_on_the_line_has_output_zero():
    result = evaluate((1, 1), -1, POINTS, AND)
    np.testing.assert_array_equal(result.z, [-1, 0, 0, 1])
    assert result.correct.all()
    assert list(result.margin[1:3]) == [0, 0]
    assert not np.signbit(result.margin).any()


def test_how_many_are_right_and_the_smallest_margin():
    # (3, 4), -5 is right for AND everywhere, nearest at 01; for OR it is wrong at 01 and at 10, worst at 10
    right = evaluate((3, 4), -5, POINTS, AND)
    assert (right.n_correct, right.smallest_margin) == (4, 0.2)
    wrong = evaluate((3, 4), -5, POINTS, gate("or").target)
    assert (wrong.n_correct, wrong.smallest_margin) == (2, -0.4)
    stack = evaluate([(3, 4), (0, 0)], [-5, 1], POINTS, AND)
    np.testing.assert_array_equal(stack.n_correct, [4, 1])
    np.testing.assert_array_equal(stack.smallest_margin, [0.2, np.nan])


def test_no_line_no_margin():
    result = evaluate((0, 0), 1, POINTS, AND)
    assert np.isnan(result.margin).all()
    np.testing.assert_array_equal(result.output, np.ones(4))


def test_margin_of_tiny_weights_survives():
    np.testing.assert_allclose(evaluate((3e-200, 4e-200), -5e-200, POINTS, AND).margin, [1, 0.2, 0.4, 0.4], rtol=1e-14)


def test_sum_that_rounding_cannot_tell_from_zero_is_zero():
    assert 0.1 + 0.2 - 0.3 > 0  # what the unit must not see
    assert weighted_sum((0.1, 0.2), -0.3, [(1, 1)]) == 0
    assert weighted_sum((0.1, 0.2), -0.3 + 1e-14, [(1, 1)]) > 0


def test_stack_of_units_equals_loop():
    rng = np.random.default_rng(0)
    weights, bias = rng.normal(size=(2, 3, 2)), rng.normal(size=(2, 3))
    stacked = evaluate(weights, bias, POINTS, XOR)
    for i in np.ndindex(2, 3):
        single = evaluate(weights[i], bias[i], POINTS, XOR)
        for name in ("z", "output", "correct", "margin"):
            np.testing.assert_allclose(getattr(stacked, name)[i], getattr(single, name), rtol=1e-14)


def test_decision_line_by_hand():
    # x1 + x2 = 1 in the unit square runs from (0, 1) to (1, 0); the output is 1 towards (1, 1)
    line = decision_line((1, 1), -1, 0, 1)
    np.testing.assert_array_equal(line.ends, [(0, 1), (1, 0)])
    np.testing.assert_allclose(line.normal, [np.sqrt(0.5)] * 2)
    assert line.side == "both"
    np.testing.assert_array_equal(np.unique(line.region, axis=0), [(0, 1), (1, 0), (1, 1)])


@pytest.mark.parametrize(("bias", "side"), [(5, "one"), (-5, "zero")])
def test_line_outside_the_square(bias, side):
    line = decision_line((1, 1), bias, 0, 1)
    assert line.ends is None
    assert line.side == side
    assert len(line.region) == (4 if side == "one" else 0)
    assert line.normal is not None


def test_no_line_without_weights():
    line = decision_line((0, 0), 1)
    assert line.ends is None
    assert line.normal is None
    assert line.side == "one"
    assert decision_line((0, 0), 0).side == "zero"


@pytest.mark.parametrize(
    ("weights", "bias", "equation"),
    [
        ((1, 0.5), -0.7, ("slanted", -2, 1.4)),
        ((2, -2), 3, ("slanted", 1, 1.5)),
        ((0, 4), -1, ("slanted", 0, 0.25)),
        ((1, 1), 0, ("slanted", -1, 0)),
        ((4, 0), -1, ("upright", 0, 0.25)),
        ((-3, 0), 0, ("upright", 0, 0)),
        ((0, 0), 5, ("none", 0, 0)),
        ((0, 5e-324), 1, ("slanted", 0, -np.inf)),
    ],
)
def test_equation_of_the_line_by_hand(weights, bias, equation):
    found = line_equation(weights, bias)
    assert (found.kind, found.slope, found.intercept) == equation
    assert not np.signbit([value for value in (found.slope, found.intercept) if value == 0]).any()


def test_points_of_the_equation_lie_on_the_line():
    rng = np.random.default_rng(0)
    for weights, bias in zip(rng.normal(size=(50, 2)), rng.normal(size=50), strict=True):
        found = line_equation(weights, bias)
        x = np.array([[t, found.slope * t + found.intercept] for t in (-2.0, 0.5, 3.0)])
        np.testing.assert_allclose(x @ weights + bias, 0, atol=1e-12)


def test_decision_line_of_random_units():
    rng = np.random.default_rng(1)
    for w in rng.normal(size=(200, 3)):
        line = decision_line(w[:2], w[2], -1, 2)
        if line.ends is None:
            continue
        np.testing.assert_allclose(line.ends @ w[:2] + w[2], 0, atol=1e-12)  # on the line
        assert np.isclose(np.abs(line.ends - 0.5), 1.5).any(axis=1).all()  # on the edge
        along = line.ends[1] - line.ends[0]
        assert along[0] * line.normal[1] - along[1] * line.normal[0] > 0  # output 1 on the left
        assert (line.region @ w[:2] + w[2] > -1e-12).all()
        x, y = line.region.T  # the shoelace formula: a counter-clockwise polygon has a positive area
        area = 0.5 * (x @ np.roll(y, -1) - y @ np.roll(x, -1))
        grid = np.stack(np.meshgrid(*[np.linspace(-1, 2, 301)] * 2), axis=-1)
        assert area == pytest.approx(9 * (grid @ w[:2] + w[2] > 0).mean(), abs=0.1)


# ---------------------------------------------------------------- the rule


def test_and_by_hand():
    # From zero, learning rate 1, order 00, 01, 10, 11: every visit worked on paper.
    history = learn(POINTS, AND)
    after = [
        *[(0, 0, 0), (0, 0, 0), (0, 0, 0), (1, 1, 1)],
        *[(1, 1, 0), (1, 0, -1), (1, 0, -1), (2, 1, 0)],
        *[(2, 1, 0), (2, 0, -1), (1, 0, -2), (2, 1, -1)],
        *[(2, 1, -1), (2, 1, -1), (1, 1, -2), (2, 2, -1)],
        *[(2, 2, -1), (2, 1, -2), (2, 1, -2), (2, 1, -2)],
        *[(2, 1, -2)] * 4,
    ]
    np.testing.assert_array_equal(np.column_stack([history.weights, history.bias]), after)
    np.testing.assert_array_equal(history.z[:8], [0, 0, 0, 0, 1, 1, 0, 0])
    np.testing.assert_array_equal(history.output[4:8], [1, 1, 0, 0])
    np.testing.assert_array_equal(history.error[:8], [0, 0, 0, 1, -1, -1, 0, 1])
    np.testing.assert_array_equal(history.change[3:6], [(1, 1, 1), (0, 0, -1), (0, -1, -1)])
    np.testing.assert_array_equal(history.mistakes_per_pass, [1, 3, 3, 2, 1, 0])
    np.testing.assert_array_equal(history.sample, [0, 1, 2, 3] * 6)
    np.testing.assert_array_equal(history.pass_index, np.repeat(range(6), 4))
    assert history.mistakes[-1] == 10
    assert history.converged
    assert history.cycle_start is history.cycle_length is None


def test_xor_cycle_by_hand():
    # Two passes lead to (w1, w2, b) = (-1, 0, 1). The third makes a mistake at every point and comes back to it:
    #   00: z = 1, error -1 -> (-1, 0, 0);  01: z = 0, error 1 -> (-1, 1, 1)
    #   10: z = 0, error 1 -> (0, 1, 2);    11: z = 3, error -1 -> (-1, 0, 1)
    history = learn(POINTS, XOR)
    assert (history.stopped, history.cycle_start, history.cycle_length) == ("cycle", 2, 1)
    after = np.column_stack([history.weights, history.bias])
    np.testing.assert_array_equal(after[7:], [(-1, 0, 1), (-1, 0, 0), (-1, 1, 1), (0, 1, 2), (-1, 0, 1)])
    np.testing.assert_array_equal(history.z[8:], [1, 0, 0, 3])
    np.testing.assert_array_equal(history.error[8:], [-1, 1, 1, -1])


@pytest.mark.parametrize("code", GATES)
def test_every_gate_converges_or_cycles(code):
    history = learn(POINTS, gate(code).target)
    assert history.stopped == ("cycle" if code in ("xor", "xnor") else "converged")
    if history.converged:
        assert evaluate(history.weights[-1], history.bias[-1], POINTS, gate(code).target).correct.all()


@pytest.mark.parametrize("code", GATES)
@pytest.mark.parametrize("learning_rate", [0.1, 0.3, 1e-5, 7.0])
def test_from_zero_the_learning_rate_only_scales(code, learning_rate):
    one, other = learn(POINTS, gate(code).target), learn(POINTS, gate(code).target, learning_rate=learning_rate)
    np.testing.assert_array_equal(one.error, other.error)
    np.testing.assert_allclose(other.weights, learning_rate * one.weights, rtol=1e-15)
    assert (one.stopped, one.cycle_start, one.cycle_length) == (other.stopped, other.cycle_start, other.cycle_length)


def test_sums_are_exact():
    # 0.1 + 0.2 - 0.3 is no mistake of AND's complement at (1, 1): the sum is 0, the output 0.
    history = learn([(1, 1)], [0], weights=(0.1, 0.2), bias=-0.3)
    assert (history.z[0], history.output[0], history.stopped) == (0, 0, "converged")


def test_converged_weights_also_pass_the_unit():
    rng = np.random.default_rng(2)
    for _ in range(100):
        start, rate = np.round(rng.uniform(-2, 2, size=3), 1), float(rng.choice([0.1, 0.3, 0.7]))
        history = learn(POINTS, AND, weights=start[:2], bias=start[2], learning_rate=rate)
        assert history.converged
        assert evaluate(history.weights[-1], history.bias[-1], POINTS, AND).correct.all()


def test_against_the_plain_rule():
    # Random points: no sum is near 0, so floats decide as exact arithmetic does.
    rng = np.random.default_rng(3)
    X = rng.normal(size=(20, 3))
    target = (X @ (1.0, -2.0, 0.5) > 0.3).astype(float)
    start = rng.normal(size=4)
    history = learn(X, target, weights=start[:3], bias=start[3], learning_rate=0.1)
    assert history.converged
    expected = plain_rule(X, target, start[:3], start[3], 0.1, len(history.mistakes_per_pass))
    np.testing.assert_allclose(np.column_stack([history.weights, history.bias]), expected, atol=1e-13)


def test_what_was_learnt_can_be_evaluated():
    X = np.array([(1e6, -1e6), (-1e6, 9e5)])
    history = learn(X, [0, 1], learning_rate=1e6)
    assert history.converged
    assert evaluate(history.weights[-1], history.bias[-1], X, [0, 1]).correct.all()


def test_log_is_consistent():
    history = learn(POINTS, XOR, weights=(0.3, -0.7), bias=0.15, learning_rate=0.1)
    after = np.column_stack([history.weights, history.bias])
    before = np.vstack([np.append(history.start_weights, history.start_bias), after[:-1]])
    np.testing.assert_allclose(after - before, history.change, atol=1e-15)
    x = np.column_stack([POINTS, np.ones(4)])[history.sample]
    np.testing.assert_allclose(history.z, (before * x).sum(axis=1), atol=1e-15)
    np.testing.assert_array_equal(history.error, XOR[history.sample] - history.output)
    np.testing.assert_array_equal(history.change, 0.1 * history.error[:, None] * x)
    np.testing.assert_array_equal(history.mistakes, np.cumsum(history.error != 0))


@pytest.mark.parametrize("learning_rate", [0.1, 0.3, 1.0])
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 0, 2, 1), (1, 2, 0, 3)])
def test_cycle_is_the_first_repetition(learning_rate, order):
    history = learn(POINTS, XOR, weights=(0.3, -0.7), bias=0.15, learning_rate=learning_rate, order=order)
    start = np.append(history.start_weights, history.start_bias)
    ends = np.column_stack([history.weights, history.bias])[3::4]
    starts = np.round(np.vstack([start, ends]), 10)  # weights at the start of each pass, and after the last
    np.testing.assert_array_equal(starts[history.cycle_start], starts[-1])
    assert len(starts) - 1 == history.cycle_start + history.cycle_length
    assert len(np.unique(starts[:-1], axis=0)) == len(starts) - 1  # no earlier repetition


def test_order_is_followed():
    history = learn(POINTS, AND, order=(3, 1, 0, 2))
    np.testing.assert_array_equal(history.sample[:8], [3, 1, 0, 2] * 2)
    relabelled = learn(POINTS[[3, 1, 0, 2]], AND[[3, 1, 0, 2]])
    np.testing.assert_array_equal(history.weights, relabelled.weights)


def test_seeded_order():
    first, again, other = (learn(POINTS, AND, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.sample, again.sample)
    np.testing.assert_array_equal(first.weights, again.weights)
    assert not np.array_equal(first.sample[:20], other.sample[:20])
    assert first.converged
    passes = first.sample.reshape(-1, 4)
    np.testing.assert_array_equal(np.sort(passes, axis=1), np.tile(range(4), (len(passes), 1)))
    assert len(np.unique(passes, axis=0)) > 1
    assert learn(POINTS, XOR, seed=1, max_updates=50).stopped == "cap"


def test_cap_counts_mistakes():
    history = learn(POINTS, AND, max_updates=6)
    assert history.stopped == "cap"
    assert history.mistakes[-1] == 6
    assert history.error[-1] != 0
    assert learn(POINTS, AND, max_updates=10).stopped == "cap"  # the tenth is the last, but no clean pass has shown it
    assert learn(POINTS, AND, max_updates=11).stopped == "converged"


def test_nothing_is_mutated_and_results_are_read_only():
    X, target, start = POINTS.copy(), AND.copy(), np.array([0.5, -0.5])
    history = learn(X, target, weights=start)
    result = evaluate(start, 0.0, X, target)
    np.testing.assert_array_equal(X, POINTS)
    np.testing.assert_array_equal(target, AND)
    np.testing.assert_array_equal(start, [0.5, -0.5])
    for array in (
        history.weights,
        history.start_weights,
        history.z,
        result.z,
        result.target,
        decision_line(start, 0).region,
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    assert target.flags.writeable


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("change", "code", "argument"),
    [
        ({"X": "points"}, "not_a_number", "X"),
        ({"X": [(0, np.nan)] * 4}, "not_finite", "X"),
        ({"X": [(0, 2e6)] * 4}, "out_of_range", "X"),
        ({"X": [0, 1, 2, 3]}, "wrong_shape", "X"),
        ({"X": np.zeros((0, 2)), "target": []}, "wrong_shape", "X"),
        ({"X": np.zeros((101, 2)), "target": np.zeros(101)}, "out_of_range", "number of samples"),
        ({"X": np.zeros((4, 11))}, "out_of_range", "number of features"),
        ({"target": [0, 1, 1]}, "wrong_shape", "target"),
        ({"target": [0, 1, 1, 2]}, "out_of_range", "target"),
        ({"target": [-1, 1, 1, -1]}, "out_of_range", "target"),
        ({"weights": (1, 2, 3)}, "wrong_shape", "weights"),
        ({"weights": (1, np.inf)}, "not_finite", "weights"),
        ({"bias": 2e6}, "out_of_range", "bias"),
        ({"learning_rate": 0}, "out_of_range", "learning_rate"),
        ({"learning_rate": -1}, "out_of_range", "learning_rate"),
        ({"learning_rate": "fast"}, "not_a_number", "learning_rate"),
        ({"order": (0, 1, 2)}, "out_of_range", "order"),
        ({"order": (0, 1, 2, 2)}, "out_of_range", "order"),
        ({"order": (0, 1, 2, 3), "seed": 1}, "out_of_range", "order"),
        ({"seed": -1}, "out_of_range", "seed"),
        ({"seed": 0.5}, "not_a_number", "seed"),
        ({"max_updates": 0}, "out_of_range", "max_updates"),
        ({"max_updates": 10**6}, "out_of_range", "max_updates"),
    ],
)
def test_learn_refuses(change, code, argument):
    with pytest.raises(InputError) as error:
        learn(**{"X": POINTS, "target": AND, **change})
    assert (error.value.code, error.value.argument) == (code, argument)
    assert argument in str(error.value)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: step([np.nan]), "z"),
        (lambda: evaluate((1, 2, 3), 0, POINTS, AND), "weights"),
        (lambda: evaluate((1, 2), (0, 1), POINTS, AND), "bias"),
        (lambda: evaluate((1, 2), 0, POINTS, AND[:3]), "target"),
        (lambda: decision_line((1, 2, 3), 0), "weights"),
        (lambda: decision_line((1, 2), 0, 1, 1), "high"),
        (lambda: decision_line((1, 2), np.nan), "bias"),
        (lambda: line_equation((1, 2, 3), 0), "weights"),
        (lambda: line_equation((1, "x"), 0), "weights"),
        (lambda: line_equation((1, 2), np.inf), "bias"),
    ],
)
def test_unit_refuses(call, argument):
    with pytest.raises(InputError) as error:
        call()
    assert error.value.argument == argument
