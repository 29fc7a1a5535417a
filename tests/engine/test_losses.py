"""Losses: gradients against central differences, reductions, worked figures, and the two epsilons of the notes."""

import math

import numpy as np
import pytest

from engine.activations import Sigmoid
from engine.errors import InputError
from engine.losses import (
    LOSSES,
    CrossEntropy,
    CrossEntropyWithLogits,
    HalfSquaredError,
    Huber,
    LogCosh,
    SoftmaxCrossEntropy,
    SquaredError,
    loss,
)
from engine.softmax import softmax

RNG = np.random.default_rng(0)
SHAPE = 2, 4, 3  # runs, samples, outputs
PROBABILITIES = RNG.uniform(0.05, 0.95, SHAPE)
REALS = RNG.normal(0, 2, SHAPE)
TARGETS = {
    "cross_entropy": RNG.integers(0, 2, SHAPE).astype(float),
    "cross_entropy_with_logits": RNG.uniform(0, 1, SHAPE),
    "softmax_cross_entropy": RNG.dirichlet(np.ones(3), SHAPE[:2]),
}
CASES = [(name, {}) for name in LOSSES] + [("cross_entropy", {"log_epsilon": 1e-3}), ("huber", {"delta": 0.3})]
EACH = pytest.mark.parametrize(("name", "parameters"), CASES)
BOTH = pytest.mark.parametrize("reduction", ["mean", "sum"])


def batch(name):
    return PROBABILITIES if name == "cross_entropy" else REALS, TARGETS.get(name, REALS[::-1] + 0.7)


@EACH
@BOTH
def test_gradient_is_the_central_difference(name, parameters, reduction):
    ours = loss(name, reduction, **parameters)
    prediction, target = batch(name)
    numeric, h = np.empty_like(prediction), 1e-6
    for index in np.ndindex(*prediction.shape):
        shift = np.zeros_like(prediction)
        shift[index] = h
        change = ours.value(prediction + shift, target) - ours.value(prediction - shift, target)
        numeric[index] = change[index[0]] / (2 * h)
    np.testing.assert_allclose(ours.gradient(prediction, target), numeric, rtol=1e-6, atol=1e-9)


@EACH
@BOTH
def test_a_stack_is_the_loop_and_input_is_kept(name, parameters, reduction):
    ours = loss(name, reduction, **parameters)
    prediction, target = batch(name)
    kept = prediction.copy(), target.copy()
    pairs = list(zip(prediction, target, strict=True))
    np.testing.assert_allclose(ours.value(prediction, target), [ours.value(a, y) for a, y in pairs], rtol=1e-14)
    np.testing.assert_array_equal(ours.gradient(prediction, target), [ours.gradient(a, y) for a, y in pairs])
    shared = ours.value(prediction, target[0])  # one table of targets for all runs
    np.testing.assert_allclose(shared, [ours.value(a, target[0]) for a in prediction], rtol=1e-14)
    np.testing.assert_array_equal(prediction, kept[0])
    np.testing.assert_array_equal(target, kept[1])


@pytest.mark.parametrize("name", LOSSES)
def test_the_mean_is_the_sum_by_the_number_it_names(name):
    prediction, target = batch(name)
    divisor = 4 if name == "softmax_cross_entropy" else 4 * 3  # samples, or all entries
    for method in ("value", "gradient"):
        mean, total = (getattr(loss(name, reduction), method)(prediction, target) for reduction in ("mean", "sum"))
        np.testing.assert_allclose(mean * divisor, total, rtol=1e-14)


def test_two_outputs_of_note_002():
    ours, outputs, targets = HalfSquaredError("sum"), [[0.609, 0.633]], [[0.3, 0.9]]
    assert ours.value(outputs, targets) == pytest.approx(0.083385, abs=1e-12)
    assert ours.gradient(outputs, targets)[0, 0] == pytest.approx(0.309, abs=1e-12)


def test_no_knowledge_costs_ln_2_or_a_quarter():
    half, target = np.full((4, 1), 0.5), np.array([[0.0], [1], [1], [0]])
    assert CrossEntropy().value(half, target) == pytest.approx(math.log(2))
    assert SquaredError().value(half, target) == 0.25


@pytest.mark.parametrize("target", [0.0, 1.0])
@pytest.mark.parametrize("z", [-20.0, -3.0, 0.0, 3.0, 20.0])
def test_cross_entropy_after_a_sigmoid_is_a_minus_y(z, target):
    a = Sigmoid().f([[z]])
    through = CrossEntropy("sum").gradient(a, [[target]]) * Sigmoid().derivative([[z]])
    np.testing.assert_allclose(through, a - target, rtol=1e-7)  # 1 - a has 8 digits left at z = 20
    np.testing.assert_allclose(CrossEntropyWithLogits("sum").gradient([[z]], [[target]]), a - target, rtol=1e-12)


