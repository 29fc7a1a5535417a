"""The sweep: picture, tables and formulas hold the engine's numbers; what is said of them holds."""

import json
import re
from dataclasses import replace

import pytest

from engine.lab_presets import PRESETS
from engine.lab_sweep import RATES, SweepConfig, around, best_rate, grid, run
from engine.paired_seeds import fewest_pairs
from engine.sweep_reading import joined
from pages.sections.training import sweep_setup
from pages.sections.training.sweep_pictures import value
from pages.sections.training.sweep_setup import SETTINGS
from pages.shared import budget
from pages.shared.numbers import plain, tex

CLASSIC = PRESETS["classic"]
NUMBER = r"-?(?:inf|nan|\d[\d.]*(?:e[+-]?\d+)?)"


def opened(app, language="en", preset="classic", **query):
    query = {f"training_sweep_{name}": str(one) for name, one in query.items()}
    return app("training", language, training_section="sweep", training_preset=preset, **query)


def swept(config):
    blocks = config.blocks
    if config.own_rate:
        blocks = [replace(block, rate=best_rate(run(block.search))) for block in blocks]
    return joined(config, [run(block) for block in blocks])


def rows(screen):
    """The rows of the first table, without what keeps their words together."""
    return screen.table.replace({"\N{NO-BREAK SPACE}": " ", "\N{WORD JOINER}": ""}, regex=True).to_numpy().tolist()


def check(screen, config, measure="test_loss"):
    """Both tables and the formula against the engine."""
    result = swept(config)
    band, (losses, epochs) = result.band(measure), result.lowest
    shift = config.setting == "optimizer"
    for place, row in enumerate(rows(screen)):
        assert row[1 + shift] == value(band.median[place])
        assert row[2 + shift] == f"{value(band.low[place])} – {value(band.high[place])}"
        assert row[3 + shift] == f"{value(losses[place])} ({value(epochs[place])})"
        assert row[5 + shift] == f"{result.n_diverged[place]}/{config.n_seeds}"
        if shift:
            assert row[1] == plain(float(result.rates[place]))
    assert len(screen.table) == len(config.values)
    best, *others = result.order(measure)
    for row, other in zip(screen.at.table[1].value.itertuples(index=False), sorted(others), strict=True):
        pair = result.pair(best, other, measure)
        assert list(row[1:]) == [f"{pair.lower}/{pair.n}", f"{pair.higher}/{pair.n}", plain(pair.p, 2)]
    luck = result.luck(measure)
    assert rf"\frac{{{tex(luck.between, 3)}}}{{{tex(luck.total, 3)}}} = {tex(luck.share, 3)}" in screen.latex
    assert rf"W_{{\mathrm{{luck}}}} &= \frac{{1}}{{n}} = \frac{{1}}{{{config.n_seeds}}}" in screen.latex
    assert f"= {tex(luck.by_chance, 3)}" in screen.latex
    return result


@pytest.fixture(scope="module")
def default(app):
    return opened(app)


def test_the_default_is_computed_at_once(default):
    rates = grid(*around(0.03), 7, log=True)
    epochs = default.value("training_sweep_epochs")
    config = SweepConfig(CLASSIC, "rate", rates, 10, epochs)
    assert config.cost.operations <= budget.FREE.operations
    assert 1 <= epochs <= CLASSIC.training.epochs
    check(default, config)
    assert len(default.picture) == 2
    assert 0.03 in rates


def test_the_valley_of_the_learning_rate(app):
    """After 60 epochs of the classic: too slow, a valley, and worse than the start."""
    screen = opened(app, epochs=60)
    if not swept_at_once(screen):
        screen.click("training_sweep_run")
    result = check(screen, SweepConfig(CLASSIC, "rate", grid(*around(0.03), 7, log=True), 10, 60))
    best = result.order("test_loss")[0]
    assert 0 < best < 6
    assert f"The best median, {value(result.band('test_loss').median[best])}, is that of" in screen.words
    assert result.worse_than_start("test_loss") == (6,)
    assert "With a median worse than that of all starts: 3." in screen.words
    assert "effect rather than luck" in screen.words


def swept_at_once(screen):
    return bool(screen.picture)


@pytest.mark.parametrize("setting", [code for code in SETTINGS if code != "rate"])
def test_every_setting_shows_the_engines_numbers(app, setting):
    screen = opened(app, setting=setting, seeds=5, epochs=2)
    codes = sweep_setup.DEFAULTS.get(setting) or ("off", "on")
    if setting in sweep_setup.ranges(CLASSIC):
        of, whole = sweep_setup.ranges(CLASSIC)[setting], setting in sweep_setup.WHOLE
        codes = (0.0,) * (setting == "l2") + grid(of.start, of.end, of.count, log=of.log, whole=whole)
    check(screen, SweepConfig(CLASSIC, setting, codes, 5, 2))
    assert screen.value("training_sweep_setting") == setting
    shown = json.loads(screen.picture[0])
    assert shown["layer"][1]["mark"]["type"] == ("rule" if setting in sweep_setup.CHOSEN else "area")


