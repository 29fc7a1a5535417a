"""Learning rates side by side on a surface of two variables, as a script that stands alone."""

from collections.abc import Sequence

import numpy as np

from engine.functions import Surface

_ROSENBROCK = """def f(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] * x[0]) ** 2


def gradient(x):
    r = x[1] - x[0] * x[0]
    return np.array([-2 * (1 - x[0]) - 400 * x[0] * r, 200 * r])"""

_HIMMELBLAU = """def f(x):
    return (x[0] * x[0] + x[1] - 11) ** 2 + (x[0] + x[1] * x[1] - 7) ** 2


def gradient(x):
    p, q = x[0] * x[0] + x[1] - 11, x[0] + x[1] * x[1] - 7
    return np.array([4 * x[0] * p + 2 * q, 2 * p + 4 * x[1] * q])"""

_BEALE = """def residuals(x):
    return [(k, c - x[0] + x[0] * x[1] ** k) for k, c in ((1, 1.5), (2, 2.25), (3, 2.625))]


def f(x):
    return sum(r * r for k, r in residuals(x))


def gradient(x):
    along_x0 = sum(2 * r * (x[1] ** k - 1) for k, r in residuals(x))
    along_x1 = sum(2 * r * k * x[0] * x[1] ** (k - 1) for k, r in residuals(x))
    return np.array([along_x0, along_x1])"""

_QUADRATIC = """H = np.array({hessian})


def f(x):
    return 0.5 * (x * (x @ H)).sum()


def gradient(x):
    return x @ H"""

_BODIES = {"rosenbrock": _ROSENBROCK, "himmelblau": _HIMMELBLAU, "beale": _BEALE}

_RUNS = """

def numerical_gradient(x):  # note 002's
    h = 1e-4
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(2)])


start, n_steps, shown = np.array({start}), {n_steps}, {shown}
runs = [{runs}]  # learning rate, gradient
floor, tolerance = {floor}, {tolerance!r}

with np.errstate(over="ignore", invalid="ignore"):  # of runs that diverge
    for learning_rate, slope in runs:
        path = [start]
        for _ in range(n_steps):
            path.append(path[-1] - learning_rate * slope(path[-1]))
        reached = [step for step, x in enumerate(path) if f(x) <= floor + tolerance]
        x = path[shown]
        print("learning_rate", learning_rate, slope.__name__, "step", shown)
        print("  x0", float(x[0]), "x1", float(x[1]), "f", float(f(x)), "|gradient|", float(np.hypot(*gradient(x))))
        print("  steps until converged", reached[0] if reached else "-")
"""


def plane_script(
    surface: Surface,
    start: Sequence[float],
    learning_rates: Sequence[float],
    n_steps: int,
    *,
    shown: int,
    numerical: bool,
    tolerance: float,
) -> str:
    """The runs of plane_descent.run, step by step.

    Args:      shown: the step whose numbers are printed. The others are those of a PlaneConfig.
    Returns:   a script; it prints three lines a run.
    """
    body = _BODIES.get(surface.code) or _QUADRATIC.format(hessian=surface.hessian(np.zeros(2)).tolist())
    runs = [f"({float(rate)!r}, gradient)" for rate in learning_rates]
    if numerical:
        runs.append(f"({float(learning_rates[0])!r}, numerical_gradient)")
    end = _RUNS.format(
        start=[float(value) for value in start],
        n_steps=n_steps,
        shown=shown,
        runs=", ".join(runs),
        floor="-np.inf" if not surface.minima else repr(surface.floor),
        tolerance=tolerance,
    )
    return f"# Gradient descent on {surface.code}\nimport numpy as np\n\n{body}\n{end}"
