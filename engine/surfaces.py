"""The gallery of test functions of one and two variables; `engine.functions` says what each of them can tell."""

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from engine.errors import number, one_of
from engine.functions import Surface, curve, quadratic

MAX_CONDITION = 1e6

PARABOLA = curve(
    "parabola",
    "f(x) = x^2",
    domain=(-4.0, 4.0),
    start=-3.0,
    value=lambda x: x * x,
    slope=lambda x: 2 * x,
    curvature=lambda x: np.full_like(x, 2.0),
    minima=((0.0,),),
    eigenvalues=(2.0,),
)

SHIFTED_PARABOLA = curve(  # note 002's function
    "shifted_parabola",
    "f(x) = 2 (x - 2)^2",
    domain=(-1.0, 5.0),
    start=0.0,
    value=lambda x: 2 * (x - 2) ** 2,
    slope=lambda x: 4 * (x - 2),
    curvature=lambda x: np.full_like(x, 4.0),
    minima=((2.0,),),
    eigenvalues=(4.0,),
)

DOUBLE_WELL = curve(  # two valleys as deep: the start decides which one is found
    "double_well",
    "f(x) = (x^2 - 1)^2",
    domain=(-2.0, 2.0),
    start=0.1,
    value=lambda x: (x * x - 1) ** 2,
    slope=lambda x: 4 * x * (x * x - 1),
    curvature=lambda x: 12 * x * x - 4,
    minima=((-1.0,), (1.0,)),
)

QUARTIC = curve(  # no curvature at the minimum: gradient descent slows down without end
    "quartic",
    "f(x) = x^4",
    domain=(-2.0, 2.0),
    start=1.5,
    value=lambda x: x**4,
    slope=lambda x: 4 * x**3,
    curvature=lambda x: 12 * x * x,
    minima=((0.0,),),
)

ABSOLUTE = curve(  # the slope never shrinks, so a fixed learning rate ends in a rattle; at the kink it is 0 (PyTorch)
    "absolute",
    "f(x) = |x|",
    domain=(-4.0, 4.0),
    start=-3.0,
    value=np.abs,
    slope=np.sign,
    curvature=np.zeros_like,
    minima=((0.0,),),
)

WAVY = curve(  # one deep valley among shallower ones; theirs are where x / 10 + 2 sin 2x = 0
    "wavy",
    r"f(x) = \tfrac{1}{20} x^2 + 1 - \cos 2x",
    domain=(-8.0, 8.0),
    start=7.0,
    value=lambda x: x * x / 20 + 1 - np.cos(2 * x),
    slope=lambda x: x / 10 + 2 * np.sin(2 * x),
    curvature=lambda x: 0.1 + 4 * np.cos(2 * x),
    minima=((0.0,),),
    local_minima=((-6.127494181446406,), (-3.064672786647796,), (3.064672786647796,), (6.127494181446406,)),
)

ROUND_BOWL = quadratic(  # note 002's function of two variables
    "round_bowl",
    "f(x_0, x_1) = x_0^2 + x_1^2",
    hessian=[[2, 0], [0, 2]],
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    start=(-3.0, 4.0),
)

SADDLE = quadratic(  # the gradient is 0 at the origin, which is no minimum: every start beside the ridge runs away
    "saddle",
    "f(x_0, x_1) = x_0^2 - x_1^2",
    hessian=[[2, 0], [0, -2]],
    domain=((-3.0, 3.0), (-3.0, 3.0)),
    start=(-2.0, 1e-3),
)


