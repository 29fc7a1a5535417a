"""Softmax with every number on its way: the safe way, the naive one beside it, the Jacobian and its check."""

import math
from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.arrays import seal
from engine.softmax import jacobian, log_softmax, softmax

MAX_CLASSES = 100  # the check computes softmax at 2 n points for n classes
STEP = 1e-5  # of central differences, times the temperature


@dataclass(frozen=True)
class NaiveSoftmax:
    """Softmax as it is written, exp(z / T) / sum, in float64.

    exponentials, probabilities: (n_classes,), inf and nan where the numbers end.
    """

    exponentials: np.ndarray
    total: float
    probabilities: np.ndarray

    @property
    def overflows(self) -> bool:
        """Whether an exponential, or their sum, is above the largest number: then inf / inf = nan."""
        return not math.isfinite(self.total)

    @property
    def underflows(self) -> bool:
        """Whether every exponential is rounded to 0: then 0 / 0 = nan."""
        return self.total == 0


def naive_softmax(z, temperature: float = 1.0) -> NaiveSoftmax:
    """What the formula gives where nobody takes off the largest score first.

        p_i = exp(z_i / T) / sum over k of exp(z_k / T)

    Args:      z: scores, (n_classes,), finite, 1 to 100 of them. temperature: as in `softmax`.
    Raises:    InputError: as `softmax`; z has another shape, or too many classes.
    Convention: IEEE 754 arithmetic to its end, without warnings: exp(1000) = inf, inf / inf = 0 / 0 = nan.
    """
    z, temperature = _checked(z, temperature)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        exponentials = np.exp(z / temperature)
        total = exponentials.sum()
        return NaiveSoftmax(seal(exponentials), float(total), seal(exponentials / total))


@dataclass(frozen=True)
class SoftmaxTrace:
    """Everything that a screen shows of one softmax; arrays (n_classes,) or (n_classes, n_classes), read-only.

    Attributes:
        z, temperature: scores with their shift, T.
        largest:        the largest score.
        exponents:      (z - largest) / T, at most 0.
        exponentials:   exp(exponents), at most 1; total: their sum, from 1 to n_classes.
        probabilities, log_probabilities: p and ln p.
        entropy:        -sum p ln p in nats, 0 to ln n_classes.
        jacobian:       dp_i / dz_j, row i; numerical: the same by central differences.
    """

    z: np.ndarray
    temperature: float
    largest: float
    exponents: np.ndarray
    exponentials: np.ndarray
    total: float
    probabilities: np.ndarray
    log_probabilities: np.ndarray
    entropy: float
    jacobian: np.ndarray
    numerical: np.ndarray

    @property
    def entropy_in_bits(self) -> float:
        return self.entropy / math.log(2)

    @property
    def largest_entropy(self) -> float:
        """That of equal probabilities, ln n_classes."""
        return math.log(len(self.z))

    @property
    def largest_slope(self) -> float:
        """What no entry of the Jacobian exceeds: p (1 - p) / T is at most 1 / (4 T)."""
        return 0.25 / self.temperature

    @property
    def gap(self) -> float:
        """The largest distance of an entry of the Jacobian to its central difference."""
        return float(np.abs(self.jacobian - self.numerical).max())

    @property
    def row_sum(self) -> float:
        """The row sum that is farthest from 0, which on paper all of them are; the matrix is symmetric."""
        return float(np.abs(self.jacobian.sum(axis=1)).max())

    @property
    def column_sum(self) -> float:
        """The column sum that is farthest from 0."""
        return float(np.abs(self.jacobian.sum(axis=0)).max())


def trace(z, temperature: float = 1.0, shift: float = 0.0) -> SoftmaxTrace:
    """Softmax of one row of scores, step by step.

    Args:      z: scores, (n_classes,), finite, 1 to 100 of them. temperature: as in `softmax`.
               shift: added to every score first, finite.
    Raises:    InputError: as `softmax`; z has another shape, too many classes; shift not finite.
    """
    z, temperature = _checked(z, temperature)
    z = errors.finite("z", z + errors.number("shift", shift))
    largest = z.max()
    with np.errstate(over="ignore", under="ignore"):
        exponents = (z - largest) / temperature
        exponentials = np.exp(exponents)
    arrays = {
        "z": z,
        "exponents": exponents,
        "exponentials": exponentials,
        "probabilities": softmax(z, temperature),
        "log_probabilities": log_softmax(z, temperature),
        "jacobian": jacobian(z, temperature),
        "numerical": numerical_jacobian(z, temperature),
    }
    return SoftmaxTrace(
        temperature=temperature,
        largest=float(largest),
        total=float(exponentials.sum()),
        entropy=float(entropy(z, temperature)),
        **{name: seal(array) for name, array in arrays.items()},
    )


def entropy(z, temperature: float = 1.0) -> np.ndarray:
    """How undecided softmax is, in nats: 0 for one sure class, ln n_classes for equal ones.

        H = -sum over i of p_i ln p_i ,  a p of 0 adding 0

    Args:      z: scores, (..., n_classes), finite. temperature: as in `softmax`.
    Returns:   (...).
    Raises:    InputError: as `softmax`.
    """
    p, log_p = softmax(z, temperature), log_softmax(z, temperature)
    terms = np.multiply(p, log_p, where=p > 0, out=np.zeros_like(p))
    return 0.0 - terms.sum(axis=-1)  # not a negation, which would make -0.0 of a sure class


def numerical_jacobian(z, temperature: float = 1.0, step: float = STEP) -> np.ndarray:
    """The Jacobian of softmax from its values alone, by central differences: 2 n points in one call.

        dp_i / dz_j ~ (p_i(z + h e_j) - p_i(z - h e_j)) / (2 h) ,  h = step * T

    Args:      z: scores, (n_classes,), finite, 1 to 100 of them. step: above 0, at most 0.1.
    Returns:   (n_classes, n_classes), row i.
    Raises:    InputError: as `softmax`; z has another shape or too many classes, step out of range.
    """
    z, temperature = _checked(z, temperature)
    h = errors.number("step", step, 0.0, 0.1, open_low=True) * temperature
    above, below = z + h * np.eye(z.size), z - h * np.eye(z.size)
    width = np.diagonal(above) - np.diagonal(below)  # the h that rounding has left us with
    return ((softmax(above, temperature) - softmax(below, temperature)) / width[:, None]).T


def shift_error(z, shift: float, temperature: float = 1.0) -> float:
    """How far a shift of all scores by the same number moves any probability: not at all, but for rounding of z + c.

    Args:      z: scores, (n_classes,), finite. shift: c, finite.
    Raises:    InputError: as `softmax`; shift not finite.
    """
    z, temperature = _checked(z, temperature)
    return float(np.abs(softmax(z + errors.number("shift", shift), temperature) - softmax(z, temperature)).max())


def scores_of_ratios(ratios) -> np.ndarray:
    """Scores whose exponentials are to each other as the given numbers: their logarithms.

    Args:      ratios: (n_classes,), above 0.
    Raises:    InputError: a ratio that is not above 0, or not finite.
    """
    return np.log(errors.numbers("ratios", ratios, 0.0, open_low=True))


def _checked(z, temperature: float) -> tuple[np.ndarray, float]:
    z = np.array(errors.finite("z", z))
    if z.ndim != 1:
        raise errors.InputError("wrong_shape", "z", z.shape, "(n_classes)")
    errors.whole("number of classes", z.size, 1, MAX_CLASSES)
    return z, errors.number("temperature", temperature, 1e-6, 1e6)