def test_every_control_changes_the_numbers(app):
    screen = opened(app, seeds=5, epochs=3, count=3)
    for key, chosen in {"from": 0.1, "to": 2.0, "count": 4, "epochs": 4, "seeds": "10", "data": True}.items():
        screen.set(f"training_sweep_{key}", chosen)
    config = SweepConfig(CLASSIC, "rate", grid(0.1, 2.0, 4, log=True), 10, 4, new_data=True)
    check(screen, config)
    screen.set("training_sweep_measure", "train_score")
    result = check(screen, config, "train_score")
    screen.set("training_sweep_goal", 0.6)
    counts = [int(cell.split("/")[0]) for cell in screen.table.iloc[:, 4]]
    assert counts == result.reached("train_score", 0.6).sum(axis=1).tolist()
    assert 0 < sum(counts) < 40
    again = app("training", **{**screen.link, "training_section": "sweep"})
    assert again.table.equals(screen.table)


def test_the_sweep_says_that_its_epochs_are_its_own(app):
    screen = opened(app, seeds=5, epochs=2)
    assert "The sweep has its own epochs: 2 instead of the panel’s 300." in screen.words
    screen.set("training_epochs", 2)
    assert "The sweep has its own epochs" not in screen.words


def test_a_seed_of_the_panel_moves_all_seeds(app):
    screen = opened(app, seeds=5, epochs=2)
    screen.set("training_seed", 3)
    moved = replace(CLASSIC, training=replace(CLASSIC.training, seeds=3))
    check(screen, SweepConfig(moved, "rate", grid(*around(0.03), 7, log=True), 5, 2))
    assert "Seeds 3 to 7" in screen.words


def test_few_seeds_tell_nothing_apart(app):
    screen = opened(app, seeds=5, epochs=2)
    assert f"With fewer than {fewest_pairs(21)} seeds nothing can be told apart" in screen.words
    assert "**Not told apart from the best by these seeds:**" in screen.words
    assert "all 21 pairs of values count: each is asked for 0.0024 instead of 0.05" in screen.words


def test_divergence_is_counted_and_told(app):
    screen = opened(app, preset="plane", to=100, seeds=5, epochs=20)
    result = check(screen, SweepConfig(PRESETS["plane"], "rate", grid(0.005, 100, 7, log=True), 5, 20))
    n = int(result.n_diverged.sum())
    assert n > 0
    assert f"Diverged: {n} of 35; they count as infinite." in screen.words
    assert "The valley ends at a cliff: from η = " in screen.words
    assert screen.table.iloc[-1, 1] == "∞"


def test_optimizers_at_one_rate_and_each_at_its_own(app):
    screen = opened(app, setting="optimizer", values="sgd.adam", seeds=5, epochs=3)
    check(screen, SweepConfig(CLASSIC, "optimizer", ("sgd", "adam"), 5, 3))
    assert "One learning rate for all optimizers is unfair" in screen.words
    screen.set("training_sweep_mode", "best")
    if not swept_at_once(screen):
        screen.click("training_sweep_run")
    result = check(screen, SweepConfig(CLASSIC, "optimizer", ("sgd", "adam"), 5, 3, own_rate=True))
    assert set(result.rates.tolist()) <= set(RATES)
    assert "five other seeds" in screen.words


def test_two_values_seed_by_seed(app):
    screen = opened(app, seeds=5, epochs=3, a=0, b=6)
    result = swept(SweepConfig(CLASSIC, "rate", grid(*around(0.03), 7, log=True), 5, 3))
    scope = [widget for widget in screen.at.selectbox if widget.key.startswith("training_sweep_a|")]
    assert scope
    pair = result.pair(0, 6, "test_loss")
    screen.set("training_sweep_a", "0").set("training_sweep_b", "6")
    assert rf"n &= {pair.lower} + {pair.higher} = {pair.lower + pair.higher}" in screen.latex
    assert rf"p &= {tex(pair.p, 3)}" in screen.latex
    assert "Not told apart; pairs to pick from: 21, limit of p: 0.0024." in screen.words
    screen.set("training_sweep_b", "0")
    assert "Choose two different values." in screen.words


def test_the_best_is_checked_on_fresh_seeds(app):
    screen = opened(app, seeds=5, epochs=5, fresh=1)
    config = SweepConfig(CLASSIC, "rate", grid(*around(0.03), 7, log=True), 5, 5)
    old = swept(config)
    best, second, *_rest = old.order("test_loss")
    fresh = replace(config, values=(config.values[best], config.values[second]), fresh=True)
    new = swept(fresh)
    rows = screen.at.table[2].value
    assert rows.iloc[:, 1].tolist() == [value(old.band("test_loss").median[place]) for place in (best, second)]
    assert rows.iloc[:, 2].tolist() == [value(one) for one in new.band("test_loss").median]
    pair = new.pair(0, 1, "test_loss")
    assert f"Fresh seeds {fresh.seeds[0]} to {fresh.seeds[-1]}" in screen.words
    assert f"in {pair.lower} of 5, worse in {pair.higher} (p = {plain(pair.p, 2)};" in screen.words


