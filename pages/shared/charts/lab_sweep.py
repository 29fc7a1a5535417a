"""The end of all runs of a sweep over its values: medians, middle halves, each seed; and curves of some values."""

import functools
import json
from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from engine.seed_bands import SeedBand
from engine.sweep_reading import SweepResult, is_loss
from pages.shared.charts import series
from pages.shared.charts.paths import loss_ends
from pages.shared.charts.theme import HIGHLIGHT, MUTED, SURFACE, TEXT, VALUE, in_role

HEIGHT, CURVES_HEIGHT = 330, 230
SPREAD = 0.5  # of the room between two values, over which the seeds of one stand beside each other
EDGE = 9  # pixels from the edge at which what lies beyond is marked
FEW_LETTERS = 30  # of all labels together, which stand upright beside each other on a phone
RUN_FIELDS = ("x", "y", "label", "seed", "shown")


def ends(result: SweepResult, measure: str) -> tuple[float, float]:
    """The ends of the axis, the same for the picture and the curves: round numbers for a loss, tenths for a score."""
    runs = result.curves[measure].reshape(-1, len(result.at))
    if is_loss(measure):
        low, high = loss_ends(list(runs))
        return low, _round_above(min(high, float(runs[runs <= high].max(initial=low))), high)
    finite = runs[np.isfinite(runs)]
    return float(np.clip(np.floor(10 * finite.min()) / 10, 0.0, 0.9)) if finite.size else 0.0, 1.0


def _round_above(value: float, decade: float) -> float:
    """1, 2 or 5 times a power of ten, up to the decade above the value."""
    return next(decade * part for part in (0.2, 0.5, 1.0) if decade * part >= value)


@functools.lru_cache(maxsize=64)
def spec(
    labels: tuple[str, ...],
    titles: tuple[str, str],
    domain: tuple[float, float],
    *,
    log: bool,
    connected: bool,
    seed_title: str,
) -> dict:
    """The picture; its data are "medians", "runs", "best", "goal" and "edge".

    Args:
        labels: of the values, evenly along x. titles: of both axes.
        domain: ends of y; log: a loss, of which more is worse: what lies beyond is marked at the top, else at the foot.
        connected: a line through the medians and an area, where values have an order; else ticks and bars.
    """
    x = {"title": titles[0], "scale": alt.Scale(domain=[-0.5, len(labels) - 0.5], nice=False), "axis": _axis(labels)}
    scale = alt.Scale(type="log" if log else "linear", domain=list(domain), nice=False)
    y = {"title": titles[1], "scale": scale, "axis": alt.Axis(format="~g", tickCount=6) if log else alt.Axis()}
    low, high = alt.Y("low:Q", **y), alt.Y2("high:Q")
    at, median = alt.X("x:Q", **x), alt.Y("y:Q", **y)
    medians = alt.Chart(alt.NamedData("medians")).encode(at)
    if connected:
        spread = in_role(medians, VALUE).mark_area(opacity=0.18, clip=True).encode(low, high)
        middle = in_role(medians, VALUE).mark_line(strokeWidth=2.5, clip=True).encode(median)
    else:
        spread = in_role(medians, VALUE).mark_rule(strokeWidth=16, opacity=0.25, clip=True).encode(low, high)
        middle = in_role(medians, VALUE).mark_tick(orient="horizontal", size=26, thickness=3, clip=True).encode(median)
    told = [
        alt.Tooltip("label:N", title=titles[0]),
        alt.Tooltip("seed:N", title=seed_title),
        alt.Tooltip("shown:N", title=titles[1]),
    ]
    runs = alt.Chart(alt.NamedData("runs")).encode(at, median, tooltip=told)
    goal = alt.Chart(alt.NamedData("goal")).encode(median)
    best = alt.Chart(alt.NamedData("best")).encode(at, median)
    edge = alt.Chart(alt.NamedData("edge")).encode(at, y=alt.value(0 if log else "height"), tooltip="detail:N")
    inward = EDGE if log else -EDGE
    triangle = in_role(edge, TEXT, alt.Color, alt.Fill)
    layers = [
        in_role(goal, MUTED).mark_rule(strokeDash=[5, 4], strokeWidth=1.5, clip=True),
        spread,
        middle,
        in_role(in_role(runs, VALUE, alt.Fill), SURFACE, alt.Stroke).mark_point(
            size=34, opacity=0.75, strokeWidth=0.8, clip=True
        ),
        in_role(best, HIGHLIGHT).mark_point(shape="diamond", size=190, strokeWidth=2.5, opacity=1, clip=True),
        triangle.mark_point(shape="triangle-up" if log else "triangle-down", size=70, opacity=1, yOffset=inward),
        in_role(edge, TEXT)
        .mark_text(dx=8, align="left", baseline="middle", fontSize=12, yOffset=inward)
        .encode(text="n:N"),
    ]
    # A layer without data would be an image without a name; the picture's alternative text speaks for all of them.
    return alt.layer(*layers).properties(height=HEIGHT).configure_mark(aria=False).to_dict()


