"""What optimizers must remember, as a script that stands alone: it makes their states and counts the bytes."""

import numpy as np

from engine.errors import one_of, whole
from engine.lbfgs import LBFGS
from engine.optimizer_family import BYTES, MOST_PARAMETERS, SHOWN
from engine.optimizers import OPTIMIZERS

_SCRIPT = """# What each optimizer keeps from one step to the next: counted in its state for a few parameters
import numpy as np

n_parameters = {n_parameters}  # of the network on screen
number_format = "{number_format}"
FEW = 1000
everyone, one = np.zeros(FEW, number_format), np.zeros((), number_format)

STATES = {{
{states}
}}

print("optimizer numbers_per_parameter megabytes")
for name, state in STATES.items():
    per_parameter = sum(entry.size for entry in state.values() if entry.size == FEW) // FEW
    print(name, per_parameter, per_parameter * everyone.itemsize * n_parameters / 1e6)
"""


def family_script(n_parameters: int, number_format: str = "float32") -> str:
    """The memory of all optimizers but Newton's method.

    Args:      those of optimizer_family.memory_use.
    Returns:   a script; it prints a line "optimizer numbers_per_parameter megabytes" for each.
    Raises:    InputError: not_a_number, not_finite, out_of_range, unknown_name.
    """
    return _SCRIPT.format(
        n_parameters=whole("n_parameters", n_parameters, 1, MOST_PARAMETERS),
        number_format=one_of("number_format", number_format, BYTES),
        states="\n".join(f'    "{code}": {_state(code)},' for code in SHOWN),
    )


def _state(code: str) -> str:
    if code == "lbfgs":
        return f'{{f"{{letter}}_{{k}}": everyone for letter in "sy" for k in range({LBFGS().history_size})}}'
    rule = OPTIMIZERS["adam" if code == "sparse_adam" else code]()
    state = rule.start(np.zeros(2))
    entries = (f'"{name}": {"everyone" if state[name].shape else "one"}' for name in rule.memory)
    return f"{{{', '.join(entries)}}}"
