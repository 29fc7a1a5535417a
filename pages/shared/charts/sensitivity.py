"""How well each optimizer does at each learning rate: a line each, its own best marked on it."""

import functools
from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from pages.shared.charts.theme import by_series, legend_height, text_series

HEIGHT = 300


@functools.lru_cache(maxsize=128)
def spec(
    labels: tuple[str, ...],
    order: tuple[str, ...],
    titles: tuple[str, str],
    x_domain: tuple[float, float],
    y_domain: tuple[float, float],
) -> dict:
    """The compiled lines; both axes are logarithmic.

    Args:
        order: all series of which `labels` are some, so that each keeps its colour.
        titles: of the axes.
        y_domain: what lies below it is drawn on its lower end, what lies above leaves the picture.
    """
    x_scale = alt.Scale(type="log", domain=list(x_domain), nice=False)
    x = alt.X("x:Q", title=titles[0], scale=x_scale, axis=alt.Axis(format="~g", tickCount=7))
    numbers = "~g" if y_domain[0] > 1e-4 else ".0e"
    y_scale = alt.Scale(type="log", domain=list(y_domain), nice=False)
    y = alt.Y("y:Q", title=titles[1], scale=y_scale, axis=alt.Axis(format=numbers, tickCount=6))
    colour, dash = by_series(labels, order=order)
    tips = [
        alt.Tooltip("series:N", title=" "),
        alt.Tooltip("x:Q", title=titles[0], format="~g"),
        alt.Tooltip("value:Q", title=titles[1], format=".4g"),
    ]
    series, best = alt.Chart(alt.NamedData("series")), alt.Chart(alt.NamedData("best"))
    goal, shared = alt.Chart(alt.NamedData("goal")), alt.Chart(alt.NamedData("shared"))
    rule = {"strokeWidth": 1.5, "strokeDash": [4, 4]}
    layers = [
        goal.mark_rule(**rule).encode(y, colour),
        shared.mark_rule(**rule).encode(x, colour),
        # What lies between two gaps is a line of its own, so that a gap stays open where a rate diverges.
        series.mark_line(strokeWidth=2.5, clip=True).encode(x, y, colour, dash, alt.Detail("part:N")),
        series.mark_point(filled=True, size=18, opacity=1, clip=True).encode(x, y, colour),
        best.mark_point(filled=True, size=130, opacity=1).encode(x, y, colour),
        # Wide invisible points: what the pointer meets.
        series.mark_point(opacity=0, size=160, clip=True).encode(x, y, tooltip=tips),
    ]
    chart = alt.layer(*layers).properties(height=HEIGHT + legend_height(labels))
    # A layer without data would be an image without a name; the picture's alternative text speaks for all of them.
    return chart.configure_mark(aria=False).to_dict()


def data(
    curves: Mapping[str, tuple[Sequence[float], np.ndarray]],
    best: Mapping[str, float],
    *,
    lowest: float,
    goal: float | None = None,
    shared: float | None = None,
) -> dict[str, pd.DataFrame]:
    """The named data of `spec`.

    Args:
        curves: label -> (learning rates, what they end at; not finite where a run diverges).
        best: label -> the learning rate to mark, one of the curve's.
        lowest: the lower end of the y axis.
        goal, shared: where the horizontal and the vertical line stand; None for none.
    """
    rows = [row for label, (rates, values) in curves.items() for row in _rows(label, rates, values, lowest)]
    marked = [row for row in rows if best.get(row["series"]) == row["x"]]
    columns = ["x", "y", "value", "series", "part"]
    return {
        "series": pd.DataFrame(rows, columns=columns),
        "best": pd.DataFrame(marked, columns=columns),
        "goal": _line("y", goal),
        "shared": _line("x", shared),
    }


def _line(axis: str, at: float | None) -> pd.DataFrame:
    """Where a straight line stands, in the colour of text."""
    return pd.DataFrame([] if at is None else [{axis: at, "series": text_series()}], columns=[axis, "series"])


def _rows(label: str, rates: Sequence[float], values: np.ndarray, lowest: float) -> list[dict]:
    """A row a finite value; `part` counts the gaps before it."""
    rows, part = [], 0
    for rate, value in zip(rates, np.asarray(values, float).tolist(), strict=True):
        if np.isfinite(value):
            name = f"{label} {part}"
            rows.append({"x": rate, "y": max(value, lowest), "value": value, "series": label, "part": name})
        else:
            part += 1
    return rows
