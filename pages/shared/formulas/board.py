"""The board's formulas: the smoothed curve at one epoch, and the size of the gradients layer by layer."""

from collections.abc import Callable

from engine.board import Spread
from engine.board_scalars import Smoothed
from pages.shared.formulas.lines import aligned, bracketed, partial

Text = Callable[[float], str]


def smoothing(values, found: Smoothed, factor: float, epoch: int, number: Text) -> str:
    """The average at an epoch, with its correction: in symbols, then with the numbers. Epoch 0 is t = 1."""
    before = float(found.average[epoch - 1]) if epoch else 0.0
    average, weight, shown = (float(part[epoch]) for part in (found.average, found.weights, found.shown))
    beta, rest, t = number(factor), number(1 - factor), epoch + 1
    return aligned(
        r"m_t &= \beta\, m_{t-1} + (1 - \beta)\, x_t",
        rf"m_{{{t}}} &= {beta} \cdot {bracketed(number(before))}",
        rf"&\quad + {rest} \cdot {bracketed(number(float(values[epoch])))}",
        f"&= {number(average)}",
        r"\hat m_t &= \frac{m_t}{1 - \beta^t}",
        rf"\hat m_{{{t}}} &= \frac{{{number(average)}}}{{{number(weight)}}}",
        f"&= {number(shown)}",
    )


def gradient_sizes(first: Spread, last: Spread, n_layers: int, frame: int, number: Text) -> str:
    """The typical entry of dL/dW in the first and in the last layer, and one over the other."""
    sizes = [float(one.rms[frame]) for one in (first, last)]
    names = [rf"\mathrm{{rms}}\,{partial('L', f'W^{{({n})}}')}" for n in (1, n_layers)]
    ratio = number(sizes[0] / sizes[1]) if sizes[1] else r"\text{?}"
    return aligned(
        r"\mathrm{rms}\,v &= \sqrt{\tfrac{1}{N} \textstyle\sum_i v_i^2}",
        *(f"{name} &= {number(size)}" for name, size in zip(names, sizes, strict=True)),
        rf"\frac{{\mathrm{{rms}}^{{(1)}}}}{{\mathrm{{rms}}^{{({n_layers})}}}} &= {ratio}",
    )
