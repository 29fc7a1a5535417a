"""Batch normalization while training: tables and formulas hold the engine's numbers, in every experiment."""

import json
import math
from collections import OrderedDict

import pytest

from engine.cost import in_turn
from engine.initializers import initializer
from engine.normalized_training import (
    GUESSING,
    PLACES,
    RATES,
    NormConfig,
    inside_cost,
    look_inside,
    rates_cost,
    study_rates,
)
from pages.sections.regularization.training_setup import NETWORKS, PRESETS
from pages.shared import budget, cached_regularization_training
from pages.shared.numbers import plain, tex

PAIR = "none", "before_activation"


def opened(app, language="en", **query):
    query = {f"regularization_training_{name}": str(value) for name, value in query.items()}
    return app("regularization", language, regularization_section="training", **query)


@pytest.fixture
def empty_shelves(monkeypatch):
    """Nothing trained yet."""
    for shelf in (cached_regularization_training.rate_studies, cached_regularization_training.insides):
        monkeypatch.setattr(shelf, "_kept", OrderedDict())


def cell(study, at):
    median, lost = float(study.final.median[at]), study.n_unlearned[at]
    shown = plain(median, 3) if math.isfinite(median) else "∞"
    return f"{shown} ({lost}/{study.n_seeds})" if lost else shown


def check(screen, config, places, rate, moment=0):
    table = screen.table
    assert table["η"].tolist() == [plain(value) for value in RATES]
    for place in places:
        study = study_rates(config, place)
        assert table[NETWORKS[place]].tolist() == [cell(study, at) for at in range(len(RATES))]
        if place != "none":
            stored = [plain(float(m), 3) if math.isfinite(m) else "∞" for m in study.stored.median]
            assert table[f"{NETWORKS[place]}: evaluation"].tolist() == stored
        assert f"{NETWORKS[place]} η = {plain(float(study.rates[study.best]))}" in screen.words
        inside = look_inside(config, place, rate)
        gradient = inside.gradient.median[inside.moments[moment]]
        first, last = (tex(float(gradient[end]), 3) for end in (0, -1))
        assert rf"\text{{{NETWORKS[place]}:}} & \;\frac{{{first}}}{{{last}}}" in screen.latex
        assert f"{NETWORKS[place]}: {plain(float(inside.furthest.median[moment]), 2)}" in screen.words


@pytest.mark.parametrize("code", PRESETS)
def test_every_experiment(app, code):
    preset = PRESETS[code]
    screen = opened(app, preset=code)
    config = NormConfig(activation=preset.activation, initializer=initializer(preset.scheme))
    check(screen, config, PAIR, preset.rate)
    assert "without asking" not in screen.words  # all of it within the budget
    assert len(screen.picture) == 7


def test_the_default_screen_is_within_the_budget():
    costs = [cost(NormConfig(), place) for place in PAIR for cost in (rates_cost, inside_cost)]
    assert in_turn(costs).within(budget.FREE)


def test_every_control_changes_the_numbers(app):
    screen = opened(app)
    screen.set("regularization_training_depth", 2)
    screen.set("regularization_training_width", "4")
    screen.set("regularization_training_activation", "tanh")
    screen.set("regularization_training_scheme", "own")
    screen.set("regularization_training_sigma", 0.5)
    screen.set("regularization_training_rate", "0.1")
    screen.set("regularization_training_networks", ["none", "after_activation"])
    screen.set("regularization_training_data", "circles")
    screen.set("regularization_training_batch", "32")
    screen.set("regularization_training_epochs", 4)
    screen.set("regularization_training_seeds", "5")
    screen.set("regularization_training_moment", "end")
    config = NormConfig(2, 4, "tanh", initializer("normal", sigma=0.5), "circles", 32, 4, 5)
    check(screen, config, ("none", "after_activation"), 0.1, moment=2)
    assert screen.link["regularization_training_rate"] == "0.1"


def test_the_drift_of_a_layer_and_of_a_unit(app):
    screen = opened(app)
    assert screen.value("regularization_training_unit") == "1"  # one unit: all together mix them
    for layer, unit, what in ((3, "all", "entering"), (2, "5", "sums")):
        screen.set("regularization_training_layer", str(layer))
        screen.set("regularization_training_unit", unit)
        screen.set("regularization_training_values", what)
        drift = screen.at.table[1].value
        for row, place in enumerate(PAIR):
            ribbon = getattr(look_inside(NormConfig(), place, 1.0), what)
            ribbon = ribbon[:, layer - 1, 16 if unit == "all" else int(unit) - 1]
            ends = [plain(float(value), 3) for value in (ribbon[0, 2], ribbon[-1, 2])]
            assert drift.iloc[row, 1] == " → ".join(ends)
            ends = [plain(float(one[4] - one[0]), 3) for one in (ribbon[0], ribbon[-1])]
            assert drift.iloc[row, 2] == " → ".join(ends)
    ribbons = [
        spec for spec in map(json.loads, screen.picture) if "clip" in json.dumps(spec) and "q95" in json.dumps(spec)
    ]
    domains = {json.dumps(spec["layer"][0]["encoding"]["y"]["scale"]["domain"]) for spec in ribbons}
    assert len(ribbons) == 2
    assert len(domains) == 1  # one range for both


