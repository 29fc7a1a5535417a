"""The picture of a dense network at one step of an update worked by hand."""

from collections.abc import Callable

import pandas as pd

from engine.experiment import Experiment, Explanation
from engine.walkthrough import Step
from pages.shared.charts import wiring
from pages.shared.charts.theme import GRADIENT, HIGHLIGHT, MUTED, VALUE

WIDTH, COLUMN = 500, 118  # pixels: of the picture, and what a column needs at least
CROWDED = 6  # a layer with more weights shows numbers only on the edges in use
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

Text = Callable[[float], str]


def width(experiment: Experiment) -> int | None:
    """Pixels that the numbers on crossing edges need; None where no edges cross and any width does."""
    crossing = any(fan_in > 1 and fan_out > 1 for fan_in, fan_out in experiment.architecture.fans)
    return max(WIDTH, len(experiment.sizes) * COLUMN) if crossing else None


def place(experiment: Experiment, layer: int, unit: int) -> tuple[float, float]:
    """(column, row) of a unit; layer 0 are the inputs, and every column is centred."""
    return layer, (max(experiment.sizes) - experiment.sizes[layer]) / 2 + unit


def unit_name(layer: int, unit: int) -> str:
    """x₁ of the inputs, a₁⁽²⁾ for unit 1 of layer 2."""
    index = str(unit + 1).translate(SUBSCRIPT)
    return f"x{index}" if layer == 0 else f"a{index}⁽{str(layer).translate(SUPERSCRIPT)}⁾"


def data(
    experiment: Experiment, explanation: Explanation, done: tuple[Step, ...], sample: int, number: Text
) -> dict[str, pd.DataFrame]:
    """Nodes and edges after the steps `done`; the last of them is ringed. Values are those of one sample."""
    seen, current = set(done), done[-1] if done else None
    nodes = [
        _node(experiment, explanation, layer, unit, seen, current, sample, number)
        for layer, units in enumerate(experiment.sizes)
        for unit in range(units)
    ]
    edges = [
        _edge(experiment, explanation, layer, source, unit, seen, current, number)
        for layer, (fan_in, fan_out) in enumerate(experiment.architecture.fans)
        for source in range(fan_in)
        for unit in range(fan_out)
    ]
    return wiring.data(nodes, edges)


def _node(
    experiment, explanation: Explanation, layer: int, unit: int, seen, current, sample: int, number: Text
) -> dict:
    trace, here = explanation.trace, (layer - 1, unit)
    known = layer == 0 or Step("activation", *here) in seen
    gradient = layer > 0 and Step("delta", *here) in seen
    z = layer > 0 and Step("pre_activation", *here) in seen
    value = (
        number(trace.a[layer][sample, unit]) if known else f"z {number(trace.z[layer - 1][sample, unit])}" if z else ""
    )
    ringed = current is not None and current.layer == layer - 1 and current.unit == unit and current.source < 0
    return wiring.node(
        place(experiment, layer, unit),
        symbol=unit_name(layer, unit),
        name=_bias(experiment, explanation, layer, unit, number),
        value=value,
        gradient=f"δ {number(trace.dz[layer - 1][sample, unit])}" if gradient else "",
        role=HIGHLIGHT if ringed else GRADIENT if gradient else VALUE if known else MUTED,
        detail=f"{unit_name(layer, unit)}   {value}",
    )


def _bias(experiment: Experiment, explanation: Explanation, layer: int, unit: int, number: Text) -> str:
    if layer == 0:
        return ""
    b = explanation.trace.b[layer - 1][unit]
    return f"b {number(b)}" if experiment.learn_biases or b else ""


def _edge(
    experiment, explanation: Explanation, layer: int, source: int, unit: int, seen, current, number: Text
) -> dict:
    fan_in, fan_out = experiment.architecture.fans[layer]
    used = _used(current, layer, source, unit)
    trace = explanation.trace
    W, dW = number(trace.W[layer][source, unit]), number(trace.dW[layer][source, unit])
    has_gradient = Step("weight_gradient", layer, unit, source) in seen
    start, end = place(experiment, layer, source), place(experiment, layer + 1, unit)
    roomy = fan_in * fan_out <= CROWDED or used
    return wiring.edge(
        start,
        end,
        at=0.5 if start[1] == end[1] else 0.3,  # crossing edges meet in the middle: their numbers stand apart
        value=W if roomy else "",
        gradient=dW if roomy and has_gradient else "",
        role=HIGHLIGHT if used else MUTED,
        width=3.5 if used else 1.5,
        detail=f"{unit_name(layer, source)} → {unit_name(layer + 1, unit)}   W {W}" + f"   ∂ {dW}" * has_gradient,
    )


def _used(current: Step | None, layer: int, source: int, unit: int) -> bool:
    """Whether the current step computes with this edge."""
    if current is None:
        return False
    if current.kind == "pre_activation":
        return current.layer == layer and current.unit == unit
    if current.kind == "delta":
        return current.layer + 1 == layer and current.unit == source
    return current.source >= 0 and (current.layer, current.unit, current.source) == (layer, unit, source)
