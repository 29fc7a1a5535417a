"""Losses of a difference a - y: for regression, and for the squared errors of the lecture notes."""

from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.loss_base import Loss


@dataclass(frozen=True)
class SquaredError(Loss):
    """(a - y)^2; its mean is the mean squared error (MSE)."""

    name = "squared_error"
    latex = r"(a - y)^2"
    derivative_latex = r"2\,(a - y)"
    front = 2.0

    def entry(self, prediction, target):
        return np.square(prediction - target)

    def slope(self, prediction, target, factor, out):
        np.subtract(prediction, target, out)
        return np.multiply(out, factor, out)


@dataclass(frozen=True)
class HalfSquaredError(Loss):
    """(a - y)^2 / 2, the half that makes the derivative a - y."""

    name = "half_squared_error"
    latex = r"\tfrac12 (a - y)^2"
    derivative_latex = r"a - y"

    def entry(self, prediction, target):
        return 0.5 * np.square(prediction - target)

    def slope(self, prediction, target, factor, out):
        np.subtract(prediction, target, out)
        return np.multiply(out, factor, out)


@dataclass(frozen=True)
class AbsoluteError(Loss):
    """|a - y|; its best constant prediction is the median, so that single outliers hardly count.

    Convention: the derivative at a = y is 0 (PyTorch).
    """

    name = "absolute_error"
    latex = r"|a - y|"
    derivative_latex = r"\mathrm{sign}(a - y)"

    def entry(self, prediction, target):
        return np.abs(prediction - target)

    def slope(self, prediction, target, factor, out):
        np.subtract(prediction, target, out=out)
        np.sign(out, out=out)
        return np.multiply(out, factor, out=out)


@dataclass(frozen=True)
class Huber(Loss):
    """Huber's loss: (a - y)^2 / 2 for small errors, a straight line with the same slope beyond delta.

        |e| <= delta: e^2 / 2;   |e| > delta: delta (|e| - delta / 2);   e = a - y

    Args:       delta: where the line begins, above 0, at most 1e6.
    Convention: PyTorch's HuberLoss; its SmoothL1Loss is this one divided by delta.
    Source:     Huber (1964), "Robust estimation of a location parameter".
    """

    delta: float = 1.0

    name = "huber"
    latex = (
        r"\begin{cases} \tfrac12 (a - y)^2, & |a - y| \le \delta \\"
        r" \delta\,\bigl(|a - y| - \tfrac12 \delta\bigr), & |a - y| > \delta \end{cases}"
    )
    derivative_latex = r"\min\bigl(\max(a - y,\, -\delta),\, \delta\bigr)"

    def __post_init__(self):
        super().__post_init__()
        errors.number("delta", self.delta, 0.0, 1e6, open_low=True)

    def entry(self, prediction, target):
        size = np.abs(prediction - target)
        bent = np.minimum(size, self.delta)  # the part of the error that still counts by its square
        return bent * (size - 0.5 * bent)

    def slope(self, prediction, target, factor, out):
        np.subtract(prediction, target, out=out)
        np.clip(out, -self.delta, self.delta, out=out)
        return np.multiply(out, factor, out=out)


@dataclass(frozen=True)
class LogCosh(Loss):
    """ln cosh(a - y): near (a - y)^2 / 2 for small errors, near |a - y| - ln 2 for large ones, and smooth.

    Convention: computed as |e| + ln(1 + (exp(-2|e|) - 1) / 2), which no error can overflow.
    """

    name = "log_cosh"
    latex = r"\ln \cosh(a - y)"
    derivative_latex = r"\tanh(a - y)"

    def entry(self, prediction, target):
        size = np.abs(prediction - target)
        return size + np.log1p(0.5 * np.expm1(-2.0 * size))

    def slope(self, prediction, target, factor, out):
        np.subtract(prediction, target, out=out)
        np.tanh(out, out=out)
        return np.multiply(out, factor, out=out)
