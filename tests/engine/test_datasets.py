"""Datasets: their geometry, their seeds, their split and standardization."""

from dataclasses import replace

import numpy as np
import pytest

from engine.datasets import (
    CURVES,
    DATASETS,
    blobs,
    circles,
    coin_flips,
    curve_regression,
    dataset,
    disc,
    gate_samples,
    linear_regression,
    moons,
    plane_regression,
    spirals,
)
from engine.errors import InputError
from engine.gates import GATES
from engine.images import bars_and_stripes, digits, drawn_bars_and_stripes
from engine.preparation import fit_standardizer, split, standardize
from engine.samples import Dataset, generator, one_hot

RANDOM = [
    *("gate", "circles", "disc", "coin_flips", "moons", "spirals", "blobs"),
    *("curve", "linear", "plane", "drawn_bars_and_stripes"),
]


# --- makers ---


@pytest.mark.parametrize("code", DATASETS)
def test_every_dataset_keeps_the_contract(code):
    data = dataset(code)
    assert data.X.dtype == np.float64
    assert data.X.shape == (len(data), data.n_features)
    assert len(data.names) == data.n_features
    assert data.targets.dtype == np.float64
    assert len(data.targets) == len(data)
    if data.task == "classification":
        assert data.y.dtype == np.int64
        assert set(data.y.tolist()) == set(range(data.n_classes))
    else:
        assert data.y.shape == (len(data), 1)
        assert (data.n_classes, data.classes) == (0, ())
    for array in (data.X, data.y):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


@pytest.mark.parametrize("code", RANDOM)
def test_seed_decides(code):
    noise = {} if "bars" in code else {"noise": 0.2}
    one, same, other = (dataset(code, n_samples=40, seed=seed, **noise) for seed in (5, 5, 6))
    drawn = dataset(code, n_samples=40, seed=np.random.default_rng(5), **noise)
    np.testing.assert_array_equal(one.X, same.X)
    np.testing.assert_array_equal(one.y, same.y)
    np.testing.assert_array_equal(one.X, drawn.X)
    assert not np.array_equal(one.X, other.X)


def test_a_generator_moves_on():
    rng = np.random.default_rng(0)
    assert not np.array_equal(moons(20, seed=rng).X, moons(20, seed=rng).X)
    assert generator(rng) is rng


