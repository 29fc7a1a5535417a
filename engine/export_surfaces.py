"""The test functions of `surfaces` as the source of a script that stands alone, for all that export a descent."""

import numpy as np

from engine.errors import one_of
from engine.functions import Surface

# The formulas are those of `surfaces`, operation by operation, so that a script rounds as the engine does.
_CURVES = {  # code -> f(x), f'(x), f''(x)
    "parabola": ("x * x", "2 * x", "np.full_like(x, 2.0)"),
    "shifted_parabola": ("2 * (x - 2) ** 2", "4 * (x - 2)", "np.full_like(x, 4.0)"),
    "double_well": ("(x * x - 1) ** 2", "4 * x * (x * x - 1)", "12 * x * x - 4"),
    "quartic": ("x**4", "4 * x**3", "12 * x * x"),
    "absolute": ("np.abs(x)", "np.sign(x)  # 0 at the kink, by convention", "np.zeros_like(x)"),
    "wavy": ("x * x / 20 + 1 - np.cos(2 * x)", "x / 10 + 2 * np.sin(2 * x)", "0.1 + 4 * np.cos(2 * x)"),
}

_CURVE = """def f(x):
    x = x[..., 0]
    return {value}


def gradient(x):
    return {slope}"""

_CURVATURE = """


def curvature(x):
    return {curvature}"""

_QUADRATIC = """# f(x) = 1/2 x^T H x
H = np.array({hessian})


def f(x):
    return 0.5 * (x * (x @ H)).sum(axis=-1)


def gradient(x):
    return x @ H"""

_ROSENBROCK = """def f(x):
    x0, x1 = x[..., 0], x[..., 1]
    return (1 - x0) ** 2 + 100 * (x1 - x0 * x0) ** 2


def gradient(x):
    x0, x1 = x[..., 0], x[..., 1]
    r = x1 - x0 * x0
    return np.stack([-2 * (1 - x0) - 400 * x0 * r, 200 * r], axis=-1)"""

_HIMMELBLAU = """def f(x):
    x0, x1 = x[..., 0], x[..., 1]
    return (x0 * x0 + x1 - 11) ** 2 + (x0 + x1 * x1 - 7) ** 2


def gradient(x):
    x0, x1 = x[..., 0], x[..., 1]
    p, q = x0 * x0 + x1 - 11, x0 + x1 * x1 - 7
    return np.stack([4 * x0 * p + 2 * q, 2 * p + 4 * x1 * q], axis=-1)"""

_BEALE = """def residuals(x):
    x0, x1 = x[..., 0], x[..., 1]
    return 1.5 - x0 + x0 * x1, 2.25 - x0 + x0 * x1**2, 2.625 - x0 + x0 * x1**3


def f(x):
    p, q, r = residuals(x)
    return p * p + q * q + r * r


def gradient(x):
    x0, x1 = x[..., 0], x[..., 1]
    p, q, r = (2 * residual for residual in residuals(x))
    along_x0 = p * (x1 - 1) + q * (x1**2 - 1) + r * (x1**3 - 1)
    along_x1 = p * x0 + q * 2 * x0 * x1 + r * 3 * x0 * x1**2
    return np.stack([along_x0, along_x1], axis=-1)"""

_PLANES = {
    "round_bowl": _QUADRATIC,
    "elongated_bowl": _QUADRATIC,
    "rosenbrock": _ROSENBROCK,
    "himmelblau": _HIMMELBLAU,
    "beale": _BEALE,
    "saddle": _QUADRATIC,
}

_AXES = "# The last axis of x holds the coordinates of a point; any axes before it hold points side by side.\n"


def surface_source(surface: Surface, curvature: bool = False) -> str:
    """A surface written out: f and gradient, which round as `surface.value` and `surface.gradient` at the same points.

    Args:
        surface: one of `surfaces`, an elongated bowl with its own condition and angle.
        curvature: whether f'' is wanted, too; of a surface of one variable.
    Returns: the source, without a line end behind it, for a script that imports NumPy as np: f(x), gradient(x) and
        curvature(x) take points (..., d) and return (...), (..., d) and (..., 1).
    Raises: InputError: unknown_name, also of the curvature of a surface of two variables.
    """
    code = one_of("surface", surface.code, _CURVES if curvature else [*_CURVES, *_PLANES])
    return _AXES + (_curve(code, curvature) if code in _CURVES else _plane(surface))


def _curve(code: str, with_curvature: bool) -> str:
    value, slope, curvature = _CURVES[code]
    template = _CURVE + _CURVATURE if with_curvature else _CURVE
    return template.format(value=value, slope=slope, curvature=curvature)


def _plane(surface: Surface) -> str:
    # Only the quadratics' text has a place for the Hessian; theirs is the same everywhere, so any point will do.
    return _PLANES[surface.code].format(hessian=surface.hessian(np.zeros(2)).tolist())
