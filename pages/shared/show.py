"""The one place that draws a chart: a compiled spec, named data, an alternative text, and the data in words."""

from collections.abc import Mapping
from html import escape

import pandas as pd
import pyarrow as pa  # Streamlit's own
import streamlit as st

from pages.shared.spoken import spoken
from pages.shared.text import _


def chart(spec: dict, data: Mapping[str, pd.DataFrame], *, alt: str, key: str, **options) -> object:
    """Draw a compiled Vega-Lite spec with its named data sets.

    alt: what is seen. Another text draws the whole chart anew (Streamlit 1.67 has it in the chart's key), so a picture
        that follows a hand needs a constant one. The numbers are said after it, and follow the data without that.
    """
    columns = {name: dict(frame.items()) for name, frame in data.items()}
    tables = {name: arrow(own) for name, own in columns.items()}
    if "field" in data:
        tables["field"] = arrow(_over_the_last(data["field"], key))
    drawn = st.vega_lite_chart({**spec, "datasets": tables}, alt=alt, key=key, **options)
    _say(spoken(spec, columns))
    return drawn


def arrow(columns: pd.DataFrame | Mapping[str, pd.Series]) -> pa.Table | pd.DataFrame:
    """The columns in the form that Streamlit sends: it would make the same of a data frame in twice the time, with an
    index that no chart asks for. A column of mixed kinds is left to Streamlit, which makes texts of it."""
    try:
        return pa.table({name: pa.array(column, from_pandas=True) for name, column in columns.items()})
    except pa.ArrowException:
        return pd.DataFrame(columns)


def _say(words: str) -> None:
    """A text for those who hear the page; style.css takes it out of sight, and out of the layout."""
    said = escape(f"{_('In the picture:')} {words}") if words else ""
    st.html(f'<p class="spoken" role="note">{said}</p>')


def _over_the_last(field: pd.DataFrame, key: str) -> pd.DataFrame:
    """An image above the one it follows: the browser decodes it after the chart is drawn, and until then the ground
    would show through as a flash in each step of a drag."""
    memory = f"{key}.field"
    last, st.session_state[memory] = st.session_state.get(memory, field), field
    return field if last.equals(field) else pd.concat([last, field], ignore_index=True)


def scrolling(spec: dict, data: Mapping[str, pd.DataFrame], *, alt: str, key: str, width: int | None = None) -> None:
    """Draw a chart that needs `width` pixels (None: any); on a narrower screen it scrolls inside its own box.

    With width="content" the picture keeps its size; a number there would let the box shrink it.
    """
    if width is None:
        chart(spec, data, alt=alt, key=key)
        return
    with st.container(horizontal=True, wrap=False):
        chart({**spec, "width": width}, data, alt=alt, key=key, width="content")
