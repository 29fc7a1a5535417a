"""Costs relative to ReLU: for each function a dot for f and one for f', with its interval where it was measured."""

import functools
from collections.abc import Sequence

import altair as alt
import pandas as pd

from pages.shared.charts.theme import GRADIENT, TEXT, VALUE, by_role, in_role

TICKS = [digit * 10.0**power for power in range(-4, 5) for digit in (1, 2, 5)]
ROW, AXIS = 30, 60  # pixels of a function: f and f' under each other
PARTS = {"f": VALUE, "f′": GRADIENT}


@functools.lru_cache(maxsize=64)
def spec(labels: tuple[str, ...], x_title: str) -> dict:
    """The compiled picture; its data are "costs" and "one"."""
    axis = alt.Axis(values=TICKS, format="~g", labelOverlap="greedy")
    x = {"title": x_title, "scale": alt.Scale(type="log", nice=True), "axis": axis}
    base = alt.Chart(alt.NamedData("costs")).encode(
        alt.Y("label:N", title=None, sort=list(labels), scale=alt.Scale(domain=list(labels))),
        alt.YOffset("part:N", scale=alt.Scale(domain=list(PARTS))),
        by_role(),
    )
    shape = alt.Shape("part:N", scale=alt.Scale(domain=list(PARTS), range=["circle", "diamond"]), legend=None)
    tips = [alt.Tooltip("label:N", title=" "), alt.Tooltip("part:N", title=" "), alt.Tooltip("detail:N", title=x_title)]
    one = alt.Chart(alt.NamedData("one")).mark_rule(strokeDash=[4, 4], strokeWidth=1.5).encode(alt.X("x:Q", **x))
    layers = [
        in_role(one, TEXT),
        base.mark_rule(strokeWidth=4, opacity=0.5).encode(alt.X("low:Q", **x), alt.X2("high:Q")),
        base.mark_point(filled=True, size=70, opacity=1).encode(alt.X("x:Q", **x), shape),
        base.mark_point(opacity=0, size=300).encode(alt.X("x:Q", **x), tooltip=tips),
    ]
    return alt.layer(*layers).properties(height=ROW * len(labels) + AXIS).to_dict()


def data(
    labels: Sequence[str],
    middle: Sequence[Sequence[float]],
    low: Sequence[Sequence[float]],
    high: Sequence[Sequence[float]],
    detail: Sequence[Sequence[str]],
) -> dict[str, pd.DataFrame]:
    """The named data of `spec`.

    Args:
        middle, low, high: (2, n_labels), of f and of f'; all the same where there is no interval.
        detail: the tooltip's words, likewise.
    """
    rows = [
        {
            "label": label,
            "part": part,
            "role": role,
            "x": middle[at][place],
            "low": low[at][place],
            "high": high[at][place],
            "detail": detail[at][place],
        }
        for at, (part, role) in enumerate(PARTS.items())
        for place, label in enumerate(labels)
    ]
    return {"costs": pd.DataFrame(rows), "one": pd.DataFrame({"x": [1.0]})}
