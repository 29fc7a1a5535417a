"""Batch normalization: its statistics, each sample, what is stored, the inputs: symbols, then numbers."""

import re
from collections.abc import Callable, Sequence

import numpy as np

from engine.normalized_batch import NormalizedBatch, Scaling
from engine.preparation import Standardizer
from engine.stored_statistics import RunningStatistics
from pages.shared.formulas.lines import aligned, bracketed, wrapped

Text = Callable[[float], str]
LETTERS = 27  # of a line with its result, without braces and commands
LINE = 27  # characters of a sum that fit a phone in one line
WIDE = 16  # characters of LaTeX of a term of which three fit a phone in one line
TALL = r"\rule[-0.9em]{0pt}{2.3em}"  # room for a fraction between lines


def summed(front: str, terms: Sequence[str], back: str = "") -> list[str]:
    """A sum in one line, or in several that fit a phone, `front` before and `back` behind it."""
    fits = sum(map(len, terms)) + 2 * len(terms) <= LINE
    a_line = len(terms) if fits else 3 if max(map(len, terms)) <= WIDE else 2
    lines = wrapped(terms, "+", front, a_line)
    return [*lines[:-1], lines[-1] + back]


def broken(front: str, back: str) -> list[str]:
    """A line, or two where it is too long for a phone: `back` is what follows, from its equals sign on."""
    shown = re.sub(r"\\(left|right|quad)|\\[a-z]+ ?|[{}&^_ ]", lambda found: "x" * ("times" in found[0]), front + back)
    return [f"{front} {back}"] if len(shown) <= LETTERS else [front, f"&{back}"]


def mean(batch: NormalizedBatch, number: Text) -> str:
    """The mean of the batch."""
    terms = [bracketed(number(x)) if index else number(x) for index, x in enumerate(batch.x)]
    return aligned(
        r"\mu_B &= \frac{1}{n} \sum_{i=1}^{n} x_i",
        *summed(rf"&= \tfrac{{1}}{{{len(batch.x)}}} (", terms, ")"),
        f"&= {number(batch.mean)}",
    )


def variance(batch: NormalizedBatch, number: Text) -> str:
    """The biased variance, which normalizes, and the unbiased one, which is stored."""
    n = len(batch.x)
    stored = (
        rf"s^2_B &= \frac{{{n}}}{{{n - 1}}} \cdot {bracketed(number(batch.var))} = {number(batch.unbiased)}"
        if n > 1
        else r"s^2_B &= \frac{1}{0} \cdot 0\;\text{?}"
    )
    return aligned(
        r"\sigma^2_B &= \frac{1}{n} \sum_{i=1}^{n} (x_i - \mu_B)^2",
        *summed(rf"&= \tfrac{{1}}{{{n}}} (", [number(value) for value in batch.squared], ")"),
        f"&= {number(batch.var)}",
        r"s^2_B &= \frac{n}{n - 1}\, \sigma^2_B",
        stored,
    )


def normalized(batch: NormalizedBatch, scaling: Scaling, number: Text) -> str:
    """Each normalized value."""
    return aligned(
        r"\hat x_i &= \frac{x_i - \mu_B}{\sqrt{\sigma^2_B + \varepsilon}}",
        rf"\sqrt{{\sigma^2_B + \varepsilon}} &= \sqrt{{{number(batch.var)} + {number(scaling.epsilon)}}}",
        f"&= {number(batch.root)}",
        *(
            rf"{TALL}\hat x_{i} &= \frac{{{number(x)} - {bracketed(number(batch.mean))}}}{{{number(batch.root)}}}"
            rf" = {number(x_hat)}"
            for i, (x, x_hat) in enumerate(zip(batch.x, batch.x_hat, strict=True), 1)
        ),
    )


def scaled(batch: NormalizedBatch, scaling: Scaling, number: Text) -> str:
    """Each scaled and shifted value."""
    gamma, beta = number(scaling.gamma), bracketed(number(scaling.beta))
    return aligned(
        r"y_i &= \gamma\, \hat x_i + \beta",
        *(
            line
            for i, (x_hat, y) in enumerate(zip(batch.x_hat, batch.y, strict=True), 1)
            for line in broken(rf"y_{i} &= {gamma} \cdot {bracketed(number(x_hat))} + {beta}", f"= {number(y)}")
        ),
    )


def without_bias(batch: NormalizedBatch, bias: float, number: Text) -> str:
    """A bias goes into the mean, and with it away again."""
    x, b = batch.x[0], bracketed(number(bias))
    return aligned(
        r"x_i &= z_i + b",
        r"\mu_B &= \mu_z + b",
        r"x_i - \mu_B &= z_i - \mu_z",
        rf"x_1 - \mu_B &= {number(x)} - {bracketed(number(batch.mean))}",
        rf"&= {number(batch.centered[0])} \quad (b = {b})",
    )


def output(batch: NormalizedBatch, scaling: Scaling, sample: int, name: str, number: Text) -> list[str]:
    """One sample's output from whatever mean and variance the batch was normalized with."""
    x, gamma, beta = number(batch.x[sample]), number(scaling.gamma), bracketed(number(scaling.beta))
    quotient = rf"\frac{{{x} - {bracketed(number(batch.mean))}}}{{\sqrt{{{number(batch.var)} + \varepsilon}}}}"
    return [
        rf"{TALL}{name} &= {gamma} \cdot {quotient} + {beta}",
        f"&= {number(batch.y[sample])}",
    ]


def stored(run: RunningStatistics, k: int, momentum: float, number: Text) -> str:
    """What the k-th batch (counted from 1) does to the stored statistics."""
    n, old, new = run.batches.shape[1], bracketed(number(1 - momentum)), bracketed(number(momentum))
    return aligned(
        r"\mu &\leftarrow (1 - m)\, \mu + m\, \mu_B",
        rf"&= {old} \cdot {bracketed(number(run.mean[k - 1]))} + {new} \cdot "
        rf"{bracketed(number(run.batch_mean[k - 1]))}",
        f"&= {number(run.mean[k])}",
        r"\sigma^2 &\leftarrow (1 - m)\, \sigma^2 + m\, s^2_B",
        rf"s^2_B &= \tfrac{{{n}}}{{{n - 1}}} \cdot {bracketed(number(run.batch_var[k - 1]))}"
        rf" = {number(run.batch_unbiased[k - 1])}",
        rf"\sigma^2 &\leftarrow {old} \cdot {bracketed(number(run.var[k - 1]))} + {new} \cdot "
        rf"{bracketed(number(run.batch_unbiased[k - 1]))}",
        f"&= {number(run.var[k])}",
    )


def inputs(by: Standardizer, x: np.ndarray, standardized: np.ndarray, name: str, number: Text) -> str:
    """The first value of x by the figures of a set; `name` is the set's."""
    mean, scale = float(by.mean[0]), float(by.scale[0])
    first = f"{number(x[0])} - {bracketed(number(mean))}"
    return aligned(
        rf"x' &= \frac{{x - \mu_\text{{{name}}}}}{{\sigma_\text{{{name}}}}}",
        rf"\mu_\text{{{name}}} &= {number(mean)}, \quad \sigma_\text{{{name}}} = {number(scale)}",
        rf"{TALL}x'_1 &= \frac{{{first}}}{{{number(scale)}}} = {number(standardized[0])}",
    )
