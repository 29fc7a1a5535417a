"""Layer upon layer: steps, tables, formulas and pictures hold the engine's numbers; what takes long is asked for."""

import json
import math
from collections import OrderedDict
from dataclasses import replace

import pytest

from engine.cost import in_turn
from engine.paired_seeds import paired
from engine.pretraining_study import (
    CHANCE,
    PileConfig,
    TuningConfig,
    joined,
    pile,
    search,
    start_gradients,
    tune,
)
from engine.seed_bands import over_seeds
from pages.sections.initialization import pretraining as section_module
from pages.sections.initialization.pretraining_setup import DEFAULT, NAMES
from pages.shared import budget, cached_pretraining
from pages.shared.numbers import plain, tex

SEEDS = (0, 1, 2)
LABELS = NAMES | {"rbm": "pretrained", "batch_norm": "batch norm"}


def opened(app, language="en", **query):
    query = {f"initialization_pretraining_{name}": str(value) for name, value in query.items()}
    return app("initialization", language, initialization_section="pretraining", **query)


@pytest.fixture
def empty_shelves(monkeypatch):
    """Nothing trained yet."""
    for shelf in (cached_pretraining.tuned, cached_pretraining.tuned_at_best, cached_pretraining.searched):
        monkeypatch.setattr(shelf, "_kept", OrderedDict())


def median(values):
    return float(over_seeds(values).median)


def check(screen, outcomes, config, goal=0.5, own=False):
    """Both tables against results, code -> Tuned."""
    losses, work = screen.at.table[1].value, screen.at.table[2].value
    assert len(losses) == len(work) == len(outcomes)
    for place, (code, found) in enumerate(outcomes.items()):
        last = over_seeds(found.train_loss[:, -1])
        epochs, left = median(found.reached(goal)), config.epochs_at_equal_work(code)
        assert losses.iloc[place].tolist() == [
            LABELS[code],
            *([plain(found.learning_rate, 3)] if own else []),
            plain(float(last.median), 3),
            f"{plain(float(last.low), 3)} – {plain(float(last.high), 3)}",
            plain(median(found.test_loss[:, -1]), 3),
            f"{median(found.test_error[:, -1]):.0%}",
        ]
        assert work.iloc[place].tolist() == [
            LABELS[code],
            plain(median(found.gradients[:, 0]), 3),
            plain(epochs * config.updates) if math.isfinite(epochs) else "–",
            plain(config.work_before(code), 3),
            "–" if left is None else plain(median(found.train_loss[:, left]), 3),
        ]


def test_the_default_screen(app):
    screen, config = opened(app), TuningConfig()
    assert [button.key for button in screen.at.button if button.key.endswith("_run")] == []
    outcomes = {code: tune(config, code, SEEDS) for code in DEFAULT}
    check(screen, outcomes, config)
    made = pile(config.pile, SEEDS)
    for n, row in enumerate(screen.table.to_numpy().tolist()):
        numbers = made.errors[n, 0], made.errors[n, -1], made.mean_errors[n], made.through[n]
        assert row == [str(n + 1), *map(plain, map(float, numbers))]
    assert rf"\to {tex(made.errors[1, -1])}" in screen.latex  # it opens at machine 2
    assert f"&= {tex(config.pretraining_epochs)}" in screen.latex
    assert f"&= {tex(config.pile.work)}" in screen.latex
    assert f"Still within 2% of guessing (ln 10 = {plain(CHANCE)}): Xavier, He." in screen.words
    assert "share one learning rate" in screen.words
    assert "Their curves lie on each other" in screen.words
    assert f"the work of {plain(config.pretraining_epochs, 3)} such epochs, more than" in screen.words
    assert len(screen.picture) == 4


def test_the_controls_change_the_numbers(app):
    screen = opened(app, starts="rbm.he.batch_norm")
    for key, value in {
        "images": "400",
        "depth": 2,
        "width": "16",
        "passes": "5",
        "labelled": "50",
        "optimizer": "adam",
        "rate": 0.05,
        "epochs": "30",
        "goal": 1.5,
        "machine_rate": 0.8,
    }.items():
        screen.set(f"initialization_pretraining_{key}", value)
    config = TuningConfig(PileConfig(400, 2, 16, 5, 0.8), 50, 30, 0.05, "adam")
    outcomes = {code: tune(config, code, SEEDS) for code in ("rbm", "he", "batch_norm")}
    check(screen, outcomes, config, goal=1.5)
    assert config.epochs_at_equal_work("rbm") is None  # the machines saw eight times as many images
    assert screen.link["initialization_pretraining_machine_rate"] == "0.8"


def test_more_seeds_are_joined(app):
    screen = opened(app, starts="he", seeds=5)
    config = TuningConfig()
    check(screen, {"he": joined([tune(config, "he", SEEDS), tune(config, "he", (3, 4))])}, config)
    assert "the median of 5 seeds" in screen.words


