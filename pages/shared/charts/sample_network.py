"""The network of one frame with one sample in it: every weight on its edge, every bias and activation at its unit."""

from collections.abc import Callable, Sequence

import pandas as pd

from engine.lab_inside import Passage
from pages.shared.charts import wiring
from pages.shared.charts.network import COLUMN, CROWDED, WIDTH, unit_name
from pages.shared.charts.theme import GRADIENT, HIGHLIGHT, VALUE

MOST_UNITS = 5  # of a layer, in a picture in which the numbers can still be read
THICKEST = 6.0  # pixels

Text = Callable[[float], str]


def fits(sizes: Sequence[int]) -> bool:
    """Whether the network is small enough to be drawn with its numbers."""
    return max(sizes) <= MOST_UNITS


def width(sizes: Sequence[int]) -> int:
    """Pixels that the numbers on crossing edges need."""
    return max(WIDTH, len(sizes) * COLUMN)


def data(passage: Passage, inputs: Sequence[str], number: Text) -> dict[str, pd.DataFrame]:
    """The named data of `wiring.spec`; `inputs` are the names of the network's inputs."""
    sizes = [len(passage.fed), *(len(layer.b) for layer in passage.layers)]
    rows = max(sizes)

    def place(layer: int, unit: int) -> tuple[float, float]:
        return layer, (rows - sizes[layer]) / 2 + unit

    nodes = [
        wiring.node(place(0, i), symbol=name, value=number(value), role=VALUE, detail=f"{name} = {number(value)}")
        for i, (name, value) in enumerate(zip(inputs, passage.fed.tolist(), strict=True))
    ]
    edges = []
    heaviest = max(float(abs(layer.W).max()) for layer in passage.layers) or 1.0
    for n, layer in enumerate(passage.layers, 1):
        for unit, (b, z, a) in enumerate(zip(layer.b.tolist(), layer.z.tolist(), layer.a.tolist(), strict=True)):
            name = unit_name(n, unit)
            nodes.append(
                wiring.node(
                    place(n, unit),
                    symbol=name,
                    name=f"b {number(b)}",
                    value=number(a),
                    role=HIGHLIGHT if n == len(passage.layers) else VALUE,
                    detail=f"{name} = {number(a)}   z = {number(z)}   b = {number(b)}",
                )
            )
            for source, weight in enumerate(layer.W[:, unit].tolist()):
                start = inputs[source] if n == 1 else unit_name(n - 1, source)
                edges.append(_edge(place(n - 1, source), place(n, unit), weight, heaviest, layer.W.size, number))
                edges[-1]["detail"] = f"{start} → {name}   W = {number(weight)}"
    return wiring.data(nodes, edges)


def _edge(start, end, weight: float, heaviest: float, crowd: int, number: Text) -> dict:
    """Thicker the larger the weight; blue above 0, orange below."""
    return wiring.edge(
        start,
        end,
        at=0.44 - 0.14 * (start[1] % 2),  # crossing edges meet in the middle: their numbers stand apart
        value=number(weight) if crowd <= CROWDED + 2 else "",
        role=VALUE if weight >= 0 else GRADIENT,
        width=1.0 + (THICKEST - 1.0) * abs(weight) / heaviest,
    )
