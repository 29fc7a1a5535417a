"""Optimizers on XOR: tables, formulas and pictures hold the engine's numbers; what takes long is asked for."""

import json
import math
from collections import OrderedDict

import pytest

from engine.cost import in_turn
from engine.optimizer_study import MAX_SEEDS, StudyConfig, compare, search, study
from engine.proportions import confidence_for_all, wilson
from pages.sections.descent.real_pair import ONE_RUN
from pages.sections.descent.real_setup import DEFAULT, SEEDS, UPDATES
from pages.shared import budget, cached_descent, turns
from pages.shared.names import OPTIMIZERS
from pages.shared.numbers import plain, tex


def opened(app, language="en", **query):
    query = {f"descent_real_{name}": str(value) for name, value in query.items()}
    return app("descent", language, descent_section="real", **query)


@pytest.fixture
def empty_shelves(monkeypatch):
    """Nothing trained yet."""
    for shelf in (cached_descent.studied, cached_descent.searched, cached_descent.tuned):
        monkeypatch.setattr(shelf, "_kept", OrderedDict())


def cells(outcome):
    """What both tables show of one optimizer."""
    loss = [plain(value, 3) if math.isfinite(value) else "∞" for value in (outcome.median[-1], outcome.low[-1])]
    updates = plain(outcome.updates_to_solve) if math.isfinite(outcome.updates_to_solve) else "–"
    share = outcome.share
    return (
        [OPTIMIZERS[outcome.code], plain(outcome.learning_rate, 3), loss[0]],
        loss[1],
        [
            OPTIMIZERS[outcome.code],
            f"{outcome.n_solved}/{outcome.n_seeds}",
            f"{100 * share.low:.0f}–{share.high:.0%}",
            updates,
            str(outcome.n_on_plateau),
            str(outcome.n_diverged),
        ],
    )


def check(screen, outcomes):
    losses, solved = screen.table, screen.at.table[1].value
    for place, outcome in enumerate(outcomes):
        first, low, second = cells(outcome)
        row = losses.iloc[place].tolist()
        assert row[:3] == first
        assert row[3].startswith(f"{low} – ")
        assert solved.iloc[place].tolist() == second
    assert len(losses) == len(solved) == len(outcomes)


def test_the_default_screen(app):
    screen = opened(app)
    outcomes = [study(StudyConfig(), code, 0.1) for code in DEFAULT]
    check(screen, outcomes)
    assert f"&= {tex(4 * math.log(2))} " in screen.latex
    assert [button.label for button in screen.at.button] == ["Worksheet to print"]
    (picture,) = map(json.loads, screen.picture)
    assert len(picture["layer"]) == 4


def test_every_control_changes_the_numbers(app):
    screen = opened(app)
    screen.set("descent_real_optimizers", ["momentum", "rprop"])
    screen.set("descent_real_rate", 0.02)
    screen.set("descent_real_updates", "500")
    screen.set("descent_real_seeds", "10")
    screen.set("descent_real_network", "4")
    screen.set("descent_real_loss", "half_squared_error")
    config = StudyConfig(4, "half_squared_error", 500, 10)
    check(screen, [study(config, code, 0.02) for code in ("momentum", "rprop")])
    assert r"&= 0.5 \end" in screen.latex
    assert screen.link["descent_real_rate"] == "0.02"


def test_what_diverges_is_said(app):
    screen = opened(app, optimizers="momentum", rate=10)
    outcome = study(StudyConfig(), "momentum", 10.0)
    assert outcome.n_diverged > 12
    check(screen, [outcome])
    assert screen.table.iloc[0, 2] == "∞"


def test_each_its_own_best_is_trained_when_asked(app, empty_shelves):
    screen = opened(app, mode="best")
    assert not screen.picture
    assert "more than this screen takes without asking" in screen.words
    screen.click("descent_real_run")
    found = {code: search(StudyConfig(n_seeds=1), code) for code in DEFAULT}
    check(screen, [study(StudyConfig(), code, found[code].best) for code in DEFAULT])
    assert len(screen.picture) == 3
    assert [button.label for button in screen.at.button] == ["Worksheet to print"]
    assert not screen.has("descent_real_rate")
    again = opened(app, mode="best")  # what has been trained is there for everyone
    assert again.table.equals(screen.table)


def test_what_is_there_is_shown_while_the_rest_waits(app, empty_shelves):
    quick = "sgd", "momentum"
    screen = opened(app, optimizers=".".join(quick))
    screen.set("descent_real_optimizers", list(OPTIMIZERS))
    assert screen.table["Optimizer"].tolist() == [OPTIMIZERS[code] for code in quick]
    assert "**Nesterov momentum, AdaGrad, Adadelta" in screen.words
    screen.click("descent_real_run")
    assert len(screen.table) == 12


def test_an_end_of_the_grid_is_named(app):
    config = StudyConfig(4, "cross_entropy", 500, 25)
    assert search(StudyConfig(4, "cross_entropy", 500, 1), "adadelta").at_an_end
    screen = opened(app, optimizers="adadelta", mode="best", network=4, updates=500)
    assert config.study_cost.then(config.search_cost).within(budget.FREE)
    assert "may lie beyond it: Adadelta." in screen.words


