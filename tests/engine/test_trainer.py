"""Training: against a plain loop, stacked against looped, and each option by what it must change."""

from dataclasses import replace

import numpy as np
import pytest

from engine.activations import Linear, Sigmoid, Tanh
from engine.adam import Adam
from engine.datasets import blobs, curve_regression, gate_samples, moons
from engine.decision import decision_grid, grid_points
from engine.errors import InputError
from engine.initializers import initializer
from engine.layers import BatchNorm, Dropout
from engine.losses import CrossEntropy, CrossEntropyWithLogits, HalfSquaredError, SoftmaxCrossEntropy, SquaredError
from engine.momentum import SGD, Momentum
from engine.network import Network, predict
from engine.optimizers import OPTIMIZERS
from engine.preparation import fit_standardizer, split
from engine.rbm_training import RBMConfig, pretrain
from engine.regularization import clip, penalty
from engine.samples import Dataset
from engine.schedules import Constant, Cosine, StepDecay
from engine.scores import score
from engine.trainer import fine_tuning_start, train
from engine.training import gradient_descent
from engine.training_config import TrainingConfig, evenly

XOR = gate_samples("xor")
TRAIN, TEST = split(moons(60, 0.25, seed=1), 0.3, seed=2)
BASE = TrainingConfig(
    (2, 5, 3, 1),
    (Tanh(), Sigmoid(), Sigmoid()),
    optimizer=SGD(learning_rate=0.3),
    epochs=12,
    batch_size=8,
    snapshots=(0, 5, 12),
)
# No Adam here: the gradient of a bias before batch normalization is 0 but for rounding, which Adam divides by itself.
EVERYTHING = replace(
    BASE,
    optimizer=Momentum(learning_rate=0.05),
    schedule=Cosine(100),
    batch_norm=BatchNorm(),
    dropout=Dropout(0.2),
    l1=1e-4,
    l2=1e-3,
    clip_norm=0.5,
    standardize=True,
    bias_initializer=initializer("normal", sigma=0.1),
)
FIELDS = (
    *("train_loss", "test_loss", "train_score", "test_score", "gradient_norms", "parameters", "statistics"),
    *("snapshots", "snapshot_statistics", "diverged_at", "stopped_at", "best_epoch"),
)


def refused(call) -> str:
    with pytest.raises(InputError) as caught:
        call()
    return caught.value.argument


def by_hand(config, samples, update):
    """Parameters after a training written as a plain loop; `update(theta, gradient, t)` is the rule."""
    theta, of = config.start()[0], config.architecture
    orders, t = np.random.default_rng([config.seeds, 1]), 0
    for _ in range(config.epochs):
        order = orders.permutation(len(samples))
        for first in range(0, len(samples), config.batch_size):
            rows = order[first : first + config.batch_size]
            network = Network(of, theta, samples.X[rows])
            network.trace(config.loss, samples.targets[rows])
            theta = update(theta, network.gradient[0], t)
            t += 1
    return theta


# The numbers


def test_full_batch_descent_is_that_of_the_plain_trainer():
    config = replace(BASE, batch_size=None, epochs=50, snapshots=())
    history = train(config, XOR)
    plain = gradient_descent(config.architecture, config.start()[0], XOR.X, XOR.targets, config.loss, 0.3, 50)
    np.testing.assert_allclose(history.train_loss, plain.losses, rtol=1e-12)
    np.testing.assert_allclose(history.parameters, plain.parameters, rtol=1e-12)


def test_mini_batches_are_those_of_a_plain_loop():
    history = train(BASE, TRAIN)
    theta = by_hand(BASE, TRAIN, lambda theta, g, t: theta - 0.3 * g)
    np.testing.assert_allclose(history.parameters, theta, rtol=1e-11)
    loss = BASE.loss.value(predict(BASE.architecture, theta, TRAIN.X), TRAIN.targets)
    assert history.train_loss[-1] == pytest.approx(loss, rel=1e-11)


