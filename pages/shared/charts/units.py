"""Hidden units side by side, a row for each sample: where the unit's slope lets a gradient through, and where not.

Samples in a row with the same slope are one bar, so that a picture of thousands of cells has some hundred marks.
"""

import functools
from collections.abc import Callable, Sequence

import altair as alt
import numpy as np
import pandas as pd

from pages.shared.charts.theme import CLASS_0, CLASS_1, HIGHLIGHT, TEXT, VALUE, by_role, in_role

HEIGHT = 330
LEVELS = 8  # of opacity; slopes between two of them are one bar
GAP = 0.06  # on either side of a column, as a share of its width
NUMBERED = 16  # most units that have room for their number

BAR_FIELDS = ("x", "x2", "y", "y2", "opacity", "slope", "name")
UNIT_FIELDS = ("x", "x2", "middle", "number", "mark", "chosen", "name", "detail")


@functools.lru_cache(maxsize=64)
def spec(
    hidden: int, width: int, n_samples: int, x_title: str, y_title: str, unit_title: str, slope_title: str
) -> dict:
    """The compiled picture of `hidden` layers of `width` units; the last titles are those of the tooltips."""
    across = alt.Scale(domain=[-1.0, _left(hidden, width) - 1], nice=False, zero=False)
    up = alt.Scale(domain=[-0.07 * n_samples, 1.16 * n_samples], nice=False, zero=False)
    bare = {"labels": False, "ticks": False, "grid": False, "domain": False}
    x, y = (
        alt.X("x:Q", title=x_title, scale=across, axis=alt.Axis(**bare)),
        alt.Y("y:Q", title=y_title, scale=up, axis=alt.Axis(**bare)),
    )
    units = _chart("units").encode(x, alt.X2("x2"))
    words = _chart("units").encode(alt.X("middle:Q", title=x_title, scale=across))
    name = alt.Tooltip("name:N", title=" ")
    about = [name, alt.Tooltip("detail:N", title=unit_title)]
    box = units.encode(y=alt.datum(0, scale=up, title=y_title), y2=alt.datum(n_samples), tooltip=about)
    bars = _chart("bars").encode(x, y, alt.X2("x2"), alt.Y2("y2"), alt.Opacity("opacity:Q", scale=None, legend=None))
    layers = [
        box.mark_rect(opacity=0),
        in_role(bars, VALUE, alt.Fill)
        .mark_rect()
        .encode(tooltip=[name, alt.Tooltip("slope:Q", title=slope_title, format=".4g")]),
        _chart("classes").mark_rect().encode(x, y, alt.X2("x2"), alt.Y2("y2"), by_role(alt.Fill)),
        in_role(box.transform_filter("datum.mark != ''"), HIGHLIGHT, alt.Stroke).mark_rect(
            fillOpacity=0, strokeWidth=2
        ),
        in_role(box.transform_filter("datum.chosen"), TEXT, alt.Stroke).mark_rect(
            fillOpacity=0, strokeWidth=2, strokeDash=[4, 3]
        ),
        in_role(words, HIGHLIGHT)
        .mark_text(fontSize=13, fontWeight="bold")
        .encode(y=alt.datum(1.04 * n_samples), text="mark:N"),
        in_role(words, TEXT).mark_text(fontSize=11).encode(y=alt.datum(-0.04 * n_samples), text="number:N"),
        in_role(_chart("layers"), TEXT)
        .mark_text(fontSize=12, fontWeight="bold")
        .encode(alt.X("middle:Q", scale=across), y=alt.datum(1.12 * n_samples), text="name:N"),
    ]
    # A layer without data would be an image without a name; the picture's alternative text speaks for all of them.
    return alt.layer(*layers).properties(height=HEIGHT).configure_mark(aria=False).to_dict()


def _chart(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name))


def _left(layer: int, width: int) -> float:
    """The left edge of a layer; one empty column stands between two."""
    return float(layer * (width + 1))


def order(targets: np.ndarray, X: np.ndarray) -> np.ndarray:
    """The samples as rows, from the bottom: class 0, then class 1, each from left to right in the plane."""
    return np.lexsort((X[:, 0], targets))


def data(
    slopes: Sequence[np.ndarray],
    dead: Sequence[np.ndarray],
    targets: np.ndarray,
    X: np.ndarray,
    *,
    chosen: tuple[int, int],
    layer_name: Callable[[int], str],
    unit_name: Callable[[int, int], str],
    detail: Callable[[int, int], str],
) -> dict[str, pd.DataFrame]:
    """The named data of `spec`.

    Args:
        slopes: of each layer, (n_samples, units). dead: of each layer, (units,).
        targets, X: (n_samples,) and (n_samples, 2); they order the rows.
        chosen: layer and unit that is framed.
        layer_name, unit_name, detail: words for layer k, and for unit u of layer k, counted from 0.
    """
    rows, n_samples, width = order(targets, X), len(targets), slopes[0].shape[1]
    layers, units, bars = [], [], []
    for k, slope in enumerate(slopes):
        left = _left(k, width)
        layers.append({"middle": left + width / 2, "name": layer_name(k)})
        bars += _bars(np.nan_to_num(slope[rows]), left, functools.partial(unit_name, k))
        for u in range(width):
            number = str(u + 1) if len(slopes) * width <= NUMBERED or u in (0, width - 1) else ""
            place = {"x": left + u, "x2": left + u + 1, "middle": left + u + 0.5, "number": number}
            state = {"mark": "✕" if dead[k][u] else "", "chosen": (k, u) == chosen}
            units.append({**place, **state, "name": unit_name(k, u), "detail": detail(k, u)})
    n_zero = int((targets == 0).sum())
    strips = [(0, n_zero, CLASS_0), (n_zero, n_samples, CLASS_1)]
    classes = [{"x": -0.8, "x2": -0.3, "y": low, "y2": high, "role": role} for low, high, role in strips]
    return {
        "bars": pd.DataFrame(bars, columns=list(BAR_FIELDS)),
        "layers": pd.DataFrame(layers),
        "units": pd.DataFrame(units, columns=list(UNIT_FIELDS)),
        "classes": pd.DataFrame(classes),
    }


def _bars(slope: np.ndarray, left: float, name: Callable[[int], str]) -> list[dict]:
    """The runs of equal opacity in each column of (n_samples, units), from the bottom; none where it rounds to 0.

    The opacity is the root of the slope, so that a slope of 0.1 is seen.
    """
    levels = np.round(np.sqrt(np.clip(slope, 0.0, 1.0)) * LEVELS)
    changes = np.vstack([np.ones((1, levels.shape[1]), bool), levels[1:] != levels[:-1]])
    bars = []
    for u in range(levels.shape[1]):
        starts = np.flatnonzero(changes[:, u])
        for low, high in zip(starts.tolist(), [*starts[1:].tolist(), len(slope)], strict=True):
            if levels[low, u] > 0:
                place = {"x": left + u + GAP, "x2": left + u + 1 - GAP, "y": low, "y2": high}
                mean = float(slope[low:high, u].mean())
                bars.append({**place, "opacity": levels[low, u] / LEVELS, "slope": mean, "name": name(u)})
    return bars
