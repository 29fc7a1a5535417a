"""Probabilities of classes as bars, each with its number."""

import functools
from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from pages.shared.charts.theme import TEXT, VALUE, in_role

BAR, AXIS = 46, 52  # pixels: a class, the axis under them


@functools.lru_cache(maxsize=64)
def spec(n_classes: int, x_title: str, y_title: str) -> dict:
    """The compiled bars; their data are "bars"."""
    base = alt.Chart(alt.NamedData("bars"))
    ticks = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".2~f")
    x = alt.X("p:Q", title=x_title, scale=alt.Scale(domain=[0, 1.18], nice=False), axis=ticks)  # room for the number
    y = alt.Y("label:N", title=y_title, sort=None, axis=alt.Axis(labelFontSize=13, labelOverlap=False))
    bars = in_role(base, VALUE).mark_bar(height={"band": 0.62}).encode(x, y, tooltip="detail:N")
    words = in_role(base, TEXT).mark_text(align="left", dx=5, fontSize=13, fontWeight="bold")
    layers = [bars, words.encode(x, y, text="text:N", tooltip="detail:N")]
    return alt.layer(*layers).properties(height=n_classes * BAR + AXIS).to_dict()


def data(probabilities: np.ndarray, labels: Sequence[str], number) -> dict[str, pd.DataFrame]:
    """The named data of `spec`; `number` writes a probability."""
    texts = [number(p) for p in probabilities]
    details = [f"{label} = {text}" for label, text in zip(labels, texts, strict=True)]
    return {"bars": pd.DataFrame({"p": probabilities, "label": labels, "text": texts, "detail": details})}
