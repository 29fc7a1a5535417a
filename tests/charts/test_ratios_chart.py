"""Costs beside ReLU's: every dot and bar is one of the numbers given."""

from pages.shared.charts import ratios
from pages.shared.charts.theme import GRADIENT, VALUE

LABELS = ("Sigmoid", "ReLU")
MIDDLE, LOW, HIGH = [[4.0, 1.0], [1.5, 1.0]], [[3.0, 1.0], [0.9, 1.0]], [[5.0, 1.0], [1.8, 1.0]]
WORDS = [["4 (3–5)", "1"], ["1.5 (0.9–1.8)", "1"]]


def test_dots_and_bars_are_the_numbers():
    data = ratios.data(LABELS, MIDDLE, LOW, HIGH, WORDS)
    frame = data["costs"].set_index(["label", "part"])
    row = frame.loc[("Sigmoid", "f")]
    assert (row["x"], row["low"], row["high"], row["detail"], row["role"]) == (4.0, 3.0, 5.0, "4 (3–5)", VALUE)
    row = frame.loc[("Sigmoid", "f′")]
    assert (row["x"], row["low"], row["high"], row["detail"], row["role"]) == (1.5, 0.9, 1.8, "1.5 (0.9–1.8)", GRADIENT)
    assert len(frame) == 4
    assert data["one"]["x"].tolist() == [1.0]


def test_axes_order_and_shapes():
    made = ratios.spec(LABELS, "times ReLU")
    dots = [layer for layer in made["layer"] if "y" in layer["encoding"]]
    assert len(dots) == 3
    for layer in dots:
        assert layer["encoding"]["x"]["title"] == "times ReLU"
        assert layer["encoding"]["x"]["scale"]["type"] == "log"
        assert layer["encoding"]["y"]["scale"]["domain"] == list(LABELS)
    (shaped,) = [layer for layer in dots if "shape" in layer["encoding"]]
    assert shaped["encoding"]["shape"]["scale"]["range"] == ["circle", "diamond"]  # not by colour alone


def test_more_functions_make_it_higher_and_it_is_made_once():
    assert ratios.spec(LABELS, "x") is ratios.spec(LABELS, "x")
    assert ratios.spec((*LABELS, "tanh"), "x")["height"] == ratios.spec(LABELS, "x")["height"] + ratios.ROW
