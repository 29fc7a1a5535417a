"""What many runs say together: the median and the middle half, with runs that diverged counted, not dropped."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import seal
from engine.errors import InputError, number

QUARTILES = (0.25, 0.75)


@dataclass(frozen=True, eq=False)
class SeedBand:
    """Median and band over runs, (…) each; read-only. Infinite where so many runs have diverged."""

    median: np.ndarray
    low: np.ndarray
    high: np.ndarray


def over_seeds(values, low: float = QUARTILES[0], high: float = QUARTILES[1]) -> SeedBand:
    """Median and two quantiles over the runs.

    Args:    values: (runs, …), of quantities that grow when a run goes wrong, such as losses: nan counts as infinite.
             low, high: ends of the band, 0 to 1, low <= high.
    Raises:  InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """
    values = np.asarray(values, dtype=np.float64)
    if not values.ndim or not len(values):
        raise InputError("wrong_shape", "values", values.shape, "(runs ≥ 1, …)")
    low = number("low", low, 0.0, 1.0)
    high = number("high", high, low, 1.0)
    ordered = np.sort(np.where(np.isnan(values), np.inf, values), axis=0)
    return SeedBand(*(seal(_of_ordered(ordered, q)) for q in (0.5, low, high)))


def quantile(values: np.ndarray, q: float) -> np.ndarray:
    """The q-quantile along the first axis, linear between neighbours, where infinite values are allowed.

    Args: values: (n, …), not nan. q: 0 to 1.
    """
    return _of_ordered(np.sort(values, axis=0), q)


def _of_ordered(ordered: np.ndarray, q: float) -> np.ndarray:
    place = q * (len(ordered) - 1)
    below, above = ordered[int(np.floor(place))], ordered[int(np.ceil(place))]
    with np.errstate(invalid="ignore"):  # infinity minus infinity, in the part that is not taken
        between = below + (place - np.floor(place)) * (above - below)
    return np.where(below == above, below, between)
