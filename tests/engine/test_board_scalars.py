"""Smoothed curves against the recursion written out, the rates of a schedule, changes, other seeds, the graph."""

from dataclasses import replace

import numpy as np
import pytest

from engine import lab
from engine.board_graph import nodes
from engine.board_scalars import changes, learning_rates, n_sound_frames, other_seeds, smoothed, summary, turn_of_test
from engine.errors import InputError
from engine.lab_presets import PRESETS
from engine.layers import BatchNorm, Dropout
from engine.schedules import schedule
from engine.training_config import evenly


def short(code, epochs=10, **changes):
    config = PRESETS[code]
    training = replace(config.training, epochs=epochs, snapshots=evenly(epochs, 4), **changes)
    return replace(config, training=training)


@pytest.mark.parametrize("smoothing", [0.0, 0.6, 0.999])
def test_the_average_is_the_recursion(smoothing):
    values = np.random.default_rng(0).normal(size=(2, 300))
    found = smoothed(values, smoothing)
    m = np.zeros(2)
    for t, x in enumerate(values.T, 1):
        m = smoothing * m + (1 - smoothing) * x
        np.testing.assert_allclose(found.average[:, t - 1], m, rtol=1e-9, atol=1e-14)
        np.testing.assert_allclose(found.shown[:, t - 1], m / (1 - smoothing**t), rtol=1e-9, atol=1e-13)


def test_what_smoothing_does():
    np.testing.assert_allclose(smoothed(np.full(100, 0.7), 0.9).shown, 0.7)  # corrected: a constant stays
    assert smoothed([0.7, 0.5], 0.6).shown[1] == pytest.approx((0.6 * 0.4 * 0.7 + 0.4 * 0.5) / 0.64)
    found = smoothed([1.0, 0.5, np.nan, np.nan], 0.6).shown
    assert np.isfinite(found[:2]).all()
    assert np.isnan(found[2:]).all()
    for bad in (-0.1, 1.0):
        with pytest.raises(InputError):
            smoothed([1.0], bad)
    with pytest.raises(InputError):
        smoothed(1.0, 0.5)


def test_a_curve_in_a_few_numbers():
    found = summary([3.0, 1.0, 2.0, 1.0], 2, 0.0)
    assert (found.start, found.here, found.smoothed, found.best, found.best_epoch) == (3.0, 2.0, 2.0, 1.0, 1)
    assert summary([0.5, 0.9, np.nan], 1, 0.5, largest=True).best_epoch == 1


def test_the_rate_of_each_epoch():
    config = short("classic", schedule=schedule("exponential", decay=0.99))
    rates = learning_rates(config.training, 250)
    np.testing.assert_allclose(rates, 0.03 * 0.99 ** (25 * np.arange(10)))
    assert (learning_rates(short("classic").training, 250) == 0.03).all()


def test_changes_from_frame_to_frame():
    config = short("classic")
    history = lab.run(config)
    found, epochs = changes(config.training, history), history.snapshot_epochs
    for k in range(1, len(epochs)):
        blocks = [config.training.architecture.blocks(history.snapshots[place]) for place in (k - 1, k)]
        want = [
            np.linalg.norm(b - a) / np.linalg.norm(a) / (epochs[k] - epochs[k - 1])
            for a, b in zip(*blocks, strict=True)
        ]
        np.testing.assert_allclose(found[k - 1], want)


def test_a_run_that_diverges_has_fewer_sound_frames():
    config = short("plane", 50, optimizer=replace(PRESETS["plane"].training.optimizer, learning_rate=3.0))
    history = lab.run(config)
    n = n_sound_frames(history)
    assert 0 < n < 4
    assert np.isnan(changes(config.training, history)[n - 1 :]).all()
    assert n_sound_frames(lab.run(short("plane"))) == 4


def test_other_seeds_differ_in_their_start_alone():
    config = replace(short("three"), start=PRESETS["three"].start)
    others = other_seeds(config, 3)
    assert others.training.seeds == (1, 2, 3)
    assert others.data is config.data
    history = lab.run(others)
    alone = lab.run(replace(config, start=(), training=replace(config.training, seeds=2)))
    np.testing.assert_allclose(history.train_loss[1], alone.train_loss, rtol=1e-9, atol=1e-13)
    for bad in (0, 4):
        with pytest.raises(InputError):
            other_seeds(config, bad)


def test_the_graph_of_a_network():
    config = short("moons", batch_norm=BatchNorm(), dropout=Dropout(0.5))
    chain = nodes(config)
    assert [node.code for node in chain] == (
        ["x", "z1", "norm1", "f1", "drop1", "z2", "norm2", "f2", "drop2", "z3", "f3", "loss"]
    )
    assert sum(node.n_parameters for node in chain) == config.training.architecture.n_parameters
    assert [node.reads for node in chain] == ["", *(node.code for node in chain[:-1])]
    assert {node.shape for node in chain if node.layer == 1} == {(16, 8)}
    assert (chain[0].shape, chain[-1].shape) == ((16, 2), ())
    assert sum(node.n_parameters for node in nodes(PRESETS["deeper"])) == 261  # note 001's 2-10-10-10-1


@pytest.mark.parametrize(
    ("train", "test", "turn"),
    [
        ([1.0, 0.5, 0.2], [1.0, 0.6, 0.62], "falling"),
        ([1.0, 0.5, 0.2], [1.0, 0.6, 0.8], "apart"),
        ([1.0, 0.5, 0.5], [1.0, 0.6, 0.8], "together"),
        ([1.0, 0.5, 1e285], [1.0, 0.6, 1e285], "together"),
        ([1.0, 0.5, 1e285], [1.0, 0.6, np.inf], "lost"),
        ([1.0, 0.5, 0.4], [1.0, 0.6, np.nan], "lost"),
    ],
)
def test_a_test_loss_that_rises_alone_and_one_that_does_not(train, test, turn):
    assert turn_of_test(np.array(train), np.array(test), 2) == turn
    assert turn_of_test(np.array(train), np.array(test), 1) == "falling"
