"""A matrix as a heat map: a number in each cell, and a colour that tells negative from positive.

The colours are pale and the same in both themes, so that the numbers on them can be read in both; the sign stands in
the number, so that nobody needs the colour.
"""

import functools
from collections.abc import Callable, Sequence

import altair as alt
import numpy as np
import pandas as pd

from pages.shared.charts.plane import ON_FIELD

SIDE = 280  # pixels of the longer side
# Of the palette: gradient (below 0), value (above 0), paler.
RAMP = ("#e8a37a", "#f6f6f6", "#86b8e6")
CELL_FIELDS = ("row", "column", "value", "text", "detail")


@functools.lru_cache(maxsize=64)
def spec(
    n_rows: int, n_columns: int, row_title: str = "", column_title: str = "", value_title: str = "", side: int = SIDE
) -> dict:
    """The compiled map; the titles name rows, columns and what the colour bar measures.

    Its data are "cells", and "limits", which hold the ends of the colour bar.
    """
    cell = side / max(n_rows, n_columns)
    axis = {"labelAngle": 0, "labelFontSize": 13, "ticks": False, "domain": False}
    # No title is `None`: an empty one would take its room.
    x = alt.X("column:N", sort=None, title=column_title or None, axis=alt.Axis(orient="top", **axis))
    y = alt.Y("row:N", sort=None, title=row_title or None, axis=alt.Axis(**axis))
    bar = alt.Legend(
        title=value_title,
        orient="bottom",
        gradientLength=side - 20,
        gradientOpacity=1,
        tickCount=5,
    )
    colour = alt.Color("value:Q", scale=alt.Scale(range=list(RAMP), nice=False), legend=bar)
    cells = alt.Chart(alt.NamedData("cells"))
    limits = (
        alt.Chart(alt.NamedData("limits")).mark_rect(opacity=0).encode(colour)
    )  # a mark of the same kind shares the bar
    words = cells.mark_text(fontSize=13 if cell > 60 else 11, fontWeight="bold")
    words = words.encode(x, y, text="text:N", tooltip="detail:N", color=alt.value(ON_FIELD))
    layers = [cells.mark_rect().encode(x, y, colour, tooltip="detail:N"), words, limits]
    pad = alt.AutoSizeParams(type="pad")
    return alt.layer(*layers).properties(width=cell * n_columns, height=cell * n_rows, autosize=pad).to_dict()


def data(
    matrix: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    number: Callable[[float], str],
    *,
    limit: float | None = None,
    detail: Callable[[str, str, str], str] = "{}, {}: {}".format,
) -> dict[str, pd.DataFrame]:
    """The named data of `spec`.

    Args:
        rows, columns: labels, all different.
        number: writes a cell's value; a + is put before a positive one.
        limit:  the value of the strongest colours, to both sides of 0; by default the largest in the matrix.
        detail: the tooltip from a row's label, a column's label and the number.
    """
    cells = []
    for row, values in zip(rows, np.asarray(matrix).tolist(), strict=True):
        for column, value in zip(columns, values, strict=True):
            text = ("+" if value > 0 else "") + number(value)
            cells.append((row, column, value, text, detail(row, column, text)))
    strongest = limit or float(np.abs(matrix).max()) or 1.0
    return {
        "cells": pd.DataFrame(cells, columns=list(CELL_FIELDS)),
        "limits": pd.DataFrame({"value": [-strongest, strongest]}),
    }
