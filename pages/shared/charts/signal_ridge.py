"""Histograms of several layers under each other, on one range; what lies outside of it stands in gutters beside it."""

import functools
from collections.abc import Callable

import altair as alt
import numpy as np
import pandas as pd

from engine.signal_reading import LayerHistograms
from pages.shared.charts.theme import HIGHLIGHT, TEXT, by_series, in_role

ROOM = 0.92  # of a row, for a bar that is 1 high
GUTTER = 0.09  # width of a gutter, as a share of the range
NAMES = 26  # pixels of the layers' names
GAUGE_FIELDS = ("x", "x2", "y", "base")
WORD_FIELDS = ("x", "y", "text", "align")

Share = Callable[[float], str]


@functools.lru_cache(maxsize=256)
def spec(
    labels: tuple[str, ...], n_layers: int, low: float, high: float, x_title: str, y_title: str, width: int, row: int
) -> dict:
    """The compiled histograms of one scheme; all schemes, `labels`, have the same spec, and data of their own.

    Args:
        n_layers: with a histogram.
        low, high: ends of the range that all of them share.
        width: pixels. row: pixels of a layer.
    """
    left, right = _ends(low, high)
    across = alt.Scale(domain=[left, right], nice=False, zero=False)
    down = alt.Scale(domain=[0, n_layers], reverse=True, nice=False)
    bare = alt.Axis(labels=False, grid=False, ticks=False, domain=False, titlePadding=NAMES)
    # By hand: an axis would write −12 as −1e+1, for its ticks are far apart.
    ends = alt.Axis(values=[low, (low + high) / 2, high], labelExpr="format(datum.value, '.4~g')")
    x = alt.X("x:Q", title=x_title, scale=across, axis=ends)
    y = alt.Y("y:Q", title=y_title, scale=down, axis=bare)
    shape = _chart("shapes").encode(x, y, alt.Y2("base"), by_series(labels)[0].legend(None), alt.Detail("row:N"))
    gauge = _chart("gauges").encode(x, y, alt.X2("x2"), alt.Y2("base"))
    words = in_role(_chart("words").encode(x, y, text="text:N"), TEXT, alt.Fill)
    tooltip = [alt.Tooltip("detail:N", title=" ")]
    layered = [
        shape.mark_area(interpolate="step-after", opacity=0.85, line=False),
        in_role(gauge, HIGHLIGHT, alt.Fill).mark_rect(),
        *(
            words.transform_filter(f"datum.align == '{align}'").mark_text(fontSize=11, align=align, baseline="top")
            for align in ("left", "center", "right")
        ),
        words.transform_filter("datum.align == 'name'").mark_text(
            fontSize=11, align="right", baseline="middle", dx=-6, clip=False
        ),
        _chart("rows").encode(x, y, alt.X2("x2"), alt.Y2("base"), tooltip=tooltip).mark_rect(opacity=0),
    ]
    pad = alt.AutoSizeParams(type="pad")
    chart = alt.layer(*layered).properties(width=width, height=row * n_layers, autosize=pad)
    return chart.configure_mark(aria=False).to_dict()  # a layer without data would be an image without a name


def _chart(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name))


def _ends(low: float, high: float) -> tuple[float, float]:
    """Of the picture: a gutter beyond each end of the range."""
    room = GUTTER * (high - low)
    return low - 1.5 * room, high + 1.5 * room


def data(
    histograms: LayerHistograms, label: str, share: Share, detail: Callable[[int], str], *, at_zero: bool
) -> dict[str, pd.DataFrame]:
    """The named data of `spec`.

    A layer's numbers are in four parts: inside, exactly 0, below, above. Each is as high as its share, the row's height
    being all; inside, that is the tallest bar's height, and the others follow.

    Args:
        share: writes a share.
        detail: about the n-th of the histograms' layers, for its tooltip.
        at_zero: the axis has a 0, where the exact zeros stand; on a logarithmic one only the words tell of them.
    """
    low, high = float(histograms.edges[0]), float(histograms.edges[-1])
    left, right = _ends(low, high)
    room, thin = (right - high) / 1.5, 0.008 * (right - left)
    gauges, words = [], []
    for place, layer in enumerate(histograms.layers):
        base = place + 1.0
        words.append({"x": left, "y": place + 0.5, "text": str(layer + 1), "align": "name"})
        if not histograms.numbers[place]:
            continue
        below, zero, above = (float(part[place]) for part in (histograms.below, histograms.zero, histograms.above))
        gauges += [
            *_gauge(below, left + 0.25 * room, left + room, base),
            *_gauge(above, right - room, right - 0.25 * room, base),
            *(_gauge(zero, -thin, thin, base) if at_zero else []),
        ]
        words += [
            *_word("◂ {}", below, left, place, "left", share),
            *_word("{} ▸", above, right, place, "right", share),
            *_word("0: {}", zero, (low + high) / 2, place, "center", share),
        ]
    return {
        "shapes": _shapes(histograms, label),
        "gauges": pd.DataFrame(gauges, columns=list(GAUGE_FIELDS)),
        "words": pd.DataFrame(words, columns=list(WORD_FIELDS)),
        "rows": _rows(len(histograms.layers), left, right, detail),
    }


def _shapes(histograms: LayerHistograms, label: str) -> pd.DataFrame:
    """The outline of each histogram: a step at each edge; a layer without numbers has none."""
    reached = np.flatnonzero(histograms.numbers)
    shares, inside = histograms.shares[reached], histograms.inside[reached]
    tallest = shares.max(axis=1, initial=0.0)
    heights = shares * (inside / np.where(tallest > 0, tallest, 1.0))[:, None]
    heights = np.column_stack([heights, heights[:, -1:]])  # the last step ends at the last edge
    base = np.repeat(reached + 1.0, len(histograms.edges))
    columns = {"row": base - 1.0, "x": np.tile(histograms.edges, len(reached)), "y": base - ROOM * heights.ravel()}
    return pd.DataFrame(columns | {"base": base, "series": label})


def _rows(n: int, left: float, right: float, detail: Callable[[int], str]) -> pd.DataFrame:
    """What the pointer meets."""
    top = np.arange(float(n))
    return pd.DataFrame({"x": left, "x2": right, "y": top, "base": top + 1, "detail": [detail(k) for k in range(n)]})


def _gauge(share: float, x: float, x2: float, base: float) -> list[dict]:
    return [{"x": x, "x2": x2, "y": base - ROOM * share, "base": base}] if share else []


def _word(text: str, share: float, x: float, place: int, align: str, write: Share) -> list[dict]:
    return [{"x": x, "y": place + 0.04, "text": text.format(write(share)), "align": align}] if share else []
