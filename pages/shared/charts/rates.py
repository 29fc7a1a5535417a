"""The axis of learning rates: coloured bands of regimes, the current rate, and where the last steps stand."""

import functools
from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from engine.descent_regimes import Strip
from pages.shared.charts.theme import COLOURS, MUTED, TEXT, by_role, in_role

HEIGHT = 250
LABELLED = 0.18  # decades: a narrower band has its name in its tooltip only
CELLS = 100  # along the height: two last steps in the same one are drawn once
ROLES = dict(
    zip(
        ("converges", "diverges", "oscillates", "bounces", "wanders", "slows", "crawls"),
        COLOURS,
        strict=True,
    )
) | {"rests": MUTED, "jumps": COLOURS[0]}


@functools.lru_cache(maxsize=64)
def spec(low: float, high: float, y_range: tuple[float, float], x_title: str, y_title: str, regime_title: str) -> dict:
    """The compiled picture of the learning rates from low to high; its data are "bands", "last", "borders", "now"."""
    x = {"title": x_title, "scale": alt.Scale(type="log", domain=[low, high], nice=False), "axis": _axis()}
    y = alt.Y("y:Q", title=y_title, scale=alt.Scale(domain=list(y_range), nice=False, zero=False))
    bands = alt.Chart(alt.NamedData("bands"))
    tips = [
        alt.Tooltip("name:N", title=regime_title),
        alt.Tooltip("low:Q", title=f"{x_title} ≥", format=".4~g"),
        alt.Tooltip("high:Q", title=f"{x_title} ≤", format=".4~g"),
    ]
    field = bands.mark_rect(opacity=0.22).encode(alt.X("low:Q", **x), alt.X2("high:Q"), by_role(), tooltip=tips)
    names = [
        in_role(bands.transform_filter(f"datum.at == '{at}'"), TEXT)
        .mark_text(angle=270, align=align, baseline="middle", fontSize=12)
        .encode(alt.X("middle:Q", **x), y=alt.value(y_at), text="name:N")
        for at, align, y_at in (("top", "right", 6), ("bottom", "left", {"expr": "height - 6"}))
    ]
    last = alt.Chart(alt.NamedData("last")).mark_circle(size=14, opacity=1, clip=True).encode(alt.X("x:Q", **x), y)
    borders = alt.Chart(alt.NamedData("borders"))
    rule = borders.mark_rule(strokeDash=[3, 3], strokeWidth=1.5).encode(alt.X("x:Q", **x), tooltip=["label:N", "x:Q"])
    words = [  # apart, since on a phone the borders are close to each other
        in_role(borders.transform_filter(f"datum.side == '{side}'"), TEXT)
        .mark_text(align=side, dx=3 if side == "right" else -3, dy=-8, fontSize=12, baseline="bottom")
        .encode(alt.X("x:Q", **x), y=alt.value(0), text="label:N")
        for side in ("right", "left")
    ]
    now = alt.Chart(alt.NamedData("now")).mark_rule(strokeWidth=3, clip=True).encode(alt.X("x:Q", **x), by_role())
    layers = [field, in_role(last, TEXT), in_role(rule, TEXT), *words, now, *names]
    padding = {"top": 24, "left": 5, "right": 12, "bottom": 5}
    return alt.layer(*layers).properties(height=HEIGHT, padding=padding).to_dict()


def _axis() -> alt.Axis:
    return alt.Axis(values=[10.0**power for power in range(-12, 13)], format="~g", grid=False)


def data(
    strip: Strip, names: Mapping[str, str], borders: Sequence[tuple[str, float]], now: float, y_range: Sequence[float]
) -> dict[str, pd.DataFrame]:
    """The named data of `spec`.

    Args:
        names: code of a regime -> its name.
        borders: (name, learning rate) of the lines that part regimes: none, or a lower and an upper one.
        now: the learning rate that is chosen; outside of the strip it is not drawn.
    """
    low, high = strip.edges[:-1], strip.edges[1:]
    free = "top" if strip.last[0, -1] < (y_range[0] + y_range[1]) / 2 else "bottom"  # where the slowest runs are not
    bands = pd.DataFrame(
        {
            "low": low,
            "high": high,
            "middle": np.sqrt(low * high),
            "name": [names[code] for code in strip.regimes],
            "at": np.where(np.log10(high / low) >= LABELLED, free, ""),
            "role": [ROLES[code] for code in strip.regimes],
        }
    )
    inside = strip.edges[0] <= now <= strip.edges[-1]
    return {
        "bands": bands,
        "last": _last(strip, y_range),
        "borders": pd.DataFrame(
            [(label, x, side) for (label, x), side in zip(borders, ("right", "left"), strict=False)],
            columns=["label", "x", "side"],
        ),
        "now": pd.DataFrame({"x": [now] if inside else [], "role": [COLOURS[6]] if inside else []}),
    }


def _last(strip: Strip, y_range: Sequence[float]) -> pd.DataFrame:
    """Each learning rate with its last steps, without those outside the picture and those drawn already."""
    low, high = y_range
    rates = np.broadcast_to(strip.learning_rates[:, None], strip.last.shape)
    with np.errstate(invalid="ignore"):
        seen = (strip.last >= low) & (strip.last <= high)
    x, y = rates[seen], strip.last[seen]
    cells = np.stack([x, np.round((y - low) / (high - low) * CELLS)])
    _cells, first = np.unique(cells, axis=1, return_index=True)
    return pd.DataFrame({"x": x[first].astype(np.float32), "y": y[first].astype(np.float32)})
