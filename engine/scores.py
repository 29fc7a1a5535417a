"""How good a prediction is, in numbers that mean something to a reader: accuracy, and R^2 for a regression."""

import numpy as np

from engine import errors
from engine.losses import Loss
from engine.samples import TASKS

SCORES = {"classification": "accuracy", "regression": "r_squared"}


def score(outputs, targets, loss: Loss, task: str, border: float = 0.5) -> np.ndarray:
    """Accuracy of a classification, R^2 of a regression.

        accuracy = share of samples whose class is right ;  R^2 = 1 - sum (a - y)^2 / sum (y - mean(y))^2

    Args:
        outputs: what the loss was given, (…, n_samples, n_outputs).
        targets: (n_samples, n_outputs): one column of two numbers, one-hot rows, or values.
        loss: one that takes logits puts the border between two classes at 0, any other at `border`.
        border: half way between the two numbers of a single column of targets.
        task: "classification" or "regression".
    Returns: shape (…). Outputs that are not finite score nan, as does R^2 where all targets are the same.
    Raises: InputError: unknown_name, wrong_shape.
    Convention: R^2 pools all outputs, each measured from its own mean.
    """
    outputs, targets = np.asarray(outputs, float), np.asarray(targets, float)
    errors.shape("outputs", outputs, (None, None))
    errors.shape("targets", targets, outputs.shape[-2:])
    with np.errstate(all="ignore"):
        if errors.one_of("task", task, TASKS) == "regression":
            left = np.square(outputs - targets).sum(axis=(-2, -1))
            spread = np.square(targets - targets.mean(axis=-2, keepdims=True)).sum(axis=(-2, -1))
            return np.where(spread > 0, 1.0 - left / np.where(spread > 0, spread, 1.0), np.nan)
        right = classes(outputs, loss, border) == classes_of_targets(targets, border)
        return np.where(np.isfinite(outputs).all(axis=(-2, -1)), right.mean(axis=-1), np.nan)


def classes(outputs: np.ndarray, loss: Loss, border: float = 0.5) -> np.ndarray:
    """The predicted class numbers, (…, n_samples); a tie goes to the lower class."""
    if outputs.shape[-1] > 1:
        return outputs.argmax(axis=-1)
    return (outputs[..., 0] > (0.0 if loss.takes_logits else border)).astype(int)


def classes_of_targets(targets: np.ndarray, border: float = 0.5) -> np.ndarray:
    """The class numbers that targets stand for, (…, n_samples)."""
    return targets.argmax(axis=-1) if targets.shape[-1] > 1 else (targets[..., 0] > border).astype(int)
