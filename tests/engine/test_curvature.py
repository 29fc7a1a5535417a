"""The largest curvature by power iteration, against the eigenvalues of a Hessian from differences."""

from dataclasses import replace

import numpy as np
import pytest

from engine.curvature import largest_curvature, stable_rate
from engine.errors import InputError
from engine.lab import LabConfig, LabData, run
from engine.lab_presets import PRESETS
from engine.layers import Dropout
from engine.network import Network
from engine.optimizers import optimizer


def hessian(config, l2=0.0, step=1e-5):
    """Column by column from gradients of the whole training set."""
    of, samples, start = config.training.architecture, config.parts[0], config.first[0]

    def gradient(parameters):
        network = Network(of, parameters, samples.X)
        network.forward()
        network.loss_gradient(config.training.loss, samples.targets)
        return network.backward()[0] + l2 * of.weight_mask() * parameters

    columns = [(gradient(start + step * e) - gradient(start - step * e)) / (2 * step) for e in np.eye(len(start))]
    return (np.array(columns) + np.array(columns).T) / 2


@pytest.mark.parametrize("code", ["fail_rate", "classic", "fail_log", "blobs"])
def test_it_is_the_largest_eigenvalue(code):
    expected = np.linalg.eigvalsh(hessian(PRESETS[code])).max()
    found = largest_curvature(PRESETS[code], rounds=200)
    assert found == pytest.approx(expected, rel=0.02)
    assert found <= expected * 1.001  # from below


def test_a_penalty_adds_to_it():
    config = PRESETS["fail_rate"]
    config = replace(config, training=replace(config.training, l2=3.0))
    assert largest_curvature(config) == pytest.approx(np.linalg.eigvalsh(hessian(config, 3.0)).max(), rel=0.02)


def test_a_linear_model_diverges_just_above_its_limit():
    training = PRESETS["fail_rate"].training
    linear = replace(
        training, sizes=(2, 1), activations=training.activations[-1:], batch_size=None, epochs=2_000, snapshots=()
    )
    config = LabConfig(LabData("plane", n_samples=100, test_share=0.0), linear)
    limit = stable_rate(config, largest_curvature(config))
    assert limit == pytest.approx(0.98, abs=0.05)
    for factor, ends in ((0.98, True), (1.02, False)):
        rule = optimizer("sgd", learning_rate=factor * limit)
        history = run(replace(config, training=replace(linear, optimizer=rule)))
        assert (history.train_loss[-1] < history.train_loss[0]) == ends


def test_the_limit_of_each_rule():
    config = PRESETS["fail_rate"]

    def limit(**changes):
        return stable_rate(replace(config, training=replace(config.training, **changes)), 4.0)

    assert limit() == 0.5
    assert limit(optimizer=optimizer("momentum", momentum=0.9)) == pytest.approx(0.95)
    assert limit(optimizer=optimizer("nesterov", momentum=0.9)) == pytest.approx(0.95 / 2.8)
    assert limit(optimizer=optimizer("sgd", weight_decay=1.0)) == pytest.approx(0.4)
    assert limit(optimizer=optimizer("adam")) is None
    assert limit(clip_norm=1.0) is None
    assert stable_rate(config, -1.0) is None


def test_it_is_not_told_for_noisy_gradients_and_too_large_networks():
    config = PRESETS["fail_rate"]
    assert largest_curvature(replace(config, training=replace(config.training, dropout=Dropout(0.2)))) is None
    wide = replace(
        PRESETS["fail_depth"].training,
        sizes=(2, 200, 200, 1),
        activations=PRESETS["fail_depth"].training.activations[-3:],
    )
    assert largest_curvature(LabConfig(PRESETS["fail_depth"].data, wide)) is None


def test_bad_input():
    with pytest.raises(InputError):
        largest_curvature(PRESETS["fail_rate"], parameters=[1.0, 2.0])
    with pytest.raises(InputError):
        largest_curvature(PRESETS["fail_rate"], rounds=0)
