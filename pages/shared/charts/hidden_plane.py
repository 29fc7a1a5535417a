"""Samples in a plane of their inputs or of a hidden layer's activations: classes by colour and shape, the network's
answer as a field under them, the border between two classes, and the one sample that is followed.

The ends of the axes come with the data, as the corners of a box: one spec serves every frame and every network.
"""

import functools
from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from engine.lab_planes import Plane
from pages.shared.charts.image import png, uri
from pages.shared.charts.plane import ON_FIELD
from pages.shared.charts.theme import (
    ANALYTIC,
    CLASS_0,
    CLASS_1,
    GRADIENT,
    HIGHLIGHT,
    NUMERIC,
    SURFACE,
    TEXT,
    VALUE,
    by_role,
    in_role,
)

SIDE = 206  # pixels: two of them fit beside each other in the pictures' column
CLASSES = (  # class number -> role and shape
    (CLASS_0, "square"),
    (CLASS_1, "circle"),
    (VALUE, "triangle-up"),
    (GRADIENT, "diamond"),
    (ANALYTIC, "triangle-down"),
    (NUMERIC, "cross"),
    (HIGHLIGHT, "triangle-left"),
    (CLASS_0, "triangle-right"),
    (CLASS_1, "diamond"),
    (VALUE, "square"),
)
# The ground of each class, paler than its points; the same in light and dark, since an image cannot follow the theme.
GROUNDS = (
    (190, 158, 206), (127, 183, 172), (133, 176, 211), (217, 163, 133), (167, 174, 127),
    (208, 147, 180), (204, 179, 127), (222, 206, 230), (191, 219, 213), (194, 215, 233),
)  # fmt: skip
LOW, MIDDLE, HIGH = (217, 120, 66), (240, 240, 240), (58, 134, 200)  # of a value, as in the player: orange to blue
PALER = 0.3  # the ground than the points
UNIT_LINE, RIM = "#0b62a8", "#f6f6f6"  # on a field
FEW = 12  # samples up to here are drawn large
PICKED = "picked"  # the selection's name

POINT_FIELDS = ("x", "y", "sample", "role", "colour", "shape", "detail")


@functools.lru_cache(maxsize=256)
def spec(
    x_title: str, y_title: str, *, few: bool, ground: bool, border: bool, lines: bool = False, values: bool = False
) -> dict:
    """The compiled picture.

    Args:
        few:    the points are large.
        ground: there is a field under them. border: there can be a line on it. lines: units have lines of their own.
        values: the points have colours of their own, those of values, and a rim, since the ground may have the same.
    """
    size = 170 if few else 36
    scale = alt.Scale(zero=False, nice=False)
    beyond = {"titleAngle": 0, "titleAlign": "left", "titleBaseline": "bottom", "titleX": -24, "titleY": -8}
    x = alt.X("x:Q", title=x_title, scale=scale, axis=alt.Axis(tickCount=5))
    y = alt.Y("y:Q", title=y_title, scale=scale, axis=alt.Axis(tickCount=5, **beyond))
    picked = alt.selection_point(name=PICKED, fields=["sample"], on="click", empty=False)
    points, followed = _data("points"), _data("followed")
    rim, fill = (TEXT, alt.Fill("colour:N", scale=None)) if values else (SURFACE, by_role(alt.Fill))
    mark = in_role(points, rim, alt.Stroke).mark_point(size=size, opacity=1, strokeWidth=0.8, cursor="pointer")
    ring = followed.mark_point(shape="circle", size=size + 320, opacity=1).encode(x, y)
    inside = in_role(followed, rim, alt.Stroke).mark_point(size=size + 60, opacity=1, strokeWidth=1)
    shape = alt.Shape("shape:N", scale=None)
    field = _data("field").mark_image(aspect=False)
    layers = [
        _data("box").mark_point(opacity=0, size=1).encode(x, y),
        # The key lets a field that is drawn already stay what it is, under the next one: see show.chart.
        *([field.encode(x, y, alt.X2("x2"), alt.Y2("y2"), url="uri:N", key="uri:N")] if ground else []),
        *(_unit_lines(x, y) if lines else []),
        *(_border(x, y) if border else []),
        mark.encode(x, y, shape, fill, tooltip="detail:N").add_params(picked),
        in_role(ring, SURFACE).encode(strokeWidth=alt.value(6)),  # a rim, so that it is seen on any field
        in_role(ring, TEXT).encode(strokeWidth=alt.value(2.5)),
        inside.encode(x, y, shape, fill, tooltip="detail:N"),
    ]
    square = alt.AutoSizeParams(type="pad")
    chart = alt.layer(*layers).properties(width=SIDE, height=SIDE, autosize=square)
    return chart.configure_mark(aria=False).to_dict()


def _data(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name))


