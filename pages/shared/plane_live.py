"""The plane of a step unit with two inputs, live: it follows the hand at once, the server follows it.

A track that is dragged moves the line in the browser, and so do the line and the arrow themselves; when the server's
answer has caught up, its line, its half-plane and its verdicts are what is drawn.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from engine.perceptron import DecisionLine
from pages.shared import courier
from pages.shared.charts.plane import HIGH, LOW
from pages.shared.charts.theme import ROLES

HERE = Path(__file__).parent
TICKS = (-0.5, 0, 0.5, 1, 1.5)

_component = st.components.v2.component(
    "plane_live",
    html="""<svg role="img" viewBox="0 0 360 360">
  <polygon class="region"/><g class="ticks"/><rect class="frame" x="48" y="12" width="300" height="300"/>
  <line class="line"/><line class="grip"/><line class="shaft"/><polygon class="tip"/>
  <g class="points"/><circle class="handle" r="20"/>
</svg>""",
    css=(HERE / "plane_live.css").read_text("utf-8"),
    js=courier.script("plane_live.js"),
)


@dataclass(frozen=True)
class Point:
    """An input of the unit.

    label stands above it; detail is shown under the pointer; wrong: whether the unit's answer is not its target.
    """

    x: float
    y: float
    target: int
    wrong: bool
    label: str
    detail: str


def plane_live(
    values: Sequence[float],
    line: DecisionLine,
    points: Sequence[Point],
    *,
    key: str,
    names: Sequence[str],
    limit: float,
    titles: tuple[str, str],
    alt: str,
    move: Callable[[tuple[float, ...], bool], None],
) -> None:
    """Draw the plane at (w1, w2, b), and let it be dragged.

    Args:
        values: w1, w2, b.
        line:   of these values, in the square of charts.plane.
        names:  of the tracks of w1, w2, b.
        limit:  no value leaves +-limit.
        titles: of the axes.
        move:   called before the rerun with the new values, and with whether the hand has let go.
    """

    def moved() -> None:
        courier.hear(key)
        match st.session_state[key].get("moved"):  # a message can be forged
            case [[*new], bool() as done] if len(new) == 3 and all(_is_within(value, limit) for value in new):
                move(tuple(map(float, new)), done)

    data = {
        "values": list(values),
        "ends": None if line.ends is None else line.ends.tolist(),
        "region": line.region.tolist(),
        "points": [asdict(point) for point in points],
        "names": list(names),
        "limit": limit,
        "low": LOW,
        "high": HIGH,
        "ticks": TICKS,
        "titles": titles,
        "roles": ROLES,
        "alt": alt,
        "heard": courier.heard(key),
    }
    _component(key=key, data=data, height="content", on_moved_change=moved)


def _is_within(value: object, limit: float) -> bool:
    return isinstance(value, int | float) and -limit <= value <= limit  # nan is not
