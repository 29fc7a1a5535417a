"""The recursion of a signal's variance, and of its gradient's, at one layer: in symbols and with its numbers."""

from collections.abc import Callable

from engine.signal_reading import LayerTheory
from pages.shared.formulas.lines import aligned, bracketed

Text = Callable[[float], str]


def forward(theory: LayerTheory, width: int, variance: float, layer: int, number: Text) -> str:
    """sigma_w^2 and q of a layer, counted from 1; the inputs' mean square is 1."""
    sigma, q, signal = (number(value) for value in (theory.sigma_w2, theory.q, theory.signal))
    below = r"\overline{x^2}" if layer == 1 else rf"\mathbb{{E}}\bigl[f(\sqrt{{q_{{{layer - 1}}}}}\,g)^2\bigr]"
    return aligned(
        r"\sigma_w^2 &= n\,\mathrm{Var}(w)",
        rf"&= {width} \cdot {bracketed(number(variance))} = {sigma}",
        rf"q_{{{layer}}} &= \sigma_w^2\,{below}",
        rf"&= {bracketed(sigma)} \cdot {bracketed(signal)}",
        rf"&= {q}",
    )


def backward(theory: LayerTheory, layer: int, depth: int, number: Text) -> str:
    """chi of a layer, counted from 1, and what it does to the gradient."""
    sigma, slope, chi = (number(value) for value in (theory.sigma_w2, theory.slope, theory.chi))
    mean = rf"\mathbb{{E}}\bigl[f'(\sqrt{{q_{{{layer}}}}}\,g)^2\bigr]"
    lines = [
        rf"\chi_{{{layer}}} &= \sigma_w^2\,{mean}",
        rf"&= {bracketed(sigma)} \cdot {bracketed(slope)}",
        rf"&= {chi}",
    ]
    # The gradient by the last layer's activations is drawn from N(0, 1).
    above = (
        rf"\chi_{{{layer}}}\,\mathbb{{E}}[\delta_{{{layer + 1}}}^2]"
        if layer < depth
        else rf"1 \cdot {bracketed(slope)}"
    )
    lines.append(rf"\mathbb{{E}}[\delta_{{{layer}}}^2] &= {above}")
    return aligned(*lines)
