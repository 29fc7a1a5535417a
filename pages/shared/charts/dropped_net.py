"""The picture of a network under dropout: a dropped unit is grey, and no edge leads to it or from it."""

from collections.abc import Callable, Sequence

import pandas as pd

from engine.dropped import DropoutNet, Unit
from engine.network import Trace
from pages.shared.charts import wiring
from pages.shared.charts.network import unit_name
from pages.shared.charts.theme import HIGHLIGHT, MUTED, VALUE

CROSS = "✕"  # in a dropped unit, so that nobody needs the colour
Text = Callable[[float], str]
Words = Callable[[str], str]


def data(
    config: DropoutNet, of: Trace, units: Sequence[Unit], number: Text, *, gradients: bool, dropped: str
) -> dict[str, pd.DataFrame]:
    """Nodes and edges of one pass, for `wiring.spec`.

    Args:
        units: the droppable units of the pass. gradients: whether they are shown below the units.
        dropped: the tooltip's word for a unit that is.
    """
    last, rows = len(config.sizes) - 1, max(config.sizes)
    places = [[(layer, (rows - size) / 2 + unit) for unit in range(size)] for layer, size in enumerate(config.sizes)]
    gone = {(unit.layer, unit.unit - 1) for unit in units if not unit.kept}
    nodes = [
        wiring.node(
            place, symbol=unit_name(0, at), value=number(x), role=VALUE, detail=f"{unit_name(0, at)} {number(x)}"
        )
        for at, (place, x) in enumerate(zip(places[0], config.x, strict=True))
    ]
    nodes += [_unit(unit, places[unit.layer][unit.unit - 1], number, gradients, dropped) for unit in units]
    output = number(of.a[-1][0, 0])
    gradient = f"∂ {number(of.da[-1][0, 0])}" if gradients else ""
    nodes.append(
        wiring.node(places[last][0], symbol="a", value=output, gradient=gradient, role=HIGHLIGHT, detail=f"a {output}")
    )
    edges = [
        wiring.edge(
            places[layer][source],
            places[layer + 1][unit],
            role=VALUE,
            detail=f"W {number(of.W[layer][source, unit])}   ∂ {number(of.dW[layer][source, unit])}",
        )
        for layer, (fan_in, fan_out) in enumerate(config.architecture.fans)
        for source in range(fan_in)
        for unit in range(fan_out)
        if (layer, source) not in gone and (layer + 1, unit) not in gone
    ]
    return wiring.data(nodes, edges)


def _unit(unit: Unit, place: tuple[float, float], number: Text, gradients: bool, dropped: str) -> dict:
    name = unit_name(unit.layer, unit.unit - 1)
    before, after = number(unit.a), number(unit.passed)
    shown = before if before == after else f"{before} → {after}"  # two numbers of neighbours would touch on a phone
    return wiring.node(
        place,
        symbol=name if unit.kept else CROSS,
        value=shown if unit.kept else "",
        name="" if unit.kept else shown,
        gradient=f"∂ {number(unit.gradient)}" if gradients else "",
        role=VALUE if unit.kept else MUTED,
        detail=f"{name}   {shown}" + ("" if unit.kept else f"   {dropped}"),
    )
