"""The best answer that ignores the inputs, by formula, by hand and by search."""

import math

import numpy as np
import pytest

from engine.best_constant import best_constant
from engine.datasets import blobs, gate_samples, plane_regression
from engine.losses import LOSSES, SoftmaxCrossEntropy, loss
from engine.samples import Dataset


def test_xor():
    """SEED_FACTS: 0.25 and ln 2, at 0.5."""
    xor = gate_samples("xor")
    assert best_constant(loss("squared_error"), xor) == (pytest.approx([0.5]), pytest.approx(0.25))
    assert best_constant(loss("cross_entropy"), xor) == (pytest.approx([0.5]), pytest.approx(math.log(2)))
    assert best_constant(loss("cross_entropy_with_logits"), xor) == (pytest.approx([0.0]), pytest.approx(math.log(2)))
    assert best_constant(loss("half_squared_error", "sum"), xor)[1] == pytest.approx(0.5)


def test_unequal_classes():
    """AND: one of four. Mean 1/4, 3/16; entropy of 1/4."""
    entropy = -(0.25 * math.log(0.25) + 0.75 * math.log(0.75))
    assert best_constant(loss("squared_error"), gate_samples("and"))[1] == pytest.approx(3 / 16)
    for name in ("cross_entropy", "cross_entropy_with_logits"):
        assert best_constant(loss(name), gate_samples("and"))[1] == pytest.approx(entropy)


def test_several_classes():
    samples = blobs(90, n_classes=3)
    constant, value = best_constant(SoftmaxCrossEntropy(), samples)
    assert value == pytest.approx(math.log(3))
    assert np.ptp(constant) == pytest.approx(0.0)


@pytest.mark.parametrize(
    "name", sorted(set(LOSSES) - {"cross_entropy", "cross_entropy_with_logits", "softmax_cross_entropy"})
)
def test_no_other_constant_is_better(name):
    samples = plane_regression(61, noise=0.5)
    _constant, value = best_constant(loss(name), samples)
    others = [float(loss(name).value(np.full((61, 1), c), samples.targets)) for c in np.linspace(-3, 3, 2001)]
    assert value <= min(others) + 1e-9
    assert value == pytest.approx(min(others), rel=1e-3)


def test_one_class_alone_costs_nothing():
    alone = Dataset(np.zeros((3, 2)), np.ones(3), "classification", ("0", "1"))
    for name in ("squared_error", "cross_entropy", "cross_entropy_with_logits"):
        assert best_constant(loss(name), alone)[1] == pytest.approx(0.0, abs=1e-9)
