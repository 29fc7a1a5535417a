"""The neuron that decides: every gate, every number from the engine, the plane's data, the cases that need a word."""

import json

import numpy as np
import pytest

from engine.gates import GATES, POINTS, gate, gate_of
from engine.margins import widest_bias
from engine.perceptron import decision_line, evaluate
from engine.separability import integer_witness
from pages.sections.perceptron.decide import KEYS, START
from pages.shared.names import GATES as TITLES
from pages.shared.numbers import plain

GATE, SOLVE, RESET = (f"perceptron_decide_{name}" for name in ("gate", "solve", "reset"))
W1, W2, B = KEYS
UNSOLVABLE = ("xor", "xnor")
SOLVABLE = [code for code in GATES if code not in UNSOLVABLE]


def plane(screen) -> dict:
    """What the component is given."""
    parts = [json.loads(part.proto.json) for part in screen.at.get("bidi_component") if part.proto.json]
    (data,) = [part for part in parts if isinstance(part, dict) and "region" in part]
    return data


def check(screen, code, weights, bias):
    """Table, metrics, picture and take-away say what the engine computes."""
    result = evaluate(weights, bias, POINTS, gate(code).target)
    line = decision_line(weights, bias)
    table = screen.table
    assert table["x₁x₂"].tolist() == ["00", "01", "10", "11"]
    assert [cell.split(" = ")[1] for cell in table["z = x · w + b"]] == [plain(z) for z in result.z]
    marks = {True: "✓", False: "✗"}
    assert table["Output"].tolist() == [
        f"{out:.0f} {marks[bool(right)]}" for out, right in zip(result.output, result.correct, strict=True)
    ]
    assert table["Target"].tolist() == [str(t) for t in gate(code).outputs]
    if line.normal is not None:
        assert table["Margin"].tolist() == [plain(m) for m in result.margin]
        assert screen.metrics == [f"{result.n_correct} of 4", plain(result.smallest_margin)]
    drawn = plane(screen)
    assert drawn["values"] == [*weights, bias]
    assert drawn["ends"] == (None if line.ends is None else line.ends.tolist())
    assert drawn["region"] == line.region.tolist()
    assert [point["wrong"] for point in drawn["points"]] == (~result.correct).tolist()
    assert [(point["x"], point["y"]) for point in drawn["points"]] == list(map(tuple, POINTS))
    assert [point["target"] for point in drawn["points"]] == list(gate(code).outputs)
    assert [plain(z) in point["detail"] for z, point in zip(result.z, drawn["points"], strict=True)] == [True] * 4
    _head, *rows, last = screen.printed()
    expected = np.column_stack([POINTS, result.z, result.output, result.target, result.margin])
    np.testing.assert_array_equal([[float(cell) for cell in row.split()] for row in rows], expected)
    assert last == f"right answers: {result.n_correct}"


# Gates


def test_the_well_known_gates_come_first():
    assert list(TITLES)[:4] == ["and", "or", "nand", "xor"]
    assert set(TITLES) == set(GATES)


@pytest.mark.parametrize("code", GATES)
def test_a_titles_words_are_its_gate(code):
    """The titles are expressions of x₁ and x₂, but for the names of whole gates."""
    named = {"TRUE": "True", "FALSE": "False", "AND": "x₁ AND x₂", "OR": "x₁ OR x₂", "XOR": "x₁ != x₂"}
    named |= {"NAND": "NOT (x₁ AND x₂)", "NOR": "NOT (x₁ OR x₂)", "XNOR": "x₁ == x₂"}
    text = named.get(TITLES[code], TITLES[code])
    for sign, python in (("AND", "and"), ("OR", "or"), ("NOT", "not"), ("x₁", "a"), ("x₂", "b")):
        text = text.replace(sign, python)
    assert [int(eval(text, {"a": bool(a), "b": bool(b)})) for a, b in POINTS] == list(gate(code).outputs)


@pytest.mark.parametrize("code", GATES)
def test_a_gate_gives_the_targets_and_leaves_the_line(app, code):
    screen = app("perceptron").set(GATE, code)
    check(screen, code, START[:2], START[2])
    assert screen.link == ({} if code == "and" else {GATE: code})
    assert screen.button(SOLVE).disabled == (code in UNSOLVABLE)


@pytest.mark.parametrize("code", SOLVABLE)
def test_the_weights_that_are_shown_work(app, code):
    screen = app("perceptron", **{GATE: code}).click(SOLVE)
    *weights, bias = integer_witness(POINTS, gate(code).target).tolist()
    check(screen, code, weights, bias)
    assert [box.value for box in screen.at.success] == [f"This neuron computes **{TITLES[code]}**."]
    assert screen.metrics[0] == "4 of 4"
    screen.click(RESET)
    check(screen, code, START[:2], START[2])
    assert W1 not in screen.link


@pytest.mark.parametrize("code", UNSOLVABLE)
def test_there_are_none_for(app, code):
    screen = app("perceptron", **{GATE: code})
    assert f"No weights work for **{TITLES[code]}**" in screen.words
    assert not screen.at.success


def test_the_start_leaves_something_to_do(app):
    """One bias away from AND, another one from OR; no answer to the first four gates."""
    screen = app("perceptron")
    assert screen.metrics[0] == "3 of 4"
    assert gate_of(evaluate(START[:2], START[2], POINTS, gate("and").target).output).code == "a"
    screen.set(B, -1.2)
    assert "computes **AND**." in screen.words
    screen.set(B, -0.3)
    assert "This neuron computes **OR**, not **AND**. Wrong at: 01, 10." in screen.words
    screen.set(GATE, "or")
    assert "computes **OR**." in screen.words


