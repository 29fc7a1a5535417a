"""Curves over updates, such as the loss."""

import functools

import altair as alt
import numpy as np
import pandas as pd

from pages.shared.charts.theme import HIGHLIGHT, VALUE, in_role

MAX_POINTS = 200


@functools.lru_cache(maxsize=64)
def spec(x_title: str, y_title: str) -> dict:
    """The compiled curve with a mark at its end; its data are "curve"."""
    base = alt.Chart(alt.NamedData("curve")).encode(
        alt.X("x:Q", title=x_title, axis=alt.Axis(tickMinStep=1)), alt.Y("y:Q", title=y_title), tooltip=["x:Q", "y:Q"]
    )
    line = in_role(base, VALUE).mark_line(strokeWidth=2.5)
    end = in_role(base, HIGHLIGHT).mark_point(filled=True, size=90, opacity=1).transform_filter("datum.last")
    return alt.layer(line, end).properties(height=220).to_dict()


def data(values: np.ndarray) -> dict[str, pd.DataFrame]:
    """The curve of values 0, 1, ...; a long one is thinned to MAX_POINTS, first and last kept."""
    index = np.unique(np.linspace(0, len(values) - 1, min(len(values), MAX_POINTS)).round().astype(int))
    return {"curve": pd.DataFrame({"x": index, "y": values[index], "last": index == len(values) - 1})}
