"""Softmax: probabilities, steps, Jacobian, checks and the naive formula are the engine's, for every preset."""

import json

import numpy as np
import pytest

from engine.softmax_trace import naive_softmax, shift_error, trace
from pages.sections.activations.softmax_setup import PRESETS
from pages.shared.formulas import softmax as formulas
from pages.shared.numbers import plain, tex

KEY = "activations_softmax_"
CHALLENGE = f"{KEY}challenge"


def opened(app, language="en", **query):
    named = {f"{KEY}{name}": str(value) for name, value in query.items()}
    return app("activations", language, activations_section="softmax", **named)


def check(screen, z, temperature=1.0, shift=0.0):
    found = trace(z, temperature, shift)
    naive = naive_softmax(found.z, temperature)
    columns = {
        "(z − m) / T": found.exponents,
        "exp": found.exponentials,
        "p": found.probabilities,
        "ln p": found.log_probabilities,
    }
    assert screen.table["Class"].tolist() == [str(index + 1) for index in range(len(z))]
    assert screen.table["z"].tolist() == [plain(value, 7) for value in found.z]
    for name, values in columns.items():
        assert screen.table[name].tolist() == [plain(value) for value in values]
    beside = screen.at.table[1].value
    assert beside["exp(z / T)"].tolist() == [plain(value) for value in naive.exponentials]
    assert beside["p, naive"].tolist() == [plain(value) for value in naive.probabilities]
    assert beside["p, safe"].tolist() == [plain(value) for value in found.probabilities]
    entropy, bits, most = map(plain, (found.entropy, found.entropy_in_bits, found.largest_entropy))
    assert f"**{entropy}** nats (with ln) = **{bits}** bits" in screen.words
    assert f"= **{most}** nats." in screen.words
    assert formulas.steps(found) in screen.latex
    assert formulas.slopes(found) in screen.latex
    for name, number in (
        ("row sum", found.row_sum),
        ("column sum", found.column_sum),
        ("gap to central differences", found.gap),
    ):
        assert f"largest {name} {plain(number, 2)}" in screen.words
    assert len(screen.at.warning) == (naive.overflows or naive.underflows)


# presets and widgets ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", PRESETS)
def test_every_preset_shows_the_engines_numbers(app, code):
    screen = opened(app, logits=code)
    check(screen, PRESETS[code][1])
    check(screen.set(f"{KEY}temperature", 0.5), PRESETS[code][1], 0.5)


def test_the_three_classes(app):
    screen = opened(app)
    assert screen.table["p"].tolist() == ["0.659", "0.2424", "0.09857"]
    assert r"p_2 &= \frac{0.3679}{1.517} = 0.2424" in screen.latex
    assert r"\frac{0.659 \cdot (1 - 0.659)}{1} = 0.2247" in screen.latex
    assert screen.link == {"activations_section": "softmax"}


def test_a_logit_moved_moves_every_number_and_no_spec(app):
    screen = opened(app)
    before = [json.loads(spec) for spec in screen.picture]
    screen.set(f"{KEY}z2", 3.5)
    check(screen, (2.0, 3.5, 0.1))
    screen.set(f"{KEY}temperature", 4.0)
    check(screen, (2.0, 3.5, 0.1), 4.0)
    assert [json.loads(spec) for spec in screen.picture] == before
    assert screen.link == {"activations_section": "softmax", f"{KEY}z2": "3.5", f"{KEY}temperature": "4"}


def test_more_classes_begin_at_0(app):
    screen = opened(app).set(f"{KEY}classes", 6)
    check(screen, (2.0, 1.0, 0.1, 0.0, 0.0, 0.0))
    check(screen.set(f"{KEY}z6", 9.9), (2.0, 1.0, 0.1, 0.0, 0.0, 9.9))
    check(screen.set(f"{KEY}classes", 3), (2.0, 1.0, 0.1))


def test_a_preset_brings_its_own_logits_and_range(app):
    screen = opened(app).set(f"{KEY}z1", -4.0).set(f"{KEY}logits", "huge")
    check(screen, (1000.0, 999.0, -1000.0))
    check(screen.set(f"{KEY}z1", -1000.0), (-1000.0, 999.0, -1000.0))
    check(screen.set(f"{KEY}logits", "three"), (2.0, 1.0, 0.1))


