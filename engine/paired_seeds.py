"""Two settings on the same seeds: is one lower, seed by seed, or can the seeds not tell?"""

import math
from dataclasses import dataclass

import numpy as np

from engine.errors import InputError
from engine.proportions import sign_test
from engine.seed_bands import over_seeds

LEVEL = 0.05  # of all comparisons together


@dataclass(frozen=True)
class Paired:
    """What the pairs say.

    n: pairs. lower, higher: in how many the first value is below, above the second; the rest are equal.
    difference: median of first minus second; infinite where so many runs have diverged.
    p: of the exact two-sided sign test, equal pairs left out.
    """

    n: int
    lower: int
    higher: int
    difference: float
    p: float

    def told_apart(self, comparisons: int = 1) -> bool:
        """Whether p is at most LEVEL, shared equally among so many comparisons."""
        return self.p <= LEVEL / comparisons


def paired(first, second) -> Paired:
    """Compare two settings seed by seed.

    Args:    first, second: (seeds,), of quantities that grow when a run goes wrong: nan counts as infinite.
    Raises:  InputError: wrong_shape.
    """
    one, other = (np.asarray(values, dtype=np.float64) for values in (first, second))
    if one.ndim != 1 or one.shape != other.shape or not len(one):
        raise InputError("wrong_shape", "second", other.shape, "(seeds ≥ 1,), as first")
    one, other = (np.where(np.isnan(values), np.inf, values) for values in (one, other))
    with np.errstate(invalid="ignore"):
        difference = np.where(one == other, 0.0, one - other)
    lower, higher = int((one < other).sum()), int((one > other).sum())
    median = float(over_seeds(difference).median)
    return Paired(len(one), lower, higher, median, sign_test(lower, higher))


def all_pairs(values: int) -> int:
    """How many pairs so many values have: all count as comparisons where a pair is picked after a look at the results,
    as every pair with the best one is."""
    return values * (values - 1) // 2


def fewest_pairs(comparisons: int = 1) -> int:
    """The fewest pairs that can be told apart at all, if each points the same way: 2 / 2^n <= LEVEL / comparisons."""
    return math.ceil(1 + math.log2(comparisons / LEVEL))