@pytest.mark.parametrize("preset", PRESETS)
def test_every_experiment_opens_at_once(app, preset):
    screen = opened(app, preset=preset)
    assert screen.picture
    assert not screen.at.error
    own_start = "This experiment has a start of its own" in screen.words
    assert own_start == bool(PRESETS[preset].start)


def test_what_does_not_fit_an_experiment_is_not_offered(app):
    screen = opened(app, preset="unit")
    offered = screen.widget("training_sweep_setting").options
    assert "Learning rate η" in offered
    assert not {"Drop rate p", "Test share", "Units in each hidden layer"} & set(offered)
    assert "test loss" not in screen.widget("training_sweep_measure").options


def test_what_the_engine_refuses_is_a_sentence_and_the_rest_stays(app):
    screen = opened(app, setting="batch_norm", epochs=2, seeds=5)
    alone = opened(app, setting="optimizer", values="sgd", epochs=2, seeds=5)
    assert [error.value for error in alone.at.error]
    assert "Predict, then check" in alone.words
    assert "What to notice" in alone.words
    assert not alone.picture
    assert screen.picture


def test_what_is_too_much_waits_or_is_refused(app):
    screen = opened(app, preset="spirals", seeds=50, epochs=200)
    assert not screen.picture
    assert "of work, more than this screen takes without asking" in screen.words or (
        "the most that this screen computes" in screen.words
    )
    assert "Predict, then check" in screen.words


def test_the_mistake(app):
    screen = opened(app, epochs=1, seeds=5)
    screen.set("training_sweep_mistake", "3")
    assert "Line 3 holds" in screen.words
    screen.set("training_sweep_mistake", "4")
    assert "What was used for choosing is a validation set" in screen.words


def test_the_challenge(app):
    screen = opened(app, epochs=1, seeds=5)
    screen.set("training_sweep_challenge_guess", 5)
    assert "With 5 seeds that is 0.0625" in screen.words
    screen.set("training_sweep_challenge_guess", fewest_pairs(21))
    assert fewest_pairs(21) == 10
    assert "holds from n = 10 on" in screen.words


@pytest.mark.parametrize(
    ("query", "best", "open_end"),
    [
        ({"setting": "l2"}, 0, False),  # no penalty: there is no smaller one
        ({"setting": "noise"}, 0, False),
        ({"setting": "samples"}, 4, False),  # all there are
        ({"from": 0.003, "to": 0.03}, 6, True),
    ],
)
def test_a_better_value_may_lie_beyond_only_where_there_are_values(app, query, best, open_end):
    screen = opened(app, seeds=5, epochs=5, **query)
    name = re.search(r"The best median, [^,]+, is that of (.+?)\. ", screen.words)[1]
    assert [row[0] for row in rows(screen)].index(name) == best
    assert ("It lies at the end of the values tried: a better one may lie beyond." in screen.words) == open_end


def test_the_words_about_luck_do_not_contradict_the_sign_tests(app):
    """The finding: all 10 of 10, where the seeds differ far more than these neighbouring values do."""
    screen = opened(app, **{"from": 0.028, "to": 0.034}, epochs=4)
    result = check(screen, SweepConfig(CLASSIC, "rate", grid(0.028, 0.034, 7, log=True), 10, 4))
    best, *others = result.order("test_loss")
    assert all(result.pair(best, other, "test_loss").told_apart(result.comparisons) for other in others)
    assert "**All others are told apart from the best by these seeds.**" in screen.words
    assert "over all values, effect rather than luck." in screen.words


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    "query", [{"to": 0.3, "count": 5}, {"setting": "initializer", "measure": "test_score"}, {"setting": "samples"}]
)
def test_the_script_prints_the_numbers_of_the_screen(app, language, query):
    screen = opened(app, language, epochs=3, seeds=5, **query)
    lines = screen.printed()
    for line, row in zip(lines, rows(screen), strict=False):
        label, text = line.split(" | ")
        numbers = [float(word) for word in re.findall(NUMBER, text)]
        assert label == row[0]
        assert value(numbers[0]) == row[1]
        assert f"{value(numbers[1])} – {value(numbers[2])}" == row[2]
        assert f"{value(numbers[3])} ({value(numbers[4])})" == row[3]
        assert int(numbers[5]) == int(row[4].split("/")[0])
    for line, row in zip(lines[len(screen.table) :], screen.at.table[1].value.itertuples(index=False), strict=True):
        numbers = [float(word) for word in re.findall(NUMBER, line.split(" | ")[1])]
        assert [f"{int(one)}/5" for one in numbers[:2]] == list(row[1:3])
        assert plain(numbers[2], 2) == row[3]
