"""Why equal units stay equal, how far apart they are, and when the smallest noise has told them apart."""

from collections.abc import Callable

from engine.symmetry import Growth
from pages.shared.formulas.lines import aligned, bracketed

Text = Callable[[float], str]

GRADIENT = aligned(
    r"\frac{\partial L}{\partial w_{ij}} &= \sum_n x_{ni}\, f'(z_{nj})\, v_j\, \delta_n",
    r"\theta_j = \theta_k\ &\Rightarrow\ \frac{\partial L}{\partial \theta_j} = \frac{\partial L}{\partial \theta_k}",
)


def difference(start: float, now: float, update: int, number: Text) -> str:
    """The largest difference between two units, at the start and after an update."""
    return aligned(
        r"d &= \max_{j,k} \lVert \theta_j - \theta_k \rVert_\infty",
        rf"d_0 &= {number(start)}",
        rf"d_{{{update}}} &= {number(now)}",
    )


def time_to_break(growth: Growth, noise: float, number: Text) -> str:
    """The straight line in symbols, its numbers, and what it says of one size of noise; none for a noise of 0.

    What a straight line says of the difference itself comes before it.
    """
    slope, offset = number(growth.per_decade), number(growth.offset)
    lines = [r"d_t &\approx C\, s \cdot 10^{\,t / T}", rf"C &= {number(growth.factor)}"] if growth.straight else []
    lines += [
        r"t^* &\approx t_1 - T \log_{10} s",
        rf"T &= {slope}, \quad t_1 = {offset}",
    ]
    if noise > 0:
        lines += [
            rf"t^* &\approx {offset} - {slope} \log_{{10}} {bracketed(number(noise))}",
            rf"&= {number(growth.at(noise))}",
        ]
    return aligned(*lines)