def _border(x, y) -> list[alt.Chart]:
    """Dark on a rim in the colour of the ground, so that it is seen on any field."""
    base = _data("border").mark_rule(clip=True, strokeCap="round").encode(x, y, alt.X2("x2"), alt.Y2("y2"))
    return [
        in_role(base, SURFACE).encode(strokeWidth=alt.value(5)),
        in_role(base, TEXT).encode(strokeWidth=alt.value(2)),
    ]


def _unit_lines(x, y) -> list[alt.Chart]:
    """Thin, each with the name of its unit, in colours for a field, which is pale in both themes."""
    line = _data("lines").mark_rule(clip=True, strokeWidth=1.5, strokeCap="round")
    words = _data("names").mark_text(fontSize=12, fontWeight="bold", dy=-7).encode(x, y, text="name:N")
    return [
        line.encode(x, y, alt.X2("x2"), alt.Y2("y2"), tooltip="name:N", color=alt.value(UNIT_LINE)),
        words.encode(color=alt.value(RIM), stroke=alt.value(RIM), strokeWidth=alt.value(3)),
        words.encode(color=alt.value(ON_FIELD)),
    ]


def data(
    plane: Plane,
    classes: Sequence[int],
    details: Sequence[str],
    followed: int,
    names: Sequence[str] = (),
    values: Sequence[float] | None = None,
) -> dict[str, pd.DataFrame]:
    """The named data of `spec`.

    Args:
        plane:    its places are the samples, and after them the one that is followed, if it is none of them.
        classes:  class number of each place; -1 for a value of a regression.
        details:  what the pointer is told at each place.
        followed: which place is ringed.
        names:    of the units whose lines the plane has.
        values:   of a regression, from 0, the least, to 1, the largest; None for classes.
    """
    roles = [CLASSES[number] if number >= 0 else (VALUE, "circle") for number in classes]
    x, y = plane.places.T
    places = pd.DataFrame(
        {
            "x": x,
            "y": y,
            "sample": np.arange(1, len(x) + 1),
            "role": [role for role, _shape in roles],
            "colour": "" if values is None else _colours(values),
            "shape": [shape for _role, shape in roles],
            "detail": list(details),
        },
        columns=list(POINT_FIELDS),
    )
    (left, right), (bottom, top) = plane.x_range, plane.y_range
    box = pd.DataFrame({"x": [left, right], "y": [bottom, top]})
    found = {
        "box": box,
        "border": _segments(plane.border),
        **_lines(plane, names),
        "points": places,
        "followed": places.iloc[[followed]],
    }
    image = (
        []
        if plane.field is None
        else [(left, bottom, right, top, ground(plane.field, max(classes) > 1, values is not None))]
    )
    return found | {"field": pd.DataFrame(image, columns=["x", "y", "x2", "y2", "uri"])}


def _segments(segments: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(segments.reshape(-1, 4), columns=["x", "y", "x2", "y2"])


def _lines(plane: Plane, names: Sequence[str]) -> dict[str, pd.DataFrame]:
    """The units' lines, and on each its name: every one at another height, so that names stand apart."""
    parts = [_segments(segments).assign(name=name) for name, segments in zip(names, plane.lines.values(), strict=True)]
    (left, right), (bottom, top) = plane.x_range, plane.y_range
    room, ends = 0.08 * (right - left), []
    for part, height in zip(parts, np.linspace(top - 2 * room, bottom + room, max(len(parts), 2)), strict=False):
        inner = part[part.x.between(left + room, right - room) & (part.y < top - room)]
        ends += [inner.loc[[(inner.y - height).abs().idxmin()], ["x", "y", "name"]]] if len(inner) else []
    empty = pd.DataFrame(columns=["x", "y", "x2", "y2", "name"])
    return {
        "lines": pd.concat(parts, ignore_index=True) if parts else empty,
        "names": pd.concat(ends, ignore_index=True) if ends else empty[["x", "y", "name"]],
    }


def ground(field: np.ndarray, several: bool, values: bool = False) -> str:
    """The field as an image: from class 0 to class 1, the class numbers of several, or values."""
    if values:
        return png(np.nan_to_num(np.clip(field, 0.0, 1.0) * 255, nan=127.5).round().astype(np.uint8), _ramp(PALER))
    if not several:
        return uri(field)
    return png(field.astype(np.uint8), np.array(GROUNDS, np.uint8))


def _ramp(paler: float = 0.0) -> np.ndarray:
    """The 256 colours from the least value to the largest, (256, 3), a part of the way nearer to white."""
    channels = zip(LOW, MIDDLE, HIGH, strict=True)
    found = np.stack([np.interp(np.arange(256), [0, 127.5, 255], channel) for channel in channels], 1)
    return (found + paler * (255 - found)).round().astype(np.uint8)


def _colours(values: Sequence[float]) -> list[str]:
    places = (np.asarray(values, float) * 255).round().astype(int)
    return ["#{:02x}{:02x}{:02x}".format(*colour) for colour in _ramp()[places].tolist()]
