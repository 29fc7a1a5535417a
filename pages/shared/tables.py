"""An editable table of numbers whose values are one short parameter of the link.

st.data_editor keeps only the *edits* to the data it was born with and lays them over whatever data it is given
later. So that data stays the same while the editor lives, and other values (the back button, a return to the page)
get a new editor: a new version in its key.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from pages.shared import controls, worksheet_notes
from pages.shared.history import back_button

INDEX = "_index"  # what Streamlit calls the column of the rows' names


def number_table(
    default: Sequence[Sequence[float]],
    columns: list[str],
    *,
    key: str,
    scope: str,
    low: float,
    high: float,
    alt: str,
    index: list[str] | None = None,
) -> np.ndarray:
    """The values on screen, (rows, columns), as `default`."""
    default = np.array(default, float)
    memory = f"{key}.table"
    born, version, at = st.session_state.get(memory, (None, 0, None))
    now = f"{key}.{version}"
    if at != scope or now not in st.session_state or back_button() or not possible(now, columns, len(default), most=0):
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
    if values.shape != default.shape:  # a message can be forged: no browser takes rows away here
        values = default
    values = np.where(np.isfinite(values) & (low <= values) & (values <= high), values, default)
    controls.publish(key, scope, controls.encode(values.ravel().tolist()), controls.encode(default.ravel().tolist()))
    worksheet_notes.given(alt, [*columns], values.tolist(), index)
    return values


def possible(editor: str, columns: Sequence[str], rows: int, *, most: int) -> bool:
    """Whether the edits that a browser tells of are of a table with these columns and so many rows.

    Streamlit stumbles over others, and it adds whatever number of rows it is told of: many thousands take it minutes.

    Args:
        editor: its key.
        most: rows that may have been added.
    """
    cells, places = {*columns, INDEX}, range(rows)
    match st.session_state.get(editor):
        case {"edited_rows": dict() as edited, "added_rows": list() as added, "deleted_rows": list() as deleted}:
            changed = [*edited.values(), *added]
            return (
                len(added) <= most
                and all(isinstance(row, dict) and cells.issuperset(row) for row in changed)
                and all(type(place) is int and place in places for place in (*edited, *deleted))
            )
    return False


def _decode(text: str, default: np.ndarray, low: float, high: float) -> np.ndarray | None:
    values = controls.decode(text, default.size, low, high)
    return None if values is None else np.reshape(values, default.shape)