def test_while_others_train_one_waits_in_turn(app, empty_shelves, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.1)
    screen = opened(app, mode="best")
    with turns.LONG:
        screen.click("descent_real_run")
    assert "Many are computing just now" in screen.words
    assert not screen.picture


def test_two_optimizers_start_by_start(app):
    screen = opened(app)
    adam, sgd, momentum = (study(StudyConfig(), code, 0.1) for code in ("adam", "sgd", "momentum"))
    found = compare(adam, sgd)
    assert rf"\frac{{{adam.n_solved}}}{{25}} - \frac{{{sgd.n_solved}}}{{25}}" in screen.latex
    assert f"Adam alone solves {found.first_alone} of the starts, SGD alone {found.second_alone}" in screen.words
    assert "it contains 0" in screen.words
    screen.set("descent_real_second", "momentum")
    found = compare(adam, momentum)
    ends = f"from {plain(found.difference.low, 2)} to {plain(found.difference.high, 2)}"
    assert f"{ends}: it leaves out 0" in screen.words
    assert f"{confidence_for_all(6):.1%}" in screen.words
    screen.set("descent_real_first", "momentum")
    assert "Choose two different optimizers." in screen.words


def test_the_average_of_averaged_sgd_is_not_what_is_shown(app):
    assert "not of their average" in opened(app, optimizers="asgd").words
    assert "not of their average" not in opened(app).words


def test_one_optimizer_alone_has_nobody_to_be_compared_with(app):
    screen = opened(app, optimizers="nadam")
    assert not screen.has("descent_real_first")
    assert len(screen.table) == 1


def test_the_numbers_of_the_mistake_are_the_engines():
    momentum, adam = (study(StudyConfig(), code, 0.1) for code in ("momentum", "adam"))
    assert f"{adam.final[0]:.4f} against {momentum.final[0]:.4f}" in ONE_RUN.lines[1]
    assert adam.solved[0]
    assert momentum.solved[0]
    found = compare(momentum, adam)
    for words in (
        f"Adam solves {adam.n_solved} and momentum {momentum.n_solved}",
        f"momentum solves {found.first_alone} that Adam",
        f"Adam {found.second_alone} that momentum",
    ):
        assert words in ONE_RUN.explanation


def test_the_mistake(app):
    screen = opened(app)
    screen.set("descent_real_mistake", "2")
    assert "Line 2 holds." in screen.words
    screen.set("descent_real_mistake", "3")
    assert [box.proto.title for box in screen.at.success] == ["You found it: line 3"]


def test_what_the_words_say_of_the_default_screen(app):
    found = {code: study(StudyConfig(), code, 0.1) for code in DEFAULT}
    assert set(found) >= {"rmsprop", "adam", "momentum", "sgd"}
    left = {code: int(found[code].at[(o.median < 0.95 * o.plateau).argmax()]) for code, o in found.items()}
    assert left["rmsprop"] < left["adam"] < left["momentum"] < left["sgd"]
    solved = [found[code].n_solved for code in ("rmsprop", "adam", "momentum")]
    assert solved[0] < solved[1] < solved[2]
    words = opened(app).words
    assert f"({solved[0]} and {solved[1]} of {found['adam'].n_seeds} starts solved)" in words
    assert f"Momentum takes longer and solves {solved[2]}." in words
    assert "RMSProp before Adam" in words


def test_the_challenge(app):
    screen, key = opened(app), "descent_real_challenge"
    screen.set(f"{key}_guess", 100.0)
    assert [box.proto.title for box in screen.at.warning] == ["Not yet"]
    screen.set(f"{key}_guess", 72.0)
    assert screen.at.success[-1].proto.title == f"Right: {plain(100 * wilson(10, 10).low)}"
    assert f"{wilson(50, 50).low:.0%}" == "93%"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_script_prints_the_numbers_of_the_screen(app, language):
    screen = opened(app, language, optimizers="sgd.momentum.adam", updates=200, seeds=10)
    losses, solved, printed = screen.table, screen.at.table[1].value, iter(screen.printed())
    for place in range(3):
        first, second = next(printed).split(), next(printed).split()
        assert losses.iloc[place, 1:].tolist() == [
            plain(float(first[2]), 3),
            plain(float(first[5]), 3),
            f"{plain(float(first[7]), 3)} – {plain(float(first[8]), 3)}",
        ]
        updates = float(second[4])
        assert [solved.iloc[place, column] for column in (1, 3, 4, 5)] == [
            f"{second[2]}/10",
            plain(updates) if math.isfinite(updates) else "–",
            second[6],
            second[8],
        ]


def test_the_default_screen_asks_nothing():
    """The budget holds what opens by itself, and the counts are those the engine takes."""
    assert in_turn([StudyConfig().study_cost] * len(DEFAULT)).within(budget.FREE)
    for updates in UPDATES:
        for n_seeds in SEEDS:
            assert StudyConfig(updates=updates, n_seeds=n_seeds).n_seeds <= MAX_SEEDS
