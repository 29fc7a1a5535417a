"""Drawn weights as a histogram of density, with the curve of theory over it and what lies outside told at its ends."""

import functools
from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from engine.drawn_weights import Drawn
from pages.shared.charts.theme import ANALYTIC, HIGHLIGHT, MUTED, TEXT, VALUE, in_role

HEIGHT = 215
ROOM = 1.2  # over the highest of bars and curve: for the words at the ends
SHARED = 4.0  # panels whose heights differ by less have one axis
MASS = 0.8  # of the height, the arrow of a point mass


@functools.lru_cache(maxsize=16)
def spec(w_title: str, density_title: str, count_title: str, interval_title: str) -> dict:
    """The compiled panel; its data are "bars", "theory", "other", "masses", "outside", and "frame", its corners."""
    x = alt.X("x:Q", title=w_title, scale=alt.Scale(nice=False, zero=False))
    y = alt.Y("y:Q", title=density_title, scale=alt.Scale(nice=False), axis=alt.Axis(tickCount=4))
    tips = [
        alt.Tooltip("interval:N", title=interval_title),
        alt.Tooltip("count:Q", title=count_title, format=","),
        alt.Tooltip("y:Q", title=density_title, format=".4~g"),
    ]
    masses = _chart("masses")
    layers = [
        _chart("frame").mark_point(opacity=0, size=0).encode(x, y),
        in_role(_chart("bars"), VALUE, alt.Fill)
        .mark_rect(opacity=0.55)
        .encode(x, y, alt.X2("x2"), alt.Y2("floor"), tooltip=tips),
        in_role(_chart("other"), MUTED).mark_line(strokeWidth=2, strokeDash=[5, 4]).encode(x, y),
        in_role(_chart("theory"), ANALYTIC).mark_line(strokeWidth=2.5).encode(x, y),
        in_role(masses, ANALYTIC).mark_rule(strokeWidth=3).encode(x, y, alt.Y2("floor")),
        in_role(masses, ANALYTIC, alt.Fill).mark_point(shape="triangle-up", size=140, strokeWidth=0).encode(x, y),
        *(
            in_role(masses.transform_filter(f"datum.side == '{side}'"), TEXT)
            .mark_text(fontSize=12, dy=-14, align=side)
            .encode(x, y, text="label:N")
            for side in ("left", "center", "right")
        ),
        *(
            in_role(_chart("outside").transform_filter(f"datum.side == '{side}'"), HIGHLIGHT)
            .mark_text(fontSize=12, fontWeight="bold", align=side, dx=dx)
            .encode(x, y, text="text:N")
            for side, dx in (("left", 4), ("right", -4))
        ),
    ]
    # A layer without data would be an image without a name; the picture's alternative text speaks for all of them.
    return alt.layer(*layers).properties(height=HEIGHT).configure_mark(aria=False).to_dict()


def _chart(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name))


def tops(panels: Sequence[Drawn]) -> list[float]:
    """The height of each panel's axis; one for all where none of them would become too flat."""
    own = [ROOM * max(d.heights.max(), d.density.max(initial=0.0)) if not d.point_masses else 0.0 for d in panels]
    highest = max(own) or 1.0
    shared = all(top == 0.0 or highest <= SHARED * top for top in own)
    return [highest if shared or top == 0.0 else top for top in own]


def data(drawn: Drawn, other: Drawn, top: float, mass: str) -> dict[str, pd.DataFrame]:
    """The named data of `spec`.

    Args:
        other: the scheme of the other panel, whose curve is drawn as well, as far as it fits under `top`.
        top:   height of the axis.
        mass:  what is written at a point mass.
    """
    end = float(drawn.edges[-1])
    return {
        "frame": pd.DataFrame({"x": [-end, end], "y": [0.0, top]}),
        "bars": _bars(drawn),
        "theory": _curve(drawn, top),
        "other": _curve(other, top),
        "masses": pd.DataFrame(
            [
                {"x": w, "y": MASS * top, "floor": 0.0, "label": mass, "side": _side(w / end)}
                for w, _share in drawn.point_masses
            ],
            columns=["x", "y", "floor", "label", "side"],
        ),
        "outside": pd.DataFrame(
            [
                {"x": x, "y": 0.93 * top, "side": side, "text": text}
                for x, side, n, text in (
                    (-end, "left", drawn.below, f"◀ {drawn.below:,}"),
                    (end, "right", drawn.above, f"{drawn.above:,} ▶"),
                )
                if n
            ],
            columns=["x", "y", "side", "text"],
        ),
    }


def _side(place: float) -> str:
    """Which end of a label stands at its arrow, -1 to 1, so that it stays in the picture."""
    return "center" if abs(place) < 1 / 3 else "right" if place > 0 else "left"


def _bars(drawn: Drawn) -> pd.DataFrame:
    """A row a bin with weights in it; a point mass is no density, and has its arrow."""
    shown = (drawn.counts > 0) & (not drawn.point_masses)
    left, right = drawn.edges[:-1][shown], drawn.edges[1:][shown]
    return pd.DataFrame(
        {
            "x": left,
            "x2": right,
            "y": drawn.heights[shown],
            "floor": np.zeros(len(left)),
            "count": drawn.counts[shown],
            "interval": [f"{low:.4g} … {high:.4g}" for low, high in zip(left, right, strict=True)],
        }
    )


def _curve(drawn: Drawn, top: float) -> pd.DataFrame:
    """The density as far as it fits; a gap where it does not. A point mass has no curve."""
    if drawn.point_masses:
        return pd.DataFrame({"x": [], "y": []})
    return pd.DataFrame({"x": drawn.w, "y": np.where(drawn.density <= top, drawn.density, np.nan)})
