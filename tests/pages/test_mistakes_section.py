"""Find the mistake: guess a line, run the check, read what is wrong; for all of them."""

import numpy as np
import pytest

from engine.slips import SLIPS
from pages.sections.backprop.mistakes import MISTAKES
from pages.shared import progress
from pages.shared.numbers import plain
from pages.shared.text import LANGUAGES, catalog

each = pytest.mark.parametrize("code", MISTAKES)


def opened(app, code, language="en", **query):
    return app("backprop", language, backprop_section="mistakes", backprop_slip=code, **query)


def test_the_section_has_all_slips():
    assert list(MISTAKES) == list(SLIPS)
    assert all(0 <= mistake.wrong < len(mistake.lines) for mistake in MISTAKES.values())


@each
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reasoning_is_shown_and_nothing_is_given_away(app, code, language):
    screen, mistake = opened(app, code, language), MISTAKES[code]
    said = catalog(language).gettext
    for number, line in enumerate(mistake.lines, 1):
        assert f"**{number}.** {said(line)}" in screen.words
    assert said(mistake.explanation) not in screen.words
    assert not screen.at.info
    assert not screen.at.success
    assert screen.value("backprop_guess") == "none"
    assert screen.value("backprop_settled") is False


@each
def test_the_check_shows_the_engines_numbers(app, code):
    screen, check = opened(app, code), SLIPS[code]()
    screen.set("backprop_settled", True)
    table = screen.table
    assert table["Case"].tolist() == list(check.cases)
    assert table["Claimed"].tolist() == [plain(value) for value in check.claimed]
    assert table["Numerical gradient"].tolist() == [plain(value) for value in check.numerical]
    assert table["Agrees"].tolist() == ["✓ yes" if yes else "✗ no" for yes in check.agrees]
    assert "✗ no" in set(table["Agrees"])


@each
def test_the_right_line_is_found(app, code):
    screen, mistake = opened(app, code), MISTAKES[code]
    right = str(mistake.wrong + 1)
    screen.set("backprop_guess", right).set("backprop_settled", True)
    (box,) = screen.at.success
    assert (box.proto.title, box.value) == (f"You found it: line {right}", mistake.explanation)
    assert not screen.at.info
    assert screen.at.session_state["solved"] == {f"backprop_mistake_{code}"}


@each
def test_a_wrong_line_is_told(app, code):
    screen, mistake = opened(app, code), MISTAKES[code]
    for guess in ("none", str(len(mistake.lines) if mistake.wrong == 0 else 1)):
        screen.set("backprop_guess", guess).set("backprop_settled", True)
        assert not screen.at.info  # the check does not give the line away
        assert len(screen.at.warning) == (guess != "none")
        assert not screen.at.success
    screen.set("backprop_solution", True)
    (box,) = screen.at.info
    assert (box.proto.title, box.value) == (f"It is line {mistake.wrong + 1}", mistake.explanation)
    assert "solved" not in screen.at.session_state


@each
def test_a_guess_is_answered_at_once(app, code):
    screen, mistake = opened(app, code), MISTAKES[code]
    wrong = next(n for n in range(len(mistake.lines)) if n != mistake.wrong)
    screen.set("backprop_guess", str(wrong + 1))
    assert [f"Line {wrong + 1} holds" in box.value for box in screen.at.warning] == [True]
    screen.set("backprop_guess", str(mistake.wrong + 1))
    assert not screen.at.warning
    assert [box.value for box in screen.at.success] == [mistake.explanation]


def test_all_in_one_session(app):
    screen = app("backprop", backprop_section="mistakes")
    for code, mistake in MISTAKES.items():
        screen.set("backprop_slip", code)
        assert (screen.value("backprop_guess"), screen.value("backprop_settled")) == ("none", False)
        screen.set("backprop_guess", str(mistake.wrong + 1)).set("backprop_settled", True)
        assert len(screen.at.success) == 1
    assert screen.at.session_state["solved"] == {f"backprop_mistake_{code}" for code in MISTAKES}
    assert screen.link == {
        "backprop_section": "mistakes",
        "backprop_slip": "bias_rows",
        "backprop_guess": "4",
        "backprop_settled": "1",
        "done": progress.encode(screen.at.session_state["solved"]),
    }


@each
def test_the_script_prints_the_check(app, code):
    check = SLIPS[code]()
    rows = [line.split() for line in opened(app, code).printed()]
    assert np.array([row[1] for row in rows], float) == pytest.approx(check.claimed, rel=1e-9, abs=1e-12)
    assert np.array([row[3] for row in rows], float) == pytest.approx(check.numerical, rel=1e-6, abs=1e-8)


def test_the_challenge(app):
    key = "backprop_mistakes_challenge"
    screen = app("backprop", backprop_section="mistakes").set(f"{key}_guess", 2.0)
    assert [box.proto.title for box in screen.at.warning] == ["Not yet"]
    screen.set(f"{key}_solution", True)
    assert screen.at.info[-1].proto.title == "The answer is 4"
    screen.set(f"{key}_guess", 4.0)
    assert screen.at.success[-1].proto.title == "Right: 4"
