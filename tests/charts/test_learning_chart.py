"""Rosenblatt's rule as pictures: what is plotted is the run."""

import numpy as np
import pytest

from engine.gates import POINTS, gate
from engine.perceptron import decision_line, evaluate
from engine.rosenblatt import learn
from pages.shared.charts import learning as picture
from pages.shared.charts import plane
from pages.shared.numbers import plain

AND, XOR = gate("and").target, gate("xor").target


def at_visit(history, target, n):
    *w, b = history.state(n)
    *w_before, b_before = history.state(n - 1)
    result = evaluate(w, b, POINTS, target)
    now = decision_line(w, b, picture.LOW, picture.HIGH)
    before = decision_line(w_before, b_before, picture.LOW, picture.HIGH) if history.error[n - 1] else None
    return picture.visit_data(target, result.z, result.correct, int(history.sample[n - 1]), now, before, plain), result


# the plane


def test_every_visit_shows_its_lines_its_sample_and_what_is_right():
    history = learn(POINTS, AND)
    for n in range(1, len(history.sample) + 1):
        drawn, result = at_visit(history, AND, n)
        *w, b = history.state(n)
        *w_before, b_before = history.state(n - 1)
        expected = [(w_before, b_before, "dashed")] * bool(history.error[n - 1]) + [(w, b, "solid")]
        lines = drawn["lines"].to_dict("records")
        assert [line["dash"] for line in lines] == [dash for w, b, dash in expected if np.any(w)]
        for line, (w_drawn, b_drawn, _dash) in zip(lines, [e for e in expected if np.any(e[0])], strict=True):
            for x, y in ((line["x"], line["y"]), (line["x2"], line["y2"])):
                assert w_drawn[0] * x + w_drawn[1] * y + b_drawn == pytest.approx(0, abs=1e-12)
        points = drawn["points"]
        assert points["rim"].tolist().index("highlight") == history.sample[n - 1]
        assert (points["rim"] != "").sum() == 1
        assert [label[-1] == "✓" for label in points["label"]] == result.correct.tolist()
        assert points["detail"][1] == f"(0, 1): y = 0, z = {plain(float(result.z[1]))}"


def test_the_arrow_points_where_the_output_is_one():
    history = learn(POINTS, AND)
    for n in range(4, len(history.sample) + 1):
        drawn, _result = at_visit(history, AND, n)
        *w, b = history.state(n)
        (arrow,) = drawn["arrows"].to_dict("records")
        assert w[0] * arrow["x"] + w[1] * arrow["y"] + b == pytest.approx(0, abs=1e-12)
        step = np.array([arrow["x2"] - arrow["x"], arrow["y2"] - arrow["y"]])
        np.testing.assert_allclose(step, picture.ARROW * np.array(w) / np.hypot(*w), atol=1e-12)


def test_without_weights_there_is_no_line():
    drawn, _result = at_visit(learn(POINTS, AND), AND, 3)
    assert len(drawn["lines"]) == len(drawn["arrows"]) == len(drawn["regions"]) == 0
    assert len(drawn["points"]) == 4


def test_before_the_first_visit_no_sample_is_ringed():
    line = decision_line((1, 1), -0.5, picture.LOW, picture.HIGH)
    drawn = picture.visit_data(AND, np.zeros(4), [True] * 4, None, line, None, plain)
    assert set(drawn["points"]["rim"]) == {""}
    assert drawn["regions"]["x"].tolist() == line.region[:, 0].tolist()
    assert set(drawn) == {
        layer["data"]["name"] for layer in plane.spec("x₁", "x₂", low=picture.LOW, high=picture.HIGH)["layer"]
    }


# mistakes in each pass


def test_a_bar_a_pass():
    history = learn(POINTS, AND)
    bars = picture.passes_data(history.mistakes_per_pass, 2)["passes"]
    assert bars["n"].tolist() == [1, 2, 3, 4, 5, 6]
    assert bars["mistakes"].tolist() == [1, 3, 3, 2, 1, 0]
    assert bars["role"].tolist() == ["value", "value", "highlight", "value", "value", "value"]
    assert set(picture.passes_data(history.mistakes_per_pass, None)["passes"]["role"]) == {"value"}


def test_many_bars_stand_close():
    bars = picture.passes_data(np.ones(60, int), 0)["passes"]
    assert bars["left"].tolist()[1:] == bars["right"].tolist()[:-1]


def test_the_bars_have_titles_and_all_four_mistakes_fit():
    spec = picture.passes_spec("epoch", "mistakes")
    assert spec is picture.passes_spec("epoch", "mistakes")
    assert spec["encoding"]["x"]["title"] == "epoch"
    assert spec["encoding"]["y"]["title"] == "mistakes"
    assert spec["encoding"]["y"]["scale"]["domain"] == [0, 4]


# the cycle


@pytest.fixture
def round_of_xor():
    history = learn(POINTS, XOR)
    first, last = history.equal_states
    return [history.state(n) for n in range(first, last + 1)], first


def test_the_round_of_xor(round_of_xor):
    states, first = round_of_xor
    drawn = picture.cycle_data(states, first, 11, plain)
    moves = drawn["moves"][["x", "y", "x2", "y2"]].to_numpy().tolist()
    assert moves == [[-1, 0, -1, 1], [-1, 1, 0, 1], [0, 1, -1, 0]]  # visit 9 moves the bias alone
    assert drawn["moves"]["angle"].tolist() == [0, 90, 225]
    stops = drawn["stops"].set_index(["x", "y"])
    assert stops["label"].to_dict() == {(-1, 0): "8, 9, 12", (-1, 1): "10", (0, 1): "11"}
    assert stops["current"].to_dict() == {(-1, 0): False, (-1, 1): False, (0, 1): True}
    assert stops["detail"][-1, 0] == (
        "8: (w₁, w₂, b) = (−1, 0, 1); 9: (w₁, w₂, b) = (−1, 0, 0); 12: (w₁, w₂, b) = (−1, 0, 1)"
    )


def test_the_round_lies_in_a_square(round_of_xor):
    states, first = round_of_xor
    drawn = picture.cycle_data(states, first, 0, plain)
    low, high = drawn["corners"].to_numpy()
    assert high[0] - low[0] == high[1] - low[1]
    for x, y in (("x", "y"), ("label_x", "label_y")):
        inside = drawn["stops"][[x, y]].to_numpy()
        assert (inside > low).all()
        assert (inside < high).all()


def test_the_round_has_titles_and_one_spec():
    spec = picture.cycle_spec("w₁", "w₂")
    assert spec is picture.cycle_spec("w₁", "w₂")
    for layer in spec["layer"]:
        assert layer["encoding"]["x"]["title"] == "w₁"
        assert layer["encoding"]["y"]["title"] == "w₂"
    assert {layer["data"]["name"] for layer in spec["layer"]} == {"moves", "stops", "corners"}
