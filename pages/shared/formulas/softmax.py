"""Softmax and two entries of its Jacobian: in symbols, and with the numbers in."""

from engine.softmax_trace import SoftmaxTrace
from pages.shared.formulas.lines import aligned, bracketed, partial
from pages.shared.numbers import tex

SCORE_DIGITS = 7  # 1000.1 and 1002 differ by 1.9


def steps(trace: SoftmaxTrace) -> str:
    """The largest score, the sum of exponentials, every probability."""
    lines = [
        r"p_i &= \frac{e^{(z_i - m)/T}}{S},\quad m = \max_k z_k",
        r"S &= \sum_k e^{(z_k - m)/T}",
        rf"m &= {tex(trace.largest, SCORE_DIGITS)},\quad S = {tex(trace.total)}",
    ]
    rows = zip(trace.exponentials.tolist(), trace.probabilities.tolist(), strict=True)
    lines += [
        rf"p_{index} &= \frac{{{tex(e)}}}{{{tex(trace.total)}}} = {tex(p)}" for index, (e, p) in enumerate(rows, 1)
    ]
    return aligned(*lines)


def slopes(trace: SoftmaxTrace) -> str:
    """An entry of the Jacobian on the diagonal, and one beside it."""
    (first, second), temperature = map(tex, trace.probabilities[:2]), tex(trace.temperature)
    own, other = trace.jacobian[0, :2].tolist()
    return aligned(
        rf"{partial('p_i', 'z_j')} &= \frac{{p_i\,(\delta_{{ij}} - p_j)}}{{T}}",
        rf"{partial('p_1', 'z_1')} &= \frac{{{first} \cdot (1 - {bracketed(first)})}}{{{temperature}}} = {tex(own)}",
        rf"{partial('p_1', 'z_2')} &= -\frac{{{first} \cdot {bracketed(second)}}}{{{temperature}}} = {tex(other)}",
    )


def two_classes(score: float, probability: float, sigmoid: float) -> str:
    """The sigmoid as softmax of two classes."""
    z = tex(score)
    return aligned(
        r"\mathrm{softmax}(z, 0)_1 &= \frac{e^{z}}{e^{z} + e^{0}}",
        r"&= \frac{1}{1 + e^{-z}} = \sigma(z)",
        rf"\mathrm{{softmax}}({z}, 0)_1 &= {tex(probability)},\quad \sigma({z}) = {tex(sigmoid)}",
    )
