"""Three neurons: the numbers of note 001, the logic, the hidden plane, the forward pass of each input."""

import json
from dataclasses import replace

import pytest

from engine import gate_network as engine
from engine.gate_network import NOTE_001, OR_AND_NAND, OR_AND_NAND_SIGMOID
from pages.sections.perceptron.three import PRESETS
from pages.shared.charts import image
from pages.shared.numbers import plain, tex

KEY = "perceptron_three"
NAMES = ("00", "01", "10", "11")
SOFT = replace(OR_AND_NAND, kind="sigmoid")


@pytest.fixture
def three(app):
    return lambda language="en", **query: app("perceptron", language, perceptron_section="three", **query)


def check(screen, network, digits=4):
    """The table, the formulas and the pictures are the engine's."""
    result = engine.evaluate(network)
    table = screen.table
    rows = [
        result.z_hidden[:, 0],
        result.hidden[:, 0],
        result.z_hidden[:, 1],
        result.hidden[:, 1],
        result.z,
        result.output,
        result.target,
    ]
    for column, name in enumerate(NAMES):
        expected = [plain(row[column], digits) for row in rows]
        assert table[name].tolist() == [*expected, "✓ yes" if result.correct[column] else "✗ no"]
    chosen = NAMES.index(screen.value(f"{KEY}_input"))
    shown = [*result.z_hidden[chosen], *result.hidden[chosen], result.z[chosen], result.output[chosen]]
    assert all(f"&= {tex(value, digits)}" in screen.latex for value in shown)
    for symbol, gate in zip(("h_1", "h_2", r"\hat y"), (*result.gates, result.output_gate), strict=True):
        assert rf"{symbol} &\approx \text{{{gate.name}}}" in screen.latex
    return result


def link(screen):
    """The link without the section's own code, which depends on the section's place in the lesson."""
    return {name: text for name, text in screen.link.items() if name != "perceptron_section"}


def data(screen, chart):
    """The named data sets of a picture."""
    from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

    element = screen.at.get("vega_lite_chart")[chart].proto
    return {part.name: convert_arrow_bytes_to_pandas_df(part.data.data) for part in element.datasets}


# Note 001


def test_note_001_to_every_printed_digit(three):
    table = three(perceptron_three_digits="7").table.set_index("Input")
    assert table.loc["ŷ"].tolist()[::3] == ["0.01118422", "0.02438853"]
    table = three(perceptron_three_digits="8").table.set_index("Input")
    assert table.loc["ŷ"].tolist()[1:3] == ["0.99493572", "0.99493572"]
    table = three(perceptron_three_digits="5").table.set_index("Input")
    assert (table.loc["h₁", "00"], table.loc["h₂", "11"]) == ("0.00033535", "1.6701e−5")
    table = three(perceptron_three_digits="6").table.set_index("Input")
    assert (table.loc["h₂", "00"], table.loc["h₁", "11"]) == ("0.952574", "0.880797")
    for name in ("01", "10"):
        assert (table.loc["h₁", name], table.loc["h₂", name]) == ("0.0474259", "0.0179862")


def test_note_001_is_what_the_section_opens_with(three):
    screen = three()
    check(screen, NOTE_001)
    assert link(screen) == {}
    assert "Together they compute **XOR**." in screen.words
    assert "The inputs 01, 10 land on one point" in screen.words
    (success,) = screen.at.success
    assert success.value.endswith("Its smallest margin is 0.2371.")


@pytest.mark.parametrize("code", PRESETS)
def test_a_preset_shows_the_engines_numbers(three, code):
    check(three(perceptron_three_preset=code), PRESETS[code][1])


def test_the_presets_are_the_engines_networks():
    assert [network for _title, network in PRESETS.values()] == [NOTE_001, OR_AND_NAND, OR_AND_NAND_SIGMOID]