def test_the_steps(app):
    screen = opened(app, step=0)
    assert "Their labels stay in the drawer" in screen.words
    for word in ("**Machine 1** learns", "**Machine 2** sits on top", "**Machine 3** sits", "**The output layer**"):
        screen.click("initialization_pretraining_step", "chevron_right")
        assert word in screen.words
    screen.click("initialization_pretraining_step", "chevron_right")
    assert "**Fine-tuning:** now the labels" in screen.words
    found = tune(TuningConfig(), "rbm", SEEDS)
    before, after = (sum(a == c for c, a in enumerate(row)) for row in found.answers.tolist())
    assert f"(seed 0) names {before} of these ten. After fine-tuning: {after} of ten." in screen.words
    screen.set("initialization_pretraining_starts", ["xavier"])
    assert "of these ten" not in screen.words


@pytest.mark.parametrize("measure", ["train_loss", "test_loss", "test_error", "gradients"])
def test_every_picture(app, measure):
    screen = opened(app, measure=measure, counted=1)
    titles = json.dumps(json.loads(screen.picture[-1]))
    assert ("work, in epochs of fine-tuning" in titles) == (measure != "gradients")
    assert screen.has("initialization_pretraining_counted") == (measure != "gradients")


def test_what_takes_long_is_asked_for(app, empty_shelves):
    screen = opened(app, epochs=60)
    assert "more than this screen takes without asking" in screen.words
    assert len(screen.picture) == 3  # the pile is there
    assert len(screen.at.table) == 2  # its table, and the terms
    screen.click("initialization_pretraining_run")
    config = TuningConfig(epochs=60)
    check(screen, {code: tune(config, code, SEEDS) for code in DEFAULT}, config)


def test_each_start_at_its_own_best_rate(app, empty_shelves):
    screen = opened(app, own=1, starts="normal")
    assert not screen.has("initialization_pretraining_rate")
    config = TuningConfig()
    screen.click("initialization_pretraining_run")
    best = search(config, "normal").best
    check(screen, {"normal": tune(replace(config, learning_rate=best), "normal", SEEDS)}, config, own=True)


def test_an_end_of_the_grid_is_named(app, empty_shelves):
    config = TuningConfig()
    assert not search(config, "rbm").at_an_end
    assert not search(config, "xavier").at_an_end
    assert search(replace(config, optimizer="adam"), "relu").at_an_end
    screen = opened(app, own=1, starts="relu", optimizer="adam")
    screen.click("initialization_pretraining_run")
    assert "may lie beyond it: ReLU + He." in screen.words


def test_a_divergence_is_told(app):
    screen = opened(app, starts="relu", rate=3, optimizer="momentum", depth=6, width=64, passes=0)
    pile_config = PileConfig(depth=6, width=64, epochs=0)
    found = tune(TuningConfig(pile_config, learning_rate=3.0, optimizer="momentum"), "relu", SEEDS)
    assert found.n_diverged > 1
    assert f"no longer finite: ReLU + He {found.n_diverged} of 3." in screen.words
    assert screen.at.table[1].value.iloc[0, 1] == "∞"


def test_what_is_left_at_equal_work(app):
    screen = opened(app, starts="rbm", passes=5, epochs=30)
    config = TuningConfig(PileConfig(epochs=5), epochs=30)
    check(screen, {"rbm": tune(config, "rbm", SEEDS)}, config)
    left = config.epochs_at_equal_work("rbm")
    assert left == 30 - math.ceil(config.pretraining_epochs)
    assert f"at equal work {left} epochs are left to the pretrained start" in screen.words


def test_no_more_than_a_learner_can_wait_for(app):
    screen = opened(app, images=400, labelled=400, depth=6, width=64, epochs=120, seeds=11, passes=5)
    assert "the most that this screen computes" in screen.words
    assert screen.has("initialization_pretraining_wrong")


def test_what_the_words_say_of_the_opening_settings():
    config = TuningConfig()
    found = {code: tune(config, code, SEEDS) for code in DEFAULT}
    last = {code: median(one.train_loss[:, -1]) for code, one in found.items()}
    first = {code: median(one.gradients[:, 0]) for code, one in found.items()}
    for code in ("xavier", "he"):
        assert last[code] == pytest.approx(CHANCE, rel=0.02)
        per_layer = over_seeds(found[code].gradients).median
        assert (per_layer[1:] > 2 * per_layer[:-1]).all()  # several times smaller from layer to layer
    assert last["rbm"] < 0.5 * CHANCE
    assert first["rbm"] < first["he"]
    assert config.pretraining_epochs > config.epochs
    assert last["normal"] < 0.5 * CHANCE
    assert last["relu"] < 0.2 * last["rbm"]
    assert round(TuningConfig(PileConfig(n_images=400), n_labelled=50).pretraining_epochs) == 148


