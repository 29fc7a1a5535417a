"""The one place that draws a chart: a compiled spec, named data, an alternative text."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st


def chart(spec: dict, data: Mapping[str, pd.DataFrame], *, alt: str, key: str, **options) -> object:
    """Draw a compiled Vega-Lite spec with its named data sets."""
    return st.vega_lite_chart({**spec, "datasets": dict(data)}, alt=alt, key=key, **options)


def scrolling(spec: dict, data: Mapping[str, pd.DataFrame], *, alt: str, key: str, width: int | None = None) -> None:
    """Draw a chart that needs a certain width; where the screen is narrower, it scrolls inside its own box."""
    if width is None:
        chart(spec, data, alt=alt, key=key)
        return
    with st.container(horizontal=True, wrap=False, key=f"{key}.box"):
        chart(spec, data, alt=alt, key=key, width=width)
