"""What goes to the browser with a chart: the numbers of its tables, and no more than these."""

import pandas as pd
from streamlit.dataframe_util import convert_anything_to_arrow_bytes, convert_arrow_bytes_to_pandas_df

from pages.shared import show

FRAME = pd.DataFrame({"x": [1, 2], "y": [0.5, float("nan")], "name": ["a", None], "on": [True, False]})


def test_the_columns_are_sent_as_they_are():
    columns = show.arrow(FRAME).to_pydict()
    assert columns == {"x": [1, 2], "y": [0.5, None], "name": ["a", None], "on": [True, False]}
    assert show.arrow(dict(FRAME.items())).to_pydict() == columns


def test_no_index_goes_with_them():
    assert show.arrow(FRAME.set_axis([7, 9])).schema.metadata is None
    assert len(convert_anything_to_arrow_bytes(show.arrow(FRAME))) < len(convert_anything_to_arrow_bytes(FRAME))


def test_an_empty_table_and_one_of_mixed_kinds_can_be_sent():
    mixed = pd.DataFrame({"y": [0.5, "none"]})
    for frame, height in ((pd.DataFrame(columns=["x", "y"]), 0), (mixed, 2)):
        sent = convert_arrow_bytes_to_pandas_df(convert_anything_to_arrow_bytes(show.arrow(frame)))
        assert (list(sent), len(sent)) == (list(frame), height)
