"""Self-gated activations: z times a gate that opens, like a sigmoid, as z grows.

    f(z) = z g(z),   f'(z) = g(z) + z g'(z)

Far to the left the gate is shut (f = 0), far to the right it is open (f = z). In between f falls before it rises: the
lowest point (`valley`) and the largest slope, which is above 1, lie where f' or f'' is 0. Most of those equations have
no solution in closed form, so the figures stand here to all digits of a float64; the tests find them again.
"""

import math
from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.activation_base import Activation, Steepest
from engine.erf import erfc

TINY = 1e-200  # below, the gate is that of 0 to all digits, and z g may have lost some


@dataclass(frozen=True)
class SelfGated(Activation):
    """f(z) = z g(z); a subclass brings the gate g."""

    monotone = False
    attains = (True, False)
    limits = (0.0, np.inf)
    gate_at_0 = 0.5

    def gate(self, z: np.ndarray) -> np.ndarray:
        """g(z), between 0 and 1."""
        raise NotImplementedError

    def gate_slope(self, z: np.ndarray, gate: np.ndarray) -> np.ndarray:
        """g'(z), from z or from gate = g(z)."""
        raise NotImplementedError

    def apply(self, z, out):
        return np.multiply(z, self.gate(z), out=out)

    def slope(self, z, a, out):
        gate = np.full_like(z, self.gate_at_0)
        np.divide(a, z, out=gate, where=np.abs(z) > TINY)  # a = z g is known; another g(z) would cost more
        np.multiply(z, self.gate_slope(z, gate), out=out)
        out += gate
        return out


@dataclass(frozen=True)
class Swish(SelfGated):
    """Swish: f(z) = z sigmoid(beta z).

    Args:       beta: 0 to 100; 0 gives the straight line z / 2, 1 is also called SiLU, and a large one comes near ReLU.
    Convention: beta = 1 (PyTorch's SiLU).
    Source:     Ramachandran, Zoph and Le (2017); Elfwing, Uchibe and Doya (2018) for beta = 1.
    """

    beta: float = 1.0

    name = "swish"
    latex = r"z\,\sigma(\beta z) = \frac{z}{1 + e^{-\beta z}}"
    derivative_latex = r"\sigma(\beta z) + \beta z\,\sigma(\beta z)\,\bigl(1 - \sigma(\beta z)\bigr)"

    # For beta = 1. With w = W(1/e), Lambert's function (w e^w = 1/e), the lowest point is exactly (-1 - w, -w).
    LOWEST = -0.27846454276107380
    STEEPEST = Steepest(1.0998393201288669, 2.3993572805154677, 2.3993572805154677)

    def __post_init__(self):
        errors.number("beta", self.beta, 0.0, 100.0)

    # f(z; beta) = f(beta z; 1) / beta: beta shrinks the picture of beta = 1 and keeps its slopes.

    @property
    def range(self):
        return (self.LOWEST / self.beta if self.beta else -np.inf, np.inf)

    @property
    def attains(self):
        return self.beta > 0, False

    @property
    def limits(self):
        return (0.0 if self.beta else -np.inf, np.inf)

    @property
    def valley(self):
        return (self.LOWEST - 1.0) / self.beta if self.beta else None

    @property
    def steepest(self):
        if self.beta == 0:
            return Steepest(0.5, -np.inf, np.inf)
        return Steepest(self.STEEPEST.slope, self.STEEPEST.low / self.beta, self.STEEPEST.high / self.beta)

    @property
    def monotone(self):
        return self.beta == 0

    @property
    def zero_centred(self):
        return self.beta == 0

    def gate(self, z):
        gate = np.multiply(z, -self.beta, out=np.empty_like(z))
        np.exp(gate, out=gate)
        gate += 1.0
        return np.reciprocal(gate, out=gate)

    def gate_slope(self, z, gate):
        return self.beta * gate * (1.0 - gate)


@dataclass(frozen=True)
class GELU(SelfGated):
    """Gaussian error linear unit: f(z) = z Phi(z), with Phi the cumulative normal distribution.

    Convention: Phi(z) = erfc(-z / sqrt(2)) / 2, right to the last digits far to the left; PyTorch takes 1 + erf, which
                cancels there, and keeps an absolute error of 1e-16 |z|.
    Source:     Hendrycks and Gimpel (2016), section 2.
    """

    name = "gelu"
    latex = r"z\,\Phi(z) = \tfrac{z}{2}\Bigl(1 + \mathrm{erf}\bigl(z / \sqrt{2}\bigr)\Bigr)"
    derivative_latex = r"\Phi(z) + \frac{z}{\sqrt{2\pi}}\, e^{-z^2/2}"
    range = (-0.16997120747990366, np.inf)
    valley = -0.75179152469356446
    steepest = Steepest(1.1289041451851548, math.sqrt(2), math.sqrt(2))  # f'' = (2 - z^2) times a bell curve

    def gate(self, z):
        return 0.5 * erfc(z * -math.sqrt(0.5))

    def gate_slope(self, z, gate):
        return np.exp(-0.5 * np.square(z)) / math.sqrt(2.0 * math.pi)


