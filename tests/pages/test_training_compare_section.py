"""Comparing two runs: what was changed is named, and every number is the engine's."""

import math
import re
from dataclasses import replace

import pytest

from engine.lab import run
from engine.lab_code import decode, encode
from engine.lab_difference import with_seed
from engine.lab_pair import SEEDS, parting, seed_pairs, seed_runs, summary
from engine.lab_presets import FRAMES, PRESETS
from engine.optimizers import optimizer
from engine.training_config import evenly
from pages.sections.training.compare import WON, WON_EPOCHS
from pages.sections.training.compare_setup import REFERENCES
from pages.shared.numbers import plain, tex

EPOCHS = 8
PINNED = f"classic~epochs-{EPOCHS}"


def classic(rate: float = 0.03, seed: int = 0):
    base = PRESETS["classic"]
    training = replace(
        base.training,
        epochs=EPOCHS,
        snapshots=evenly(EPOCHS, min(FRAMES, EPOCHS + 1)),
        optimizer=optimizer("sgd", learning_rate=rate),
        seeds=seed,
    )
    return replace(base, training=training)


def opened(app, language="en", epochs=EPOCHS, section="compare", **query):
    parameters = {f"training_{name}": str(value) for name, value in {"compare_with": "seed", **query}.items()}
    return app("training", language, training_section=section, training_epochs=str(epochs), **parameters)


@pytest.fixture(scope="module")
def pinned(app):
    """The classic pinned, and trained with ten times the learning rate; not to be changed."""
    return opened(app, rate=0.3, compare_pin=PINNED, compare_with="pin")


def rows(screen) -> dict[str, list[str]]:
    table = {row[0].replace("\N{NO-BREAK SPACE}", " "): list(row[1:]) for row in screen.table.itertuples(index=False)}
    return table


def test_the_experiment_as_it_was_is_the_first_thing_to_compare_with(app):
    screen = opened(app, preset="plane", epochs=50, compare_with="preset")
    assert "**No difference:** A and B are one and the same run." in screen.words
    assert screen.value("training_compare_with") == next(iter(REFERENCES)) == "preset"
    screen.set("training_rate", 0.01)
    assert "**One change, A → B:** **learning rate η:** 0.05 → 0.01" in screen.words


def test_another_seed(app):
    screen = opened(app)
    assert "**One change, A → B:** **seed (start, order and masks):** 1 → 0" in screen.words
    assert "another seed draws other first weights" in screen.words
    assert "**Same samples** for training and testing." in screen.words
    assert "**Same batches**" not in screen.words
    assert "Nothing but chance tells these runs apart" in screen.words
    other, now = with_seed(classic(), 1), classic()
    ends = [summary(config, run(config), 0.01) for config in (other, now)]
    assert rows(screen)["Test loss"][:2] == [plain(end.test_loss) for end in ends]
    assert screen.toasts == []


def test_one_change_is_named_and_every_number_is_the_engines(pinned):
    first, second = classic(), classic(0.3)
    runs = run(first), run(second)
    ends = [summary(config, history, 0.01) for config, history in zip((first, second), runs, strict=True)]
    assert "**One change, A → B:** **learning rate η:** 0.03 → 0.3" in pinned.words
    assert "**Same start:** all 25 first parameters are identical, to the last bit." in pinned.words
    assert "**Same batches** in every epoch." in pinned.words
    found = rows(pinned)
    assert list(pinned.table)[1:] == ["A:\N{NO-BREAK SPACE}pinned", "B:\N{NO-BREAK SPACE}now", "B − A"]
    for title, name in (("Training loss", "train_loss"), ("Test loss", "test_loss"), ("Best loss", "best")):
        a, b = (getattr(end, name) for end in ends)
        assert found[title] == [plain(a), plain(b), ("+" if b > a else "") + plain(b - a)]
    assert found["Epoch of the best"][:2] == [str(end.best_epoch) for end in ends]
    assert found["Updates"] == ["200", "200", "0"]
    assert found["Parameters"] == ["25", "25", "0"]
    way = parting(*runs)
    assert f"d({EPOCHS}) &= {tex(float(way.between[-1]))}" in pinned.latex
    assert "d(0) &= 0" in pinned.latex
    assert f"&= {tex(ends[1].test_loss)} - {tex(ends[0].test_loss)}" in pinned.latex
    assert f"{plain(float(way.between[-1]), 3)} apart" in pinned.words


def test_pin_change_swap_and_unpin(app):
    screen = opened(app)
    screen.click("training_compare_do_pin")
    assert screen.link["training_compare_pin"] == PINNED
    assert screen.link["training_compare_with"] == "pin"
    assert decode(screen.link["training_compare_pin"]) == classic()
    assert "**No difference:**" in screen.words
    assert screen.button("training_compare_do_pin").disabled
    screen.set("training_rate", 0.3)
    assert "**learning rate η:** 0.03 → 0.3" in screen.words
    screen.set("training_compare_swap", True)
    assert "**learning rate η:** 0.3 → 0.03" in screen.words
    assert list(screen.table)[1].startswith("A:\N{NO-BREAK SPACE}now")
    screen.set("training_seed", 5)
    assert "**3 changes at once" not in screen.words
    assert "changes at once, A → B:**" in screen.words
    assert "has **no single cause**" in screen.words
    screen.click("training_compare_do_unpin")
    assert "training_compare_pin" not in screen.link
    assert screen.value("training_compare_with") == "preset"


