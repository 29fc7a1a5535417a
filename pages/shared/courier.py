"""The server's side of courier.js: it counts a component's messages, so that each answer differs from the one before.

Without the count an answer with nothing new would not reach the component, and the next message would wait for it.
"""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent


def script(*names: str) -> str:
    """The JavaScript of a component that reports by courier, of one or several files."""
    return "".join((HERE / part).read_text("utf-8") for part in ("courier.js", *names))


def heard(key: str) -> int:
    """How many messages of the component have come; belongs into its data."""
    return st.session_state.get(f"{key}.heard", 0)


def hear(key: str) -> None:
    """A message has come."""
    st.session_state[f"{key}.heard"] = heard(key) + 1


def within(x: object, y: object, area: Mapping[str, object]) -> bool:
    """Whether what was told, which may be anything, is a point of the area's ranges "x" and "y"; nan is not."""
    return all(
        isinstance(value, int | float) and ends[0] <= value <= ends[1]
        for value, ends in ((x, area["x"]), (y, area["y"]))
    )
