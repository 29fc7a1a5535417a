"""A numerical derivative as formulas: the quotient with every digit, its errors, the two lines of the valley."""

import math
from decimal import Decimal

from engine.difference_theory import PredictedErrors, Quotient
from pages.shared import numbers
from pages.shared.formulas.lines import aligned

DIGITS = 17  # enough to tell any two numbers of float64 apart
FIXED = range(-4, 16)  # powers of ten of the first digit that are written without an exponent


def definition(scheme: str, names: tuple[str, ...], axis: int) -> str:
    """The quotient in symbols; below it f₊ and f₋ stand for its two values."""
    ahead, behind = _at(names, axis, "+ h"), _at(names, axis, "- h" if scheme == "central" else "")
    second = "f_-" if scheme == "central" else "f"
    return aligned(
        rf"f_+ &= f({ahead})",
        rf"{second} &= f({behind})",
        rf"g = {derivative(names, axis)} &\approx \hat g = \frac{{f_+ - {second}}}{{{_distance(scheme)}}}",
    )


def derivative(names: tuple[str, ...], axis: int) -> str:
    """f'(x), or the partial derivative."""
    return "f'(x)" if len(names) == 1 else rf"\frac{{\partial f}}{{\partial {names[axis]}}}"


def _at(names: tuple[str, ...], axis: int, change: str) -> str:
    return ",\\, ".join(f"{name} {change}" if place == axis and change else name for place, name in enumerate(names))


def _distance(scheme: str) -> str:
    return "2h" if scheme == "central" else "h"


def worked(q: Quotient, scheme: str, name: str) -> str:
    """The same with the numbers in; the digits of the values that cancel are underlined."""
    central = scheme == "central"
    second = "f_-" if central else "f"
    x_ahead, x_behind = together(q.x_ahead, q.x_behind)
    f_ahead, f_behind = together(q.f_ahead, q.f_behind, cancelled(q))
    return aligned(
        f"{name} + h &= {x_ahead}",
        f"{name} - h &= {x_behind}" if central else f"{name} &= {x_behind}",
        f"f_+ &= {f_ahead}",
        f"{second} &= {f_behind}",
        f"f_+ - {second} &= {numbers.tex(q.difference, DIGITS)}",
    )


def compared(q: Quotient) -> str:
    """Numerical beside analytic, and how far the one is off."""
    lines = [
        rf"\hat g &= {numbers.tex(q.estimate, DIGITS)}",
        rf"g &= {numbers.tex(q.exact, DIGITS)}",
        rf"|\hat g - g| &= {numbers.tex(q.absolute_error)}",
    ]
    if q.relative_error is not None:
        lines.append(rf"\frac{{|\hat g - g|}}{{|g|}} &= {numbers.tex(q.relative_error)}")
    return aligned(*lines)


def cancelled(q: Quotient) -> int:
    """How many of the DIGITS cancel in the difference."""
    return DIGITS if math.isinf(q.lost_digits) else min(DIGITS, int(q.lost_digits))


def together(one: float, other: float, underlined: int = 0) -> tuple[str, str]:
    """Two numbers with 17 significant digits and the same power of ten, so that they can be compared by eye."""
    largest = max(abs(one), abs(other))
    power = Decimal(largest).adjusted() if largest else 0
    if power in FIXED:
        decimals, tail = DIGITS - 1 - power, ""
    else:
        one, other = (Decimal(value).scaleb(-power) for value in (one, other))
        decimals, tail = DIGITS - 1, rf" \cdot 10^{{{power}}}"
    return tuple(_underlined(f"{value:.{decimals}f}", underlined) + tail for value in (one, other))


def _underlined(text: str, n_digits: int) -> str:
    """Underline the first `n_digits` significant digits, with sign and point."""
    end = seen = 0
    while seen < n_digits and end < len(text):
        seen += text[end].isdigit() and (seen > 0 or text[end] != "0")
        end += 1
    return rf"\underline{{{text[:end]}}}{text[end:]}" if seen else text


def valley(predicted: PredictedErrors, scheme: str) -> str:
    """The two lines, and where their sum is lowest."""
    power = "h^2" if predicted.order == 2 else "h"
    constant = r"\tfrac16 \lVert f''' \rVert" if predicted.order == 2 else r"\tfrac12 \lVert f'' \rVert"
    lines = [
        rf"|\hat g - g| &\approx c\,{power} + \frac{{r}}{{h}}",
        rf"c &= {constant} = {numbers.tex(predicted.truncation)}",
        r"r &= \varepsilon \left(|f| + |x f'|\right)",
        rf"&= {numbers.tex(predicted.rounding)}",
    ]
    if predicted.best_step is not None:
        root = r"\sqrt[3]{\frac{r}{2c}}" if predicted.order == 2 else r"\sqrt{\frac{r}{c}}"
        lines.append(rf"h^* &= {root} = {numbers.tex(predicted.best_step)}")
    return aligned(*lines)
