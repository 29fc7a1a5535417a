"""The numbers of one point under the lens as a script that needs NumPy alone."""

from engine.activations import Activation
from engine.export_code import activation_code, imports
from engine.lens import HALF_WIDTHS, N_VIEW

_TEMPLATE = """{imports}


def f(z):
    return {f}


def slope(z):
    a = f(z)
    return {slope}


z = np.array([{z!r}])
print("f", repr(float(f(z)[0])), "slope", repr(float(slope(z)[0])))

# under the lens: the largest gap between the curve and its tangent in the window z - h ... z + h
for h in {half_widths!r}:
    window = z + h * np.linspace(-1, 1, {n})
    tangent = f(z) + slope(z) * (window - z)
    gap = float(np.abs(f(window) - tangent).max())
    print("h", h, "gap", gap, "gap/h", gap / h, "gap/h^2", gap / h**2)

# the sigmoid's derivative, line by line: the same number each time
e = np.exp(-z[0])
t = 1 + e
sigmoid = 1 / t
print("line 1", float(-1 / t**2 * -e))
print("line 2", float(1 / t**2 * e))
print("line 3", float((1 + e - 1) / (t * t)))
print("line 4", float(1 / t * (1 - 1 / t)))
print("line 5", float(sigmoid * (1 - sigmoid)))

# the line of note 002 that is another number
print("slip", float(1 / t * (1 / t**2)))
"""


def lens_script(activation: Activation, z: float, half_width: float) -> str:
    """One point of an activation, its tangent's gap in ever smaller windows, and the sigmoid's derivative there.

    Args:      half_width: of the first window; then those of the table.
    Returns:   a script; it prints a line "h ... gap ..." a window and a line "line n ..." a step of the derivative.
    """
    value, slope = activation_code(activation, "z", "a")
    return _TEMPLATE.format(
        imports="\n".join(imports([activation])),
        f=value,
        slope=slope,
        z=float(z),
        half_widths=tuple(dict.fromkeys((float(half_width), *HALF_WIDTHS))),
        n=N_VIEW,
    )
