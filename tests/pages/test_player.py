"""The player's messages: a step of its own, a start inside its picture; whatever else comes moves nothing."""

import math

import numpy as np
import pytest

from pages.shared import player
from pages.shared.charts import paths

PATHS = [paths.Path("run", np.zeros((11, 2)), np.ones(11))]


@pytest.fixture
def send(monkeypatch):
    """send(message, runs, pick): what the message moves: ("step", …) and ("pick", …)."""
    made, state, mounted = [], {}, {}
    monkeypatch.setattr("streamlit.session_state", state)
    monkeypatch.setattr(player, "_component", lambda **options: mounted.update(options))
    monkeypatch.setattr(player.controls, "held", lambda key, last, start, scope: start)
    monkeypatch.setattr(player.controls, "drag", lambda keys, values, done, scope: made.append((keys, values, done)))
    monkeypatch.setattr(player, "_", lambda message: message)

    def say(message, runs=PATHS, pick=True):
        picture = paths.plane(runs, x_range=(-1, 3), y_range=(0, 1), titles=("x", "y"))
        picked = (lambda point, done: made.append(("pick", point, done))) if pick else None
        say.step = player.player(picture, key="lab_step", alt="seen", pick=picked)
        state["lab_step.player"] = {"told": message}
        mounted["on_told_change"]()
        return made

    say.mounted = mounted
    return say


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("step", [0, 4, 10])
def test_a_hand_moves_the_step(send, step, done):
    assert send(["step", step, done]) == [(["lab_step"], [step], done)]


@pytest.mark.parametrize("done", [True, False])
def test_a_start_is_picked(send, done):
    assert send(["pick", -1, 0.5, done]) == [("pick", (-1.0, 0.5), done)]


@pytest.mark.parametrize(
    "message",
    [
        None, 7, [], "step", ["step", 11, True], ["step", -1, True], ["step", 1.5, True], ["step", 1], ["step", 1, 1],
        ["pick", 4, 0, True], ["pick", 0, -0.1, True], ["pick", math.nan, 0, True], ["pick", 0, True],
        ["pick", "0", 0, True], ["jump", 1, True], ["step", 10**400, True], ["pick", 0, -math.inf, True],
        ["pick", 10**400, 0, True], [[[]], {}, True], {"step": 1},
    ],
)  # fmt: skip
def test_a_forged_message_moves_nothing(send, message):
    assert send(message) == []


def test_nothing_can_be_picked_where_nothing_asks_for_it(send):
    assert send(["pick", 0, 0.5, True], pick=False) == []
    assert send.mounted["data"]["pick"] is False


def test_without_paths_there_is_nothing_to_play(send):
    assert send(["step", 0, True], runs=[]) == []
    assert send.step == 0
    assert send(["pick", 0, 0.5, True], runs=[]) == [("pick", (0.0, 0.5), True)]


def test_it_opens_at_the_end_and_every_message_is_answered_by_other_data(send):
    send(None)
    before = send.mounted["data"]["heard"]
    send(None)
    assert send.step == 10
    assert send.mounted["data"]["heard"] == before + 1
