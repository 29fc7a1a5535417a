"""The plane of two inputs: points of two classes, lines, half-planes, arrows, and a field of outputs under them.

All coordinates are of one square. A builder gives `data` what it has; the rest stays empty, and the spec is the same.
"""

import functools
from collections.abc import Iterable, Sequence

import altair as alt
import numpy as np
import pandas as pd

from pages.shared.charts.image import colours, uri
from pages.shared.charts.theme import CLASS_0, CLASS_1, HIGHLIGHT, SURFACE, TEXT, VALUE, by_role, in_role

SIDE = 300  # pixels; with its axis it fits a phone
LOW, HIGH = -0.5, 1.5  # around the corners of a gate

ON_FIELD = "#1f2933"  # words on a field, which is pale in both themes

POINT_FIELDS = ("x", "y", "role", "shape", "rim", "label", "detail")
LINE_FIELDS = ("x", "y", "x2", "y2", "role", "width", "dash", "detail")
REGION_FIELDS = ("x", "y", "region", "order", "role")
ARROW_FIELDS = ("x", "y", "x2", "y2", "angle", "role", "detail")
FIELD_FIELDS = ("x", "y", "x2", "y2", "uri")
PROBE_FIELDS = ("x", "y", "value")


@functools.lru_cache(maxsize=64)
def spec(
    x_title: str,
    y_title: str,
    *,
    low: float = LOW,
    high: float = HIGH,
    side: int = SIDE,
    value_title: str = "",
    colour_bar: bool = True,
    point_size: int = 240,
) -> dict:
    """The compiled square; `value_title` names what the field's colour bar measures, where it has one.

    point_size: of the points, in pixels².
    """
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    own = {"scale": scale, "axis": alt.Axis(tickCount=5)}
    x, y = alt.X("x:Q", title=x_title, **own), alt.Y("y:Q", title=y_title, **own)
    layers = [
        # The key lets a field that is drawn already stay what it is, under the next one: see show.chart.
        _chart("field").mark_image(aspect=False).encode(x, y, alt.X2("x2"), alt.Y2("y2"), url="uri:N", key="uri:N"),
        _regions(x, y),
        _probes(x, y, value_title, side if value_title and colour_bar else 0),
        *_lines(x, y),
        *_arrows(x, y),
        *_points(x, y, bool(value_title), point_size),
    ]
    square = alt.AutoSizeParams(type="pad")
    chart = alt.layer(*layers).resolve_scale(color="independent")  # the colour bar is the field's alone
    # A layer without data would be an image without a name; the picture's alternative text speaks for all of them.
    return chart.properties(width=side, height=side, autosize=square).configure_mark(aria=False).to_dict()


def _chart(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name))


def _regions(x, y) -> alt.Chart:
    base = _chart("regions").mark_line(interpolate="linear-closed", strokeWidth=0, fillOpacity=0.18)
    return base.encode(x, y, by_role(alt.Fill), detail="region:N", order="order:Q")


def _probes(x, y, title: str, bar_side: int) -> alt.Chart:
    """A sparse grid of invisible points: the field's numbers under the pointer, and its colour bar."""
    tips = [alt.Tooltip("value:Q", title=title or " ", format=".4f"), "x:Q", "y:Q"]
    bar = None
    if bar_side:
        bar = alt.Legend(title=title, orient="bottom", gradientLength=bar_side - 20, gradientOpacity=1, tickCount=5)
    colour = alt.Color("value:Q", scale=alt.Scale(domain=[0, 1], range=colours()), legend=bar)
    return _chart("probes").mark_point(opacity=0, size=250, clip=True).encode(x, y, colour, tooltip=tips)


def _lines(x, y) -> list[alt.Chart]:
    """Each line, and a rim in the colour of the ground under it, for lines on a field."""
    dash = alt.StrokeDash("dash:N", scale=alt.Scale(domain=["solid", "dashed"], range=[[1, 0], [6, 4]]), legend=None)
    base = _chart("lines").mark_rule(clip=True, strokeCap="round").encode(x, y, alt.X2("x2"), alt.Y2("y2"), dash)
    rim = in_role(base.transform_calculate(wider="datum.width + 3"), SURFACE)
    line = base.encode(by_role(), alt.StrokeWidth("width:Q", scale=None), tooltip="detail:N")
    return [rim.encode(alt.StrokeWidth("wider:Q", scale=None)), line]


