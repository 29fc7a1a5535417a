"""Restricted Boltzmann machines: by hand, exact likelihood, contrastive divergence, training, pretraining."""

from itertools import product

import numpy as np
import pytest

from engine.contrastive_divergence import contrastive_divergence, gibbs
from engine.errors import InputError
from engine.rbm import (
    RBM,
    energy,
    free_energy,
    hidden_probabilities,
    initialize,
    reconstruct,
    sample,
    visible_probabilities,
)
from engine.rbm_likelihood import exact_gradient, log_likelihood, log_partition
from engine.rbm_training import RBMConfig, pretrain, train

FIELDS = ("W", "visible_bias", "hidden_bias")


def bars_and_stripes(n):
    """Every n x n picture made of whole rows or of whole columns, one a line."""
    bits = np.array(list(product((0.0, 1.0), repeat=n)))
    rows, columns = np.repeat(bits, n, axis=1), np.tile(bits, (1, n))
    return np.unique(np.vstack([rows, columns]), axis=0)


def random_rbm(n_visible, n_hidden, seed, runs=(), scale=1.0):
    rng = np.random.default_rng(seed)
    shapes = (n_visible, n_hidden), (n_visible,), (n_hidden,)
    return RBM(*(scale * rng.standard_normal((*runs, *s)) for s in shapes))


def run_of(rbm, i):
    return RBM(*(getattr(rbm, name)[i] for name in FIELDS))


def states(n):
    return np.array(list(product((0.0, 1.0), repeat=n)))


def flat(gradient):
    return np.concatenate([getattr(gradient, "d" + name).ravel() for name in FIELDS])


BARS = bars_and_stripes(3)

# ---------------------------------------------------------------- by hand


def test_two_by_one_machine_by_hand():
    # W = (ln 2, ln 3), b = (0, -ln 2), c = ln 1.5. With h = 0 / 1 the factors exp(-E) of the four v are
    #   v = 00: 1, 1.5   01: 0.5, 0.5 * 3 * 1.5 = 2.25   10: 1, 2 * 1.5 = 3   11: 0.5, 0.5 * 6 * 1.5 = 4.5
    # so exp(-F) = 2.5, 2.75, 4, 5 and Z = 14.25.
    rbm = RBM(np.log([[2.0], [3.0]]), [0, -np.log(2)], [np.log(1.5)])
    np.testing.assert_allclose(np.exp(-free_energy(rbm, states(2))), [2.5, 2.75, 4, 5])
    np.testing.assert_allclose(np.exp(log_partition(rbm)), 14.25)
    np.testing.assert_allclose(np.exp(-energy(rbm, [(1, 1)], [(1,)])), [4.5])
    np.testing.assert_allclose(hidden_probabilities(rbm, states(2))[:, 0], [1.5 / 2.5, 2.25 / 2.75, 3 / 4, 4.5 / 5])
    # p(v1 = 1 | h = 1) = 2 / 3, p(v2 = 1 | h = 1) = 1.5 / 2.5; with h = 0: 1 / 2 and 0.5 / 1.5
    np.testing.assert_allclose(visible_probabilities(rbm, [(1,), (0,)]), [(2 / 3, 3 / 5), (1 / 2, 1 / 3)])
    np.testing.assert_allclose(log_likelihood(rbm, [(1, 1), (0, 0)]), (np.log(5 / 14.25) + np.log(2.5 / 14.25)) / 2)
    # <v1> of the model is (4 + 5) / 14.25, <v1 h> is (3 + 4.5) / 14.25, <h> is 11.25 / 14.25; the data is 11 alone
    gradient = exact_gradient(rbm, [(1, 1)])
    np.testing.assert_allclose(gradient.dvisible_bias, [1 - 9 / 14.25, 1 - 7.75 / 14.25])
    np.testing.assert_allclose(gradient.dW[:, 0], [0.9 - 7.5 / 14.25, 0.9 - 6.75 / 14.25])
    np.testing.assert_allclose(gradient.dhidden_bias, [0.9 - 11.25 / 14.25])


