"""How far to go along a direction: a line search for the strong Wolfe conditions."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Trial:
    """The function at one point of the search line.

    Attributes:
        length: distance from the start of the line, in units of the direction.
        value: of the function.
        slope: of the function along the line, gradient . direction.
        point, gradient: shape (n,).
    """

    length: float
    value: float
    slope: float
    point: np.ndarray
    gradient: np.ndarray


@dataclass(frozen=True)
class StrongWolfe:
    """Low enough, and flat enough: the two conditions a step has to meet.

        value(a) <= value(0) + c1 * a * slope(0)      (sufficient decrease)
        |slope(a)| <= c2 * |slope(0)|                 (curvature)

    Args:
        start: trial of length 0.
        c1, c2: 0 < c1 < c2 < 1.
    """

    start: Trial
    c1: float
    c2: float

    def low_enough(self, trial: Trial) -> bool:
        # an overflow makes the value inf or nan; both must count as too high, and nan <= x is False
        return trial.value <= self.start.value + self.c1 * trial.length * self.start.slope

    def flat_enough(self, trial: Trial) -> bool:
        return abs(trial.slope) <= -self.c2 * self.start.slope


def search(evaluate: Callable[[float], Trial], goal: StrongWolfe, first_length: float, max_trials: int) -> Trial:
    """Go out along the line until a good step is found or is known to lie between two trials, then close in on it.

    Args:
        evaluate: length -> trial.
        goal: the conditions.
        first_length: above 0; the first length tried.
        max_trials: at least 1; evaluations allowed.

    Returns:
        A trial that meets the conditions; where `max_trials` did not suffice, the lowest that is low enough (in the
        worst case the start, and always the start where the line does not fall).
    Source: Nocedal & Wright (2006), algorithms 3.5 and 3.6; cubic interpolation, equation 3.59.
    """
    if not goal.start.slope < 0:
        return goal.start
    previous, length = goal.start, first_length
    for count in range(1, max_trials + 1):
        trial = evaluate(length)
        if not goal.low_enough(trial) or (count > 1 and trial.value >= previous.value):
            return zoom(evaluate, goal, previous, trial, max_trials - count)
        if goal.flat_enough(trial):
            return trial
        if trial.slope >= 0:
            return zoom(evaluate, goal, trial, previous, max_trials - count)
        # still falling: go on to where a cubic through both trials has its minimum, but neither too near nor too far
        nearest, farthest = length + 0.01 * (length - previous.length), 10 * length
        guess = cubic_minimum(previous, trial)
        previous, length = trial, min(max(guess, nearest), farthest) if math.isfinite(guess) else farthest
    return previous


def zoom(evaluate: Callable[[float], Trial], goal: StrongWolfe, low: Trial, high: Trial, max_trials: int) -> Trial:
    """Narrow the interval between two trials that is known to hold a good step.

    `low` is the lowest trial so far that is low enough, and the function falls from it towards `high`.
    """
    for _ in range(max_trials):
        trial = evaluate(inner_guess(low, high))
        if not goal.low_enough(trial) or trial.value >= low.value:
            high = trial
            continue
        if goal.flat_enough(trial):
            return trial
        if trial.slope * (high.length - low.length) >= 0:
            high = low
        low = trial
    return low


def inner_guess(low: Trial, high: Trial) -> float:
    """The minimum of the cubic, if it lies in the inner four fifths of the interval; else the middle."""
    guess, middle = cubic_minimum(low, high), (low.length + high.length) / 2
    return guess if abs(guess - middle) <= 0.4 * abs(high.length - low.length) else middle


def cubic_minimum(one: Trial, other: Trial) -> float:
    """Where the cubic through two trials, with their values and slopes, has its minimum; nan where it has none.

    d1 = s1 + s2 - 3 (v1 - v2) / (a1 - a2) ;  d2 = sign(a2 - a1) sqrt(d1^2 - s1 s2)
    a = a2 - (a2 - a1) (s2 + d2 - d1) / (s2 - s1 + 2 d2)

    Source: Nocedal & Wright (2006), equation 3.59.
    """
    width = other.length - one.length
    if width == 0:
        return math.nan
    d1 = one.slope + other.slope - 3 * (other.value - one.value) / width
    square = d1 * d1 - one.slope * other.slope
    if not 0 <= square < math.inf:
        return math.nan
    d2 = math.copysign(math.sqrt(square), width)
    bottom = other.slope - one.slope + 2 * d2
    return other.length - width * (other.slope + d2 - d1) / bottom if bottom else math.nan
