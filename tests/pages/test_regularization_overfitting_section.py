"""Overfitting: tables, formulas and pictures hold the engine's numbers; each experiment shows what it promises."""

import json
import re

import pytest

from engine.cost import in_turn
from engine.overfitting import BLOCK, N_VALIDATION, OverfittingConfig, Regularizer
from engine.overfitting_pairs import compare
from engine.overfitting_study import joined, study
from pages.sections.regularization import overfitting
from pages.sections.regularization.overfitting_setup import DEFAULT, N_SEEDS, PRESETS, RATES, SETTINGS, label_of
from pages.shared import budget
from pages.shared.numbers import plain, tex

BASE = OverfittingConfig(**DEFAULT, learning_rate=RATES["adam"])


def opened(app, language="en", **query):
    query = {f"regularization_over_{name}": str(value) for name, value in query.items()}
    return app("regularization", language, regularization_section="overfitting", **query)


def configured(code):
    return OverfittingConfig(**DEFAULT | {"learning_rate": RATES["adam"]} | dict(PRESETS[code].config))


def trained(config, code, n_seeds=N_SEEDS):
    return joined([study(config, SETTINGS[code], block) for block in range(n_seeds // BLOCK)])


def check(screen, config, codes, n_seeds=N_SEEDS):
    """Three tables against the engine."""
    outcomes = [trained(config, code, n_seeds) for code in codes]
    losses, scores = screen.table, screen.at.table[1].value
    for place, one in enumerate(outcomes):
        names = "train_loss", "validation_loss", "test_loss"
        assert losses.iloc[place, 1:4].tolist() == [plain(one.median(name), 3) for name in names]
        assert losses.iloc[place, 4] == f"{plain(one.median('best_loss'), 3)} ({plain(one.median('best_epoch'), 3)})"
        names = ("train_score", "validation_score", "test_score")
        written = (lambda v: plain(v, 3)) if config.regression else (lambda v: f"{v:.1%}")
        assert scores.iloc[place, 1:4].tolist() == [written(one.median(name)) for name in names]
        assert scores.iloc[place, 4] == f"{one.median('small'):.1%}"
    assert len(losses) == len(outcomes)
    for place, one in enumerate(outcomes[1:]):
        pair = compare(one, outcomes[0])
        row = screen.at.table[2].value.iloc[place].tolist()
        scores = f"{pair.n_score_higher} : {pair.n_score_lower}"
        assert row[1:] == [f"{pair.n_lower}/{n_seeds}", plain(pair.p_value, 2), plain(pair.median, 3), scores]
    return outcomes


def told(screen, start):
    """The settings that a verdict names."""
    lines = [line for line in screen.words.splitlines() if line.startswith(start)]
    return lines[0].removeprefix(start).strip().split("; ") if lines else []


@pytest.fixture(scope="module")
def default(app):
    return opened(app)


def test_the_default_screen(default):
    none, _low, half, high = check(default, BASE, PRESETS["large"].picked)
    assert "337 parameters and 40 samples: can it" in default.words
    assert BASE.architecture.n_parameters == 337
    assert len(default.picture) == 2 + 4 + 1
    assert not [button for button in default.at.button if "compute" in button.label.lower()]
    # A lower loss is not called better: the accuracy is lower.
    assert told(default, "**Lower loss:**") == ["p = 0.2", "p = 0.5", "p = 0.8"]
    assert half.median("test_score") < none.median("test_score")
    assert high.median("test_score") < none.median("test_score") - 0.1
    assert "**Lower loss, but lower accuracy too:** p = 0.2; p = 0.5; p = 0.8." in default.words
    assert "3 comparisons at once: to be wrong in none of them with 95%, ask for 0.0167 at most" in default.words
    assert "Early stopping has a price" not in default.words


def test_the_notice_follows_the_course_of_the_plain_training(app, default):
    none = trained(BASE, "none")
    best, epoch, end = (plain(none.median(name), 3) for name in ("best_loss", "best_epoch", "validation_loss"))
    assert f"falls to {best} (around epoch {epoch}) and climbs to {end}" in default.words
    for code in ("small", "much", "short", "curve", "slow"):
        none = trained(configured(code), "none")
        screen = opened(app, preset=code)
        assert "climbs to" not in screen.words
        assert f"ends at {plain(none.median('validation_loss'), 3)}, about as low as it ever was" in screen.words
    assert "Without regularization" not in opened(app, preset="high").words


def test_the_words_of_an_experiment_follow_the_network(app):
    screen = opened(app, preset="high", width=8)
    assert f"a layer of 8 units keeps 0.8 on average, and in {0.9**8:.1%} of all passes none" in screen.words
    assert "97 parameters" not in screen.words
    small = opened(app, width=4, samples=20)
    config = OverfittingConfig(**DEFAULT | {"width": 4, "n_samples": 20})
    assert f"{config.architecture.n_parameters} parameters and 20 samples" in small.words


def test_five_seeds_tell_nothing_apart(app):
    screen = opened(app, seeds=5)
    check(screen, BASE, PRESETS["large"].picked, 5)
    assert told(screen, "**Losses not told apart by these seeds:**") == ["p = 0.2", "p = 0.5", "p = 0.8"]
    assert "With 5 seeds even 5 of 5 have 0.062: choose more seeds." in screen.words


@pytest.mark.parametrize("code", PRESETS)
def test_every_experiment_fits_the_budget_and_shows_what_it_promises(app, code):
    screen = opened(app, preset=code)
    preset, config = PRESETS[code], configured(code)
    check(screen, config, preset.picked)
    assert in_turn(config.cost(SETTINGS[one]) for one in preset.picked for _ in range(2)).within(budget.FREE)
    assert preset.why.split("{")[0] in screen.words
    if preset.title.startswith("Where it can hurt"):
        assert told(screen, "**Higher loss, here it hurts:**")[-1] == label_of(SETTINGS[preset.picked[-1]])
    else:
        assert told(screen, "**Lower loss:**") == [label_of(SETTINGS[one]) for one in preset.picked[1:]]


def test_another_draw_turns_the_verdict(app):
    """As it is said to notice."""
    screen = opened(app, draw=2, preset="others")
    config = OverfittingConfig(**DEFAULT, learning_rate=RATES["adam"], data_seed=2)
    check(screen, config, PRESETS["others"].picked)
    assert told(screen, "**Losses not told apart by these seeds:**") == ["p = 0.5"]
    assert len(told(screen, "**Lower loss:**")) == 3
    assert f"it chooses by {N_VALIDATION} validation samples" in screen.words


def test_every_control_changes_the_numbers(app):
    screen = opened(app, family="l2", settings="none.l2-0p03")
    for name, value in {
        "samples": "20", "noise": 0.3, "width": "8", "data": "xor", "draw": 4, "layers": "1", "hidden": "tanh",
        "optimizer": "sgd", "rate": 0.5, "epochs": "60", "seeds": "20",
    }.items():  # fmt: skip
        screen.set(f"regularization_over_{name}", value)
    config = OverfittingConfig("xor", 20, 0.3, 4, 1, 8, "tanh", "sgd", 0.5, 60)
    check(screen, config, ("none", "l2-0p03"), 20)
    assert "With plain SGD, as here, L2 is also called weight decay" in screen.words
    assert screen.link["regularization_over_settings"] == "none.l2-0p03"


def test_the_formulas_follow_the_setting_looked_at(app):
    screen = opened(app, preset="others")
    none, dropout, l1, l2, early = (trained(BASE, code) for code in PRESETS["others"].picked)
    assert r"\{0,\ 2\}" in screen.latex
    for place, outcome, symbol in ((2, l1, r"\lambda \sum |w|"), (3, l2, r"\frac{\lambda}{2} \sum w^2")):
        screen.set("regularization_over_closer", str(place))
        assert symbol in screen.latex
        parts = outcome.train_loss[0], outcome.penalty[0], outcome.objective[0]
        loss, penalty, both = (tex(float(value), 3) for value in parts)
        assert f"&= {loss} + {penalty} = {both}" in screen.latex
        pair = compare(outcome, none)
        assert rf"\mathrm{{median}}(d) &= {tex(pair.median, 3)}" in screen.latex
        assert all(tex(value, 3) in screen.latex for value in pair.differences[:5].tolist())
    assert "goes through Adam’s averages" in screen.words
    screen.set("regularization_over_closer", "4")
    assert rf"{early.stopped_at[0]} - {early.best_epoch[0]} &\ge 20" in screen.latex
    assert dropout.stopped_at[0] == -1


def test_the_pictures_follow_epoch_seed_and_samples(app):
    screen = opened(app, preset="others", settings="none.early_stopping-20")
    outcome, early = study(BASE, Regularizer()), study(BASE, SETTINGS["early_stopping-20"])

    def said(moment):
        return f"training loss {plain(moment.train_loss, 3)}, validation loss {plain(moment.validation_loss, 3)}"

    assert f"Seed 0, epoch 100: {said(outcome.moment(0, 100))}" in screen.words
    assert f"Seed 0, stopped; back to epoch {early.best_epoch[0]}: {said(early.moment(0, 100))}" in screen.words
    screen.set("regularization_over_epoch", 37)
    screen.set("regularization_over_seed", "3")
    moment = outcome.moment(3, 37)
    assert moment.epoch == 35
    assert f"Seed 3, epoch 35: {said(moment)}" in screen.words
    assert "stopped; back" not in screen.words
    screen.set("regularization_over_shown", "validation")
    assert "Samples outside the picture: 0" in screen.words


def test_more_seeds_cost_only_themselves(app):
    cold = opened(app, seeds=20, draw=77)
    assert "of work, more than this screen takes without asking" in cold.words
    assert "20 seeds" not in cold.words
    cold.click("regularization_overfitting_run")
    assert "medians over 20 seeds" in cold.words
    opened(app)
    screen = opened(app, seeds=20)  # the first ten of each are there
    check(screen, BASE, PRESETS["large"].picked, 20)


def test_what_is_too_much_is_refused_and_the_rest_stays(app):
    screen = opened(app, width=64, layers=3, samples=500, epochs=2000, seeds=20)
    assert "the most that this screen computes" in screen.words
    assert "Predict, then check" in screen.words
    assert "What to notice" in screen.words
    assert not screen.picture


def test_what_diverges_is_said(app):
    screen = opened(app, preset="curve", optimizer="sgd", rate=10)
    assert "none: 10 of 10 runs have diverged" in screen.words
    assert "there is nothing to draw" in screen.words
    assert screen.table.iloc[0, 1] == "∞"


def test_the_mistake(app):
    screen = opened(app)
    screen.set("regularization_over_mistake", "2")
    assert "Line 2 holds" in screen.words
    screen.set("regularization_over_mistake", "3")
    assert "The lowest of 20 numbers belongs to a lucky start" in screen.words
    assert "all 20 have learned from one draw of the training samples" in screen.words


def test_the_challenge(app):
    screen = opened(app)
    screen.set("regularization_overfitting_challenge_guess", 4)
    assert "Count the epochs since the lowest loss so far" in screen.words
    screen.set("regularization_overfitting_challenge_guess", 8)
    assert "number 5, and 3 epochs later" in screen.words
    assert overfitting.WATCHED[9] == min(overfitting.WATCHED)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_script_prints_the_numbers_of_the_screen(app, default, language):
    screen = default if language == "en" else opened(app, language)
    lines = screen.printed()
    for place, row in enumerate(screen.table.itertuples(index=False)):
        numbers = [plain(float(word), 3) for word in re.findall(r"(?<= )-?\d[\d.e-]*", lines[place].split("losses")[1])]
        assert numbers[:3] == list(row[1:4])
        assert f"{numbers[3]} ({numbers[4]})" == row[4]
    for place, row in enumerate(screen.at.table[2].value.itertuples(index=False), len(screen.table)):
        assert f"lower {row[1].split('/')[0]} " in lines[place]
        assert "score higher {} lower {} ".format(*row[4].split(" : ")) in lines[place]
        assert plain(float(lines[place].split()[-1]), 3) == row[3]


def test_pictures_are_named_in_words(default):
    titles = [layer["encoding"]["y"]["title"] for layer in (json.loads(one)["layer"][0] for one in default.picture[:2])]
    assert titles == ["training loss", "validation loss"]