def test_empty_machine():
    rbm = RBM(np.zeros((3, 2)), np.zeros(3), np.zeros(2))
    np.testing.assert_allclose(log_partition(rbm), 5 * np.log(2))
    np.testing.assert_allclose(log_likelihood(rbm, states(3)), -3 * np.log(2))
    np.testing.assert_allclose(reconstruct(rbm, states(3)), 0.5)


# ---------------------------------------------------------------- energies and probabilities


def test_free_energy_sums_out_the_hidden_layer():
    rbm = random_rbm(4, 3, 0)
    v, h = states(4), states(3)
    joint = -np.array([energy(rbm, v, np.tile(state, (16, 1))) for state in h])
    np.testing.assert_allclose(free_energy(rbm, v), -np.log(np.exp(joint).sum(axis=0)))
    conditional = np.exp(joint) / np.exp(joint).sum(axis=0)
    np.testing.assert_allclose(hidden_probabilities(rbm, v), np.einsum("hv,hj->vj", conditional, h))


@pytest.mark.parametrize(("n_visible", "n_hidden"), [(5, 3), (3, 5), (4, 4)])
def test_partition_from_either_side(n_visible, n_hidden):
    rbm = random_rbm(n_visible, n_hidden, 1)
    every_pair = [-energy(rbm, [v], [h])[0] for v in states(n_visible) for h in states(n_hidden)]
    np.testing.assert_allclose(log_partition(rbm), np.log(np.exp(every_pair).sum()))
    np.testing.assert_allclose(log_partition(rbm.flipped), log_partition(rbm))


def test_large_weights_do_not_overflow():
    rbm = RBM(np.full((2, 2), 1e4), np.zeros(2), [-1e4, 1e4])
    np.testing.assert_array_equal(hidden_probabilities(rbm, [(0, 0)]), [(0, 1)])
    np.testing.assert_allclose(free_energy(rbm, [(1, 1)]), [-4e4])
    assert np.isfinite(log_likelihood(rbm, states(2)))
    assert np.isfinite(flat(exact_gradient(rbm, states(2)))).all()


def test_reconstruction_is_up_and_down():
    rbm = random_rbm(4, 3, 2)
    up = 1 / (1 + np.exp(-(states(4) @ rbm.W + rbm.hidden_bias)))
    np.testing.assert_allclose(reconstruct(rbm, states(4)), 1 / (1 + np.exp(-(up @ rbm.W.T + rbm.visible_bias))))


def test_initial_weights():
    rbm = initialize(200, 100, np.random.default_rng(0), scale=0.01)
    assert rbm.W.std() == pytest.approx(0.01, rel=0.02)
    assert not rbm.visible_bias.any()
    assert not rbm.hidden_bias.any()
    assert not initialize(3, 2, np.random.default_rng(0), scale=0).W.any()


def test_sample_has_the_right_mean():
    p = np.array([0.0, 0.1, 0.5, 1.0])
    drawn = sample(np.tile(p, (40_000, 1)), np.random.default_rng(0))
    assert set(np.unique(drawn)) == {0, 1}
    np.testing.assert_allclose(drawn.mean(axis=0), p, atol=4 * 0.5 / 200)
    np.testing.assert_array_equal(drawn.mean(axis=0)[[0, 3]], [0, 1])


# ---------------------------------------------------------------- gradients


@pytest.mark.parametrize(("n_visible", "n_hidden"), [(5, 3), (3, 5)])
def test_exact_gradient_is_the_slope_of_the_likelihood(n_visible, n_hidden):
    rbm, data = random_rbm(n_visible, n_hidden, 3), states(n_visible)[[1, 3, 6, 7]]
    gradient, step = exact_gradient(rbm, data), 1e-5
    for name in FIELDS:
        value = getattr(rbm, name)
        for index in np.ndindex(value.shape):
            slope = 0.0
            for sign in (1, -1):
                moved = {other: getattr(rbm, other).copy() for other in FIELDS}
                moved[name][index] += sign * step
                slope += sign * log_likelihood(RBM(**moved), data) / (2 * step)
            analytic = getattr(gradient, "d" + name)[index]
            assert analytic == pytest.approx(slope, abs=1e-9)
            assert abs(slope) > 1e-6  # otherwise a gradient of 0 would pass