# Widgets


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("u0", {"W1": ((1.5, -7.0), (5.0, -7.0))}),
        ("u1", {"W1": ((5.0, -7.0), (1.5, -7.0))}),
        ("u2", {"b1": (1.5, 3.0)}),
        ("v0", {"W1": ((5.0, 1.5), (5.0, -7.0))}),
        ("v1", {"W1": ((5.0, -7.0), (5.0, 1.5))}),
        ("v2", {"b1": (-8.0, 1.5)}),
        ("y0", {"W2": (1.5, -11.0)}),
        ("y1", {"W2": (-11.0, 1.5)}),
        ("y2", {"b2": 1.5}),
    ],
)
def test_each_of_the_nine_numbers_is_itself(three, key, change):
    screen = three()
    before = screen.picture, data(screen, 0)["field"]["uri"].iloc[-1], data(screen, 1)["points"][["x", "y"]].to_dict()
    screen.set(f"{KEY}_{key}", 1.5)
    check(screen, replace(NOTE_001, **change))
    assert link(screen) == {f"{KEY}_{key}": "1.5"}
    assert screen.picture == before[0]  # only the data change
    after = data(screen, 0)["field"]["uri"].iloc[-1], data(screen, 1)["points"][["x", "y"]].to_dict()
    assert after[0] != before[1]
    assert (after[1] != before[2]) == (key[0] != "y")  # the output unit moves no point of the hidden plane


def test_labels_name_unit_and_input(three):
    screen = three()
    labels = [screen.widget(f"{KEY}_{unit}{index}").label for unit in "uvy" for index in range(3)]
    assert labels[:3] == ["h₁: weight of x₁", "h₁: weight of x₂", "h₁: bias"]
    assert labels[6:] == ["ŷ: weight of h₁", "ŷ: weight of h₂", "ŷ: bias"]


def test_a_preset_brings_its_own_numbers(three):
    screen = three().set(f"{KEY}_y2", 1.0).set(f"{KEY}_preset", "step")
    check(screen, OR_AND_NAND)
    assert link(screen) == {f"{KEY}_preset": "step"}
    screen.set(f"{KEY}_preset", "note")
    check(screen, NOTE_001)


@pytest.mark.parametrize("row", NAMES)
def test_each_input_is_written_out(three, row):
    screen = three().set(f"{KEY}_input", row)
    check(screen, NOTE_001)
    x1, x2 = row
    assert rf"&= {x1} \cdot 5 + {x2} \cdot 5 \\" in screen.latex
    rims = data(screen, 0)["points"]["rim"].tolist()
    assert [name for name, rim in zip(NAMES, rims, strict=True) if rim] == [row]


def test_the_switch_to_sigmoid_keeps_the_gates_and_loses_the_answers(three):
    screen = three(perceptron_three_preset="step").set(f"{KEY}_activation", "sigmoid")
    result = check(screen, SOFT)
    assert not result.correct.all()
    assert "As gates they would compute **XOR**, but the network answers **FALSE**" in screen.words
    (info,) = screen.at.info
    assert "linearly separable" in info.value
    assert "2 of 4 answers are right" in info.value
    assert link(screen) == {f"{KEY}_preset": "step", f"{KEY}_activation": "sigmoid"}


def test_step_units_are_written_as_such(three):
    screen = three(perceptron_three_preset="step")
    assert r"\mathrm{step}\left(z_1\right)" in screen.latex
    assert r"\sigma" not in screen.latex


def test_no_line_in_the_hidden_plane(three):
    """Both units are the same: all points on a diagonal, the 1s between the 0s."""
    screen = three(perceptron_three_v0="5", perceptron_three_v1="5", perceptron_three_v2="-8")
    (warning,) = screen.at.warning
    assert warning.value.startswith("In the hidden plane no line parts the two classes")
    assert not screen.at.success


def test_points_that_coincide_with_weights_of_zero(three):
    zeros = {f"{KEY}_{unit}{index}": "0" for unit in "uvy" for index in range(3)}
    screen = three(**zeros)
    assert "The inputs 00, 01, 10, 11 land on one point" in screen.words
    assert screen.table["00"].tolist()[:6] == ["0", "0.5", "0", "0.5", "0", "0.5"]


