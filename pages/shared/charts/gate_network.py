"""Three units that make a gate: the plane of the inputs, the plane of the hidden outputs, the wiring."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from engine.gate_network import HIGH, LOW, GateNetwork, GateNetworkPicture, GateNetworkResult
from engine.gates import POINTS
from engine.perceptron import DecisionLine
from pages.shared import names
from pages.shared.charts import plane, wiring
from pages.shared.charts.theme import HIGHLIGHT, MUTED, VALUE

INPUTS = ("00", "01", "10", "11")  # the rows of every result
CLOSE = 0.06  # points of the hidden plane nearer than this share one label
SIDE = 260  # pixels of a plane: two of them fit beside each other on a wide screen
ARROW = 0.16  # length of the arrow to the side where a unit fires

Text = Callable[[float], str]


def input_plane(result: GateNetworkResult, picture: GateNetworkPicture, chosen: int) -> dict[str, pd.DataFrame]:
    """The four inputs, the lines of both hidden units, and the network's output under them."""
    labels = [_label([row], result) for row in range(4)]
    lines, arrows = [], []
    for line, dash, unit in zip(picture.hidden_lines, ("solid", "dashed"), ("h₁", "h₂"), strict=True):
        more_lines, more_arrows = _line(line, dash, f"{unit} = ½")
        lines, arrows = lines + more_lines, arrows + more_arrows
    points = _points(POINTS, labels, result, chosen)
    return plane.data(points=points, lines=lines, arrows=arrows, field=plane.field(picture.output, low=LOW, high=HIGH))


def hidden_plane(result: GateNetworkResult, picture: GateNetworkPicture, chosen: int) -> dict[str, pd.DataFrame]:
    """The same inputs where the hidden units have moved them, and the output unit's line."""
    labels = ["" for _ in range(4)]
    for rows in spots(result.hidden):
        labels[rows[-1]] = _label(rows, result)
    lines, arrows = _line(picture.output_line, "solid", "ŷ = ½")
    points = _points(result.hidden, labels, result, chosen)
    return plane.data(points=points, lines=lines, arrows=arrows, field=plane.field(picture.hidden, low=LOW, high=HIGH))


def spots(hidden: np.ndarray) -> list[list[int]]:
    """The inputs, those together that share a label in the hidden plane."""
    found = []
    for row, place in enumerate(hidden):
        near = [rows for rows in found if np.abs(hidden[rows[0]] - place).max() <= CLOSE]
        if near:
            near[0].append(row)
        else:
            found.append([row])
    return found


def _label(rows: Sequence[int], result: GateNetworkResult) -> str:
    return ", ".join(INPUTS[row] if result.correct[row] else f"{INPUTS[row]} ✗" for row in rows)


def _points(places: np.ndarray, labels: Sequence[str], result: GateNetworkResult, chosen: int) -> list[dict]:
    return [
        plane.point(
            float(x),
            float(y),
            result.target[row],
            rim=HIGHLIGHT if row == chosen else "",
            label=labels[row],
            detail=f"{INPUTS[row]}: ({x:.4g}, {y:.4g})   ŷ {result.output[row]:.4g}   y {result.target[row]:.0f}",
        )
        for row, (x, y) in enumerate(places)
    ]


def _line(line: DecisionLine, dash: str, detail: str) -> tuple[list[dict], list[dict]]:
    """A unit's line, and the arrow to the side where it fires."""
    if line.ends is None:
        return [], []
    start = 0.85 * line.ends[0] + 0.15 * line.ends[1]  # away from the middle, where the points' labels are
    arrow = plane.arrow(start, start + ARROW * line.normal, role=VALUE, detail=detail)
    return [plane.line(line.ends, dash=dash, detail=detail)], [arrow]


def network(network: GateNetwork, result: GateNetworkResult, chosen: int, number: Text) -> dict[str, pd.DataFrame]:
    """The wiring with all nine parameters, the values of one input, and the gate that each unit is."""
    inputs, hidden, output = [(0, 0), (0, 1)], [(1, 0), (1, 1)], (2, 0.5)
    nodes = [
        *[
            wiring.node(place, symbol=f"x{'₁₂'[i]}", value=number(POINTS[chosen, i]), role=VALUE)
            for i, place in enumerate(inputs)
        ],
        *[
            _unit(
                place, f"h{'₁₂'[i]}", names.GATES[result.gates[i].code], network.b1[i], result.hidden[chosen, i], number
            )
            for i, place in enumerate(hidden)
        ],
        _unit(output, "ŷ", names.GATES[result.output_gate.code], network.b2, result.output[chosen], number),
    ]
    edges = [
        _edge(start, end, f"x{'₁₂'[i]} → h{'₁₂'[j]}", network.W1[i][j], number)
        for i, start in enumerate(inputs)
        for j, end in enumerate(hidden)
    ] + [_edge(start, output, f"h{'₁₂'[j]} → ŷ", network.W2[j], number) for j, start in enumerate(hidden)]
    return wiring.data(nodes, edges)


def _unit(place, symbol: str, gate: str, bias: float, value: float, number: Text) -> dict:
    name = f"{gate}   b {number(bias)}"
    return wiring.node(
        place, symbol=symbol, name=name, value=number(value), role=VALUE, detail=f"{symbol} {number(value)}   {name}"
    )


def _edge(start: tuple[float, float], end: tuple[float, float], name: str, weight: float, number: Text) -> dict:
    at = 0.3 if start[0] == 0 and start[1] != end[1] else 0.5  # crossing edges meet in the middle
    width = 1.5 + min(abs(weight), 30.0) / 12
    value = number(weight)
    return wiring.edge(start, end, at=at, value=value, role=MUTED, width=width, detail=f"{name}: {value}")
