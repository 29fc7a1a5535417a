"""What is on screen, to take away: the numbers as CSV, the configuration as a script, the screen as a link."""

from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from pages.shared import controls
from pages.shared.text import _, language


def takeaway(key: str, table: pd.DataFrame, script: str) -> None:
    """Offer the table, the script and the link.

    Args:
        key:    names the files.
        table:  the numbers on screen, at full precision.
        script: runnable Python that prints the same numbers.
    """
    with st.expander(_("Take it away"), icon=":material/download:"):
        with st.container(horizontal=True):
            st.download_button(
                _("Numbers (CSV)"),
                lambda: table.to_csv(index=False).encode("utf-8-sig"),  # with a mark, or Excel garbles Korean
                f"{key}.csv",
                "text/csv",
                key=f"{key}_csv",
                on_click="ignore",
                icon=":material/table:",
            )
            st.download_button(
                _("NumPy script"),
                script,
                f"{key}.py",
                "text/x-python",
                key=f"{key}_script",
                on_click="ignore",
                icon=":material/code:",
            )
        st.markdown(_("A link to this screen:"))
        st.code(link(), language=None, wrap_lines=True)
        st.markdown(_("The script needs Python and NumPy, nothing else:"))
        st.code(script, language=None, wrap_lines=True)  # coloured tokens are too pale to read for many


def link() -> str:
    """The address of this screen, language included; call it when all widgets of the section have spoken."""
    parameters = {**controls.parameters(), "lang": language()}
    return f"{st.context.url or ''}?{urlencode(parameters)}"