@pytest.mark.parametrize("value", ["31", "nan", "x"])
def test_a_bad_number_falls_back(three, value):
    screen = three(perceptron_three_y2=value)
    check(screen, NOTE_001)
    assert len(screen.toasts) == 1


def test_digits(three):
    check(three().set(f"{KEY}_digits", 9), NOTE_001, digits=9)


# Pictures


def test_the_pictures_say_what_they_show(three):
    charts = three().at.get("vega_lite_chart")
    alts = [chart.proto.alt for chart in charts]
    assert alts[0].endswith("4 of 4 answers are right")
    assert "00 (0.0003354, 0.9526), 01 (0.04743, 0.01799)" in alts[1]
    assert alts[2] == "The network at input 01: AND, NOR and NOR units; output 0.9949"


def test_one_colour_bar_for_both_planes(three):
    specs = [json.loads(spec) for spec in three().picture[:2]]
    bars = [
        bool(layer["encoding"]["color"]["legend"])
        for spec in specs
        for layer in spec["layer"]
        if layer["encoding"].get("color", {}).get("type") == "quantitative"
    ]
    assert bars == [False, True]


def test_the_last_field_lies_under_the_new_one(three):
    """Else there is a flash until the browser has decoded the new one."""
    screen = three()
    (first,) = data(screen, 0)["field"]["uri"]
    screen.set(f"{KEY}_u2", 0.0)
    second = image.uri(engine.picture(replace(NOTE_001, b1=(0.0, 3.0))).output)
    assert data(screen, 0)["field"]["uri"].tolist() == [first, second]
    screen.set(f"{KEY}_digits", 5)
    assert data(screen, 0)["field"]["uri"].tolist() == [second]


# Predict, and take away


def test_the_challenge(three):
    key = f"{KEY}_challenge"
    screen = three().set(f"{key}_guess", -3.08)
    assert [box.proto.title for box in screen.at.warning] == ["Not yet"]
    screen.set(f"{key}_guess", -2.92)
    titles = [box.proto.title for box in screen.at.success]
    assert f"Right: {plain(-3 - engine.evaluate(SOFT).z[1])}" in titles
    assert screen.at.session_state["solved"] == {key}


def test_the_challenges_answer_is_true(three):
    """Just above it, the network computes XOR; just below, it does not."""
    threshold = -3 - engine.evaluate(SOFT).z[1]
    assert threshold == pytest.approx(-2.9242, abs=5e-5)
    assert engine.evaluate(replace(SOFT, b2=threshold + 1e-6)).gate.code == "xor"
    assert engine.evaluate(replace(SOFT, b2=threshold - 1e-6)).gate.code == "false"
    assert engine.evaluate(SOFT).z[[0, 3]] == pytest.approx([-0.557, -0.557], abs=5e-4)


@pytest.mark.parametrize("query", [{}, {"perceptron_three_preset": "step"}, {"perceptron_three_y2": "2.5"}])
def test_the_script_prints_the_screen(three, query):
    screen = three(**query)
    lines, table = screen.printed(), screen.table.set_index("Input")
    for row, name in enumerate(NAMES):
        inputs, z_hidden, hidden, output, right, _margin = (line.split() for line in lines[6 * row : 6 * row + 6])
        assert inputs == ["input", name]
        shown = [*z_hidden[2:], *hidden[2:], *output[2:]]
        rows = ["z₁", "z₂", "h₁", "h₂", "z", "ŷ"]
        assert [plain(float(value)) for value in shown] == table.loc[rows, name].tolist()
        assert (right[1] == "True") == (table.loc["Right?", name] == "✓ yes")


def test_in_korean(three):
    screen = three("ko")
    result = engine.evaluate(NOTE_001)
    assert screen.table["01"].tolist()[:6] == [
        plain(value)
        for value in (
            result.z_hidden[1, 0],
            result.hidden[1, 0],
            result.z_hidden[1, 1],
            result.hidden[1, 1],
            result.z[1],
            result.output[1],
        )
    ]
    assert "가장 작은 마진: 0.2371" in screen.words