def _arrows(x, y) -> list[alt.Chart]:
    x2, y2 = ({name: channel[name] for name in ("scale", "title")} for channel in (x, y))
    shaft = _chart("arrows").mark_rule(strokeWidth=3, clip=True).encode(x, y, alt.X2("x2"), alt.Y2("y2"), by_role())
    tip = _chart("arrows").mark_point(shape="triangle", filled=True, size=130, opacity=1, clip=True)
    angle = alt.Angle("angle:Q", scale=alt.Scale(domain=[0, 360], range=[0, 360]))
    tip = tip.encode(alt.X("x2:Q", **x2), alt.Y("y2:Q", **y2), by_role(), angle, tooltip="detail:N")
    return [shaft, tip]


def _points(x, y, on_field: bool, size: int) -> list[alt.Chart]:
    base, shape = _chart("points"), alt.Shape("shape:N", scale=None)
    rim = base.transform_filter("datum.rim != ''").mark_point(size=size + 380, strokeWidth=3.5, opacity=1)
    mark = in_role(base, SURFACE, alt.Stroke).mark_point(size=size, opacity=1, strokeWidth=1.5)
    words = base.mark_text(dy=-20, fontSize=12, fontWeight="bold")
    words = words.encode(color=alt.value(ON_FIELD)) if on_field else in_role(words, TEXT)
    return [
        rim.encode(x, y, by_role(alt.Stroke, "rim")),
        mark.encode(x, y, shape, by_role(alt.Fill), tooltip="detail:N"),
        words.encode(x, y, text="label:N"),
    ]


# data ---------------------------------------------------------------------------------------------------------


def data(
    *,
    points: Iterable[dict] = (),
    lines: Iterable[dict] = (),
    regions: Iterable[dict] = (),
    arrows: Iterable[dict] = (),
    field: tuple[list[dict], list[dict]] = ((), ()),
) -> dict[str, pd.DataFrame]:
    """The named data of `spec` from what the functions below make."""
    image, probes = field
    parts = {
        "points": (points, POINT_FIELDS),
        "lines": (lines, LINE_FIELDS),
        "regions": (regions, REGION_FIELDS),
        "arrows": (arrows, ARROW_FIELDS),
        "field": (image, FIELD_FIELDS),
        "probes": (probes, PROBE_FIELDS),
    }
    return {name: pd.DataFrame(list(rows), columns=list(names)) for name, (rows, names) in parts.items()}


def point(x: float, y: float, target: float, *, rim: str = "", label: str = "", detail: str = "") -> dict:
    """A point of class 1 (a circle) or class 0 (a square); `rim` is the role of a ring around it."""
    role, shape = (CLASS_1, "circle") if target == 1 else (CLASS_0, "square")
    return {"x": x, "y": y, "role": role, "shape": shape, "rim": rim, "label": label, "detail": detail}


def line(
    ends: Sequence[Sequence[float]], *, role: str = VALUE, width: float = 3, dash: str = "solid", detail=""
) -> dict:
    """A line from one end to the other; `dash` is "solid" or "dashed"."""
    (x, y), (x2, y2) = ends
    return {"x": x, "y": y, "x2": x2, "y2": y2, "role": role, "width": width, "dash": dash, "detail": detail}


def region(corners: np.ndarray, *, name: str = "one", role: str = CLASS_1) -> list[dict]:
    """A polygon by its corners (n, 2), such as the half-plane of DecisionLine.region."""
    return [
        {"x": x, "y": y, "region": name, "order": order, "role": role}
        for order, (x, y) in enumerate(np.asarray(corners))
    ]


def arrow(start: Sequence[float], end: Sequence[float], *, role: str = HIGHLIGHT, detail: str = "") -> dict:
    """An arrow; its tip is at `end`."""
    (x, y), (x2, y2) = start, end
    angle = float(np.degrees(np.arctan2(x2 - x, y2 - y))) % 360  # clockwise from up, as marks are turned
    return {"x": x, "y": y, "x2": x2, "y2": y2, "angle": angle, "role": role, "detail": detail}


def field(
    values: np.ndarray, *, low: float = LOW, high: float = HIGH, probes: int = 13
) -> tuple[list[dict], list[dict]]:
    """An image of values 0 to 1, (side, side), the top row first, and its sparse grid of tooltips."""
    picture = [{"x": low, "y": low, "x2": high, "y2": high, "uri": uri(values)}]
    side = len(values)
    picked = np.unique(np.linspace(0, side - 1, probes).round().astype(int))
    at = np.linspace(low, high, side)
    grid = [
        {"x": float(at[column]), "y": float(at[side - 1 - row]), "value": float(values[row, column])}
        for row in picked
        for column in picked
    ]
    return picture, grid
