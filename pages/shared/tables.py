"""An editable table of numbers whose values are one short parameter of the link.

st.data_editor keeps only the *edits* to the data it was born with and lays them over whatever data it is given
later. So that data stays the same while the editor lives, and other values (the back button, a return to the page)
get a new editor: a new version in its key.
"""

import numpy as np
import pandas as pd
import streamlit as st

from pages.shared import controls
from pages.shared.history import back_button


def number_table(
    default: np.ndarray,
    columns: list[str],
    *,
    key: str,
    scope: str,
    low: float,
    high: float,
    alt: str,
    index: list[str] | None = None,
) -> np.ndarray:
    """The values on screen, shape of `default` (rows, columns)."""
    memory = f"{key}.table"
    born, version, at = st.session_state.get(memory, (None, 0, None))
    if at != scope or f"{key}.{version}" not in st.session_state or back_button():
        given = controls.take(key, scope, default, lambda text: _decode(text, default, low, high))
        born, version = np.asarray(given), version + 1
        st.session_state[memory] = born, version, scope
    number = st.column_config.NumberColumn(required=True, min_value=low, max_value=high, format="%.6g")
    edited = st.data_editor(
        pd.DataFrame(born, columns=columns, index=index),
        key=f"{key}.{version}",
        hide_index=index is None,
        column_config=dict.fromkeys(columns, number),
        alt=alt,
    )
    values = edited.to_numpy(float)
    values = np.where(np.isfinite(values) & (low <= values) & (values <= high), values, default)
    controls.publish(key, scope, controls.encode(values.ravel().tolist()), controls.encode(default.ravel().tolist()))
    return values


def _decode(text: str, default: np.ndarray, low: float, high: float) -> np.ndarray | None:
    values = controls.decode(text, default.size, low, high)
    return None if values is None else np.reshape(values, default.shape)
