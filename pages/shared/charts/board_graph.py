"""A network as a chain of whole arrays, from the input at the top to the loss at the bottom."""

import functools
from collections.abc import Callable, Sequence

import altair as alt
import pandas as pd

from engine.board_graph import Node
from pages.shared.charts.theme import HIGHLIGHT, MUTED, SURFACE, TEXT, VALUE, by_role, in_role

ROW, WIDTH = 58, 340  # pixels: of a node with its edge, and in all
MAIN, SIDE = (0.0, 0.62), (0.7, 1.0)  # left and right end of a node, and of what is learned in it
HALF = 0.3  # of a row: half a node's height
PICKED = "picked"  # the selection: the code of a node that was clicked
NODE_FIELDS = ("code", "x", "x2", "y", "y2", "middle", "at", "text", "role", "detail")
EDGE_FIELDS = ("x", "x2", "y", "y2", "text", "role")


@functools.lru_cache(maxsize=64)
def spec(rows: int) -> dict:
    """The compiled picture of a chain of so many nodes; data: "nodes" and "edges"."""
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.02, 1.02], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[rows - 0.5, -0.5], nice=False))
    edges, nodes = alt.Chart(alt.NamedData("edges")), alt.Chart(alt.NamedData("nodes"))
    picked = alt.selection_point(name=PICKED, fields=["code"], toggle=False)
    line = edges.mark_rule(strokeWidth=1.8).encode(x, y, alt.X2("x2"), alt.Y2("y2"), by_role())
    shape = edges.transform_filter("datum.text != ''")
    box = in_role(nodes, SURFACE, alt.Fill).mark_rect(cornerRadius=6, strokeWidth=2, opacity=1, cursor="pointer")
    layers = [
        line,
        in_role(shape, TEXT).mark_text(fontSize=11, align="left", dx=6).encode(
            x, alt.Y("middle:Q", axis=None), text="text:N"
        ).transform_calculate(middle="(datum.y + datum.y2) / 2"),
        box.encode(
            x, y, alt.X2("x2"), alt.Y2("y2"), by_role(alt.Stroke), tooltip=alt.Tooltip("detail:N", title=" ")
        ).add_params(picked),
        in_role(nodes, TEXT).mark_text(fontSize=12, fontWeight="bold").encode(
            alt.X("middle:Q", axis=None), alt.Y("at:Q", axis=None), text="text:N"
        ),
    ]  # fmt: skip
    pad = alt.AutoSizeParams(type="pad")
    chart = alt.layer(*layers).properties(width=WIDTH, height=rows * ROW, autosize=pad)
    return chart.configure_view(strokeWidth=0).to_dict()


def data(
    nodes: Sequence[Node], picked: str, name: Callable[[Node], str], detail: Callable[[Node], str]
) -> dict[str, pd.DataFrame]:
    """The named data of `spec`.

    Args: picked: code of the node that stands out. name: what stands in a node. detail: its tooltip.
    """
    boxes, lines = [], []
    for row, node in enumerate(nodes):
        role = HIGHLIGHT if node.code == picked else VALUE
        boxes.append(_box(node, MAIN, row, name(node), role, detail(node)))
        if row:
            middle, made = sum(MAIN) / 2, nodes[row - 1].shape
            lines.append((middle, middle, row - 1 + HALF, row - HALF, shape_text(made), MUTED))
        if node.parameters:
            learned = " · ".join(f"{letter(part)} {shape_text(shape)}" for part, shape in node.parameters)
            boxes.append(_box(node, SIDE, row, learned, HIGHLIGHT if node.code == picked else MUTED, detail(node)))
            lines.append((SIDE[0], MAIN[1], row, row, "", MUTED))
    return {
        "nodes": pd.DataFrame(boxes, columns=list(NODE_FIELDS)),
        "edges": pd.DataFrame(lines, columns=list(EDGE_FIELDS)),
    }


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as text: 10 × 4; a number has none."""
    return " × ".join(map(str, shape)) or "1"


def letter(parameter: str) -> str:
    """A parameter as it is written: γ for gamma."""
    return {"gamma": "γ", "beta": "β"}.get(parameter, parameter)


def _box(node: Node, ends: tuple[float, float], row: int, text: str, role: str, detail: str) -> tuple:
    return node.code, *ends, row - HALF, row + HALF, sum(ends) / 2, row, text, role, detail
