"""The lab player's messages: a frame of its own, a point of its plane; whatever else comes moves nothing."""

import math
from dataclasses import replace

import pytest

from engine.film import film, input_pictures
from engine.lab import run
from engine.lab_presets import PRESETS
from engine.training_config import evenly
from pages.shared import lab_player
from pages.shared.lab_reel import reel


def short(seed: int = 0):
    config = PRESETS["classic"]
    config = replace(config, training=replace(config.training, epochs=4, snapshots=evenly(4, 5), seeds=seed))
    history = run(config)
    return reel(config, history, film(config, history, 6, 4), input_pictures(config, 4))


REEL, OTHER = short(), short(1)


@pytest.fixture
def send(monkeypatch):
    """send(message, reel, pick): what the message moves: (keys, values, done) and ("pick", x1, x2)."""
    made, state, mounted = [], {}, {}
    monkeypatch.setattr("streamlit.session_state", state)
    monkeypatch.setattr(lab_player, "_component", lambda **options: mounted.update(options))
    monkeypatch.setattr(lab_player.controls, "held", lambda key, last, start, scope: start)
    monkeypatch.setattr(
        lab_player.controls, "drag", lambda keys, values, done, scope: made.append((keys, values, done))
    )
    monkeypatch.setattr(lab_player, "_", lambda message: message)

    def say(message, given=REEL, pick=True):
        picked = (lambda x, y: made.append(("pick", x, y))) if pick else None
        say.frame = lab_player.lab_player(given, key="lab", alt="seen", scope="s", pick=picked)
        say.data = dict(mounted["data"])
        state["lab"] = {"told": message}
        mounted["on_told_change"]()
        return made

    return say


@pytest.mark.parametrize("frame", [0, 2, 4])
def test_a_hand_moves_the_frame(send, frame):
    assert send(["frame", frame]) == [(["training_frame"], [frame], True)]


def test_a_point_is_picked(send):
    (low, high), (_, top) = REEL.message["x"], REEL.message["y"]
    assert send(["pick", low, top]) == [("pick", low, top)]
    assert send(["pick", (low + high) / 2, 0])[1:] == [("pick", (low + high) / 2, 0.0)]


@pytest.mark.parametrize(
    "message",
    [
        None, 7, [], "frame", ["frame", 5], ["frame", -1], ["frame", 1.5], ["frame"], ["frame", 1, 1], ["frame", "1"],
        ["pick", 1e9, 0], ["pick", 0, -1e9], ["pick", math.nan, 0], ["pick", 0], ["pick", "0", 0], ["jump", 1],
        ["film"], ["film", 3], ["frame", 10**400], ["pick", 10**400, 0], ["pick", math.inf, 0], {"frame": 1},
    ],
)  # fmt: skip
def test_a_forged_message_moves_nothing(send, message):
    assert send(message) == []


def test_nothing_can_be_picked_where_nothing_asks_for_it(send):
    assert send(["pick", 0, 0], pick=False) == []
    assert send.data["pick"] is False


def test_it_opens_at_the_end_and_every_message_is_answered_by_other_data(send):
    send(None)
    before = send.data["heard"]
    send(None)
    assert send.frame == send.data["frame"] == 4
    assert send.data["heard"] == before + 1


def test_the_film_is_sent_once_and_again_when_asked_for(send):
    send(["frame", 1])
    assert send.data["film"] == REEL.message
    send(["film", REEL.code])
    assert send.data["film"] is None
    send(None)
    assert send.data["film"] == REEL.message
    send(None, OTHER)
    assert (send.data["film"], send.data["code"]) == (OTHER.message, OTHER.code)
    send(None, OTHER)
    assert send.data["film"] is None
