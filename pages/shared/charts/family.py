"""A family tree: named boxes from the oldest at the top to the youngest, with a line for what builds on what."""

import functools
from collections.abc import Collection, Mapping

import altair as alt
import pandas as pd

from pages.shared.charts.theme import HIGHLIGHT, MUTED, SURFACE, TEXT, VALUE, by_role, in_role

COLUMNS, ROWS = 4, 6
ROW = 88  # pixels
HALF_WIDTH, HALF_HEIGHT = 0.46, 0.32  # of a box, in columns and rows

# where each optimizer stands: column, row; lines must not run through other boxes
PLACES = {
    "sgd": (1.5, 0),
    "asgd": (0, 1),
    "momentum": (1, 1),
    "adagrad": (2, 1),
    "rprop": (3, 1),
    "nesterov": (0, 2),
    "adadelta": (2, 2),
    "rmsprop": (3, 2),
    "adam": (1.5, 3),
    "nadam": (0, 4),
    "adamw": (1, 4),
    "adamax": (2, 4),
    "sparse_adam": (3, 4),
    "newton": (1, 5),
    "lbfgs": (2, 5),
}

NODE_FIELDS = ("x", "y", "left", "right", "top", "bottom", "name", "adds", "year", "role", "width", "detail")
EDGE_FIELDS = ("x", "y", "x2", "y2", "role", "width", "angle")


@functools.cache
def spec() -> dict:
    """The compiled picture; its data are "nodes" and "edges"."""
    x_scale = alt.Scale(domain=[-0.5, COLUMNS - 0.5], nice=False, zero=False)
    y_scale = alt.Scale(domain=[ROWS - 0.5, -0.5], nice=False, zero=False)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", axis=None, scale=x_scale)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", axis=None, scale=y_scale)

    edges, nodes = alt.Chart(alt.NamedData("edges")), alt.Chart(alt.NamedData("nodes"))
    thickness = alt.StrokeWidth("width:Q", scale=None)
    turned = alt.Angle("angle:Q", scale=alt.Scale(domain=[0, 360], range=[0, 360]))
    box = in_role(nodes, SURFACE, alt.Fill).mark_rect(cornerRadius=8, fillOpacity=1, strokeOpacity=1)
    layers = [
        edges.mark_rule(strokeCap="round").encode(x("x"), y("y"), alt.X2("x2"), alt.Y2("y2"), by_role(), thickness),
        edges.mark_point(shape="triangle", filled=True, size=90, opacity=1).encode(x("x2"), y("y2"), by_role(), turned),
        box.encode(
            x("left"), alt.X2("right"), y("top"), alt.Y2("bottom"), by_role(alt.Stroke), thickness, tooltip="detail:N"
        ),
        *(
            in_role(nodes, role).mark_text(dy=dy, **style).encode(x("x"), y("y"), text=alt.Text(f"{field}:N"))
            for field, role, dy, style in (
                ("name", TEXT, -15, {"fontSize": 12, "fontWeight": "bold"}),
                ("adds", TEXT, 2, {"fontSize": 10.5}),
                ("year", MUTED, 17, {"fontSize": 10.5}),
            )
        ),
    ]
    return alt.layer(*layers).properties(height=ROWS * ROW).configure_view(strokeWidth=0).to_dict()


def data(
    parents: Mapping[str, Collection[str]],
    words: Mapping[str, tuple[str, str, str, str]],
    chosen: str,
    ancestors: Collection[str],
) -> dict[str, pd.DataFrame]:
    """The named data of `spec`.

    Args:
        parents:   code -> codes of what it builds on; every code has a place in PLACES.
        words:     code -> name, what it adds, year, and the tooltip's words.
        chosen:    ringed; ancestors: all that it builds on, drawn with the lines that lead to it.
    """
    roles = {code: HIGHLIGHT if code == chosen else VALUE if code in ancestors else MUTED for code in parents}
    nodes = [
        _node(PLACES[code], *words[code], role, {HIGHLIGHT: 4.0, VALUE: 3.0, MUTED: 1.2}[role])
        for code, role in roles.items()
    ]
    edges = [
        _edge(PLACES[parent], PLACES[code], leads=code == chosen or code in ancestors)
        for code, of in parents.items()
        for parent in of
    ]
    edges.sort(key=lambda edge: edge["width"])  # those that lead to the chosen one above the others
    return {
        "nodes": pd.DataFrame(nodes, columns=list(NODE_FIELDS)),
        "edges": pd.DataFrame(edges, columns=list(EDGE_FIELDS)),
    }


def _node(place: tuple[float, float], name: str, adds: str, year: str, detail: str, role: str, width: float) -> dict:
    x, y = place
    sides = {"left": x - HALF_WIDTH, "right": x + HALF_WIDTH, "top": y - HALF_HEIGHT, "bottom": y + HALF_HEIGHT}
    words = {"name": name, "adds": adds, "year": year, "detail": detail}
    return {"x": x, "y": y, **sides, **words, "role": role, "width": width}


def _edge(start: tuple[float, float], end: tuple[float, float], leads: bool) -> dict:
    """From the parent's lower side to the child's upper one, or from side to side in a row."""
    (x, y), (x2, y2) = start, end
    if y == y2:
        ends, angle = {"x": x + HALF_WIDTH, "y": y, "x2": x2 - HALF_WIDTH - 0.05, "y2": y2}, 90
    else:
        ends, angle = {"x": x, "y": y + HALF_HEIGHT, "x2": x2, "y2": y2 - HALF_HEIGHT - 0.05}, 180
    return {**ends, "role": VALUE if leads else MUTED, "width": 3.0 if leads else 1.2, "angle": angle}
