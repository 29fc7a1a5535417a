"""The check of derivatives: it passes every right one, sees one that is wrong by 0.1%, and leaves out kinks."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

from engine.activation_checks import MARGIN, STEP, TOLERANCE, largest_gap
from engine.activations import ACTIVATIONS, ELU, LeakyReLU, ReLU, Sigmoid, Softsign, Step, Swish, Tanh
from engine.errors import InputError

ALL = [kind() for kind in ACTIVATIONS.values()]
ALL += [LeakyReLU(0.0), LeakyReLU(1.0), ELU(0.0), ELU(10.0), Swish(0.0), Swish(20.0), Swish(100.0)]
EACH = pytest.mark.parametrize("ours", ALL, ids=str)
BENT = ("softsign", "elu")  # the second derivative jumps at 0


@dataclass(frozen=True)
class Wrong(Tanh):
    """A tanh whose derivative is 0.1% too large, as a slip in a formula would make it."""

    def slope(self, z, a, out):
        return np.multiply(1.001, super().slope(z, a, out), out=out)


@EACH
@pytest.mark.parametrize("limit", [3.0, 5.0, 10.0])
def test_every_derivative_belongs_to_its_function(ours, limit):
    gap, at = largest_gap(ours, -limit, limit)
    assert 0 <= gap < TOLERANCE
    assert -limit <= at <= limit
    if ours.name not in BENT:
        assert gap < 1e-7


@EACH
def test_one_that_is_wrong_by_a_thousandth_is_seen(ours):
    gap, _at = largest_gap(ours, -5, 5, wrong_by=0.001)
    if isinstance(ours, Step):  # 0 stays 0
        assert gap == 0
        return
    steepest = np.abs(ours.derivative(np.linspace(-5, 5, 1001))).max()
    assert gap == pytest.approx(0.001 * steepest, rel=0.02)
    assert gap > 5 * TOLERANCE


def test_a_slip_in_the_formula_is_seen():
    assert largest_gap(Tanh(), -5, 5).gap < 1e-9
    gap, at = largest_gap(Wrong(), -5, 5)
    assert gap == pytest.approx(0.001, rel=1e-3)
    assert abs(at) <= 0.01


def test_the_gap_by_hand():
    z = np.linspace(-2, 2, 9)
    after, before = z + STEP, z - STEP
    s = [1 / (1 + np.exp(-v)) for v in (z, after, before)]
    gaps = np.abs(s[0] * (1 - s[0]) - (s[1] - s[2]) / (after - before))
    gap, at = largest_gap(Sigmoid(), -2, 2, 9)
    assert gap == pytest.approx(gaps.max(), abs=1e-15)
    assert at in z


def test_a_kink_is_left_out_and_a_bend_is_not():
    z = np.linspace(-5, 5, 1001)
    naive = (ReLU().f(z + STEP) - ReLU().f(z - STEP)) / (2 * STEP)
    assert np.abs(ReLU().derivative(z) - naive).max() == pytest.approx(0.5)  # what would be found at 0
    assert largest_gap(ReLU(), -5, 5).gap < 1e-9
    gap, at = largest_gap(Softsign(), -5, 5)
    assert (gap, at) == (pytest.approx(STEP, rel=1e-4), pytest.approx(0, abs=1e-12))
    assert largest_gap(ELU(), -5, 5).gap == pytest.approx(STEP / 4, rel=1e-4)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: largest_gap(Tanh(), 1.0, 1.0), "out_of_range"),
        (lambda: largest_gap(Tanh(), -1001.0, 1.0), "out_of_range"),
        (lambda: largest_gap(Tanh(), -1.0, math.inf), "not_finite"),
        (lambda: largest_gap(Tanh(), -1.0, 1.0, 1), "out_of_range"),
        (lambda: largest_gap(Tanh(), -1.0, 1.0, 1e9), "out_of_range"),
        (lambda: largest_gap(Tanh(), -1.0, 1.0, wrong_by=2.0), "out_of_range"),
        (lambda: largest_gap(ReLU(), -MARGIN / 2, MARGIN / 2), "out_of_range"),
    ],
)
def test_bad_input_is_refused(call, code):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.code == code