def _axis(labels: tuple[str, ...]) -> alt.Axis:
    """The values' names under evenly spaced places."""
    upright = sum(map(len, labels)) <= FEW_LETTERS
    return alt.Axis(
        values=list(range(len(labels))),
        labelExpr=f"{json.dumps(labels, ensure_ascii=False)}[datum.value]",
        labelAngle=0 if upright else -40,
        labelOverlap=False,
        labelLimit=130,
        grid=False,
    )


def data(
    result: SweepResult, measure: str, labels: Sequence[str], domain: tuple[float, float], goal: float, detail: str
) -> dict[str, pd.DataFrame]:
    """The named data of `spec`; what lies beyond the domain is drawn at its edge, and counted there.

    detail: the words of the count, with {n}, {diverged} and {label}.
    """
    final, (low, high) = result.final(measure), domain
    n_values, n_seeds = final.shape
    band = result.band(measure)
    beyond = ~(final <= high) if is_loss(measure) else ~(final >= low)
    aside = (np.arange(n_seeds) + 0.5) / n_seeds - 0.5
    place, seed = np.nonzero(~beyond)
    runs = {
        "x": place + SPREAD * aside[seed],
        "y": np.clip(final[place, seed], low, high),
        "label": [labels[i] for i in place],
        "seed": [str(result.config.seeds[i]) for i in seed],
        "shown": [f"{value:.4g}" for value in final[place, seed]],
    }
    ends = {"y": band.median, "low": band.low, "high": band.high}
    medians = {name: np.clip(np.nan_to_num(values, nan=high), low, high) for name, values in ends.items()}
    best = result.order(measure)[0]
    counts = beyond.sum(axis=1)
    there = np.flatnonzero(counts)
    told = [detail.format(n=counts[i], diverged=result.n_diverged[i], label=labels[i]) for i in there]
    return {
        "medians": pd.DataFrame({"x": np.arange(n_values), **medians}),
        "runs": pd.DataFrame(runs, columns=list(RUN_FIELDS)),
        "best": pd.DataFrame({"x": [best], "y": [medians["y"][best]]}),
        "goal": pd.DataFrame({"y": [goal] if low <= goal <= high else []}),
        "edge": pd.DataFrame({"x": there, "n": [f"{counts[i]}×" for i in there], "detail": told}),
    }


def curves_spec(
    labels: tuple[str, ...], order: tuple[str, ...], titles: tuple[str, str], domain: tuple[float, float], log: bool
) -> dict:
    """Medians with their middle halves over the epochs, for some of the values; data "series"."""
    return series.spec(labels, *titles, log=log, y_domain=domain, order=order, height=CURVES_HEIGHT)


def curves_data(
    result: SweepResult, measure: str, shown: Mapping[str, int], domain: tuple[float, float]
) -> dict[str, pd.DataFrame]:
    """The named data of `curves_spec`, label -> place of its value. An infinite median has no point."""
    bands, (low, high) = result.curve(measure), domain
    parts = {label: SeedBand(bands.median[i], bands.low[i], bands.high[i]) for label, i in shown.items()}
    medians = {
        label: np.where(np.isfinite(one.median), np.clip(one.median, low, high), np.nan) for label, one in parts.items()
    }
    around = {label: (np.clip(one.low, low, high), np.clip(one.high, low, high)) for label, one in parts.items()}
    return series.data(result.at, medians, around, log=is_loss(measure))
