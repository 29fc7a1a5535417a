"""Batch normalization while training: the last loss over the learning rates, and ribbons of quantiles over epochs."""

import copy
import functools
import math
from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from engine.normalized_training import GUESSING, MAX_LIMIT, RATES, Inside, RateStudy
from engine.seed_bands import SeedBand
from pages.shared.charts import series
from pages.shared.charts.theme import VALUE, in_role, text_series

LOWEST, HIGHEST = 0.01, 10.0  # of losses; what lies beyond is drawn at the edge
AHEAD = (0.1, 100.0)  # loss after a step, over the loss before it
CHANGES = (1e-4, 1e4)  # of the gradient, relative to its length
TICKS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10]
HEIGHT, RIBBON = 330, 230
LINEAR_UP_TO = 10.0  # of a ribbon
BEYOND = 10.0  # factor by which a drawn value may lie outside of its picture
ROOM = 1.4  # factor that keeps the first and the last learning rate off the edges


@functools.lru_cache(maxsize=64)
def normalized_rates_spec(
    labels: tuple[str, ...], x_title: str, y_title: str, level_title: str, lost_title: str, order: tuple[str, ...]
) -> dict:
    """Medians with bands, a dotted line at guessing, crosses for diverged runs.

    Its data are "series", "at", "level" and "lost".
    """
    curves = copy.deepcopy(
        series.spec(
            labels,
            x_title,
            y_title,
            log=True,
            x_log=True,
            points=True,
            height=HEIGHT,
            y_domain=(LOWEST, HIGHEST),
            marker=True,
            order=order,
        )
    )
    for layer in curves["layer"]:
        x = layer["encoding"]["x"]
        x["scale"] |= {"domain": [RATES[0] / ROOM, RATES[-1] * ROOM]}
        x["axis"] |= {"values": list(RATES)}
    line = curves["layer"][1]["encoding"]
    for layer in curves["layer"]:
        if "y" in layer["encoding"]:
            layer["encoding"]["y"]["axis"] |= {"format": "~g", "values": TICKS}
    level = {
        "data": {"name": "level"},
        "mark": {"type": "rule", "strokeDash": [2, 3], "strokeWidth": 1.5},
        "encoding": {
            "y": line["y"],
            "color": line["color"],
            "tooltip": {"field": "y", "type": "quantitative", "title": level_title, "format": ".4g"},
        },
    }
    lost = {
        "data": {"name": "lost"},
        "mark": {"type": "point", "shape": "cross", "size": 110, "filled": True, "opacity": 1, "angle": 45},
        "encoding": {
            "x": line["x"],
            "y": line["y"],
            "color": line["color"],
            "tooltip": [
                {"field": "series", "type": "nominal", "title": " "},
                {"field": "x", "type": "quantitative", "title": x_title},
                {"field": "detail", "type": "nominal", "title": lost_title},
            ],
        },
    }
    # A layer without data would be an image without a name; the picture's alternative text speaks for all of them.
    return {**curves, "layer": [*curves["layer"], level, lost], "config": {"mark": {"aria": False}}}


def normalized_rates_data(studies: Mapping[str, RateStudy], at: float) -> dict[str, pd.DataFrame]:
    """The named data of `normalized_rates_spec`; `at` is the learning rate that is looked at."""
    medians = {label: np.clip(one.final.median, LOWEST, HIGHEST) for label, one in studies.items()}
    bands = {
        label: (np.clip(one.final.low, LOWEST, HIGHEST), np.clip(one.final.high, LOWEST, HIGHEST))
        for label, one in studies.items()
    }
    lost = [
        {"x": float(rate), "y": HIGHEST / 1.35**place, "series": label, "detail": f"{n}/{one.n_seeds}"}
        for place, (label, one) in enumerate(studies.items())
        for rate, n in zip(one.rates, one.n_diverged, strict=True)
        if n
    ]
    return {
        **series.data(RATES, medians, bands, log=True, at=at),
        "level": pd.DataFrame({"y": [GUESSING], "series": [text_series()]}),
        "lost": pd.DataFrame(lost, columns=["x", "y", "series", "detail"]),
    }


def normalized_curves(
    looks: Mapping[str, Inside], studies: Mapping[str, RateStudy], place: int
) -> dict[str, pd.DataFrame]:
    """The data of `series.spec` over the epochs: with the statistics of the data; dashed: in evaluation mode.

    Args: place: of the learning rate in the studies.
    """
    medians, bands, stored = {}, {}, {}
    for label, one in looks.items():
        medians[label] = _in_sight(one.losses.median)
        bands[label] = np.clip(one.losses.low, LOWEST, HIGHEST), np.clip(one.losses.high, LOWEST, HIGHEST)
        if label in studies:
            stored[label] = _in_sight(studies[label].losses.median[place])
    found = series.data(next(iter(looks.values())).epochs, medians, bands, log=True)
    return {**found, "expected": series.data(next(iter(studies.values())).at, stored, log=True)["series"]}


