"""Batches: sizes, seeded orders, what reaches the network's buffers."""

import numpy as np
import pytest

from engine.activations import Linear
from engine.batches import Batches, batch_sizes, epoch_order
from engine.errors import InputError
from engine.network import Architecture, Network

X = np.arange(14.0).reshape(7, 2)
Y = 100 + np.arange(7.0)[:, None]
LINE = Architecture((2, 1), (Linear(),))


def batches(runs, batch_size):
    network = Network(LINE, np.zeros((runs, LINE.n_parameters)), X)
    return Batches(network, X, Y, batch_size, [np.random.default_rng(seed) for seed in range(runs)])


def one_epoch(source):
    """What the networks meet, joined over the batches: (runs, n_samples, ...)."""
    source.shuffle()
    inputs, targets = [], []
    for lay_in, network, wanted in source.steps:
        lay_in()
        inputs.append(network.a[0].reshape(-1, network.n_samples, 2).copy())
        targets.append(wanted.reshape(-1, network.n_samples, 1).copy())
    return np.concatenate(inputs, axis=1), np.concatenate(targets, axis=1)


@pytest.mark.parametrize(
    ("n_samples", "batch_size", "sizes"),
    [(7, 3, [3, 3, 1]), (6, 3, [3, 3]), (7, None, [7]), (7, 50, [7]), (3, 1, [1, 1, 1])],
)
def test_the_last_batch_holds_what_is_left(n_samples, batch_size, sizes):
    assert batch_sizes(n_samples, batch_size) == sizes


@pytest.mark.parametrize("runs", [1, 3])
@pytest.mark.parametrize("batch_size", [1, 3, 7])
def test_an_epoch_meets_every_example_once_with_its_own_target(runs, batch_size):
    source = batches(runs, batch_size)
    for _ in range(2):
        inputs, targets = one_epoch(source)
        assert inputs.shape == (runs, 7, 2)
        np.testing.assert_array_equal(targets[..., 0] - 100, inputs[..., 0] / 2)
        np.testing.assert_array_equal(np.sort(targets, axis=1), np.broadcast_to(Y, (runs, 7, 1)))


def test_each_run_follows_its_own_generator():
    stacked, _ = one_epoch(batches(3, 2))
    for run in range(3):
        np.testing.assert_array_equal(stacked[run], X[epoch_order(np.random.default_rng(run), 7)])
    assert not np.array_equal(stacked[0], stacked[1])


def test_epochs_differ_and_seeds_repeat():
    source, again = batches(1, 3), batches(1, 3)
    first, second = one_epoch(source)[0], one_epoch(source)[0]
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, one_epoch(again)[0])
    np.testing.assert_array_equal(second, one_epoch(again)[0])


def test_a_full_batch_keeps_the_order_of_the_samples():
    np.testing.assert_array_equal(one_epoch(batches(1, None))[0][0], X)


@pytest.mark.parametrize(("n_samples", "batch_size"), [(0, 1), (20_001, 1), (5, 0), (5, 2.5), (5, np.nan)])
def test_sizes_out_of_range_are_refused(n_samples, batch_size):
    with pytest.raises(InputError):
        batch_sizes(n_samples, batch_size)
