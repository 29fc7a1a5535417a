"""The board's curves, smoothed before what they are made of, and its distributions over the epochs: ridge or ribbon."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from engine.board import Counts, Spread
from pages.shared.charts.theme import (
    HIGHLIGHT,
    MUTED,
    SURFACE,
    TEXT,
    VALUE,
    by_role,
    by_series,
    in_role,
    legend_height,
    text_series,
)

LARGE, SMALL, CARD = 320, 230, 320  # pixels in height
TALLEST = 3.0  # rows that the tallest bar of a ridge reaches over
GUTTER = 0.09  # of the range, for what lies outside
LABELS = 4  # epochs written beside a ridge, at least
QUANTILES = ("q95", "q75", "q50", "q25", "q5")
CURVE_FIELDS = ("x", "y", "raw", "series", "part")


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve of a card: its series, its part (0 solid, 1 dashed), x, smoothed and raw values."""

    series: str
    part: int
    x: Sequence[float]
    shown: np.ndarray
    raw: np.ndarray


@functools.lru_cache(maxsize=128)
def scalars_spec(
    labels: tuple[str, ...], x_title: str, y_title: str, raw_title: str, *, log: bool, height: int = SMALL
) -> dict:
    """The compiled curves of one card; data: "curves" and "at", the epoch of the numbers."""
    scale = alt.Scale(type="log") if log else alt.Scale(zero=False, nice=False)
    axis = alt.Axis(format="~g", tickCount=5)
    base = alt.Chart(alt.NamedData("curves")).encode(alt.X("x:Q", title=x_title, scale=alt.Scale(nice=False)))
    colour = by_series(labels)[0]

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", title=y_title, scale=scale, axis=axis)

    tip = [
        alt.Tooltip("series:N", title=" "),
        alt.Tooltip("x:Q", title=x_title),
        alt.Tooltip("y:Q", title=y_title, format=".4g"),
        alt.Tooltip("raw:Q", title=raw_title, format=".4g"),
    ]
    detail = alt.Detail("part:N")
    dash = alt.StrokeDash("part:O", scale=alt.Scale(domain=[0, 1], range=[[1, 0], [5, 3]]), legend=None)
    line = base.encode(y("y"), colour, detail)
    layers = [
        base.mark_line(strokeWidth=1, opacity=0.3).encode(y("raw"), colour, detail),
        line.mark_line(strokeWidth=2.5).encode(dash),
        line.mark_point(opacity=0, size=130).encode(tooltip=tip),
        alt.Chart(alt.NamedData("at")).mark_rule(strokeWidth=1).encode(alt.X("x:Q", title=x_title), colour),
    ]
    # A layer without data would be an image without a name; the picture's alternative text speaks for all of them.
    chart = alt.layer(*layers).properties(height=height + legend_height(labels))
    return chart.configure_mark(aria=False).to_dict()


def scalars_data(curves: Sequence[Curve], at: int, *, log: bool) -> dict[str, pd.DataFrame]:
    """The named data of `scalars_spec`; on a logarithmic axis only what is above 0 has a place."""
    parts = []
    for one in curves:
        shown, raw = (np.where(np.isfinite(v) & ((v > 0) | (not log)), v, np.nan) for v in (one.shown, one.raw))
        parts.append(pd.DataFrame({"x": one.x, "y": shown, "raw": raw, "series": one.series, "part": one.part}))
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(CURVE_FIELDS))
    return {
        "curves": frame.dropna(subset=["y", "raw"]).reset_index(drop=True),
        "at": pd.DataFrame({"x": [at], "series": [text_series()]}),
    }


# distributions ------------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=256)
def ridge_spec(rows: int, low: float, high: float, x_title: str, y_title: str) -> dict:
    """Histograms behind each other, the first epoch at the back; data: "rows", "shapes", "outside", "words".

    Args: rows: frames that are drawn. low, high: ends of the range; what lies outside stands beside it.
    """
    room = GUTTER * (high - low)
    across = alt.Scale(domain=[low - 1.5 * room, high + 1.5 * room], nice=False, zero=False)
    down = alt.Scale(domain=[-TALLEST, rows - 1], reverse=True, nice=False, zero=False)
    ends = alt.Axis(values=[low, (low + high) / 2, high], labelExpr="format(datum.value, '.3~g')")
    x = alt.X("x:Q", title=x_title, scale=across, axis=ends)
    y = alt.Y(
        "y:Q",
        title=y_title,
        scale=down,
        axis=alt.Axis(labels=False, ticks=False, grid=False, domain=False, titlePadding=34),
    )
    tip = [alt.Tooltip("epoch:Q", title=y_title), alt.Tooltip("detail:N", title=" ")]
    shape = alt.Chart(alt.NamedData("shapes")).encode(x, y, alt.Y2("base"), by_role(alt.Fill), alt.Detail("row:O"))
    outside = alt.Chart(alt.NamedData("outside")).encode(x, y, alt.X2("x2"), alt.Y2("base"), tooltip=tip)
    words = in_role(alt.Chart(alt.NamedData("words")), TEXT, alt.Fill)
    ground = in_role(alt.Chart(alt.NamedData("rows")), MUTED).mark_rule(strokeWidth=0.5)
    layers = [
        ground.encode(x, y, alt.X2("x2")),
        in_role(shape, SURFACE, alt.Stroke).mark_area(interpolate="step-after", opacity=0.9, strokeWidth=0.8),
        in_role(outside, HIGHLIGHT, alt.Fill).mark_rect(),
        alt.Chart(alt.NamedData("shapes")).mark_point(opacity=0, size=60, filled=True).encode(x, y, tooltip=tip),
        words.encode(x, y, text="text:N").mark_text(fontSize=10, align="right", baseline="middle", dx=-5),
    ]
    return alt.layer(*layers).properties(height=CARD).configure_mark(aria=False).to_dict()