def test_penalties_clipping_and_schedule_are_those_of_a_plain_loop():
    config = replace(BASE, l1=1e-2, l2=5e-2, clip_norm=0.05, schedule=StepDecay(10, 0.5))
    mask = config.architecture.weight_mask()

    def update(theta, g, t):
        g = g + mask * (0.01 * np.sign(theta) + 0.05 * theta)
        g = g * min(1.0, 0.05 / (np.linalg.norm(g) + 1e-6))
        return theta - 0.3 * 0.5 ** (t // 10) * g

    np.testing.assert_allclose(train(config, TRAIN).parameters, by_hand(config, TRAIN, update), rtol=1e-10)


@pytest.mark.parametrize("code", OPTIMIZERS)
def test_every_rule_trains_a_stack_as_its_runs_alone(code):
    # few steps: rules that go by signs or by tiny averages magnify rounding
    config = replace(BASE, optimizer=OPTIMIZERS[code](learning_rate=0.01), seeds=(3, 4), epochs=3, snapshots=())
    stacked = train(config, TRAIN)
    for run, seed in enumerate(config.seeds):
        alone = train(replace(config, seeds=seed), TRAIN)
        np.testing.assert_allclose(stacked.train_loss[run], alone.train_loss, rtol=1e-7)
    assert (stacked.train_loss[:, -1] != stacked.train_loss[:, 0]).all()


@pytest.mark.parametrize("config", [BASE, EVERYTHING, replace(EVERYTHING, patience=2, epochs=30)])
def test_a_stack_is_its_runs_one_by_one(config):
    schemes = tuple(initializer(code) for code in ("xavier_normal", "he_uniform", "normal"))
    stack = replace(config, seeds=(5, 6, 7), learning_rates=(0.02, 0.05, 0.3), initializer=schemes)
    stacked = train(stack, TRAIN, TEST)
    for run in range(3):
        alone = replace(stack, seeds=5 + run, learning_rates=(stack.learning_rates[run],), initializer=schemes[run])
        history = train(alone, TRAIN, TEST)
        for name in FIELDS:
            np.testing.assert_allclose(
                getattr(stacked, name)[run], getattr(history, name), rtol=1e-8, atol=1e-12, err_msg=name
            )


def test_the_same_config_gives_the_same_result_and_other_seeds_another():
    one, same, other = train(EVERYTHING, TRAIN), train(EVERYTHING, TRAIN), train(replace(EVERYTHING, seeds=1), TRAIN)
    np.testing.assert_array_equal(one.train_loss, same.train_loss)
    assert one.train_loss[0] != other.train_loss[0]


def test_dropout_changes_neither_the_start_nor_the_order():
    dropped = replace(BASE, dropout=Dropout(0.0))
    np.testing.assert_allclose(train(dropped, TRAIN).train_loss, train(BASE, TRAIN).train_loss, rtol=1e-12)


def test_nothing_given_is_changed_and_nothing_kept_can_be():
    X, start = TRAIN.X.copy(), BASE.start()[0]
    kept = start.copy()
    history = train(BASE, TRAIN, start=start)
    np.testing.assert_array_equal(start, kept)
    np.testing.assert_array_equal(TRAIN.X, X)
    for name in (name for name in FIELDS if getattr(history, name) is not None):
        assert not getattr(history, name).flags.writeable, name


# What is recorded


def test_loss_and_score_are_measured_after_each_epoch_in_evaluation():
    config = replace(EVERYTHING, snapshots=tuple(range(13)), standardize=False)
    history = train(config, TRAIN, TEST)
    for epoch in (0, 4, 12):
        for data, losses, scores in (
            (TRAIN, history.train_loss, history.train_score),
            (TEST, history.test_loss, history.test_score),
        ):
            frame, statistics = history.snapshots[epoch], history.snapshot_statistics[epoch]
            outputs = predict(config.architecture, frame, data.X, statistics)
            assert losses[epoch] == pytest.approx(config.loss.value(outputs, data.targets), rel=1e-12)
            assert scores[epoch] == ((outputs > 0.5) == data.targets).mean()
    np.testing.assert_array_equal(history.parameters, history.snapshots[-1])
    np.testing.assert_array_equal(history.snapshots[0], config.start()[0])


def test_gradient_norms_are_those_of_each_layer():
    config = replace(BASE, batch_size=None, epochs=3, snapshots=(0, 1, 2), clip_norm=1e-3, l2=0.1)
    history = train(config, TRAIN)
    for epoch in range(3):
        network = Network(config.architecture, history.snapshots[epoch], TRAIN.X)
        trace = network.trace(config.loss, TRAIN.targets)
        norms = [np.sqrt((dW**2).sum() + (db**2).sum()) for dW, db in zip(trace.dW, trace.db, strict=True)]
        np.testing.assert_allclose(history.gradient_norms[epoch], norms, rtol=1e-10)


def test_several_classes_a_regression_and_logits():
    three = blobs(60, 0.2, seed=1, n_classes=3)
    config = TrainingConfig(
        (2, 6, 3), (Tanh(), Linear()), SoftmaxCrossEntropy(), Adam(learning_rate=0.05), epochs=60, batch_size=20
    )
    history = train(config, three)
    assert (history.score, history.train_score[-1] > 0.9) == ("accuracy", True)
    line = curve_regression(80, 0.05, seed=1)
    fitted = train(replace(config, sizes=(1, 6, 1), loss=SquaredError(), epochs=150), line)
    assert (fitted.score, fitted.train_score[-1] > 0.8) == ("r_squared", True)
    logits = train(replace(config, sizes=(2, 6, 1), loss=CrossEntropyWithLogits()), TRAIN)
    sigmoid = replace(config, sizes=(2, 6, 1), activations=(Tanh(), Sigmoid()), loss=CrossEntropy())
    np.testing.assert_allclose(logits.train_score, train(sigmoid, TRAIN).train_score)


def test_the_reported_loss_is_written_down_and_changes_nothing_else():
    half, full = HalfSquaredError("sum"), SquaredError()
    config = replace(BASE, loss=half, optimizer=SGD(learning_rate=0.01))
    plain, told = train(config, TRAIN, TEST), train(replace(config, reported=full), TRAIN, TEST)
    np.testing.assert_array_equal(told.parameters, plain.parameters)
    np.testing.assert_array_equal(told.train_score, plain.train_score)
    np.testing.assert_array_equal(told.gradient_norms, plain.gradient_norms)
    np.testing.assert_allclose(told.train_loss, plain.train_loss * 2 / len(TRAIN), rtol=1e-12)
    np.testing.assert_allclose(told.test_loss, plain.test_loss * 2 / len(TEST), rtol=1e-12)
    assert (config.reported_loss, replace(config, reported=full).reported_loss) == (half, full)


def test_early_stopping_watches_the_reported_loss():
    """Where classes overlap, a network that grows sure of itself pays in cross-entropy first."""
    parts = split(moons(60, 0.6, seed=1), 0.5, seed=2)
    config = replace(BASE, epochs=40, patience=3, optimizer=Adam(learning_rate=0.1), loss=CrossEntropy(), snapshots=())
    plain, history = train(config, *parts), train(replace(config, reported=SquaredError()), *parts)
    assert history.stopped_at != plain.stopped_at
    assert history.best_epoch == np.nanargmin(history.test_loss)
    outputs = predict(config.architecture, history.parameters, parts[1].X)
    least = SquaredError().value(outputs, parts[1].targets)
    assert history.test_loss[history.best_epoch] == pytest.approx(least, rel=1e-9)


def test_two_classes_may_be_minus_one_and_one():
    """tanh at the end: the border between both classes is 0, whatever the loss measures."""
    coded = [replace(data, coding=(-1.0, 1.0)) for data in (TRAIN, TEST)]
    config = replace(
        BASE, activations=(Tanh(), Sigmoid(), Tanh()), loss=HalfSquaredError(), epochs=40, snapshots=tuple(range(41))
    )
    history = train(config, *coded)
    for data, losses, scores in zip(
        coded, (history.train_loss, history.test_loss), (history.train_score, history.test_score), strict=True
    ):
        outputs = predict(config.architecture, history.snapshots, data.X)[..., 0]
        np.testing.assert_allclose(losses, np.square(outputs - (2 * data.y - 1)).mean(axis=1) / 2, rtol=1e-12)
        np.testing.assert_array_equal(scores, ((outputs > 0) == data.y).mean(axis=1))
        assert (scores != ((outputs > 0.5) == data.y).mean(axis=1)).any()  # the border of 0 and 1 is another
    assert history.train_score[-1] > 0.8


def test_a_score_by_hand():
    loss = SquaredError()
    assert score([[0.4], [0.6], [0.5]], [[0.0], [1.0], [1.0]], loss, "classification") == pytest.approx(2 / 3)
    assert score([[1.0], [2.0]], [[1.0], [4.0]], loss, "regression") == pytest.approx(1 - 4 / 4.5)
    assert np.isnan(score([[1.0], [2.0]], [[3.0], [3.0]], loss, "regression"))
    assert score([[-0.2], [0.4], [0.1]], [[-1.0], [1.0], [-1.0]], loss, "classification", 0.0) == pytest.approx(2 / 3)
    logits = CrossEntropyWithLogits()  # whose own border is 0, while its targets' is not
    assert score([[-0.2], [0.4]], [[0.0], [1.0]], logits, "classification", 0.5) == 1.0
    assert np.isnan(score([[np.nan], [0.0]], [[0.0], [0.0]], loss, "classification"))
    assert score([[0.2, 0.9, 0.1]], [[0.0, 1.0, 0.0]], loss, "classification") == 1.0


# Options


def test_divergence_is_reported_at_its_epoch_and_leaves_the_others_alone():
    samples = curve_regression(30, 0.1, seed=1)
    config = TrainingConfig(
        (1, 4, 1), (Linear(), Linear()), epochs=100, seeds=(0, 0), learning_rates=(1e3, 0.05), snapshots=(0, 100)
    )
    history = train(config, samples)
    at = history.diverged_at
    assert at[0] > 1
    assert at[1] == -1
    assert np.isfinite(history.train_loss[0, : at[0]]).all()
    assert np.isnan(history.train_loss[0, at[0] :]).all()
    alone = train(replace(config, seeds=0, learning_rates=(0.05,)), samples)
    np.testing.assert_allclose(history.train_loss[1], alone.train_loss, rtol=1e-9)
    gone = train(replace(config, seeds=0, learning_rates=(1e3,), epochs=5000, snapshots=(0, 5000)), samples)
    assert gone.diverged_at == at[0]
    assert np.isnan(gone.train_loss[-1])


def test_early_stopping_goes_back_to_the_best_epoch():
    config = replace(BASE, epochs=60, patience=4, optimizer=SGD(learning_rate=8.0), snapshots=(0, 60))
    history = train(config, TRAIN, TEST)
    best, stopped = int(history.best_epoch), int(history.stopped_at)
    assert stopped == best + 4
    assert history.test_loss[best] == np.nanmin(history.test_loss)
    assert np.isnan(history.test_loss[stopped + 1 :]).all()
    loss = config.loss.value(predict(config.architecture, history.parameters, TEST.X), TEST.targets)
    assert loss == pytest.approx(history.test_loss[best], rel=1e-12)
    np.testing.assert_array_equal(history.snapshots[-1], history.parameters)
    unstopped = train(replace(config, patience=None), TRAIN, TEST)
    np.testing.assert_allclose(unstopped.test_loss[: stopped + 1], history.test_loss[: stopped + 1])
    assert unstopped.stopped_at == -1


def test_standardization_measures_the_training_samples_alone():
    history = train(replace(BASE, standardize=True), TRAIN, TEST)
    expected = fit_standardizer(TRAIN.X)
    np.testing.assert_array_equal(history.standardizer.mean, expected.mean)
    by_hand = replace(TRAIN, X=expected.apply(TRAIN.X)), replace(TEST, X=expected.apply(TEST.X))
    np.testing.assert_array_equal(history.test_loss, train(BASE, *by_hand).test_loss)


def test_l2_shrinks_weights_and_l1_empties_them():
    plain, ridge, lasso = (
        train(replace(BASE, epochs=300, snapshots=(), **extra), TRAIN) for extra in ({}, {"l2": 0.02}, {"l1": 0.02})
    )
    weights = BASE.architecture.weight_mask() == 1
    size = [np.abs(history.parameters[weights]) for history in (plain, ridge, lasso)]
    assert size[1].sum() < size[0].sum()
    assert (size[2] < 0.01).mean() > (size[0] < 0.01).mean() + 0.3
    assert penalty([1.0, -2.0, 9.0], [1, 1, 0], l1=0.1, l2=0.5) == pytest.approx(0.1 * 3 + 0.25 * 5)


def test_clipping_keeps_the_direction():
    gradient = np.array([[3.0, 4.0], [0.03, 0.04], [0.0, 0.0]])
    clip(gradient, 1.0)
    np.testing.assert_allclose(gradient, [[0.6, 0.8], [0.03, 0.04], [0.0, 0.0]], rtol=1e-6)


def test_fine_tuning_starts_from_the_pretrained_layers():
    data = (TRAIN.X - TRAIN.X.min(axis=0)) / np.ptp(TRAIN.X, axis=0)
    pretrained = pretrain([RBMConfig(n_hidden=5, epochs=2), RBMConfig(n_hidden=3, epochs=2)], data, seed=3)
    config = replace(BASE, activations=(Sigmoid(),) * 3, seeds=(1, 2))
    start, of = fine_tuning_start(config, pretrained.layers), config.architecture
    for run in range(2):
        for (W, b), to_W, to_b in zip(pretrained.layers, of.weights(start[run]), of.biases(start[run]), strict=False):
            np.testing.assert_array_equal(to_W, W)
            np.testing.assert_array_equal(to_b, b)
    np.testing.assert_array_equal(of.weights(start)[2], of.weights(config.start())[2])
    assert train(config, TRAIN, start=start).train_loss.shape == (2, 13)
    assert refused(lambda: fine_tuning_start(config, [(np.zeros((5, 2)), np.zeros(5))])) == "W"


def test_frames_are_evenly_spaced():
    assert evenly(100, 5) == (0, 25, 50, 75, 100)
    assert evenly(3, 60) == (0, 1, 2, 3)


# Pictures


@pytest.mark.parametrize("config", [BASE, EVERYTHING])
def test_a_decision_grid_is_the_networks_answer_at_each_point(config):
    history = train(config, TRAIN)
    grid = decision_grid(
        config,
        history.snapshots,
        history.snapshot_statistics,
        x_range=(-1, 2),
        y_range=(-2, 1),
        side=30,
        standardizer=history.standardizer,
    )
    points = grid_points((-1, 2), (-2, 1), 30)
    assert points[0].tolist() == [-1.0, 1.0]  # the top left corner
    X = points if history.standardizer is None else history.standardizer.apply(points)
    for frame in range(3):
        answers = predict(config.architecture, history.snapshots[frame], X, history.snapshot_statistics[frame])
        np.testing.assert_allclose(grid[frame], answers.reshape(30, 30), atol=2e-6)
    assert grid.dtype == np.float32


def test_a_grid_of_logits_shows_probabilities_and_one_of_classes_their_numbers():
    config = TrainingConfig((2, 1), (Linear(),), CrossEntropyWithLogits())
    assert decision_grid(config, [10.0, 0.0, 0.0], side=3)[0].tolist() == pytest.approx([4.54e-5, 0.5, 1.0], abs=1e-4)
    three = TrainingConfig((2, 3), (Linear(),), SoftmaxCrossEntropy())
    flat = three.architecture.pack([[[-1.0, 0.0, 1.0], [0.0, 0.0, 0.0]]], [[0.0, 0.5, 0.0]])
    assert decision_grid(three, flat, side=3)[0].tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("changes", "argument"),
    [({"side": 1}, "side"), ({"x_range": (1, 0)}, "x_range[1]"), ({"y_range": (0, np.inf)}, "y_range")],
)
def test_a_grid_of_nothing_is_refused(changes, argument):
    assert refused(lambda: decision_grid(BASE, BASE.start(), **changes)) == argument


