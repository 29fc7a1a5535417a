"""One at a time: who comes while somebody measures waits, and gives up after a while."""

import threading

import pytest

from pages.shared import turns


def test_the_first_one_runs_without_waiting():
    waited = []
    assert turns.alone(lambda: 7, lambda: waited.append(1)) == 7
    assert waited == []


def test_who_comes_second_waits_until_the_first_is_done():
    inside, done, order = threading.Event(), threading.Event(), []

    def first():
        inside.set()
        assert done.wait(20)
        order.append("first")

    thread = threading.Thread(target=turns.alone, args=(first, lambda: None))
    thread.start()
    assert inside.wait(20)
    assert turns.alone(lambda: order.append("second") or "ran", done.set) == "ran"  # waiting lets the first one end
    thread.join(20)
    assert order == ["first", "second"]


def test_patience_ends():
    inside, done = threading.Event(), threading.Event()
    thread = threading.Thread(target=turns.alone, args=(lambda: (inside.set(), done.wait(20)), lambda: None))
    thread.start()
    try:
        assert inside.wait(20)
        assert turns.alone(lambda: "never", lambda: None, patience=0.0) is None
    finally:
        done.set()
        thread.join(20)


def test_an_error_lets_the_next_one_in():
    with pytest.raises(ZeroDivisionError):
        turns.alone(lambda: 1 / 0, lambda: None)
    assert turns.alone(lambda: "in", lambda: None, patience=0.0) == "in"
