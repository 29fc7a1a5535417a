"""Rosenblatt's rule as pictures: the plane at one visit, the mistakes of each pass, the weights going round."""

import functools
from collections.abc import Callable, Sequence
from itertools import pairwise

import altair as alt
import numpy as np
import pandas as pd

from engine.gates import POINTS
from engine.perceptron import DecisionLine
from pages.shared.charts import plane
from pages.shared.charts.theme import HIGHLIGHT, MUTED, SURFACE, TEXT, VALUE, by_role, in_role

LOW, HIGH = -1.5, 2.5  # wide enough for the first lines, which pass beside the gate's corners
ARROW = 0.5  # length of the weights' arrow, whose direction alone counts
SIDE = 220  # pixels of the weights' round trip
ROOM, AWAY = 0.35, 0.18  # around it, and from a place to its label, as shares of its size

Text = Callable[[float], str]


# the plane of the inputs --------------------------------------------------------------------------------------


def visit_data(
    target: Sequence[float],
    z: Sequence[float],
    correct: Sequence[bool],
    visited: int | None,
    now: DecisionLine,
    before: DecisionLine | None,
    number: Text,
) -> dict[str, pd.DataFrame]:
    """Named data of plane.spec after one visit.

    Args:
        z, correct: weighted sum and rightness of the four points under the weights of now.
        visited: the sample of this visit, ringed; None before the first.
        before: the line that this visit moved; None where it moved nothing.
    """
    points = [
        plane.point(
            x1,
            x2,
            target[i],
            rim=HIGHLIGHT if i == visited else "",
            label=f"{x1:g}{x2:g} {'✓' if correct[i] else '✗'}",
            detail=f"({x1:g}, {x2:g}): y = {target[i]:g}, z = {number(z[i])}",
        )
        for i, (x1, x2) in enumerate(POINTS)
    ]
    old = [plane.line(before.ends, role=MUTED, width=2, dash="dashed")] if _seen(before) else []
    new = [plane.line(now.ends)] if _seen(now) else []
    return plane.data(
        points=points, lines=[*old, *new], regions=plane.region(now.region), arrows=[_arrow(now)] if new else []
    )


def _seen(line: DecisionLine | None) -> bool:
    return line is not None and line.ends is not None


def _arrow(line: DecisionLine) -> dict:
    middle = line.ends.mean(axis=0)
    return plane.arrow(middle, middle + ARROW * line.normal, detail="(w₁, w₂)")


# mistakes in each pass ----------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=64)
def passes_spec(x_title: str, y_title: str) -> dict:
    """A bar a pass; its data are "passes"."""
    whole = alt.Axis(tickMinStep=1, format="d")
    x_scale = alt.Scale(nice=False, zero=False)
    chart = alt.Chart(alt.NamedData("passes")).encode(
        alt.X("left:Q", title=x_title, axis=whole, scale=x_scale),
        alt.X2("right"),
        alt.Y("mistakes:Q", title=y_title, axis=whole, scale=alt.Scale(domain=[0, len(POINTS)])),
        alt.Y2("zero"),
        by_role(),
        tooltip=[alt.Tooltip("n:Q", title=x_title), alt.Tooltip("mistakes:Q", title=y_title)],
    )
    return chart.mark_rect().properties(height=220).to_dict()


def passes_data(mistakes: np.ndarray, current: int | None) -> dict[str, pd.DataFrame]:
    """Mistakes of each pass; `current`, counted from 0, is the pass of the visit on screen."""
    n = np.arange(1, len(mistakes) + 1)
    role = np.where(n - 1 == (-1 if current is None else current), HIGHLIGHT, VALUE)
    half = 0.4 if len(n) <= 40 else 0.5  # many bars stand close
    frame = pd.DataFrame({"n": n, "left": n - half, "right": n + half, "mistakes": mistakes, "zero": 0, "role": role})
    return {"passes": frame}


