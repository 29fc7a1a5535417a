"""Histograms that drop nothing."""

import numpy as np
import pytest

from engine.errors import InputError
from engine.histograms import count


@pytest.mark.parametrize("bins", [1, 7, 50])
def test_counts_are_numpy_s(bins):
    values = np.random.default_rng(0).normal(size=(300, 200))
    counts = count(values, -1.5, 2.0, bins)
    np.testing.assert_array_equal(counts[1:-1], np.histogram(values, bins, (-1.5, 2.0))[0])
    assert counts[0] == (values < -1.5).sum()
    assert counts[-1] == (values > 2.0).sum()
    assert counts.sum() == values.size


def test_edges_ends_and_giants():
    values = np.array([-np.inf, -1e300, -0.001, 0.0, 0.25, 0.5, 1.0, 1.001, 1e300, np.inf])
    np.testing.assert_array_equal(count(values, 0.0, 1.0, 4), [3, 1, 1, 1, 1, 3])
    np.testing.assert_array_equal(count([], 0.0, 1.0, 2), [0, 0, 0, 0])


@pytest.mark.parametrize(
    ("arguments", "code", "value"),
    [
        ((1.0, 1.0, 5), "out_of_range", 1.0),
        ((2.0, 1.0, 5), "out_of_range", 1.0),
        ((0.0, np.inf, 5), "not_finite", np.inf),
        ((0.0, 1.0, 0), "out_of_range", 0),
        ((0.0, 1.0, 1001), "out_of_range", 1001),
    ],
)
def test_bad_input_is_refused_by_name(arguments, code, value):
    with pytest.raises(InputError) as caught:
        count(np.zeros(3), *arguments)
    assert (caught.value.code, caught.value.value) == (code, value)


def test_rounding_puts_nothing_above_a_range_that_holds_it():
    """1 - 1e-16 rounds to the upper edge on its way to its bin."""
    values = np.array([np.nextafter(1.0, 0.0), 1.0, np.nextafter(1.0, 2.0), 7.0])
    assert count(values, -1.0, 1.0, 50).tolist() == [*[0] * 50, 2, 2]
