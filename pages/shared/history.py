"""The browser's history, and what the address holds beside a section's values."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx


def back_button() -> bool:
    """Whether back or forward started this run.

    The one name in the app that is not Streamlit's public API; without it the widgets just stay as they are.
    """
    return getattr(get_script_run_ctx(), "is_history_navigation", False)


def keep(name: str, text: str) -> None:
    """Let the address say so, and nothing of it where the text is empty; what it says already is no step of its own."""
    if st.query_params.get(name) == (text or None):
        return
    if text:
        st.query_params[name] = text
    else:
        del st.query_params[name]
