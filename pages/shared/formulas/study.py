"""The plateau of XOR's loss, and the difference of two shares, as formulas."""

from collections.abc import Callable

from engine.optimizer_study import Pair
from pages.shared.formulas.lines import aligned

Text = Callable[[float], str]

SYMBOLS = {
    "cross_entropy": r"-\sum \bigl(y \ln a + (1 - y) \ln (1 - a)\bigr)",
    "half_squared_error": r"\sum \tfrac12 (a - y)^2",
}
AT_ONE_HALF = {
    "cross_entropy": r"4 \cdot \left(-\ln \tfrac12\right)",
    "half_squared_error": r"4 \cdot \tfrac12 \left(\tfrac12\right)^2",
}


def plateau(loss: str, value: float, number: Text) -> str:
    """The loss in symbols, and where all four outputs are 1/2."""
    return aligned(
        rf"L &= {SYMBOLS[loss]}",
        rf"&= {AT_ONE_HALF[loss]} \quad \left(a = \tfrac12\right)",
        rf"&= {number(value)}",
    )


def difference(pair: Pair, number: Text) -> str:
    """The difference of two shares of the same starts: those that agree cancel."""
    n = pair.both + pair.first_alone + pair.second_alone + pair.neither
    first, second = pair.both + pair.first_alone, pair.both + pair.second_alone
    return aligned(
        r"\hat p_1 - \hat p_2 &= \frac{k_1}{n} - \frac{k_2}{n}",
        rf"&= \frac{{{first}}}{{{n}}} - \frac{{{second}}}{{{n}}}",
        rf"&= {number(pair.difference.estimate)}",
    )
