"""A surface seen from above: its values on a grid, and the heights at which contour lines tell its shape."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import seal
from engine.errors import InputError, finite, number, whole
from engine.functions import Surface

MAX_SIDE = 400
LEVELS = 15
TOWARDS_THE_FLOOR = 1.5  # above 1: more of the lines lie deep, where a descent spends its time


@dataclass(frozen=True, eq=False)
class Landscape:
    """A surface over a rectangle.

    Attributes:
        values: shape (side, side), read-only; the first axis is the second variable, from high to low, as rows of a
            picture; the second axis is the first variable, from low to high.
        levels: heights of the contour lines, ascending, shape (n_levels,).
        x_range, y_range: (low, high) of the first and the second variable.
    """

    values: np.ndarray
    levels: np.ndarray
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    @property
    def bands(self) -> np.ndarray:
        """Between which two levels a value lies: 0 below the lowest, n_levels from the highest on; (side, side)."""
        return np.searchsorted(self.levels, self.values, side="right")


def landscape(surface: Surface, x_range=None, y_range=None, side: int = 200) -> Landscape:
    """A surface of two variables on a grid of side x side points.

        level_i = the quantile (i / (n_levels + 1))^1.5 of all values

    Quantiles give every height a share of the picture, for a bowl as for a valley a thousand times steeper than long.

    Args:
        surface: of two variables.
        x_range, y_range: (low, high); default the surface's domain.
        side: points along either axis, 2 to 400.
    Raises: InputError: wrong_shape: a surface of one variable; not_a_number, not_finite, out_of_range.
    """
    if surface.dimensions != 2:
        raise InputError("wrong_shape", "surface", (surface.dimensions,), "(2,)")
    side = whole("side", side, 2, MAX_SIDE)
    x_range, y_range = (
        _range(name, given or own)
        for name, given, own in zip(("x_range", "y_range"), (x_range, y_range), surface.domain, strict=True)
    )
    x, y = np.linspace(*x_range, side), np.linspace(*y_range[::-1], side)
    values = surface.value(np.stack(np.meshgrid(x, y), axis=-1))
    shares = (np.arange(1, LEVELS + 1) / (LEVELS + 1)) ** TOWARDS_THE_FLOOR
    return Landscape(seal(values), seal(np.unique(np.quantile(values, shares))), x_range, y_range)


def _range(name: str, ends) -> tuple[float, float]:
    low, high = finite(name, ends).tolist()
    return low, number(name, high, low, open_low=True)