@dataclass(frozen=True)
class GELUTanh(SelfGated):
    """GELU by its approximation with tanh: f(z) = z/2 (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3))).

    It differs from GELU by less than 0.0005 and needs no error function; GPT-2 was trained with it.

    Source: Hendrycks and Gimpel (2016), section 2.
    """

    name = "gelu_tanh"
    latex = r"\tfrac{z}{2}\Bigl(1 + \tanh u\Bigr),\quad u = \sqrt{\tfrac{2}{\pi}}\,\bigl(z + 0.044715\,z^3\bigr)"
    derivative_latex = (
        r"\tfrac12 (1 + \tanh u) + \tfrac{z}{2}\,(1 - \tanh^2 u)\,\sqrt{\tfrac{2}{\pi}}\,\bigl(1 + 0.134145\,z^2\bigr)"
    )
    range = (-0.17004075057125405, np.inf)
    valley = -0.75246142207101626
    steepest = Steepest(1.1289930686587718, 1.4185040087908284, 1.4185040087908284)

    FACTOR = math.sqrt(2.0 / math.pi)
    CUBIC = 0.044715
    FLAT = 30.0  # tanh u is ±1 to the last digit from |z| = 8 on; cutting off here keeps z^3 from overflowing

    def gate(self, z):
        z = np.clip(z, -self.FLAT, self.FLAT)
        return 0.5 + 0.5 * np.tanh(self.FACTOR * (z + self.CUBIC * z * z * z))

    def gate_slope(self, z, gate):
        z = np.clip(z, -self.FLAT, self.FLAT)
        return 2.0 * gate * (1.0 - gate) * self.FACTOR * (1.0 + 3.0 * self.CUBIC * np.square(z))


@dataclass(frozen=True)
class Mish(SelfGated):
    """Mish: f(z) = z tanh(ln(1 + exp(z))), z gated by tanh of its softplus.

    With e = exp(z) and n = e (e + 2) the gate is n / (n + 2): one exponential is enough, and nothing cancels.

    Source: Misra (2020).
    """

    name = "mish"
    latex = r"z\,\tanh\bigl(\ln(1 + e^{z})\bigr)"
    derivative_latex = r"g + z\,(1 - g^2)\,\sigma(z),\quad g = \tanh\bigl(\ln(1 + e^{z})\bigr)"
    range = (-0.30884341301725041, np.inf)
    valley = -1.1924312145154952
    steepest = Steepest(1.0884981612517279, 1.4905711794854285, 1.4905711794854285)
    gate_at_0 = 0.6

    OPEN = 350.0  # the gate is 1 from z = 20 on; up to here n^2 does not overflow

    def gate(self, z):
        e = np.exp(np.minimum(z, self.OPEN))
        n = e * (e + 2.0)
        return n / (n + 2.0)

    def gate_slope(self, z, gate):
        e = np.exp(np.minimum(z, self.OPEN))
        n_plus_2 = e * (e + 2.0) + 2.0
        return 4.0 * (e / n_plus_2) * ((e + 1.0) / n_plus_2)


@dataclass(frozen=True)
class HardSwish(SelfGated):
    """Hard swish: f(z) = z min(max(z / 6 + 1/2, 0), 1), swish with straight lines for the sigmoid.

    Convention: derivative 0 at the kink -3 and 1 at the kink 3 (PyTorch).
    Source:     Howard et al. (2019), section 5.2.
    """

    name = "hard_swish"
    latex = r"z\,\min\!\left(\max\!\left(\tfrac{z}{6} + \tfrac{1}{2},\, 0\right),\, 1\right)"
    derivative_latex = r"\begin{cases} 0, & z < -3 \\ \tfrac{z}{3} + \tfrac{1}{2}, & |z| < 3 \\ 1, & z > 3 \end{cases}"
    range = (-0.375, np.inf)
    kinks = (-3.0, 3.0)
    valley = -1.5
    steepest = Steepest(1.5, 3.0, 3.0)  # the limit from the left; at 3 itself the convention says 1

    def gate(self, z):
        return np.clip(z / 6.0 + 0.5, 0.0, 1.0)

    def gate_slope(self, z, gate):
        return np.where(np.abs(z) < 3.0, 1.0 / 6.0, 0.0)
