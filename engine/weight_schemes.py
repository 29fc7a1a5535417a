"""Weight schemes that do not look at a layer's size (normal, uniform, constant), and the orthogonal one.

Every scheme is a frozen dataclass that says what it promises (`std`, `limit`, `density`, `formula`) and keeps it
(`draw`). Variance scaling, the family that does look at the size, is in `engine.initializers`, with the list of all.
"""

import math
from dataclasses import dataclass

import numpy as np

from engine.errors import finite, number, whole

MAX_FAN = 4096
MAX_FAN_ORTHOGONAL = 1024  # its QR factorization costs fan^3
MAX_ENTRIES = 10_000_000  # of one draw: 80 MB
MAX_SIZE = 1e6  # of a scale, a standard deviation, a limit or a constant


class Initializer:
    """What every scheme can tell about itself, and the one thing it does.

    Convention: weights have the shape (fan_in, fan_out), so that z = a @ W; PyTorch stores the transpose.
    """

    def draw(self, rng: np.random.Generator, fan_in: int, fan_out: int, leading: tuple[int, ...] = ()) -> np.ndarray:
        """Draw weight matrices.

        Args:
            rng: source of randomness; two generators with the same seed give the same weights.
            fan_in, fan_out: units before and after the weights, 1 to 4096 (orthogonal: 1024).
            leading: sizes of extra leading axes, such as (runs,); at most 10,000,000 entries in all.
        Returns: weights, shape (*leading, fan_in, fan_out).
        Raises: InputError: not_a_number, not_finite, out_of_range.
        """
        fan_in, fan_out = fans(fan_in, fan_out)
        shape = (*(whole("leading", size, 1, MAX_ENTRIES) for size in leading), fan_in, fan_out)
        whole("number of weights", math.prod(shape), 1, MAX_ENTRIES)
        return self._sample(rng, shape)

    def std(self, fan_in: int, fan_out: int) -> float:
        """The standard deviation that theory gives the weights."""
        raise NotImplementedError

    def limit(self, fan_in: int, fan_out: int) -> float | None:
        """The largest size a weight can have; None where there is no bound."""
        raise NotImplementedError

    def density(self, w, fan_in: int, fan_out: int) -> np.ndarray:
        """The probability density at the weights `w` (any shape), for a curve over a histogram; inf at a point mass."""
        raise NotImplementedError

    @property
    def formula(self) -> str:
        """The distribution of a weight, as LaTeX; n_in and n_out are the fans."""
        raise NotImplementedError

    def _sample(self, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        raise NotImplementedError


@dataclass(frozen=True)
class Normal(Initializer):
    """A normal distribution with one spread for every layer, whatever its size: sigma = 1 is note 000's "stupid way".

        w ~ N(0, sigma^2)

    Args: sigma: standard deviation, above 0.
    """

    sigma: float = 1.0

    def __post_init__(self):
        _store(self, "sigma", number("sigma", self.sigma, 0, MAX_SIZE, open_low=True))

    def std(self, fan_in, fan_out):
        return self.sigma

    def limit(self, fan_in, fan_out):
        return None

    def density(self, w, fan_in, fan_out):
        return normal_density(finite("w", w), self.std(fan_in, fan_out))

    @property
    def formula(self):
        return rf"w \sim \mathcal{{N}}(0,\ {self.sigma:g}^2)"

    def _sample(self, rng, shape):
        return rng.normal(0.0, self.sigma, shape)


@dataclass(frozen=True)
class Uniform(Initializer):
    """A uniform distribution with one width for every layer, whatever its size.

        w ~ U(-bound, bound)

    Args: bound: largest size of a weight, above 0.
    """

    bound: float = 1.0

    def __post_init__(self):
        _store(self, "bound", number("bound", self.bound, 0, MAX_SIZE, open_low=True))

    def std(self, fan_in, fan_out):
        return self.bound / math.sqrt(3)

    def limit(self, fan_in, fan_out):
        return self.bound

    def density(self, w, fan_in, fan_out):
        return uniform_density(finite("w", w), self.bound)

    @property
    def formula(self):
        return rf"w \sim \mathcal{{U}}(-{self.bound:g},\ {self.bound:g})"

    def _sample(self, rng, shape):
        return rng.uniform(-self.bound, self.bound, shape)


@dataclass(frozen=True)
class Constant(Initializer):
    """Every weight the same: all units of a layer then compute and learn the same thing, so symmetry is never broken.

        w = value

    Args: value: any finite number; 0 gives the zero initialization.
    """

    value: float = 0.0

    def __post_init__(self):
        _store(self, "value", number("value", self.value, -MAX_SIZE, MAX_SIZE))

    def std(self, fan_in, fan_out):
        return 0.0

    def limit(self, fan_in, fan_out):
        return abs(self.value)

    def density(self, w, fan_in, fan_out):
        return np.where(finite("w", w) == self.value, np.inf, 0.0)

    @property
    def formula(self):
        return f"w = {self.value:g}"

    def _sample(self, rng, shape):
        return np.full(shape, self.value)


@dataclass(frozen=True)
class Orthogonal(Initializer):
    """A random rotation times a gain: every singular value is the gain, so lengths are kept through any depth.

        W^T W = gain^2 I  (W W^T where fan_in < fan_out)

    Args: gain: above 0.
    Convention: Q of a normal matrix, its signs fixed by R's diagonal, so that all rotations are as likely (PyTorch).
    Source: Saxe, McClelland and Ganguli (2014); Mezzadri (2007) for the signs.
    """

    gain: float = 1.0

    def __post_init__(self):
        _store(self, "gain", number("gain", self.gain, 0, MAX_SIZE, open_low=True))

    def std(self, fan_in, fan_out):
        # A column (or row, whichever is longer) is a unit vector: the squares of its n entries sum to 1.
        return self.gain / math.sqrt(max(fans(fan_in, fan_out)))

    def limit(self, fan_in, fan_out):
        return self.gain

    def density(self, w, fan_in, fan_out):
        # One entry t of a random unit vector in n dimensions has the density c (1 - t^2)^((n - 3) / 2).
        n, w = max(fans(fan_in, fan_out)), finite("w", w)
        if n == 1:  # W is +gain or -gain
            return np.where(np.abs(w) == self.gain, np.inf, 0.0)
        c = math.exp(math.lgamma(n / 2) - math.lgamma((n - 1) / 2)) / math.sqrt(math.pi)
        inside = np.maximum(1 - np.square(w / self.gain), 0.0)
        with np.errstate(divide="ignore"):  # n = 2 is infinite at both ends
            height = c * inside ** ((n - 3) / 2) / self.gain
        return np.where(np.abs(w) <= self.gain, height, 0.0)

    @property
    def formula(self):
        return rf"W^\top W = {'' if self.gain == 1 else f'{self.gain:.4g}^2 '}I"

    def _sample(self, rng, shape):
        *leading, fan_in, fan_out = shape
        whole("fan_in", fan_in, 1, MAX_FAN_ORTHOGONAL)
        whole("fan_out", fan_out, 1, MAX_FAN_ORTHOGONAL)
        tall, wide = max(fan_in, fan_out), min(fan_in, fan_out)
        q, r = np.linalg.qr(rng.normal(size=(*leading, tall, wide)))
        q *= np.copysign(self.gain, np.diagonal(r, axis1=-2, axis2=-1))[..., None, :]
        return q if fan_in >= fan_out else np.swapaxes(q, -1, -2).copy()


def fans(fan_in: int, fan_out: int) -> tuple[int, int]:
    """Both fans as checked integers."""
    return whole("fan_in", fan_in, 1, MAX_FAN), whole("fan_out", fan_out, 1, MAX_FAN)


def normal_density(w: np.ndarray, std: float) -> np.ndarray:
    """The density of N(0, std^2)."""
    with np.errstate(over="ignore"):  # far out the square is infinite and the density 0, as it should be
        return np.exp(-0.5 * np.square(w / std)) / (std * math.sqrt(2 * math.pi))


def uniform_density(w: np.ndarray, limit: float) -> np.ndarray:
    """The density of U(-limit, limit)."""
    return np.where(np.abs(w) <= limit, 0.5 / limit, 0.0)


def _store(scheme: Initializer, field: str, value: float) -> None:
    """Keep the checked number: a frozen dataclass lets only its own `__post_init__` do so, by this door."""
    object.__setattr__(scheme, field, value)
