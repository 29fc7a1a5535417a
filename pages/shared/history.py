"""The browser's history."""

from streamlit.runtime.scriptrunner import get_script_run_ctx


def back_button() -> bool:
    """Whether back or forward started this run.

    The one name in the app that is not Streamlit's public API; without it the widgets just stay as they are.
    """
    return getattr(get_script_run_ctx(), "is_history_navigation", False)
