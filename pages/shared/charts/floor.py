"""Losses of one or many runs that come down towards a floor, each group named at its end: what a floor stops."""

import functools
from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from pages.shared.charts.theme import HIGHLIGHT, TEXT, VALUE, by_role, in_role

HEIGHT = 260
MAX_CURVES = 40  # of a group; its other runs lie between them
MAX_NUMBERS = 4000  # of all curves
NEAR = 0.04  # of the picture's height: two names this close would overlap
STYLES = ((HIGHLIGHT, "solid"), (VALUE, "dashed"))  # of the groups, in their order


@functools.lru_cache(maxsize=64)
def spec(x_title: str, y_title: str, height: int = HEIGHT) -> dict:
    """The compiled curves; their data are "curves", "ends" and "floor"."""
    x = alt.X("x:Q", title=x_title, scale=alt.Scale(zero=True, nice=False))
    y = alt.Y("y:Q", title=y_title, scale=alt.Scale(zero=True, nice=True))
    dash = alt.StrokeDash("dash:N", scale=alt.Scale(domain=["solid", "dashed"], range=[[1, 0], [7, 4]]), legend=None)
    curves = alt.Chart(alt.NamedData("curves")).encode(x, y, by_role(), detail="run:N")
    tips = [
        alt.Tooltip("series:N", title=" "),
        alt.Tooltip("x:Q", title=x_title),
        alt.Tooltip("y:Q", title=y_title, format=".4f"),
    ]
    floor = alt.Chart(alt.NamedData("floor"))
    floor_name = in_role(floor, TEXT).mark_text(align="right", baseline="top", dy=6, fontSize=12)
    ends = alt.Chart(alt.NamedData("ends")).mark_text(align="right", dy=-11, fontSize=13, fontWeight="bold")
    layers = [
        in_role(floor, TEXT).mark_rule(strokeDash=[2, 3], strokeWidth=1.5).encode(y),
        curves.mark_line(strokeWidth=2.5).encode(dash, alt.Opacity("opacity:Q", scale=None)),
        curves.mark_point(opacity=0, size=120).encode(tooltip=tips),  # what the pointer meets
        floor_name.encode(x, y, text="label:N"),
        in_role(ends, TEXT).encode(x, y, text="label:N"),
    ]
    return alt.layer(*layers).properties(height=height).configure_mark(aria=False).to_dict()


def data(
    updates: np.ndarray, groups: Mapping[str, np.ndarray], floor: float, floor_label: str
) -> dict[str, pd.DataFrame]:
    """The named data of `spec`.

    Args:
        updates: (k,). groups: name -> losses (runs, k), at most two of them.
        floor:   where the dotted line is drawn, with its label.
    """
    picked = {name: losses[_shown_runs(losses[:, -1])] for name, losses in groups.items()}
    rows = sum(map(len, picked.values()))
    places = np.unique(np.linspace(0, len(updates) - 1, min(len(updates), max(MAX_NUMBERS // rows, 2))).astype(int))
    frames, ends, last = [], [], float(updates[-1])
    for (role, dash), (name, losses) in zip(STYLES, picked.items(), strict=False):
        own = {
            "x": np.tile(updates[places], len(losses)),
            "y": losses[:, places].ravel(),
            "run": np.repeat([f"{name} {run}" for run in range(len(losses))], len(places)),
        }
        opacity = 1.0 if len(losses) == 1 else 0.45
        frames.append(pd.DataFrame(own).assign(series=name, role=role, dash=dash, opacity=opacity))
        ends.append({"x": last, "y": float(np.median(losses[:, -1])), "label": name})
    curves = pd.concat(frames, ignore_index=True)
    return {
        "curves": curves,
        "ends": pd.DataFrame(_apart(ends, float(curves["y"].max()))),
        "floor": pd.DataFrame([{"x": last, "y": floor, "label": floor_label}]),
    }


def _shown_runs(final: np.ndarray) -> np.ndarray:
    """Runs evenly from the lowest to the highest final loss, both included."""
    return np.argsort(final)[np.linspace(0, len(final) - 1, min(len(final), MAX_CURVES)).round().astype(int)]


def _apart(ends: list[dict], height: float) -> list[dict]:
    """Two names at one place become one."""
    if len(ends) == 2 and abs(ends[0]["y"] - ends[1]["y"]) < NEAR * height:
        return [ends[0] | {"label": f"{ends[0]['label']}, {ends[1]['label']}"}]
    return ends
