"""Activation functions: f, its derivative, and what a learner wants to know of both.

Each class is one function. `f` and `derivative` are for reading and plotting: they check their input and
return new arrays. `apply` and `slope` are the same mathematics for the inside of a training loop: they
write into an array that exists already and check nothing.
"""

from dataclasses import dataclass, fields
from typing import ClassVar

import numpy as np

from engine import errors


@dataclass(frozen=True)
class Activation:
    """An elementwise function a = f(z) of the pre-activation z, and da/dz."""

    name: ClassVar[str]  # stable code, as in a link
    latex: ClassVar[str]  # of f(z)
    derivative_latex: ClassVar[str]  # of f'(z)

    @property
    def range(self) -> tuple[float, float]:
        """Infimum and supremum of f."""
        raise NotImplementedError

    @property
    def kinks(self) -> tuple[float, ...]:
        """Points at which f has no derivative; `derivative` returns the value of the stated convention there."""
        return ()

    @property
    def parameters(self) -> dict[str, float]:
        """Names and values of the function's own parameters, such as alpha."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def f(self, z) -> np.ndarray:
        """The activation a = f(z), elementwise.

        Args:      z: pre-activations, any shape, finite.
        Returns:   activations, shape of z.
        Raises:    InputError: z is not finite.
        """
        z = errors.finite("z", z)
        with np.errstate(over="ignore"):  # exp(800) = inf and 1 / inf = 0 is the right limit
            return self.apply(z, np.empty_like(z))

    def derivative(self, z) -> np.ndarray:
        """The derivative f'(z), elementwise.

        Args:      z: pre-activations, any shape, finite.
        Returns:   da/dz, shape of z.
        Raises:    InputError: z is not finite.
        """
        z = errors.finite("z", z)
        return self.slope(z, self.f(z), np.empty_like(z))

    def apply(self, z: np.ndarray, out: np.ndarray) -> np.ndarray:
        """Write f(z) into `out`; z and out must not overlap."""
        raise NotImplementedError

    def slope(self, z: np.ndarray, a: np.ndarray, out: np.ndarray) -> np.ndarray:
        """Write f'(z) into `out`, from z or from a = f(z), whichever is cheaper."""
        raise NotImplementedError


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
    kinks = (0.0,)

    def apply(self, z, out):
        return np.greater(z, 0, out=out, casting="unsafe")

    def slope(self, z, a, out):
        out[...] = 0.0
        return out


@dataclass(frozen=True)
class Linear(Activation):
    """Identity: f(z) = z."""

    name = "linear"
    latex = "z"
    derivative_latex = "1"
    range = (-np.inf, np.inf)

    def apply(self, z, out):
        out[...] = z
        return out

    def slope(self, z, a, out):
        out[...] = 1.0
        return out


@dataclass(frozen=True)
class Sigmoid(Activation):
    """Logistic sigmoid: f(z) = 1 / (1 + exp(-z)).

    Convention: the derivative is computed from the activation, a (1 - a), as in the lecture notes and in PyTorch.
    """

    name = "sigmoid"
    latex = r"\frac{1}{1 + e^{-z}}"
    derivative_latex = r"f(z)\,\bigl(1 - f(z)\bigr)"
    range = (0.0, 1.0)

    def apply(self, z, out):
        np.negative(z, out=out)
        np.exp(out, out=out)
        out += 1.0
        return np.reciprocal(out, out=out)

    def slope(self, z, a, out):
        np.subtract(1.0, a, out=out)
        return np.multiply(out, a, out=out)


@dataclass(frozen=True)
class Tanh(Activation):
    """Hyperbolic tangent: f(z) = (exp(z) - exp(-z)) / (exp(z) + exp(-z))."""

    name = "tanh"
    latex = r"\frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}"
    derivative_latex = r"1 - f(z)^2"
    range = (-1.0, 1.0)

    def apply(self, z, out):
        return np.tanh(z, out=out)

    def slope(self, z, a, out):
        np.multiply(a, a, out=out)
        return np.subtract(1.0, out, out=out)


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
    kinks = (0.0,)

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
    def kinks(self):
        return () if self.alpha == 1 else (0.0,)

    def apply(self, z, out):
        np.multiply(z, self.alpha, out=out)
        return np.maximum(z, out, out=out)

    def slope(self, z, a, out):
        out[...] = np.where(z > 0, 1.0, self.alpha)
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
    def kinks(self):
        return () if self.alpha == 1 else (0.0,)

    def apply(self, z, out):
        np.minimum(z, 0.0, out=out)  # else exp of a large positive z, which is not used, would overflow
        np.expm1(out, out=out)
        out *= self.alpha
        np.copyto(out, z, where=z > 0)
        return out

    def slope(self, z, a, out):
        out[...] = np.where(z > 0, 1.0, self.alpha * np.exp(np.minimum(z, 0.0)))
        return out


ACTIVATIONS: dict[str, type[Activation]] = {
    kind.name: kind for kind in (Step, Linear, Sigmoid, Tanh, ReLU, LeakyReLU, ELU)
}


def activation(name: str, **parameters: float) -> Activation:
    """The activation of that name, with its own parameters where it has some.

    Raises: InputError: unknown name or parameter, parameter out of range.
    """
    kind = ACTIVATIONS[errors.one_of("activation", name, ACTIVATIONS)]
    for parameter in parameters:
        errors.one_of(f"parameter of {name}", parameter, [field.name for field in fields(kind)])
    return kind(**parameters)
