"""The track's messages: a value of its range moves the number, whatever else comes moves nothing."""

import math

import pytest

from pages.shared import track


@pytest.fixture
def send(monkeypatch):
    """send(message, value): the moves that the message makes on a track that stands at `value`."""
    made, state, mounted = [], {}, {}
    monkeypatch.setattr("streamlit.session_state", state)
    monkeypatch.setattr(track, "_component", lambda **options: mounted.update(options))

    def say(message, value=0.5):
        def move(new, done):
            made.append((new, done))

        track.track("Rate", value, 0, 10, 1, key="rate", name="rate", move=move)
        state["rate"] = {"moved": message}
        mounted["on_moved_change"]()
        return made

    say.mounted = mounted
    return say


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("value", [0, 10, 2.5])
def test_a_hand_moves_the_number(send, value, done):
    assert send([value, done]) == [(value, done)]


def test_a_whole_number_stays_one(send):
    ((new, _done),) = send([3.0, True], value=2)
    assert (new, type(new)) == (3, int)


@pytest.mark.parametrize(
    "message",
    [None, 5, [5], [5, 1], ["5", True], [11, True], [-1e-9, True], [math.nan, True], [math.inf, True], [10**400, True]],
)
def test_a_forged_message_moves_nothing(send, message):
    assert send(message) == []


def test_every_message_is_answered_by_other_data(send):
    send(None)
    before = send.mounted["data"]["heard"]
    send(None)
    assert send.mounted["data"]["heard"] == before + 1
