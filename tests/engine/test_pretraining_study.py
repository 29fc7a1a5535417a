"""Layer upon layer: the pile against its own definition, the starts, what is counted as work, and the script."""

import contextlib
import io
import math
from dataclasses import replace

import numpy as np
import pytest

from engine.errors import InputError
from engine.export_pretraining import pretraining_script
from engine.images import digits
from engine.initializers import NAMED
from engine.pretraining_study import (
    BLOCK,
    CHANCE,
    RATES,
    STARTS,
    PileConfig,
    Search,
    Tuned,
    TuningConfig,
    joined,
    pile,
    pretrained,
    search,
    search_cost,
    shown,
    start_gradients,
    training_images,
    tune,
)
from engine.pretraining_study import (
    test_images as held_out,
)
from engine.seed_bands import over_seeds

SMALL = TuningConfig(PileConfig(n_images=60, depth=2, width=8, epochs=3), n_labelled=50, epochs=3)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_no_setting_trains_on_a_test_image():
    everything = digits(500)
    np.testing.assert_array_equal(training_images(400).X, everything.X[:400])
    np.testing.assert_array_equal(held_out().X, everything.X[400:])
    assert held_out().y[shown()].tolist() == list(range(10))


def test_each_machine_sees_what_the_one_below_says():
    found = pretrained(SMALL.pile, (0,)).histories
    X = training_images(60).X
    first, second = (history.rbm for history in found)
    h = sigmoid(X @ first.W[0] + first.hidden_bias[0])
    assert second.W[0].shape == (8, 8)
    for v, history in ((X, found[0]), (h, found[1])):
        rbm = history.rbm
        up = sigmoid(v @ rbm.W[0] + rbm.hidden_bias[0])
        rebuilt = sigmoid(up @ rbm.W[0].T + rbm.visible_bias[0])
        assert history.reconstruction_error[0, -1] == pytest.approx(((v - rebuilt) ** 2).mean(), rel=1e-12)


def test_the_pile_shows_its_first_seed_up_and_down():
    result, stack = pile(SMALL.pile, (0, 1)), pretrained(SMALL.pile, (0,)).histories
    (first, second), X = (history.rbm for history in stack), held_out().X
    h1 = sigmoid(X @ first.W[0] + first.hidden_bias[0])
    h2 = sigmoid(h1 @ second.W[0] + second.hidden_bias[0])
    back = sigmoid(h2 @ second.W[0].T + second.visible_bias[0])
    rebuilt = [sigmoid(h @ first.W[0].T + first.visible_bias[0]) for h in (h1, back)]
    for n in range(2):
        np.testing.assert_allclose(result.rebuilt[n], rebuilt[n][shown()], rtol=1e-10)
        assert result.through[n] == pytest.approx(((rebuilt[n] - X) ** 2).mean(), rel=1e-10)
        assert result.errors[n] == pytest.approx(stack[n].reconstruction_error[0], rel=1e-9)
    train = training_images(60).X
    assert result.mean_errors[0] == pytest.approx(((train - train.mean(axis=0)) ** 2).mean())
    assert result.mean_through == pytest.approx(((X - train.mean(axis=0)) ** 2).mean())


def test_fine_tuning_starts_from_the_pile():
    """One hidden layer, by hand: the loss and the gradient before any update."""
    config = replace(SMALL, pile=replace(SMALL.pile, depth=1), epochs=1)
    rbm, images = pretrained(config.pile, (4,)).histories[0].rbm, training_images(50)
    rng = np.random.default_rng([4, 0])
    NAMED["xavier_normal"].draw(rng, 64, 8)  # drawn, and replaced by the machine's
    V = NAMED["xavier_normal"].draw(rng, 8, 10)
    h = sigmoid(images.X @ rbm.W[0] + rbm.hidden_bias[0])
    e = np.exp(h @ V)
    p = e / e.sum(axis=1, keepdims=True)
    result = tune(config, "rbm", (4,))
    assert result.train_loss[0, 0] == pytest.approx(-np.log(p[np.arange(50), images.y]).mean(), rel=1e-12)
    dz2 = (p - images.targets) / 50
    dz1 = dz2 @ V.T * h * (1 - h)
    lengths = [
        math.sqrt(((a.T @ dz) ** 2).sum() + (dz.sum(axis=0) ** 2).sum()) for a, dz in ((images.X, dz1), (h, dz2))
    ]
    assert result.gradients[0] == pytest.approx(lengths, rel=1e-10)
    np.testing.assert_array_equal(start_gradients(config, "rbm", (4,)), result.gradients)


@pytest.mark.parametrize("code", STARTS)
def test_seeds_side_by_side_are_seeds_one_by_one(code):
    together = tune(SMALL, code, (0, 1))
    parts = joined([tune(SMALL, code, (0,)), tune(SMALL, code, (1,))])
    for name in ("train_loss", "test_loss", "test_error", "gradients"):
        np.testing.assert_allclose(getattr(parts, name), getattr(together, name), rtol=1e-7)
    np.testing.assert_array_equal(parts.answers, together.answers)
    assert together.train_loss.shape == (2, 4)


def test_the_starts_differ_in_what_they_say_they_do():
    first = {code: SMALL.training(code).start()[0] for code in STARTS}
    assert first["small"] == pytest.approx(0.01 * first["normal"])
    assert not np.array_equal(first["he"], first["xavier"])
    np.testing.assert_array_equal(first["he"], first["relu"])
    assert {f.name for f in SMALL.training("relu").activations} == {"relu", "linear"}
    assert SMALL.training("batch_norm").architecture.n_normalized == 16