def _in_sight(losses: np.ndarray) -> np.ndarray:
    """At the edge where they lie beyond it; a curve ends where its runs have diverged."""
    return np.where(np.isfinite(losses), np.clip(losses, LOWEST, HIGHEST), np.inf)


def ahead_data(looks: Mapping[str, Inside], moment: int) -> dict[str, pd.DataFrame]:
    """The data of `series.spec` in AHEAD: the loss after a step of each size, over the loss before; dashed: 1."""
    steps = next(iter(looks.values())).steps
    same = {label: np.ones(len(steps)) for label in looks}
    return _over(steps, {label: (one.ahead, moment) for label, one in looks.items()}, AHEAD, same)


def change_data(looks: Mapping[str, Inside], moment: int) -> dict[str, pd.DataFrame]:
    """The data of `series.spec` in CHANGES: how much the gradient is another one after a step of each size."""
    steps = next(iter(looks.values())).steps
    return _over(steps, {label: (one.change, moment) for label, one in looks.items()}, CHANGES)


def _over(x, bands: Mapping[str, tuple[SeedBand, int]], ends: tuple[float, float], expected=None) -> dict:
    """Medians and bands; far outside of the picture is as good as anywhere outside."""

    def within(values: np.ndarray) -> np.ndarray:
        return np.where(np.isnan(values), np.nan, np.clip(values, ends[0] / BEYOND, ends[1] * BEYOND))

    medians = {label: within(band.median[at]) for label, (band, at) in bands.items()}
    spread = {label: (within(band.low[at]), within(band.high[at])) for label, (band, at) in bands.items()}
    return series.data(x, medians, spread, log=True, expected=expected)


@functools.lru_cache(maxsize=128)
def ribbon_spec(x_title: str, y_title: str, limit: float) -> dict:
    """Two bands and a median over the epochs, from -limit to limit; data: "ribbon".

    Beyond LINEAR_UP_TO the axis is linear near 0 and logarithmic farther out.
    """
    base = alt.Chart(alt.NamedData("ribbon")).encode(alt.X("epoch:Q", title=x_title, scale=alt.Scale(nice=False)))
    kind = "linear" if limit <= LINEAR_UP_TO else "symlog"
    scale = alt.Scale(type=kind, domain=[-limit, limit], nice=False)
    top = math.floor(math.log10(limit))
    # Few enough that no label is left out: what is left would not be the same on both sides of 0.
    values = [limit / 2, limit] if kind == "linear" else [10.0 ** (top // 2), 10.0**top]
    axis = alt.Axis(
        values=[*(-value for value in values), 0, *values],
        labelExpr="format(datum.value, '~g')",
        labelOverlap=False,
    )

    def y(name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", title=y_title, scale=scale, axis=axis)

    tips = [alt.Tooltip("epoch:Q", title=x_title)]
    tips += [alt.Tooltip(f"{name}:Q", title=f"{name[1:]}%", format=".3g") for name in COLUMNS]
    layers = [
        in_role(base.mark_area(opacity=0.2, clip=True).encode(y("q5"), alt.Y2("q95")), VALUE),
        in_role(base.mark_area(opacity=0.35, clip=True).encode(y("q25"), alt.Y2("q75")), VALUE),
        in_role(base.mark_line(strokeWidth=2.5, clip=True).encode(y("q50")), VALUE),
        base.mark_point(opacity=0, size=300, clip=True).encode(y("q50"), tooltip=tips),
    ]
    return alt.layer(*layers).properties(height=RIBBON).configure_mark(aria=False).to_dict()


COLUMNS = ("q95", "q75", "q50", "q25", "q5")


def ribbon_data(epochs: Sequence[int], quantiles: np.ndarray) -> dict[str, pd.DataFrame]:
    """The named data of `ribbon_spec`; quantiles (frames, 5) in rising order, nan where a network has diverged."""
    within = np.clip(quantiles, -BEYOND * MAX_LIMIT, BEYOND * MAX_LIMIT)  # what overflows has no place in a path
    frame = pd.DataFrame(dict(zip(COLUMNS, within[:, ::-1].T, strict=True)))
    frame.insert(0, "epoch", epochs)
    return {"ribbon": frame.dropna()}
