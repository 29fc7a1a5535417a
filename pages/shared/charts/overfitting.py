"""Overfitting as pictures: losses over the epochs with the stops, boundaries, a fitted curve, histograms of weights."""

import copy
import functools
from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from engine.overfitting_study import CENTERS, Outcome
from engine.samples import Dataset
from pages.shared.charts import plane, series
from pages.shared.charts.theme import CLASS_1, MUTED, SURFACE, VALUE, by_role, by_series, in_role

TOPS = (0.5, 1.0, 1.5, 2.0, 3.0, 5.0)  # ends of the axis of losses
FIRST = 0.05  # of the epochs, whose high losses do not decide about the axis
SQUARES = {"moons": (-2.0, 3.0), "circles": (-2.0, 2.0), "blobs": (-3.0, 3.0), "xor": (-1.0, 2.0)}
HEIGHT = 250  # pixels of the losses
SIDE = 132  # pixels of a boundary's square: four stand side by side
FIT_ENDS = (-2.0, 2.0)  # of y beside a fitted curve
STOP_FIELDS = ("x", "x2", "y", "series", "detail")


# losses -------------------------------------------------------------------------------------------------------


def top(outcomes: Mapping[str, Outcome]) -> float:
    """The upper end of both loss axes: the first of TOPS above all medians, once training is under way."""
    first = int(FIRST * len(next(iter(outcomes.values())).at))
    medians = [o.bands[name].median[first:] for o in outcomes.values() for name in ("train", "validation")]
    highest = max(float(np.max(np.where(np.isfinite(one), one, 0.0))) for one in medians)
    return next((end for end in TOPS if end >= highest), TOPS[-1])


@functools.lru_cache(maxsize=256)
def losses_spec(labels: tuple[str, ...], x_title: str, y_title: str, upper: float, legend: bool = True) -> dict:
    """Medians and bands up to `upper`, a marker at an epoch, and where runs stopped; data "series", "at", "stops".

    legend: False for the second of two pictures that share one.
    """
    curves = copy.deepcopy(series.spec(labels, x_title, y_title, y_domain=(0.0, upper), marker=True, height=HEIGHT))
    base = alt.Chart().encode(
        alt.X("x:Q", title=x_title), alt.Y("y:Q", title=y_title), by_series(labels)[0], tooltip="detail:N"
    )
    layers = [
        base.mark_rule(strokeWidth=1.5, clip=True).encode(alt.X2("x2")),
        base.mark_point(shape="diamond", filled=True, size=90, opacity=1, clip=True),
        base.mark_point(shape="cross", filled=True, size=70, opacity=1, clip=True).encode(alt.X("x2:Q", title=x_title)),
    ]
    for layer in layers:
        own = layer.to_dict()  # without a name of its own: most pictures have no stops, and the alternative text speaks
        mark = own["mark"] | {"aria": False}
        curves["layer"].append({"data": {"name": "stops"}, "mark": mark, "encoding": own["encoding"]})
    if not legend:
        curves["height"] = HEIGHT
        for layer in curves["layer"]:
            for channel in {"color", "strokeDash"} & set(layer["encoding"]):
                layer["encoding"][channel]["legend"] = None
    return curves


def losses_data(outcomes: Mapping[str, Outcome], which: str, epoch: int, upper: float) -> dict[str, pd.DataFrame]:
    """The named data of `losses_spec`.

    Args:
        which: "train" or "validation"; the stops are drawn beside the validation loss, by which they are made.
        epoch: where the marker stands.
        upper: end of the axis; what lies above is drawn on it, so that a line never just ends.
    """
    bands = {label: outcome.bands[which] for label, outcome in outcomes.items()}
    medians = {label: np.minimum(band.median, upper) for label, band in bands.items()}
    ends = {label: (np.minimum(band.low, upper), np.minimum(band.high, upper)) for label, band in bands.items()}
    at = next(iter(outcomes.values())).at
    stops = [] if which == "train" else [stop for label, one in outcomes.items() for stop in _stops(label, one, upper)]
    return {**series.data(at, medians, ends, at=epoch), "stops": pd.DataFrame(stops, columns=list(STOP_FIELDS))}


def _stops(label: str, outcome: Outcome, upper: float) -> list[dict]:
    """From its best epoch to where it was stopped, for each run that was, at the height of its best validation loss."""
    runs = zip(outcome.best_epoch.tolist(), outcome.stopped_at.tolist(), outcome.best_loss.tolist(), strict=True)
    return [
        {"x": best, "x2": end, "y": min(loss, upper), "series": label, "detail": f"{label}: {best} → {end}"}
        for best, end, loss in runs
        if end >= 0
    ]


