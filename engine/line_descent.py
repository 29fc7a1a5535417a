"""One descent along a curve, with every number of every step."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import seal
from engine.descent import descend
from engine.errors import InputError
from engine.functions import Surface
from engine.momentum import SGD


@dataclass(frozen=True)
class Walk:
    """x_k+1 = x_k - learning_rate f'(x_k), for k = 0 … n_steps; each array has the shape (n_steps + 1,).

    Attributes:
        x, values, slopes: x_k, f(x_k), f'(x_k).
        steps: -learning_rate f'(x_k), the way from x_k to x_k+1.
        following: x_k+1.
        diverged_at: first k whose x or f(x) is not finite; -1 where there is none.
    """

    x: np.ndarray
    values: np.ndarray
    slopes: np.ndarray
    steps: np.ndarray
    following: np.ndarray
    diverged_at: int

    @property
    def last_shown(self) -> int:
        """The last k whose numbers, and those of its step, are all finite; -1 where there is none."""
        finite = np.isfinite([self.x, self.values, self.slopes, self.steps, self.following]).all(axis=0)
        return len(finite) - 1 if finite.all() else int(finite.argmin()) - 1


def walk(surface: Surface, start: float, learning_rate: float, n_steps: int) -> Walk:
    """Follow gradient descent from one start.

    Args: as in `descent.descend`; the surface has one variable.
    Raises: InputError: as `descend`; wrong_shape: a surface of two variables.
    """
    if surface.dimensions != 1:
        raise InputError("wrong_shape", "surface", (surface.dimensions,), "(1,)")
    run = descend(surface, SGD(learning_rate), [start], n_steps)
    with np.errstate(over="ignore", invalid="ignore"):
        slopes = surface.gradient(run.points)[..., 0]
        steps = -slopes * learning_rate
        x = run.points[:, 0].copy()
        following = x + steps
    return Walk(seal(x), run.losses, seal(slopes), seal(steps), seal(following), int(run.diverged_at))
