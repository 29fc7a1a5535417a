"""The interval of a share and of a difference of two shares, and how many runs tell two apart, as formulas."""

from collections.abc import Callable

from engine.proportions import Interval, deviations
from pages.shared.formulas.lines import aligned

Text = Callable[[float], str]
Counts = tuple[int, int]  # successes, runs


def wilson(counts: Counts, share: Interval, confidence: float, number: Text) -> str:
    """Both ends of a share's interval, in symbols and with the numbers in."""
    s, n = counts
    p, z = number(share.estimate), number(deviations(confidence))
    return aligned(
        r"\hat p &= \frac{s}{n}, \qquad c = \frac{z^2}{n}",
        r"(l, u) &= \frac{\hat p + \frac{c}{2} \mp z \sqrt{\frac{\hat p (1 - \hat p)}{n} + \frac{c}{4n}}}{1 + c}",
        rf"\hat p &= \frac{{{s}}}{{{n}}} = {p}, \quad z = {z}",
        rf"(l, u) &= ({number(share.low)},\ {number(share.high)})",
    )


def newcombe(one: Interval, other: Interval, difference: Interval, number: Text) -> str:
    """Both ends of a difference's interval, in symbols and with the numbers in."""
    p1, p2, d = (number(part.estimate) for part in (one, other, difference))
    down = number(one.estimate - one.low), number(other.high - other.estimate)
    up = number(one.high - one.estimate), number(other.estimate - other.low)
    return aligned(
        r"d &= \hat p_1 - \hat p_2",
        rf"&= {p1} - {p2} = {d}",
        r"l &= d - \sqrt{(\hat p_1 - l_1)^2 + (u_2 - \hat p_2)^2}",
        rf"&= {d} - \sqrt{{{down[0]}^2 + {down[1]}^2}}",
        rf"&= {number(difference.low)}",
        r"u &= d + \sqrt{(u_1 - \hat p_1)^2 + (\hat p_2 - l_2)^2}",
        rf"&= {d} + \sqrt{{{up[0]}^2 + {up[1]}^2}}",
        rf"&= {number(difference.high)}",
    )


def trials(p1: float, p2: float, confidence: float, power: float, n: int, number: Text) -> str:
    """The number of runs of each kind; z of the power is one-sided: it is reached from one side alone."""
    mean = (p1 + p2) / 2
    z, z_power = number(deviations(confidence)), number(deviations(2 * power - 1))
    alike, apart = number(2 * mean * (1 - mean)), number(p1 * (1 - p1) + p2 * (1 - p2))
    squared = r"\left\lceil\left(\frac{{{}}}{{{}}}\right)^2\right\rceil"
    symbols = squared.format(r"z \sqrt{2 \bar p \bar q} + z' \sqrt{p_1 q_1 + p_2 q_2}", "p_1 - p_2")
    numbers = squared.format(rf"{z} \sqrt{{{alike}}} + {z_power} \sqrt{{{apart}}}", number(p1 - p2))
    return aligned(
        r"\bar p &= \tfrac12 (p_1 + p_2), \qquad q = 1 - p",
        f"n &= {symbols}",
        f"&= {numbers}",
        f"&= {n}",
    )
