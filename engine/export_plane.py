"""Learning rates side by side on a surface of two variables, as a script that stands alone."""

from collections.abc import Sequence

from engine.export_surfaces import surface_source
from engine.functions import Surface

_SCRIPT = """# Gradient descent on {code}
import numpy as np


{surface}


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
    Raises:    InputError: unknown_name.
    """
    runs = [f"({float(rate)!r}, gradient)" for rate in learning_rates]
    if numerical:
        runs.append(f"({float(learning_rates[0])!r}, numerical_gradient)")
    return _SCRIPT.format(
        code=surface.code,
        surface=surface_source(surface),
        start=[float(value) for value in start],
        n_steps=n_steps,
        shown=shown,
        runs=", ".join(runs),
        floor="-np.inf" if not surface.minima else repr(surface.floor),
        tolerance=tolerance,
    )