# The unit


@pytest.mark.parametrize(
    ("weights", "bias"), [((2.0, 2.0), -3.0), ((-0.4, 1.3), 0.25), ((0.0, 1.0), -0.5), ((-10.0, 0.0), 10.0)]
)
def test_a_number_moved_is_everything_moved(app, weights, bias):
    screen = app("perceptron", **{GATE: "nand"})
    for key, value in zip(KEYS, (*weights, bias), strict=True):
        screen.set(key, value)
    check(screen, "nand", list(weights), bias)


def test_the_sum_is_written_out(app):
    screen = app("perceptron", **{W1: "0.5", W2: "-1", B: "-0.3"})
    assert screen.table["z = x · w + b"].tolist() == [
        "0 · 0.5 + 0 · (−1) − 0.3 = −0.3",
        "0 · 0.5 + 1 · (−1) − 0.3 = −1.3",
        "1 · 0.5 + 0 · (−1) − 0.3 = 0.2",
        "1 · 0.5 + 1 · (−1) − 0.3 = −0.8",
    ]


def test_the_formulas_of_the_start(app):
    shown = app("perceptron").latex
    assert r"&= x_1 \cdot 1 + x_2 \cdot 0.5 - 0.7" in shown
    assert r"&= -\frac{1}{0.5}\, x_1 - \frac{-0.7}{0.5}" in shown
    assert r"&= -2\, x_1 + 1.4 \end" in shown


@pytest.mark.parametrize(
    ("values", "last_line"),
    [
        ((1, 1, 0), r"&= -x_1 \end"),
        ((1, -1, 0.5), r"&= x_1 + 0.5 \end"),
        ((0, 2, -1), r"&= 0.5 \end"),
        ((2, 0, -1), r"&= -\frac{-1}{2} = 0.5 \end"),
        ((3, 1, 0.2), r"&= -3\, x_1 - 0.2 \end"),
    ],
)
def test_the_equation_of_the_line(app, values, last_line):
    screen = app("perceptron", **dict(zip(KEYS, map(str, values), strict=True)))
    assert last_line in screen.latex


def test_no_weights_no_line(app):
    screen = app("perceptron", **{W1: "0", W2: "0", B: "0.5"})
    assert "With w₁ = w₂ = 0 there is no line" in screen.words
    assert "There is no line while both weights are 0." in screen.words
    assert len(screen.at.latex) == 1
    assert screen.metrics == ["1 of 4", "–"]
    assert plane(screen)["ends"] is None
    assert plane(screen)["region"] == [[-0.5, -0.5], [1.5, -0.5], [1.5, 1.5], [-0.5, 1.5]]


@pytest.mark.parametrize(("bias", "output"), [("-9", 0), ("9", 1)])
def test_a_line_out_of_sight(app, bias, output):
    screen = app("perceptron", **{B: bias})
    assert f"outside of the picture, where the answer is {output} all over." in screen.words
    check(screen, "and", START[:2], float(bias))


def test_a_point_on_the_line_has_output_0(app):
    """0.1 + 0.2 − 0.3 is not 0 in floats; on screen, in the picture and in the script it is."""
    screen = app("perceptron", **{W1: "0.1", W2: "0.2", B: "-0.3"})
    assert "Exactly on the line, z = 0: 11." in screen.words
    assert screen.table["Output"].tolist()[3] == "0 ✗"
    check(screen, "and", (0.1, 0.2), -0.3)
    screen.set(B, -0.2)
    assert "Exactly on the line, z = 0: 01." in screen.words
    screen.set(B, -0.25)
    assert "Exactly on the line" not in screen.words


def test_the_picture_is_told_in_words(app):
    told = plane(app("perceptron"))["alt"]
    for part in ("AND", "1 and 0.5", "−0.7", "3 of 4"):
        assert part in told
    assert plane(app("perceptron", "ko"))["alt"] != told


def test_a_screen_by_link(app):
    screen = app("perceptron", "ko", **{GATE: "nor", W1: "-1.25", W2: "-1", B: "0.5"})
    assert screen.link == {GATE: "nor", W1: "-1.25", W2: "-1", B: "0.5", "lang": "ko"}
    assert plane(screen)["values"] == [-1.25, -1, 0.5]
    assert screen.metrics[0] == "4개 중 4개"
    assert "이 뉴런은 **NOR** 게이트를 계산합니다." in screen.words


# Predict


def test_the_challenge(app):
    key = "perceptron_decide_challenge"
    answer = widest_bias((2, 1), POINTS, gate("and").target)
    best = evaluate((2, 1), answer, POINTS, gate("and").target)
    screen = app("perceptron").set(f"{key}_guess", -1.5)
    assert [box.proto.title for box in screen.at.warning] == ["Not yet"]
    assert plain(answer) not in screen.words
    screen.set(f"{key}_solution", True)
    assert screen.at.info[-1].proto.title == f"The answer is {plain(answer)}"
    screen.set(f"{key}_guess", answer)
    assert [box.proto.title for box in screen.at.success] == [f"Right: {plain(answer)}"]
    explained = screen.at.success[0].value
    assert f"b = {plain(answer)}" in explained
    assert f"≈ {plain(best.smallest_margin)}" in explained
    assert sorted(np.flatnonzero(np.isclose(best.margin, best.smallest_margin))) == [2, 3]  # 10 and 11
    assert evaluate((2, 1), -1.5, POINTS, gate("and").target).output[2] == 1
    # it does not stand on the screen before, nor where the button leads
    assert plain(answer) not in app("perceptron").click(SOLVE).words
