"""A gradient as the sum of its parts, sample by sample: bars for the parts and the sum, a diamond for the check."""

import functools
from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from pages.shared.charts.theme import SURFACE, by_series, in_role, legend_height

HEIGHT = 320


@functools.lru_cache(maxsize=32)
def spec(labels: tuple[str, ...], x_title: str, y_title: str) -> dict:
    """The compiled picture; the last label is the check's, and stands on the bar before it. Its data are "parts"."""
    *bars, check = labels
    offset = alt.XOffset("place:N", scale=alt.Scale(domain=list(bars)))
    base = alt.Chart(alt.NamedData("parts")).encode(
        alt.X("sample:N", title=x_title, sort=None, axis=alt.Axis(labelAngle=0)),
        alt.Y("value:Q", title=y_title),
        offset,
        tooltip=[
            alt.Tooltip("sample:N", title=x_title),
            alt.Tooltip("series:N", title=" "),
            alt.Tooltip("value:Q", title=y_title, format=".4g"),
        ],
    )
    colour = by_series(labels)[0]  # its legend shows strokes
    fill, rim = alt.Fill("series:N", scale=colour["scale"], legend=None), alt.Stroke("series:N", **colours_of(colour))
    checks = base.transform_filter(alt.datum.series == check)
    layers = [
        base.transform_filter(alt.datum.series != check).mark_bar(strokeWidth=1).encode(fill, rim),
        in_role(checks, SURFACE, alt.Stroke)
        .mark_point(shape="diamond", filled=True, size=130, opacity=1, strokeWidth=1.5)
        .encode(fill),
    ]
    chart = alt.layer(*layers).resolve_scale(stroke="independent")  # the rims of bars and diamonds
    return chart.properties(height=HEIGHT + legend_height(labels)).configure_mark(aria=False).to_dict()


def colours_of(channel: alt.Color) -> dict:
    """Scale and legend of a channel, for another one."""
    return {name: channel[name] for name in ("scale", "legend")}


def data(parts: Mapping[str, np.ndarray], samples: Sequence[str]) -> dict[str, pd.DataFrame]:
    """The named data of `spec`: label -> a value a sample, the check last."""
    *_bars, total, _check = parts
    rows = [
        {"sample": sample, "series": label, "place": label if label in _bars else total, "value": float(value)}
        for label, values in parts.items()
        for sample, value in zip(samples, values, strict=True)
    ]
    return {"parts": pd.DataFrame(rows)}
