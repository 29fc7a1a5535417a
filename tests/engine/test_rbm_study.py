"""The study of a restricted Boltzmann machine: blocks go on where the last ended, what is judged is judged exactly."""

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import InputError
from engine.rbm import RBM, hidden_probabilities, initialize
from engine.rbm_images import IMAGE_SETS, image_set
from engine.rbm_likelihood import log_likelihood, log_partition
from engine.rbm_study import MAX_HIDDEN, MachineConfig, activity, judged, learn
from engine.rbm_training import RBMConfig, train

SMALL = MachineConfig("bars_3", n_hidden=4, learning_rate=0.5, epochs=25, batch_size=5, seed=3)


@pytest.fixture(scope="module")
def study():
    return learn(SMALL, 0)


@pytest.mark.parametrize("code", IMAGE_SETS)
def test_images_are_black_and_white(code):
    images = image_set(code)
    for array in (images.train, images.shown, *([] if images.held_out is None else [images.held_out])):
        assert set(np.unique(array)) == {0, 1}
        assert array.shape[1] == images.side**2
        assert not array.flags.writeable
    assert len(images.shown) == 10
    assert images.covered.shape == (images.side**2,)
    assert 0 < images.covered.sum() <= images.side**2 / 2


def test_the_covered_quarter_of_bars_and_stripes_is_determined_by_the_rest():
    for code in ("bars_3", "bars_4", "bars_6"):
        images = image_set(code)
        visible = images.train[:, ~images.covered]
        assert len(np.unique(visible, axis=0)) == len(images.train)


def test_no_held_out_digit_is_learnt_from():
    images = image_set("digits")
    assert (len(images.train), len(images.held_out)) == (400, 100)
    assert all((images.held_out == shown).all(axis=1).any() for shown in images.shown)


def test_the_best_log_likelihood():
    assert image_set("bars_4").best_log_likelihood == pytest.approx(-np.log(30))
    digits = image_set("digits").train
    assert len(image_set("bars_4").different) == 30
    twice = np.vstack([digits[:3], digits[:2]])
    assert set(replace(image_set("digits"), train=twice).different.tolist()) == {0, 1, 2}
    _same, place, counts = np.unique(digits, axis=0, return_inverse=True, return_counts=True)
    shares = counts[place.ravel()] / len(digits)
    assert image_set("digits").best_log_likelihood == pytest.approx(np.log(shares).mean())


def test_it_is_the_training_of_rbm_training(study):
    config = RBMConfig(4, 1, 0.5, 25, 5)
    same = train(config, image_set("bars_3").train, seed=3)
    np.testing.assert_array_equal(study.machines[25].W, same.rbm.W)
    np.testing.assert_array_equal(study.machines[25].hidden_bias, same.rbm.hidden_bias)
    np.testing.assert_array_equal(study.reconstruction_error, same.reconstruction_error)
    np.testing.assert_array_equal(study.free_energy, same.free_energy)
    assert not study.held_out_free_energy.any()


def test_blocks_go_on_where_the_last_ended(study, monkeypatch):
    monkeypatch.setattr("engine.rbm_study.BLOCK", SMALL.cost.operations / 3)
    assert SMALL.blocks == (8, 16, 25)
    found = None
    for block in range(3):
        found = learn(SMALL, block, found)
        assert found.kept[-1] == min(SMALL.blocks[block], 25)
    np.testing.assert_array_equal(found.measured, study.measured)
    assert found.kept == study.kept == SMALL.kept
    for epoch in study.kept:
        np.testing.assert_array_equal(found.machines[epoch].W, study.machines[epoch].W)
    assert found.log_likelihood == study.log_likelihood
    assert found.data_probability == study.data_probability


def test_what_is_kept():
    assert MachineConfig(epochs=30).kept == (*range(21), 22, 24, 26, 28, 30)
    kept = MachineConfig(epochs=2000).kept
    assert {60, 65, 200, 220, 2000} < set(kept)
    assert not {61, 205} & set(kept)
    assert MachineConfig(epochs=0).kept == (0,)
    assert MachineConfig(epochs=203).kept[-2:] == (200, 203)


