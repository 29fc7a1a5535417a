"""Is the formula of a derivative right? Central differences of f answer without it.

f'(z)  =  (f(z + h) - f(z - h)) / (2 h)  +  O(h^2)
"""

from typing import NamedTuple

import numpy as np

from engine import errors
from engine.activation_base import Activation

STEP = 1e-5  # h; near the best one for double precision, the cube root of 2e-16
MARGIN = 1e-3  # nearer to a kink than this nothing is compared; within h a difference would mix both sides of it
TOLERANCE = 2e-5  # h itself is reached where the second derivative jumps, as softsign's does at 0
N_POINTS = 1001
MAX_Z, MAX_POINTS = 1000.0, 100_000


class Gap(NamedTuple):
    """The largest |f'(z) - numerical derivative| over the points that are compared, and the z that has it."""

    gap: float
    at: float


def largest_gap(activation: Activation, low: float, high: float, n: int = N_POINTS, *, wrong_by: float = 0.0) -> Gap:
    """The largest gap between f' and central differences of f at n equally spaced points.

        max over z of |f'(z) - (f(z + h) - f(z - h)) / (2 h)|,   h = 1e-5

    Left out are points within 0.001 of a kink (or of the jump of the step function): there f has no derivative,
    only a convention, and no difference can confirm that.

    Args:      low, high: ends of the range of z, -1000 to 1000. n: 2 to 100,000.
               wrong_by: relative error put on f', -1 to 1, to see that the check sees it.
    Returns:   gap and place. A right derivative stays below TOLERANCE: rounding and h leave 1e-9 or less, and up to
               h where the second derivative jumps.
    Raises:    InputError: a number is out of range, or the range holds nothing but the neighbourhood of a kink.
    Convention: divided by the distance that rounding has left of 2 h.
    """
    low = errors.number("low", low, -MAX_Z, MAX_Z)
    high = errors.number("high", high, low, MAX_Z, open_low=True)
    wrong_by = errors.number("wrong_by", wrong_by, -1.0, 1.0)
    z = np.linspace(low, high, errors.whole("n", n, 2, MAX_POINTS))
    for kink in activation.kinks:
        z = z[np.abs(z - kink) > MARGIN]
    if not z.size:
        raise errors.InputError("out_of_range", "high", high, errors.interval(low + 2 * MARGIN, MAX_Z, open_low=True))
    after, before = z + STEP, z - STEP
    numerical = (activation.f(after) - activation.f(before)) / (after - before)
    gaps = np.abs(activation.derivative(z) * (1.0 + wrong_by) - numerical)
    worst = int(gaps.argmax())
    return Gap(float(gaps[worst]), float(z[worst]))
