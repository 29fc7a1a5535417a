"""An activation function and its derivative: in symbols, and the same with the numbers in."""

import re
from collections.abc import Callable, Iterable

from engine.activations import Activation
from pages.shared.formulas.lines import aligned, bracketed

CASES = re.compile(r"(.*?)\\begin\{cases\} (.*) \\end\{cases\}")
CONDITION = re.compile(r"(\|z\||z) (<|>|\\le) (-?\d+)")
HOLDS = {"<": float.__lt__, ">": float.__gt__, r"\le": float.__le__}
WHERE = r" \quad (z \ne 0)"  # of the step function's derivative
FACTOR = re.compile(r"(\\alpha|\\beta|\\pi|\\,)\s*z")  # in symbols a product needs no dot
PRODUCT = r"\,"  # between factors
Z = re.compile(r"(?<![A-Za-z\\])z(?![A-Za-z])")
BREAKS = {  # before these parts a new line begins, or the formula would be too wide for a phone
    "swish": (r" + \beta z\,\sigma",),
    "gelu_tanh": (r" + \tfrac{z}{2}\,(1 - ", r"\,\sqrt{\tfrac{2}{\pi}}\,\bigl(1 + "),
}
MORE_BREAKS = {  # with the numbers in
    "gelu": (r" + \frac{z}{\sqrt{2\pi}}",),
    "gelu_tanh": (r" + 0.044715",),
    "mish": (r"\,(1 - g^2)",),
    "hard_swish": (r"\,\min\!",),
}
ABBREVIATED = {"swish": r"\sigma(\beta z)"}  # what is called g in the derivative with the numbers in

Number = Callable[[float], str]


def symbols(activation: Activation) -> str:
    """f(z) and f'(z)."""
    derivative = _narrow(activation.derivative_latex, BREAKS.get(activation.name, ()))
    return aligned(*_lines("f(z)", activation.latex), *_lines("f'(z)", derivative))


def with_numbers(activation: Activation, z: float, value: float, slope: float, number: Number) -> str:
    """f(z) = value and f'(z) = slope for this z, the formulas with the numbers in.

    At a kink the derivative has no formula: it stands there as the convention has it.
    """
    breaks = BREAKS.get(activation.name, ()) + MORE_BREAKS.get(activation.name, ())

    def written(latex: str) -> str:
        formula = _branch(latex, z).removesuffix(WHERE).replace("f(z)", bracketed(number(value)))
        return _substituted(_narrow(formula, breaks), activation, number(z))

    lines = _lines("f(z)", written(activation.latex), number(value))
    derivative = number(slope) if z in activation.kinks else written(_abbreviated(activation))
    return aligned(*lines, *_lines("f'(z)", derivative, number(slope)))


def _lines(left: str, right: str, result: str = "") -> list[str]:
    """left = right = result, each equality on a line of its own; behind a comma, what an abbreviation means."""
    right, _, meaning = right.partition(r",\quad ")
    sides = right.split(" = ") if result else [right]
    sides += [result] if result and sides != [result] else []
    lines = [f"{left} &= {sides[0]}", *(f"&= {side}" for side in sides[1:])]
    return lines + ([meaning.replace(" = ", " &= ")] if meaning else [])


def _abbreviated(activation: Activation) -> str:
    long, latex = ABBREVIATED.get(activation.name), activation.derivative_latex
    return rf"{latex.replace(long, 'g')},\quad g = {long}" if long else latex


def _narrow(latex: str, breaks: Iterable[str]) -> str:
    """A new line before each of these parts; a product goes on there with a dot."""
    for part in breaks:
        begin = part if not part.startswith(PRODUCT) else r" \cdot " + part.removeprefix(PRODUCT)
        latex = latex.replace(part, r" \\[6pt] &\quad" + begin)
    return latex


def _branch(latex: str, z: float) -> str:
    """The formula of that z, where there are several cases; a factor before them stays."""
    found = CASES.fullmatch(latex)
    if not found:
        return latex
    factor, cases = found.groups()
    for case in cases.split(r" \\ "):
        formula, condition = case.split(", & ")
        side, sign, bound = CONDITION.fullmatch(condition).groups()
        if HOLDS[sign](abs(z) if side == "|z|" else z, float(bound)):
            return rf"{factor}\cdot {formula}" if factor else formula
    return latex  # at a kink none holds


def _substituted(latex: str, activation: Activation, at: str) -> str:
    latex = FACTOR.sub(lambda match: rf"{match[1].removesuffix(PRODUCT)} \cdot z", latex)
    for name, text in _constants(activation).items():
        latex = re.sub(rf"{re.escape(name)}(?![A-Za-z])", lambda _, text=text: text, latex)
    return Z.sub(lambda match: _in_place(match, at), latex)


def _constants(activation: Activation) -> dict[str, str]:
    """LaTeX -> number of what else is in a formula."""
    if activation.name == "selu":
        return {"s \\cdot": rf"{activation.scale:.4g} \cdot", r"\alpha": f"{activation.alpha:.4g}"}
    return {rf"\{name}": f"{value:g}" for name, value in activation.parameters.items()}


def _in_place(match: re.Match, at: str) -> str:
    """The number, in parentheses where it is negative, unless a formula or a bracket begins with it."""
    before, after = match.string[: match.start()].rstrip()[-1:], match.string[match.end() :][:1]
    return at if before in ("", "(", "{", "|", ",") and after != "^" else bracketed(at)
