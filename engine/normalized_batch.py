"""One feature of one batch, normalized step by step; two batches that share samples; standardized inputs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.arrays import seal
from engine.cost import Cost, of_numbers
from engine.layer_tables import batch_norm
from engine.layers import BatchNorm
from engine.preparation import Standardizer, fit_standardizer

MAX_SAMPLES = 100
MAX_VALUE = 1e6
CALL = 3e5  # operations that one small normalization keeps the processor from


@dataclass(frozen=True)
class Scaling:
    """What follows the normalization, and what keeps it from dividing by zero.

    Args: gamma, beta: learned scale and shift, -1e6 to 1e6. epsilon: above 0, at most 1.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """

    gamma: float = 1.0
    beta: float = 0.0
    epsilon: float = 1e-5

    def __post_init__(self):
        errors.number("gamma", self.gamma, -MAX_VALUE, MAX_VALUE)
        errors.number("beta", self.beta, -MAX_VALUE, MAX_VALUE)
        errors.number("epsilon", self.epsilon, 0.0, 1.0, open_low=True)


@dataclass(frozen=True, eq=False)
class NormalizedBatch:
    """Every number of one feature of a batch; arrays (n,), read-only.

    var divides by n and normalizes; unbiased divides by n - 1 and is stored (nan for one sample); root = sqrt(var +
    epsilon). In evaluation mean and var are the stored ones.
    """

    x: np.ndarray
    mean: float
    centered: np.ndarray
    squared: np.ndarray
    var: float
    unbiased: float
    root: float
    x_hat: np.ndarray
    y: np.ndarray

    @property
    def refused(self) -> bool:
        """One sample has no variance: neither the engine nor PyTorch trains on it; these are the formula's numbers."""
        return len(self.x) < 2

    @property
    def std(self) -> float:
        """The root of the biased variance, without epsilon."""
        return float(np.sqrt(self.var))

    @property
    def spread(self) -> tuple[float, float]:
        """The standard deviations of x_hat and of y over the batch."""
        return float(self.x_hat.std()), float(self.y.std())

    def minus(self, other: "NormalizedBatch") -> np.ndarray:
        """How far its outputs are from another's, (n,)."""
        return self.y - other.y

    @property
    def without_epsilon(self) -> np.ndarray:
        """x_hat as it would be without epsilon; nan where the variance is 0."""
        if self.var == 0.0:
            return np.full(len(self.x), np.nan)
        return self.centered / np.sqrt(self.var)

    @property
    def bound(self) -> float:
        """No normalized value of n samples is larger: sqrt(n - 1), reached where all others are equal."""
        return float(np.sqrt(len(self.x) - 1))


def normalize(x: Sequence[float], scaling: Scaling, bias: float = 0.0) -> NormalizedBatch:
    """One feature by the statistics of its own batch: training mode.

        mean = 1/n sum x ;  var = 1/n sum (x - mean)^2
        x_hat = (x - mean) / sqrt(var + epsilon) ;  y = gamma x_hat + beta

    Args:
        x: 1 to 100 numbers, -1e6 to 1e6; of a single one the mean is itself and the variance 0.
        bias: of the layer before, added to each x first; the mean takes it away again.
    Raises: InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Source: Ioffe and Szegedy (2015), algorithm 1.
    """
    x = values_of("x", x) + errors.number("bias", bias, -MAX_VALUE, MAX_VALUE)
    if len(x) == 1:
        return _of_trace(x, scaling, mean=float(x[0]), var=0.0)
    return _of_trace(x, scaling)


def evaluate(x: Sequence[float], scaling: Scaling, mean: float, var: float) -> NormalizedBatch:
    """One feature by stored statistics: evaluation mode; a sample's output does not depend on the others.

    Args: x: as in `normalize`. mean: stored. var: stored, at least 0.
    Raises: InputError: as `normalize`.
    """
    return _of_trace(values_of("x", x), scaling, mean=mean, var=var)


