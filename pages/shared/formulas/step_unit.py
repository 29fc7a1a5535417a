"""A step unit of two inputs: its answer and its line, in symbols and with the numbers in."""

from collections.abc import Sequence

from engine.perceptron import LineEquation
from pages.shared import numbers
from pages.shared.formulas.lines import aligned, bracketed

ROOM = r"\rule[-1.2em]{0pt}{0pt}"  # under a fraction, or it touches the one below


def answer(weights: Sequence[float], bias: float) -> str:
    """What the unit computes for any input, and with these weights."""
    w1, w2 = (bracketed(numbers.tex(w)) for w in weights)
    return aligned(
        "z &= x_1 w_1 + x_2 w_2 + b",
        rf"&= x_1 \cdot {w1} + x_2 \cdot {w2} {_signed(numbers.tex(bias))}",
        r"a &= \mathrm{step}(z) = \begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}",
    )


def line(weights: Sequence[float], bias: float, equation: LineEquation) -> str:
    """The line where z = 0, solved for x2, or for x1 where it is upright; "" where there is none."""
    w1, w2, b = (numbers.tex(value) for value in (*weights, bias))
    if equation.kind == "slanted":
        return aligned(
            rf"x_2 &= -\frac{{w_1}}{{w_2}}\, x_1 - \frac{{b}}{{w_2}}{ROOM}",
            rf"&= -\frac{{{w1}}}{{{w2}}}\, x_1 - \frac{{{b}}}{{{w2}}}{ROOM}",
            rf"&= {_of_x1(equation)}",
        )
    if equation.kind == "upright":
        return aligned(
            rf"x_1 &= -\frac{{b}}{{w_1}}{ROOM}",
            rf"&= -\frac{{{b}}}{{{w1}}} = {numbers.tex(equation.intercept)}",
        )
    return ""


def _of_x1(equation: LineEquation) -> str:
    slope, intercept = numbers.tex(equation.slope), numbers.tex(equation.intercept)
    if slope == "0":
        return intercept
    first = {"1": "x_1", "-1": "-x_1"}.get(slope, rf"{slope}\, x_1")
    return first if intercept == "0" else f"{first} {_signed(intercept)}"


def _signed(text: str) -> str:
    """A number as a summand: + 2, - 2."""
    return f"- {text[1:]}" if text.startswith("-") else f"+ {text}"


def written_sum(x: Sequence[float], weights: Sequence[float], bias: float, z: float) -> str:
    """The weighted sum of one input, for a table: 1 · 0.5 + 0 · (−1) − 0.3 = 0.2."""
    products = " + ".join(f"{numbers.plain(a)} · {_in_product(w)}" for a, w in zip(x, weights, strict=True))
    sign = "−" if bias < 0 else "+"
    return f"{products} {sign} {numbers.plain(abs(bias))} = {numbers.plain(z)}"


def _in_product(value: float) -> str:
    text = numbers.plain(value)
    return f"({text})" if value < 0 else text
