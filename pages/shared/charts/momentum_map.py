"""Momentum's map: its field as an image for the player, its borders and points, its colour bar.

One colour, more of it the faster; so the image is right in both themes. Where it diverges, hatching tells it apart.
"""

import functools
from collections.abc import Callable, Mapping

import altair as alt
import numpy as np
import pandas as pd

from engine.momentum_map import WIDEST, MomentumMap
from pages.shared.charts import paths
from pages.shared.charts.ground import COLOUR, LINE, borders
from pages.shared.charts.image import png
from pages.shared.charts.theme import ANALYTIC, CLASS_0, CLASS_1, GRADIENT, HIGHLIGHT, NUMERIC, ROLES, TEXT, in_role

SLOWEST, FASTEST = 0.05, 0.92  # opacity of the bands
GREY = (128, 128, 128)
BETWEEN, HATCH = 0.1, 0.45  # opacity of the hatching
PERIOD, STROKE = 10, 3  # of the hatching, in points of the field
CELL = 20  # points of a band in the colour bar
BAR, FONT = 22, 11

X_RANGE, Y_RANGE = (0.0, WIDEST), (0.0, 1.0)

# Code of a point -> its role and shape in the map; its path on the bowl has the same colour.
POINTS = {
    "own": (HIGHLIGHT, "ring"),
    "best": (NUMERIC, "star"),
    "best_descent": (CLASS_0, "cross"),
    "classic": (ANALYTIC, "cross"),
}
BORDERS = {"steep damping": GRADIENT, "flat damping": CLASS_1, "divergence": TEXT}


def place(code: str) -> int:
    """The place of a point among the series, which gives its path the point's colour."""
    return ROLES.index(POINTS[code][0])


@functools.lru_cache(maxsize=8)
def field(found: MomentumMap) -> str:
    """The bands with lines between them, as a data URI."""
    bands, n = found.bands, _n_bands(found)
    places = bands + n * borders(bands)
    return _png(np.where(bands == n - 1, _hatched(bands.shape, n), places), n)


def _n_bands(found: MomentumMap) -> int:
    return len(found.levels) + 2  # below the lowest and above the highest level, and where it diverges


def _hatched(shape: tuple[int, int], n: int) -> np.ndarray:
    """Places of the palette for the region of divergence: strokes and what lies between them."""
    rows, columns = np.indices(shape)
    return np.where((rows + columns) % PERIOD < STROKE, 2 * n - 1, n - 1)


def _png(places: np.ndarray, n: int) -> str:
    opacity = np.linspace(FASTEST, SLOWEST, n - 1)
    both = np.concatenate([opacity, [BETWEEN], np.minimum(opacity + LINE, 1.0), [HATCH]])
    palette = np.tile(np.array(COLOUR, np.uint8), (2 * n, 1))
    palette[[n - 1, 2 * n - 1]] = GREY
    return png(places.astype(np.uint8), palette, (both * 255).round().astype(np.uint8))


def lines(found: MomentumMap, labels: Mapping[str, str]) -> list[dict]:
    """The borders, by their codes' labels; that of the flattest direction is dashed."""
    return [
        paths.line(points, role=BORDERS[code], label=labels[code], dashed=code == "flat damping")
        for code, points in found.borders.items()
    ]


def mark(code: str, learning_rate: float, momentum: float, label: str) -> dict:
    """A point of POINTS; the learning rate is times lambda_max."""
    role, shape = POINTS[code]
    return paths.mark(learning_rate, momentum, label=label, shape=shape, role=role)


# the colour bar -----------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=16)
def bar_spec(steps_title: str, rate_title: str) -> dict:
    """The compiled bar: steps per digit above it, rates below it; its data are "bar" and "levels"."""
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, 1], nice=False))
    x2, y2 = alt.X2("x2"), alt.Y2("y2")
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-2.1, 3.1], nice=False))
    tips = [alt.Tooltip("steps:N", title=steps_title), alt.Tooltip("rate:N", title=rate_title)]
    bands = alt.Chart(alt.NamedData("bar")).mark_image(aspect=False).encode(x, y, x2, y2, url="uri:N")
    words = in_role(alt.Chart(alt.NamedData("levels")), TEXT).mark_text(fontSize=FONT)
    titles = in_role(alt.Chart(alt.NamedData("titles")), TEXT).mark_text(fontSize=FONT + 1, align="left")
    layers = [
        bands,
        words.encode(x, alt.Y("above:Q", axis=None), text="steps:N", tooltip=tips),
        words.encode(x, alt.Y("below:Q", axis=None), text="rate:N", tooltip=tips),
        titles.encode(x, y, text="title:N"),
    ]
    chart = alt.layer(*layers).properties(height=5 * BAR).configure_view(stroke=None).configure_mark(aria=False)
    return chart.to_dict()


@functools.lru_cache(maxsize=8)
def bar_data(
    found: MomentumMap, number: Callable[[float], str], titles: tuple[str, str], diverges: str
) -> dict[str, pd.DataFrame]:
    """The named data of `bar_spec`; titles are those of the numbers above and below."""
    n = _n_bands(found)
    cells = np.repeat(np.arange(n), CELL) * np.ones((CELL, 1), int)
    uri = _png(np.where(cells == n - 1, _hatched(cells.shape, n), cells), n)
    steps, rates = found.levels.tolist(), found.level_rates.tolist()
    rows = [
        {"x": (i + 1) / n, "steps": number(step), "rate": number(rate) if i % 2 else "", "above": 1.45, "below": -0.5}
        for i, (step, rate) in enumerate(zip(steps, rates, strict=True))
    ]
    rows.append({"x": (n - 0.5) / n, "steps": diverges, "rate": "> 1", "above": 1.45, "below": -0.5})
    return {
        "bar": pd.DataFrame([{"x": 0.0, "x2": 1.0, "y": 0.0, "y2": 1.0, "uri": uri}]),
        "levels": pd.DataFrame(rows),
        "titles": pd.DataFrame([{"x": 0.0, "y": 2.6, "title": titles[0]}, {"x": 0.0, "y": -1.6, "title": titles[1]}]),
    }