# Refusals


@pytest.mark.parametrize(
    ("changes", "argument"),
    [
        ({"epochs": -1}, "epochs"),
        ({"epochs": 1_000_000}, "epochs"),
        ({"batch_size": 0}, "batch_size"),
        ({"l1": -0.1}, "l1"),
        ({"l2": np.nan}, "l2"),
        ({"clip_norm": 0.0}, "clip_norm"),
        ({"patience": 0}, "patience"),
        ({"seeds": -1}, "seed"),
        ({"seeds": ()}, "number of runs"),
        ({"seeds": tuple(range(201))}, "number of runs"),
        ({"learning_rates": (0.1, 0.2)}, "learning_rates"),
        ({"learning_rates": (-0.1,)}, "learning_rate"),
        ({"initializer": (initializer("normal"),) * 2}, "initializer"),
        ({"initializer": "normal"}, "initializer"),
        ({"optimizer": "sgd"}, "optimizer"),
        ({"schedule": None}, "schedule"),
        ({"snapshots": (5, 5)}, "snapshots"),
        ({"snapshots": (13,)}, "snapshots"),
        ({"loss": CrossEntropyWithLogits()}, "cross_entropy_with_logits"),
        ({"reported": CrossEntropyWithLogits()}, "cross_entropy_with_logits"),
        ({"reported": "squared_error"}, "reported_loss"),
        ({"sizes": (2, 5, 1)}, "activations"),
        ({"dropout": 0.5}, "dropout"),
    ],
)
def test_a_config_out_of_range_is_refused(changes, argument):
    assert refused(lambda: replace(BASE, **changes)) == argument