def _of_trace(x: np.ndarray, scaling: Scaling, mean: float | None = None, var: float | None = None) -> NormalizedBatch:
    stored = {} if mean is None else {"running_mean": mean, "running_var": var, "training": False}
    trace = batch_norm(x[:, None], scaling.gamma, scaling.beta, config=BatchNorm(epsilon=scaling.epsilon), **stored)
    centered, n = trace.centered[:, 0], len(x)
    found = float(trace.var[0, 0])
    return NormalizedBatch(
        x=seal(x),
        mean=float(trace.mean[0, 0]),
        centered=centered,
        squared=seal(centered**2),
        var=found,
        unbiased=found * n / (n - 1) if n > 1 else float("nan"),
        root=float(trace.root[0, 0]),
        x_hat=trace.x_hat[:, 0],
        y=trace.y[:, 0],
    )


@dataclass(frozen=True, eq=False)
class BatchPair:
    """Two batches in training mode, and both again in evaluation mode with the statistics stored from the first."""

    trained: tuple[NormalizedBatch, NormalizedBatch]
    evaluated: tuple[NormalizedBatch, NormalizedBatch]
    mean: float
    var: float


def compare(a: Sequence[float], b: Sequence[float], scaling: Scaling) -> BatchPair:
    """Two batches, such as note 004's, which share all samples but one.

    Args: a, b: as x in `normalize`, 2 numbers at least. Stored are a's mean and its unbiased variance.
    Raises: InputError: as `normalize`.
    """
    errors.whole("samples in a batch with batch normalization", len(a), 2, MAX_SAMPLES)
    trained = normalize(a, scaling), normalize(b, scaling)
    mean, var = trained[0].mean, trained[0].unbiased
    return BatchPair(trained, tuple(evaluate(x, scaling, mean, var) for x in (a, b)), mean, var)


# the inputs ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class StandardizedSets:
    """A training and a test set of one feature; arrays (n,), read-only.

    by_training: the test set by the training set's figures, which is right. by_itself: by its own, which is not.
    """

    fitted: Standardizer
    own: Standardizer
    train: np.ndarray
    test: np.ndarray
    standardized: np.ndarray
    by_training: np.ndarray
    by_itself: np.ndarray

    @property
    def shift(self) -> float:
        """How far the test set's mean is from the training set's, in the latter's standard deviations."""
        return float(self.by_training.mean() - self.standardized.mean())


def standardize_sets(train: Sequence[float], shift: float) -> StandardizedSets:
    """Input standardization: once, before training, by the figures of the whole training set.

        x <- (x - mean) / std

    Args: train: as x in `normalize`. shift: of the test set, whose samples are those of train moved by it.
    Raises: InputError: as `normalize`.
    """
    train = values_of("train", train)[:, None]
    test = train + errors.number("shift", shift, -MAX_VALUE, MAX_VALUE)
    fitted, own = fit_standardizer(train), fit_standardizer(test)
    columns = train, test, fitted.apply(train), fitted.apply(test), own.apply(test)
    return StandardizedSets(fitted, own, *(seal(column[:, 0].copy()) for column in columns))


# what they cost ------------------------------------------------------------------------------------------------


def small_cost(n_calls: int) -> Cost:
    """Of so many normalizations of a small batch."""
    return of_numbers(CALL * n_calls, 20.0 * MAX_SAMPLES * n_calls)


def values_of(argument: str, values: Sequence[float]) -> np.ndarray:
    """1 to 100 numbers of -1e6 to 1e6 as an array; raises InputError."""
    array = errors.shape(argument, errors.numbers(argument, values, -MAX_VALUE, MAX_VALUE), (None,))
    if array.ndim != 1:
        raise errors.InputError("wrong_shape", argument, array.shape, "(n,)")
    errors.whole(f"numbers in {argument}", array.size, 1, MAX_SAMPLES)
    return array.copy()
