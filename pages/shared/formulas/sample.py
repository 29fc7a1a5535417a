"""One sample's forward pass: z and a of each unit, first in symbols, then with the numbers in; answer and loss."""

import re
from collections.abc import Callable
from itertools import pairwise

from engine.activations import Activation
from engine.features import FEATURES
from engine.lab_inside import LayerPassage, Passage, Stage
from engine.layers import BatchNorm
from pages.shared.formulas.lines import aligned, bracketed, wrapped
from pages.shared.formulas.loss import written_loss
from pages.shared.formulas.network import FUNCTION, Notation

Text = Callable[[float], str]

XW, COMMA = Notation(), r",\ "
WIDE = 25  # signs of two products on one line: what fits a phone


def input_names(passage: Passage) -> list[str]:
    """What the network's inputs are called: x_1, x_2, or the features made of them, with a tilde if standardized."""
    names = [FEATURES[code].latex for code in passage.moment.config.data.features]
    return names if passage.moment.standardizer is None else [rf"\widetilde{{{name}}}" for name in names]


def inputs(passage: Passage, number: Text) -> str:
    """The point, the features made of it, and what standardization makes of them."""
    x1, x2 = map(number, passage.point.tolist())
    lines = [f"x_1 &= {x1}", f"x_2 &= {x2}"]
    codes, fitted = passage.moment.config.data.features, passage.moment.standardizer
    for place, (code, value) in enumerate(zip(codes, passage.inputs.tolist(), strict=True)):
        latex = FEATURES[code].latex
        if code not in ("x1", "x2"):
            lines.append(f"{latex} &= {number(value)}")
        if fitted is not None:
            mean, scale = (bracketed(number(float(part[place]))) for part in (fitted.mean, fitted.scale))
            fed = number(float(passage.fed[place]))
            lines.append(rf"\widetilde{{{latex}}} &= \frac{{{number(value)} - {mean}}}{{{scale}}} = {fed}")
    return aligned(*lines)


def layer_symbols(passage: Passage, n: int) -> str:
    """Layer n as a whole."""
    before = "x" if n == 1 else rf"a^{{({n - 1})}}"
    lines, x = [rf"z^{{({n})}} &= {before}\, W^{{({n})}} + b^{{({n})}}"], rf"z^{{({n})}}"
    stages = passage.layers[n - 1].stages
    for place, stage in enumerate(stages):
        y = rf"a^{{({n})}}" if place == len(stages) - 1 else rf"{_between(stage)}^{{({n})}}"
        lines.append(f"{y} &= {_called(stage, x)}")
        x = y
    return aligned(*lines)


def unit(passage: Passage, n: int, place: int, number: Text) -> str:
    """Unit `place` (from 0) of layer n: in symbols, and the same with the numbers."""
    layer = passage.layers[n - 1]
    names = input_names(passage) if n == 1 else [_symbol("a", n - 1, i) for i in range(len(layer.before))]
    weights = [XW.weight(n - 1, i, place) for i in range(len(layer.before))]
    symbols = [XW.product(name, weight) for name, weight in zip(names, weights, strict=True)]
    pairs = zip(layer.before.tolist(), layer.W[:, place].tolist(), strict=True)
    values = [XW.product(bracketed(number(a)), bracketed(number(w))) for a, w in pairs]
    values.append(bracketed(number(float(layer.b[place]))))
    z = _symbol("z", n, place)
    lines = [
        *wrapped([*symbols, _symbol("b", n, place)], "+", f"{z} &= "),
        *wrapped(values, "+", "&= ", a_line=1 if _long(values) else 2),
        f"&= {number(float(layer.z[place]))}",
        *_stages(layer, n, place, number),
    ]
    return aligned(*lines)


def _long(values: list[str]) -> bool:
    """Whether two of these numbers side by side would be too wide."""
    seen = [len(re.sub(r"\\left|\\right| \\[a-z]+ |[{}^]", "", value)) for value in values]
    return max(a + b for a, b in pairwise([*seen, 0])) > WIDE


