"""Planes in the space of a layer: exact for two units, along the variance, across a border."""

import numpy as np
import pytest

from engine.errors import InputError
from engine.hidden_axes import principal_axes, readout_axes, unit_axes

RNG = np.random.default_rng(3)
CLOUD = RNG.normal(size=(40, 5)) @ RNG.normal(size=(5, 5)) + RNG.normal(size=5)


def test_two_units_are_exact_and_come_back():
    two = CLOUD[:, :2]
    axes = unit_axes(two, 0, 1)
    assert axes.exact
    np.testing.assert_array_equal(axes.place(two), two)
    np.testing.assert_array_equal(axes.lift(axes.place(two)), two)


def test_two_of_several_units_are_not_exact():
    axes = unit_axes(CLOUD, 3, 1)
    assert not axes.exact
    np.testing.assert_array_equal(axes.place(CLOUD), CLOUD[:, [3, 1]])
    variances = CLOUD.var(axis=0)
    np.testing.assert_allclose(axes.shares, variances[[3, 1]] / variances.sum())


def test_one_unit_lies_on_a_line():
    axes = unit_axes(CLOUD[:, :1], 0, 0)
    assert axes.exact
    np.testing.assert_array_equal(axes.place(CLOUD[:, :1]), np.stack([CLOUD[:, 0], np.zeros(40)], axis=1))


def test_principal_axes_are_the_covariance_s_eigenvectors():
    axes = principal_axes(CLOUD)
    values, vectors = np.linalg.eigh(np.cov(CLOUD.T, bias=True))
    np.testing.assert_allclose(axes.shares, values[::-1][:2] / values.sum())
    for column, vector in zip(axes.directions.T, vectors.T[::-1], strict=False):
        assert abs(column @ vector) == pytest.approx(1.0)
        assert column[np.abs(column).argmax()] > 0
    np.testing.assert_allclose(axes.place(CLOUD).mean(axis=0), 0.0, atol=1e-12)


def test_the_first_coordinate_across_a_border_is_the_distance_from_it():
    w, b = np.array([1.0, -2.0, 0.5, 0.0, 3.0]), 0.7
    axes = readout_axes(CLOUD, w, b)
    np.testing.assert_allclose(axes.place(CLOUD)[:, 0], (CLOUD @ w + b) / np.linalg.norm(w))
    np.testing.assert_allclose(axes.directions.T @ axes.directions, np.eye(2), atol=1e-12)
    # What the output reads of a lifted place depends on its first coordinate alone, and exactly.
    places = RNG.normal(size=(9, 2))
    np.testing.assert_allclose(axes.lift(places) @ w + b, places[:, 0] * np.linalg.norm(w))


def test_no_more_variance_gives_no_second_direction():
    line = np.outer(np.arange(4.0), [1.0, 2.0, 2.0])
    axes = principal_axes(line)
    np.testing.assert_allclose(axes.directions, np.array([[1 / 3, 2 / 3, 2 / 3], [0, 0, 0]]).T, atol=1e-12)
    still = principal_axes(np.ones((3, 4)))
    assert np.isnan(still.shares).all()
    assert still.one_point
    assert principal_axes(np.full((3, 4), 0.1)).one_point  # their mean is 0.1 but for rounding
    assert not axes.one_point
    assert not principal_axes(0.5 + 1e-12 * CLOUD).one_point
    assert not still.directions.any()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: unit_axes(CLOUD, 0, 5), "out_of_range"),
        (lambda: unit_axes(CLOUD, -1, 0), "out_of_range"),
        (lambda: unit_axes(CLOUD[0], 0, 1), "wrong_shape"),
        (lambda: principal_axes(np.empty((0, 3))), "wrong_shape"),
        (lambda: principal_axes([[np.nan, 1.0]]), "not_finite"),
        (lambda: readout_axes(CLOUD, np.zeros(5), 0.0), "out_of_range"),
        (lambda: readout_axes(CLOUD, np.ones(4), 0.0), "wrong_shape"),
        (lambda: readout_axes(CLOUD, np.ones(5), "b"), "not_a_number"),
    ],
)
def test_bad_input_is_refused(call, code):
    with pytest.raises(InputError) as refused:
        call()
    assert refused.value.code == code