def elongated_bowl(condition: float = 10.0, angle: float = 0.0) -> Surface:
    """A bowl whose steepest direction curves `condition` times as much as its flattest.

        f(x) = 1/2 (u_0^2 + condition u_1^2),  u = x turned by -angle

    Args:
        condition: ratio of the Hessian's eigenvalues, 1 to 1,000,000.
        angle: of the flat direction against the x_0 axis, in degrees. At 0 the axes are the eigenvectors, which favours
            methods with one step size a coordinate (AdaGrad, RMSProp, Adam); 45 takes that advantage away.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    condition, angle = number("condition", condition, 1, MAX_CONDITION), number("angle", angle, -180, 180)
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    turn = np.array([[cos, -sin], [sin, cos]])  # its columns are the flat and the steep direction
    H = turn @ np.diag([1.0, condition]) @ turn.T
    name = "x" if angle == 0 else "u"
    latex = rf"f(x_0, x_1) = \tfrac12 \left({name}_0^2 + {condition:g}\,{name}_1^2\right)"
    if angle:
        latex += rf",\quad u = x \text{{ turned by }} {-angle:g}^\circ"
    # Symmetric to the last bit, which the turned product need not be.
    return quadratic("elongated_bowl", latex, (H + H.T) / 2, ((-5.0, 5.0), (-5.0, 5.0)), (-4.0, 2.0))


def _rosenbrock() -> Surface:
    def value(points):
        x, y = points[..., 0], points[..., 1]
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2

    def gradient(points):
        x, y = points[..., 0], points[..., 1]
        r = y - x * x
        return _pair(-2 * (1 - x) - 400 * x * r, 200 * r)

    def hessian(points):
        x, y = points[..., 0], points[..., 1]
        return _symmetric(2 - 400 * (y - 3 * x * x), -400 * x, np.full_like(x, 200.0))

    return Surface(
        "rosenbrock",
        r"f(x_0, x_1) = (1 - x_0)^2 + 100\,(x_1 - x_0^2)^2",
        ((-2.0, 2.0), (-1.0, 3.0)),
        (-1.2, 1.0),
        value,
        gradient,
        hessian,
        minima=((1.0, 1.0),),
    )


def _himmelblau() -> Surface:
    def value(points):
        x, y = points[..., 0], points[..., 1]
        return (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2

    def gradient(points):
        x, y = points[..., 0], points[..., 1]
        p, q = x * x + y - 11, x + y * y - 7
        return _pair(4 * x * p + 2 * q, 2 * p + 4 * y * q)

    def hessian(points):
        x, y = points[..., 0], points[..., 1]
        return _symmetric(12 * x * x + 4 * y - 42, 4 * (x + y), 12 * y * y + 4 * x - 26)

    return Surface(
        "himmelblau",
        r"f(x_0, x_1) = (x_0^2 + x_1 - 11)^2 + (x_0 + x_1^2 - 7)^2",
        ((-6.0, 6.0), (-6.0, 6.0)),
        (0.0, 0.0),
        value,
        gradient,
        hessian,
        minima=(
            (3.0, 2.0),
            (-2.805118086952745, 3.131312518250573),
            (-3.779310253377747, -3.283185991286170),
            (3.584428340330492, -1.848126526964404),
        ),
    )


def _beale() -> Surface:
    # f is the sum over k = 1, 2, 3 of (c_k - x + x y^k)^2.
    powers, constants = (1, 2, 3), (1.5, 2.25, 2.625)

    def terms(points):
        x, y = points[..., 0], points[..., 1]
        powers_of_y = y, y**2, y**3
        return x, powers_of_y, [c - x + x * power for c, power in zip(constants, powers_of_y, strict=True)]

    def value(points):
        p, q, r = terms(points)[2]
        return p * p + q * q + r * r

    def gradient(points):
        # Written out, as a descent spends its time here.
        x, (y, square, cube), (p, q, r) = terms(points)
        p, q, r = 2 * p, 2 * q, 2 * r
        dx = p * (y - 1) + q * (square - 1) + r * (cube - 1)
        dy = p * x + q * 2 * x * y + r * 3 * x * square
        return _pair(dx, dy)

    def hessian(points):
        x, (y, *_), found = terms(points)
        residuals = list(zip(powers, found, strict=True))
        dxx = sum(2 * (y**k - 1) ** 2 for k, _ in residuals)
        dxy = sum(2 * k * y ** (k - 1) * (x * (y**k - 1) + r) for k, r in residuals)
        # The residual's own second derivative is 0 at k = 1; max(k - 2, 0) keeps y^-1 out.
        dyy = sum(2 * (k * x * y ** (k - 1)) ** 2 + 2 * r * k * (k - 1) * x * y ** max(k - 2, 0) for k, r in residuals)
        return _symmetric(dxx, dxy, dyy)

    return Surface(
        "beale",
        r"f(x_0, x_1) = (1.5 - x_0 + x_0 x_1)^2 + (2.25 - x_0 + x_0 x_1^2)^2 + (2.625 - x_0 + x_0 x_1^3)^2",
        ((-4.5, 4.5), (-4.5, 4.5)),
        (1.0, 1.0),
        value,
        gradient,
        hessian,
        minima=((3.0, 0.5),),
    )


def _pair(along_x: np.ndarray, along_y: np.ndarray) -> np.ndarray:
    """Two components as the last axis; np.stack takes several times as long."""
    both = np.empty((*along_x.shape, 2))
    both[..., 0], both[..., 1] = along_x, along_y
    return both


def _symmetric(xx: np.ndarray, xy: np.ndarray, yy: np.ndarray) -> np.ndarray:
    return np.stack([np.stack([xx, xy], axis=-1), np.stack([xy, yy], axis=-1)], axis=-2)


SURFACES: Mapping[str, Surface] = MappingProxyType(
    {
        surface.code: surface
        for surface in (
            PARABOLA,
            SHIFTED_PARABOLA,
            DOUBLE_WELL,
            QUARTIC,
            ABSOLUTE,
            WAVY,
            ROUND_BOWL,
            elongated_bowl(),
            _rosenbrock(),
            _himmelblau(),
            _beale(),
            SADDLE,
        )
    }
)


def surface(code: str, condition: float = 10.0, angle: float = 0.0) -> Surface:
    """The surface with this stable code.

    Args:
        code: a key of SURFACES.
        condition, angle: of "elongated_bowl" alone; see there.
    Raises: InputError: unknown_name, and what `elongated_bowl` refuses.
    """
    one_of("surface", code, SURFACES)
    return elongated_bowl(condition, angle) if code == "elongated_bowl" else SURFACES[code]
