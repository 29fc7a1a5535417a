"""What every loss is: a formula for one entry, a reduction over the batch, and the gradient of both together.

The factor that the reduction brings (1/N for the mean) stands here and nowhere else, so gradients of layers never
hide one.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine import errors

REDUCTIONS = ("mean", "sum")


@dataclass(frozen=True)
class Loss:
    """L = reduction over samples and outputs of entry(prediction, target).

    Args:       reduction: "mean" over all N = n_samples * n_outputs entries, or "sum".
    Convention: mean over all entries is PyTorch's; the lecture notes' update rules are sums. SoftmaxCrossEntropy
                alone takes its mean over samples: one sample's classes make one number.
    """

    reduction: str = "mean"

    name: ClassVar[str]  # stable code, as in a link
    latex: ClassVar[str]  # of one entry: prediction a (z for logits), target y
    derivative_latex: ClassVar[str]  # of one entry's derivative
    front: ClassVar[float] = 1.0  # the number in front of that derivative, such as the 2 of 2 (a - y)
    takes_logits: ClassVar[bool] = False  # the prediction is z, not sigmoid(z) or softmax(z)

    def __post_init__(self):
        errors.one_of("reduction", self.reduction, REDUCTIONS)

    def factor(self, prediction: np.ndarray) -> float:
        """1/N for the mean, 1 for the sum; N counts the entries of the last two axes."""
        return 1.0 / (prediction.shape[-2] * prediction.shape[-1]) if self.reduction == "mean" else 1.0

    def slope_factor(self, prediction: np.ndarray) -> np.ndarray:
        """The factor of the reduction times `front`; an array, which NumPy takes faster than a Python number."""
        return np.array(self.front * self.factor(prediction))

    def value(self, prediction, target) -> np.ndarray:
        """The loss of each run.

        Args:      prediction: (..., n_samples, n_outputs). target: the same, or without the leading axes.
        Returns:   loss, shape (...).
        Raises:    InputError: shapes differ.
        """
        prediction, target = self._checked(prediction, target)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):  # an infinite loss is an answer
            return self.entry(prediction, target).sum(axis=(-2, -1)) * self.factor(prediction)

    def gradient(self, prediction, target) -> np.ndarray:
        """dL/dprediction, the factor of the reduction included.

        Args:      as for `value`.
        Returns:   gradient, shape of prediction.
        Raises:    InputError: shapes differ.
        """
        prediction, target = self._checked(prediction, target)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            return self.slope(prediction, target, self.slope_factor(prediction), np.empty_like(prediction))

    def entry(self, prediction: np.ndarray, target: np.ndarray) -> np.ndarray:
        """The loss of each entry, before the reduction."""
        raise NotImplementedError

    def slope(self, prediction: np.ndarray, target: np.ndarray, factor: np.ndarray, out: np.ndarray) -> np.ndarray:
        """Write the gradient into `out`: `factor`, made by `slope_factor`, times the derivative of an entry without
        its `front`; for the inside of a training loop, unchecked."""
        raise NotImplementedError

    def _checked(self, prediction, target) -> tuple[np.ndarray, np.ndarray]:
        prediction, target = np.asarray(prediction, float), np.asarray(target, float)
        errors.shape("prediction", prediction, (None, None))
        errors.shape("target", target, prediction.shape[-2:])
        return prediction, target