@pytest.mark.parametrize(("z", "share"), [(16.0, 0.53), (20.0, 0.02)])
def test_note_004_s_1e_7_takes_the_gradient_from_a_confidently_wrong_output(z, share):
    """The share is a (1 - a) / (a (1 - a) + 1e-7): half is lost at z = 16, all but 2% at z = 20."""
    a = Sigmoid().f([[z]])
    slope = Sigmoid().derivative([[z]])
    exact, divided = (
        CrossEntropy("sum", division_epsilon=epsilon).gradient(a, [[0.0]]) * slope for epsilon in (0.0, 1e-7)
    )
    assert exact.item() == pytest.approx(1.0, abs=1e-6)
    assert divided.item() == pytest.approx(share, abs=0.005)
    assert divided.item() == pytest.approx((slope / (slope + 1e-7)).item(), rel=1e-6)


def test_the_two_epsilons_differ():
    a, y = [[1e-6]], [[1.0]]
    inside = CrossEntropy("sum", log_epsilon=1e-7)
    beside = CrossEntropy("sum", division_epsilon=1e-7)
    assert inside.value(a, y) == pytest.approx(-math.log(1.1e-6))
    assert beside.value(a, y) == pytest.approx(-math.log(1e-6))
    assert inside.gradient(a, y).item() == pytest.approx(-1 / 1.1e-6)
    assert beside.gradient(a, y).item() == pytest.approx((1e-6 - 1) / (1e-6 * (1 - 1e-6) + 1e-7))


def test_confidently_wrong_costs_infinity_and_right_nothing():
    ours = CrossEntropy("sum")
    assert ours.value([[0.0]], [[1.0]]) == np.inf
    assert ours.value([[1.0, 0.0]], [[1.0, 0.0]]) == 0
    np.testing.assert_array_equal(ours.gradient([[1.0, 0.0]], [[1.0, 0.0]]), [[-1.0, 1.0]])
    assert CrossEntropyWithLogits("sum").value([[-1000.0]], [[1.0]]) == 1000


def test_softmax_cross_entropy_of_one_hot_targets_is_the_logarithm_of_one_probability():
    z, classes = REALS[0], [2, 0, 1, 1]
    expected = -np.log(softmax(z)[np.arange(4), classes]).mean()
    assert SoftmaxCrossEntropy().value(z, np.eye(3)[classes]) == pytest.approx(expected, rel=1e-14)
    assert SoftmaxCrossEntropy("sum").value([[1000.0, -1000.0]], [[0.0, 1.0]]) == 2000


def test_regression_losses_at_their_seams():
    for delta in (0.5, 1.0, 3.0):
        ours = Huber("sum", delta)
        for e in (delta, -delta):
            assert ours.value([[e]], [[0.0]]) == pytest.approx(delta**2 / 2)
        assert ours.value([[2 * delta]], [[0.0]]) == pytest.approx(1.5 * delta**2)
        np.testing.assert_array_equal(ours.gradient([[9.0, -9.0, 0.0]], [[0.0, 0.0, 0.0]]), [[delta, -delta, 0.0]])
    assert loss("absolute_error", "sum").gradient([[2.0, 1.0, 0.0]], [[1.0, 1.0, 1.0]]).tolist() == [[1.0, 0.0, -1.0]]
    assert LogCosh("sum").value([[1000.0]], [[0.0]]) == pytest.approx(1000 - math.log(2))
    assert LogCosh("sum").value([[1e-3]], [[0.0]]) == pytest.approx(math.log(math.cosh(1e-3)), rel=1e-9)


@pytest.mark.parametrize(
    ("call", "code", "value"),
    [
        (lambda: loss("mse"), "unknown_name", "mse"),
        (lambda: SquaredError("median"), "unknown_name", "median"),
        (lambda: loss("huber", epsilon=1), "unknown_name", "epsilon"),
        (lambda: loss("huber", delta=0), "out_of_range", 0),
        (lambda: loss("cross_entropy", log_epsilon=0.2), "out_of_range", 0.2),
        (lambda: loss("cross_entropy", division_epsilon=-1e-7), "out_of_range", -1e-7),
        (lambda: SquaredError().value([1.0], [1.0]), "wrong_shape", (1,)),
        (lambda: SquaredError().gradient([[1.0, 2.0]], [[1.0]]), "wrong_shape", (1, 1)),
        (lambda: SoftmaxCrossEntropy().value([[1.0]], [[1.0]]), "out_of_range", 1),
        (lambda: SoftmaxCrossEntropy().value([[1.0, 2.0]], [[-0.5, 1.5]]), "out_of_range", -0.5),
        (lambda: SoftmaxCrossEntropy().value([[1.0, 2.0]], [[1.0, 1.0]]), "out_of_range", 2.0),
    ],
)
def test_bad_input_is_refused_by_name(call, code, value):
    with pytest.raises(InputError) as caught:
        call()
    assert (caught.value.code, caught.value.value) == (code, value)
