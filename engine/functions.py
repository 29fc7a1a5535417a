"""What a function to descend on can tell: value, slope, curvature, minima; and how to make one.

A point is the last axis of an array: (..., 1) or (..., 2). Leading axes are grids, runs, starts, learning rates.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Surface:
    """A function to descend on.

    Attributes:
        code: stable name.
        latex: the formula, f(x) or f(x_0, x_1).
        domain: suggested (low, high) of each variable, for a picture.
        start: suggested start.
        value: points (..., d) -> values (...).
        gradient: points (..., d) -> gradients (..., d).
        hessian: points (..., d) -> second derivatives (..., d, d).
        minima: the global minima; () where there is none.
        local_minima: the others in the domain.
        eigenvalues: of the Hessian, ascending, where it is the same everywhere (quadratics); else ().
    Convention: far from the domain the functions overflow to inf or nan, and warn as NumPy does; `descent` expects it.
    """

    code: str
    latex: str
    domain: tuple[tuple[float, float], ...]
    start: tuple[float, ...]
    value: Callable[[np.ndarray], np.ndarray]
    gradient: Callable[[np.ndarray], np.ndarray]
    hessian: Callable[[np.ndarray], np.ndarray]
    minima: tuple[tuple[float, ...], ...] = ()
    local_minima: tuple[tuple[float, ...], ...] = ()
    eigenvalues: tuple[float, ...] = ()

    @property
    def dimensions(self) -> int:
        """How many variables the function has."""
        return len(self.domain)

    @property
    def floor(self) -> float:
        """The lowest value; -inf where the function has no minimum."""
        return min((float(self.value(np.array(point))) for point in self.minima), default=-math.inf)


def curve(code, latex, domain, start, value, slope, curvature, **more) -> Surface:
    """A surface of one variable from plain functions of x: the value, its first and its second derivative."""
    return Surface(
        code,
        latex,
        (domain,),
        (start,),
        value=lambda points: value(points[..., 0]),
        gradient=slope,  # of x as the points' only axis
        hessian=lambda points: curvature(points)[..., None],
        **more,
    )


def quadratic(code: str, latex: str, hessian, domain, start) -> Surface:
    """The surface on which gradient descent can be understood exactly.

        f(x) = 1/2 x^T H x ;  gradient H x ;  Hessian H ;  a minimum at 0 if all eigenvalues of H are positive

    Args: hessian: symmetric, shape (d, d).
    """
    H = np.array(hessian, dtype=np.float64)
    eigenvalues = tuple(float(e) for e in np.linalg.eigvalsh(H))
    return Surface(
        code,
        latex,
        domain,
        start,
        value=lambda points: 0.5 * (points * (points @ H)).sum(axis=-1),
        gradient=lambda points: points @ H,
        hessian=lambda points: np.broadcast_to(H, (*points.shape[:-1], *H.shape)).copy(),
        minima=((0.0,) * len(H),) if eigenvalues[0] > 0 else (),
        eigenvalues=eigenvalues,
    )
