"""The budget of a screen: at once, at a click, or not at all; and it says so."""

import threading

import pytest
from streamlit.testing.v1 import AppTest

from engine.cost import Cost
from engine.lab_presets import PRESETS
from pages.shared import budget, shelf, turns
from pages.shared.shelf import Shelf

SCREEN = """
import streamlit as st
from pages.shared import budget
from tests.pages.test_budget import JOBS
st.session_state["found"] = budget.run(JOBS, st.container(), key="test_go")
"""
JOBS = []


def job(title: str, operations: float, megabytes: float = 1.0) -> budget.Job:
    return budget.Job(title, Shelf(lambda text: text * 2, most=4), (title,), Cost(operations, megabytes))


@pytest.fixture
def screen():
    """screen(jobs): a screen that computes them."""

    def opened(*jobs: budget.Job) -> AppTest:
        JOBS[:] = jobs
        return AppTest.from_string(SCREEN).run()

    yield opened
    JOBS.clear()


def test_what_is_quick_is_there_at_once_and_the_cost_is_said(screen):
    at = screen(job("a", 1e8, 2.0), job("b", 2e8, 3.0))
    assert at.session_state["found"] == ["aa", "bb"]
    assert not at.button
    assert at.markdown[-1].value == (
        ":small[:gray[This setting takes about $3 \\times 10^{8}$ operations and 5 MB; up to $5 \\times 10^{8}$ "
        "operations and 100 MB it is computed at once, beyond that at a click.]]"
    )


@pytest.mark.parametrize("beyond", [(6e8, 1.0), (1e8, 101.0)], ids=["operations", "megabytes"])
def test_beyond_it_waits_for_a_click(screen, beyond):
    slow = job("slow", *beyond)
    at = screen(job("a", 1e8), slow)
    assert at.session_state["found"] == [None, None]
    assert any("**a, slow:**" in words.value for words in at.markdown)
    at.button[0].click().run()
    assert at.session_state["found"] == ["aa", "slowslow"]
    assert not at.button
    assert screen(slow).session_state["found"] == ["slowslow"]  # it is there for everyone


def test_what_is_there_is_shown_while_the_rest_waits(screen):
    there = job("there", 1e9)
    there.run()
    assert screen(there, job("rest", 1e9)).session_state["found"] == ["therethere", None]


def test_beyond_reason_there_is_no_button(screen):
    at = screen(job("a", 31e9))
    assert at.session_state["found"] == [None]
    assert not at.button
    assert "reduce one of these" in at.warning[0].value


def test_one_heavy_computation_at_a_time(screen, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.1)
    at = screen(job("slow", 1e9))
    held, done = threading.Event(), threading.Event()

    def hold():
        with turns.LONG:
            held.set()
            done.wait(10)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(10)
    at.button[0].click().run()
    done.set()
    other.join()
    assert at.session_state["found"] == [None]
    assert "Many are computing" in at.warning[0].value


def test_of_a_class_that_opens_the_same_screen_one_computes_it(screen, monkeypatch):
    made, held, waits = [], threading.Event(), threading.Event()
    shared = budget.Job("same", Shelf(lambda text: made.append(text) or text * 2, most=4), ("a",), Cost(1e8, 1.0))
    wait = budget._wait

    def first():
        with turns.SHORT:
            held.set()
            assert waits.wait(10)
            shared.run()

    def waiting(place):
        wait(place)
        waits.set()

    monkeypatch.setattr(budget, "_wait", waiting)
    other = threading.Thread(target=first)
    other.start()
    assert held.wait(10)
    at = screen(shared)
    other.join()
    assert at.session_state["found"] == ["aa"]
    assert made == ["a"]
    assert not at.info


def test_what_is_quick_does_not_wait_for_what_is_long(screen):
    with turns.LONG:
        assert screen(job("a", 1e8)).session_state["found"] == ["aa"]


@pytest.mark.parametrize("code", PRESETS)
def test_every_experiment_of_the_lab_is_trained_at_once(code):
    assert PRESETS[code].cost.within(budget.FREE)


def test_the_server_has_room_for_all_that_is_kept_and_the_heaviest_computation():
    least = 690  # MB of a server of Community Cloud
    server, charts, sessions = 200, 70, 80  # as measured: with its libraries; compiled charts; a class of a hundred
    assert server + charts + sessions + shelf.ROOM / 1e6 + budget.MOST.megabytes < least


def test_what_a_switch_asks_for_may_take_longer(screen):
    JOBS[:] = [job("a", 1e9)]
    source = SCREEN.replace('key="test_go"', 'key="test_go", free=budget.SWITCHED')
    at = AppTest.from_string(source).run()
    assert at.session_state["found"] == ["aa"]
    assert "up to $1.5 \\times 10^{9}$ operations" in at.markdown[-1].value
