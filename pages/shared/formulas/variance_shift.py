"""The variance that dropout gives a unit in training, and what is left of it in evaluation, as LaTeX."""

from collections.abc import Callable

from engine.variance_shift import Unit
from pages.shared.formulas.lines import aligned, bracketed

Text = Callable[[float], str]


def moments() -> str:
    """Inverted dropout in symbols: the mean stays, the mean of the squares does not."""
    return aligned(
        r"y &= \frac{x\, m \vphantom{\big|}}{1 - p},\quad P(m = 1) = 1 - p",
        r"\mathrm{E}[y] &= \frac{\mu\,(1 - p)}{1 - p} = \mu",
        r"\mathrm{E}[y^2] &= \frac{(\sigma^2 + \mu^2)(1 - p)}{(1 - p)^2} = \frac{\sigma^2 + \mu^2}{1 - p}",
    )


def variances(unit: Unit, number: Text) -> str:
    """The variance in training, in symbols and with the numbers in, and the one in evaluation."""
    mean, std, p = bracketed(number(unit.mean)), bracketed(number(unit.std)), number(unit.drop_rate)
    return aligned(
        r"\mathrm{Var}_\text{train} &= \frac{\sigma^2 + \mu^2}{1 - p} - \mu^2",
        r"&= \frac{\sigma^2 + p\,\mu^2}{1 - p}",
        rf"&= \frac{{{std}^2 + {p} \cdot {mean}^2}}{{1 - {p}}}",
        rf"&= {number(unit.trained_var)}",
        rf"\mathrm{{Var}}_\text{{eval}} &= \sigma^2 = {number(unit.var)}",
    )


def ratio(unit: Unit, number: Text) -> str:
    """The variance after batch normalization in evaluation, where it is 1 in training."""
    return aligned(
        r"\Delta &= \frac{\mathrm{Var}_\text{eval}}{\mathrm{Var}_\text{train}}"
        r" = \frac{\sigma^2\,(1 - p)}{\sigma^2 + p\,\mu^2}",
        rf"&= \frac{{{number(unit.var)}}}{{{number(unit.trained_var)}}} = {number(unit.ratio)}",
    )
