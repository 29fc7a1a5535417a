"""What theory says of a numerical derivative: its two errors, the best step, and one quotient digit by digit."""

import math
from dataclasses import dataclass

import numpy as np

from engine.arrays import seal
from engine.differences import MAX_STEP, MIN_STEP, SCHEMES, difference
from engine.errors import finite, number, one_of, shape, whole
from engine.functions import Surface

EPSILON = 2.0**-52  # the distance from 1 to the next float64
EPSILON_FLOAT32 = 2.0**-23
ORDER = {"central": 2, "forward": 1}
STEPS = seal(np.sort([float(f"1e-{k}") * 10.0 ** (-j / 4) for k in range(1, 16) for j in range(4 if k < 15 else 1)]))
DECADES = seal(np.array([float(f"1e-{k}") for k in range(1, 16)]))  # 1e-1 … 1e-15; all of them are in STEPS


def best_step(scheme: str, epsilon: float = EPSILON) -> float:
    """The rule of thumb for h, for a function whose values and derivatives are all of the size of 1.

        central: epsilon^(1/3) ;  forward: epsilon^(1/2)

    Args:
        scheme: "central" or "forward".
        epsilon: of the number format, above 0, below 1; 2^-52 for float64, 2^-23 for float32.
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name.
    Source: Press et al. (2007), Numerical Recipes, section 5.7.
    """
    epsilon = number("epsilon", epsilon, 0, 1, open_low=True)
    return epsilon ** (1 / (ORDER[one_of("scheme", scheme, SCHEMES)] + 1))


@dataclass(frozen=True)
class PredictedErrors:
    """The two straight lines of the valley on logarithmic axes: c h^p on its right, r / h on its left.

    Attributes:
        order: p.
        truncation: c; 0 where the next derivative is 0, as a quadratic's third is everywhere.
        rounding: r; 0 where f = 0 and f is flat.
    """

    order: int
    truncation: float
    rounding: float

    @property
    def best_step(self) -> float | None:
        """The h at which c h^p + r / h is lowest, (r / (p c))^(1 / (p + 1)); None where one of the two is missing."""
        if not self.truncation or not self.rounding:
            return None
        return (self.rounding / (self.order * self.truncation)) ** (1 / (self.order + 1))

    def truncation_at(self, h) -> np.ndarray:
        """c h^p, the shape of h."""
        return self.truncation * np.asarray(h) ** self.order

    def rounding_at(self, h) -> np.ndarray:
        """r / h, the shape of h."""
        return self.rounding / np.asarray(h)


def predict_errors(surface: Surface, point, scheme: str = "central") -> PredictedErrors:
    """How large the error of a numerical gradient should be, from derivatives alone.

        central: c = |f'''| / 6, p = 2 ;  forward: c = |f''| / 2, p = 1 ;  r = epsilon (|f| + |x f'|)

    r says that f and x + h are both kept to epsilon. It is the size of the error and no strict bound: its sign is
    chance, and an f that itself loses digits on the way (a difference of large terms) can exceed it. With several
    variables all are norms over the coordinates, as the error is.

    Args:
        surface: the function, with its exact gradient and Hessian.
        point: shape (d,).
        scheme: "central" or "forward".
    Raises: InputError: not_a_number, not_finite, unknown_name, wrong_shape.
    Source: Press et al. (2007), Numerical Recipes, section 5.7.
    """
    order = ORDER[one_of("scheme", scheme, SCHEMES)]
    point = shape("point", finite("point", point), (surface.dimensions,))
    rounding = EPSILON * (abs(surface.value(point)) + np.abs(point * surface.gradient(point)))
    next_derivative = _third_derivatives(surface, point) / 6 if order == 2 else _curvatures(surface, point) / 2
    return PredictedErrors(order, float(np.linalg.norm(next_derivative)), float(np.linalg.norm(rounding)))


def _curvatures(surface: Surface, points: np.ndarray) -> np.ndarray:
    """The second derivative along each axis, (..., d)."""
    return np.diagonal(surface.hessian(points), axis1=-2, axis2=-1)


def _third_derivatives(surface: Surface, point: np.ndarray) -> np.ndarray:
    """The third derivative along each axis, (d,): central differences of the exact second one."""
    h = best_step("central") * max(1.0, np.abs(point).max())
    along = h * np.eye(surface.dimensions)
    ahead, behind = _curvatures(surface, point + along), _curvatures(surface, point - along)
    return (np.diagonal(ahead) - np.diagonal(behind)) / (2 * h)


@dataclass(frozen=True)
class Quotient:
    """One partial derivative as a computer finds it, every number on the way.

    Attributes:
        x: the coordinate; x_ahead, x_behind: x + h and x - h as rounding leaves them (forward: x_behind = x).
        f_ahead, f_behind: the values there.
        difference: f_ahead - f_behind.
        estimate: the difference divided by the distance that was asked for, 2 h or h.
        exact: the analytic derivative.
        spacing: from x to the next number that float64 has.
    """

    x: float
    x_ahead: float
    x_behind: float
    f_ahead: float
    f_behind: float
    difference: float
    estimate: float
    exact: float
    spacing: float

    @property
    def absolute_error(self) -> float:
        """|estimate - exact|."""
        return abs(self.estimate - self.exact)

    @property
    def relative_error(self) -> float | None:
        """|estimate - exact| / |exact|; None where the exact derivative is 0."""
        return self.absolute_error / abs(self.exact) if self.exact else None

    @property
    def lost_digits(self) -> float:
        """Leading decimal digits that cancel, log10(max|f| / |difference|); inf where all do, 0 where f is 0."""
        largest = max(abs(self.f_ahead), abs(self.f_behind))
        if not self.difference:
            return math.inf if largest else 0.0
        return max(0.0, math.log10(largest / abs(self.difference)))


def quotient(surface: Surface, point, h: float, scheme: str = "central", axis: int = 0) -> Quotient:
    """One coordinate of `differences.difference`, with the numbers that it is made of.

    Args:
        surface: the function.
        point: shape (d,).
        h: step, 1e-20 to 1000.
        scheme: "central" or "forward".
        axis: the coordinate, 0 to d - 1.
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name, wrong_shape.
    """
    point = shape("point", finite("point", point), (surface.dimensions,))
    axis = whole("axis", axis, 0, surface.dimensions - 1)
    h = number("h", h, MIN_STEP, MAX_STEP)
    back = h if one_of("scheme", scheme, SCHEMES) == "central" else 0.0
    # As a stack of one step, like every row of a table: the digits of a stack may differ from those of a single point.
    estimate = difference(surface.value, point, np.array([h]), scheme)[0, axis]
    direction = np.eye(surface.dimensions)[axis]
    ahead, behind = (point + np.array([[step]]) * direction for step in (h, -back))
    f_ahead, f_behind = surface.value(ahead)[0], surface.value(behind)[0]
    return Quotient(
        x=float(point[axis]),
        x_ahead=float(ahead[0, axis]),
        x_behind=float(behind[0, axis]),
        f_ahead=float(f_ahead),
        f_behind=float(f_behind),
        difference=float(f_ahead - f_behind),
        estimate=float(estimate),
        exact=float(surface.gradient(point)[axis]),
        spacing=float(abs(np.spacing(point[axis]))),
    )
