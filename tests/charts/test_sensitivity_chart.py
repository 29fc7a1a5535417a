"""The chart of all learning rates: its data are the grid's, with gaps where a rate diverges."""

import json
from dataclasses import replace

import numpy as np

from engine.race import GRADIENTS, GRID, Contest, enter
from pages.shared.charts import sensitivity
from pages.shared.charts.theme import text_series

CONTEST = Contest("elongated_bowl", 50.0, 0.0, (-4.0, 2.0), 200, 1e-3)
LABELS = {"sgd": "SGD", "adagrad": "AdaGrad"}
ENTRIES = {label: enter(CONTEST, code) for code, label in LABELS.items()}
ARGUMENTS = ("SGD", "AdaGrad"), ("SGD", "Momentum", "AdaGrad"), ("rate", "loss"), (1e-4, 100.0), (1e-16, 1e4)


def drawn(**lines):
    curves = {label: (e.search.learning_rates, e.search.losses) for label, e in ENTRIES.items()}
    best = {label: entry.learning_rate for label, entry in ENTRIES.items()}
    return sensitivity.data(curves, best, lowest=1e-16, **lines)


def test_the_points_are_the_grids():
    points = drawn()["series"]
    for label, entry in ENTRIES.items():
        own, losses = points[points["series"] == label], entry.search.losses
        finite = np.isfinite(losses)
        assert own["x"].tolist() == np.array(GRID)[finite].tolist()
        assert own["value"].tolist() == losses[finite].tolist()
        assert own["y"].tolist() == np.maximum(losses[finite], 1e-16).tolist()
    assert np.isinf(ENTRIES["SGD"].search.losses).any()
    assert (ENTRIES["AdaGrad"].search.losses < 1e-16).any()


def test_gradients_to_the_goal_have_gaps_where_it_is_not_kept():
    entry = enter(replace(CONTEST, best_by=GRADIENTS), "momentum")
    rows = sensitivity.data({"Momentum": (GRID, entry.search.losses)}, {"Momentum": 0.004}, lowest=0.8)
    finite = np.isfinite(entry.search.losses)
    assert 0 < finite.sum() < len(GRID)
    assert rows["series"]["value"].tolist() == entry.search.losses[finite].tolist()


def test_a_gap_parts_a_line():
    rows = sensitivity.data({"A": ([1, 2, 3, 4], np.array([1.0, np.inf, np.nan, 2.0]))}, {}, lowest=0.1)["series"]
    assert rows["x"].tolist() == [1, 4]
    assert rows["part"].nunique() == 2


def test_the_best_is_marked():
    best = drawn()["best"].set_index("series")
    assert best["x"].to_dict() == {label: entry.learning_rate for label, entry in ENTRIES.items()}
    assert best["value"].to_dict() == {label: entry.loss for label, entry in ENTRIES.items()}


def test_the_straight_lines():
    none, both = drawn(), drawn(goal=1e-3, shared=0.05)
    assert none["goal"].empty
    assert none["shared"].empty
    assert both["goal"].to_dict("records") == [{"y": 1e-3, "series": text_series()}]
    assert both["shared"].to_dict("records") == [{"x": 0.05, "series": text_series()}]


def test_the_spec():
    spec = sensitivity.spec(*ARGUMENTS)
    assert sensitivity.spec(*ARGUMENTS) is spec
    encodings = [layer["encoding"] for layer in spec["layer"]]
    for axis, title, domain in (("x", "rate", [1e-4, 100.0]), ("y", "loss", [1e-16, 1e4])):
        channels = [encoding[axis] for encoding in encodings if axis in encoding]
        assert {channel["title"] for channel in channels} == {title}
        assert all(channel["scale"]["domain"] == domain for channel in channels)
        assert {channel["scale"]["type"] for channel in channels} == {"log"}
    assert {layer["data"]["name"] for layer in spec["layer"]} == {"series", "best", "goal", "shared"}
    assert "tooltip" in encodings[-1]
    colours = [encoding["color"]["scale"] for encoding in encodings if "color" in encoding]
    assert all(scale["domain"][:3] == ["SGD", "Momentum", "AdaGrad"] for scale in colours)  # each keeps its colour
    assert "0.0001" not in json.dumps([layer.get("data") for layer in spec["layer"]])
