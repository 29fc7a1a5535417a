"""The interval of a difference of paired proportions."""

import math

import pytest

from engine.errors import InputError
from engine.proportions import newcombe, newcombe_paired, wilson


def test_a_published_example():
    """Airway hyper-responsiveness before and after a transplantation (Bentur et al. 2009), as worked in Fagerland,
    Lydersen and Laake (2014): -0.507 to -0.026."""
    found = newcombe_paired(1, 1, 7, 12)
    assert found.estimate == pytest.approx(-6 / 21)
    assert (round(found.low, 3), round(found.high, 3)) == (-0.507, -0.026)


def test_without_a_correlation_it_is_the_interval_of_independent_shares():
    found, independent = newcombe_paired(6, 4, 9, 6), newcombe((10, 15), (25, 25))  # 6 * 6 = 4 * 9
    assert (found.low, found.high) == pytest.approx((independent.low, independent.high), rel=1e-12)


def test_agreement_narrows_it_and_disagreement_widens_it():
    alike, independent, unlike = (
        newcombe_paired(20, 5, 0, 25),
        newcombe((25, 20), (50, 50)),
        newcombe_paired(0, 25, 20, 5),
    )
    width = [found.high - found.low for found in (alike, independent, unlike)]
    assert width == sorted(width)
    assert alike.excludes_zero
    assert not independent.excludes_zero


def test_turned_around_it_changes_its_sign():
    one, other = newcombe_paired(12, 10, 1, 2), newcombe_paired(12, 1, 10, 2)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


def test_all_or_none():
    found = newcombe_paired(10, 0, 0, 0)
    reach = 1 - wilson(10, 10).low
    assert (found.estimate, found.low, found.high) == pytest.approx((0, -reach, reach))
    assert newcombe_paired(0, 1, 0, 0).high == 1


@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (-1, 2, 2, 2), (1.5, 1, 1, 1), (math.nan, 1, 1, 1)])
def test_bad_counts_are_refused(counts):
    with pytest.raises(InputError):
        newcombe_paired(*counts)
