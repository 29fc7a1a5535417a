"""A step along a curve, and the limits of the learning rate, in symbols and with the numbers in."""

from collections.abc import Callable

from engine.line_descent import Walk
from pages.shared.formulas.lines import aligned, bracketed

Text = Callable[[float], str]
FITS = 24  # letters of two numbers that still stand beside each other on a phone

SLOPES = {
    "parabola": "2 x",
    "shifted_parabola": "4 (x - 2)",
    "double_well": "4 x \\, (x^2 - 1)",
    "quartic": "4 x^3",
    "absolute": r"\operatorname{sign}(x)",
    "wavy": r"\tfrac{1}{10} x + 2 \sin 2x",
}
CURVATURES = {
    "parabola": "2",
    "shifted_parabola": "4",
    "double_well": "12 x^2 - 4",
    "quartic": "12 x^2",
    "absolute": r"0 \quad (x \ne 0)",
    "wavy": r"\tfrac{1}{10} + 4 \cos 2x",
}


def function(latex: str, code: str) -> str:
    """f and its derivative."""
    return aligned(latex.replace("=", "&=", 1), rf"f'(x) &= {SLOPES[code]}")


def step(walk: Walk, k: int, learning_rate: float, number: Text) -> str:
    """The step from x_k to x_k+1."""
    x, slope, after = (number(float(values[k])) for values in (walk.x, walk.slopes, walk.following))
    product = rf"- {bracketed(number(learning_rate))} \cdot {bracketed(slope)}"
    fits = len(x) + len(slope) <= FITS
    return aligned(
        r"x_{k+1} &= x_k - \eta \, f'(x_k)",
        rf"x_{{{k + 1}}} &= x_{{{k}}} - \eta \, f'(x_{{{k}}})",
        *([f"&= {x} {product}"] if fits else [f"&= {x}", rf"&\quad {product}"]),
        f"&= {after}",
    )


def exact_limits(
    code: str, minimum: float, bend: float, borders: tuple[float, float], rate: float, factor: float, number: Text
) -> str:
    """A quadratic: its one curvature, the two borders, the factor of every step."""
    bottom = "x_k" if minimum == 0 else f"x_k - {number(minimum)}"
    after = "x_{k+1}" if minimum == 0 else f"x_{{k+1}} - {number(minimum)}"
    distance = bottom if minimum == 0 else f"({bottom})"
    return aligned(
        rf"\lambda &= f''(x) = {CURVATURES[code]}",
        rf"\frac{{1}}{{\lambda}} &= {number(borders[0])}, \qquad \frac{{2}}{{\lambda}} = {number(borders[1])}",
        rf"{after} &= (1 - \eta \lambda) \, {distance}",
        rf"1 - \eta \lambda &= 1 - {bracketed(number(rate))} \cdot {number(bend)}",
        rf"&= {number(factor)}",
    )


def local_limits(
    code: str,
    minimum: float,
    bend: float,
    borders: tuple[float, float] | None,
    rate: float,
    factor: float,
    number: Text,
) -> str:
    """Another curve: the curvature at the minimum x*, and what it says near there; no borders where it is 0."""
    lines = [rf"f''(x) &= {CURVATURES[code]}"]
    if code != "absolute":  # whose minimum is the kink, where there is no curvature
        lines.append(rf"f''(x^*) &= f''({number(minimum)}) = {number(bend)}")
    if borders:
        lines += [
            rf"1 / f''(x^*) &= {number(borders[0])}",
            rf"2 / f''(x^*) &= {number(borders[1])}",
            rf"1 - \eta f''(x^*) &= 1 - {bracketed(number(rate))} \cdot {number(bend)}",
            rf"&= {number(factor)}",
        ]
    return aligned(*lines)
