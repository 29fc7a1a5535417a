"""Loss functions: one number for how wrong a prediction is, and its gradient.

A loss is its formula for one entry and its reduction over all entries of a batch. The factor that the
reduction brings (1/N for the mean) stands here and nowhere else, so gradients of layers never hide one.
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
    Convention: mean over all entries is PyTorch's; the lecture notes' update rules are sums.
    """

    reduction: str = "mean"

    name: ClassVar[str]
    latex: ClassVar[str]  # of one entry: prediction a (z for logits), target y
    derivative_latex: ClassVar[str]  # of one entry's derivative
    takes_logits: ClassVar[bool] = False  # the prediction is z, not sigmoid(z)

    def __post_init__(self):
        errors.one_of("reduction", self.reduction, REDUCTIONS)

    def factor(self, prediction: np.ndarray) -> float:
        """1/N for the mean, 1 for the sum; N counts the entries of the last two axes."""
        return 1.0 / (prediction.shape[-2] * prediction.shape[-1]) if self.reduction == "mean" else 1.0

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
        """
        prediction, target = self._checked(prediction, target)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            return self.slope(prediction, target, self.factor(prediction), np.empty_like(prediction))

    def entry(self, prediction: np.ndarray, target: np.ndarray) -> np.ndarray:
        """The loss of each entry, before the reduction."""
        raise NotImplementedError

    def slope(self, prediction: np.ndarray, target: np.ndarray, factor: float, out: np.ndarray) -> np.ndarray:
        """Write factor * d entry / d prediction into `out`; for the inside of a training loop, unchecked."""
        raise NotImplementedError

    def _checked(self, prediction, target) -> tuple[np.ndarray, np.ndarray]:
        prediction, target = np.asarray(prediction, float), np.asarray(target, float)
        errors.shape("prediction", prediction, (None, None))
        errors.shape("target", target, prediction.shape[-2:])
        return prediction, target


@dataclass(frozen=True)
class SquaredError(Loss):
    """(a - y)^2; its mean is the mean squared error (MSE)."""

    name = "squared_error"
    latex = r"(a - y)^2"
    derivative_latex = r"2\,(a - y)"

    def entry(self, prediction, target):
        return np.square(prediction - target)

    def slope(self, prediction, target, factor, out):
        np.subtract(prediction, target, out=out)
        return np.multiply(out, 2.0 * factor, out=out)


@dataclass(frozen=True)
class HalfSquaredError(Loss):
    """(a - y)^2 / 2, the half that makes the derivative a - y."""

    name = "half_squared_error"
    latex = r"\tfrac12 (a - y)^2"
    derivative_latex = r"a - y"

    def entry(self, prediction, target):
        return 0.5 * np.square(prediction - target)

    def slope(self, prediction, target, factor, out):
        np.subtract(prediction, target, out=out)
        return np.multiply(out, factor, out=out)


@dataclass(frozen=True)
class CrossEntropy(Loss):
    """Binary cross-entropy of probabilities: -(y ln a + (1 - y) ln(1 - a)).

    Two different small numbers are met under the same "1e-7"; both change the gradient, so both have a name:

    Args:
        log_epsilon:      added inside the logarithms, ln(a + e) and ln(1 - a + e) (lecture note 000). The
                          gradient is the derivative of exactly that: -y / (a + e) + (1 - y) / (1 - a + e).
        division_epsilon: added to the denominator of the gradient only, (a - y) / (a (1 - a) + e)
                          (lecture note 004); the value has none, so this is no loss's exact gradient.
    Convention: 0 ln 0 = 0; nothing is clipped (PyTorch's BCELoss cuts the logarithm off at -100), so a
                confidently wrong prediction has an infinite loss.
    """

    log_epsilon: float = 0.0
    division_epsilon: float = 0.0

    name = "cross_entropy"
    latex = r"-\bigl(y \ln a + (1 - y) \ln (1 - a)\bigr)"
    derivative_latex = r"\frac{a - y}{a\,(1 - a)}"

    def __post_init__(self):
        super().__post_init__()
        errors.number("log_epsilon", self.log_epsilon, 0.0, 0.1)
        errors.number("division_epsilon", self.division_epsilon, 0.0, 0.1)

    def entry(self, prediction, target):
        e = self.log_epsilon
        return -(_times_log(target, prediction + e) + _times_log(1.0 - target, 1.0 - prediction + e))

    def slope(self, prediction, target, factor, out):
        if self.division_epsilon:
            denominator = prediction * (1.0 - prediction) + self.division_epsilon
            np.subtract(prediction, target, out=out)
            np.divide(out, denominator, out=out)
        else:  # two terms, so that a = y = 1 gives its limit -1 and not 0 / 0
            e = self.log_epsilon
            out[...] = _ratio(1.0 - target, 1.0 - prediction + e) - _ratio(target, prediction + e)
        return np.multiply(out, factor, out=out)


@dataclass(frozen=True)
class CrossEntropyWithLogits(Loss):
    """Binary cross-entropy of logits: max(z, 0) - z y + ln(1 + exp(-|z|)), safe for any z.

    It equals CrossEntropy of sigmoid(z); its derivative is sigmoid(z) - y.
    """

    name = "cross_entropy_with_logits"
    latex = r"\max(z, 0) - z y + \ln\bigl(1 + e^{-|z|}\bigr)"
    derivative_latex = r"\sigma(z) - y"
    takes_logits = True

    def entry(self, prediction, target):
        return np.maximum(prediction, 0.0) - prediction * target + np.log1p(np.exp(-np.abs(prediction)))

    def slope(self, prediction, target, factor, out):
        np.negative(prediction, out=out)
        np.exp(out, out=out)
        out += 1.0
        np.reciprocal(out, out=out)
        out -= target
        return np.multiply(out, factor, out=out)


def _times_log(weight: np.ndarray, x: np.ndarray) -> np.ndarray:
    """weight * ln(x), and 0 where the weight is 0."""
    return weight * np.log(np.where(weight == 0, 1.0, x))


def _ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """numerator / denominator, and 0 where the numerator is 0."""
    return numerator / np.where(numerator == 0, 1.0, denominator)


LOSSES: dict[str, type[Loss]] = {
    kind.name: kind for kind in (SquaredError, HalfSquaredError, CrossEntropy, CrossEntropyWithLogits)
}


def loss(name: str, reduction: str = "mean", **parameters: float) -> Loss:
    """The loss of that name.

    Raises: InputError: unknown name or reduction, parameter out of range.
    """
    return LOSSES[errors.one_of("loss", name, LOSSES)](reduction, **parameters)
