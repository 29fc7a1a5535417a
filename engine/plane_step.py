"""One step of gradient descent on a surface of two variables, every number of it: for a formula with the numbers in."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.differences import NOTE_STEP
from engine.functions import Surface


@dataclass(frozen=True)
class Difference:
    """One component of a numerical gradient, (ahead - behind) / (2 h).

    Attributes:
        ahead, behind: f with h added to this variable, and taken from it.
        slope: what comes out.
        spacing: from this variable's value to the next float.
        lost: whether adding h and taking it off both leave the variable as it was.
    """

    ahead: float
    behind: float
    slope: float
    spacing: float
    lost: bool


@dataclass(frozen=True)
class PlaneStep:
    """A step x_new = x - learning_rate * gradient.

    Attributes:
        x, gradient, x_new: pairs of numbers.
        parts: name -> value of what the surface's gradient is put together from, such as p and q of Himmelblau's.
        hessian: rows of the second derivatives at x.
        differences: a Difference a variable; () for an analytic gradient.
    """

    x: tuple[float, float]
    learning_rate: float
    gradient: tuple[float, float]
    x_new: tuple[float, float]
    parts: Mapping[str, float]
    hessian: tuple[tuple[float, float], ...]
    differences: tuple[Difference, ...] = ()


def step(surface: Surface, x, learning_rate: float, *, numerical: bool = False, h: float = NOTE_STEP) -> PlaneStep:
    """Take the step from x.

    Args:
        x: shape (2,); where it or f is not finite, so is what comes out.
        numerical: with central differences of this h instead of the formula.
    """
    x = np.array(x, dtype=np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        differences = tuple(_difference(surface, x, axis, h) for axis in (0, 1)) if numerical else ()
        gradient = np.array([one.slope for one in differences]) if numerical else surface.gradient(x)
        x_new = x - gradient * learning_rate
        parts = _PARTS.get(surface.code, lambda x, y: {})(*x)
        hessian = tuple(map(_pair, surface.hessian(x)))
    return PlaneStep(_pair(x), learning_rate, _pair(gradient), _pair(x_new), parts, hessian, differences)


def _difference(surface: Surface, x: np.ndarray, axis: int, h: float) -> Difference:
    offset = h * np.eye(2)[axis]
    ahead, behind = float(surface.value(x + offset)), float(surface.value(x - offset))
    lost = bool(x[axis] + h == x[axis] == x[axis] - h)
    return Difference(ahead, behind, (ahead - behind) / (2 * h), float(np.spacing(abs(x[axis]))), lost)


def _rosenbrock(x, y) -> dict[str, float]:
    return {"r": float(y - x * x)}


def _himmelblau(x, y) -> dict[str, float]:
    return {"p": float(x * x + y - 11), "q": float(x + y * y - 7)}


def _beale(x, y) -> dict[str, float]:
    residuals = {f"r_{k}": float(c - x + x * y**k) for k, c in ((1, 1.5), (2, 2.25), (3, 2.625))}
    return residuals | {"s_2": float(y**2), "s_3": float(y**3)}


_PARTS = {"rosenbrock": _rosenbrock, "himmelblau": _himmelblau, "beale": _beale}


def _pair(values: np.ndarray) -> tuple[float, float]:
    return float(values[0]), float(values[1])


def round_bowl_point(start, learning_rate: float, n_steps: int) -> tuple[float, tuple[float, float]]:
    """Where gradient descent is on x0^2 + x1^2 after n steps, without taking one: (factor, point).

    x_n = (1 - 2 learning_rate)^n x_start
    """
    factor = 1 - 2 * learning_rate
    with np.errstate(over="ignore"):
        power = np.float64(factor) ** n_steps
        return factor, _pair(power * np.array(start, dtype=np.float64))
