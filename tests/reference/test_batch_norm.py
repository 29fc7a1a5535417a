"""Agreement with PyTorch in float64; the arrays are made by batch_norm_make.py."""

from pathlib import Path

import numpy as np

from engine.batch_norm_gradient import BackwardConfig, backward
from engine.stored_statistics import DrawnBatches, running_statistics

with np.load(Path(__file__).with_name("batch_norm.npz")) as archive:
    TORCH = dict(archive)


def test_the_jacobian_in_both_modes():
    x, gamma, epsilon = TORCH["x"], float(TORCH["gamma"]), float(TORCH["epsilon"])
    steps = backward(BackwardConfig(tuple(x), (1.0,) * len(x), gamma, epsilon))
    np.testing.assert_allclose(steps.jacobian, TORCH["training"], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(steps.frozen_jacobian, TORCH["evaluation"], rtol=1e-12, atol=1e-15)


def test_the_stored_statistics(monkeypatch):
    monkeypatch.setattr(DrawnBatches, "draw", lambda self: TORCH["batches"])
    found = running_statistics(DrawnBatches(), float(TORCH["momentum"]))
    np.testing.assert_allclose(found.mean, TORCH["mean"], rtol=1e-13)
    np.testing.assert_allclose(found.var, TORCH["var"], rtol=1e-13)
