"""Whatever an editable table hands over, only numbers of its range are computed with."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.shared import controls, tables, worksheet_notes
from pages.shared.lab import points

cheap = settings(max_examples=60)
# A cell that was cleared is None or NaN; a forged one is any number. Words do not get past Streamlit.
cells = st.none() | st.floats() | st.floats(-3, 3) | st.integers(-5, 5) | st.booleans()
BORN = ((0.0, 1.0, 0.0), (2.0, -1.0, 1.0))


def edited(rows, kind) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=points.COLUMNS, dtype=kind)


frames = st.builds(edited, st.lists(st.tuples(cells, cells, cells), max_size=6), st.sampled_from([None, object]))


@pytest.fixture(scope="module", autouse=True)
def session():
    """A page without Streamlit: nothing is kept and nothing drawn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("streamlit.session_state", {})
        patch.setattr("streamlit.warning", lambda text: None)
        patch.setattr(points, "_", lambda text: text)
        for module, name in ((controls, "publish"), (controls, "put"), (worksheet_notes, "given")):
            patch.setattr(module, name, lambda *_what: None)
        for module in points, tables:
            patch.setattr(module, "back_button", lambda: False, raising=False)
        yield


@cheap
@given(frames, st.sampled_from(["classification", "regression"]))
def test_ones_own_points_stay_points(frame, task):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("streamlit.data_editor", lambda *_born, **_options: frame)
        written = points._table(points.write(BORN), task, "")
    read = points.read(written, task)
    assert read is not None
    assert len(read) >= len(points.FEWEST)
    assert np.abs(read).max() <= points.FURTHEST


@cheap
@given(frames)
def test_a_table_of_numbers_keeps_its_shape_and_its_range(frame):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("streamlit.data_editor", lambda *_born, **_options: frame)
        patch.setattr(controls, "take", lambda key, scope, default, decode: default)
        values = tables.number_table(BORN, points.COLUMNS, key="k", scope="", low=-2, high=2, alt="")
    assert values.shape == np.shape(BORN)
    assert np.abs(values).max() <= 2
    for value, cell, default in zip(values.flat, frame.to_numpy(float).flat, np.ravel(BORN), strict=False):
        assert value in (cell, default)


NONE = {"edited_rows": {}, "added_rows": [], "deleted_rows": []}


@pytest.mark.parametrize(
    ("edits", "possible"),
    [
        ({}, True),
        ({"edited_rows": {1: {"y": None, "x₁": "word"}}}, True),
        ({"added_rows": [{"y": 1, "_index": 7}, {}], "deleted_rows": [0]}, True),
        ({"added_rows": [{}] * 3}, False),
        ({"added_rows": [7]}, False),
        ({"added_rows": {"0": {}}}, False),
        ({"edited_rows": {2: {"y": 1}}}, False),
        ({"edited_rows": {-1: {"y": 1}}}, False),
        ({"edited_rows": {0: {"z": 1}}}, False),
        ({"edited_rows": {0: ["y"]}}, False),
        ({"deleted_rows": [2]}, False),
        ({"deleted_rows": [True]}, False),
        ({"deleted_rows": [[0]]}, False),
    ],
)
def test_edits_are_possible_or_a_new_table_is_drawn(monkeypatch, edits, possible):
    monkeypatch.setattr("streamlit.session_state", {"k": NONE | edits})
    assert tables.possible("k", points.COLUMNS, 2, most=2) == possible


def test_a_table_with_impossible_edits_is_born_anew(monkeypatch):
    """Streamlit would add ten thousand rows one by one."""
    state, drawn = {}, []
    monkeypatch.setattr("streamlit.session_state", state)
    monkeypatch.setattr("streamlit.data_editor", lambda frame, key, **_options: drawn.append(key) or frame)
    monkeypatch.setattr(controls, "take", lambda key, scope, default, decode: default)

    def draw_both():
        tables.number_table(BORN, points.COLUMNS, key="k", scope="", low=-2, high=2, alt="")
        state[points.KEY] = points._table(points.write(BORN), "regression", "")
        return drawn[-2:]

    first = draw_both()
    state |= dict.fromkeys(first, NONE)
    assert draw_both() == first
    state |= dict.fromkeys(first, NONE | {"added_rows": [{}] * 10_000})
    assert not set(draw_both()) & set(first)