# the cycle ----------------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=64)
def cycle_spec(x_title: str, y_title: str) -> dict:
    """The plane of the two weights; its data are "moves", "stops" and the invisible "corners" of its square."""
    axis = {"scale": alt.Scale(nice=False, zero=False), "axis": alt.Axis(tickCount=5)}
    x, y = alt.X("x:Q", title=x_title, **axis), alt.Y("y:Q", title=y_title, **axis)
    layers = [
        _layer("corners").mark_point(opacity=0).encode(x, y),
        in_role(_layer("moves"), VALUE).mark_rule(strokeWidth=3).encode(x, y, alt.X2("x2"), alt.Y2("y2")),
        in_role(_layer("moves"), VALUE)
        .mark_point(shape="triangle", filled=True, size=130, opacity=1)
        .encode(
            alt.X("middle_x:Q", title=x_title),
            alt.Y("middle_y:Q", title=y_title),
            alt.Angle("angle:Q", scale=alt.Scale(domain=[0, 360], range=[0, 360])),
        ),
        in_role(in_role(_layer("stops"), SURFACE, alt.Stroke), VALUE, alt.Fill)
        .mark_point(size=180, opacity=1, strokeWidth=1.5)
        .encode(x, y, tooltip="detail:N"),
        _layer("stops")
        .transform_filter("datum.current")
        .mark_point(size=480, opacity=1, strokeWidth=3.5)
        .encode(x, y, by_role(alt.Stroke)),
        in_role(_layer("stops"), TEXT)
        .mark_text(fontSize=12, fontWeight="bold")
        .encode(alt.X("label_x:Q", title=x_title), alt.Y("label_y:Q", title=y_title), text="label:N"),
    ]
    square = alt.AutoSizeParams(type="pad")
    chart = alt.layer(*layers).properties(width=SIDE, height=SIDE, autosize=square)
    return chart.configure_mark(aria=False).to_dict()  # the ring may be missing: an image without a name


def _layer(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name))


def cycle_data(states: Sequence[Sequence[float]], first: int, current: int, number: Text) -> dict[str, pd.DataFrame]:
    """The states (w1, w2, b) of one round, the first of them again at its end.

    Args:
        first: the number of visits made before the round.
        current: the number of visits on screen.
    """
    at = np.array(states)[:, :2]
    places = np.unique(at, axis=0)
    size = np.ptp(at, axis=0).max()
    labels = places + AWAY * size * _outward(places)
    stops = [
        _stop(place, label, at, states, first, current, number) for place, label in zip(places, labels, strict=True)
    ]
    moves = [_move(start, end) for start, end in pairwise(at) if (start != end).any()]
    middle, half = (at.max(axis=0) + at.min(axis=0)) / 2, size * (0.5 + ROOM)
    corners = [{"x": x, "y": y} for x, y in (middle - half, middle + half)]
    return {"moves": pd.DataFrame(moves), "stops": pd.DataFrame(stops), "corners": pd.DataFrame(corners)}


def _outward(places: np.ndarray) -> np.ndarray:
    """From the middle of all places to each one, as unit vectors: where a label meets no line."""
    out = places - places.mean(axis=0)
    length = np.linalg.norm(out, axis=1, keepdims=True)
    return out / np.where(length > 0, length, 1)


def _stop(place, label, at, states, first: int, current: int, number: Text) -> dict:
    """A place of the weights, labelled with the visits that lead to it; the bias is in its tooltip alone."""
    here = [i for i in range(len(at)) if (at[i] == place).all()]
    visits = [first + i for i in here]
    return {
        "x": place[0],
        "y": place[1],
        "label_x": label[0],
        "label_y": label[1],
        "label": ", ".join(map(str, visits)),
        "detail": "; ".join(f"{n}: (w₁, w₂, b) = ({', '.join(map(number, states[n - first]))})" for n in visits),
        "current": current in visits,
        "role": HIGHLIGHT,
    }


def _move(start: np.ndarray, end: np.ndarray) -> dict:
    (x, y), (x2, y2), middle = start, end, (start + end) / 2
    angle = float(np.degrees(np.arctan2(x2 - x, y2 - y))) % 360  # clockwise from up, as marks are turned
    return {"x": x, "y": y, "x2": x2, "y2": y2, "middle_x": middle[0], "middle_y": middle[1], "angle": angle}
