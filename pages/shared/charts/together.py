"""Dropout and batch normalization together: the variance ratio over the drop rate, and curves over drop rates."""

import copy
import functools
from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from engine.seed_bands import SeedBand
from engine.variance_shift import Measured
from pages.shared.charts import series
from pages.shared.charts.theme import ANALYTIC, HIGHLIGHT, NUMERIC, in_role

HEIGHT = 300
SHIFTS = (0.003, 2.0)  # variance met over variance stored
MOST = 5.0  # of a loss that is drawn
TICKS = [0.003, 0.01, 0.03, 0.1, 0.3, 1]


@functools.lru_cache(maxsize=64)
def ratio_spec(x_title: str, y_title: str) -> dict:
    """The formula as a line, what was measured as points with their middle half; data: "formula", "measured", "now"."""
    x = alt.X("x:Q", title=x_title, scale=alt.Scale(domain=[0, 0.92], nice=False))
    y_scale = alt.Scale(domain=[0, 1.05], nice=False)
    y = alt.Y("y:Q", title=y_title, scale=y_scale)
    tips = [alt.Tooltip("x:Q", title=x_title, format=".3g"), alt.Tooltip("y:Q", title=y_title, format=".4g")]
    line, points = alt.Chart(alt.NamedData("formula")), alt.Chart(alt.NamedData("measured"))
    now = alt.Chart(alt.NamedData("now"))
    layers = [
        in_role(line.mark_line(strokeWidth=2.5).encode(x, y), ANALYTIC),
        line.mark_point(opacity=0, size=160).encode(x, y, tooltip=tips),
        in_role(
            points.mark_rule(strokeWidth=2.5).encode(x, alt.Y("low:Q", title=y_title, scale=y_scale), alt.Y2("high")),
            NUMERIC,
        ),
        in_role(
            points.mark_point(shape="diamond", filled=True, size=70, opacity=1).encode(x, y, tooltip=tips), NUMERIC
        ),
        in_role(now.mark_rule(strokeWidth=1.5, strokeDash=[4, 4]).encode(x), HIGHLIGHT),
        in_role(now.mark_point(filled=True, size=150, opacity=1).encode(x, y, tooltip=tips), HIGHLIGHT),
    ]
    return alt.layer(*layers).properties(height=HEIGHT).to_dict()


def ratio_data(
    rates: Sequence[float], ratios: Sequence[float], measured: Measured, now: tuple[float, float]
) -> dict[str, pd.DataFrame]:
    """The named data of `ratio_spec`; now: the drop rate that is chosen, and the formula's ratio there."""
    found = {
        "x": measured.drop_rates,
        "y": measured.ratio.median,
        "low": measured.ratio.low,
        "high": measured.ratio.high,
    }
    return {
        "formula": pd.DataFrame({"x": rates, "y": ratios}),
        "measured": pd.DataFrame(found),
        "now": pd.DataFrame({"x": [now[0]], "y": [now[1]]}),
    }


@functools.lru_cache(maxsize=64)
def over_drop_rates_spec(
    labels: tuple[str, ...], x_title: str, y_title: str, order: tuple[str, ...], joined: bool = True
) -> dict:
    """`series.spec` with a dashed line beside each curve, over drop rates, which are no whole numbers; from 0 on.

    Args: joined: lines and bands; else points with the ends of their bands, rings for what the dashed lines hold.
    """
    curves = copy.deepcopy(series.spec(labels, x_title, y_title, points=True, expected=True, order=order))
    for layer in curves["layer"]:
        layer["encoding"]["x"]["axis"] = {"format": "~g"}
        layer["encoding"]["y"]["scale"]["zero"] = True
    if not joined:
        band, beside, line = curves["layer"][:3]
        band["mark"] = {"type": "rule", "strokeWidth": 2, "opacity": 0.5}
        beside["mark"] = {"type": "point", "size": 110, "filled": False, "strokeWidth": 2, "opacity": 1}
        line["mark"] = {"type": "point", "size": 70, "filled": True, "opacity": 1}
        del line["encoding"]["strokeDash"]
    return curves


def over_drop_rates_data(
    rates: Sequence[float], curves: Mapping[str, Sequence[SeedBand]], beside: Mapping[str, Sequence[SeedBand]]
) -> dict[str, pd.DataFrame]:
    """The named data of `over_drop_rates_spec`, a band for each drop rate; what lies beyond MOST is drawn there."""

    def part(bands: Sequence[SeedBand], name: str) -> list[float]:
        return [min(float(getattr(band, name)), MOST) for band in bands]

    return series.data(
        rates,
        {label: part(bands, "median") for label, bands in curves.items()},
        {label: (part(bands, "low"), part(bands, "high")) for label, bands in curves.items()},
        expected={label: part(bands, "median") for label, bands in beside.items()},
    )


@functools.lru_cache(maxsize=64)
def shift_spec(labels: tuple[str, ...], x_title: str, y_title: str) -> dict:
    """`series.spec` over layers, from 0.003 to 2 on a logarithmic axis."""
    curves = copy.deepcopy(series.spec(labels, x_title, y_title, log=True, points=True, y_domain=SHIFTS))
    for layer in curves["layer"]:
        layer["encoding"]["y"]["axis"] = {"format": "~g", "values": TICKS}
    return curves
