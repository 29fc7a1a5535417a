"""The one place that draws a chart: a compiled spec, named data, an alternative text."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st


def chart(spec: dict, data: Mapping[str, pd.DataFrame], *, alt: str, key: str, **options) -> object:
    """Draw a compiled Vega-Lite spec with its named data sets."""
    return st.vega_lite_chart({**spec, "datasets": dict(data)}, alt=alt, key=key, **options)


def scrolling(spec: dict, data: Mapping[str, pd.DataFrame], *, alt: str, key: str, width: int | None = None) -> None:
    """Draw a chart that needs `width` pixels (None: any); on a narrower screen it scrolls inside its own box.

    With width="content" the picture keeps its size; a number there would let the box shrink it.
    """
    if width is None:
        chart(spec, data, alt=alt, key=key)
        return
    with st.container(horizontal=True, wrap=False):
        chart({**spec, "width": width}, data, alt=alt, key=key, width="content")
