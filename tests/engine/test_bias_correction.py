"""Adam's first steps without bias correction, and the slip that corrects by 1 - beta."""

import math

import numpy as np
import pytest

from engine.bias_correction import GRADIENTS, first_step, slip, uncorrected_steps
from engine.errors import InputError
from engine.optimizers import optimizer
from engine.step_trace import trace
from engine.surfaces import surface

LINE = surface("parabola")


def constant(value, **changes):
    """Lengths of Adam's steps in learning rates while the gradient stays at a value."""
    rule = optimizer("adam", learning_rate=0.1, **changes)
    return trace(LINE, rule, [1.0], 50, gradient=lambda _: np.array([value])).relative_steps[:, 0]


def test_the_first_step_is_a_learning_rate_whatever_the_gradient_is():
    for value in (1e-3, 0.5, -7.0, 1e6):
        np.testing.assert_allclose(constant(value), 1, rtol=2e-5)  # epsilon is 1e-5 of the smallest


def test_without_correction_it_is_more_than_three():
    assert uncorrected_steps(0.9, 0.999, 1)[0] == pytest.approx(math.sqrt(10), rel=1e-12)
    assert f"{constant(0.5, bias_correction=False)[0]:.3f}" == "3.162"


@pytest.mark.parametrize(("beta1", "beta2"), [(0.9, 0.999), (0.5, 0.9), (0.0, 0.99), (0.9, 0.0)])
def test_the_formula_is_what_adam_does(beta1, beta2):
    taken = constant(-3.0, beta1=beta1, beta2=beta2, bias_correction=False)
    np.testing.assert_allclose(uncorrected_steps(beta1, beta2, 50), taken, rtol=1e-6)


def test_the_steps_grow_before_they_shrink():
    steps = uncorrected_steps(0.9, 0.999, 100_000)
    assert steps.argmax() == 11
    assert steps.max() == pytest.approx(6.569, abs=5e-4)
    assert steps[-1] == pytest.approx(1, rel=1e-9)
    assert not steps.flags.writeable


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((1.0, 0.5, 3), "out_of_range"), ((0.5, -0.1, 3), "out_of_range"), ((0.5, 0.5, 0), "out_of_range"),
     ((0.5, 0.5, 100_001), "out_of_range"), (("x", 0.5, 3), "not_a_number"), ((np.nan, 0.5, 3), "not_finite")],
)  # fmt: skip
def test_bad_input(arguments, code):
    with pytest.raises(InputError) as refused:
        uncorrected_steps(*arguments)
    assert refused.value.code == code


def test_the_slip_by_hand():
    """m = 0.9 * 0.05 + 0.1 * 0.25, v = 0.999 * 0.00025 + 0.001 * 0.0625."""
    made = slip()
    assert GRADIENTS == (0.5, 0.25)
    assert (made.first_moment, made.second_moment) == pytest.approx((0.07, 0.00031225), rel=1e-12)
    assert (made.wrong_first, made.wrong_second) == pytest.approx((0.7, 0.31225), rel=1e-12)
    assert made.wrong_step == pytest.approx(0.1 * 0.7 / math.sqrt(0.31225), rel=1e-7)
    assert (made.right_first, made.right_second) == pytest.approx((0.07 / 0.19, 0.00031225 / 0.001999), rel=1e-12)
    assert made.right_step == pytest.approx(0.9 - 0.80678204, abs=1e-8)
    assert made.wrong_first > max(GRADIENTS)
    assert min(GRADIENTS) < made.right_first < max(GRADIENTS)


@pytest.mark.parametrize("gradient", [3.0, -1e-3, 1e-8])
@pytest.mark.parametrize("changes", [{}, {"epsilon": 1.0}, {"beta2": 0.9}, {"beta2": 0.99, "epsilon": 1e-4}])
def test_the_first_step_is_what_adam_takes(gradient, changes):
    found = first_step(optimizer("adam", **changes), gradient)
    for length, corrected in ((found.corrected, True), (found.uncorrected, False)):
        assert length == pytest.approx(constant(gradient, bias_correction=corrected, **changes)[0], rel=1e-9)
    plain = uncorrected_steps(0.9, changes.get("beta2", 0.999), 1)[0]
    assert found.epsilon_decides == (not (found.corrected > 0.99 and found.uncorrected > 0.99 * plain))


def test_what_a_missing_correction_makes_of_the_first_step():
    for beta2, without in ((0.999, "too long"), (0.99, "right"), (0.9, "too short")):
        assert first_step(optimizer("adam", beta2=beta2), 1.0).without == without
    assert first_step(optimizer("adam", beta1=0.0, beta2=0.0), 1.0).without == "right"
    standing = first_step(optimizer("adam"), 0.0)
    assert (standing.corrected, standing.uncorrected, standing.epsilon_decides) == (0, 0, True)
