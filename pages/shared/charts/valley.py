"""The valley of numerical differentiation: the error over the step h, measured and predicted, both logarithmic."""

import functools
from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from pages.shared.charts.theme import by_series, legend_height, text_series

HEIGHT = 360
WORD = {"fontSize": 12, "fontWeight": "bold"}
BEYOND = 10  # a predicted line is drawn so many times past the lowest and the highest error

FIELDS = {
    "series": ("x", "y", "series"),
    "predicted": ("x", "y", "line", "series"),
    "names": ("x", "y", "label", "series"),
    "marks": ("x", "label", "chosen", "width", "series"),
    "here": ("x", "y", "series"),
}


@functools.lru_cache(maxsize=32)
def spec(labels: tuple[str, ...], x_title: str, y_title: str) -> dict:
    """The compiled picture; its data are FIELDS.

    Args: labels: of the schemes whose measured errors are drawn.
    """
    colour, dash = by_series(labels)
    powers = alt.Axis(format=".0e", tickCount=8, labelOverlap="greedy")
    x = {"title": x_title, "scale": alt.Scale(type="log", nice=False, padding=6), "axis": powers}
    y = {"title": y_title, "scale": alt.Scale(type="log", nice=False, padding=14), "axis": powers}
    along, up = alt.X("x:Q", **x), alt.Y("y:Q", **y)
    tips = [
        alt.Tooltip("series:N", title=" "),
        alt.Tooltip("x:Q", title=x_title, format=".3g"),
        alt.Tooltip("y:Q", title=y_title, format=".3g"),
    ]
    measured = _layer("series").encode(along, up)
    predicted, names, marks = _layer("predicted"), _layer("names"), _layer("marks")
    layers = [
        marks.mark_rule(clip=True).encode(along, colour, strokeWidth=alt.StrokeWidth("width:Q", scale=None)),
        _beside(marks.transform_filter("!datum.chosen"), baseline="top", dy=2).encode(along, colour, y=alt.value(0)),
        _beside(marks.transform_filter("datum.chosen"), baseline="bottom", dy=-3).encode(
            along, colour, y=alt.value("height")
        ),
        predicted.mark_line(strokeWidth=2, strokeDash=[6, 5], clip=True).encode(
            along, up, colour, alt.Detail("line:N")
        ),
        measured.mark_line(strokeWidth=2.5, clip=True).encode(colour, dash),
        names.mark_text(**WORD, align="left", dx=8).encode(along, up, colour, text="label:N"),
        _layer("here").mark_point(size=190, strokeWidth=3, opacity=1).encode(along, up, colour),
        # Wide invisible points: what the pointer meets.
        measured.mark_point(opacity=0, size=160).encode(colour, tooltip=tips),
    ]
    return alt.layer(*layers).properties(height=HEIGHT + legend_height(labels)).to_dict()


def _beside(marks: alt.Chart, **place) -> alt.Chart:
    """What is written beside a vertical line."""
    return marks.mark_text(**WORD, align="left", dx=5, **place).encode(text="label:N")


def _layer(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name))


def data(
    h: np.ndarray,
    errors: Mapping[str, np.ndarray],
    predicted: Mapping[str, np.ndarray],
    marks: Sequence[tuple[float, str, bool]],
    here: tuple[float, float],
) -> dict[str, pd.DataFrame]:
    """The named data of `spec`; a logarithmic axis leaves out what is 0.

    Args:
        h:         steps, ascending, shape (n,).
        errors:    label of a scheme -> its errors, (n,).
        predicted: what is written at a predicted line -> its values, (n,).
        marks:     (h, what is written there, whether it is the chosen one).
        here:      the chosen step and its error.
    """
    shown = np.concatenate([values[_visible(values)] for values in errors.values()] or [h])
    low, high = (shown.min() / BEYOND, shown.max() * BEYOND) if len(shown) else (0.0, np.inf)
    measured = [(x, y, label) for label, values in errors.items() for x, y in _points(h, values)]
    ink = text_series()
    lines, names = [], []
    for label, values in predicted.items():
        points = [(x, y) for x, y in _points(h, values) if low <= y <= high]
        lines += [(x, y, label, ink) for x, y in points]
        names += [(*point, label, ink) for point in points[:1]]  # its left end: there is room to the right of it
    rows = {
        "series": measured,
        "predicted": lines,
        "names": names,
        "marks": [(x, label, chosen, 2.5 if chosen else 1.0, ink) for x, label, chosen in marks],
        "here": [(*here, ink)] if here[1] > 0 and np.isfinite(here[1]) else [],
    }
    return {name: pd.DataFrame(found, columns=list(FIELDS[name])) for name, found in rows.items()}


def _visible(values: np.ndarray) -> np.ndarray:
    return np.isfinite(values) & (values > 0)


def _points(x: np.ndarray, y: np.ndarray) -> list[tuple[float, float]]:
    seen = _visible(y)
    return list(zip(x[seen].tolist(), y[seen].tolist(), strict=True))