def _stages(layer: LayerPassage, n: int, place: int, number: Text) -> list[str]:
    lines, x = [], _symbol("z", n, place)
    for index, stage in enumerate(layer.stages):
        y = _symbol("a" if index == len(layer.stages) - 1 else _between(stage), n, place)
        value_x, value_y = number(float(stage.x[place])), number(float(stage.y[place]))
        lines.append(f"{y} &= {_called(stage, x, place, number)}")
        if isinstance(stage.part, BatchNorm):
            gamma, beta, mean, root = (
                bracketed(number(float(getattr(stage.norm, name)[0, place])))
                for name in ("gamma", "beta", "mean", "root")
            )
            lines.append(rf"&= {gamma} \cdot \frac{{{value_x} - {mean}}}{{{root}}} + {beta}")
        elif isinstance(stage.part, Activation):
            if stage.part.name != "linear":
                lines.append(f"&= {FUNCTION[stage.part.name].format(value_x)}")
        elif stage.factor != 1.0:
            lines.append(rf"&= {bracketed(value_x)} \cdot {number(stage.factor)}")
        lines.append(f"&= {value_y}")
        x = y
    return lines


def _called(stage: Stage, x: str, place: int | None = None, number: Text = str) -> str:
    """What a stage makes of x, in symbols; `place`: of one unit."""
    index = "" if place is None else f"_{{{place + 1}}}"
    if isinstance(stage.part, BatchNorm):
        mean, var = rf"\bar\mu{index}", rf"\bar\sigma^2{index}"
        return rf"\gamma{index}\,\frac{{{x} - {mean}}}{{\sqrt{{{var} + \epsilon}}}} + \beta{index}"
    if isinstance(stage.part, Activation):
        return FUNCTION[stage.part.name].format(x)
    return x if stage.factor == 1.0 else rf"{x} \cdot (1 - p)"


def _between(stage: Stage) -> str:
    """The letter of what a stage hands on within its layer."""
    return {BatchNorm: "u"}.get(type(stage.part), "h")


def _symbol(letter: str, n: int, place: int) -> str:
    return rf"{letter}^{{({n})}}_{{{place + 1}}}"


# the answer ---------------------------------------------------------------------------------------------------


def answer(passage: Passage, number: Text) -> str:
    """From the outputs to probabilities, where they are made to be read so; "" where they are not."""
    last, logits = len(passage.layers), passage.moment.config.training.loss.takes_logits
    if passage.probabilities is None or not logits:
        return ""
    outputs = passage.output.tolist()
    if len(outputs) == 1:
        a = _symbol("a", last, 0)
        return aligned(
            rf"p &= \sigma\left({a}\right)",
            rf"&= \sigma\left({number(outputs[0])}\right) = {number(float(passage.probabilities[1]))}",
        )
    total = r"\textstyle\sum_j e^{a_j}"
    rows = [rf"p_{{{k + 1}}} &= {number(float(p))}" for k, p in enumerate(passage.probabilities.tolist())]
    return aligned(rf"p_k &= e^{{a_k}} \,/\, {total}", *rows)


def loss(passage: Passage, number: Text) -> str:
    """The loss of this sample alone."""
    kind, value = passage.moment.config.training.loss, number(passage.loss)
    if not kind.takes_logits:
        return written_loss(kind, [passage.output.tolist()], [passage.target.tolist()], passage.loss, number)
    y = passage.target.tolist()
    if len(y) > 1:
        k = y.index(1.0)
        return aligned(
            rf"L &= -\ln p_{{{k + 1}}}", rf"&= -\ln {number(float(passage.probabilities[k]))}", f"&= {value}"
        )
    inside, shown = ("p", passage.probabilities[1]) if y[0] else ("(1 - p)", passage.probabilities[0])
    return aligned(rf"L &= -\ln {inside}", rf"&= -\ln {number(float(shown))}", f"&= {value}")


def target(passage: Passage, number: Text) -> str:
    """y as the loss compares it."""
    values = [number(value) for value in passage.target.tolist()]
    return f"y = {values[0]}" if len(values) == 1 else rf"y = \left({COMMA.join(values)}\right)"
