"""Nodes and edges from left to right: the picture of a computation graph and of a network.

Both are drawn by one spec. A node shows its symbol, its name and value above, its gradient below; an edge can
carry a value and a gradient. What is being computed is ringed.
"""

import functools

import altair as alt
import pandas as pd

from pages.shared.charts.theme import GRADIENT, MUTED, SURFACE, TEXT, VALUE, by_role, in_role

RADIUS = 23  # of a node, pixels
ROW = 118  # pixels
COLUMN = 84  # pixels that a column needs at least

NODE_FIELDS = ("x", "y", "symbol", "name", "value", "gradient", "role", "detail")
EDGE_FIELDS = ("x", "y", "x2", "y2", "at_x", "at_y", "value", "gradient", "role", "width", "detail")


@functools.lru_cache(maxsize=64)
def spec(rows: int) -> dict:
    """The compiled picture for a number of rows; nodes and edges are its named data."""
    x = alt.X("x:Q", axis=None, scale=alt.Scale(zero=False, nice=False, padding=RADIUS + 22))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[rows - 0.5, -0.5], nice=False))
    edges, nodes = alt.Chart(alt.NamedData("edges")), alt.Chart(alt.NamedData("nodes"))
    line = edges.mark_rule(xOffset=RADIUS, x2Offset=-RADIUS - 5, strokeCap="round").encode(
        x,
        y,
        alt.X2("x2"),
        alt.Y2("y2"),
        by_role(),
        strokeWidth=alt.StrokeWidth("width:Q", scale=None),
        tooltip="detail:N",
    )
    tip = edges.mark_point(shape="triangle-right", filled=True, size=70, opacity=1, xOffset=-RADIUS - 5).encode(
        alt.X("x2:Q", axis=None), alt.Y("y2:Q", axis=None), by_role()
    )
    circle = in_role(nodes, SURFACE, alt.Fill).mark_point(size=(2 * RADIUS) ** 2 * 0.9, opacity=1, strokeWidth=2.5)
    circle = circle.encode(x, y, by_role(alt.Stroke), tooltip="detail:N")
    layers = [
        line,
        tip,
        circle,
        _text(nodes, "symbol", TEXT, 0, fontSize=14, fontWeight="bold"),
        _text(nodes, "name", MUTED, -RADIUS - 23, fontStyle="italic"),
        _text(nodes, "value", VALUE, -RADIUS - 9, fontWeight="bold"),
        _text(nodes, "gradient", GRADIENT, RADIUS + 11, fontWeight="bold"),
        *_on_edge(edges, "value", VALUE, -8),
        *_on_edge(edges, "gradient", GRADIENT, 7),
    ]
    return alt.layer(*layers).properties(height=rows * ROW).configure_view(strokeWidth=0).to_dict()


def _text(base: alt.Chart, field: str, role: str, dy: float, x: str = "x:Q", y: str = "y:Q", **mark) -> alt.Chart:
    text = in_role(base, role).mark_text(**{"fontSize": 12, "dy": dy, **mark})
    return text.encode(alt.X(x, axis=None), alt.Y(y, axis=None), text=alt.Text(f"{field}:N"))


def _on_edge(base: alt.Chart, field: str, role: str, dy: float) -> list[alt.Chart]:
    """A number on an edge, with a rim in the colour of the ground so that the line does not cross it."""
    rim = in_role(base, SURFACE, alt.Color, alt.Stroke).mark_text(fontSize=12, dy=dy, strokeWidth=5, strokeJoin="round")
    rim = rim.encode(alt.X("at_x:Q", axis=None), alt.Y("at_y:Q", axis=None), text=alt.Text(f"{field}:N"))
    return [rim, _text(base, field, role, dy, "at_x:Q", "at_y:Q")]


def data(nodes: list[dict], edges: list[dict]) -> dict[str, pd.DataFrame]:
    """The named data of `spec` from one dict a node and one an edge (NODE_FIELDS, EDGE_FIELDS)."""
    return {
        "nodes": pd.DataFrame(nodes, columns=list(NODE_FIELDS)),
        "edges": pd.DataFrame(edges, columns=list(EDGE_FIELDS)),
    }


def edge(start: tuple[float, float], end: tuple[float, float], at: float = 0.5, **fields) -> dict:
    """An edge between two places (column, row); `at` is where on it its numbers stand, 0 to 1."""
    (x, y), (x2, y2) = start, end
    place = {"x": x, "y": y, "x2": x2, "y2": y2, "at_x": x + at * (x2 - x), "at_y": y + at * (y2 - y)}
    return {**place, "value": "", "gradient": "", "role": MUTED, "width": 1.5, **fields}


def node(place: tuple[float, float], **fields) -> dict:
    """A node at a place (column, row)."""
    return {"x": place[0], "y": place[1], "name": "", "value": "", "gradient": "", "role": MUTED, **fields}


def width(columns: int) -> int | None:
    """Pixels that a wide picture asks for; None where it fits any screen."""
    return None if columns <= 5 else columns * COLUMN
