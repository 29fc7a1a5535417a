"""Median and band over runs: as NumPy's where all is finite, and honest where runs diverge."""

import math

import numpy as np
import pytest

from engine.errors import InputError
from engine.seed_bands import over_seeds, quantile


def test_quantiles_with_infinite_values():
    values = np.array([3.0, math.inf, 1.0, math.inf])
    assert [quantile(values, q) for q in (0.0, 1 / 3, 0.5, 1.0)] == [1.0, 3.0, math.inf, math.inf]
    finite = np.random.default_rng(0).normal(size=(9, 4))
    for q in (0.1, 0.25, 0.5, 0.9):
        np.testing.assert_allclose(quantile(finite, q), np.quantile(finite, q, axis=0))


def test_the_band_of_finite_runs_is_numpys():
    losses = np.random.default_rng(1).random((7, 5))
    band = over_seeds(losses)
    for values, q in ((band.median, 0.5), (band.low, 0.25), (band.high, 0.75)):
        np.testing.assert_allclose(values, np.quantile(losses, q, axis=0), rtol=1e-14)
        assert not values.flags.writeable
    np.testing.assert_allclose(over_seeds(losses, 0.1, 0.9).high, np.quantile(losses, 0.9, axis=0), rtol=1e-14)


def test_a_diverged_run_counts_as_infinite():
    band = over_seeds([[1.0, 1.0], [2.0, math.nan], [3.0, math.nan]])
    np.testing.assert_array_equal(band.median, [2.0, math.inf])
    np.testing.assert_array_equal(band.low, [1.5, math.inf])
    assert over_seeds([[1.0], [math.nan], [2.0], [3.0], [4.0]]).median == [3.0]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (([],), "wrong_shape"),
        ((1.0,), "wrong_shape"),
        (([1.0], 0.8, 0.2), "out_of_range"),
        (([1.0], -0.1), "out_of_range"),
        (([1.0], 0.1, math.nan), "not_finite"),
    ],
)
def test_bad_input(arguments, code):
    with pytest.raises(InputError) as caught:
        over_seeds(*arguments)
    assert caught.value.code == code
