"""The loss of several optimizers over the updates, and what learning rates do to it."""

import copy
import functools
import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from engine.optimizer_study import RATES, Outcome, Search
from pages.shared.charts import series
from pages.shared.charts.theme import text_series

LOWEST, HIGHEST = 1e-6, 10.0  # of the picture; what lies beyond is drawn at its edge
HEIGHT = 360
ROOM = 1.3  # factor that keeps the first and the last learning rate off the edges


@functools.lru_cache(maxsize=64)
def spec(labels: tuple[str, ...], x_title: str, y_title: str, level_title: str, order: tuple[str, ...]) -> dict:
    """Medians with bands on a logarithmic axis, and a dotted line at the plateau; data: "series" and "level"."""
    curves = series.spec(labels, x_title, y_title, log=True, height=HEIGHT, y_domain=(LOWEST, HIGHEST), order=order)
    line = curves["layer"][1]["encoding"]
    level = {
        "data": {"name": "level"},
        "mark": {"type": "rule", "strokeDash": [2, 3], "strokeWidth": 1.5},
        "encoding": {
            "y": line["y"],
            "color": line["color"],
            "tooltip": {"field": "y", "type": "quantitative", "title": level_title, "format": ".4g"},
        },
    }
    return {**curves, "layer": [*curves["layer"], level]}


def data(outcomes: Mapping[str, Outcome]) -> dict[str, pd.DataFrame]:
    """The named data of `spec`, label -> Outcome. An infinite median has no point: there the line ends."""
    one = next(iter(outcomes.values()))
    medians = {label: _within(outcome.median) for label, outcome in outcomes.items()}
    bands = {label: (_within(o.low), np.clip(o.high, LOWEST, HIGHEST)) for label, o in outcomes.items()}
    return {
        **series.data(one.at, medians, bands, log=True),
        "level": pd.DataFrame({"y": [one.plateau], "series": [text_series()]}),
    }


def _within(losses: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(losses), np.clip(losses, LOWEST, HIGHEST), np.inf)


@functools.lru_cache(maxsize=64)
def rates_spec(
    labels: tuple[str, ...],
    x_title: str,
    y_title: str,
    order: tuple[str, ...],
    *,
    log: bool = False,
    y_domain: tuple[float, float] = (LOWEST, HIGHEST),
) -> dict:
    """Something over the learning rates of the search, all of them in sight whatever the data; data: "series"."""
    curves = copy.deepcopy(
        series.spec(labels, x_title, y_title, log=log, x_log=True, points=True, y_domain=y_domain, order=order)
    )
    for layer in curves["layer"]:
        x = layer["encoding"]["x"]
        x["scale"] |= {"domain": [RATES[0] / ROOM, RATES[-1] * ROOM]}
        x["axis"] |= {"values": [rate for rate in RATES if math.log10(rate).is_integer()]}
    return curves


def rates_data(searches: Mapping[str, Search]) -> dict[str, pd.DataFrame]:
    """The median of the last losses at each learning rate; an infinite one at the upper edge."""
    return series.data(RATES, {label: np.clip(one.median, LOWEST, HIGHEST) for label, one in searches.items()})


def solved_data(searches: Mapping[str, Search]) -> dict[str, pd.DataFrame]:
    """How many starts solved XOR at each learning rate."""
    return series.data(RATES, {label: search.n_solved for label, search in searches.items()})
