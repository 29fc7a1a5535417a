"""The live plane's messages: what a hand can send moves the numbers, what only a forger can send does not."""

import math

import pytest

from engine.perceptron import decision_line
from pages.shared import courier, plane_live

NAMES = ("a", "b", "c")


@pytest.fixture
def send(monkeypatch):
    """send(message): the moves that the message makes."""
    made, state, mounted = [], {}, {}
    monkeypatch.setattr("streamlit.session_state", state)
    monkeypatch.setattr(plane_live, "_component", lambda **options: mounted.update(options))

    def draw():
        plane_live.plane_live(
            (1.0, 0.5, -0.7),
            decision_line((1.0, 0.5), -0.7),
            [plane_live.Point(0.0, 1.0, 1, True, "01", "z = −0.2")],
            key="plane",
            names=NAMES,
            limit=10.0,
            titles=("x", "y"),
            alt="seen",
            move=lambda values, done: made.append((values, done)),
        )

    def say(message):
        draw()
        state["plane"] = {"moved": message}
        mounted["on_moved_change"]()
        return made

    say.mounted, say.draw = mounted, draw
    return say


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("values", [[1, 0.5, -0.7], [10, -10, 0], [0.1, 2.2, -3.33]])
def test_a_hand_moves_all_three(send, values, done):
    assert send([values, done]) == [(tuple(map(float, values)), done)]
    assert all(isinstance(value, float) for value in send([values, done])[0][0])


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        "moved",
        7,
        {"values": [1, 2, 3]},
        [[1, 2, 3]],
        [[1, 2, 3], 1],
        [[1, 2, 3], True, True],
        [[1, 2], True],
        [[1, 2, 3, 4], True],
        [[1, 2, "3"], True],
        [[1, 2, None], True],
        [[1, 2, [3]], True],
        [[1, 2, 10.1], True],
        [[1, 2, 10**400], True],
        [[math.nan, 2, 3], True],
        [[1, -math.inf, 3], True],
        ["123", True],
    ],
)
def test_a_forged_message_moves_nothing(send, message):
    assert send(message) == []


def test_every_message_is_answered_by_other_data(send):
    """Also one that changes nothing: else the browser would wait for an answer."""
    send.draw()
    before = send.mounted["data"]
    send(None)
    send.draw()
    assert send.mounted["data"] == {**before, "heard": before["heard"] + 1}
    assert courier.heard("plane") == 1


def test_the_browser_gets_the_engines_line(send):
    send.draw()
    data, line = send.mounted["data"], decision_line((1.0, 0.5), -0.7)
    assert data["ends"] == line.ends.tolist()
    assert data["region"] == line.region.tolist()
    assert data["names"] == list(NAMES)
    assert data["points"] == [
        {"x": 0.0, "y": 1.0, "target": 1, "wrong": True, "label": "01", "detail": "z = −0.2"},
    ]
