"""A yardstick for a network: how well the nearest other samples answer, which needs no network and no training."""

import numpy as np

from engine import errors
from engine.samples import Dataset

LEAST = 20  # samples: among fewer a vote says little


def neighbour_score(samples: Dataset, k: int = 5) -> float | None:
    """How good the answers of the k nearest other samples are: each sample is left out and answered by the others.

        classification: share of samples whose class has the most votes ;  regression: R^2 of the neighbours' mean

    Args:       k: 1 to 20.
    Returns:    None for fewer than LEAST samples, or where all targets are the same.
    Convention: distances between inputs, each brought to variance 1; of classes with equal votes the lower one.
    Source:     Fix and Hodges (1951); leave-one-out: Stone (1974).
    """
    k, n = errors.whole("k", k, 1, LEAST), len(samples)
    Y = samples.targets
    if n <= max(LEAST - 1, k) or not np.ptp(Y, axis=0).any():
        return None
    near = _nearest(samples.X, k)
    if samples.task == "regression":
        left = np.square(Y[near].mean(axis=1) - Y).sum()
        return float(1 - left / np.square(Y - Y.mean(axis=0)).sum())
    votes = np.eye(samples.n_classes)[samples.y][near].sum(axis=1)
    return float((votes.argmax(axis=1) == samples.y).mean())


def _nearest(X: np.ndarray, k: int) -> np.ndarray:
    """The places of the k nearest others of each sample, (n, k)."""
    spread = X.std(axis=0)
    X = (X - X.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    squares = np.square(X).sum(axis=1)
    distances = squares[:, None] + squares - 2 * X @ X.T
    np.fill_diagonal(distances, np.inf)
    return np.argpartition(distances, k - 1, axis=1)[:, :k]
