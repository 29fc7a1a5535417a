"""Activations and their derivatives at one point, as a NumPy script."""

from collections.abc import Sequence

from engine.activations import Activation
from engine.export_code import activation_code, imports


def activations_script(activations: Sequence[Activation], z: float) -> str:
    """f and f' of each activation at z, beside the central difference of f.

    Args:      z: the pre-activation, finite.
    Returns:   a script; it prints "name f(z) f'(z) numerical" for each activation.
    Convention: at a kink the derivative is the one of the engine's convention; the difference knows none.
    """
    lines = [*imports(activations), "", "h = 1e-5", f"points = np.array([{float(z)!r}])", ""]
    for activation in activations:
        f, derivative = activation_code(activation, "z", "f(z)")
        lines += [
            "",
            f"def f(z):  # {_title(activation)}",
            f"    return {f}",
            "",
            "",
            "def derivative(z):",
            f"    return {derivative}",
            "",
            "",
            "numerical = (f(points + h) - f(points - h)) / (2 * h)",
            f'print("{activation.name}", *map(repr, map(float, [*f(points), *derivative(points), *numerical])))',
            "",
        ]
    return "\n".join(lines[:-1]) + "\n"


def _title(activation: Activation) -> str:
    return ", ".join([activation.name, *(f"{name} = {value!r}" for name, value in activation.parameters.items())])
