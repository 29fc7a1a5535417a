"""Batch normalization and dropout against PyTorch float64 (layers.npz, made by layers_make.py), to 1e-10."""

from pathlib import Path

import numpy as np
import pytest

from engine.activations import Sigmoid, Tanh
from engine.layer_tables import batch_norm, dropout
from engine.layers import BatchNorm, Dropout, DropoutStep
from engine.losses import SquaredError
from engine.network import Architecture, Network

with np.load(Path(__file__).parent / "layers.npz") as archive:
    REFERENCE = dict(archive)


def assert_close(actual, name):
    expected = REFERENCE[name]
    np.testing.assert_allclose(np.reshape(actual, expected.shape), expected, rtol=1e-10, atol=1e-12, err_msg=name)


def test_batch_norm_over_three_batches_and_an_evaluation():
    mean, var = np.zeros(3), np.ones(3)
    traces = []
    for batch, (x, dy) in enumerate(zip(REFERENCE["norm_x"], REFERENCE["norm_dy"], strict=True)):
        gamma, beta = REFERENCE["norm_gamma"], REFERENCE["norm_beta"]
        traces.append(batch_norm(x, gamma, beta, mean, var, dy, training=batch < 3))
        mean, var = traces[-1].running_mean[0], traces[-1].running_var[0]
    for name in ("y", "dx", "dgamma", "dbeta", "running_mean", "running_var"):
        assert_close([getattr(trace, name) for trace in traces], f"norm_{name}")


def test_dropouts_scale():
    assert_close(dropout(np.ones((8, 5)), REFERENCE["dropout_mask"], config=Dropout(0.3)).y, "dropout_y")


@pytest.mark.parametrize("place", ["before_activation", "after_activation"])
def test_a_network_with_both(place):
    of = Architecture((2, 5, 4, 1), (Tanh(), Tanh(), Sigmoid()), BatchNorm(place), Dropout(0.25))
    network = Network(of, REFERENCE["net_parameters"], REFERENCE["net_X"])
    network.train()
    for layer in range(2):
        drop = next(step for step in network.steps[layer] if isinstance(step, DropoutStep))
        drop.keep(REFERENCE[f"net_mask_{layer}"])
    network.trace(SquaredError(), REFERENCE["net_Y"])
    assert_close(network.a[-1], f"net_{place}_outputs")
    assert_close(network.gradient[0], f"net_{place}_gradient")
    assert_close(network.statistics[0], f"net_{place}_statistics")