# shift and overflow -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shift", [10.0, -500.0, 1000.0])
def test_a_shift_moves_no_probability(app, shift):
    screen = opened(app).set(f"{KEY}shift", shift)
    check(screen, (2.0, 1.0, 0.1), shift=shift)
    assert screen.table["p"].tolist() == ["0.659", "0.2424", "0.09857"]
    moved = shift_error((2.0, 1.0, 0.1), shift)
    assert moved < 1e-13
    assert screen.table["z"].tolist() == [f"{z + shift:g}".replace("-", "−") for z in (2.0, 1.0, 0.1)]
    assert f"by more than {plain(moved, 2)}: that is the rounding" in screen.words


def test_a_shift_that_rounding_does_not_see(app):
    screen = opened(app, logits="equal", shift=100)
    assert "not even in its last digit" in screen.words


def test_overflow_is_shown_beside_the_safe_result(app):
    screen = opened(app, logits="huge")
    assert screen.at.table[1].value["exp(z / T)"].tolist() == ["inf", "inf", "0"]
    assert screen.at.table[1].value["p, naive"].tolist() == ["nan", "nan", "0"]
    assert "inf / inf is nan" in screen.at.warning[0].value
    assert screen.table["p"].tolist() == ["0.7311", "0.2689", "0"]
    assert screen.table["ln p"].tolist()[2] == "−2000"


def test_underflow_is_told_apart(app):
    screen = opened(app, shift=-1000)
    assert screen.at.table[1].value["p, naive"].tolist() == ["nan"] * 3
    assert "0 / 0 is nan" in screen.at.warning[0].value


# pictures and the sigmoid -------------------------------------------------------------------------------------


def test_the_alternative_texts_stay_while_a_hand_drags(app):
    """With another text the browser would draw the picture anew."""
    screen = opened(app)
    texts = [chart.proto.alt for chart in screen.at.get("vega_lite_chart")]
    assert texts[0] == "A bar for the probability of each of 3 classes"
    screen.set(f"{KEY}z1", -2.0).set(f"{KEY}temperature", 5.0)
    assert [chart.proto.alt for chart in screen.at.get("vega_lite_chart")] == texts


def test_the_sigmoid_is_softmax_of_two_classes(app):
    screen = opened(app).set(f"{KEY}z1", -1.5)
    sigmoid = tex(1 / (1 + np.exp(1.5)))
    assert rf"\mathrm{{softmax}}(-1.5, 0)_1 &= {sigmoid},\quad \sigma(-1.5) = {sigmoid}" in screen.latex


# challenge and take-away --------------------------------------------------------------------------------------


def test_the_challenge(app):
    screen = opened(app).set(f"{CHALLENGE}_guess", 0.625)  # whoever forgets the temperature
    assert [box.proto.title for box in screen.at.warning] == ["Not yet"]
    screen.set(f"{CHALLENGE}_guess", 0.83)
    assert [box.proto.title for box in screen.at.success] == ["Right: 0.8333"]
    assert screen.at.session_state["solved"] == {CHALLENGE}


@pytest.mark.parametrize("query", [{}, {"logits": "huge"}, {"temperature": 0.3, "shift": -1000}])
def test_the_script_prints_the_screen(app, query):
    screen = opened(app, **query)
    printed = [line.split() for line in screen.printed()]
    classes = [[plain(float(number)) for number in line[2:]] for line in printed if line[0] == "class"]
    scores = [plain(float(line[1]), 7) for line in printed if line[0] == "class"]
    assert screen.table["z"].tolist() == scores
    shown = screen.table.drop(columns=["Class", "z"]).to_numpy().tolist()
    naive = screen.at.table[1].value["p, naive"].tolist()
    assert classes == [[*row, other] for row, other in zip(shown, naive, strict=True)]
    (entropy,) = [line for line in printed if line[0] == "entropy"]
    assert f"**{plain(float(entropy[1]))}** nats (with ln) = **{plain(float(entropy[3]))}** bits" in screen.words


# bad values ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"), [("z1", "11"), ("temperature", "0"), ("shift", "2000"), ("classes", "7"), ("logits", "two")]
)
def test_a_value_out_of_range_is_told_and_the_default_shown(app, name, value):
    screen = opened(app, **{name: value})
    assert len(screen.toasts) == 1
    check(screen, (2.0, 1.0, 0.1))


def test_in_korean_the_numbers_are_the_same(app):
    english, korean = opened(app, temperature=0.5), opened(app, "ko", temperature=0.5)
    assert korean.latex == english.latex
    assert korean.table.to_numpy().tolist() == english.table.to_numpy().tolist()
    assert "점수는 어떻게 확률이 될까요?" in korean.words
