"""One step of a rule, with every quantity in it, as a script that stands alone."""

from collections.abc import Sequence

from engine.errors import whole
from engine.export_surfaces import surface_source
from engine.functions import Surface
from engine.optimizers import Optimizer
from engine.step_lines import CODE, GOES_ON_AS, hyperparameters, names
from engine.step_trace import MAX_STEPS


def step_script(surface: Surface, optimizer: Optimizer, start: Sequence[float], k: int) -> str:
    """The k + 1 first steps of a rule, line by line as its formula; the last one is printed.

    Args:
        surface: of two variables.
        start: x0, x1.
        k: 0 to 1000.
    Returns: a script; it prints a line "name x0 x1" for the parameters, the gradient and each line of the formula.
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name.
    """
    k = whole("k", k, 0, MAX_STEPS)
    state, formula = optimizer.start(start), optimizer.formula()
    used = {name for symbols in formula.values() for name in names(CODE[symbols])}
    return "\n".join(
        [
            f"# {optimizer.title}: what happens inside step k = {k}",
            "import numpy as np",
            "",
            *(f"{name} = {value!r}" for name, value in hyperparameters(optimizer).items() if name in used),
            "",
            "",
            surface_source(surface),
            "",
            "",
            "gradient_at = gradient  # the function; below, gradient is its value in a step",
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
