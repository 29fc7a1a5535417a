"""What a network reaches that ignores its inputs: the best answer that is the same for all samples."""

import numpy as np

from engine.loss_base import Loss
from engine.losses import AbsoluteError, CrossEntropy
from engine.samples import Dataset

GOLDEN = (5**0.5 - 1) / 2
ROUNDS = 80  # each leaves 0.618 of the interval
NEVER = 1e-12  # probability of a class that has no sample


def best_constant(loss: Loss, samples: Dataset) -> tuple[np.ndarray, float]:
    """The constant output with the lowest loss, and that loss.

        squared errors: the mean of the targets ;  absolute error: their median ;  cross-entropies: the classes' shares

    Args:    loss: any of engine.losses. samples: with the targets as the loss takes them.
    Returns: the constant, (n_outputs,), a logit where the loss takes logits; its loss.
    Convention: for XOR 0.5, with a mean squared error of 0.25 and a cross-entropy of ln 2. Where there is no formula
        (Huber, log-cosh), the interval between the least and the greatest target is narrowed down by the golden ratio.
    """
    Y = samples.targets
    constant = _constant(loss, Y)
    return constant, float(loss.value(np.broadcast_to(constant, Y.shape), Y))


def _constant(loss: Loss, Y: np.ndarray) -> np.ndarray:
    mean = Y.mean(axis=0)
    if loss.takes_logits:
        share = mean.clip(NEVER, 1 - NEVER)
        return np.log(share) - (np.log1p(-share) if len(share) == 1 else 0.0)
    if isinstance(loss, CrossEntropy) or "squared" in loss.name:
        return mean
    if isinstance(loss, AbsoluteError):
        return np.median(Y, axis=0)
    return _narrowed(loss, Y)


def _narrowed(loss: Loss, Y: np.ndarray) -> np.ndarray:
    """The lowest point of a convex loss, each output for itself."""
    low, high = Y.min(axis=0), Y.max(axis=0)
    for _ in range(ROUNDS):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        lower_left = loss.entry(left, Y).sum(axis=0) < loss.entry(right, Y).sum(axis=0)
        low, high = np.where(lower_left, low, left), np.where(lower_left, right, high)
    return (low + high) / 2
