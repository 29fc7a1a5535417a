"""What a sweep says, as formulas: how much of it goes with the values, and how two values compare seed by seed."""

from engine.paired_seeds import Paired
from engine.sweep_reading import Luck
from pages.shared.formulas.lines import aligned
from pages.shared.numbers import tex

DIGITS = 3


def luck(found: Luck, n_seeds: int) -> str:
    """The share of the ranks' spread that goes with the values, and what chance alone gives."""
    return aligned(
        r"W &= \frac{\sum_v n\, (\bar r_v - \bar r)^2}{\sum_{v,i} (r_{vi} - \bar r)^2}",
        rf"&= \frac{{{tex(found.between, DIGITS)}}}{{{tex(found.total, DIGITS)}}} = {tex(found.share, DIGITS)}",
        rf"W_{{\mathrm{{luck}}}} &= \frac{{1}}{{n}} = \frac{{1}}{{{n_seeds}}} = {tex(found.by_chance, DIGITS)}",
    )


def pair(found: Paired) -> str:
    """The exact two-sided sign test of one pair of values."""
    n, m = found.lower + found.higher, min(found.lower, found.higher)
    return aligned(
        r"p &= \min\Bigl(1,\ \frac{2}{2^n} \sum_{i=0}^{m} \binom{n}{i}\Bigr)",
        rf"n &= {found.lower} + {found.higher} = {n}",
        rf"m &= \min({found.lower}, {found.higher}) = {m}",
        rf"p &= {tex(found.p, DIGITS)}",
    )