def test_the_machine_of_an_epoch(study):
    assert [study.kept_at(epoch) for epoch in (0, 7, 21, 23, 25)] == [0, 7, 20, 22, 25]
    assert study.largest_weight == max(np.abs(rbm.W).max() for rbm in study.machines.values())
    rbm = study.machines[25]
    expected = hidden_probabilities(rbm, image_set("bars_3").train).mean(axis=0)
    np.testing.assert_allclose(activity(SMALL, rbm), expected)
    with pytest.raises(ValueError):
        rbm.W[0, 0] = 1


def test_judged_by_listing_every_image(study):
    rbm, images = study.machines[25], image_set("bars_3")
    every = (np.arange(512)[:, None] >> np.arange(9) & 1).astype(float)
    weights = np.exp(every @ rbm.visible_bias) * np.prod(1 + np.exp(every @ rbm.W + rbm.hidden_bias), axis=1)
    p = weights / weights.sum()
    of_images = np.array([p[(every == image).all(axis=1)][0] for image in images.train])
    assert study.log_likelihood[25] == pytest.approx(np.log(of_images).mean())
    assert study.data_probability[25] == pytest.approx(of_images.sum())
    assert study.log_likelihood[25] == pytest.approx(log_likelihood(rbm, images.train))


def test_twice_the_same_image_counts_once_in_the_probability():
    rbm = RBM(np.zeros((2, 1)), np.zeros(2), np.zeros(1))
    likelihood, probability = judged(rbm, np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 0.0]]), np.array([0, 2]))
    assert likelihood == pytest.approx(-2 * np.log(2))
    assert probability == pytest.approx(0.5)


def test_where_no_layer_can_be_listed_nothing_is_judged():
    config = MachineConfig("bars_4", n_hidden=13, epochs=1)
    assert not config.exact
    found = learn(config, 0)
    assert found.log_likelihood == found.data_probability == {}
    assert MachineConfig("bars_3", n_hidden=36).exact  # nine pixels


def test_equal_units_stay_equal():
    """With a first spread of 0 all hidden units are one, until rounding tells them apart."""
    rbm = learn(MachineConfig(scale=0.0, epochs=10), 0).machines[10]
    assert np.abs(rbm.W).max() > 0.01
    np.testing.assert_allclose(rbm.W, np.broadcast_to(rbm.W[:, :1], rbm.W.shape), rtol=0, atol=1e-12)


def test_digits_are_measured_held_out_as_well():
    config = MachineConfig("digits", n_hidden=3, epochs=2, batch_size=50)
    found = learn(config, 0)
    start = initialize(64, 3, np.random.default_rng(0))
    held_out = image_set("digits").held_out
    expected = -np.logaddexp(0, held_out @ start.W).sum(axis=1).mean()
    assert found.held_out_free_energy[0] == pytest.approx(expected)
    assert found.log_likelihood[0] == pytest.approx(found_mean(start))


def found_mean(rbm):
    train_images = image_set("digits").train
    return np.logaddexp(0, train_images @ rbm.W).sum(axis=1).mean() - log_partition(rbm)


def test_more_work_costs_more():
    one = MachineConfig().cost
    for dearer in (
        MachineConfig(epochs=400),
        MachineConfig(k=2),
        MachineConfig(batch_size=1),
        MachineConfig("bars_6"),
        MachineConfig(n_hidden=12),
        MachineConfig(visible="samples"),
    ):
        assert dearer.cost.operations > one.operations
    config = MachineConfig()
    assert config.cost_of(50).operations + config.cost_of(150).operations == pytest.approx(config.cost.operations)
    assert MachineConfig("digits", 36, k=25, epochs=2000, batch_size=1).blocks[-1] == 2000


@pytest.mark.parametrize(
    "bad",
    [
        {"images": "faces"},
        {"n_hidden": MAX_HIDDEN + 1},
        {"n_hidden": 0},
        {"k": 0},
        {"learning_rate": float("nan")},
        {"epochs": 2001},
        {"visible": "both"},
        {"seed": -1},
        {"scale": 11.0},
    ],
)
def test_bad_settings(bad):
    with pytest.raises(InputError):
        MachineConfig(**bad)


def test_a_block_that_is_not_there():
    with pytest.raises(InputError):
        learn(SMALL, 1)
