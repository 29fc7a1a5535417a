"""The one place that draws a chart: a compiled spec, named data, an alternative text."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st


def chart(spec: dict, data: Mapping[str, pd.DataFrame], *, alt: str, key: str, **options) -> object:
    """Draw a compiled Vega-Lite spec with its named data sets.

    alt: what is seen. Another text draws the whole chart anew (Streamlit 1.67 has it in the chart's key), so a picture
        that follows a hand needs a constant one.
    """
    datasets = {**data, "field": _over_the_last(data["field"], key)} if "field" in data else dict(data)
    return st.vega_lite_chart({**spec, "datasets": datasets}, alt=alt, key=key, **options)


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
