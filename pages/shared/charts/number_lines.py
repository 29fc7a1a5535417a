"""Number lines under each other, the same samples on each: what becomes of them can be followed from line to line.

The lines, their ticks and labels are data as well, so that each line can have a scale of its own and the spec stays.
"""

import functools
import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from pages.shared.charts.theme import HIGHLIGHT, MUTED, SURFACE, TEXT, VALUE, by_role, in_role

ROW = 104  # pixels from line to line
TOP, BOTTOM = 70, 34
LEVEL = 18  # pixels that a point stands above one that it would hide
NEAR = 0.046  # of the line's length: two points closer than this stand above each other
TICKS = 6
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)

POINT_FIELDS = ("at", "y", "label", "role", "detail")
JOINT_FIELDS = ("at", "y", "at2", "y2", "role")
TICK_FIELDS = ("at", "y", "text")
BAND_FIELDS = ("at", "at2", "y", "detail")
MARK_FIELDS = ("at", "y", "text")
TITLE_FIELDS = ("y", "title")


@dataclass(frozen=True)
class Line:
    """One number line.

    values: of the samples. names: their labels; the same label on two lines is joined.
    mean, spread: marked, where given: a mark, and a band of one spread to both sides.
    roles: of the points, one each; VALUE for all by default.
    mark: the word at the mean.
    scale: lines of one scale have the same ends, with 0 between them; a line that has one for itself need not show 0.
    joined: whether its points are joined with those of the line above.
    """

    title: str
    values: Sequence[float]
    names: Sequence[str]
    mean: float | None = None
    spread: float = 0.0
    roles: Sequence[str] = ()
    mark: str = ""
    scale: str = ""
    joined: bool = True


@functools.lru_cache(maxsize=64)
def spec(n_lines: int) -> dict:
    """The compiled picture of so many lines."""
    height = TOP + ROW * (n_lines - 1) + BOTTOM
    bare = {"axis": None, "title": None}
    across = alt.Scale(domain=[-0.02, 1.02], nice=False, zero=False)
    up = alt.Scale(domain=[height, 0], nice=False, zero=False)
    x, y = alt.X("at:Q", scale=across, **bare), alt.Y("y:Q", scale=up, **bare)
    lines = _chart("titles").encode(y=y, x=alt.datum(0, scale=across, **bare), x2=alt.datum(1))
    titles = _chart("titles").encode(y=y, x=alt.datum(0, scale=across, **bare), text="title:N")
    of_titles = {"align": "left", "dy": -46, "fontSize": 13, "fontWeight": "bold"}
    joints = _chart("joints").mark_rule(strokeWidth=1.5, opacity=0.55).encode(x, y, alt.X2("at2"), alt.Y2("y2"))
    band = in_role(_chart("bands").mark_rule(strokeWidth=9, opacity=0.4).encode(x, y, alt.X2("at2")), MUTED)
    ticks = in_role(_chart("ticks").encode(x, y), TEXT)
    marks = in_role(_chart("marks").encode(x, y), TEXT)
    points = _chart("points").encode(x, y, tooltip="detail:N")
    layers = [
        in_role(lines.mark_rule(strokeWidth=1), TEXT),
        band.encode(tooltip="detail:N"),
        joints.encode(by_role()),
        ticks.mark_point(shape="stroke", angle=90, size=60, strokeWidth=1, opacity=1),
        ticks.mark_text(dy=15, fontSize=11).encode(text="text:N"),
        marks.mark_point(shape="stroke", angle=90, size=750, strokeWidth=3, opacity=1),
        marks.mark_text(dy=29, fontSize=11, fontWeight="bold").encode(text="text:N"),
        # What lies behind a title is covered by a rim in the colour of the ground.
        in_role(titles.mark_text(strokeWidth=5, strokeJoin="round", **of_titles), SURFACE, alt.Color, alt.Stroke),
        in_role(titles.mark_text(**of_titles), TEXT),
        in_role(points.mark_point(filled=True, size=250, opacity=1, strokeWidth=1), SURFACE, alt.Stroke).encode(
            by_role(alt.Fill)
        ),
        in_role(points.mark_text(fontSize=11, fontWeight="bold", dy=1).encode(text="label:N"), SURFACE),
    ]
    return alt.layer(*layers).properties(height=height).configure_view(stroke=None).configure_mark(aria=False).to_dict()


