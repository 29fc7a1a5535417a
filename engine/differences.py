"""Derivatives from values alone, and why their step h may be neither large nor small."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import read_only, seal
from engine.errors import finite, number, one_of, shape
from engine.functions import Surface

MIN_STEP, MAX_STEP = 1e-20, 1e3
NOTE_STEP = 1e-4  # note 002's h
SCHEMES = ("central", "forward")


def difference(value: Callable[[np.ndarray], np.ndarray], points, h=NOTE_STEP, scheme: str = "central") -> np.ndarray:
    """The gradient of a function, estimated from its values beside each point.

        central: (f(x + h e) - f(x - h e)) / (2 h), error ~ h^2 ;  forward: (f(x + h e) - f(x)) / h, error ~ h

    Args:
        value: points (..., d) -> values (...).
        points: shape (..., d).
        h: step, 1e-20 to 1000; a number or an array that broadcasts against the leading axes (...).
        scheme: "central" or "forward".
    Returns: shape (..., d), with the leading axes of points and h.
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name, wrong_shape.
    Convention: divides by the h that was asked for, as the notes do, not by the distance that rounding left of it.
    """
    one_of("scheme", scheme, SCHEMES)
    points, h = shape("points", finite("points", points), (None,)), finite("h", h)
    for step in (h.min(initial=1.0), h.max(initial=1.0)):
        number("h", step, MIN_STEP, MAX_STEP)
    return _difference(value, points, h, scheme)


def _difference(value, points: np.ndarray, h: np.ndarray, scheme: str) -> np.ndarray:
    points, h = points[..., None, :], h[..., None]
    along = np.eye(points.shape[-1])  # a row a variable
    if scheme == "forward":
        return (value(points + h[..., None] * along) - value(points)) / h
    beside = value(points + h[..., None] * np.concatenate([along, -along]))
    ahead, behind = np.split(beside, 2, axis=-1)
    return (ahead - behind) / (2 * h)


def numerical_gradient(surface: Surface, h: float = NOTE_STEP, scheme: str = "central") -> Callable:
    """A gradient to descend with that only ever asks for values: points (..., d) -> gradients (..., d).

    Args: h, scheme: as in `difference`.
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name.
    """
    step, scheme = np.float64(number("h", h, MIN_STEP, MAX_STEP)), one_of("scheme", scheme, SCHEMES)
    return lambda points: _difference(surface.value, points, step, scheme)


@dataclass(frozen=True)
class DifferenceErrors:
    """How wrong the two schemes are, for each step h.

    Attributes:
        h: shape (n,), descending.
        central, forward: norm of the error of the gradient, shape (n,).
    """

    h: np.ndarray
    central: np.ndarray
    forward: np.ndarray


def difference_errors(surface: Surface, point, h=None) -> DifferenceErrors:
    """The valley of numerical differentiation: with a large h the formula is wrong, with a small h the arithmetic.

        |error| ~ c h^p + epsilon |f| / h ,  p = 2 (central), 1 (forward) ;  lowest near h = epsilon^(1 / (p + 1))

    That is h = 6e-6 for the central and 1.5e-8 for the forward scheme; note 002's 1e-4 is on the safe side, 1e-12 is
    not. A quadratic has no truncation error in the central scheme: for it the valley has one side only.

    Args:
        surface: the function, with its exact gradient.
        point: shape (d,).
        h: steps, shape (n,); default 1e-1, 1e-1.25, … 1e-15.
    Raises: InputError: as `difference`.
    Source: Press et al. (2007), Numerical Recipes, section 5.7.
    """
    h = np.logspace(-1, -15, 57) if h is None else np.atleast_1d(finite("h", h))
    point = shape("point", finite("point", point), (surface.dimensions,))
    exact = surface.gradient(point)
    errors = {s: np.linalg.norm(difference(surface.value, point, h, s) - exact, axis=-1) for s in SCHEMES}
    return DifferenceErrors(read_only(h), seal(errors["central"]), seal(errors["forward"]))
