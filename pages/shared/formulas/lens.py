"""An activation and its derivative at one z: in symbols, with the numbers in, the result."""

from engine.activations import Activation
from engine.lens import Point
from pages.shared.formulas.lines import aligned, bracketed
from pages.shared.numbers import DIGITS, tex

# Formulas with the numbers in. Z: the number, in parentheses where it is negative; N: without them; M: minus z;
# A: f(z), and Q the same for a power; K, B, S: the function's own alpha, beta and scale. A function of several pieces
# has a formula for each, from the left.
ENDS = {
    "step": (0.0,),
    "relu": (0.0,),
    "leaky_relu": (0.0,),
    "elu": (0.0,),
    "selu": (0.0,),
    "hard_sigmoid": (-3.0, 3.0),
    "hard_swish": (-3.0, 3.0),
}
VALUES = {
    "step": ("0", "1"),
    "linear": ("N",),
    "sigmoid": (r"\frac{1}{1 + e^{M}}",),
    "tanh": (r"\frac{e^{N} - e^{M}}{e^{N} + e^{M}}",),
    "arctan": (r"\arctan(N)",),
    "softsign": (r"\frac{N}{1 + |N|}",),
    "gaussian_sigmoid": (r"\mathrm{erf}\bigl(\tfrac{\sqrt{\pi}}{2} \cdot Z\bigr)",),
    "hard_sigmoid": ("0", r"\tfrac16 \cdot Z + \tfrac12", "1"),
    "relu": (r"\max(0, N)",) * 2,
    "leaky_relu": (r"\max(K \cdot Z,\, N)",) * 2,
    "elu": (r"K \cdot (e^{N} - 1)", "N"),
    "selu": (r"S \cdot K \cdot (e^{N} - 1)", r"S \cdot N"),
    "softplus": (r"\ln(1 + e^{N})",),
}
SLOPES = {
    "step": ("0", "0"),
    "linear": ("1",),
    "sigmoid": (r"A \cdot (1 - A)",),
    "tanh": ("1 - Q^2",),
    "arctan": (r"\frac{1}{1 + Z^2}",),
    "softsign": (r"\frac{1}{(1 + |N|)^2}",),
    "gaussian_sigmoid": (r"e^{-\pi \cdot Z^2 / 4}",),
    "hard_sigmoid": ("0", r"\tfrac16", "0"),
    "relu": ("0", "1"),
    "leaky_relu": ("K", "1"),
    "elu": (r"K \cdot e^{N}", "1"),
    "selu": (r"S \cdot K \cdot e^{N}", "S"),
    "softplus": (r"\frac{1}{1 + e^{M}}",),
}
GATED = r"g(z) + z\,g'(z)"  # the derivative of z g(z)
GATES = {
    "swish": (r"\sigma(B \cdot Z)",),
    "gelu": (r"\Phi(N)",),
    "gelu_tanh": (r"\tfrac12 (1 + \tanh u)",),
    "mish": (r"\tanh(\ln(1 + e^{N}))",),
    "hard_swish": ("0", r"\tfrac16 \cdot Z + \tfrac12", "1"),
}
FINE = 8  # digits where a difference of two such numbers is the result
OWN = {"alpha": r"\alpha", "beta": r"\beta", "scale": "s"}


def value(activation: Activation, point: Point, gate: tuple[float, float] | None) -> str:
    """f(z) in symbols, with the numbers in, the result."""
    first, *named = _broken(activation.latex, "f(z)")
    named += _constants(activation)
    if gate is None:
        return aligned(first, *named, *_result("f", point.z, _put_in(VALUES, activation, point), point.value))
    opened = _result("g", point.z, _put_in(GATES, activation, point), gate[0])
    put_in = rf"{bracketed(tex(point.z))} \cdot {bracketed(tex(gate[0]))}"
    return aligned(first, r"&= z\,g(z)", *named, *opened, *_result("f", point.z, put_in, point.value))


def slope(activation: Activation, point: Point, gate: tuple[float, float] | None) -> str:
    """f'(z) in symbols, with the numbers in, the result; at a kink the convention."""
    symbols = [f"f'(z) &= {GATED}"] if gate else _broken(activation.derivative_latex, "f'(z)")
    if not point.has_tangent:
        return aligned(*symbols, rf"f'({tex(point.z)}) &:= {tex(point.slope)}")
    if gate is None:
        return aligned(*symbols, *_result("f'", point.z, _put_in(SLOPES, activation, point), point.slope))
    g, its_slope = (tex(number, FINE) for number in gate)  # they nearly cancel where f is lowest
    own = f"g'({tex(point.z)}) &= {its_slope}"
    product = rf"&\quad + {bracketed(tex(point.z))} \cdot {bracketed(its_slope)}"
    return aligned(*symbols, own, f"f'({tex(point.z)}) &= {g}", product, f"&= {tex(point.slope)}")


def _broken(latex: str, left: str) -> list[str]:
    """A formula as lines: what it names with "u =" or "g =" gets a line of its own."""
    first, *names = latex.split(r",\quad ")
    return [f"{left} &= {first}", *(name.replace(" = ", " &= ", 1) for name in names)]


def _constants(activation: Activation) -> list[str]:
    """A line with the function's own numbers, where it has some."""
    own = [f"{symbol} = {tex(getattr(activation, name))}" for name, symbol in OWN.items() if hasattr(activation, name)]
    return [r",\; ".join(own).replace("=", "&=", 1)] if own else []


def _put_in(templates: dict, activation: Activation, point: Point) -> str:
    ends = ENDS.get(activation.name, ())
    template = templates[activation.name][sum(point.z > end for end in ends)]
    value = tex(point.value, FINE if abs(point.value) > 0.9 else DIGITS)  # 1 - 0.99998771^2, not 1 - 1^2
    texts = {
        "Z": bracketed(tex(point.z)),
        "N": tex(point.z),
        "M": tex(-point.z),
        "A": value,
        "Q": bracketed(value),
        "K": tex(getattr(activation, "alpha", 1.0)),
        "B": tex(getattr(activation, "beta", 1.0)),
        "S": tex(getattr(activation, "scale", 1.0)),
    }
    return "".join(texts.get(letter, letter) for letter in template)


def _result(name: str, z: float, put_in: str, result: float) -> list[str]:
    lines = [f"{name}({tex(z)}) &= {put_in}"]
    return lines if put_in == tex(result) else [*lines, f"&= {tex(result)}"]
