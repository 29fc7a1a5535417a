"""What a scheme promises about its weights, and where the schemes come from."""

from collections.abc import Callable
from fractions import Fraction

from engine.drawn_weights import Drawn, TwoRules
from engine.initializers import VarianceScaling
from engine.weight_schemes import Constant, Initializer, Normal, Orthogonal
from pages.shared.formulas.heavy_ball import TALL
from pages.shared.formulas.lines import aligned

Text = Callable[[float], str]

FANS = {"fan_in": r"n_\text{in}", "fan_out": r"n_\text{out}", "fan_avg": r"n_\text{in} + n_\text{out}"}
MOST_DENOMINATOR = 12

FORWARD = aligned(
    r"\operatorname{Var}(z) &= n_\text{in} \operatorname{Var}(w)\, \mathbb E[x^2]",
    r"\Rightarrow\ n_\text{in} \operatorname{Var}(w) &= 1",
)
BACKWARD = aligned(
    r"\operatorname{Var}(\delta_x) &= n_\text{out} \operatorname{Var}(w) \operatorname{Var}(\delta_z)",
    r"\Rightarrow\ n_\text{out} \operatorname{Var}(w) &= 1",
)
RELU = aligned(
    r"\mathbb E[\max(0, z)^2] &= \tfrac12 \operatorname{Var}(z)",
    r"\Rightarrow\ n_\text{in} \operatorname{Var}(w) &= 2",
)


def scheme(initializer: Initializer, fans: tuple[int, int], drawn: Drawn, index: str, number: Text) -> str:
    """The standard deviation in symbols and with the numbers in; of a bounded distribution its limit as well."""
    sigma, limit = rf"\sigma_{index}", rf"r_{index}"
    theory = number(drawn.theory)
    if isinstance(initializer, Constant):
        return aligned(rf"w &= c = {number(initializer.value)}", rf"{sigma} &= 0")
    if isinstance(initializer, Orthogonal):
        gain = number(initializer.gain)
        root = r"\sqrt{\max(n_\text{in}, n_\text{out})}"
        return aligned(
            rf"W^\top W &= g^2 I \quad (g = {gain})",
            rf"{TALL}{sigma} &= \frac{{g}}{{{root}}} = \frac{{{gain}}}{{\sqrt{{{max(fans)}}}}}",
            rf"&= {theory}",
        )
    if isinstance(initializer, VarianceScaling):
        lines = _root(initializer, fans, rf"{sigma} &= ", 1)
        if drawn.limit is None:
            return aligned(*lines, rf"&= {theory}")
        lines += [rf"&= {theory}", rf"{limit} &= \sqrt 3\, {sigma}", *_root(initializer, fans, "&= ", 3)]
        return aligned(*lines, rf"&= {number(drawn.limit)}")
    if isinstance(initializer, Normal):
        return aligned(rf"{sigma} &= {theory}")
    return aligned(
        rf"{limit} &= {number(drawn.limit)}",
        rf"{TALL}{sigma} &= \frac{{{limit}}}{{\sqrt 3}} = \frac{{{number(drawn.limit)}}}{{\sqrt 3}}",
        rf"&= {theory}",
    )


def _root(initializer: VarianceScaling, fans: tuple[int, int], left: str, factor: int) -> list[str]:
    """The root of `factor` times the variance, in symbols and with the numbers in."""
    top, bottom = _fraction(factor * initializer.scale * (2 if initializer.mode == "fan_avg" else 1))
    values = {"fan_in": fans[0], "fan_out": fans[1], "fan_avg": f"{fans[0]} + {fans[1]}"}
    symbols, numbers = FANS[initializer.mode], str(values[initializer.mode])
    if bottom != "1":
        symbols, numbers = rf"{bottom}\, {symbols}", rf"{bottom} \cdot {numbers}"
    return [rf"{TALL}{left}\sqrt{{\frac{{{top}}}{{{symbols}}}}} = \sqrt{{\frac{{{top}}}{{{numbers}}}}}"]


def _fraction(scale: float) -> tuple[str, str]:
    """Numerator and denominator: a small fraction where it is one, such as PyTorch's 1/3, else a decimal over 1."""
    near = Fraction(scale).limit_denominator(MOST_DENOMINATOR)
    if abs(float(near) - scale) <= 1e-12 * scale:
        return str(near.numerator), str(near.denominator)
    return f"{scale:.4g}", "1"


def sample(drawn: Drawn, n_weights: int, index: str, number: Text) -> str:
    """How far the sample lies from theory, and how far it lies typically."""
    sigma, s = rf"\sigma_{index}", rf"s_{index}"
    lines = [rf"{s} - {sigma} &= {number(drawn.std - drawn.theory)}"]
    if drawn.std_error:
        factor = 2 if drawn.limit is None else 5
        root = rf"\sqrt{{{factor} \cdot {n_weights}}}"
        lines = [
            rf"{s} &= {number(drawn.std)}",
            *lines,
            rf"{TALL}\mathrm{{SE}} &\approx \frac{{{sigma}}}{{\sqrt{{{factor}\, n}}}} "
            rf"= \frac{{{number(drawn.theory)}}}{{{root}}}",
            rf"&= {number(drawn.std_error)}",
        ]
    else:
        lines.insert(0, rf"{s} &= {number(drawn.std)}")
    return aligned(*lines)


def two_rules(fan_in: int, fan_out: int, found: TwoRules, number: Text) -> str:
    """Both rules that are called Xavier, and their ratio, for the one fan_out of `found`."""
    one, other = float(found.by_fan_in[0]), float(found.by_average[0])
    return aligned(
        rf"{TALL}\sigma_{{000}} &= \sqrt{{\frac{{1}}{{n_\text{{in}}}}}} = \sqrt{{\frac{{1}}{{{fan_in}}}}}",
        rf"&= {number(one)}",
        rf"{TALL}\sigma_{{004}} &= \sqrt{{\frac{{2}}{{n_\text{{in}} + n_\text{{out}}}}}} "
        rf"= \sqrt{{\frac{{2}}{{{fan_in} + {fan_out}}}}}",
        rf"&= {number(other)}",
        rf"{TALL}\frac{{\sigma_{{000}}}}{{\sigma_{{004}}}} &= "
        rf"\sqrt{{\frac{{n_\text{{in}} + n_\text{{out}}}}{{2\, n_\text{{in}}}}}} = {number(one / other)}",
    )
