"""Two runs in one picture: their losses or scores over the epochs, and their answers over the plane, side by side."""

import functools
from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from engine.samples import Dataset
from pages.shared.charts import series
from pages.shared.charts.image import png, uri
from pages.shared.charts.theme import (
    ANALYTIC,
    CLASS_0,
    CLASS_1,
    GRADIENT,
    HIGHLIGHT,
    NUMERIC,
    SURFACE,
    VALUE,
    by_role,
    in_role,
)

MAX_POINTS = 400  # of a curve
SIDE = 196  # pixels of a field; with their axes two stand beside each other
POINT_SIZE = 22
CLASSES = (CLASS_0, CLASS_1, VALUE, GRADIENT, HIGHLIGHT, NUMERIC, ANALYTIC)
SHAPES = ("square", "circle", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right")
# The classes' colours, paler than the points that stand on them; the same in both themes, as in `image`.
GROUNDS = (
    (178, 134, 204),
    (96, 184, 160),
    (146, 192, 232),
    (238, 178, 143),
    (222, 196, 130),
    (226, 160, 193),
    (196, 204, 138),
)


def curves(runs: Mapping[str, tuple], at: float, log: bool) -> dict[str, pd.DataFrame]:
    """The named data of `series.spec(expected=True, marker=True)`: the training curve drawn, the test curve dashed.

    Args: runs: label -> (training, test) over the epochs; the test curve may be None.
        at: epoch of the marker.
    """
    length = max(len(train) for train, _test in runs.values())
    places = np.unique(np.linspace(0, length - 1, min(length, MAX_POINTS)).round().astype(int))
    solid = {label: _over(places, train) for label, (train, _test) in runs.items()}
    dashed = {label: _over(places, test) for label, (_train, test) in runs.items() if test is not None}
    none = np.full(len(places), np.nan)
    return series.data(places, solid, log=log, expected=dashed or dict.fromkeys(runs, none), at=at)


def _over(places: np.ndarray, curve: np.ndarray) -> np.ndarray:
    """A curve at these epochs, nothing where it has ended."""
    values = np.full(places[-1] + 1, np.nan)
    values[: len(curve)] = curve[: len(values)]
    return values[places]


@functools.lru_cache(maxsize=32)
def field_spec(x_title: str, y_title: str, x_range: tuple[float, float], y_range: tuple[float, float]) -> dict:
    """The compiled field of one run with its points; the ranges are the ends of the picture."""
    x, y = (
        alt.X("x:Q", title=x_title, scale=_fixed(x_range), axis=alt.Axis(tickCount=5)),
        alt.Y("y:Q", title=y_title, scale=_fixed(y_range), axis=alt.Axis(tickCount=5)),
    )
    image = alt.Chart(alt.NamedData("field")).mark_image(aspect=False)
    image = image.encode(x, y, alt.X2("x2"), alt.Y2("y2"), url="uri:N", key="uri:N")
    points = in_role(alt.Chart(alt.NamedData("points")), SURFACE, alt.Stroke)
    points = points.mark_point(size=POINT_SIZE, opacity=1, strokeWidth=0.8, clip=True).encode(
        x, y, alt.Shape("shape:N", scale=None), by_role(alt.Fill), tooltip="detail:N"
    )
    square = alt.AutoSizeParams(type="pad")
    chart = alt.layer(image, points).properties(width=SIDE, height=SIDE, autosize=square)
    return chart.configure_mark(aria=False).to_dict()


def _fixed(ends: tuple[float, float]) -> alt.Scale:
    return alt.Scale(domain=list(ends), nice=False, zero=False)


def field_data(answers: np.ndarray | None, points: Dataset, square) -> dict[str, pd.DataFrame]:
    """The named data of `field_spec`.

    Args: answers: of engine.lab_pair.answers; None leaves the ground pale. points: as they lie in the plane.
    """
    (x, x2), (y, y2) = square
    field = pd.DataFrame({"x": [x], "y": [y], "x2": [x2], "y2": [y2], "uri": [_ground(answers, points)]})
    classes, details = _classes(points)
    marks = {
        "x": points.X[:, 0],
        "y": points.X[:, 1],
        "role": [CLASSES[place % len(CLASSES)] for place in classes],
        "shape": [SHAPES[place % len(SHAPES)] for place in classes],
        "detail": details,
    }
    return {"field": field, "points": pd.DataFrame(marks)}


def _ground(answers: np.ndarray | None, points: Dataset) -> str:
    if answers is None:
        return uri(np.full((2, 2), np.nan))
    if points.n_classes <= 2:
        return uri(answers)
    return png((answers % len(GROUNDS)).astype(np.uint8), np.array(GROUNDS, np.uint8))


def _classes(points: Dataset) -> tuple[list[int], list[str]]:
    """The class of each point, and what its tooltip says; of values: below or above the middle."""
    if points.task == "classification":
        return points.y.tolist(), [points.classes[label] for label in points.y]
    values = points.y[:, 0]
    middle = (values.min() + values.max()) / 2
    return (values > middle).astype(int).tolist(), [f"{value:.4g}" for value in values]
