"""The server's side of courier.js: it counts a component's messages, so that each answer differs from the one before.

Without the count an answer with nothing new would not reach the component, and the next message would wait for it.
"""

from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent


def script(name: str) -> str:
    """The JavaScript of a component that reports by courier."""
    return "".join((HERE / part).read_text("utf-8") for part in ("courier.js", name))


def heard(key: str) -> int:
    """How many messages of the component have come; belongs into its data."""
    return st.session_state.get(f"{key}.heard", 0)


def hear(key: str) -> None:
    """A message has come."""
    st.session_state[f"{key}.heard"] = heard(key) + 1
