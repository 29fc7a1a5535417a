"""An activation with its derivative, one point and its tangent; and the same point under a lens.

Both pictures have one spec for all functions and all points: what is in sight is said by the data, as the two corners
of a frame, and all that is drawn lies between them. Few data sets, since each costs a millisecond while a hand drags.
"""

import functools
from collections.abc import Callable

import altair as alt
import numpy as np
import pandas as pd

from engine.lens import Curve, Point, View
from pages.shared.charts.theme import GRADIENT, HIGHLIGHT, MUTED, SURFACE, TEXT, VALUE, by_role, in_role

HEIGHT, LENS_HEIGHT = 330, 250
MARGIN = 0.08  # of the height, above and below
PROBES = 57  # invisible points that the pointer meets
AXIS = 44  # pixels for the numbers of the y axis, so that both pictures are equally wide

CURVE_FIELDS = ("x", "y", "role", "piece", "f", "slope")
SEGMENT_FIELDS = ("kind", "x", "y", "x2", "y2", "role", "width", "dash", "detail")
POINT_FIELDS = ("kind", "x", "y", "role", "text")

Text = Callable[[float], str]


@functools.lru_cache(maxsize=64)
def spec(x_title: str, y_title: str) -> dict:
    """The compiled picture of curve, derivative, point, tangent and triangle."""
    x, y = _axes(x_title, y_title)
    curves, points = _chart("curves"), _chart("points")
    window = in_role(_chart("segments"), MUTED).transform_filter("datum.kind == 'window'").mark_rect(opacity=0.14)
    tips = [
        alt.Tooltip(f"{field}:Q", title=title, format=".4g")
        for field, title in (("x", x_title), ("f", "f"), ("slope", "f′"))
    ]
    probes = curves.transform_filter("isValid(datum.f)").mark_point(opacity=0, size=220)
    names = points.transform_filter("datum.kind == 'name'")
    names = names.mark_text(fontSize=14, fontWeight="bold", align="right", dy=-9)
    layers = [
        window.encode(x, alt.X2("x2"), y, alt.Y2("y2")),
        curves.mark_line(strokeWidth=2.5).encode(x, y, by_role(), detail="piece:N"),
        _lines(x, y),
        probes.encode(x, y, tooltip=tips),
        _points(x, y),
        names.encode(x, y, by_role(), text="text:N"),
    ]
    return alt.layer(*layers).properties(height=HEIGHT).to_dict()


@functools.lru_cache(maxsize=64)
def lens_spec(x_title: str, y_title: str) -> dict:
    """The compiled picture under the lens: curve and tangent in the window, the gap between them filled."""
    x, y = _axes(x_title, y_title)
    curve = _chart("curves")
    gap = in_role(curve, HIGHLIGHT, alt.Fill).mark_area(opacity=0.3).encode(x, y, alt.Y2("y2"))
    line = curve.mark_line(strokeWidth=2.5).encode(x, y, by_role(), detail="piece:N")
    return alt.layer(gap, _lines(x, y), line, _points(x, y)).properties(height=LENS_HEIGHT).to_dict()


def _chart(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name))


def _axes(x_title: str, y_title: str) -> tuple[alt.X, alt.Y]:
    scale = alt.Scale(zero=False, nice=False)
    y_axis = alt.Axis(tickCount=5, minExtent=AXIS, maxExtent=AXIS)
    x = alt.X("x:Q", title=x_title, scale=scale, axis=alt.Axis(tickCount=7))
    return x, alt.Y("y:Q", title=y_title, scale=scale, axis=y_axis)


def _lines(x, y) -> alt.Chart:
    dash = alt.StrokeDash("dash:N", scale=alt.Scale(domain=["solid", "dashed"], range=[[1, 0], [5, 4]]), legend=None)
    base = _chart("segments").transform_filter("datum.kind == 'line'").mark_rule()
    width = alt.StrokeWidth("width:Q", scale=None)
    return base.encode(x, y, alt.X2("x2"), alt.Y2("y2"), by_role(), dash, width, tooltip="detail:N")


def _points(x, y) -> alt.Chart:
    """The points; the corners of the frame are points of no size."""
    size = alt.condition("datum.kind == 'point'", alt.value(130), alt.value(0))
    base = in_role(_chart("points"), SURFACE, alt.Stroke).mark_point(opacity=1, strokeWidth=1.5)
    return base.encode(x, y, by_role(alt.Fill), size=size, tooltip="text:N")


# data ---------------------------------------------------------------------------------------------------------