@pytest.mark.parametrize("visible", ["probabilities", "samples"])
@pytest.mark.parametrize("k", [1, 3])
def test_contrastive_divergence_points_uphill(visible, k):
    for seed in range(5):
        rbm = random_rbm(9, 4, seed, scale=0.3)
        estimate, _ = contrastive_divergence(rbm, np.tile(BARS, (20, 1)), k, np.random.default_rng(seed), visible)
        exact, estimate = flat(exact_gradient(rbm, BARS)), flat(estimate)
        assert exact @ estimate > 0.5 * np.linalg.norm(exact) * np.linalg.norm(estimate)


def test_many_gibbs_steps_give_the_exact_gradient():
    rbm, data = random_rbm(4, 3, 5, scale=0.7), states(4)[[1, 3, 7]]
    copies = 10_000
    estimate, _ = contrastive_divergence(
        rbm, np.tile(data, (copies, 1)), 50, np.random.default_rng(0), visible="samples"
    )
    exact = flat(exact_gradient(rbm, data))
    np.testing.assert_allclose(flat(estimate), exact, atol=4 * 0.5 / np.sqrt(3 * copies))
    one_step, _ = contrastive_divergence(rbm, np.tile(data, (copies, 1)), 1, np.random.default_rng(0), "samples")
    assert np.abs(flat(one_step) - exact).max() > 0.03  # CD-1 is biased: the test above is not empty


def test_statistics_are_the_named_ones():
    rbm, rng = random_rbm(4, 3, 6), np.random.default_rng(7)
    v = states(4)[[3, 5, 9]]
    for visible in ("probabilities", "samples"):
        estimate, trace = contrastive_divergence(rbm, v, 1, np.random.default_rng(7), visible)
        rng = np.random.default_rng(7)
        h = hidden_probabilities(rbm, v)
        v_end = visible_probabilities(rbm, (rng.random(h.shape) < h).astype(float))
        if visible == "samples":
            v_end = (rng.random(v_end.shape) < v_end).astype(float)
        h_end = hidden_probabilities(rbm, v_end)
        np.testing.assert_allclose(trace.v_end, v_end)
        np.testing.assert_allclose(estimate.dW, (v.T @ h - v_end.T @ h_end) / 3)
        np.testing.assert_allclose(estimate.dvisible_bias, v.mean(axis=0) - v_end.mean(axis=0))
        np.testing.assert_allclose(estimate.dhidden_bias, h.mean(axis=0) - h_end.mean(axis=0))


# ---------------------------------------------------------------- training


def test_training_learns_bars_and_stripes():
    config = RBMConfig(n_hidden=8, epochs=600, batch_size=7, learning_rate=0.3, snapshots=(0, 200, 600))
    history = train(config, BARS)
    assert history.reconstruction_error.shape == (601,)
    assert history.reconstruction_error[0] == pytest.approx(0.25, abs=1e-3)
    assert history.reconstruction_error[-1] < 0.02
    likelihoods = [log_likelihood(history.snapshots[epoch], BARS) for epoch in (0, 200, 600)]
    assert likelihoods[0] == pytest.approx(-9 * np.log(2), abs=1e-2)  # knows nothing: 2^9 equal pictures
    assert likelihoods[0] + 1 < likelihoods[1] < likelihoods[2] - 0.3
    assert likelihoods[2] < -np.log(14)  # no model gives 14 pictures more than 1 / 14 each
    np.testing.assert_array_equal(history.snapshots[600].W, history.rbm.W)


def test_free_energy_gap():
    config = RBMConfig(n_hidden=8, epochs=600, batch_size=4, learning_rate=0.3)
    train_set, held_out = BARS[::2], BARS[1::2]
    history = train(config, train_set, held_out)
    np.testing.assert_allclose(history.free_energy[-1], free_energy(history.rbm, train_set).mean())
    np.testing.assert_allclose(history.held_out_free_energy[-1], free_energy(history.rbm, held_out).mean())
    np.testing.assert_array_equal(history.free_energy_gap, history.held_out_free_energy - history.free_energy)
    assert abs(history.free_energy_gap[0]) < 0.2
    assert history.free_energy_gap[-1] > history.free_energy_gap[0] + 1  # seven pictures are learnt by heart
    np.testing.assert_allclose(  # the gap of log-likelihoods, for log Z cancels
        history.free_energy_gap[-1], log_likelihood(history.rbm, train_set) - log_likelihood(history.rbm, held_out)
    )
    assert train(config, train_set).free_energy_gap is None


