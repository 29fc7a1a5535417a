"""What the training lab gives to take away: each of it repeats the run, or goes on with it."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from engine import lab
from pages.sections.training import play
from pages.shared import controls, screen
from pages.shared.lab.carry import MOST_CHARACTERS, carry
from pages.shared.lab.run import trained
from pages.shared.lab.setup import setup

SHORT = {"training_epochs": "30"}
SEEN = []  # setup and history of each run


@controls.section
def bench() -> None:
    """The panel, its training, and what is taken away."""
    left, right = screen.columns()
    with screen.refusals():
        with left:
            chosen = setup()
        with right:
            history = trained(chosen, left, key="training_play_run")
        if history is not None:
            SEEN.append((chosen, history))
            carry(chosen, history, key="training_play")


@pytest.fixture(autouse=True)
def _bench(monkeypatch):
    monkeypatch.setattr(play, "section", bench)
    SEEN.clear()


def links(found) -> list[dict[str, str]]:
    addresses = [code.value for code in found.at.code if "lang=" in code.value and "import" not in code.value]
    assert all(len(address) <= MOST_CHARACTERS for address in addresses)
    return [dict(parse_qsl(urlsplit(address).query)) for address in addresses]


def downloads(found) -> list[str]:
    return [button.label for button in found.at.get("download_button")]


@pytest.mark.parametrize("code", ["classic", "three", "blobs", "norm", "plane", "own"])
def test_the_script_prints_the_losses_of_the_run(app, code):
    found = app("training", training_preset=code, **SHORT)
    _setup, history = SEEN[-1]
    printed = [line.split() for line in found.printed()]
    shown = {int(line[0]): list(map(float, line[1:])) for line in printed if line[0].isdigit()}
    assert set(shown) == set(range(0, 31, 3))
    for epoch, losses in shown.items():
        assert losses[0] == pytest.approx(history.train_loss[epoch], rel=1e-6)
        if history.test_loss is not None:
            assert losses[1] == pytest.approx(history.test_loss[epoch], rel=1e-6)


def test_all_files_are_offered(app):
    found = app("training", **SHORT)
    assert downloads(found) == ["Numbers (CSV)", "NumPy script", "PyTorch script", "Weights (JSON)"]


@pytest.mark.parametrize(
    ("code", "accuracy"), [("three", 1e-12), ("classic", 1e-12), ("clouds", 1e-12), ("wide", 1e-12)]
)
def test_the_second_link_trains_on_from_here(app, code, accuracy):
    found = app("training", training_preset=code, **SHORT)
    here, onward = links(found)
    assert here == found.link | {"lang": "en"}
    first, history = SEEN[-1]
    again = app("training", **onward)
    second, continued = SEEN[-1]
    assert again.toasts == []
    assert second.config.start == pytest.approx(history.parameters.tolist(), rel=accuracy)
    assert second.config.training == first.config.training
    assert continued.train_loss[0] == pytest.approx(history.train_loss[-1], rel=accuracy)
    assert "The start is a trained network" in again.words


def test_where_there_is_less_room_nine_digits_are_said_and_taken(app):
    found = app("training", training_units="12, 7", **SHORT)
    _here, onward = links(found)
    assert "with 9 digits" in found.words
    _first, history = SEEN[-1]
    app("training", **onward)
    assert SEEN[-1][0].config.start == pytest.approx(history.parameters.tolist(), rel=1e-8)
    assert SEEN[-1][0].config.start != tuple(history.parameters.tolist())


def test_the_button_trains_on_in_place(app):
    found = app("training", training_preset="three", **SHORT)
    _first, history = SEEN[-1]
    found.click("training_play_on")
    assert SEEN[-1][0].config.start == tuple(history.parameters.tolist())
    assert SEEN[-1][1].train_loss[0] == pytest.approx(history.train_loss[-1], rel=1e-12)
    found.click("training_start_anew")
    assert SEEN[-1][0].config == SEEN[0][0].config


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"training_preset": "norm"}, "batch normalization has stored statistics"),
        ({"training_preset": "overfit"}, "so many parameters have no room"),
        ({"training_preset": "plane", "training_rate": "900", "training_reduction": "sum"}, "has diverged"),
        ({"training_preset": "own", "training_own": "table"}, "A link does not hold the table"),
    ],
)
def test_what_cannot_be_taken_along_is_said(app, link, words):
    found = app("training", **link, **SHORT)
    assert words in found.words
    assert len(links(found)) == (2 if "table" in words else 1)


@pytest.mark.parametrize(
    "link",
    [
        {"training_optimizer": "adam", "training_bias_correction": "0"},
        {"training_optimizer": "asgd", "training_schedule": "cosine"},
    ],
)
def test_what_pytorch_does_not_have_is_said(app, link):
    found = app("training", **link, **SHORT)
    assert "No PyTorch script" in found.words
    assert "PyTorch script" not in downloads(found)


def test_the_run_is_the_panels(app):
    app("training", training_preset="squares", training_seed="4", **SHORT)
    chosen, history = SEEN[-1]
    assert lab.run(chosen.config).train_loss.tolist() == history.train_loss.tolist()