def test_how_far_each_layer_drifts(app):
    screen = opened(app, rate=3)
    drift = screen.at.table[2].value
    for row, place in enumerate(PAIR):
        want = look_inside(NormConfig(), place, 3.0).drift
        assert drift.iloc[row].tolist()[1:] == [plain(float(value), 2) for value in want]


def test_what_the_words_say_of_the_first_experiment_holds():
    """Who learns, at which learning rates; the networks that fail drift, and their gradients vanish as well."""
    without, before, after = (study_rates(NormConfig(), place) for place in PLACES)
    assert without.final.median.min() > 0.99 * GUESSING
    learned = before.n_unlearned == 0
    assert learned[RATES.index(0.01) : RATES.index(3.0) + 1].all()
    assert not learned[: RATES.index(0.01)].any()
    assert (after.n_unlearned[RATES.index(3.0) :] == 3).all()
    assert NormConfig().epochs == 10
    looks = [look_inside(NormConfig(), place, 1.0) for place in PAIR]
    assert looks[0].drift[-1] > 100 > 0.1 > looks[1].drift.max()
    assert looks[0].gradient.median[0, 0] < looks[1].gradient.median[0, 0] / 100
    explode = NormConfig(activation="relu", initializer=initializer("normal"))
    plain_change, normalized = (look_inside(explode, place, 0.3) for place in PAIR)
    assert plain_change.furthest.median[0] < normalized.furthest.median[0] / 10
    assert plain_change.change.median[0, 6] > 10 * normalized.change.median[0, 6]
    study = study_rates(explode, "none")
    assert study.final.median[RATES.index(0.03)] < 0.3 < 0.69 <= study.final.median[RATES.index(0.3)]


def test_no_word_says_that_the_inputs_of_failing_networks_stay(app):
    assert "hardly drift" not in opened(app).words


def test_what_stands_beside_a_best_rate_at_the_end_of_the_list(app):
    assert "a better one may lie beyond" not in opened(app).words
    config = NormConfig(n_hidden=2, width=4, epochs=2)
    ends = [NETWORKS[place] for place in PAIR if study_rates(config, place).best_at_an_end]
    assert ends
    screen = opened(app, depth=2, width=4, epochs=2)
    assert f"a better one may lie beyond: {', '.join(ends)}." in screen.words
    assert f"and after these few updates {config.start_left:.1%} of their start" in screen.words


def test_what_is_beyond_the_budget_waits_for_a_click(app, empty_shelves):
    screen = opened(app, depth=10, epochs=15)
    assert not screen.picture
    assert "more than this screen takes without asking" in screen.words
    assert "**What to notice.**" in screen.words
    screen.click("regularization_training_run")
    check(screen, NormConfig(n_hidden=10, epochs=15), PAIR, 1.0)


def test_what_is_beyond_reason_is_refused_in_a_sentence(app):
    screen = opened(app, depth=10, width=32, epochs=200, seeds=20, batch=4)
    assert "reduce one of these" in screen.words
    assert not screen.picture


def test_a_layer_that_is_gone_makes_room(app):
    screen = opened(app, layer=5)
    screen.set("regularization_training_depth", 3)
    assert screen.value("regularization_training_layer") == "3"


def test_challenge_and_mistake(app):
    screen = opened(app)
    screen.set("regularization_training_challenge_guess", 4.0)
    assert "What becomes of z" in screen.words
    screen.set("regularization_training_challenge_guess", 0.25)
    assert "L(4W) = L(W)" in screen.words
    screen.set("regularization_training_mistake", "2")
    assert "What else differs between the two kinds of networks?" in screen.words
    screen.set("regularization_training_mistake", "4")
    assert "need not be cause and effect" in screen.words


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_script_prints_the_screens_numbers(app, language):
    screen = opened(app, language, depth=2, width=4, epochs=3)
    lines = [line.split() for line in screen.printed()]
    columns = (("none", 4), ("before_activation", 4), ("before_activation", 12))  # the last: in evaluation mode
    for (place, at), column in zip(columns, screen.table.columns[1:], strict=True):
        losses = [line for line in lines if line[0] == place and line[1] == "rate"]
        medians = [plain(float(line[at]), 3) for line in losses]
        assert medians == [value.split(" ")[0] for value in screen.table[column]]
