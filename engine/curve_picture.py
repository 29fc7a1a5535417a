"""A function of one variable as a picture needs it: the curve over a range, its minima, the ends of the axes."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import seal
from engine.errors import InputError, finite, number, whole
from engine.functions import Surface

MARGIN = 0.05  # of the height, below the lowest and above the highest point


@dataclass(frozen=True)
class CurvePicture:
    """x and y = f(x), shape (n_points,), over the range; (x, y) of the minima in it; the ends of the y axis."""

    x: np.ndarray
    y: np.ndarray
    minima: tuple[tuple[float, float], ...]
    y_range: tuple[float, float]


def curve_picture(surface: Surface, x_range: tuple[float, float] | None = None, n_points: int = 321) -> CurvePicture:
    """Sample a surface of one variable.

    Args:
        x_range: (low, high); default the surface's domain.
        n_points: 2 to 10,000.
    Raises: InputError: wrong_shape: two variables; not_a_number, not_finite, out_of_range.
    """
    if surface.dimensions != 1:
        raise InputError("wrong_shape", "surface", (surface.dimensions,), "(1,)")
    low, high = finite("x_range", x_range or surface.domain[0]).tolist()
    high = number("x_range", high, low, open_low=True)
    x = np.linspace(low, high, whole("n_points", n_points, 2, 10_000))
    y = surface.value(x[:, None])
    margin = MARGIN * (y.max() - y.min())
    minima = np.sort(np.array((*surface.minima, *surface.local_minima)), axis=0)
    minima = minima[(minima[:, 0] >= low) & (minima[:, 0] <= high)]
    return CurvePicture(
        seal(x),
        seal(y),
        tuple(zip(minima[:, 0].tolist(), surface.value(minima).tolist(), strict=True)),
        (float(y.min() - margin), float(y.max() + margin)),
    )
