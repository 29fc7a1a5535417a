"""The valley's picture: the measured errors, the two lines, the marked steps."""

import numpy as np
import pytest

from engine.difference_theory import STEPS, predict_errors
from engine.differences import difference_errors
from engine.surfaces import surface
from pages.shared.charts import valley
from pages.shared.charts.theme import text_series

LABELS = ("central", "forward")
MARKS = [(1e-4, "note 002", False), (3e-8, "h", True)]


def drawn(code="wavy", point=(2.0,), here=(3e-8, 1e-9)):
    s = surface(code)
    measured, predicted = difference_errors(s, point, STEPS), predict_errors(s, point)
    errors = {"central": measured.central, "forward": measured.forward}
    lines = {"c h²": predicted.truncation_at(STEPS), "r / h": predicted.rounding_at(STEPS)}
    return errors, lines, valley.data(STEPS, errors, lines, MARKS, here)


def test_the_curves_are_the_measured_errors():
    errors, _lines, data = drawn()
    for label, values in errors.items():
        rows = data["series"][data["series"]["series"] == label]
        assert rows["x"].tolist() == STEPS.tolist()
        assert rows["y"].tolist() == values.tolist()


def test_the_lines_are_the_predicted_ones_as_far_as_the_picture_goes():
    errors, lines, data = drawn()
    low, high = min(map(min, errors.values())) / valley.BEYOND, max(map(max, errors.values())) * valley.BEYOND
    for label, values in lines.items():
        rows = data["predicted"][data["predicted"]["line"] == label]
        expected = [(h, y) for h, y in zip(STEPS, values, strict=True) if low <= y <= high]
        assert list(zip(rows["x"], rows["y"], strict=True)) == expected
        name = data["names"][data["names"]["label"] == label]
        assert (name["x"].item(), name["y"].item()) == expected[0]


def test_what_is_zero_is_left_out():
    _errors, _lines, data = drawn("round_bowl", (-3.0, 4.0), here=(1e-1, 0.0))
    assert set(data["predicted"]["line"]) == set(data["names"]["label"]) == {"r / h"}
    assert data["here"].empty
    nothing = valley.data(STEPS, {"central": np.zeros(57)}, {"r / h": np.zeros(57)}, MARKS, (1e-4, 0.0))
    assert nothing["series"].empty
    assert nothing["predicted"].empty


def test_the_marks():
    marks = drawn()[2]["marks"]
    assert marks[["x", "label", "chosen"]].to_numpy().tolist() == [list(mark) for mark in MARKS]
    assert marks["width"].tolist()[0] < marks["width"].tolist()[1]
    assert set(marks["series"]) == {text_series()}


def test_every_field_of_the_spec_is_in_the_data():
    data = drawn()[2]
    for layer in valley.spec(LABELS, "step h", "error")["layer"]:
        channels = [part for part in layer["encoding"].values() if isinstance(part, dict)]
        assert {part["field"] for part in channels if "field" in part} <= set(data[layer["data"]["name"]].columns)


def test_the_axes_are_logarithmic_and_say_what_they_are():
    spec = valley.spec(LABELS, "step h", "error")
    assert spec is valley.spec(LABELS, "step h", "error")
    for layer in spec["layer"]:
        for channel, title in (("x", "step h"), ("y", "error")):
            part = layer["encoding"].get(channel, {})
            if "field" in part:
                assert part["title"] == title
                assert part["scale"]["type"] == "log"


@pytest.mark.parametrize("label", LABELS)
def test_the_legend_names_both_schemes(label):
    layers = valley.spec(LABELS, "step h", "error")["layer"]
    legends = [layer["encoding"]["color"]["legend"]["values"] for layer in layers]
    assert all(label in values for values in legends)
