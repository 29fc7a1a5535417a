"""A small restricted Boltzmann machine: hidden units above, visible ones below, every link between the two layers."""

import functools
from collections.abc import Callable

import altair as alt
import numpy as np
import pandas as pd

from pages.shared.charts.theme import GRADIENT, MUTED, SURFACE, TEXT, VALUE, by_role, in_role

WIDTH, HEIGHT = 320, 190
RADIUS = 19  # of a unit, pixels
WIDEST = 7  # pixels of a link of the largest weight in sight
SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@functools.cache
def spec() -> dict:
    """The compiled picture; its data are "links" and "units"."""
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.5, 3.5], nice=False, zero=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-0.4, 1.4], nice=False, zero=False))
    links, units = alt.Chart(alt.NamedData("links")), alt.Chart(alt.NamedData("units"))
    line = links.mark_rule(strokeCap="round").encode(x, y, alt.X2("x2"), alt.Y2("y2"), tooltip="detail:N")
    circle = units.mark_point(size=(2 * RADIUS) ** 2, opacity=1, strokeWidth=2.5)
    layers = [
        line.encode(by_role(), strokeWidth=alt.StrokeWidth("width:Q", scale=None)),
        in_role(circle, MUTED, alt.Stroke).encode(x, y, by_role(alt.Fill), tooltip="detail:N"),
        units.mark_text(fontSize=13, fontWeight="bold").encode(x, y, by_role(field="ink"), text="symbol:N"),
        in_role(units, TEXT).mark_text(fontSize=12, dy=alt.expr("datum.shift")).encode(x, y, text="state:N"),
    ]
    pad = alt.AutoSizeParams(type="pad")
    chart = alt.layer(*layers).configure_view(strokeWidth=0).configure_mark(aria=False)
    return chart.properties(width=WIDTH, height=HEIGHT, autosize=pad).to_dict()


def data(
    W: np.ndarray, v: np.ndarray, h_probability: np.ndarray, h: np.ndarray, number: Callable[[float], str]
) -> dict[str, pd.DataFrame]:
    """The named data of `spec` for a machine of four visible and two hidden units; what is on is filled."""
    visible = [(float(i), 0.0) for i in range(len(v))]
    hidden = [((len(v) - 1) * (j + 0.5) / len(h), 1.0) for j in range(len(h))]
    units = [_unit(place, "v", i, on, f"{on:g}", 34) for i, (place, on) in enumerate(zip(visible, v, strict=True))]
    for j, (place, p, on) in enumerate(zip(hidden, h_probability, h, strict=True)):
        units.append(_unit(place, "h", j, on, f"p = {number(p)} → {on:g}", -30))
    largest = float(np.abs(W).max()) or 1.0
    links = [
        _link(visible[i], hidden[j], f"{_name('v', i)} – {_name('h', j)}: w = {number(w)}", w, largest)
        for i, row in enumerate(np.asarray(W).tolist())
        for j, w in enumerate(row)
    ]
    return {"links": pd.DataFrame(links), "units": pd.DataFrame(units)}


def _unit(place: tuple[float, float], letter: str, index: int, on: float, state: str, shift: int) -> dict:
    symbol, (role, ink) = _name(letter, index), (TEXT, SURFACE) if on else (SURFACE, TEXT)
    own = {"x": place[0], "y": place[1], "symbol": symbol, "state": state, "shift": shift}
    return own | {"role": role, "ink": ink, "detail": f"{symbol}: {state}"}


def _link(start: tuple[float, float], end: tuple[float, float], detail: str, w: float, largest: float) -> dict:
    role, width = (VALUE if w > 0 else GRADIENT if w < 0 else MUTED), 1 + (WIDEST - 1) * abs(w) / largest
    return {"x": start[0], "y": start[1], "x2": end[0], "y2": end[1], "role": role, "width": width, "detail": detail}


def _name(letter: str, index: int) -> str:
    return letter + str(index + 1).translate(SUBSCRIPT)
