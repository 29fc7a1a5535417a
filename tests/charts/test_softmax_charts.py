"""Bars and heat map: the engine's numbers, signs in words, one spec for all data."""

import numpy as np
import pytest

from engine.softmax_trace import trace
from pages.shared.charts import heat, probabilities
from pages.shared.numbers import plain

FOUND = trace((2.0, 1.0, 0.1))
P, Z = ("p1", "p2", "p3"), ("z1", "z2", "z3")


def test_bars_are_the_probabilities_with_their_numbers():
    bars = probabilities.data(FOUND.probabilities, P, plain)["bars"]
    assert bars["p"].tolist() == FOUND.probabilities.tolist()
    assert bars["label"].tolist() == list(P)
    assert bars["text"].tolist() == ["0.659", "0.2424", "0.09857"]
    assert bars["detail"][0] == "p1 = 0.659"


def test_the_bars_spec():
    spec = probabilities.spec(3, "probability", "class")
    assert spec is probabilities.spec(3, "probability", "class")
    for layer in spec["layer"]:
        assert (layer["encoding"]["x"]["title"], layer["encoding"]["y"]["title"]) == ("probability", "class")
        assert layer["encoding"]["x"]["scale"]["domain"][0] == 0  # or the lengths would lie
    assert probabilities.spec(6, "probability", "class")["height"] > spec["height"]


def test_cells_are_the_matrix_row_by_row():
    cells = heat.data(FOUND.jacobian, P, Z, plain)["cells"]
    assert cells["value"].tolist() == FOUND.jacobian.ravel().tolist()
    assert cells["row"].tolist() == [p for p in P for _ in Z]
    assert cells["column"].tolist() == list(Z) * 3


def test_a_sign_stands_in_each_cell():
    matrix = np.array([[0.5, -0.25], [0.0, 1e-6]])
    cells = heat.data(matrix, ("a", "b"), ("c", "d"), plain, detail="∂{} / ∂{} = {}".format)["cells"]
    assert cells["text"].tolist() == ["+0.5", "−0.25", "0", "+1e−6"]
    assert cells["detail"].tolist()[1] == "∂a / ∂d = −0.25"


@pytest.mark.parametrize(
    ("matrix", "limit", "expected"), [([[0.5, -2.0]], None, 2.0), ([[0.1, 0.0]], 0.25, 0.25), ([[0.0, 0.0]], None, 1.0)]
)
def test_the_colour_bar_is_even_on_both_sides(matrix, limit, expected):
    limits = heat.data(np.array(matrix), ("a",), ("b", "c"), plain, limit=limit)["limits"]
    assert limits["value"].tolist() == [-expected, expected]


def test_the_heat_spec():
    spec = heat.spec(3, 3, "probability", "logit", "slope")
    assert spec is heat.spec(3, 3, "probability", "logit", "slope")
    cells, words, limits = spec["layer"]
    assert (cells["encoding"]["x"]["title"], cells["encoding"]["y"]["title"]) == ("logit", "probability")
    assert cells["encoding"]["color"] == limits["encoding"]["color"]
    assert cells["encoding"]["color"]["legend"]["title"] == "slope"
    assert "domain" not in cells["encoding"]["color"]["scale"]  # the data's "limits" say it
    assert limits["mark"]["type"] == cells["mark"]["type"]  # or the bar falls into single symbols
    assert words["encoding"]["text"]["field"] == "text"
    assert {layer["data"]["name"] for layer in (cells, words, limits)} == {"cells", "limits"}


def test_cells_are_squares():
    for rows, columns in ((3, 3), (2, 6), (6, 2)):
        spec = heat.spec(rows, columns)
        assert spec["width"] / columns == pytest.approx(spec["height"] / rows)
        assert max(spec["width"], spec["height"]) == pytest.approx(heat.SIDE)


def brightness(colour: str) -> float:
    """Relative luminance (WCAG 2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_numbers_are_readable_on_every_colour():
    ink = brightness(heat.ON_FIELD)
    assert all((brightness(colour) + 0.05) / (ink + 0.05) > 4.5 for colour in heat.RAMP)
