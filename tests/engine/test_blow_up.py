"""A diverged training, played again: the update in which it ends equals that of a plain loop."""

from dataclasses import replace

import numpy as np
import pytest

from engine.blow_up import BACK, _Replay, blow_up
from engine.errors import InputError
from engine.export_blow_up import blow_up_script
from engine.initializers import initializer
from engine.lab import LabConfig, LabData, run
from engine.lab_presets import PRESETS
from engine.layers import BatchNorm, Dropout
from engine.optimizers import optimizer
from engine.schedules import StepDecay
from engine.training_config import ORDER
from tests.engine.printed import printed


def replay(config):
    return blow_up(config, int(run(config).diverged_at))


def changed(code, **options):
    config = PRESETS[code]
    return replace(config, training=replace(config.training, **options))


def by_hand(config):
    """A 2-8-1 tanh network with a linear output, mean squared error, batches of 10: the first update that is gone."""
    samples, rng = config.parts[0], np.random.default_rng([config.training.seeds, ORDER])
    of, rate = config.training.architecture, float(config.training.optimizer.learning_rate)
    (W1, W2), (b1, b2) = ([part.copy() for part in of.weights(config.first[0])], of.biases(config.first[0].copy()))
    update, X, Y, losses, sizes = 0, samples.X, samples.targets, [], []
    with np.errstate(all="ignore"):
        while True:
            order = rng.permutation(len(X))
            for start in range(0, len(X), 10):
                rows, update = order[start : start + 10], update + 1
                a = np.tanh(X[rows] @ W1 + b1)
                error = a @ W2 + b2 - Y[rows]
                losses.append(np.mean(error**2))
                sizes.append(max(np.abs(part).max() for part in (W1, W2, b1, b2)))
                dz2 = 2 * error / len(rows)
                dz1 = dz2 @ W2.T * (1 - a**2)
                if not np.isfinite(losses[-1]):
                    return update, losses, sizes
                W2, b2 = W2 - rate * a.T @ dz2, b2 - rate * dz2.sum(axis=0)
                W1, b1 = W1 - rate * X[rows].T @ dz1, b1 - rate * dz1.sum(axis=0)


def test_the_update_is_that_of_a_plain_loop():
    config = PRESETS["fail_rate"]
    found, (update, losses, sizes) = replay(config), by_hand(config)
    assert (found.update, found.epoch, found.what, found.layer) == (update, 13, "loss", 1)
    assert update == 130
    np.testing.assert_allclose(found.losses[:-1], losses[:-1], rtol=1e-9)
    np.testing.assert_allclose(found.largest_parameter, sizes, rtol=1e-9)
    assert found.updates.tolist() == list(range(1, 131))
    assert found.epochs.tolist() == [1 + k // 10 for k in range(130)]
    assert set(found.rates) == {1.0}


def test_growth_is_the_mean_factor_of_the_last_updates():
    """Eight saturated units and a bias: curvature 2 * 9 = 18, so that each step multiplies by |1 - 18| = 17."""
    found = replay(PRESETS["fail_rate"])
    assert found.growth == pytest.approx(17.0, rel=1e-9)
    sizes = found.largest_parameter
    assert found.growth**BACK == pytest.approx(sizes[-1] / sizes[-1 - BACK])


def test_a_linear_model_grows_by_its_curvature():
    """Full-batch descent on a quadratic: every step multiplies the error by |1 - eta lambda|, to the last digit."""
    data = LabData("plane", n_samples=100, test_share=0.0)
    training = changed("fail_rate").training
    config = LabConfig(
        data,
        replace(
            training, sizes=(2, 1), activations=training.activations[-1:], batch_size=None, epochs=800, snapshots=(),
            optimizer=optimizer("sgd", learning_rate=1.5),
        ),
    )  # fmt: skip
    X = np.column_stack([data.plane.X, np.ones(100)])
    curvature = np.linalg.eigvalsh(2 * X.T @ X / 100).max()
    found = replay(config)
    assert found.growth == pytest.approx(1.5 * curvature - 1, rel=1e-9)
    assert len(found.updates) == 201  # the window before the last epoch, and that epoch's one update
    assert found.updates[-1] == found.update


@pytest.mark.parametrize("code", ["fail_rate", "fail_depth", "fail_log"])
def test_the_script_finds_the_same_update(code):
    found = replay(PRESETS[code])
    what = {"pre_activation": "z or a", "activation": "z or a"}.get(found.what, found.what)
    assert f"update {found.update} first not finite: {what}" in printed(blow_up_script(PRESETS[code]))


def test_a_logarithm_of_zero():
    config = PRESETS["fail_log"]
    found = replay(config)
    assert (found.what, found.losses[-1]) == ("loss", np.inf)
    assert found.edge_outputs >= 1
    assert np.isfinite(found.largest_z).all()
    assert found.largest_z[-1, -1] > 36.7  # where 1 - sigmoid(z) is 0 in float64


def test_a_start_that_is_not_finite():
    config = replace(PRESETS["fail_log"], start=tuple(60.0 * PRESETS["fail_log"].first[0]))
    history = run(config)
    assert history.diverged_at == 0
    found = blow_up(config, 0)
    assert (found.update, found.what, len(found.updates)) == (0, "measured", 0)
    assert np.isnan(found.growth)


def test_a_healthy_run_has_none():
    config = changed("classic", epochs=3, snapshots=())
    assert blow_up(config, 3) is None


@pytest.mark.parametrize(
    "options",
    [
        {"optimizer": optimizer("adam", learning_rate=0.05)},
        {"optimizer": optimizer("momentum", learning_rate=0.05), "schedule": StepDecay(every=7, decay=0.5)},
        {"dropout": Dropout(0.3)},
        {"batch_norm": BatchNorm()},
        {"l2": 0.1, "l1": 0.01, "clip_norm": 0.5},
        {"standardize": True},
    ],
)
def test_every_option_is_repeated(options):
    """Two epochs, replayed: the next update's batch sees exactly the parameters that the trainer had."""
    short = changed("fail_rate", epochs=2, snapshots=(0, 1, 2), initializer=initializer("xavier_uniform"), **options)
    short = replace(short, training=replace(short.training, optimizer=options.get("optimizer", optimizer("sgd"))))
    history = run(short)
    replay = _Replay(short, 2)
    replay.watched_from = 0
    for _update in replay.each_update():
        pass
    np.testing.assert_allclose(replay.network.parameters[0], history.parameters, rtol=0, atol=0)


def test_it_takes_one_run_and_an_epoch_of_it():
    with pytest.raises(InputError):
        blow_up(changed("fail_rate", seeds=(0, 1)), 3)
    with pytest.raises(InputError):
        blow_up(PRESETS["fail_rate"], 31)
