"""S-shaped activations: they rise from one limit to another, and saturate on both sides."""

import math
from dataclasses import dataclass

import numpy as np

from engine.activation_base import ONE, Activation, Steepest
from engine.erf import erf


@dataclass(frozen=True)
class Step(Activation):
    """Binary step: 1 for z > 0, else 0.

    Convention: 0 at z = 0; the derivative is 0 everywhere, also at the jump, so nothing can be learned through it.
    Source:     Rosenblatt (1958), "The perceptron".
    """

    name = "step"
    latex = r"\begin{cases} 1, & z > 0 \\ 0, & z \le 0 \end{cases}"
    derivative_latex = r"0 \quad (z \ne 0)"
    range = (0.0, 1.0)
    attains = (True, True)
    kinks = (0.0,)
    steepest = Steepest(0.0, -np.inf, np.inf)

    def apply(self, z, out):
        return np.greater(z, 0, out=out, casting="unsafe")

    def slope(self, z, a, out):
        out[...] = 0.0
        return out


@dataclass(frozen=True)
class Sigmoid(Activation):
    """Logistic sigmoid: f(z) = 1 / (1 + exp(-z)).

    Convention: the derivative is computed from the activation, a (1 - a), as in the lecture notes and in PyTorch.
    Source:     Verhulst (1845) for the curve; Rumelhart, Hinton and Williams (1986) in networks.
    """

    name = "sigmoid"
    latex = r"\frac{1}{1 + e^{-z}}"
    derivative_latex = r"f(z)\,\bigl(1 - f(z)\bigr)"
    range = (0.0, 1.0)
    steepest = Steepest(0.25, 0.0, 0.0)

    def apply(self, z, out):
        np.negative(z, out)
        np.exp(out, out)
        np.add(out, ONE[out.dtype], out)
        return np.reciprocal(out, out)

    def slope(self, z, a, out):
        np.subtract(ONE[a.dtype], a, out)
        return np.multiply(out, a, out)


@dataclass(frozen=True)
class Tanh(Activation):
    """Hyperbolic tangent: f(z) = (exp(z) - exp(-z)) / (exp(z) + exp(-z)).

    Source: LeCun et al. (1998), "Efficient BackProp", section 4.4, on why it learns faster than the sigmoid.
    """

    name = "tanh"
    latex = r"\frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}"
    derivative_latex = r"1 - f(z)^2"
    range = (-1.0, 1.0)
    zero_centred = True
    steepest = Steepest(1.0, 0.0, 0.0)

    def apply(self, z, out):
        return np.tanh(z, out)

    def slope(self, z, a, out):
        np.multiply(a, a, out)
        return np.subtract(ONE[a.dtype], out, out)


@dataclass(frozen=True)
class Arctan(Activation):
    """Inverse tangent: f(z) = arctan(z); it reaches its limits as slowly as 1/z."""

    name = "arctan"
    latex = r"\arctan(z)"
    derivative_latex = r"\frac{1}{1 + z^2}"
    range = (-math.pi / 2, math.pi / 2)
    zero_centred = True
    steepest = Steepest(1.0, 0.0, 0.0)

    def apply(self, z, out):
        return np.arctan(z, out=out)

    def slope(self, z, a, out):
        np.multiply(z, z, out=out)
        out += 1.0
        return np.reciprocal(out, out=out)


@dataclass(frozen=True)
class Softsign(Activation):
    """Softsign: f(z) = z / (1 + |z|); tanh's shape without an exponential, and with slower tails.

    Source: Bergstra et al. (2009); Glorot and Bengio (2010), section 3.
    """

    name = "softsign"
    latex = r"\frac{z}{1 + |z|}"
    derivative_latex = r"\frac{1}{(1 + |z|)^2}"
    range = (-1.0, 1.0)
    zero_centred = True
    steepest = Steepest(1.0, 0.0, 0.0)

    def apply(self, z, out):
        np.abs(z, out=out)
        out += 1.0
        return np.divide(z, out, out=out)

    def slope(self, z, a, out):
        np.abs(z, out=out)
        out += 1.0
        np.reciprocal(out, out=out)
        return np.square(out, out=out)


@dataclass(frozen=True)
class GaussianSigmoid(Activation):
    """Gaussian sigmoid: f(z) = erf(sqrt(pi) z / 2), whose slope is the bell curve exp(-pi z^2 / 4).

    Convention: scaled so that the range is (-1, 1) and the slope at 0 is 1, as for tanh; the cumulative normal
                distribution, which some call by this name, is (1 + erf(z / sqrt(2))) / 2.
    """

    name = "gaussian_sigmoid"
    latex = r"\mathrm{erf}\!\left(\tfrac{\sqrt{\pi}}{2}\, z\right)"
    derivative_latex = r"e^{-\pi z^2 / 4}"
    range = (-1.0, 1.0)
    zero_centred = True
    steepest = Steepest(1.0, 0.0, 0.0)

    def apply(self, z, out):
        out[...] = erf(math.sqrt(math.pi) / 2 * z)
        return out

    def slope(self, z, a, out):
        np.square(z, out=out)
        out *= -math.pi / 4
        return np.exp(out, out=out)


@dataclass(frozen=True)
class HardSigmoid(Activation):
    """Hard sigmoid: f(z) = min(max(z / 6 + 1/2, 0), 1), three straight lines in place of the sigmoid.

    Convention: PyTorch's, with slope 1/6 and derivative 0 at the kinks -3 and 3; Keras used 0.2 z + 1/2 before.
    Source:     Courbariaux, Bengio and David (2015), section 2.3, with slope 1/2.
    """

    name = "hard_sigmoid"
    latex = r"\min\!\left(\max\!\left(\tfrac{z}{6} + \tfrac{1}{2},\, 0\right),\, 1\right)"
    derivative_latex = r"\begin{cases} \tfrac16, & |z| < 3 \\ 0, & |z| > 3 \end{cases}"
    range = (0.0, 1.0)
    attains = (True, True)
    kinks = (-3.0, 3.0)
    steepest = Steepest(1 / 6, -3.0, 3.0)

    def apply(self, z, out):
        np.divide(z, 6.0, out=out)
        out += 0.5
        return np.clip(out, 0.0, 1.0, out=out)

    def slope(self, z, a, out):
        np.abs(z, out=out)
        np.less(out, 3.0, out=out, casting="unsafe")
        return np.divide(out, 6.0, out=out)