def test_one_epoch_by_the_book():
    config = RBMConfig(n_hidden=2, epochs=1, batch_size=3, learning_rate=0.5, k=2, scale=0.1)
    data = states(3)[:5]
    rng = np.random.default_rng(11)
    W, b, c = 0.1 * rng.standard_normal((3, 2)), np.zeros(3), np.zeros(2)
    order = rng.permutation(5)
    for rows in (order[:3], order[3:]):  # the last batch is smaller, and its mean is over two
        estimate, _ = contrastive_divergence(RBM(W, b, c), data[rows], 2, rng)
        W, b, c = W + 0.5 * estimate.dW, b + 0.5 * estimate.dvisible_bias, c + 0.5 * estimate.dhidden_bias
    history = train(config, data, seed=11)
    for name, expected in zip(FIELDS, (W, b, c), strict=True):
        np.testing.assert_allclose(getattr(history.rbm, name), expected, rtol=1e-12)


def test_same_seed_same_result():
    config = RBMConfig(n_hidden=3, epochs=5)
    first, again, other = (train(config, BARS, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.rbm.W, again.rbm.W)
    np.testing.assert_array_equal(first.reconstruction_error, again.reconstruction_error)
    assert not np.allclose(first.rbm.W, other.rbm.W)


def test_no_epochs_and_no_learning():
    history = train(RBMConfig(n_hidden=3, epochs=0), BARS)
    assert history.reconstruction_error.shape == (1,)
    still = train(RBMConfig(n_hidden=3, epochs=2, learning_rate=0), BARS)
    np.testing.assert_array_equal(still.rbm.W, history.rbm.W)


# ---------------------------------------------------------------- stacks


def test_stacked_functions_equal_looped():
    rbm = random_rbm(4, 3, 8, runs=(3,))
    rng = np.random.default_rng(9)
    v, h = rng.random((3, 6, 4)), rng.random((3, 6, 3))
    for i in range(3):
        one = run_of(rbm, i)
        for stacked, single in (
            (hidden_probabilities(rbm, v)[i], hidden_probabilities(one, v[i])),
            (visible_probabilities(rbm, h)[i], visible_probabilities(one, h[i])),
            (energy(rbm, v, h)[i], energy(one, v[i], h[i])),
            (free_energy(rbm, v)[i], free_energy(one, v[i])),
            (free_energy(rbm, v[0])[i], free_energy(one, v[0])),  # one data set for all runs
            (log_likelihood(rbm, v)[i], log_likelihood(one, v[i])),
            (exact_gradient(rbm, v).dW[i], exact_gradient(one, v[i]).dW),
            (exact_gradient(rbm, v[0]).dhidden_bias[i], exact_gradient(one, v[0]).dhidden_bias),
        ):
            np.testing.assert_allclose(stacked, single, rtol=1e-12)


def test_stacked_contrastive_divergence_equals_looped():
    rbm, v = random_rbm(4, 3, 10, runs=(3,)), states(4)
    streams = [np.random.default_rng(seed) for seed in (1, 2, 3)]
    stacked, _ = contrastive_divergence(rbm, v, 2, streams, "samples")
    for i in range(3):
        single, _ = contrastive_divergence(run_of(rbm, i), v, 2, np.random.default_rng(i + 1), "samples")
        for name in FIELDS:
            np.testing.assert_allclose(getattr(stacked, "d" + name)[i], getattr(single, "d" + name), rtol=1e-12)


def test_stacked_training_equals_looped():
    config = RBMConfig(n_hidden=4, epochs=20, batch_size=5, snapshots=(10,))
    stacked = train(config, BARS, BARS[:3], seed=(4, 5, 6))
    assert stacked.rbm.W.shape == (3, 9, 4)
    for i, seed in enumerate((4, 5, 6)):
        single = train(config, BARS, BARS[:3], seed=seed)
        np.testing.assert_allclose(stacked.rbm.W[i], single.rbm.W, rtol=1e-10)
        np.testing.assert_allclose(stacked.snapshots[10].W[i], single.snapshots[10].W, rtol=1e-10)
        np.testing.assert_allclose(stacked.reconstruction_error[i], single.reconstruction_error, rtol=1e-10)
        np.testing.assert_allclose(stacked.free_energy_gap[i], single.free_energy_gap, rtol=1e-9, atol=1e-12)


# ---------------------------------------------------------------- pretraining


CONFIGS = (RBMConfig(n_hidden=6, epochs=200, learning_rate=0.3), RBMConfig(n_hidden=4, epochs=300, learning_rate=0.3))


def test_pretrained_layers_fit_a_network():
    pretraining = pretrain(CONFIGS, BARS, seed=3)
    assert [(W.shape, b.shape) for W, b in pretraining.layers] == [((9, 6), (6,)), ((6, 4), (4,))]
    # The first layer is a machine of its own; the second learns from its probabilities.
    first = train(CONFIGS[0], BARS, seed=3)
    np.testing.assert_allclose(pretraining.layers[0][0], first.rbm.W, rtol=1e-12)
    below = hidden_probabilities(first.rbm, BARS)
    second = pretraining.histories[1]
    np.testing.assert_allclose(second.free_energy[-1], free_energy(second.rbm, below).mean())
    np.testing.assert_allclose(
        second.reconstruction_error[-1], ((below - reconstruct(second.rbm, below)) ** 2).mean(), rtol=1e-10
    )
    a = BARS
    for W, b in pretraining.layers:  # the forward pass of a sigmoid network
        a = 1 / (1 + np.exp(-(a @ W + b)))
    np.testing.assert_allclose(a, hidden_probabilities(second.rbm, below), rtol=1e-12)


def test_pretraining_reconstructs_better_at_both_layers():
    for history in pretrain(CONFIGS, BARS).histories:
        assert history.reconstruction_error[-1] < 0.6 * history.reconstruction_error[0]


def test_stacked_pretraining_equals_looped():
    stacked = pretrain(CONFIGS, BARS, seed=(1, 2))
    for i, seed in enumerate((1, 2)):
        for (W, b), (W_one, b_one) in zip(stacked.layers, pretrain(CONFIGS, BARS, seed=seed).layers, strict=True):
            np.testing.assert_allclose(W[i], W_one, rtol=1e-9)
            np.testing.assert_allclose(b[i], b_one, rtol=1e-9)


# ---------------------------------------------------------------- ownership and bad input


def test_inputs_stay_and_results_are_read_only():
    data, kept = BARS.copy(), BARS[:4].copy()
    history = train(RBMConfig(n_hidden=3, epochs=2, snapshots=(1,)), data, kept)
    rbm = random_rbm(9, 3, 0)
    W = rbm.W.copy()
    _, trace = contrastive_divergence(rbm, data, 2, np.random.default_rng(0), "samples")
    np.testing.assert_array_equal(data, BARS)
    np.testing.assert_array_equal(kept, BARS[:4])
    np.testing.assert_array_equal(rbm.W, W)
    for array in (history.rbm.W, history.snapshots[1].W, history.free_energy, trace.v_start, trace.h_end):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    assert data.flags.writeable


RBM43 = random_rbm(4, 3, 0)
V = states(4)
RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("call", "code", "argument"),
    [
        (lambda: RBM([1, 2], [0], [0]), "wrong_shape", "W"),
        (lambda: RBM(np.zeros((4, 3)), np.zeros(3), np.zeros(3)), "wrong_shape", "visible_bias"),
        (lambda: RBM(np.zeros((2, 4, 3)), np.zeros((2, 4)), np.zeros(3)), "wrong_shape", "hidden_bias"),
        (lambda: RBM(np.full((4, 3), np.nan), np.zeros(4), np.zeros(3)), "not_finite", "W"),
        (lambda: RBM(np.full((4, 3), 1e13), np.zeros(4), np.zeros(3)), "out_of_range", "W"),
        (lambda: initialize(0, 3, RNG), "out_of_range", "n_visible"),
        (lambda: initialize(4, 2_000, RNG), "out_of_range", "n_hidden"),
        (lambda: initialize(4, 3, RNG, scale=-1), "out_of_range", "scale"),
        (lambda: hidden_probabilities(RBM43, V[:, :3]), "wrong_shape", "v"),
        (lambda: hidden_probabilities(RBM43, V[0]), "wrong_shape", "v"),
        (lambda: hidden_probabilities(RBM43, V[:0]), "wrong_shape", "v"),
        (lambda: hidden_probabilities(RBM43, 2 * V), "out_of_range", "v"),
        (lambda: visible_probabilities(RBM43, V), "wrong_shape", "h"),
        (lambda: energy(RBM43, V, -V[:, :3]), "out_of_range", "h"),
        (lambda: free_energy(RBM43, V + np.inf), "not_finite", "v"),
        (lambda: sample([0.5, 1.5], RNG), "out_of_range", "probabilities"),
        (lambda: sample(np.full((3, 2), 0.5), [RNG, RNG]), "wrong_shape", "rng"),
        (lambda: gibbs(RBM43, V, 0, RNG), "out_of_range", "k"),
        (lambda: gibbs(RBM43, V, 1, RNG, "states"), "unknown_name", "visible"),
        (lambda: gibbs(RBM43, V, 1, [RNG, RNG]), "wrong_shape", "rng"),
        (lambda: contrastive_divergence(RBM43, V, 1.5, RNG), "not_a_number", "k"),
        (lambda: log_partition(random_rbm(13, 13, 0)), "out_of_range", "units of the smaller layer"),
        (lambda: exact_gradient(RBM43, V[:, :2]), "wrong_shape", "v"),
        (lambda: RBMConfig(0), "out_of_range", "n_hidden"),
        (lambda: RBMConfig(3, k=0), "out_of_range", "k"),
        (lambda: RBMConfig(3, learning_rate=11), "out_of_range", "learning_rate"),
        (lambda: RBMConfig(3, learning_rate="fast"), "not_a_number", "learning_rate"),
        (lambda: RBMConfig(3, epochs=-1), "out_of_range", "epochs"),
        (lambda: RBMConfig(3, batch_size=0), "out_of_range", "batch_size"),
        (lambda: RBMConfig(3, visible="states"), "unknown_name", "visible"),
        (lambda: RBMConfig(3, scale=np.nan), "not_finite", "scale"),
        (lambda: RBMConfig(3, epochs=5, snapshots=(6,)), "out_of_range", "snapshots"),
        (lambda: train(RBMConfig(3), V[0]), "wrong_shape", "data"),
        (lambda: train(RBMConfig(3), V - 1), "out_of_range", "data"),
        (lambda: train(RBMConfig(3), V, V[:, :3]), "wrong_shape", "held_out"),
        (lambda: train(RBMConfig(3), np.stack([V, V]), seed=(1, 2, 3)), "wrong_shape", "data"),
        (lambda: train(RBMConfig(3), V, seed=-1), "out_of_range", "seed"),
        (lambda: train(RBMConfig(3), V, seed=()), "out_of_range", "number of seeds"),
        (lambda: train(RBMConfig(3), V, seed=range(101)), "out_of_range", "number of seeds"),
        (lambda: train(RBMConfig(3, epochs=2_000, batch_size=1), V), "out_of_range", "Gibbs steps"),
        (lambda: train(RBMConfig(3, epochs=2_000, batch_size=2), V, seed=range(100)), "out_of_range", "Gibbs steps"),
        (lambda: train(RBMConfig(1_000, epochs=2_000, k=7), V), "out_of_range", "samples x epochs"),
        (lambda: pretrain((), V), "out_of_range", "number of layers"),
    ],
)
def test_refused(call, code, argument):
    with pytest.raises(InputError) as error:
        call()
    assert error.value.code == code
    assert argument in error.value.argument
    assert error.value.argument in str(error.value)
