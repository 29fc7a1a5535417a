"""Pairs of the same seed: counts, the median difference, the exact sign test."""

import math

import numpy as np
import pytest

from engine.errors import InputError
from engine.paired_seeds import LEVEL, fewest_pairs, paired


def test_counts_and_the_median_difference():
    found = paired([1.0, 2.0, 3.0, 5.0], [2.0, 4.0, 3.0, 4.5])
    assert (found.n, found.lower, found.higher) == (4, 2, 1)
    assert found.difference == -0.5  # of −2, −1, 0, 0.5
    assert found.p == 1.0  # 2 of 3 pairs that differ: 2 · (1 + 3) / 8


@pytest.mark.parametrize(("n", "p"), [(3, 0.25), (5, 0.0625), (6, 0.03125), (11, 2 / 2**11)])
def test_all_pairs_one_way(n, p):
    found = paired(np.zeros(n), np.ones(n))
    assert found.p == p
    assert found.told_apart() == (p <= LEVEL)


def test_comparisons_share_the_level():
    six = paired(np.zeros(6), np.ones(6))
    assert six.told_apart(1)
    assert not six.told_apart(2)


@pytest.mark.parametrize("comparisons", [1, 2, 4, 6])
def test_the_fewest_pairs(comparisons):
    n = fewest_pairs(comparisons)
    assert paired(np.zeros(n), np.ones(n)).told_apart(comparisons)
    assert not paired(np.zeros(n - 1), np.ones(n - 1)).told_apart(comparisons)


def test_a_divergence_is_the_worst():
    found = paired([math.nan, math.nan, 1.0], [1.0, math.inf, math.nan])
    assert (found.lower, found.higher) == (1, 1)
    assert found.difference == 0.0


@pytest.mark.parametrize(("first", "second"), [([], []), ([1.0], [1.0, 2.0]), ([[1.0]], [[1.0]])])
def test_what_is_not_paired_is_refused(first, second):
    with pytest.raises(InputError):
        paired(first, second)