# what a network has learned -----------------------------------------------------------------------------------


@functools.lru_cache(maxsize=8)
def boundary_spec(data: str) -> dict:
    """A square of the plane with a field and samples, lighter than plane.spec: many stand on one screen.

    Its data are "field" and "points".
    """
    low, high = SQUARES[data]
    scale = {"scale": alt.Scale(domain=[low, high], nice=False, zero=False), "axis": alt.Axis(tickCount=5)}
    x, y = alt.X("x:Q", title="x₁", **scale), alt.Y("y:Q", title="x₂", **scale)
    # The key lets a field that is drawn already stay what it is, under the next one: see show.chart.
    image = _layer("field").mark_image(aspect=False)
    points = in_role(_layer("points"), SURFACE, alt.Stroke).mark_point(size=30, opacity=1, strokeWidth=1)
    layers = [
        image.encode(x, y, alt.X2("x2"), alt.Y2("y2"), url="uri:N", key="uri:N"),
        points.encode(x, y, alt.Shape("shape:N", scale=None), by_role(alt.Fill), tooltip="detail:N"),
    ]
    return _square(alt.layer(*layers))


def boundary_data(data: str, values: np.ndarray, samples: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The named data of `boundary_spec`; `samples` come from `sample_points`."""
    low, high = SQUARES[data]
    (picture,), _probes = plane.field(values, low=low, high=high, probes=1)
    return {"field": pd.DataFrame([picture]), "points": samples}


def sample_points(data: str, samples: Dataset) -> pd.DataFrame:
    """The samples that lie in the square."""
    low, high = SQUARES[data]
    points = [
        plane.point(x1, x2, target=label, detail=f"({x1:.2f}, {x2:.2f}): {label}")
        for (x1, x2), label in zip(samples.X.tolist(), samples.y.tolist(), strict=True)
        if low <= min(x1, x2) and max(x1, x2) <= high
    ]
    return pd.DataFrame(points, columns=["x", "y", "role", "shape", "detail"])


def n_outside(data: str, samples: Dataset) -> int:
    """How many samples lie beyond the square."""
    low, high = SQUARES[data]
    return int(((low > samples.X) | (high < samples.X)).any(axis=1).sum())


@functools.lru_cache(maxsize=8)
def fit_spec(x_title: str, y_title: str) -> dict:
    """A fitted curve (a line), the curve behind the samples (dashed), the samples; data "fit", "truth", "points"."""
    x = alt.X("x:Q", title=x_title, scale=alt.Scale(domain=[-np.pi, np.pi], nice=False))
    y = alt.Y("y:Q", title=y_title, scale=alt.Scale(domain=list(FIT_ENDS), nice=False))
    points = in_role(in_role(_layer("points"), SURFACE, alt.Stroke), CLASS_1, alt.Fill)
    layers = [
        in_role(_layer("truth"), MUTED).mark_line(strokeWidth=2, strokeDash=[5, 4], clip=True).encode(x, y),
        points.mark_point(size=30, opacity=1, strokeWidth=1, clip=True).encode(x, y, tooltip=["x:Q", "y:Q"]),
        in_role(_layer("fit"), VALUE).mark_line(strokeWidth=3, clip=True).encode(x, y),
    ]
    return _square(alt.layer(*layers))


def fit_data(x: np.ndarray, outputs: np.ndarray, curve: np.ndarray, samples: Dataset) -> dict[str, pd.DataFrame]:
    """The named data of `fit_spec`."""
    return {
        "fit": pd.DataFrame({"x": x, "y": outputs}),
        "truth": pd.DataFrame({"x": x, "y": curve}),
        "points": pd.DataFrame({"x": samples.X[:, 0], "y": samples.y[:, 0]}),
    }


def _square(chart: alt.LayerChart) -> dict:
    # A layer without data would be an image without a name; the picture's alternative text speaks for all of them.
    pad = alt.AutoSizeParams(type="pad")
    return chart.properties(width=SIDE, height=SIDE, autosize=pad).configure_mark(aria=False).to_dict()


def _layer(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name))


# weights ------------------------------------------------------------------------------------------------------


def weights_spec(labels: tuple[str, ...], x_title: str, y_title: str) -> dict:
    """Histograms as lines, a point a bin; data "series"."""
    return series.spec(labels, x_title, y_title, height=200)


def weights_data(outcomes: Mapping[str, Outcome]) -> dict[str, pd.DataFrame]:
    """Per cent of the weights in each bin."""
    return series.data(CENTERS, {label: 100 * outcome.shares for label, outcome in outcomes.items()})
