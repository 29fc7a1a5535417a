"""The gallery's picture: every point is one of the engine's, both pictures share x, colours and one cursor."""

import json

import numpy as np
import pytest

from engine import activation_curves as engine
from engine.activations import ACTIVATIONS, Sigmoid, Step, Tanh
from pages.shared.charts import gallery as picture
from pages.shared.charts.theme import by_series

FUNCTIONS = [Sigmoid(), Tanh(), Step()]
LABELS = ("Sigmoid", "tanh", "Step")
PARTS = {
    "curves": engine.curves(FUNCTIONS, 5.0, 100),
    "cursor": engine.at(FUNCTIONS, engine.points(5.0, 50)),
    "pin": engine.at(FUNCTIONS, [1.25]),
    "conventions": engine.conventions(FUNCTIONS, 5.0),
}


def spec(labels=LABELS, limit=5.0):
    return picture.spec(labels, limit, "z", "f(z)", "f′(z)")


def layers(part=None) -> list[dict]:
    """Every mark of the picture."""
    part = spec() if part is None else part
    return [mark for inner in part["layer"] for mark in layers(inner)] if "layer" in part else [part]


def drawn(kind: str, data: str) -> list[dict]:
    return [mark for mark in layers() if mark["mark"]["type"] == kind and mark["data"]["name"] == data]


@pytest.mark.parametrize("name", PARTS)
def test_the_data_are_the_engines(name):
    frame, part = picture.data(**PARTS)[name], PARTS[name]
    n_functions, n_points = part.values.shape
    assert len(frame) == n_functions * n_points
    for index in range(n_functions):
        rows = frame[frame["function"] == index]
        np.testing.assert_array_equal(rows["z"], part.z.astype(np.float32))
        np.testing.assert_array_equal(rows["f"], part.values[index].astype(np.float32))
        np.testing.assert_array_equal(rows["slope"], part.slopes[index].astype(np.float32))


def test_it_stays_small_on_the_wire():
    everything = [kind() for kind in ACTIVATIONS.values()]
    frames = picture.data(
        curves=engine.curves(everything, 5.0, 100), cursor=engine.at(everything, engine.points(5.0, 50))
    )
    assert sum(frame.memory_usage(index=False, deep=True).sum() for frame in frames.values()) < 100_000


def test_a_row_is_named_after_its_function():
    names = {step["calculate"] for mark in layers() for step in mark.get("transform", []) if step.get("as") == "series"}
    assert names == {'["Sigmoid", "tanh", "Step"][datum.function]'}


def test_f_is_above_and_its_derivative_below_on_one_x():
    curves = drawn("line", "curves")
    assert [mark["encoding"]["y"]["field"] for mark in curves] == ["f", "slope"]
    assert [mark["encoding"]["y"]["title"] for mark in curves] == ["f(z)", "f′(z)"]
    (low, high), (below, above) = ([end["expr"] for end in mark["encoding"]["y"]["scale"]["range"]] for mark in curves)
    assert (high, below) == ("0", "height")
    assert float(low.split(" * ")[1]) < float(above.split(" * ")[1])
    assert {json.dumps(mark["encoding"]["x"]) for mark in layers()} == {json.dumps(curves[0]["encoding"]["x"])}
    assert curves[0]["encoding"]["x"]["title"] == "z"
    assert curves[0]["encoding"]["x"]["scale"]["domain"] == [-5.0, 5.0]
    assert spec()["resolve"]["scale"] == {"y": "independent"}


def test_a_function_has_the_same_colour_in_both():
    colour, dash = (channel.to_dict() for channel in by_series(LABELS))
    for mark in drawn("line", "curves"):
        assert mark["encoding"]["color"]["scale"] == colour["scale"]
        assert mark["encoding"]["strokeDash"]["scale"] == dash["scale"]


def test_one_cursor_crosses_both_and_tells_all_numbers():
    (param,) = spec()["params"]
    assert (param["name"], param["select"]["nearest"], param["select"]["on"]) == ("cursor", True, "pointermove")
    (rule,) = drawn("rule", "cursor")
    assert param["views"] == [rule["name"]] == ["cursor_rule"]
    assert rule["encoding"].keys() & {"y", "y2"} == set()  # from top to bottom
    assert [tip.get("title", tip["field"]) for tip in rule["encoding"]["tooltip"]] == ["z", *LABELS]
    told = {step["as"]: step["calculate"] for step in rule["transform"] if "calculate" in step}
    for place in range(len(LABELS)):
        assert f"datum.rows[{place}].f," in told[f"text{place}"]
        assert f"datum.rows[{place}].slope," in told[f"text{place}"]
    assert [mark["transform"][-1]["filter"]["param"] for mark in drawn("point", "cursor")] == ["cursor", "cursor"]


def test_the_pin_crosses_both_with_a_dot_on_each_curve():
    assert len(drawn("rule", "pin")) == 1
    assert [mark["encoding"]["y"]["field"] for mark in drawn("point", "pin")] == ["f", "slope"]
    assert [mark["encoding"]["y"]["field"] for mark in drawn("point", "conventions")] == ["f", "slope"]


def test_a_spec_is_kept_and_knows_the_labels_and_the_range_only():
    assert spec() is spec()
    assert spec(limit=3.0) != spec()
    assert "datasets" not in spec()
    assert picture.spec.__wrapped__(LABELS, 5.0, "z", "f(z)", "f′(z)") == spec()  # no name that counts up