def ridge_data(counts: Counts, epochs: Sequence[int], frames: Sequence[int], frame: int) -> dict[str, pd.DataFrame]:
    """The named data of `ridge_spec`.

    Args: frames: places of the epochs that are drawn, from the back to the front.
        frame: the place among them of the one that stands out.
    """
    room = GUTTER * (counts.high - counts.low)
    shares, n_bins = counts.shares[list(frames)], counts.shares.shape[1]
    edges = np.linspace(counts.low, counts.high, n_bins + 1)
    below, above = counts.below[list(frames)], counts.above[list(frames)]
    tallest = max(shares.max(initial=0.0), below.max(initial=0.0), above.max(initial=0.0)) or 1.0
    steps = np.column_stack([shares, shares[:, -1:]])  # the last step ends at the last edge
    base = np.repeat(np.arange(len(frames), dtype=float), n_bins + 1)
    at = np.repeat(np.asarray(epochs)[list(frames)], n_bins + 1)
    shapes = pd.DataFrame({"row": base, "x": np.tile(edges, len(frames)), "base": base, "epoch": at})
    shapes["y"] = base - TALLEST * steps.ravel() / tallest
    shapes["role"] = np.where(np.repeat(np.arange(len(frames)) == frame, n_bins + 1), HIGHLIGHT, VALUE)
    shapes["detail"] = [f"{share:.1%}" for share in steps.ravel()]
    sides = [
        (row, share, start, stop)
        for row, (less, more) in enumerate(zip(below, above, strict=True))
        for share, start, stop in (
            (less, counts.low - 1.2 * room, counts.low - 0.4 * room),
            (more, counts.high + 0.4 * room, counts.high + 1.2 * room),
        )
        if share
    ]
    outside = [
        (start, stop, row - TALLEST * share / tallest, row, epochs[frames[row]], f"{share:.1%}")
        for row, share, start, stop in sides
    ]
    return {
        "rows": pd.DataFrame({"x": counts.low, "x2": counts.high, "y": np.arange(len(frames))}),
        "shapes": shapes,
        "outside": pd.DataFrame(outside, columns=["x", "x2", "y", "base", "epoch", "detail"]),
        "words": _words(counts.low - 1.5 * room, epochs, frames),
    }


def _words(x: float, epochs: Sequence[int], frames: Sequence[int]) -> pd.DataFrame:
    """The epochs of some rows, the first and the last among them."""
    last = len(frames) - 1
    rows = sorted({round(last * part / LABELS) for part in range(LABELS + 1)})
    return pd.DataFrame({"x": x, "y": rows, "text": [f"{epochs[frames[row]]:g}" for row in rows]})


@functools.lru_cache(maxsize=256)
def ribbon_spec(low: float, high: float, x_title: str, y_title: str) -> dict:
    """Bands of quantiles and their median over the epochs; data: "ribbon" and "at", the epoch that is looked at."""
    base = alt.Chart(alt.NamedData("ribbon")).encode(alt.X("epoch:Q", title=x_title, scale=alt.Scale(nice=False)))
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    axis = alt.Axis(format=".3~g", tickCount=5)

    def y(name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", title=y_title, scale=scale, axis=axis)

    tips = [alt.Tooltip("epoch:Q", title=x_title)]
    tips += [alt.Tooltip(f"{name}:Q", title=f"{name[1:]}%", format=".3g") for name in QUANTILES]
    layers = [
        in_role(base.mark_area(opacity=0.2, clip=True).encode(y("q5"), alt.Y2("q95")), VALUE),
        in_role(base.mark_area(opacity=0.35, clip=True).encode(y("q25"), alt.Y2("q75")), VALUE),
        in_role(base.mark_line(strokeWidth=2.5, clip=True).encode(y("q50")), VALUE),
        base.mark_point(opacity=0, size=200, clip=True).encode(y("q50"), tooltip=tips),
        in_role(alt.Chart(alt.NamedData("at")).mark_rule(strokeWidth=1), TEXT).encode(alt.X("epoch:Q", title=x_title)),
    ]
    return alt.layer(*layers).properties(height=CARD).configure_mark(aria=False).to_dict()


def ribbon_data(spread: Spread, counts: Counts, epochs: Sequence[int], frame: int) -> dict[str, pd.DataFrame]:
    """The named data of `ribbon_spec`; what lies far outside of the range is drawn right beside it."""
    room = counts.high - counts.low
    within = np.clip(spread.quantiles, counts.low - room, counts.high + room)
    ribbon = pd.DataFrame(dict(zip(QUANTILES, within[:, ::-1].T, strict=True)))
    ribbon.insert(0, "epoch", epochs)
    return {"ribbon": ribbon, "at": pd.DataFrame({"epoch": [epochs[frame]]})}