def test_one_and_the_same_run_is_trained_once(app):
    screen = opened(app, compare_pin=PINNED, compare_with="pin")
    assert "**No difference:**" in screen.words
    assert f"This setting takes about ${tex(classic().cost.operations, 2)}$ operations" in screen.words


def test_the_link_brings_the_pinned_run_back(app, pinned):
    again = app("training", **pinned.link)
    assert again.screenshot() == pinned.screenshot()
    assert again.link == pinned.link


def test_a_pin_outlives_a_walk_and_a_change_of_language(app):
    screen = opened(app, rate=0.3, compare_pin=PINNED, compare_with="pin")
    screen.set("training_section", "sweep")
    assert "training_compare_pin" not in screen.link
    screen.set("training_section", "compare")
    assert screen.link["training_compare_pin"] == PINNED
    screen.set("lang", "ko")
    assert screen.link["training_compare_pin"] == PINNED
    screen.click("training_compare_do_unpin")
    screen.set("lang", "en")
    assert "training_compare_pin" not in screen.link


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "classic~epochs-nan",
        "classic~sizes-2_99999999_1",
        "<b>",
        "\x00",
        "한국어",
        "classic~" * 400,
        "{key}",
    ],
)
def test_a_hostile_pin_is_told_and_left_out(app, text):
    screen = opened(app, compare_pin=text, compare_with="pin")
    assert [toast.split("`")[1] for toast in screen.toasts] == ["training_compare_pin"]
    assert "Nothing is pinned yet." in screen.words
    assert "training_compare_pin" not in screen.link


def test_a_pin_too_long_for_a_link_is_refused(app):
    long = encode(PRESETS["deeper"], "classic")  # 261 first parameters
    assert len(long) > 1500
    screen = opened(app, compare_pin=long, compare_with="pin")
    assert len(screen.toasts) == 1


def test_a_pinned_run_beyond_reason_is_not_trained(app):
    screen = opened(app, compare_pin="classic~sizes-2_900_900_1~epochs-90000", compare_with="pin")
    assert "the most that this screen computes" in screen.words
    assert "Predict, then check" in screen.words
    assert screen.picture == []


def test_other_losses_are_not_compared(app):
    screen = opened(app, compare_pin=f"{PINNED}~loss-squared_error", compare_with="pin")
    assert "**loss:** (a − y)², mean → ½ (a − y)², mean" in screen.words
    assert "**The losses cannot be compared:**" in screen.words
    assert rows(screen)["Test loss"][2] == "–"
    assert r"\Delta L" not in screen.latex


def test_other_networks_have_no_distance(app):
    screen = opened(app, compare_pin=f"{PINNED}~sizes-2_8_1~activations-tanh.relu", compare_with="pin")
    assert "**hidden units:** 8 → 4, 2" in screen.words
    assert "networks of another shape" in screen.words
    assert "different numbers of parameters" in screen.words
    assert "d(t)" not in screen.latex


def test_the_pictures_follow_the_frame(app):
    screen = opened(app, rate=0.3, compare_pin=PINNED, compare_with="pin")
    histories = run(classic()), run(classic(0.3))
    screen.set("training_frame", 3)
    for history in histories:
        train, test = (plain(float(curve[3]), 3) for curve in (history.train_loss, history.test_loss))
        assert f"Epoch 3: training loss {train}, test loss {test}" in screen.words
    assert f"d(3) &= {tex(float(parting(*histories).between[3]))}" in screen.latex
    screen.set("training_compare_shown", "score")
    assert any('"title":"accuracy"' in spec.replace(" ", "") for spec in screen.picture)


def test_the_goal_is_reached_when_the_loss_is(app):
    screen = opened(app, rate=0.3, compare_pin=PINNED, compare_with="pin")
    screen.set("training_compare_goal", 0.2)
    history = run(classic(0.3))
    reached = next(epoch for epoch, loss in enumerate(history.test_loss) if loss <= 0.2)
    assert rows(screen)["Epochs to a test loss of 0.2"] == ["never", str(reached), "–"]


def test_the_goal_says_whose_loss_is_watched(app):
    screen = opened(app, preset="three", epochs=50)
    assert "Epochs to a training loss of 0.01" in rows(screen)


def test_a_run_that_diverges_is_said(app):
    screen = opened(app, preset="plane", rate=50, compare_pin=f"plane~epochs-{EPOCHS}", compare_with="pin")
    at = int(re.search(r"B: now has diverged: after epoch (\d+)", screen.words)[1])
    assert at > 0
    assert rows(screen)["Training loss"][1] == "∞"
    assert "the run has diverged; there is nothing to draw." in screen.words


