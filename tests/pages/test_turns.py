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


class Gone(BaseException):
    """As Streamlit ends the run of a visitor who has left: no Exception, so that no page catches it."""


def test_who_leaves_in_the_middle_gives_the_turn_back():
    def leave():
        raise Gone

    with pytest.raises(Gone):
        turns.alone(leave, lambda: None)
    assert turns.alone(lambda: "in", lambda: None, patience=0.0) == "in"


def test_who_leaves_while_waiting_takes_no_turn_and_ends_none(monkeypatch):
    monkeypatch.setattr(turns, "STEP", 0.01)
    inside, done, left = threading.Event(), threading.Event(), threading.Event()

    def leave():
        raise Gone

    def wait():
        with pytest.raises(Gone):
            turns.alone(lambda: "never", leave)
        left.set()

    first = threading.Thread(target=turns.alone, args=(lambda: (inside.set(), done.wait(20)), lambda: None))
    first.start()
    try:
        assert inside.wait(20)
        threading.Thread(target=wait).start()
        assert left.wait(20)
        assert turns.alone(lambda: "never", lambda: None, patience=0.0) is None  # the first one is still at it
    finally:
        done.set()
        first.join(20)
    assert turns.alone(lambda: "in", lambda: None, patience=0.0) == "in"


def test_a_queue_for_what_is_long_holds_up_nothing_short(monkeypatch):
    monkeypatch.setattr(turns, "STEP", 0.01)
    inside, done, waiting = threading.Event(), threading.Event(), threading.Semaphore(0)

    def long():
        inside.set()
        assert done.wait(20)

    queue = [threading.Thread(target=turns.alone, args=(long, waiting.release)) for _ in range(8)]
    for one in queue:
        one.start()
    try:
        assert inside.wait(20)
        for _ in queue[1:]:
            assert waiting.acquire(timeout=20)
        assert turns.alone(lambda: "quick", lambda: None, patience=0.0, turn=turns.SHORT) == "quick"
    finally:
        done.set()
    for one in queue:
        one.join(20)  # and each of them has had its turn
        assert not one.is_alive()


def test_one_goes_ahead_and_the_others_follow_together(monkeypatch):
    monkeypatch.setattr(turns, "POLITENESS", 20.0)
    pioneer, inside, done, order = turns.Pioneer(), threading.Event(), threading.Event(), []
    followers = threading.Barrier(2)

    def first():
        with pioneer.ahead("here"):
            inside.set()
            assert done.wait(20)
            order.append("first")

    def follow():
        with pioneer.ahead("here"):
            order.append("then")
            followers.wait(20)  # both are in at the same time

    threads = [threading.Thread(target=first)]
    threads[0].start()
    assert inside.wait(20)
    threads += [threading.Thread(target=follow) for _ in range(2)]
    for thread in threads[1:]:
        thread.start()
    done.set()
    for thread in threads:
        thread.join(20)
    assert order == ["first", "then", "then"]


def test_a_pioneer_that_fails_leaves_the_way_to_the_next_and_a_slow_one_holds_nobody_up(monkeypatch):
    pioneer = turns.Pioneer()
    with pytest.raises(ZeroDivisionError), pioneer.ahead("here"):
        raise ZeroDivisionError
    monkeypatch.setattr(turns, "POLITENESS", 0.01)
    with pioneer.ahead("here"):
        thread = threading.Thread(target=lambda: pioneer.ahead("here").__enter__())
        thread.start()
        thread.join(20)
        assert not thread.is_alive()
