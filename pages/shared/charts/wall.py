"""A wall of gates: sixteen small planes with four points each, and the line that parts them if there is one."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from engine.perceptron import DecisionLine
from pages.shared.charts.plane import HIGH, LOW
from pages.shared.charts.theme import CLASS_0, CLASS_1, HIGHLIGHT, MUTED, SURFACE, TEXT, VALUE, by_role, in_role

COLUMNS = 4
ACROSS, DOWN = 1.14, 1.5  # from one plane to the next, in sides of a plane; below each stands its name
HEIGHT = 560

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))


@dataclass(frozen=True)
class Cell:
    """One gate: name, outputs at 00, 01, 10, 11, and its line; None where there is none."""

    name: str
    outputs: tuple[int, int, int, int]
    line: DecisionLine | None


@functools.lru_cache(maxsize=64)
def spec(n_cells: int) -> dict:
    """The compiled wall; its data are "frames", "regions", "lines", "points" and "names"."""
    rows = -(-n_cells // COLUMNS)
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.03, (COLUMNS - 1) * ACROSS + 1.03], nice=False, zero=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0.55 - rows * DOWN, 1.03], nice=False, zero=False))
    x2, y2 = alt.X2("x2"), alt.Y2("y2")
    shape = alt.Shape("shape:N", scale=None)
    frame = _chart("frames").mark_rect(fillOpacity=0).encode(x, y, x2, y2, by_role(alt.Stroke), tooltip="detail:N")
    region = _chart("regions").mark_line(interpolate="linear-closed", strokeWidth=0, fillOpacity=0.2)
    line = in_role(_chart("lines"), VALUE).mark_rule(strokeWidth=3, strokeCap="round").encode(x, y, x2, y2)
    point = in_role(_chart("points"), SURFACE, alt.Stroke).mark_point(size=110, opacity=1, strokeWidth=1)
    layers = [
        in_role(region, CLASS_1, alt.Fill).encode(x, y, detail="cell:N", order="order:Q"),
        frame.encode(alt.StrokeWidth("width:Q", scale=None)),
        line,
        point.encode(x, y, shape, by_role(alt.Fill), tooltip="detail:N"),
        _names("normal").transform_filter("!datum.bold").encode(x, y, text="label:N"),
        _names("bold").transform_filter("datum.bold").encode(x, y, text="label:N"),
    ]
    return alt.layer(*layers).properties(height=HEIGHT).configure_view(stroke=None).configure_mark(aria=False).to_dict()


def _chart(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name))


def _names(weight: str) -> alt.Chart:
    base = in_role(_chart("names"), TEXT)
    return base.mark_text(baseline="top", dy=4, fontSize=12, lineBreak="\n", fontWeight=weight)


def data(cells: Sequence[Cell], line_word: str, no_line_word: str) -> dict[str, pd.DataFrame]:
    """The named data of `spec`; the words say, under a name and to the pointer, whether there is a line."""
    frames, regions, lines, points, names = [], [], [], [], []
    for place, cell in enumerate(cells):
        left, bottom = place % COLUMNS * ACROSS, -(place // COLUMNS) * DOWN
        corner = np.array([left, bottom])
        part = cell.line is not None
        detail = f"{cell.name}: {line_word if part else no_line_word}"
        role, width = (MUTED, 1.0) if part else (HIGHLIGHT, 3.5)
        frames.append(
            {"x": left, "y": bottom, "x2": left + 1, "y2": bottom + 1, "role": role, "width": width, "detail": detail}
        )
        if part:
            polygon = corner + _inside(cell.line.region)
            regions += [{"x": px, "y": py, "cell": place, "order": order} for order, (px, py) in enumerate(polygon)]
        if part and cell.line.ends is not None:
            (px, py), (qx, qy) = corner + _inside(cell.line.ends)
            lines.append({"x": px, "y": py, "x2": qx, "y2": qy})
        for at, output in zip(CORNERS, cell.outputs, strict=True):
            px, py = corner + _inside(np.array(at))
            points.append(
                {
                    "x": px,
                    "y": py,
                    "role": CLASS_1 if output else CLASS_0,
                    "shape": "circle" if output else "square",
                    "detail": f"{cell.name}{at} = {output}",
                }
            )
        label = cell.name.replace(" NOT", "\nNOT") if part else f"✗ {cell.name}\n{no_line_word}"
        names.append({"x": left + 0.5, "y": bottom, "label": label, "bold": not part})
    return {
        "frames": pd.DataFrame(frames),
        "regions": pd.DataFrame(regions, columns=["x", "y", "cell", "order"]),
        "lines": pd.DataFrame(lines, columns=["x", "y", "x2", "y2"]),
        "points": pd.DataFrame(points),
        "names": pd.DataFrame(names),
    }


def _inside(points: np.ndarray) -> np.ndarray:
    """Coordinates of a gate's plane -> of a plane of side 1."""
    return (np.asarray(points) - LOW) / (HIGH - LOW)