def test_the_experiment_as_it_was(app):
    screen = opened(app, preset="plane", epochs=5, rate=0.01, compare_with="preset")
    assert "**learning rate η:** 0.05 → 0.01" in screen.words
    assert "**epochs:** 50 → 5" in screen.words
    assert rows(screen)["Epochs"] == ["50", "5", "−45"]


def test_ten_seeds_of_both(app):
    screen = opened(app, epochs=EPOCHS, rate=0.3, compare_pin=PINNED, compare_with="pin", compare_seeds=1)
    one, other = (seed_runs(config, SEEDS) for config in (classic(), classic(0.3)))
    pairs = seed_pairs(one, other)
    assert pairs.told_apart()
    assert f"**Lower loss: B: now**, in {pairs.higher} of 10 seeds." in screen.words
    assert f"= {tex(pairs.p, 3)}" in screen.latex
    table = screen.at.table[1].value
    assert list(table.iloc[:, 3]) == [f"{pairs.lower}/10", f"{pairs.higher}/10"]
    assert all(isinstance(cell, str) for cell in table.iloc[:, 1])


def test_seeds_of_a_run_that_differs_by_its_seed_alone(app):
    screen = opened(app, compare_seeds=1)
    assert "A and B are one setting, however they start" in screen.words
    loss = sorted(seed_runs(classic(), SEEDS).loss.tolist())
    assert f"median {plain((loss[4] + loss[5]) / 2, 3)}" in screen.words


def test_a_given_start_against_drawn_ones(app):
    screen = opened(app, preset="three", epochs=50, compare_seeds=1)
    assert "**first parameters:** drawn, seed 1 → given" in screen.words
    assert "not both begin from the same given parameters" in screen.words
    assert "A and B are one setting, however they start" in screen.words
    assert "Nothing but chance" not in screen.words


def test_the_mistake(app):
    screen = opened(app)
    screen.set("training_compare_mistake", "4")
    assert "Line 4 holds" in screen.words
    assert "lower in 10 of 10 seeds" in screen.words
    assert "p = 0.002" in screen.words
    assert math.isclose(2 / 2**10, 0.001953125)
    screen.set("training_compare_mistake", "2")
    assert "A learning rate is not the same thing in two optimizers" in screen.words
    assert "with 0.03 it is Adam that is lower in 10 of 10 seeds" in screen.words


def test_the_numbers_of_the_mistake_are_the_engines():
    def ends(code, rate):
        training = replace(
            PRESETS["classic"].training, epochs=50, snapshots=(), optimizer=optimizer(code, learning_rate=rate)
        )
        return seed_runs(replace(PRESETS["classic"], training=training), SEEDS)

    assert (WON, WON_EPOCHS) == ((10, SEEDS), 50)
    assert seed_pairs(ends("sgd", 0.3), ends("adam", 0.3)).lower == 10
    assert seed_pairs(ends("sgd", 0.03), ends("adam", 0.03)).higher == 10


def test_a_setting_written_differently_is_no_change(app):
    screen = opened(app, batch=250, compare_pin=f"{PINNED}~batch_size-none", compare_with="pin", compare_seeds=1)
    assert "**No difference that counts:**" in screen.words
    assert "A and B are the same run, to the last bit" in screen.words
    assert "can tell" not in screen.words
    assert "A and B are one setting, however they start" in screen.words


def test_a_change_that_has_had_no_effect_is_not_put_down_to_luck(app):
    screen = opened(app, compare_pin=f"{PINNED}~clip_norm-1000", compare_with="pin")
    assert "**One change, A → B:** **gradient clipping, longest gradient:** 1000 → none" in screen.words
    assert "has had no effect on this run: A and B are the same to the last bit" in screen.words
    assert "Whether it is the setting or luck" not in screen.words


def test_another_measure_is_no_change_of_the_run(app):
    screen = opened(app, preset="three", epochs=50, reported=0, compare_pin="three~epochs-50", compare_with="pin")
    assert "**Another measure of one and the same run, A → B:**" in screen.words
    assert "it changes no update" in screen.words
    assert "**One change" not in screen.words


def test_the_challenge(app):
    screen = opened(app)
    screen.set("training_compare_challenge_guess", 1500)
    assert "as many updates as there are batches" in screen.words
    screen.set("training_compare_challenge_guess", 6000)
    assert "A makes 7,500 updates, B 1,500" in screen.words


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_script_prints_the_numbers_of_the_screen(app, language):
    screen = opened(app, language, rate=0.05, compare_pin=PINNED, compare_with="pin")
    lines = screen.printed()
    values = [row[1:3] for row in screen.table.itertuples(index=False)]
    for place, name in enumerate("AB"):
        (line,) = (line for line in lines if line.startswith(f"{name} at the end:"))
        assert [plain(float(word)) for word in line.split()[-2:]] == [values[0][place], values[1][place]]
    assert f"d({EPOCHS}) &= {tex(float(lines[-1].split()[-1]))}" in screen.latex
