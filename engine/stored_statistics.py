"""What batch normalization stores for evaluation: a mean and a variance that each batch pulls a little."""

from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.arrays import seal
from engine.cost import Cost, of_numbers
from engine.normalized_batch import CALL, MAX_SAMPLES, MAX_VALUE, values_of
from engine.samples import generator

MAX_BATCHES = 500


@dataclass(frozen=True)
class DrawnBatches:
    """Batches from a normal distribution.

    Args: mean: -1e6 to 1e6. std: 0 to 1e6. size: samples in each, 2 to 100. n_batches: 1 to 500. seed: 0 to 2^32 - 1.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """

    mean: float = 0.0
    std: float = 1.0
    size: int = 5
    n_batches: int = 60
    seed: int = 0

    def __post_init__(self):
        errors.number("mean", self.mean, -MAX_VALUE, MAX_VALUE)
        errors.number("std", self.std, 0.0, MAX_VALUE)
        errors.whole("size", self.size, 2, MAX_SAMPLES)
        errors.whole("n_batches", self.n_batches, 1, MAX_BATCHES)

    @property
    def var(self) -> float:
        """The true variance."""
        return self.std**2

    def draw(self) -> np.ndarray:
        """(n_batches, size)."""
        return self.mean + self.std * generator(self.seed).standard_normal((self.n_batches, self.size))


@dataclass(frozen=True)
class AlternatingBatches:
    """Two batches in turn: a, b, a, b, …

    Args: a, b: as x in `normalize`, of the same length, 2 numbers at least. n_batches: 1 to 500.
    Raises: InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """

    a: tuple[float, ...]
    b: tuple[float, ...]
    n_batches: int = 60

    def __post_init__(self):
        errors.whole("samples in a batch with batch normalization", len(self.a), 2, MAX_SAMPLES)
        errors.shape("b", values_of("b", self.b), (len(self.a),))
        errors.whole("n_batches", self.n_batches, 1, MAX_BATCHES)

    def draw(self) -> np.ndarray:
        """(n_batches, size)."""
        pair = np.stack([values_of("a", self.a), values_of("b", self.b)])
        return np.tile(pair, (self.n_batches // 2 + 1, 1))[: self.n_batches]


@dataclass(frozen=True, eq=False)
class RunningStatistics:
    """Statistics batch by batch; arrays read-only.

    batches: (n_batches, size). batch_mean, batch_var (biased), batch_unbiased: (n_batches,), of each batch alone.
    mean, var: (n_batches + 1,), stored before the first batch and after each. biased: what would be stored with the
    biased variance.
    """

    batches: np.ndarray
    batch_mean: np.ndarray
    batch_var: np.ndarray
    batch_unbiased: np.ndarray
    mean: np.ndarray
    var: np.ndarray
    biased: np.ndarray

    def from_one(self, values: np.ndarray) -> np.ndarray:
        """Figures of single batches over the number of batches so far: none before the first, (n_batches + 1,)."""
        return np.concatenate([[np.nan], values])

    def level(self, value: float) -> np.ndarray:
        """A known value over the number of batches so far, (n_batches + 1,)."""
        return np.full(len(self.mean), value)

    def share_of_start(self, k: int, momentum: float) -> float:
        """What is left of mean 0 and variance 1 after k batches."""
        return (1.0 - momentum) ** k


def running_statistics(source: DrawnBatches | AlternatingBatches, momentum: float) -> RunningStatistics:
    """The stored mean and variance as training meets one batch after the other.

        mean <- (1 - momentum) mean + momentum batch_mean ;  var <- (1 - momentum) var + momentum batch_unbiased

    They start at 0 and 1.

    Args: momentum: weight of the new batch, 0 to 1.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    Convention: PyTorch's; Keras calls 1 - momentum the momentum, and the paper averages over the batches instead.
    """
    momentum = errors.number("momentum", momentum, 0.0, 1.0)
    batches = source.draw()
    n = batches.shape[1]
    mean, var = batches.mean(axis=1), batches.var(axis=1)
    unbiased = var * (n / (n - 1))
    follow = _weights(len(batches), momentum)
    before = (1.0 - momentum) ** np.arange(len(batches) + 1)  # what is left of the start
    stored = [follow @ mean, before + follow @ unbiased, before + follow @ var]
    return RunningStatistics(*map(seal, (batches, mean, var, unbiased, *stored)))


def _weights(n_batches: int, momentum: float) -> np.ndarray:
    """Row k: the weight of each batch in what is stored after k batches, (n_batches + 1, n_batches)."""
    age = np.arange(n_batches + 1)[:, None] - 1 - np.arange(n_batches)
    return np.where(age >= 0, momentum * (1.0 - momentum) ** np.maximum(age, 0), 0.0)


def running_cost(source: DrawnBatches | AlternatingBatches) -> Cost:
    """Of `running_statistics`: a weight for each batch in each that is stored."""
    weights = float(source.n_batches) ** 2
    return of_numbers(CALL + 30 * weights, 4 * weights)
