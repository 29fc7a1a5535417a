"""How much smaller the first layer's gradient is than the last one's, and what batch normalization does, as LaTeX."""

import math
from collections.abc import Callable, Mapping

from pages.shared.formulas.lines import aligned

Text = Callable[[float], str]


def normalization() -> str:
    """Batch normalization in symbols; a strut, or the top of the first line is cut off."""
    return aligned(
        r"\hat x &= \frac{x - \mu_B \vphantom{\big|}}{\sqrt{\sigma_B^2 + \varepsilon}}",
        r"y &= \gamma\, \hat x + \beta",
    )


def gradient_ratios(ends: Mapping[str, tuple[float, float]], last: int, number: Text) -> str:
    """|dL/dW(1)| over |dL/dW(last)| in symbols, and for each kind of network with its numbers.

    Args: ends: name -> (first layer's, last layer's length).
    """
    length = r"\left\lVert \partial L / \partial W^{{({n})}} \right\rVert"
    lines = [rf"r &= \frac{{{length.format(n=1)}}}{{{length.format(n=last)}}}"]
    for name, (first, end) in ends.items():
        ratio = number(first / end) if end and math.isfinite(first) and math.isfinite(end) else r"\text{–}"
        lines.append(rf"\text{{{name}:}} & \;\frac{{{number(first)}}}{{{number(end)}}} = {ratio}")
    return aligned(*lines)
