"""Each experiment of the lab does what its title says."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from engine import lab
from engine.lab_presets import OWN_POINTS, PRESETS
from engine.trainer import train


@cache
def ran(code: str):
    return lab.run(PRESETS[code])


@cache
def seeds(code: str, **changes):
    """Five runs side by side, from seeds that the experiment does not begin with."""
    config = PRESETS[code]
    return train(replace(config.training, seeds=(1, 2, 3, 4, 5), snapshots=(), **changes), *config.parts)


@pytest.mark.parametrize("code", ["classic", "squares", "clouds", "moons", "spirals", "blobs"])
def test_it_learns_what_it_is_tested_on(code):
    assert ran(code).test_score[-1] >= 0.95


@pytest.mark.parametrize("code", ["three", "three_three", "four", "wide", "deeper", "product", "own"])
def test_it_learns_all_of_its_few_samples(code):
    assert ran(code).train_score[-1] == 1.0


def test_xor_with_the_product_of_its_inputs_needs_no_hidden_layer():
    assert PRESETS["product"].training.sizes == (3, 1)
    assert (seeds("product").train_score[:, -1] == 1).all()
    bare = replace(PRESETS["product"].training, sizes=(2, 1), snapshots=())
    plain = lab.LabConfig(replace(PRESETS["product"].data, features=("x1", "x2")), bare)
    assert lab.run(plain).train_score[-1] < 1
    assert lab.run(plain).train_loss[-1] == pytest.approx(np.log(2), abs=0.01)


def test_circles_fed_with_squares_need_no_hidden_layer():
    assert PRESETS["squares"].training.sizes == (2, 1)
    assert (seeds("squares").test_score[:, -1] > 0.9).all()


def test_one_layer_cannot_learn_xor():
    assert ran("unit").train_loss[-1] == pytest.approx(0.25, abs=1e-4)


def test_the_plane_is_learned_down_to_its_noise():
    assert ran("plane").test_loss[-1] == pytest.approx(PRESETS["plane"].data.noise ** 2, rel=0.2)


def test_the_large_network_overfits_and_dropout_and_l2_ease_it():
    plain = seeds("overfit")
    assert (plain.test_loss[:, -1] > 3 * plain.train_loss[:, -1]).all()
    assert (plain.test_loss[:, -1] > plain.test_loss.min(axis=1) + 0.05).all()
    for code in ("dropout", "decay"):
        eased = seeds(code)
        assert (eased.test_loss[:, -1] < plain.test_loss[:, -1]).all()
        assert (eased.train_loss[:, -1] > plain.train_loss[:, -1]).all()


def test_the_three_of_overfitting_differ_in_one_thing():
    plain = PRESETS["overfit"]
    assert replace(PRESETS["dropout"].training, dropout=None) == plain.training
    assert replace(PRESETS["decay"].training, l2=0.0) == plain.training
    assert PRESETS["dropout"].data == PRESETS["decay"].data == plain.data
    assert len(plain.parts[0]) == 40


def test_batch_normalization_is_what_lets_five_sigmoid_layers_learn():
    assert np.median(seeds("norm").test_score[:, -1]) > 0.9
    assert (seeds("norm", batch_norm=None).test_score[:, -1] < 0.8).all()


def test_coin_flips_are_learned_by_heart_and_by_heart_only():
    assert ran("memory").train_score[-1] >= 0.85
    assert ran("memory").test_score[-1] <= 0.6


def test_own_points_begin_with_both_classes():
    assert {target for *_xy, target in OWN_POINTS} == {0.0, 1.0}


@pytest.mark.parametrize("code", PRESETS)
def test_it_is_quick(code):
    """Estimated; below a second even on a modest machine."""
    config = PRESETS[code]
    assert config.training.epochs * len(config.data.batches(config.training.batch_size)) <= 12_000


@pytest.mark.parametrize(
    ("code", "batch_size", "sizes"), [("classic", 100, [100, 100, 50]), ("classic", None, [250]), ("unit", 3, [3, 1])]
)
def test_batches_of_an_epoch(code, batch_size, sizes):
    assert PRESETS[code].data.batches(batch_size) == sizes