def _chart(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name))


def data(lines: Sequence[Line], number: Callable[[float], str], details: str = "{}: {}") -> dict[str, pd.DataFrame]:
    """The named data of `spec`.

    Args:
        number:  writes a value.
        details: the tooltip of a point from its label and its number.
    """
    ends = _scales(lines)
    rows: dict[str, list] = {name: [] for name in ("points", "joints", "ticks", "bands", "marks", "titles")}
    places = []
    for row, (line, (low, high, step)) in enumerate(zip(lines, ends, strict=True)):
        base = TOP + ROW * row
        at = [(value - low) / (high - low) for value in map(float, line.values)]
        levels = _levels(at)
        roles = line.roles or [VALUE] * len(at)
        drawn = [
            (place, base - LEVEL * level, name, role, details.format(name, number(float(value))))
            for place, level, name, role, value in zip(at, levels, line.names, roles, line.values, strict=True)
        ]
        places.append({name: (place, y, role) for place, y, name, role, _words in drawn})
        rows["points"] += drawn
        rows["titles"].append((base, line.title))
        rows["ticks"] += [
            ((tick - low) / (high - low), base, _tick(tick, step)) for tick in np.arange(low, high + step / 2, step)
        ]
        if line.mean is not None:
            middle, wide = (line.mean - low) / (high - low), line.spread / (high - low)
            rows["marks"].append((middle, base, line.mark))
            left, right = max(middle - wide, 0.0), min(middle + wide, 1.0)
            rows["bands"].append((left, right, base, f"{number(line.mean)} ± {number(line.spread)}"))
    for line, above, below in zip(lines[1:], places[:-1], places[1:], strict=True):
        shared = [name for name in below if line.joined and name in above]
        rows["joints"] += [(*above[name][:2], *below[name][:2], below[name][2]) for name in shared]
    fields = (POINT_FIELDS, JOINT_FIELDS, TICK_FIELDS, BAND_FIELDS, MARK_FIELDS, TITLE_FIELDS)
    return {
        name: pd.DataFrame(found, columns=list(names))
        for (name, found), names in zip(rows.items(), fields, strict=True)
    }


def _scales(lines: Sequence[Line]) -> list[tuple[float, float, float]]:
    """The ends of each line and the step of its ticks."""
    found = {}
    for scale in dict.fromkeys(line.scale for line in lines):
        pairs = [_ends(line) for line in lines if line.scale == scale]
        low, high = min(low for low, _ in pairs), max(high for _, high in pairs)
        found[scale] = _nice(min(low, 0.0), max(high, 0.0)) if len(pairs) > 1 else _nice(low, high)
    return [found[line.scale] for line in lines]


def _ends(line: Line) -> tuple[float, float]:
    """What the line has to show."""
    shown = [float(value) for value in line.values]
    if line.mean is not None:
        shown += [line.mean - line.spread, line.mean + line.spread]
    return min(shown), max(shown)


def _nice(low: float, high: float) -> tuple[float, float, float]:
    """Round ends around low and high, and the step of the ticks; they move in leaps, so that a drag moves points."""
    width = high - low or max(abs(low), 1.0)
    low, high = low - 0.04 * width, high + 0.04 * width
    rough = (high - low) / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in STEPS if power * factor >= rough)
    return math.floor(low / step) * step, math.ceil(high / step) * step, step


def _tick(value: float, step: float) -> str:
    decimals = max(0, -math.floor(math.log10(step)) + (1 if f"{step:e}"[:3] == "2.5" else 0))
    text = f"{value:.{decimals}f}"
    return "0" if float(text) == 0 else text.replace("-", "−")


def _levels(at: Sequence[float]) -> list[int]:
    """How many points each one stands above, so that none hides another."""
    levels: list[int] = []
    for index, place in enumerate(at):
        taken = {levels[other] for other in range(index) if abs(at[other] - place) < NEAR}
        levels.append(next(level for level in itertools.count() if level not in taken))
    return levels


def one_stands_out(n: int, which: int) -> list[str]:
    """Roles of n points of which one stands out, counted from 0."""
    return [HIGHLIGHT if index == which else VALUE for index in range(n)]
