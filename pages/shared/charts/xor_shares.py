"""Shares of successes with their intervals, the intervals of their differences, and where the runs ended."""

import functools
from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from engine.proportions import Interval
from pages.shared.charts.theme import HIGHLIGHT, SURFACE, TEXT, VALUE, by_role, by_series, in_role, legend_height

ROW, AXIS = 54, 55  # pixels of a row: a name of two lines
BREAK = "|"  # in a name: here a new line begins
SHARE_FIELDS = ("label", "x", "low", "high", "role", "detail")
NOTE_FIELDS = ("label", "x", "role", "detail")
DIFFERENCE_FIELDS = ("label", "x", "low", "high", "low_all", "high_all", "fill", "role", "detail")


def _rows(labels: tuple[str, ...]) -> alt.Y:
    axis = alt.Axis(labelExpr=f"split(datum.label, '{BREAK}')", labelLimit=150, ticks=False, domain=False)
    return alt.Y("label:N", title=None, sort=list(labels), scale=alt.Scale(domain=list(labels)), axis=axis)


@functools.lru_cache(maxsize=64)
def shares_spec(labels: tuple[str, ...], x_title: str) -> dict:
    """A dot and its interval for each label, and a hollow diamond for what a note reports; data: "shares", "note"."""
    x = {"title": x_title, "scale": alt.Scale(domain=[0, 1]), "axis": alt.Axis(format=".0%", tickCount=6)}
    base = alt.Chart(alt.NamedData("shares")).encode(_rows(labels))
    note = alt.Chart(alt.NamedData("note")).mark_point(shape="diamond", size=130, strokeWidth=2, opacity=1, yOffset=-13)
    layers = [
        base.mark_rule(strokeWidth=5, opacity=0.45).encode(alt.X("low:Q", **x), alt.X2("high:Q"), by_role()),
        base.mark_point(filled=True, size=110, opacity=1).encode(alt.X("x:Q", **x), by_role()),
        base.mark_point(opacity=0, size=500).encode(alt.X("x:Q", **x), tooltip="detail:N"),
        note.encode(_rows(labels), alt.X("x:Q", **x), by_role(), tooltip="detail:N"),
    ]
    return alt.layer(*layers).properties(height=ROW * len(labels) + AXIS).to_dict()


def shares_data(
    intervals: Mapping[str, Interval], note: Mapping[str, float], detail: Mapping[str, str], note_detail: str
) -> dict[str, pd.DataFrame]:
    """The named data of `shares_spec`.

    Args: intervals: label -> share and interval. note: label -> share, for those that have one. detail: the tooltips.
    """
    rows = [(label, i.estimate, i.low, i.high, VALUE, detail[label]) for label, i in intervals.items()]
    marks = [(label, share, HIGHLIGHT, note_detail) for label, share in note.items()]
    return {
        "shares": pd.DataFrame(rows, columns=list(SHARE_FIELDS)),
        "note": pd.DataFrame(marks, columns=list(NOTE_FIELDS)),
    }


@functools.lru_cache(maxsize=64)
def differences_spec(labels: tuple[str, ...], x_title: str) -> dict:
    """For each pair the interval taken alone (thick), the one for all pairs together (thin), and a line at 0.

    Its data are "differences" and "zero". A filled dot is told apart even among all pairs.
    """
    x = {"title": x_title, "scale": alt.Scale(nice=True), "axis": alt.Axis(format=".2~f", tickCount=6)}
    base = alt.Chart(alt.NamedData("differences")).encode(_rows(labels))
    dot = base.encode(alt.X("x:Q", **x))
    zero = alt.Chart(alt.NamedData("zero")).mark_rule(strokeDash=[4, 4], strokeWidth=1.5).encode(alt.X("x:Q", **x))
    ends = [
        base.mark_tick(thickness=2, size=12).encode(alt.X(f"{end}:Q", **x), by_role())
        for end in ("low_all", "high_all")
    ]
    layers = [
        in_role(zero, TEXT),
        base.mark_rule(strokeWidth=5, opacity=0.45).encode(alt.X("low:Q", **x), alt.X2("high:Q"), by_role()),
        base.mark_rule(strokeWidth=1.5).encode(alt.X("low_all:Q", **x), alt.X2("high_all:Q"), by_role()),
        *ends,
        dot.mark_point(size=110, opacity=1, strokeWidth=2).encode(by_role(alt.Stroke), by_role(alt.Fill, "fill")),
        dot.mark_point(opacity=0, size=500).encode(tooltip="detail:N"),
    ]
    return alt.layer(*layers).properties(height=ROW * len(labels) + AXIS).to_dict()


def differences_data(
    alone: Mapping[str, Interval], together: Mapping[str, Interval], detail: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """The named data of `differences_spec`, label -> interval taken alone, and among all."""
    rows = [
        (
            label,
            i.estimate,
            i.low,
            i.high,
            all_.low,
            all_.high,
            VALUE if all_.excludes_zero else SURFACE,
            VALUE,
            detail[label],
        )
        for (label, i), all_ in zip(alone.items(), together.values(), strict=True)
    ]
    return {
        "differences": pd.DataFrame(rows, columns=list(DIFFERENCE_FIELDS)),
        "zero": pd.DataFrame({"x": [0.0]}),
    }


@functools.lru_cache(maxsize=64)
def ends_spec(labels: tuple[str, ...], ends: tuple[str, ...], x_title: str) -> dict:
    """A bar for each label, divided by where its runs ended; data: "ends"."""
    x = alt.X("share:Q", title=x_title, stack="zero", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%"))
    bars = (
        alt.Chart(alt.NamedData("ends"))
        .mark_bar(size=20)
        .encode(
            _rows(labels),
            x,
            by_series(ends, field="end")[0],
            order="order:Q",
            tooltip=[
                alt.Tooltip("label:N", title=" "),
                alt.Tooltip("end:N", title=" "),
                alt.Tooltip("runs:Q", title="n"),
            ],
        )
    )
    compiled = bars.properties(height=34 * len(labels) + AXIS + legend_height(ends)).to_dict()
    # The legend of lines shows strokes, and a bar has none.
    compiled["encoding"]["color"]["legend"] |= {"symbolType": "square", "symbolStrokeWidth": 0}
    return compiled


def ends_data(counts: Mapping[str, Sequence[int]], ends: Sequence[str]) -> dict[str, pd.DataFrame]:
    """The named data of `ends_spec`: label -> runs of each end."""
    rows = [
        (label, end, place, n, n / sum(own))
        for label, own in counts.items()
        for place, (end, n) in enumerate(zip(ends, own, strict=True))
    ]
    return {"ends": pd.DataFrame(rows, columns=["label", "end", "order", "runs", "share"])}
