"""Gradient descent on a function of one variable as a script that stands alone."""

from engine.errors import number, whole
from engine.export_surfaces import surface_source
from engine.surfaces import surface

# x is a stack of one point, as of a single number NumPy rounds a power otherwise than of an array.
_TEMPLATE = """import numpy as np


{surface}


learning_rate, n_steps = {rate!r}, {n_steps}
x = np.array([[{start!r}]])  # a stack of one point of one coordinate
print("k x f(x) slope step")
with np.errstate(over="ignore", invalid="ignore"):  # a run that diverges overflows: that is its result
    for k in range(n_steps + 1):
        slope = gradient(x)
        step = -slope * learning_rate
        print(k, float(x[0, 0]), float(f(x)[0]), float(slope[0, 0]), float(step[0, 0]))
        x = x + step
"""

_MINIMUM = """
bottom = np.array([{minimum!r}])  # the minimum that decides
bend = float(curvature(bottom)[0])
print("curvature at", float(bottom[0]), "is", bend)
if bend > 0:
    print("1 / curvature", 1 / bend, "2 / curvature", 2 / bend)
    print("factor", 1 - learning_rate * bend, "growth", abs(1 - learning_rate * bend))
"""


def line_script(code: str, start: float, learning_rate: float, n_steps: int, minimum: float | None = None) -> str:
    """The path of `descent.descend` with plain gradient descent, step by step, and the limits at a minimum.

    Args:
        code: of a surface of one variable.
        start, learning_rate, n_steps: as in `descend`.
        minimum: where the curvature is taken; None: nowhere.
    Returns: a script; it prints a line a step, k x f(x) f'(x) -learning_rate f'(x), then the curvature with its limits.
    Raises: InputError: unknown_name, not_a_number, not_finite, out_of_range.
    """
    script = _TEMPLATE.format(
        surface=surface_source(surface(code), curvature=True),
        rate=number("learning_rate", learning_rate, 0),
        start=number("start", start),
        n_steps=whole("n_steps", n_steps, 0, 10_000),
    )
    return script if minimum is None else script + _MINIMUM.format(minimum=number("minimum", minimum))
