"""Functions above, their derivatives below, on one axis of z with one cursor through both.

It is a single view whose two y axes share its height: a rule then crosses both pictures, and the view takes the
width of its container, which two views under each other cannot.
"""

import functools
import json
from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from pages.shared.charts.theme import HIGHLIGHT, MUTED, by_series, in_role, legend_height

HEIGHT = 490  # pixels of both pictures
UPPER, LOWER = 0.56, 0.63  # where the upper one ends and the lower one begins, as shares of the height
BANDS = {"f": (f"height * {UPPER}", "0"), "slope": ("height", f"height * {LOWER}")}  # bottom and top, in pixels
AT_CURSOR = {"param": "cursor", "empty": False}


@functools.lru_cache(maxsize=256)
def spec(labels: tuple[str, ...], limit: float, z_title: str, f_title: str, slope_title: str) -> dict:
    """The compiled pictures of these functions for z from -limit to limit."""
    axis = alt.Axis(tickCount=10, grid=False)  # a grid knows one of the two y axes only
    x = alt.X("z:Q", title=z_title, scale=alt.Scale(domain=[-limit, limit], nice=False), axis=axis)
    titles = {"f": f_title, "slope": slope_title}
    panels = [_panel(field, title, labels, x) for field, title in titles.items()]
    chart = alt.layer(_cursor(labels, titles, x), _pin(x), *panels).resolve_scale(y="independent")
    return chart.properties(height=HEIGHT + legend_height(labels)).to_dict()


def _panel(field: str, title: str, labels: tuple[str, ...], x: alt.X) -> alt.Chart:
    """The curves of one picture, a dot at each convention, and dots where cursor and pin meet the curves."""
    bottom, top = ({"expr": place} for place in BANDS[field])
    axis = alt.Axis(tickCount=6, orient="left", labelFlush=False)
    y = alt.Y(f"{field}:Q", title=title, scale=alt.Scale(range=[bottom, top]), axis=axis)
    colour, dash = by_series(labels)
    curve = _named("curves", labels).mark_line(strokeWidth=2.5).encode(x, y, colour, dash)
    dots = [  # of which there may be none; a screen reader has their numbers from the alternative text
        _named(name, labels).mark_point(filled=True, size=size, opacity=1, aria=False).encode(x, y, colour)
        for name, size in (("conventions", 40), ("pin", 70), ("cursor", 70))
    ]
    dots[-1] = dots[-1].transform_filter(AT_CURSOR)
    return alt.layer(curve, *dots)


def _named(data: str, labels: Sequence[str]) -> alt.Chart:
    """Rows with the name of their function, which comes as its place in the list."""
    names = json.dumps(list(labels), ensure_ascii=False)
    return alt.Chart(alt.NamedData(data)).transform_calculate(series=f"{names}[datum.function]")


def _cursor(labels: Sequence[str], titles: dict[str, str], x: alt.X) -> alt.Chart:
    """The rule that follows the pointer; its tooltip has the numbers of all functions."""
    nearest = alt.selection_point(name="cursor", nearest=True, on="pointermove", clear="pointerout", encodings=["x"])
    rows = alt.Chart(alt.NamedData("cursor")).transform_aggregate(
        [alt.AggregatedFieldDef(op="values", **{"as": "rows"})], groupby=["z"]
    )
    for i in range(len(labels)):
        texts = [f"'{title} = ' + format(datum.rows[{i}].{field}, '.4~g')" for field, title in titles.items()]
        rows = rows.transform_calculate(**{f"text{i}": " + ',  ' + ".join(texts)})
    tips = [alt.Tooltip(f"text{i}:N", title=label) for i, label in enumerate(labels)]
    shown = alt.condition(AT_CURSOR, alt.value(1), alt.value(0))
    rule = in_role(rows, MUTED, alt.Stroke).mark_rule(strokeWidth=1.5)  # colour is the functions' channel
    rule = rule.encode(x, opacity=shown, tooltip=[alt.Tooltip("z:Q", format=".4~g"), *tips])
    return rule.properties(name="cursor_rule").add_params(nearest)


def _pin(x: alt.X) -> alt.Chart:
    rows = alt.Chart(alt.NamedData("pin")).transform_filter("datum.function == 0")  # one rule is enough
    return in_role(rows, HIGHLIGHT, alt.Stroke).mark_rule(strokeWidth=2, strokeDash=[6, 4]).encode(x)


def data(**parts) -> dict[str, pd.DataFrame]:
    """The named data of `spec`: curves, cursor, pin and conventions, each with z, values and slopes.

    A value that is nan breaks a curve, and makes no dot.
    """
    return {name: _rows(part.z, part.values, part.slopes) for name, part in parts.items()}


def _rows(z: np.ndarray, values: np.ndarray, slopes: np.ndarray) -> pd.DataFrame:
    """A row a function and z; single precision holds more than a picture shows, and is half as much to send."""
    n_functions, n_points = values.shape
    return pd.DataFrame(
        {
            "z": np.tile(z.astype(np.float32), n_functions),
            "function": np.repeat(np.arange(n_functions, dtype=np.int8), n_points),
            "f": values.ravel().astype(np.float32),
            "slope": slopes.ravel().astype(np.float32),
        }
    )