def test_the_learning_rate_decides_who_is_stuck():
    """As the notice says: He leaves guessing at η = 1, Xavier with Adam and η = 0.01."""
    he, xavier = TuningConfig(learning_rate=1.0), TuningConfig(learning_rate=0.01, optimizer="adam")
    assert median(tune(he, "he", SEEDS).train_loss[:, -1]) < 0.9 * CHANCE
    assert median(tune(xavier, "xavier", SEEDS).train_loss[:, -1]) < 0.5 * CHANCE


def test_few_seeds_tell_nothing_apart(app):
    """With 3 seeds the order of the medians of the test loss is the other way round than with 11."""
    screen, config = opened(app), TuningConfig()
    assert "take 8 seeds at least. Choose more seeds." in screen.words
    assert "; told apart" not in screen.words
    own = tune(config, "rbm", SEEDS).test_loss[:, -1]
    for code in DEFAULT[1:]:
        pair = paired(own, tune(config, code, SEEDS).test_loss[:, -1])
        assert f"- **{LABELS[code]}**: {said(pair)}; not told apart" in screen.words
    assert "the lowest median test loss" not in screen.words


def test_enough_seeds_tell_apart_what_differs(app, empty_shelves):
    screen, config = opened(app, seeds=11, starts="rbm.normal.relu"), TuningConfig()
    screen.click("initialization_pretraining_run")
    tests = {
        code: joined([tune(config, code, seeds) for seeds in config.blocks(code, 11)]).test_loss[:, -1]
        for code in ("rbm", "normal", "relu")
    }
    for code, apart in {"normal": True, "relu": False}.items():
        pair = paired(tests["rbm"], tests[code])
        assert pair.told_apart(2) == apart
        assert f"- **{LABELS[code]}**: {said(pair)}; {'' if apart else 'not '}told apart" in screen.words
    assert "p ≤ 0.05 shared among 2 of them" in screen.words


def test_one_start_alone_is_compared_with_nothing(app):
    assert "Does it pay here?" not in opened(app, starts="he").words


def said(pair):
    return f"lower in {pair.lower} of {pair.n} seeds, median difference {plain(pair.difference, 3)}"


def test_the_mistake(app):
    screen = opened(app)
    made = pile(PileConfig(), SEEDS)
    screen.set("initialization_pretraining_wrong", "2")
    assert "Line 2 holds." in screen.words
    screen.set("initialization_pretraining_wrong", "3")
    assert [box.proto.title for box in screen.at.success] == ["You found it: line 3"]
    assert f"off by {', '.join(plain(error, 3) for error in made.through.tolist())} (mean" in screen.words
    assert (made.through[1:] > made.through[:-1]).all()  # something is lost on the way


def test_the_challenge(app):
    key = "initialization_pretraining_challenge_guess"
    ends = [median(start_gradients(TuningConfig(PileConfig(depth=depth)), "xavier", SEEDS)[:, 0]) for depth in (3, 6)]
    factor = (ends[0] / ends[1]) ** (1 / 3)
    screen = opened(app)
    screen.set(key, 2.0)
    assert [box.proto.title for box in screen.at.warning] == ["Not yet"]
    screen.set(key, round(factor, 1))
    assert screen.at.success[-1].proto.title == f"Right: {plain(factor)}"
    assert 4 < factor < 6  # the explanation: 4, and a little more


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_script_prints_the_numbers_of_the_screen(app, language):
    screen = opened(app, language, starts="rbm.relu", labelled=100)
    printed = iter(screen.printed())
    for row in screen.table.to_numpy().tolist():
        words = next(printed).split()
        assert row[1:] == [plain(float(words[place])) for place in (3, 5, 8, 13)]
    losses, work = screen.at.table[1].value, screen.at.table[2].value
    for place in range(2):
        words = next(printed).split()
        low, middle, high, test, wrong, goal, first = (float(words[at]) for at in (3, 4, 5, 8, 10, 12, 14))
        assert losses.iloc[place].tolist()[1:] == [
            plain(middle, 3),
            f"{plain(low, 3)} – {plain(high, 3)}",
            plain(test, 3),
            f"{wrong:.0%}",
        ]
        assert work.iloc[place, 1] == plain(first, 3)
        assert work.iloc[place, 2] == (plain(goal * 5) if math.isfinite(goal) else "–")


def test_the_default_screen_asks_nothing():
    config = TuningConfig()
    assert in_turn(config.cost(code, len(SEEDS)) for code in DEFAULT).within(budget.FREE)
    assert config.pile.cost(len(SEEDS)).within(budget.FREE)
    assert section_module.FEW == SEEDS
