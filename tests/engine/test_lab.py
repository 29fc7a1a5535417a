"""The lab's configuration: data with features and a split, a network that fits them, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from engine.activations import Linear, Sigmoid, Softplus, Tanh
from engine.datasets import DATASETS, dataset, gate_samples
from engine.errors import InputError
from engine.features import FEATURES, features
from engine.lab import OWN, PAD, SOURCES, SPLIT, LabConfig, LabData, run
from engine.losses import CrossEntropyWithLogits, HalfSquaredError, SoftmaxCrossEntropy, SquaredError
from engine.preparation import split
from engine.trainer import train
from engine.training_config import TrainingConfig

TRIANGLE = ((0.0, 0.0, 0.0), (4.0, 0.0, 1.0), (0.0, 2.0, 1.0), (1.0, 1.0, 0.0))
CLASSIC = TrainingConfig((2, 3, 1), (Tanh(), Tanh()), HalfSquaredError(), epochs=4, batch_size=10, snapshots=(0, 4))


def refused(call) -> tuple[str, str]:
    with pytest.raises(InputError) as caught:
        call()
    return caught.value.code, caught.value.argument


# Data


@pytest.mark.parametrize("source", [source for source in SOURCES if source != OWN])
def test_every_source_is_its_maker_with_what_it_takes(source):
    data = LabData(source, n_samples=60, noise=0.3, seed=4, n_classes=3)
    several = {"n_classes": 3} if source in ("spirals", "blobs") else {}
    made = dataset(source, n_samples=60, noise=0.3, seed=4, **several)
    np.testing.assert_array_equal(data.plane.X, made.X)
    np.testing.assert_array_equal(data.plane.y, made.y)
    assert data.n_outputs == (3 if several else 1)
    assert data.plane.X.shape == (60, 2)


def test_every_source_of_points_in_the_plane_is_offered():
    flat = {code for code in DATASETS if dataset(code).n_features == 2}
    assert set(SOURCES) == flat | {OWN}
    assert dataset("gate").targets.tolist() == gate_samples("xor").targets.tolist()


def test_the_split_is_that_of_its_own_stream():
    data = LabData("moons", n_samples=50, noise=0.1, seed=7, test_share=0.3)
    parts = split(data.plane, 0.3, np.random.default_rng([7, SPLIT]))
    for part, expected in zip(data.planes, parts, strict=True):
        np.testing.assert_array_equal(part.X, expected.X)
        np.testing.assert_array_equal(part.y, expected.y)
    points = sorted(map(tuple, np.concatenate([part.X for part in data.planes])))
    assert points == sorted(map(tuple, data.plane.X))
    other = replace(data, test_share=0.5)
    np.testing.assert_array_equal(other.plane.X, data.plane.X)  # the share decides over no point
    assert len(other.planes[1]) == 24  # 12 of the 25 of each class


def test_without_a_share_there_is_no_test():
    data = LabData("gate", n_samples=4, test_share=0.0)
    train_points, test = data.planes
    assert test is None
    assert train_points.X.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert run(LabConfig(data, CLASSIC)).test_loss is None


def test_the_square_holds_all_points_with_room_around_them():
    data = LabData(OWN, own=TRIANGLE)
    half = 4.0 * (0.5 + PAD)
    assert data.square == ((2.0 - half, 2.0 + half), (1.0 - half, 1.0 + half))
    (left, right), (low, high) = LabData("disc", seed=3).square
    assert right - left == pytest.approx(high - low)
    X = LabData("disc", seed=3).plane.X
    assert left < X[:, 0].min() < X[:, 0].max() < right
    assert low < X[:, 1].min() < X[:, 1].max() < high
    alike = LabData(OWN, own=((1.0, 2.0, 0.0), (1.0, 2.0, 1.0))).square
    assert all(end[0] < middle < end[1] for end, middle in zip(alike, (1.0, 2.0), strict=True))


def test_own_points_are_taken_as_they_are():
    data = LabData(OWN, own=TRIANGLE, test_share=0.0, n_samples=2, noise=9.0, n_classes=7)
    assert data.plane.X.tolist() == [[0, 0], [4, 0], [0, 2], [1, 1]]
    assert data.plane.y.tolist() == [0, 1, 1, 0]
    values = replace(data, task="regression", own=((0.0, 0.0, -2.5), (1.0, 0.0, 3.25)))
    assert values.plane.targets.tolist() == [[-2.5], [3.25]]
    three = replace(data, classes=("red", "green", "blue"), own=(*TRIANGLE, (9.0, 9.0, 2.0)))
    assert (three.n_outputs, three.plane.classes) == (3, ("red", "green", "blue"))


def test_inputs_are_features_and_targets_in_the_coding():
    data = LabData("moons", n_samples=20, noise=0.1, features=("product", "sin_x1", "x2"))
    train_points, _ = data.planes
    given = data.inputs(train_points, (-1.0, 1.0))
    np.testing.assert_array_equal(given.X, features(train_points.X, data.features))
    assert given.names == ("product", "sin_x1", "x2")
    assert given.targets[:, 0].tolist() == (2.0 * train_points.y - 1).tolist()


@pytest.mark.parametrize(
    ("changes", "code", "argument"),
    [
        ({"source": "iris"}, "unknown_name", "source"),
        ({"source": "digits"}, "unknown_name", "source"),
        ({"source": None}, "unknown_name", "source"),
        ({"task": "clustering"}, "unknown_name", "task"),
        ({"n_samples": 1}, "out_of_range", "n_samples"),
        ({"n_samples": 2_001}, "out_of_range", "n_samples"),
        ({"n_samples": "many"}, "not_a_number", "n_samples"),
        ({"noise": -0.1}, "out_of_range", "noise"),
        ({"noise": 11.0}, "out_of_range", "noise"),
        ({"noise": float("nan")}, "not_finite", "noise"),
        ({"seed": -1}, "out_of_range", "seed"),
        ({"seed": 2**32}, "out_of_range", "seed"),
        ({"test_share": 0.95}, "out_of_range", "test_share"),
        ({"test_share": 0.005}, "out_of_range", "test_share"),
        ({"test_share": -0.1}, "out_of_range", "test_share"),
        ({"features": ()}, "wrong_shape", "features"),
        ({"features": ("x1", "x1")}, "wrong_shape", "features"),
        ({"features": ("x1", "radius")}, "unknown_name", "feature"),
        ({"source": "blobs", "n_classes": 11}, "out_of_range", "n_classes"),
        ({"source": "blobs", "n_samples": 3, "n_classes": 4}, "out_of_range", "n_samples"),
        ({"source": OWN}, "out_of_range", "number of points"),
        ({"source": OWN, "own": TRIANGLE * 501}, "out_of_range", "number of points"),
        ({"source": OWN, "own": ((1.0, 2.0), (3.0, 4.0))}, "wrong_shape", "own"),
        ({"source": OWN, "own": ((0.0, 0.0, 0.0), (0.0, float("inf"), 1.0))}, "not_finite", "own"),
        ({"source": OWN, "own": ((0.0, 0.0, 0.0), (0.0, 1e101, 1.0))}, "out_of_range", "X"),
        ({"source": OWN, "own": ((0.0, 0.0, 0.0), (0.0, 1.0, 2.0))}, "out_of_range", "y"),
        ({"source": OWN, "own": ((0.0, 0.0, 0.5), (0.0, 1.0, 1.0))}, "out_of_range", "y"),
    ],
)
def test_data_out_of_range_are_refused(changes, code, argument):
    assert refused(lambda: LabData(**changes)) == (code, argument)


def test_a_split_that_leaves_nothing_is_refused_and_not_a_crash():
    assert refused(lambda: LabData("disc", n_samples=2).planes) == ("out_of_range", "samples of one class")
    huge = LabData(OWN, own=((0.0, 0.0, 0.0), (0.0, 1e60, 1.0)), features=("x2_squared",))
    assert refused(lambda: huge.inputs(huge.plane, (0.0, 1.0))) == ("out_of_range", "X")


# Configuration


def test_a_network_that_ends_in_tanh_has_targets_of_minus_one_and_one():
    data = LabData("disc", n_samples=40)
    assert LabConfig(data, CLASSIC).coding == (-1.0, 1.0)
    assert {*LabConfig(data, CLASSIC).parts[0].targets.ravel()} == {-1.0, 1.0}
    for output, loss in (
        (Sigmoid(), SquaredError()),
        (Linear(), CrossEntropyWithLogits()),
        (Softplus(), SquaredError()),
    ):
        config = LabConfig(data, replace(CLASSIC, activations=(Tanh(), output), loss=loss))
        assert config.coding == (0.0, 1.0)
        assert {*config.parts[1].targets.ravel()} == {0.0, 1.0}


def test_a_run_is_the_trainers_with_these_parts_and_start():
    data = LabData("spirals", n_samples=60, noise=0.05, test_share=0.25, features=("x1", "x2", "x1_squared"))
    config = LabConfig(data, replace(CLASSIC, sizes=(3, 3, 1), seeds=5))
    np.testing.assert_array_equal(config.first, config.training.start())
    train_points, test_points = data.planes
    parts = (data.inputs(train_points, (-1.0, 1.0)), data.inputs(test_points, (-1.0, 1.0)))
    expected, history = train(config.training, *parts), run(config)
    np.testing.assert_array_equal(history.test_loss, expected.test_loss)
    np.testing.assert_array_equal(history.snapshots, expected.snapshots)


def test_a_given_start_is_that_of_every_run():
    theta = tuple(np.linspace(-1, 1, 13).tolist())
    data = LabData("disc", n_samples=40)
    one = LabConfig(data, CLASSIC, theta)
    np.testing.assert_array_equal(one.first, [theta])
    np.testing.assert_array_equal(run(one).snapshots[0], theta)
    stack = LabConfig(data, replace(CLASSIC, seeds=(0, 1)), theta)
    np.testing.assert_array_equal(run(stack).snapshots[:, 0], [theta, theta])
    one.first[...] = 9.0  # a copy: the config stays what it is
    assert one.first[0, 0] == -1.0


def test_several_classes_and_features_of_every_kind():
    data = LabData("blobs", n_samples=80, noise=0.2, n_classes=4, features=tuple(FEATURES))
    training = TrainingConfig((7, 4), (Linear(),), SoftmaxCrossEntropy(), epochs=80)
    history = run(LabConfig(data, training))
    assert history.test_loss[-1] < history.test_loss[0]
    assert history.test_score[-1] > 0.9


def test_a_config_is_a_value():
    config = LabConfig(LabData(), CLASSIC)
    assert hash(config) == hash(LabConfig(LabData(), replace(CLASSIC)))
    assert config != LabConfig(LabData(seed=1), CLASSIC)
    assert "start" not in repr(config)
    samples, test = config.parts
    assert config.cost == CLASSIC.cost(len(samples), len(test))
    assert LabConfig(LabData(test_share=0.0), CLASSIC).cost == CLASSIC.cost(500)


@pytest.mark.parametrize(
    ("data", "training", "start", "argument"),
    [
        ({"features": ("x1",)}, {}, (), "sizes"),
        ({"source": "blobs", "n_classes": 3}, {}, (), "sizes"),
        ({}, {"sizes": (2, 3, 2)}, (), "sizes"),
        ({}, {}, (0.0,) * 12, "start"),
        ({}, {}, (float("nan"),) * 13, "start"),
        ({}, {}, ("a",) * 13, "start"),
    ],
)
def test_a_network_that_does_not_fit_is_refused(data, training, start, argument):
    assert refused(lambda: LabConfig(LabData(**data), replace(CLASSIC, **training), start))[1] == argument
