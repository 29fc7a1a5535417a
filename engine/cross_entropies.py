"""Cross-entropies: how surprised the predicted probabilities are by what happened."""

from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.loss_base import Loss

MAX_CLASSES = 1024
ROUNDING = 1e-6  # how far from 1 a row of target probabilities may sum


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


@dataclass(frozen=True)
class SoftmaxCrossEntropy(Loss):
    """Cross-entropy of several classes from their logits: -sum over classes of y_k ln softmax(z)_k, a sample.

        L = 1/n_samples * sum over samples and classes;   dL/dz = (softmax(z) - y) / n_samples

    Args:       reduction: "mean" over the n_samples samples, or "sum". The squared errors' mean divides by n_classes
                as well; this one does not, since the classes of a sample share one probability.
    Raises:     InputError (from `value` and `gradient`): fewer than 2 classes, a target below 0, a row of targets
                that does not sum to 1.
    Convention: PyTorch's CrossEntropyLoss: takes logits, mean over samples. Targets are one-hot rows or class
                probabilities, (..., n_samples, n_classes), never class numbers.
    Source:     Bridle (1990); Bishop (2006), "Pattern Recognition and Machine Learning", eq. 4.108 and 4.109.
    """

    name = "softmax_cross_entropy"
    latex = r"-y_k \ln \frac{e^{z_k}}{\sum_j e^{z_j}}"
    derivative_latex = r"\mathrm{softmax}(z)_k - y_k"
    takes_logits = True

    def factor(self, prediction):
        return 1.0 / prediction.shape[-2] if self.reduction == "mean" else 1.0

    def entry(self, prediction, target):
        return -np.where(target == 0, 0.0, target * _log_softmax(prediction))

    def slope(self, prediction, target, factor, out):
        np.subtract(prediction, prediction.max(axis=-1, keepdims=True), out=out)
        np.exp(out, out=out)
        out /= out.sum(axis=-1, keepdims=True)
        out -= target
        return np.multiply(out, factor, out=out)

    def _checked(self, prediction, target):
        prediction, target = super()._checked(prediction, target)
        errors.whole("number of classes", prediction.shape[-1], 2, MAX_CLASSES)
        errors.numbers("target", target, 0)
        sums = target.sum(axis=-1)
        wrong = np.abs(sums - 1.0) > ROUNDING
        if wrong.any():
            raise errors.InputError("out_of_range", "sum of a row of targets", sums[wrong][0], "{1}")
        return prediction, target


def _times_log(weight: np.ndarray, x: np.ndarray) -> np.ndarray:
    """weight * ln(x), and 0 where the weight is 0."""
    return weight * np.log(np.where(weight == 0, 1.0, x))


def _ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """numerator / denominator, and 0 where the numerator is 0."""
    if np.count_nonzero(denominator) == denominator.size:  # as almost always, and in a fraction of the time
        return numerator / denominator
    return numerator / np.where(numerator == 0, 1.0, denominator)


def _log_softmax(z: np.ndarray) -> np.ndarray:
    """As engine.softmax.log_softmax, but unchecked: a network that has overflowed has a loss of nan, and no error."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
