"""Dropout of a layer and what becomes of it, as formulas: in symbols, and with the numbers of one pass."""

from collections.abc import Callable, Sequence

from engine.dropped import DropoutNet, Unit
from engine.network import Trace
from pages.shared.formulas.lines import aligned, bracketed, wrapped

Text = Callable[[float], str]
RULES = {  # (kind, training) -> what a unit passes on
    ("inverted", True): (r"\frac{a_j\, m_j}{1 - p}", r"\frac{{{a} \cdot {m}}}{{1 - {p}}}"),
    ("classic", True): (r"a_j\, m_j", r"{a} \cdot {m}"),
    ("inverted", False): ("a_j", "{a}"),
    ("classic", False): (r"(1 - p)\, a_j", r"(1 - {p}) \cdot {a}"),
}


def rule(config: DropoutNet, training: bool) -> list[str]:
    """What a mask is, what dropout does to an output, and to the gradient on its way back, in symbols."""
    scale = r"\frac{m_j}{1 - p}" if config.kind == "inverted" else "m_j"
    if not training:
        scale = "" if config.kind == "inverted" else "(1 - p)"
    mask = [r"P(m_j = 0) &= p, \qquad P(m_j = 1) = 1 - p"]
    back = rf"\frac{{\partial L}}{{\partial a_j}} &= {scale} \frac{{\partial L}}{{\partial \tilde a_j}}"
    lines = [*(mask if training else []), rf"\tilde a_j &= {RULES[config.kind, training][0]}", back]
    return [aligned(line) for line in lines]  # each by itself: fractions under each other would touch


def layer(config: DropoutNet, training: bool, units: Sequence[Unit], number: Text) -> str:
    """The units of the last hidden layer, one a line."""
    template = RULES[config.kind, training][1]
    lines = []
    for unit in units:
        if template == "{a}":
            lines.append(rf"\tilde a_{unit.unit} &= {number(unit.a)}")
            continue
        into = template.format(a=bracketed(number(unit.a)), m=int(unit.kept), p=number(config.drop_rate))
        lines.append(rf"\tilde a_{unit.unit} &= {into} = {number(unit.passed)}")
    return aligned(*lines, gap=14 if "frac" in template else 6)  # or the fractions of two lines would touch


def output(config: DropoutNet, of: Trace, units: Sequence[Unit], number: Text) -> str:
    """The output from what the last hidden layer passes on; dropped units have no part in it."""
    weights = of.W[-1][:, 0]
    terms = [
        rf"{bracketed(number(unit.passed))} \cdot {bracketed(number(weight))}"
        for unit, weight in zip(units, weights, strict=True)
        if unit.passed != 0
    ]
    z, a = number(of.z[-1][0, 0]), number(of.a[-1][0, 0])
    lines = [r"z &= \sum_j \tilde a_j w_j", *wrapped(terms, "+", "&= ", a_line=1), rf"&= {z}"]
    lines.append(r"a &= z" if config.output == "linear" else rf"a &= \sigma(z) = {a}")
    return aligned(*lines)
