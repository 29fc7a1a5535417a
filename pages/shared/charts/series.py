"""Several named curves on one pair of axes, each with a band where it has one: activations, losses, gradients."""

import functools
from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from pages.shared.charts.paths import loss_ends
from pages.shared.charts.theme import by_series, legend_height, text_series

HEIGHT = 270


@functools.lru_cache(maxsize=256)
def spec(
    labels: tuple[str, ...],
    x_title: str,
    y_title: str,
    *,
    log: bool = False,
    points: bool = False,
    height: int = HEIGHT,
    y_domain: tuple[float, float] | None = None,
    expected: bool = False,
    x_log: bool = False,
    marker: bool = False,
    order: tuple[str, ...] = (),
) -> dict:
    """The compiled curves; their data are "series".

    Args:
        log:      y on a logarithmic axis; values that are not above 0 are left out by `data`.
        height:   pixels of the picture under its legend.
        points:   a point at each value, for curves of a few whole numbers such as layers.
        y_domain: fixed ends of the y axis where pictures are compared, or where it is `clipped`.
        expected: a dashed line beside each curve, from what `data` is given as `expected`.
        x_log:    x on a logarithmic axis, such as learning rates.
        marker:   a vertical line at the x that `data` is given as `at`.
        order:    all series of which `labels` are some, so that each keeps its colour from picture to picture.
    """
    domain = {"domain": list(y_domain)} if y_domain else {}
    scale = alt.Scale(type="log", **domain) if log else alt.Scale(zero=False, nice=False, **domain)
    axis = alt.Axis(format=".0e", tickCount=6) if log else alt.Axis()
    steps = alt.Axis(format="~g") if x_log else alt.Axis(tickMinStep=1 if points else alt.Undefined)
    along = {"title": x_title, "axis": steps, **_scale_of_x(points, x_log)}
    base = alt.Chart(alt.NamedData("series")).encode(alt.X("x:Q", **along))
    curve = base.encode(alt.Y("y:Q", title=y_title, scale=scale, axis=axis), *by_series(labels, order=order))
    band = base.mark_area(opacity=0.18, clip=True).encode(
        alt.Y("low:Q", title=y_title, scale=scale, axis=axis), alt.Y2("high:Q"), by_series(labels, order=order)[0]
    )
    layers = [
        band.transform_filter("isValid(datum.low)"),
        curve.mark_line(strokeWidth=2.5, point={"size": 45, "filled": True} if points else False, clip=True),
        # Wide invisible points: what the pointer meets.
        curve.mark_point(opacity=0, size=160, clip=True).encode(tooltip=_tooltip(x_title, y_title)),
    ]
    if expected:
        y = alt.Y("y:Q", title=y_title, scale=scale, axis=axis)
        beside = base.properties(data=alt.NamedData("expected")).encode(y, by_series(labels, order=order)[0])
        layers.insert(1, beside.mark_line(strokeWidth=1.5, strokeDash=[4, 4], clip=True))
    if marker:
        rule = alt.Chart(alt.NamedData("at")).mark_rule(strokeWidth=1.5, clip=True)
        layers.append(rule.encode(alt.X("x:Q", **along), by_series(labels, order=order)[0]))
    return alt.layer(*layers).properties(height=height + legend_height(labels)).to_dict()


def _scale_of_x(points: bool, x_log: bool) -> dict:
    """Logarithmic, or without 0 and with room for the first and the last point."""
    if x_log:
        return {"scale": alt.Scale(type="log", nice=False)}
    return {"scale": alt.Scale(zero=False, nice=False, padding=8)} if points else {}


def _tooltip(x_title: str, y_title: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("series:N", title=" "),
        alt.Tooltip("x:Q", title=x_title),
        alt.Tooltip("y:Q", title=y_title, format=".4g"),
    ]


def data(
    x: Sequence[float],
    curves: Mapping[str, np.ndarray],
    bands: Mapping[str, tuple[np.ndarray, np.ndarray]] | None = None,
    *,
    log: bool = False,
    expected: Mapping[str, np.ndarray] | None = None,
    at: float | None = None,
) -> dict[str, pd.DataFrame]:
    """The named data of `spec`.

    Args:
        curves: label -> values over x. bands: label -> (low, high) over x, for some or all of them.
        expected: label -> the dashed line's values over x, for a spec that has them.
        at: where the marker stands, for a spec that has one.
    """
    found = {"series": _long(x, curves, bands or {}, log)}
    if expected is not None:
        found["expected"] = _long(x, expected, {}, log)
    if at is not None:
        found["at"] = pd.DataFrame({"x": [at], "series": [text_series()]})
    return found


def joined(parts: Sequence[Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """The named data of several calls of `data`, for curves over different x."""
    return {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]}


def clipped(frames: Mapping[str, pd.DataFrame]) -> tuple[float, float] | None:
    """The ends of a logarithmic y axis, where a curve climbs so far that it would flatten the others; else None."""
    curves = [part["y"].to_numpy() for frame in frames.values() for _name, part in frame.groupby("series", sort=False)]
    ends = loss_ends(curves)
    top = max(frame[["y", "high"]].max(axis=None) for frame in frames.values())
    return ends if top > ends[1] else None


def _long(x: Sequence[float], curves: Mapping[str, np.ndarray], bands: Mapping, log: bool) -> pd.DataFrame:
    """A row a point. Put together in NumPy: a table for each curve would be most of the time of a rerun."""
    none = np.full(len(x), np.nan)
    parts = [(values, *bands.get(label, (none, none))) for label, values in curves.items()]
    y, low, high = np.concatenate([np.asarray(part, dtype=float) for part in parts], axis=1)
    y, low, high = (np.where(np.isfinite(values), values, np.nan) for values in (y, low, high))
    if log:
        y, low, high = _above_zero(y, low, high)
    shown = ~np.isnan(y)
    names = np.repeat(np.array(list(curves), dtype=object), len(x))
    columns = {"x": np.tile(np.asarray(x), len(curves)), "y": y, "low": low, "high": high, "series": names}
    return pd.DataFrame({name: values[shown] for name, values in columns.items()})


def _above_zero(*values: np.ndarray) -> tuple[np.ndarray, ...]:
    """What a logarithmic axis can show; a band that reaches down to 0 is cut off at the smallest number there is."""
    y, low, high = (np.where(part > 0, part, np.nan) for part in values)
    cut = (values[1] == 0) & (high > 0)
    low[cut] = np.nanmin([y, low, high]) if cut.any() else np.nan
    return y, low, high
