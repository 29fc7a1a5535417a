"""One step of a rule, with every quantity in it, as a script that stands alone."""

from collections.abc import Sequence

import numpy as np

from engine.errors import whole
from engine.functions import Surface
from engine.optimizers import Optimizer
from engine.step_lines import CODE, GOES_ON_AS, hyperparameters, names
from engine.step_trace import MAX_STEPS

# code of a surface -> lines that compute its gradient from x
GRADIENT_CODE = {
    "round_bowl": ["return 2 * x"],
    "elongated_bowl": ["return np.array({hessian}) @ x"],
    "rosenbrock": [
        "valley = x[1] - x[0] ** 2",
        "return np.array([-2 * (1 - x[0]) - 400 * x[0] * valley, 200 * valley])",
    ],
    "himmelblau": [
        "p, q = x[0] ** 2 + x[1] - 11, x[0] + x[1] ** 2 - 7",
        "return np.array([4 * x[0] * p + 2 * q, 2 * p + 4 * x[1] * q])",
    ],
    "beale": [
        "r = [c - x[0] + x[0] * x[1] ** k for k, c in ((1, 1.5), (2, 2.25), (3, 2.625))]",
        "d0 = sum(2 * r[k - 1] * (x[1] ** k - 1) for k in (1, 2, 3))",
        "d1 = sum(2 * r[k - 1] * k * x[0] * x[1] ** (k - 1) for k in (1, 2, 3))",
        "return np.array([d0, d1])",
    ],
    "saddle": ["return np.array([2.0, -2.0]) * x"],
}


def step_script(surface: Surface, optimizer: Optimizer, start: Sequence[float], k: int) -> str:
    """The k + 1 first steps of a rule, line by line as its formula; the last one is printed.

    Args:
        surface: one of GRADIENT_CODE.
        start: x0, x1.
        k: 0 to 1000.
    Returns: a script; it prints a line "name x0 x1" for the parameters, the gradient and each line of the formula.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    k = whole("k", k, 0, MAX_STEPS)
    state, formula = optimizer.start(start), optimizer.formula()
    used = {name for symbols in formula.values() for name in names(CODE[symbols])}
    hessian = surface.hessian(np.zeros(surface.dimensions)).tolist()
    return "\n".join(
        [
            f"# {optimizer.title}: what happens inside step k = {k}",
            "import numpy as np",
            "",
            *(f"{name} = {value!r}" for name, value in hyperparameters(optimizer).items() if name in used),
            "",
            "",
            "def gradient_at(x):",
            *(f"    {line.format(hessian=hessian)}" for line in GRADIENT_CODE[surface.code]),
            "",
            "",
            f"parameters = np.array({[float(value) for value in start]})",
            *(f"{name} = np.full(2, {float(state[name].flat[0])!r})" for name in optimizer.memory),
            f"for k in range({k + 1}):",
            "    gradient = gradient_at(parameters)",
            '    shown = {"parameters": parameters, "gradient": gradient}',
            *(f'    {GOES_ON_AS.get(name, name)} = shown["{name}"] = {CODE[line]}' for name, line in formula.items()),
            "",
            "for name, (x0, x1) in shown.items():",
            "    print(name, repr(float(x0)), repr(float(x1)))",
            "",
        ]
    )