@pytest.mark.parametrize("code", ["gate", "circles", "disc", "moons", "spirals", "blobs"])
def test_classes_take_turns(code):
    y = dataset(code, n_samples=60).y
    per_round = 4 if code == "gate" else y.max() + 1
    assert (y == np.tile(y[:per_round], 60 // per_round)).all()


def test_gates_without_noise_are_their_truth_tables():
    for code, gate in GATES.items():
        data = gate_samples(code)
        assert data.X.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
        assert tuple(data.y) == gate.outputs
        assert data.names == ("A", "B")
    assert dataset("gate").targets.tolist() == [[0], [1], [1], [0]]  # XOR


def test_noise_is_the_standard_deviation():
    """5 standard errors of a standard deviation: sqrt(1 / (2 n)) of it."""
    n, tables = 8_000, np.tile([[0, 0], [0, 1], [1, 0], [1, 1]], (2_000, 1))
    spread = (gate_samples("and", n, 0.3).X - tables).std()
    assert abs(spread / 0.3 - 1) < 5 * np.sqrt(1 / (2 * 2 * n))
    data = linear_regression(n, 0.5, weights=(2, -1), bias=3)
    residual = data.y[:, 0] - (data.X @ [2, -1] + 3)
    assert abs(residual.std() / 0.5 - 1) < 5 * np.sqrt(1 / (2 * n))


def test_circles_have_their_radii():
    data = circles(100, noise=0, ratio=0.3)
    np.testing.assert_allclose(np.linalg.norm(data.X, axis=1), np.where(data.y == 1, 0.3, 1.0), rtol=1e-14)


def test_a_disc_lies_in_a_ring_with_a_gap_between_them():
    """r is uniform: its mean in the middle of each class, within 5 standard errors of width / sqrt(12 n)."""
    data = disc(8_000, noise=0, radius=4.0)
    r = np.linalg.norm(data.X, axis=1)
    for label, low, high in ((1, 0.0, 2.0), (0, 2.8, 4.0)):
        of_class = r[data.y == label]
        assert len(of_class) == 4_000
        assert low <= of_class.min() < of_class.max() <= high + 1e-12
        assert abs(of_class.mean() - (low + high) / 2) < 5 * (high - low) / np.sqrt(12 * 4_000)
        # in all directions: the mean of r cos and of r sin is 0
        assert np.abs(data.X[data.y == label].mean(axis=0)).max() < 5 * high / np.sqrt(4_000)
    assert disc().targets.shape == (500, 1)


def test_disc_and_circle_swap_nothing():
    """Both have class 1 inside, so that a learner finds the same colours where the picture is the same."""
    for make in (circles, disc):
        r, y = np.linalg.norm(make(200, noise=0).X, axis=1), make(200, noise=0).y
        assert r[y == 1].max() < r[y == 0].min()


def test_coin_flips_have_no_rule():
    data = coin_flips(6_000)
    assert (np.abs(data.X) <= 1).all()
    assert np.bincount(data.y).tolist() == [3_000, 3_000]
    for k in (0, 1):  # both classes lie evenly over the square: its means are 0, within 5 standard errors
        assert np.abs(data.X[data.y == k].mean(axis=0)).max() < 5 / np.sqrt(3 * 3_000)
    assert data.y[:20].tolist() != (np.arange(20) % 2).tolist()
    assert np.abs(coin_flips(100, noise=5.0).X).max() > 1


def test_moons_are_half_circles_that_interlock():
    data = moons(400, noise=0)
    upper, lower = data.X[data.y == 0], data.X[data.y == 1]
    np.testing.assert_allclose(np.linalg.norm(upper, axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(np.linalg.norm(lower - [1, 0.5], axis=1), 1, rtol=1e-14)
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5
    assert 0.4 < lower[:, 1].max() - upper[:, 1].min() <= 0.5  # the tips overlap


def test_spirals_wind():
    """Each arm's angle minus its winding is the class's share of a turn."""
    data = spirals(300, noise=0, n_classes=3, turns=1.5)
    radius, angle = np.linalg.norm(data.X, axis=1), np.arctan2(data.X[:, 1], data.X[:, 0])
    share = (angle / (2 * np.pi) - 1.5 * radius - data.y / 3) % 1
    np.testing.assert_allclose(np.minimum(share, 1 - share), 0, atol=1e-12)
    assert data.targets.shape == (300, 3)


def test_blobs_surround_their_centres():
    """5 standard errors: noise / sqrt(n)."""
    data = blobs(9_000, noise=0.2, n_classes=3)
    for k in range(3):
        centre = [np.cos(2 * np.pi * k / 3), np.sin(2 * np.pi * k / 3)]
        assert np.abs(data.X[data.y == k].mean(axis=0) - centre).max() < 5 * 0.2 / np.sqrt(3_000)


@pytest.mark.parametrize("shape", CURVES)
def test_curve_without_noise_is_the_curve(shape):
    data = curve_regression(50, 0.0, shape=shape)
    np.testing.assert_array_equal(data.y, CURVES[shape](data.X))
    assert np.abs(data.X).max() <= np.pi


def test_lines_and_planes_are_exact_without_noise():
    line, plane = linear_regression(30, 0), plane_regression(30, 0)
    np.testing.assert_allclose(line.y, 2 * line.X + 1, rtol=1e-15)
    np.testing.assert_allclose(plane.y[:, 0], plane.X[:, 0] - 0.5 * plane.X[:, 1], rtol=1e-12, atol=1e-15)
    assert linear_regression(30, 0, weights=np.ones(7)).X.shape == (30, 7)


@pytest.mark.parametrize("size", [2, 3, 4])
def test_bars_and_stripes_are_all_and_different(size):
    data = bars_and_stripes(size)
    images = data.X.reshape(-1, size, size)
    assert len(np.unique(data.X, axis=0)) == len(data) == 2 ** (size + 1) - 2
    assert np.bincount(data.y).tolist() == [2**size - 2, 2**size - 2, 2]
    for image, label in zip(images, data.y, strict=True):
        upright, lying = (image == image[0]).all(), (image == image[:, :1]).all()
        assert data.classes[label] == ("both" if upright and lying else "bars" if upright else "stripes")


def test_drawn_bars_and_stripes_favour_blank_and_full():
    """Each of the 2 has the chance 2 / 2^(size + 1); 5 standard errors of a binomial."""
    n, p = 8_000, 2 * 2 / 2**4
    data = drawn_bars_and_stripes(n, size=3)
    known = {tuple(image) for image in bars_and_stripes(3).X}
    assert {tuple(image) for image in data.X} == known
    assert abs((data.y == 2).mean() - p) < 5 * np.sqrt(p * (1 - p) / n)
    assert abs((data.y == 0).mean() - (data.y == 1).mean()) < 5 * np.sqrt(1 / n)


def test_digits_are_the_stored_ones():
    data = digits()
    assert data.X.shape == (500, 64)
    assert np.bincount(data.y).tolist() == [50] * 10
    assert (data.X.min(), data.X.max()) == (0, 1)
    assert set(np.unique(data.X * 16)) == set(range(17))
    # the first image of the set, a zero, as printed in scikit-learn's documentation
    assert (data.X[0].reshape(8, 8) * 16).astype(int).tolist()[:3] == [
        [0, 0, 5, 13, 9, 1, 0, 0],
        [0, 0, 13, 15, 10, 15, 5, 0],
        [0, 3, 15, 2, 0, 11, 8, 0],
    ]
    assert data.y[:10].tolist() == list(range(10))
    assert digits(20).X.tolist() == data.X[:20].tolist()


# --- a dataset ---


def test_a_dataset_copies_its_arrays_and_leaves_the_given_ones_alone():
    X, y = np.ones((3, 2)), np.array([0, 1, 0])
    data = Dataset(X, y, "classification", ("no", "yes"))
    X[0, 0], y[0] = 5, 1
    assert data.X[0, 0] == 1
    assert data.y[0] == 0
    assert X.flags.writeable
    assert data.names == ("x_1", "x_2")
    assert data.targets.tolist() == [[0], [1], [0]]


def test_two_classes_are_coded_as_the_network_answers():
    data = moons(6, noise=0)
    assert data.targets.T.tolist() == [[0, 1, 0, 1, 0, 1]]
    assert data.border == 0.5
    coded = replace(data, coding=(-1.0, 1.0))
    assert coded.targets.T.tolist() == [[-1, 1, -1, 1, -1, 1]]
    assert coded.border == 0.0
    assert replace(data, coding=(2.0, 3.0)).border == 2.5
    assert coded.take([1, 2]).targets.T.tolist() == [[1, -1]]
    assert all(part.coding == (-1.0, 1.0) for part in split(coded, 0.5, 0))
    assert all(part.coding == (-1.0, 1.0) for part in standardize(coded, coded)[:2])
    three = replace(blobs(6, n_classes=3), coding=(-1.0, 1.0))  # which has one-hot targets, whatever the coding
    assert three.targets.tolist() == np.tile(np.eye(3), (2, 1)).tolist()
    plane = replace(plane_regression(6), coding=(-1.0, 1.0))
    np.testing.assert_array_equal(plane.targets, plane.y)


def test_one_hot():
    assert one_hot([2, 0], 3).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert one_hot([[1], [0]], 2).shape == (2, 1, 2)


# --- split and standardization ---


def test_split_is_a_stratified_partition():
    data = blobs(100, n_classes=3)
    train, test = split(data, 0.3, seed=1)
    together = np.concatenate([train.X, test.X])
    assert sorted(map(tuple, together)) == sorted(map(tuple, data.X))
    assert np.bincount(test.y).tolist() == [10, 10, 10]  # 34, 33 and 33 times 0.3, rounded
    assert (train.classes, train.names, train.task) == (data.classes, data.names, data.task)


def test_split_is_decided_by_its_seed():
    data = moons(50)
    assert np.array_equal(split(data, 0.2, 3)[1].X, split(data, 0.2, 3)[1].X)
    assert not np.array_equal(split(data, 0.2, 3)[1].X, split(data, 0.2, 4)[1].X)


def test_split_leaves_every_class_in_both_parts():
    data = Dataset(np.arange(12.0)[:, None], [0] * 10 + [1] * 2, "classification", ("many", "few"))
    for share in (0.01, 0.5, 0.99):
        train, test = split(data, share, 0)
        assert set(train.y) == set(test.y) == {0, 1}
    lonely = Dataset(np.arange(3.0)[:, None], [0, 0, 1], "classification", ("two", "one"))
    train, test = split(lonely, 0.5, 0)
    assert (sorted(train.y), test.y.tolist()) == ([0, 1], [0])


def test_split_of_a_regression_takes_the_share():
    train, test = split(linear_regression(50), 0.3, 0)
    assert (len(train), len(test)) == (35, 15)


def test_standardization_is_fitted_on_the_training_part_alone():
    train, test = split(linear_regression(60, weights=(1, 2, 3)), 0.5, 0)
    new_train, new_test, fitted = standardize(train, test)
    np.testing.assert_allclose(new_train.X.mean(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(new_train.X.std(axis=0), 1, rtol=1e-13)
    np.testing.assert_allclose(new_test.X, (test.X - train.X.mean(axis=0)) / train.X.std(axis=0), rtol=1e-12)
    assert np.abs(new_test.X.mean(axis=0)).max() > 1e-3
    np.testing.assert_allclose(fitted.undo(fitted.apply(test.X)), test.X, rtol=1e-12)
    np.testing.assert_array_equal(new_train.y, train.y)


def test_a_constant_feature_becomes_zero():
    fitted = fit_standardizer([[0.1, 1.0], [0.1, 2.0], [0.1, 3.0]])
    assert fitted.scale[0] == 1
    np.testing.assert_allclose(fitted.apply([[0.1, 2.0]]), 0, atol=1e-15)
    tiny = fit_standardizer([[1e-200], [2e-200]])  # varies, but its variance rounds to 0
    assert tiny.scale[0] == 1


# --- bad input ---


def classification(y, classes=("a", "b"), X=((1.0,), (2.0,))):
    return Dataset(np.array(X), y, "classification", classes)


@pytest.mark.parametrize(
    ("call", "code", "argument", "value"),
    [
        (lambda: dataset("iris"), "unknown_name", "dataset", "iris"),
        (lambda: dataset("moons", size=3), "unknown_name", "parameter", "size"),
        (lambda: gate_samples("maybe"), "unknown_name", None, "maybe"),
        (lambda: moons(1), "out_of_range", "n_samples", 1),
        (lambda: moons(10**9), "out_of_range", "n_samples", 10**9),
        (lambda: moons(2.5), "not_a_number", "n_samples", 2.5),
        (lambda: moons(noise=-1), "out_of_range", "noise", -1),
        (lambda: moons(noise=np.nan), "not_finite", "noise", None),
        (lambda: moons(seed=-1), "out_of_range", "seed", -1),
        (lambda: moons(seed="lucky"), "not_a_number", "seed", "lucky"),
        (lambda: circles(ratio=1), "out_of_range", "ratio", 1),
        (lambda: disc(radius=0), "out_of_range", "radius", 0),
        (lambda: disc(radius=np.nan), "not_finite", "radius", None),
        (lambda: coin_flips(1), "out_of_range", "n_samples", 1),
        (lambda: replace(moons(), coding=(1.0, -1.0)), "out_of_range", "coding", -1.0),
        (lambda: replace(moons(), coding=(1.0, 1.0)), "out_of_range", "coding", 1.0),
        (lambda: replace(moons(), coding=(0.0, np.inf)), "not_finite", "coding", np.inf),
        (lambda: replace(moons(), coding=(0.0,)), "wrong_shape", "coding", (1,)),
        (lambda: spirals(n_classes=11), "out_of_range", "n_classes", 11),
        (lambda: spirals(3, n_classes=4), "out_of_range", "n_samples", 3),
        (lambda: spirals(turns=9), "out_of_range", "turns", 9),
        (lambda: curve_regression(shape="zigzag"), "unknown_name", "shape", "zigzag"),
        (lambda: linear_regression(weights=[]), "wrong_shape", "weights", (0,)),
        (lambda: linear_regression(weights=np.ones(101)), "wrong_shape", "weights", (101,)),
        (lambda: linear_regression(weights=[2000]), "out_of_range", "weights", 2000),
        (lambda: bars_and_stripes(9), "out_of_range", "size", 9),
        (lambda: digits(501), "out_of_range", "n_samples", 501),
        (lambda: Dataset([[1.0]], [1.0], "clustering"), "unknown_name", "task", "clustering"),
        (lambda: Dataset([1.0], [1.0], "regression"), "wrong_shape", "X", (1,)),
        (lambda: Dataset([[np.inf]], [1.0], "regression"), "not_finite", "X", np.inf),
        (lambda: Dataset([[1e101]], [1.0], "regression"), "out_of_range", "X", 1e101),
        (lambda: Dataset([[1.0]], [1.0, 2.0], "regression"), "wrong_shape", "y", (2, 1)),
        (lambda: Dataset([[1.0]], [1.0], "regression", names=("a", "b")), "wrong_shape", "names", (2,)),
        (lambda: Dataset(np.empty((0, 1)), [], "regression"), "out_of_range", "n_samples", 0),
        (lambda: classification([0, 2]), "out_of_range", "y", 2),
        (lambda: classification([0, 0.5]), "out_of_range", "y", 0.5),
        (lambda: classification([0]), "wrong_shape", "y", (1,)),
        (lambda: classification([0, 0], ()), "out_of_range", "n_classes", 0),
        (lambda: one_hot([3], 3), "out_of_range", "labels", 3),
        (lambda: split(moons(), 1.0, 0), "out_of_range", "test_share", 1),
        (lambda: split(moons().take([0, 1]), 0.5, 0), "out_of_range", "samples of one class", 1),
        (lambda: fit_standardizer([1.0, 2.0]), "wrong_shape", "X", (2,)),
        (lambda: fit_standardizer([[1.0], [2.0]]).apply([[1.0, 2.0]]), "wrong_shape", "X", (1, 2)),
        (lambda: standardize(moons(), digits()), "wrong_shape", "X", (500, 64)),
    ],
)
def test_bad_input_is_named(call, code, argument, value):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.code == code
    assert argument is None or caught.value.argument == argument
    assert value is None or caught.value.value == value
