"""The activation's share of a unit's work, as a formula."""

from collections.abc import Callable

from pages.shared.formulas.lines import aligned

Text = Callable[[float], str]


def share(fan_in: int, cost: float, result: float, number: Text) -> str:
    """c / (n + c) in symbols and with the numbers in."""
    c = number(cost)
    return aligned(
        r"s &= \frac{c \vphantom{\big|}}{n + c}",  # a strut, or a phone cuts off the top of a c
        rf"&= \frac{{{c}}}{{{fan_in} + {c}}}",
        rf"&= {number(result)}",
    )