def test_work_counts_the_products():
    """Two machines of 64 x 8 and 8 x 8 on 60 images, three epochs; then 10 outputs and 50 images."""
    assert SMALL.pile.work == 60 * (3 * 5 * (512 + 64) + 512)
    assert SMALL.work == 50 * (512 + 64 + 80 + 512 + 64 + 80 + 64 + 80)
    assert SMALL.pretraining_epochs == SMALL.pile.work / SMALL.work
    assert SMALL.work_before("xavier") == 0
    assert SMALL.epochs_at_equal_work("xavier") == 3
    assert SMALL.epochs_at_equal_work("rbm") is None
    assert replace(SMALL, epochs=20).epochs_at_equal_work("rbm") == 20 - math.ceil(SMALL.pretraining_epochs)


def test_a_goal_is_reached_at_its_first_epoch():
    losses = np.array([[2.0, 0.4, 0.6, 0.3], [2.0, 1.0, 0.9, 0.8], [2.0, np.nan, np.nan, np.nan]])
    found = Tuned(0.1, losses, losses, losses, losses, losses)
    assert found.reached(0.5).tolist() == [1, math.inf, math.inf]
    assert found.n_diverged == 1


def test_a_divergence_is_counted_and_answers_nothing():
    deep = PileConfig(depth=6, width=64, epochs=0)
    found = tune(TuningConfig(deep, learning_rate=3.0, optimizer="momentum"), "relu", (0, 1, 2))
    assert found.n_diverged == 3
    assert found.answers[1].tolist() == [-1] * 10
    assert np.isinf(over_seeds(found.train_loss[:, -1]).median)


def test_the_search_takes_the_lowest_median():
    found = search(SMALL, "normal")
    by_hand = [
        np.median(tune(replace(SMALL, learning_rate=rate), "normal", (1000, 1001, 1002)).train_loss[:, -1])
        for rate in RATES
    ]
    assert found.median == pytest.approx(by_hand)
    assert found.best == RATES[int(np.argmin(by_hand))]
    assert Search(np.arange(float(len(RATES)))).at_an_end
    assert not Search(np.array([3.0, 2, 1, 2, 3, 4, 5])).at_an_end
    assert search_cost(SMALL, "rbm").operations > search_cost(SMALL, "xavier").operations
    assert search_cost(SMALL, "xavier").operations == len(RATES) * SMALL.cost("xavier", 3).operations


def test_blocks_hold_every_seed_once():
    small, large = SMALL, TuningConfig(PileConfig(400, 6, 64, 50), 400, 120)
    assert small.blocks("rbm", 5) == [(0, 1, 2), (3, 4)]
    assert large.blocks("rbm", 2) == [(0,), (1,)]
    assert len(small.blocks("rbm", 3)) == 1
    assert BLOCK == 3


def test_the_default_says_what_the_page_says():
    """Small drawn weights stay at guessing, the pile does not, ReLU does better still on the training images."""
    config = TuningConfig()
    last = {code: float(over_seeds(tune(config, code, (0, 1, 2)).train_loss[:, -1]).median) for code in STARTS}
    for code in ("small", "xavier", "he"):
        assert last[code] == pytest.approx(CHANCE, rel=0.02)
    assert last["relu"] < last["batch_norm"] < last["normal"] < last["rbm"] < 0.8


@pytest.mark.parametrize("rule", ["sgd", "momentum", "adam"])
def test_the_script_repeats_the_numbers(rule):
    config = replace(SMALL, optimizer=rule, learning_rate=0.05)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(pretraining_script(config, dict.fromkeys(STARTS, 0.05), 3, 2.25), "script.py", "exec"), {})
    lines, made = iter(out.getvalue().splitlines()), pile(config.pile)
    for n in range(2):
        words = next(lines).split()
        numbers = [float(words[place]) for place in (3, 5, 8, 13)]
        expected = [made.errors[n, 0], made.errors[n, -1], made.mean_errors[n], made.through[n]]
        assert numbers == pytest.approx(expected, rel=1e-9)
    for code in STARTS:
        words, found = next(lines).split(), tune(config, code, (0, 1, 2))
        loss = over_seeds(found.train_loss[:, -1])
        medians = [found.test_loss[:, -1], found.test_error[:, -1], found.reached(2.25), found.gradients[:, 0]]
        expected = [loss.low, loss.median, loss.high, *(over_seeds(values).median for values in medians)]
        assert words[0] == code
        assert [float(words[place]) for place in (3, 4, 5, 8, 10, 12, 14)] == pytest.approx(
            [float(value) for value in expected], rel=1e-6
        )


@pytest.mark.parametrize(
    ("kind", "values", "argument"),
    [
        (PileConfig, {"n_images": 39}, "n_images"),
        (PileConfig, {"depth": 7}, "depth"),
        (PileConfig, {"width": 1}, "width"),
        (PileConfig, {"epochs": -1}, "epochs"),
        (PileConfig, {"learning_rate": math.nan}, "learning_rate"),
        (TuningConfig, {"n_labelled": 401}, "n_labelled"),
        (TuningConfig, {"learning_rate": 0.0}, "learning_rate"),
        (TuningConfig, {"optimizer": "rprop"}, "optimizer"),
        (TuningConfig, {"epochs": 0}, "epochs"),
    ],
)
def test_bad_values_are_refused(kind, values, argument):
    with pytest.raises(InputError) as refused:
        kind(**values)
    assert refused.value.argument == argument


def test_an_unknown_start_is_refused():
    with pytest.raises(InputError):
        tune(SMALL, "best")
    with pytest.raises(InputError):
        SMALL.blocks("rbm", 0)