def data(curve: Curve, point: Point, half_width: float, number: Text) -> dict[str, pd.DataFrame]:
    """The named data of `spec`: everything that is drawn around one point.

    Args:
        half_width: of the lens, shown as a band.
        number:     writes a number for a tooltip.
    """
    left, right = (float(z) for z in curve.z[[0, -1]])
    low, high = frame(curve)
    z, value, slope = point.z, point.value, point.slope
    at, its_slope = f"z = {number(z)}", f"f′(z) = {number(slope)}"
    segments = [
        _segment((max(z - half_width, left), low), (min(z + half_width, right), high), MUTED, kind="window"),
        _segment((left, 0.0), (right, 0.0), MUTED),
        _segment((z, value), (z, 0.0), MUTED, dash="dashed"),
        _segment((z, 0.0), (z, slope), GRADIENT, 4, detail=its_slope),
    ]
    if point.has_tangent:
        segments += [
            _segment(*_clipped(point, (left, right), (low, high)), HIGHLIGHT, 2.5, detail=its_slope),
            _segment((z, value), (z + 1, value), TEXT, 2, detail="Δz = 1"),
            _segment((z + 1, value), (z + 1, value + slope), GRADIENT, 4, detail=f"Δa = {number(slope)}"),
        ]
    points = [
        *_corners((left, low), (right, high)),
        ("point", z, slope, GRADIENT, f"{at}, {its_slope}"),
        ("point", z, value, VALUE, f"{at}, f(z) = {number(value)}"),
        ("name", right, curve.value[-1], VALUE, "f"),
        ("name", right, curve.slope[-1], GRADIENT, "f′"),
    ]
    return {"curves": _two_curves(curve), **_frames(segments, points)}


def lens_data(curve: Curve, point: Point, view: View, number: Text) -> dict[str, pd.DataFrame]:
    """The named data of `lens_spec`.

    The picture is magnified alike in both directions, as far as the curve stays in it.
    """
    both = np.concatenate([view.curve, view.tangent])
    magnified = view.half_width * np.ptp(frame(curve)) / np.ptp(curve.z)
    low, high = min(both.min(), point.value - magnified), max(both.max(), point.value + magnified)
    left, right = (float(z) for z in view.z[[0, -1]])
    margin = 0.03 * view.half_width  # else the largest gap, mostly at an end, would be cut off
    index = int(np.flatnonzero(view.z == view.gap_at)[0])
    largest = (view.gap_at, view.curve[index]), (view.gap_at, view.tangent[index])
    segments = [
        _segment(
            (left, view.tangent[0]), (right, view.tangent[-1]), HIGHLIGHT, 2.5, detail=f"f′(z) = {number(point.slope)}"
        ),
        _segment(*largest, TEXT, 2, "dashed", detail=number(view.gap)),
    ]
    points = [
        *_corners((left - margin, low), (right + margin, high)),
        ("point", point.z, point.value, VALUE, f"z = {number(point.z)}, f(z) = {number(point.value)}"),
    ]
    curves = {"x": view.z, "y": view.curve, "y2": view.tangent, "role": VALUE, "piece": view.piece}
    return {"curves": pd.DataFrame(curves), **_frames(segments, points)}


def frame(curve: Curve) -> tuple[float, float]:
    """Lowest and highest y in sight: of the curve, of its slope, and of every triangle on it."""
    triangles = (curve.value + curve.slope)[curve.z <= curve.z[-1] - 1]
    all_y = np.concatenate([curve.value, curve.slope, triangles, [0.0]])
    margin = MARGIN * np.ptp(all_y)
    return float(all_y.min() - margin), float(all_y.max() + margin)


def _segment(start, end, role: str, width=1.0, dash="solid", detail="", kind="line") -> tuple:
    """One of SEGMENT_FIELDS: a line from start to end, or the window with these corners."""
    return kind, *start, *end, role, width, dash, detail


def _corners(*corners: tuple[float, float]) -> list[tuple]:
    return [("corner", x, y, SURFACE, "") for x, y in corners]


def _frames(segments: list[tuple], points: list[tuple]) -> dict[str, pd.DataFrame]:
    return {
        "segments": pd.DataFrame(segments, columns=list(SEGMENT_FIELDS)),
        "points": pd.DataFrame(points, columns=list(POINT_FIELDS)),
    }


def _clipped(point: Point, xs: tuple[float, float], ys: tuple[float, float]) -> tuple:
    """The two ends of the tangent where it leaves the picture."""
    low, high = xs
    if point.slope:
        reach = sorted(point.z + (y - point.value) / point.slope for y in ys)
        low, high = max(low, reach[0]), min(high, reach[1])
    return tuple((x, point.value + point.slope * (x - point.z)) for x in (low, high))


def _two_curves(curve: Curve) -> pd.DataFrame:
    """The derivative, and on top of it the curve; some points of the curve carry both numbers for the pointer."""
    probed = np.isin(np.arange(len(curve.z)), np.linspace(0, len(curve.z) - 1, PROBES).round())
    nothing = np.full(len(curve.z), np.nan)
    columns = {
        "x": np.tile(curve.z, 2),
        "y": np.concatenate([curve.slope, curve.value]),
        "role": np.repeat([GRADIENT, VALUE], len(curve.z)),
        "piece": np.concatenate([curve.piece, -1 - curve.piece]),  # numbers that differ between the two curves
        "f": np.concatenate([nothing, np.where(probed, curve.value, np.nan)]),
        "slope": np.concatenate([nothing, np.where(probed, curve.slope, np.nan)]),
    }
    return pd.DataFrame(columns, columns=list(CURVE_FIELDS))
