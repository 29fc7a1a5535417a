"""Hidden units in the plane of their two incoming weights: where they are now, and the way they have come."""

import functools
from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from pages.shared.charts.theme import by_series

SIDE = 300  # pixels
LARGEST, SMALLEST = 700.0, 60.0  # of the rings, in pixels²: units in one place lie inside each other
NARROWEST = 0.2  # of the plane's sides


@functools.lru_cache(maxsize=32)
def spec(labels: tuple[str, ...], x_title: str, y_title: str) -> dict:
    """The compiled square; its data are "paths", "now", and "frame", its corners."""
    scale = alt.Scale(nice=False, zero=False)
    axis = alt.Axis(tickCount=5)
    x, y = alt.X("x:Q", title=x_title, scale=scale, axis=axis), alt.Y("y:Q", title=y_title, scale=scale, axis=axis)
    colour, _dash = by_series(labels)
    tips = [
        alt.Tooltip("series:N", title=" "),
        alt.Tooltip("x:Q", title=x_title, format=".6~g"),
        alt.Tooltip("y:Q", title=y_title, format=".6~g"),
    ]
    paths, now = _chart("paths"), _chart("now")
    layers = [
        _chart("frame").mark_point(opacity=0, size=0).encode(x, y),
        paths.mark_line(strokeWidth=1.5, opacity=0.8).encode(x, y, colour, order="order:Q"),
        now.mark_point(filled=False, strokeWidth=3, opacity=1).encode(
            x, y, colour, alt.Size("size:Q", scale=None), tooltip=tips
        ),
    ]
    square = alt.AutoSizeParams(type="pad")
    chart = alt.layer(*layers).properties(width=SIDE, height=SIDE, autosize=square).configure_mark(aria=False)
    return chart.to_dict()


def _chart(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name))


def data(weights: np.ndarray, frame: int, labels: Sequence[str]) -> dict[str, pd.DataFrame]:
    """The named data of `spec`.

    Args: weights: (frames, units, 2). frame: the last one of the way. labels: of the units.
    """
    so_far = weights[: frame + 1]
    n_frames, n_units = so_far.shape[:2]
    paths = pd.DataFrame(
        {
            "x": so_far[..., 0].T.ravel(),
            "y": so_far[..., 1].T.ravel(),
            "order": np.tile(np.arange(n_frames), n_units),
            "series": np.repeat(np.array(labels, dtype=object), n_frames),
        }
    )
    here = so_far[-1]
    sizes = np.linspace(np.sqrt(LARGEST), np.sqrt(SMALLEST), n_units) ** 2
    now = pd.DataFrame({"x": here[:, 0], "y": here[:, 1], "size": sizes, "series": list(labels)})
    return {"frame": _frame(weights), "paths": paths, "now": now}


def _frame(weights: np.ndarray) -> pd.DataFrame:
    """A square around all places of all frames, so that the axes stand still."""
    places = weights[np.isfinite(weights).all(axis=-1)]
    low, high = places.min(axis=0), places.max(axis=0)
    middle, half = (low + high) / 2, 0.54 * max((high - low).max(), NARROWEST)
    return pd.DataFrame({"x": middle[0] + np.array([-half, half]), "y": middle[1] + np.array([-half, half])})
