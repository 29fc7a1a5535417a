"""Descent on a surface: learning rates x starts move side by side, as one stack a rule."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from engine.arrays import seal
from engine.errors import InputError, finite, number, shape, whole
from engine.functions import Surface
from engine.update_rule import Optimizer

MAX_STEPS = 10_000
MAX_NUMBERS = 10_000_000  # of all trajectories together: 80 MB


@dataclass(frozen=True)
class Descent:
    """The paths of a stack of runs; step 0 is the start.

    Attributes:
        points: shape (..., n_steps + 1, d). After a run has diverged its points are inf or nan.
        losses: value of the surface at the points, shape (..., n_steps + 1).
        diverged_at: first step whose point or loss is not finite, shape (...); -1 where there is none.
    """

    points: np.ndarray
    losses: np.ndarray
    diverged_at: np.ndarray

    def __post_init__(self):
        for array in (self.points, self.losses, self.diverged_at):
            seal(array)

    def steps_to(self, tolerance: float, floor: float = 0.0) -> np.ndarray:
        """The first step whose loss is at most `floor + tolerance`, shape (...); -1 where there is none.

        Args:
            tolerance: at least 0.
            floor: the lowest value of the surface, `surface.floor`.
        Raises: InputError: not_a_number, not_finite, out_of_range.
        """
        reached = self.losses <= number("floor", floor) + number("tolerance", tolerance, 0)
        return _first(reached)


def descend(
    surface: Surface,
    optimizer: Optimizer,
    starts,
    n_steps: int,
    gradient: Callable[[np.ndarray], np.ndarray] | None = None,
) -> Descent:
    """Follow one rule from every start.

    Args:
        surface: the function to descend on.
        optimizer: the rule; its hyperparameters are numbers, or arrays that broadcast against the starts.
        starts: shape (..., d), finite; not changed.
        n_steps: 1 to 10,000; the paths hold at most 10,000,000 numbers.
        gradient: points (..., d) -> gradients (..., d); default the surface's own.
            `differences.numerical_gradient` makes the one that note 002 uses.
    Raises: InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """
    starts = shape("starts", finite("starts", starts), (surface.dimensions,))
    n_steps = whole("n_steps", n_steps, 1, MAX_STEPS)
    whole("numbers in the paths", (n_steps + 1) * starts.size, 1, MAX_NUMBERS)
    gradient = gradient or surface.gradient

    path = np.empty((n_steps + 1, *starts.shape))  # steps first: each step writes one block of memory
    path[0] = starts
    state = optimizer.start(starts)
    # A run that diverges overflows on its way: that is a result (`diverged_at`), not a mistake to warn of.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for before, after in pairwise(path):
            optimizer.update(state, before, gradient(before), after)
        losses = surface.value(path)
    points, losses = np.moveaxis(path, 0, -2), np.moveaxis(losses, 0, -1)
    return Descent(points, losses, first_broken(points, losses))


def race(surface: Surface, optimizer: Optimizer, learning_rates, starts, n_steps: int, gradient=None) -> Descent:
    """Follow one rule with every learning rate from every start.

    Args:
        surface, optimizer, n_steps, gradient: as in `descend`; the optimizer's own learning rate is not used.
        learning_rates: shape (L,).
        starts: shape (S, d) or (d,).
    Returns: paths with the leading axes (L, S), or (L,) for a single start.
    Raises: InputError: as `descend`.
    """
    rates = shape("learning_rates", finite("learning_rates", learning_rates), (None,))
    starts = shape("starts", finite("starts", starts), (surface.dimensions,))
    if rates.ndim != 1 or not rates.size:
        raise InputError("wrong_shape", "learning_rates", rates.shape, "(n_learning_rates,)")
    stacked = np.broadcast_to(starts, (len(rates), *starts.shape))
    along_first_axis = rates.reshape(-1, *[1] * starts.ndim)
    return descend(surface, replace(optimizer, learning_rate=along_first_axis), stacked, n_steps, gradient)


def first_broken(points: np.ndarray, losses: np.ndarray) -> np.ndarray:
    """The first step whose point (..., n, d) or loss (..., n) is not finite, shape (...); -1 where there is none."""
    return _first(~(np.isfinite(points).all(axis=-1) & np.isfinite(losses)))


def _first(true_at: np.ndarray) -> np.ndarray:
    """Index of the first True along the last axis, -1 where there is none."""
    return np.where(true_at.any(axis=-1), true_at.argmax(axis=-1), -1)
