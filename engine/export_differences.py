"""The errors of a numerical gradient as a script that stands alone: the function and its gradient written out."""

from collections.abc import Sequence

from engine.difference_theory import DECADES
from engine.errors import one_of

# code of a surface -> f(x) and its gradient; x holds the coordinates in its last axis
_ONE = "x = x[..., 0]"
_TWO = "x, y = x[..., 0], x[..., 1]"
_FORMS = {
    "parabola": (_ONE, ["x * x"], ["2 * x"]),
    "shifted_parabola": (_ONE, ["2 * (x - 2) ** 2"], ["4 * (x - 2)"]),
    "double_well": (_ONE, ["(x * x - 1) ** 2"], ["4 * x * (x * x - 1)"]),
    "quartic": (_ONE, ["x**4"], ["4 * x**3"]),
    "absolute": (_ONE, ["np.abs(x)"], ["np.sign(x)"]),
    "wavy": (_ONE, ["x * x / 20 + 1 - np.cos(2 * x)"], ["x / 10 + 2 * np.sin(2 * x)"]),
    "round_bowl": (_TWO, ["0.5 * (x * (2 * x) + y * (2 * y))"], ["2 * x", "2 * y"]),
    "elongated_bowl": (_TWO, ["0.5 * (x * x + y * (10 * y))"], ["x", "10 * y"]),
    "saddle": (_TWO, ["0.5 * (x * (2 * x) + y * (-2 * y))"], ["2 * x", "-2 * y"]),
    "rosenbrock": (
        _TWO,
        ["(1 - x) ** 2 + 100 * (y - x * x) ** 2"],
        ["-2 * (1 - x) - 400 * x * (y - x * x)", "200 * (y - x * x)"],
    ),
    "himmelblau": (
        f"{_TWO}\n    p, q = x * x + y - 11, x + y * y - 7",
        ["p * p + q * q"],
        ["4 * x * p + 2 * q", "2 * p + 4 * y * q"],
    ),
    "beale": (
        f"{_TWO}\n    r = [c - x + x * y**k for k, c in zip((1, 2, 3), (1.5, 2.25, 2.625))]",
        ["r[0] * r[0] + r[1] * r[1] + r[2] * r[2]"],
        [
            "sum(2 * r[k - 1] * (y**k - 1) for k in (1, 2, 3))",
            "sum(2 * r[k - 1] * k * x * y ** (k - 1) for k in (1, 2, 3))",
        ],
    ),
}

_SCRIPT = '''# The gradient of {code} at {point}: numerical against analytic
import numpy as np

point = np.array({point})
h = {h!r}
scheme, axis = {scheme!r}, {axis}


def f(x):
    {unpack}
    return {value}


def gradient(x):
    {unpack}
    return np.array([{slopes}])


def difference(h, scheme):
    """One row a step h, one column a coordinate."""
    columns = []
    for direction in np.eye(len(point)):
        move = h[:, None] * direction
        if scheme == "central":
            columns.append((f(point + move) - f(point - move)) / (2 * h))
        else:
            columns.append((f(point + move) - f(point)) / h)
    return np.stack(columns, axis=1)


def error(h, scheme):
    return np.linalg.norm(difference(h, scheme) - gradient(point), axis=1)


steps = np.array({steps})
print("h central forward")
for row in zip(steps, error(steps, "central"), error(steps, "forward")):
    print(*map(float, row))

one = np.array([h])
move = one[:, None] * np.eye(len(point))[axis]
ahead, behind = point + move, point - move if scheme == "central" else point[None] + 0 * move
print("x + h", repr(float(ahead[0, axis])), "x - h" if scheme == "central" else "x", repr(float(behind[0, axis])))
print("f ahead", repr(float(f(ahead)[0])))
print("f behind", repr(float(f(behind)[0])))
print("numerical", float(difference(one, scheme)[0, axis]))
print("analytic", float(gradient(point)[axis]))
'''


def differences_script(code: str, point: Sequence[float], h: float, scheme: str, axis: int) -> str:
    """The errors of both schemes for h = 1e-1 … 1e-15, and one quotient.

    Args:      code: of engine.surfaces.SURFACES, as `surface(code)` gives it.
               The others are those of difference_theory.quotient.
    Returns:   a script; it prints a row "h central forward" for each step, then the parts of the quotient.
    Raises:    InputError: unknown_name.
    """
    unpack, value, slopes = _FORMS[one_of("surface", code, _FORMS)]
    return _SCRIPT.format(
        code=code,
        point=[float(coordinate) for coordinate in point],
        h=float(h),
        scheme=scheme,
        axis=axis,
        unpack=unpack,
        value=value[0],
        slopes=", ".join(slopes),
        steps=[float(step) for step in DECADES],
    )
