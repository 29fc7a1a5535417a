"""Momentum's map: the convergence rate over learning rate and momentum on a quadratic, its borders, its best points.

The learning rate is measured in units of 1 / lambda_max, for the rate depends on learning_rate * lambda alone.
"""

import math
from dataclasses import dataclass

import numpy as np

from engine.arrays import seal
from engine.errors import number, whole
from engine.heavy_ball import steps_per_digit
from engine.quadratics import (
    SAME,
    Best,
    best_gradient_descent,
    best_heavy_ball,
    convergence_rate,
    critical_damping,
    divergence_border,
)
from engine.surfaces import MAX_CONDITION

WIDEST = 4.2  # of learning_rate * lambda_max: from 4 on it diverges for every momentum
MAX_SIDE = 400
LINE_POINTS = 161
LEVELS = 9
FINEST = 0.5  # steps per digit: where the best arrives in one step, bands from 0 on would be as thin as a hair
# First digits of the levels: round numbers, the finest ones whose levels reach the best without momentum.
MANTISSAS = ((1.0, 1.5, 2.0, 3.0, 5.0, 7.0), (1.0, 2.0, 5.0), (1.0,))


@dataclass(frozen=True, eq=False)
class MomentumMap:
    """The rate over the plane of learning_rate * lambda_max (0 to 4.2) and momentum (0 to 1).

    Attributes:
        condition: lambda_max / lambda_min.
        learning_rates: times lambda_max, ascending, shape (side,): the columns.
        momenta: descending, shape (side,): the rows, as of a picture.
        rates: shape (side, side).
        levels: borders of the bands in steps per digit, ascending, shape (9,).
        borders: "steep damping" and "flat damping" (critical damping along the steepest and the flattest direction; for
            condition 1 they are one) and "divergence"; each (n, 2): learning rate and momentum.
        best: Polyak's optimum; best_descent: the best without momentum.
    """

    condition: float
    learning_rates: np.ndarray
    momenta: np.ndarray
    rates: np.ndarray
    levels: np.ndarray
    borders: dict[str, np.ndarray]
    best: Best
    best_descent: Best

    @property
    def level_rates(self) -> np.ndarray:
        """The levels as rates, 10^(-1 / level), shape (9,)."""
        return 10 ** (-1 / self.levels)

    @property
    def gain(self) -> float:
        """How many times as many steps the best without momentum needs; nan for condition 1, where both need one."""
        best, plain = self.best.rate, self.best_descent.rate
        return math.log(best) / math.log(plain) if best else math.nan

    @property
    def bands(self) -> np.ndarray:
        """Between which levels the steps per digit lie: 0 the fastest, 9 the slowest, 10 where it diverges."""
        bands = np.searchsorted(self.levels, steps_per_digit(np.minimum(self.rates, 1.0)), side="left")
        return np.where(self.rates > 1 + SAME, len(self.levels) + 1, bands)


def momentum_map(condition: float, side: int = 200) -> MomentumMap:
    """The map for curvatures 1 / condition and 1.

    Args:
        condition: 1 to 1,000,000.
        side: points along either axis, 2 to 400.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    Source: Polyak (1964); Goh (2017), Why Momentum Really Works.
    """
    condition, side = number("condition", condition, 1, MAX_CONDITION), whole("side", side, 2, MAX_SIDE)
    eigenvalues = (1 / condition, 1.0)
    learning_rates, momenta = np.linspace(0, WIDEST, side), np.linspace(1, 0, side)
    best, plain = best_heavy_ball(eigenvalues), best_gradient_descent(eigenvalues)
    return MomentumMap(
        condition,
        seal(learning_rates),
        seal(momenta),
        seal(convergence_rate(learning_rates, momenta[:, None], eigenvalues)),
        seal(_levels(*steps_per_digit([best.rate, plain.rate]).tolist())),
        _borders(*eigenvalues),
        best,
        plain,
    )


def _levels(fewest: float, plain: float) -> np.ndarray:
    """Round numbers above the fewest steps per digit that there are, up to those without momentum."""
    for mantissas in MANTISSAS:
        rounds = (10.0 ** np.arange(-1, 15)[:, None] * mantissas).ravel().round(2)
        levels = rounds[rounds > max(fewest, FINEST)][:LEVELS]
        if levels[-1] >= plain:
            break
    return levels


def _borders(flattest: float, steepest: float) -> dict[str, np.ndarray]:
    borders = {"steep damping": _damping(steepest)}
    if flattest < steepest:
        borders["flat damping"] = _damping(flattest)
    ends = np.array([0.0, 1.0])
    return borders | {"divergence": _line(divergence_border(ends, steepest), ends)}


def _damping(curvature: float) -> np.ndarray:
    """Both branches as one line, as far as the map reaches: (1 - root)^2 / lambda, the upper one where root < 0."""
    root = np.linspace(max(-1.0, 1 - math.sqrt(WIDEST * curvature)), 1, LINE_POINTS)
    low, high = critical_damping(root**2, curvature)
    return _line(np.where(root < 0, high, low), root**2)


def _line(learning_rates: np.ndarray, momenta: np.ndarray) -> np.ndarray:
    return seal(np.stack([learning_rates, momenta], axis=-1))
