"""Activations that let positive signals through (nearly) unchanged: the identity, and ReLU with its relatives."""

from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.activation_base import Activation, Steepest


@dataclass(frozen=True)
class Linear(Activation):
    """Identity: f(z) = z."""

    name = "linear"
    latex = "z"
    derivative_latex = "1"
    range = (-np.inf, np.inf)
    zero_centred = True
    steepest = Steepest(1.0, -np.inf, np.inf)

    def apply(self, z, out):
        out[...] = z
        return out

    def slope(self, z, a, out):
        out[...] = 1.0
        return out


@dataclass(frozen=True)
class ReLU(Activation):
    """Rectified linear unit: f(z) = max(0, z).

    Convention: the derivative at 0 is 0 (PyTorch).
    Source:     Nair and Hinton (2010).
    """

    name = "relu"
    latex = r"\max(0, z)"
    derivative_latex = r"\begin{cases} 1, & z > 0 \\ 0, & z < 0 \end{cases}"
    range = (0.0, np.inf)
    attains = (True, False)
    kinks = (0.0,)
    steepest = Steepest(1.0, 0.0, np.inf)

    def apply(self, z, out):
        return np.maximum(z, 0.0, out=out)

    def slope(self, z, a, out):
        return np.greater(z, 0, out=out, casting="unsafe")


@dataclass(frozen=True)
class LeakyReLU(Activation):
    """Leaky ReLU: f(z) = z for z > 0, else alpha z.

    Args:       alpha: slope for negative z, 0 to 1; the form max(alpha z, z) needs alpha <= 1.
    Convention: the derivative at 0 is alpha (PyTorch); alpha = 0.1 as in lecture note 002, PyTorch's default is 0.01.
    Source:     Maas, Hannun and Ng (2013).
    """

    alpha: float = 0.1

    name = "leaky_relu"
    latex = r"\max(\alpha z, z)"
    derivative_latex = r"\begin{cases} 1, & z > 0 \\ \alpha, & z < 0 \end{cases}"

    def __post_init__(self):
        errors.number("alpha", self.alpha, 0.0, 1.0)

    @property
    def range(self):
        return (0.0 if self.alpha == 0 else -np.inf, np.inf)

    @property
    def attains(self):
        return self.alpha == 0, False

    @property
    def zero_centred(self):
        return self.alpha == 1

    @property
    def steepest(self):
        return Steepest(1.0, -np.inf if self.alpha == 1 else 0.0, np.inf)

    @property
    def kinks(self):
        return () if self.alpha == 1 else (0.0,)

    def apply(self, z, out):
        np.multiply(z, self.alpha, out=out)
        return np.maximum(z, out, out=out)

    def slope(self, z, a, out):
        out[...] = self.alpha
        np.copyto(out, 1.0, where=z > 0)
        return out


@dataclass(frozen=True)
class ELU(Activation):
    """Exponential linear unit: f(z) = z for z > 0, else alpha (exp(z) - 1).

    Args:       alpha: size of the negative limit, 0 to 10.
    Convention: the derivative at 0 is alpha (PyTorch); only alpha = 1 makes it smooth there.
    Source:     Clevert, Unterthiner and Hochreiter (2016).
    """

    alpha: float = 1.0

    name = "elu"
    latex = r"\begin{cases} z, & z > 0 \\ \alpha\,(e^{z} - 1), & z \le 0 \end{cases}"
    derivative_latex = r"\begin{cases} 1, & z > 0 \\ \alpha\,e^{z}, & z \le 0 \end{cases}"

    def __post_init__(self):
        errors.number("alpha", self.alpha, 0.0, 10.0)

    @property
    def range(self):
        return (-self.alpha, np.inf)

    @property
    def attains(self):
        return self.alpha == 0, False

    @property
    def steepest(self):
        return Steepest(self.alpha, 0.0, 0.0) if self.alpha > 1 else Steepest(1.0, 0.0, np.inf)

    @property
    def kinks(self):
        return () if self.alpha == 1 else (0.0,)

    def apply(self, z, out):
        _exponential_below_zero(np.expm1, z, self.alpha, out)
        np.copyto(out, z, where=z > 0)
        return out

    def slope(self, z, a, out):
        _exponential_below_zero(np.exp, z, self.alpha, out)
        np.copyto(out, 1.0, where=z > 0)
        return out


@dataclass(frozen=True)
class SELU(Activation):
    """Scaled ELU: f(z) = s z for z > 0, else s alpha (exp(z) - 1).

    The constants s = 1.0507 and alpha = 1.6733 make mean 0 and variance 1 a stable fixed point from layer to layer,
    for weights of variance 1 / fan_in.

    Convention: the derivative at 0 is s alpha (PyTorch).
    Source:     Klambauer et al. (2017), eq. 14; the constants solve their eq. 4 and 5.
    """

    name = "selu"
    latex = r"s \begin{cases} z, & z > 0 \\ \alpha\,(e^{z} - 1), & z \le 0 \end{cases}"
    derivative_latex = r"s \begin{cases} 1, & z > 0 \\ \alpha\,e^{z}, & z < 0 \end{cases}"
    scale = 1.0507009873554805
    alpha = 1.6732632423543772
    range = (-scale * alpha, np.inf)
    kinks = (0.0,)
    steepest = Steepest(scale * alpha, 0.0, 0.0)

    def apply(self, z, out):
        _exponential_below_zero(np.expm1, z, self.scale * self.alpha, out)
        np.multiply(z, self.scale, out=out, where=z > 0)
        return out

    def slope(self, z, a, out):
        _exponential_below_zero(np.exp, z, self.scale * self.alpha, out)
        np.copyto(out, self.scale, where=z > 0)
        return out


@dataclass(frozen=True)
class Softplus(Activation):
    """Softplus: f(z) = ln(1 + exp(z)), a rounded ReLU whose derivative is the sigmoid.

    Convention: computed as max(z, 0) + ln(1 + exp(-|z|)), which no z can overflow; PyTorch returns z itself above 20.
    Source:     Dugas et al. (2001).
    """

    name = "softplus"
    latex = r"\ln\bigl(1 + e^{z}\bigr)"
    derivative_latex = r"\frac{1}{1 + e^{-z}}"
    range = (0.0, np.inf)
    steepest = Steepest(1.0, np.inf, np.inf)

    def apply(self, z, out):
        np.abs(z, out=out)
        np.negative(out, out=out)
        np.exp(out, out=out)
        np.log1p(out, out=out)
        out += np.maximum(z, 0.0)
        return out

    def slope(self, z, a, out):
        np.negative(z, out=out)
        np.exp(out, out=out)
        out += 1.0
        return np.reciprocal(out, out=out)


def _exponential_below_zero(exponential, z: np.ndarray, scale: float, out: np.ndarray) -> None:
    """Write scale * exponential(min(z, 0)) into `out`: a large positive z, whose value is not used, would overflow."""
    np.minimum(z, 0.0, out=out)
    exponential(out, out=out)
    out *= scale
