"""Widgets that are more than one of Streamlit's: several choices, a number on a track."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import controls

SCRIPT = """
import streamlit as st
from pages.shared import controls

controls.arrive("lab")

@controls.section
def section():
    {body}

section()
"""
CHOICES = """st.session_state["answer"] = controls.choices(
        st.multiselect, "Which", {"a": "A", "b_b": "B", "c": "C"}, key="lab_which", default=["a"], most=2)"""
SLIDER = """st.session_state["answer"] = controls.slider(
        "w", key="lab_w", default=1.0, low=-2.0, high=2.0, step=0.1)"""


def run(body: str, **query: str) -> AppTest:
    app = AppTest.from_string(SCRIPT.replace("{body}", body), default_timeout=30)
    for name, text in query.items():
        app.query_params[name] = text
    app.run()
    assert not app.exception
    return app


def answer(app: AppTest):
    return app.session_state["answer"]


def link(app: AppTest) -> dict:
    return dict(app.query_params.items())


# several choices


def test_choices_come_in_their_own_order_and_live_in_the_link():
    app = run(CHOICES)
    assert (answer(app), link(app)) == (("a",), {})
    app.multiselect[0].set_value(["c", "b_b"]).run()
    assert (answer(app), link(app)) == (("b_b", "c"), {"lab_which": "b_b.c"})
    assert answer(run(CHOICES, lab_which="b_b.c")) == ("b_b", "c")


def test_no_choice_is_the_default():
    app = run(CHOICES, lab_which="c")
    app.multiselect[0].set_value([]).run()
    assert (answer(app), link(app)) == (("a",), {})


def test_one_too_many_drops_the_oldest():
    app = run(CHOICES)
    app.multiselect[0].set_value(["c", "a", "b_b"]).run()
    assert answer(app) == ("a", "b_b")


@pytest.mark.parametrize("text", ["", "x", "a.x", "a.b_b.c", ".", "a..c"])
def test_choices_of_a_bad_link_are_the_default_and_told(text):
    app = run(CHOICES, lab_which=text)
    assert answer(app) == ("a",)
    assert len(app.toast) == 1


# a number on a track


def track(app: AppTest) -> dict:
    (component,) = app.get("bidi_component")
    return json.loads(component.proto.json)


def test_a_slider_is_a_number_with_a_track_at_its_value():
    app = run(SLIDER, lab_w="-0.5")
    assert answer(app) == app.number_input[0].value == -0.5
    assert track(app) == {
        "label": "w",
        "value": -0.5,
        "low": -2.0,
        "high": 2.0,
        "step": 0.1,
        "log": False,
        "name": "lab_w",
        "heard": 0,
    }
    app.number_input[0].set_value(1.5).run()
    assert (answer(app), track(app)["value"], link(app)) == (1.5, 1.5, {"lab_w": "1.5"})


def test_a_hand_on_the_track_leaves_the_link_alone(monkeypatch):
    state = {}
    monkeypatch.setattr(controls.st, "session_state", state)
    controls._move("w||en", 0.5, False)
    assert state == {"w||en": 0.5, "dragging": True}
    controls._move("w||en", 0.7, True)
    assert state == {"w||en": 0.7, "dragging": False}


def test_a_drag_is_not_written_into_the_link_before_its_end():
    app = run(SLIDER)
    app.session_state["dragging"] = True
    app.number_input[0].set_value(1.5).run()
    assert (answer(app), link(app)) == (1.5, {})
    app.run()
    assert link(app) == {"lab_w": "1.5"}


# keys


def test_a_key_of_another_page_is_refused(monkeypatch):
    monkeypatch.setattr(controls.st, "session_state", {"page": "lab"})
    with pytest.raises(ValueError, match="must begin with lab_"):
        controls.publish("w", "", "1", "0")


# a logarithmic track, and a position that only a picture moves

RATE = """st.session_state["answer"] = controls.slider(
        "η", key="lab_rate", default=0.1, low=1e-4, high=10.0, step=0.01, log=True)"""
HELD = """st.session_state["answer"] = controls.held("lab_step", 10, start=7)
    st.button("move", on_click=lambda: controls.drag(["lab_step"], [3], True))"""


def test_a_logarithmic_track_moves_by_factors_and_takes_any_typed_number():
    app = run(RATE)
    sent = json.loads(app.get("bidi_component")[0].proto.json)
    assert (sent["value"], sent["low"], sent["high"], sent["step"], sent["log"]) == (0.1, 1e-4, 10.0, 0.01, True)
    app.number_input[0].set_value(0.12345).run()
    assert (answer(app), link(app)) == (0.12345, {"lab_rate": "0.12345"})


@pytest.mark.parametrize(("rate", "step"), [("0.25", 0.01), ("0.0001", 1e-5), ("3", 0.1), ("10", 1.0)])
def test_the_buttons_of_a_logarithmic_number_move_its_second_digit(rate, step):
    assert run(RATE, lab_rate=rate).number_input[0].step == pytest.approx(step)


def test_a_held_position_lives_in_the_link_and_is_moved_by_a_picture():
    app = run(HELD)
    assert (answer(app), link(app)) == (7, {})
    app.button[0].click().run()
    assert (answer(app), link(app)) == (3, {"lab_step": "3"})
    assert answer(run(HELD, lab_step="10")) == 10


@pytest.mark.parametrize("text", ["11", "-1", "x", ""])
def test_a_held_position_is_its_default_where_the_link_is_bad(text):
    assert answer(run(HELD, lab_step=text)) == 7
