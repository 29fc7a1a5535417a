"""One unit whose values pass dropout and then batch normalization: the variance stored is not the one evaluation meets.

In training batch normalization sees  y = x * m / (1 - p),  m = 1 with probability 1 - p; in evaluation it sees x. The
mean is the same in both, the variance is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.arrays import seal
from engine.layer_tables import batch_norm, dropout
from engine.layers import BatchNorm, Dropout
from engine.seed_bands import SeedBand, over_seeds

MAX_RATE = 0.9
N_SAMPLES, SEEDS = 1000, tuple(range(5))


@dataclass(frozen=True)
class Unit:
    """Values with a mean and a standard deviation, and how often they are dropped.

    Args: mean: -100 to 100. std: 0.001 to 100. drop_rate: 0 to 0.9, the probability of zeroing.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """

    mean: float
    std: float
    drop_rate: float

    def __post_init__(self):
        errors.number("mean", self.mean, -100.0, 100.0)
        errors.number("std", self.std, 1e-3, 100.0)
        errors.number("drop_rate", self.drop_rate, 0.0, MAX_RATE)

    @property
    def var(self) -> float:
        """What evaluation meets."""
        return self.std**2

    @property
    def trained_var(self) -> float:
        """What training sees, and stores:  (var + p * mean^2) / (1 - p)."""
        return (self.var + self.drop_rate * self.mean**2) / (1.0 - self.drop_rate)

    @property
    def ratio(self) -> float:
        """The variance of the normalized values in evaluation, which is 1 in training:  var / trained_var.

        Source: Li, Chen, Hu and Yang (2019), eq. 8, where p is the probability of keeping.
        """
        return self.var / self.trained_var


def ratios(mean: float, std: float, drop_rates: Sequence[float]) -> np.ndarray:
    """`Unit.ratio` at several drop rates, for a curve."""
    return np.array([Unit(mean, std, rate).ratio for rate in drop_rates])


def drop_rate_at(mean: float, std: float, ratio: float) -> float:
    """The drop rate at which the ratio has that value.

        p = var (1 - ratio) / (var + ratio * mean^2)

    Args:   mean, std: as in Unit. ratio: above 0, at most 1.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    unit, ratio = Unit(mean, std, 0.0), errors.number("ratio", ratio, 0.0, 1.0, open_low=True)
    return unit.var * (1.0 - ratio) / (unit.var + ratio * unit.mean**2)


@dataclass(frozen=True, eq=False)
class Measured:
    """The same with random masks, over SEEDS; read-only, (rates,) each.

    stored: the running variance after training. ratio: the variance of what batch normalization gives in evaluation.
    """

    drop_rates: np.ndarray
    stored: SeedBand
    ratio: SeedBand


def measure(mean: float, std: float, drop_rates: Sequence[float]) -> Measured:
    """Send 1,000 values of exactly this mean and variance through dropout and batch normalization, in both modes.

    Args:   mean, std, drop_rates: as in Unit.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    drawn = np.random.default_rng(0).normal(size=(N_SAMPLES, 1))
    x = mean + std * (drawn - drawn.mean()) / drawn.std()
    x = np.broadcast_to(x, (len(SEEDS), *x.shape))
    chances = np.stack([np.random.default_rng(seed).random((N_SAMPLES, 1)) for seed in SEEDS])
    rates = [Unit(mean, std, rate).drop_rate for rate in drop_rates]
    norm = BatchNorm(momentum=1.0, epsilon=1e-12)  # the one batch is all that is remembered
    y = [dropout(x, chances >= rate, config=Dropout(rate)).y for rate in rates]
    trained = batch_norm(np.concatenate(y, axis=-1), config=norm)  # a column a drop rate
    running = trained.running_mean[..., 0, :], trained.running_var[..., 0, :]
    tested = batch_norm(np.repeat(x, len(rates), axis=-1), 1.0, 0.0, *running, training=False, config=norm)
    return Measured(seal(np.array(rates)), over_seeds(running[1]), over_seeds(tested.y.var(axis=-2)))
