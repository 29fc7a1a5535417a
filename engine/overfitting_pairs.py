"""Two settings on the same seeds: which one has the lower loss, how often, and whether that may be chance."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import seal
from engine.errors import whole
from engine.overfitting_study import Outcome
from engine.proportions import sign_test
from engine.seed_bands import quantile

SIGNIFICANCE = 0.05  # of a pair


@dataclass(frozen=True, eq=False)
class Pair:
    """A regularizer against another one, or none, from the same starts, by the loss on the test set.

    Attributes:
        differences: of the losses, (runs,), negative where the first is lower; nan where both have diverged.
        n_lower, n_higher, n_equal: runs.
        median: of the differences; nan where both have diverged somewhere.
        n_score_higher, n_score_lower: runs, by accuracy or R^2; a run that has diverged counts as neither.
    """

    differences: np.ndarray
    n_lower: int
    n_higher: int
    n_equal: int
    median: float
    n_score_higher: int
    n_score_lower: int

    @property
    def p_value(self) -> float:
        """Of the exact two-sided sign test of the losses."""
        return sign_test(self.n_lower, self.n_higher)

    @property
    def told_apart(self) -> bool:
        """Whether the sign test rejects that both are equally often lower."""
        return self.p_value <= SIGNIFICANCE

    @property
    def doubtful(self) -> bool:
        """Whether the loss is told to be lower while the score is told to be lower as well."""
        scores_apart = sign_test(self.n_score_lower, self.n_score_higher) <= SIGNIFICANCE
        return (
            self.told_apart
            and self.n_lower > self.n_higher
            and scores_apart
            and (self.n_score_lower > self.n_score_higher)
        )


def compare(outcome: Outcome, other: Outcome) -> Pair:
    """Two outcomes from the same starts.

    Raises: InputError: out_of_range: another number of seeds.
    """
    whole("n_seeds", outcome.n_seeds, other.n_seeds, other.n_seeds)
    first, second = outcome.test_loss, other.test_loss
    n_lower, n_higher = int((first < second).sum()), int((first > second).sum())
    with np.errstate(invalid="ignore"):
        differences = first - second
    median = float("nan") if np.isnan(differences).any() else float(quantile(differences, 0.5))
    scores = _ahead(outcome.test_score, other.test_score), _ahead(other.test_score, outcome.test_score)
    return Pair(seal(differences), n_lower, n_higher, len(first) - n_lower - n_higher, median, *scores)


def _ahead(first: np.ndarray, second: np.ndarray) -> int:
    """Runs whose first score is the higher one."""
    return int((first > second).sum())
