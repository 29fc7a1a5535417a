"""Engine calls of the section on overfitting that are worth keeping, each in a bounded cache, as in `cached`."""

import numpy as np

from engine import overfitting_study
from engine.overfitting import OverfittingConfig, Regularizer
from engine.overfitting_study import Outcome, study
from pages.shared.shelf import Shelf, shelved

trained = Shelf(study, most=40)  # up to some 1 MB each


@shelved(most=12)
def joined(*blocks: Outcome) -> Outcome:
    """The blocks of one regularizer as one outcome."""
    return overfitting_study.joined(blocks)


@shelved(most=256)
def field(
    config: OverfittingConfig, regularizer: Regularizer, seed: int, epoch: int, low: float, high: float
) -> np.ndarray:
    """What one seed's network answers over a square at an epoch."""
    return overfitting_study.field(config, _parameters(config, regularizer, seed, epoch), low, high)


@shelved(most=256)
def fit(config: OverfittingConfig, regularizer: Regularizer, seed: int, epoch: int) -> tuple[np.ndarray, ...]:
    """What one seed's network answers along its one input, and the curve behind the samples."""
    return overfitting_study.fit(config, _parameters(config, regularizer, seed, epoch))


def _parameters(config: OverfittingConfig, regularizer: Regularizer, seed: int, epoch: int) -> np.ndarray:
    return trained(config, regularizer, 0).moment(seed, epoch).parameters
