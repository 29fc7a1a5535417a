"""A restricted Boltzmann machine and one step of contrastive divergence, in symbols and with the numbers in."""

from collections.abc import Callable, Sequence

import numpy as np

from engine.rbm_by_hand import HandStep
from pages.shared.formulas.lines import aligned, bracketed

Text = Callable[[float], str]

POSITIVE, NEGATIVE = r"\langle v h \rangle_{\text{data}}", r"\langle v h \rangle_{k}"


def energy() -> str:
    """The energy, and what it makes of the states."""
    return aligned(
        r"E(v, h) &= -\,v \cdot b - h \cdot c - v\,W h^{\top}",
        r"p(v, h) &= \frac{e^{-E(v, h)}}{Z}",
        r"Z &= \sum_{v, h} e^{-E(v, h)}",
    )


def layers() -> str:
    """One layer given the other."""
    return aligned(
        r"p(h_j = 1 \mid v) &= \sigma\Bigl(c_j + \sum_i v_i W_{ij}\Bigr)",
        r"p(v_i = 1 \mid h) &= \sigma\Bigl(b_i + \sum_j h_j W_{ij}\Bigr)",
    )


def rule() -> str:
    """The update of CD-k."""
    return aligned(
        rf"\Delta W &= \eta\,\bigl({POSITIVE} - {NEGATIVE}\bigr)",
        r"\Delta b &= \eta\,\bigl(\langle v \rangle_{\text{data}} - \langle v \rangle_{k}\bigr)",
        r"\Delta c &= \eta\,\bigl(\langle h \rangle_{\text{data}} - \langle h \rangle_{k}\bigr)",
    )


def up(step: HandStep, number: Text) -> str:
    """From the image to the drawn hidden states."""
    return aligned(
        rf"v &= {_row(step.v, number)}",
        rf"v\,W &= {_row(step.up_sum, number)}",
        rf"p &= \sigma(v\,W) = {_row(step.h_probability, number)}",
        rf"u &= {_row(step.uniform, number)}",
        rf"h &= [u < p] = {_row(step.h, number)}",
        rf"E(v, h) &= -\,v\,W h^{{\top}} = {number(step.energy)}",
    )


def down(step: HandStep, number: Text) -> str:
    """Back to the pixels, and up once more."""
    return aligned(
        rf"h\,W^{{\top}} &= {_row(step.down_sum, number)}",
        r"v' &= \sigma(h\,W^{\top})",
        rf"&= {_row(step.v_reconstructed, number)}",
        rf"p' &= \sigma(v' W) = {_row(step.h_reconstructed, number)}",
    )


def phases(step: HandStep, number: Text) -> list[str]:
    """The two phases as matrices: what the data say, and what the machine says by itself."""
    return [
        aligned(r"\langle v h \rangle_{\text{data}} &= v^{\top} p", rf"&= {_matrix(step.positive, number)}"),
        aligned(r"\langle v h \rangle_{1} &= v'^{\top} p'", rf"&= {_matrix(step.negative, number)}"),
    ]


def change(step: HandStep, learning_rate: float, number: Text) -> str:
    """The change of the weights; the first of them in full."""
    v, p = bracketed(number(step.v[0])), number(step.h_probability[0])
    v_after, p_after = number(step.v_reconstructed[0]), number(step.h_reconstructed[0])
    return aligned(
        r"\Delta W_{11} &= \eta\,(v_1 p_1 - v'_1 p'_1)",
        rf"&= {number(learning_rate)} \cdot ({v} \cdot {p}",
        rf"&\quad - {v_after} \cdot {p_after})",
        rf"&= {number(step.change[0, 0])}",
        rf"\Delta W &= {_matrix(step.change, number)}",
    )


def effect(step: HandStep, number: Text) -> str:
    """What the step did to the image's probability, exactly."""
    before, after = number(step.log_p_before), number(step.log_p_after)
    return aligned(rf"\ln p(v) &= {before}", rf"&\to {after}")


def _row(values: Sequence[float], number: Text) -> str:
    return "(" + r",\ ".join(map(number, values)) + ")"


def _matrix(values: np.ndarray, number: Text) -> str:
    rows = [" & ".join(map(number, row)) for row in values.tolist()]
    return r"\begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}"