@pytest.mark.parametrize(
    ("changes", "argument"),
    [
        ({"epochs": 100_000, "batch_size": 1}, "seconds of training"),
        ({"epochs": 100_000, "batch_size": None, "seeds": tuple(range(200))}, "seconds of training"),
        ({"sizes": (3, 5, 3, 1)}, "samples.X"),
        ({"sizes": (2, 5, 3, 2)}, "samples.targets"),
        ({"patience": 3}, "test"),
        ({"batch_norm": BatchNorm(), "batch_size": 41}, "samples in a batch with batch normalization"),
    ],
)
def test_a_training_that_cannot_be_is_refused(changes, argument):
    assert len(TRAIN) == 42
    assert refused(lambda: train(replace(BASE, **changes), TRAIN)) == argument


@pytest.mark.parametrize("start", [np.zeros(3), np.full(BASE.architecture.n_parameters, np.nan), np.zeros((2, 44))])
def test_a_start_that_does_not_fit_is_refused(start):
    assert refused(lambda: train(BASE, TRAIN, start=start)) == "start"


def test_a_test_set_with_other_features_is_refused():
    other = Dataset(np.zeros((4, 3)), [0, 1, 0, 1], "classification", ("0", "1"))
    assert refused(lambda: train(BASE, TRAIN, other)) == "test.X"


def test_a_config_is_a_value():
    assert hash(EVERYTHING) == hash(replace(EVERYTHING))
    assert replace(EVERYTHING, schedule=Constant()) != EVERYTHING
    assert EVERYTHING.seconds(100) < 1


def test_momentum_state_does_not_outlive_a_training():
    config = replace(BASE, optimizer=Momentum(learning_rate=0.1))
    np.testing.assert_array_equal(train(config, TRAIN).train_loss, train(config, TRAIN).train_loss)
