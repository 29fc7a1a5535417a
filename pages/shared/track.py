"""A track to drag under a number: it reports while it is being dragged, where st.slider waits for the release.

One message is under way at a time, so a slow connection gives fewer pictures and never a queue.
"""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from pages.shared import courier

HERE = Path(__file__).parent

_component = st.components.v2.component(
    "track",
    html='<input type="range">',
    css=(HERE / "track.css").read_text("utf-8"),
    js=courier.script("track.js"),
)


def track(
    label: str,
    value: float,
    low: float,
    high: float,
    step: float,
    *,
    key: str,
    name: str,
    move: Callable,
    log: bool = False,
) -> None:
    """Draw the track at `value`.

    Args:
        log:  the same way along the track is the same factor; `step` is then that of the exponent of ten.
        key:  of the component.
        name: under which a picture in the browser hears of every movement.
        move: called before the rerun with the new value, and with whether the hand has let go.
    """

    def moved() -> None:
        courier.hear(key)
        match st.session_state[key].get("moved"):  # a message can be forged
            case [int() | float() as new, bool() as done] if low <= new <= high:
                move(type(value)(new), done)

    data = {
        "label": label,
        "value": value,
        "low": low,
        "high": high,
        "step": step,
        "log": log,
        "name": name,
        "heard": courier.heard(key),
    }
    _component(key=key, data=data, height="content", on_moved_change=moved)
