"""Gradient descent on a function of one variable as a script that stands alone."""

from engine.errors import number, one_of, whole

# code -> f(x), f'(x), f''(x) as NumPy code, term by term as in `surfaces`, so that it rounds alike
CODE = {
    "parabola": ("x * x", "2 * x", "np.full_like(x, 2.0)"),
    "shifted_parabola": ("2 * (x - 2) ** 2", "4 * (x - 2)", "np.full_like(x, 4.0)"),
    "double_well": ("(x * x - 1) ** 2", "4 * x * (x * x - 1)", "12 * x * x - 4"),
    "quartic": ("x**4", "4 * x**3", "12 * x * x"),
    "absolute": ("np.abs(x)", "np.sign(x)  # 0 at the kink, by convention", "np.zeros_like(x)"),
    "wavy": ("x * x / 20 + 1 - np.cos(2 * x)", "x / 10 + 2 * np.sin(2 * x)", "0.1 + 4 * np.cos(2 * x)"),
}

_TEMPLATE = """import numpy as np


def f(x):
    return {value}


def slope(x):
    return {slope}


def curvature(x):
    return {curvature}


learning_rate, n_steps = {rate!r}, {n_steps}
x = np.array([{start!r}])
print("k x f(x) slope step")
with np.errstate(over="ignore", invalid="ignore"):  # a run that diverges overflows: that is its result
    for k in range(n_steps + 1):
        step = -slope(x) * learning_rate
        print(k, float(x[0]), float(f(x)[0]), float(slope(x)[0]), float(step[0]))
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


def line_script(surface: str, start: float, learning_rate: float, n_steps: int, minimum: float | None = None) -> str:
    """The path of `descent.descend` with plain gradient descent, step by step, and the limits at a minimum.

    Args:
        surface: code of a surface of one variable.
        start, learning_rate, n_steps: as in `descend`.
        minimum: where the curvature is taken; None: nowhere.
    Returns: a script; it prints a line a step, k x f(x) f'(x) -learning_rate f'(x), then the curvature with its limits.
    Raises: InputError: unknown_name, not_a_number, not_finite, out_of_range.
    """
    value, slope, curvature = CODE[one_of("surface", surface, CODE)]
    script = _TEMPLATE.format(
        value=value,
        slope=slope,
        curvature=curvature,
        rate=number("learning_rate", learning_rate, 0),
        start=number("start", start),
        n_steps=whole("n_steps", n_steps, 0, 10_000),
    )
    return script if minimum is None else script + _MINIMUM.format(minimum=number("minimum", minimum))
