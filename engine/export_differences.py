"""The errors of a numerical gradient as a script that stands alone: the function and its gradient written out."""

from collections.abc import Sequence

from engine.difference_theory import DECADES
from engine.export_surfaces import surface_source
from engine.surfaces import surface

_SCRIPT = '''# The gradient of {code} at {point}: numerical against analytic
import numpy as np

point = np.array({point})
h = {h!r}
scheme, axis = {scheme!r}, {axis}


{surface}


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
    return _SCRIPT.format(
        code=code,
        point=[float(coordinate) for coordinate in point],
        h=float(h),
        scheme=scheme,
        axis=axis,
        surface=surface_source(surface(code)),
        steps=[float(step) for step in DECADES],
    )
