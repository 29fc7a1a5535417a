"""Histograms that drop nothing: values outside the range have counts of their own."""

import numpy as np

from engine import errors

MAX_BINS = 1000
BLOCK = 16_384  # values at a time, so that every step finds them in the processor's cache


def count(values, low: float, high: float, bins: int) -> np.ndarray:
    """Count values in equal bins from low to high, and those outside.

    Args:      values: any shape, no nan. low, high: ends of the range, finite, low < high. bins: 1 to 1000.
    Returns:   whole numbers, (bins + 2,): below low, the bins, above high; their sum is the number of values. A value
               on an edge belongs to the bin on its right, but `high` itself to the last bin.
    Raises:    InputError: a range or a number of bins that is not allowed.
    Convention: the counts of np.histogram, but for values within rounding of an edge between two bins.
    """
    low, high, bins_per_unit = _checked(low, high, bins)
    values = np.asarray(values, dtype=np.float64).ravel()
    counts = np.zeros(bins + 2, dtype=np.int64)
    for start in range(0, values.size, BLOCK):
        counts += _count_block(values[start : start + BLOCK], low, high, bins, bins_per_unit)
    return counts


def _count_block(values: np.ndarray, low: float, high: float, bins: int, bins_per_unit: float) -> np.ndarray:
    place = values - low
    place *= bins_per_unit
    place += 1.0  # a cast rounds towards 0, and -0.3 must not land in the first bin: 0 is for what lies below
    place.clip(0.0, bins + 1.0, out=place)  # before the cast, which cannot hold 1e300
    counts = np.bincount(place.astype(np.intp), minlength=bins + 2)
    # What is not above `high` belongs to the last bin: `high` itself, and what rounding has pushed beyond.
    not_above = counts[-1] - np.count_nonzero(values > high) if counts[-1] else 0
    counts[-2:] += not_above, -not_above
    return counts


def count_rows(rows, low: float, high: float, bins: int) -> np.ndarray:
    """Count the values of each row in equal bins from low to high, and those outside: `count`, row by row.

    Args:      rows: (rows, n), no nan. low, high, bins: as in `count`.
    Returns:   whole numbers, (rows, bins + 2), each row as from `count`.
    Raises:    InputError: a range or a number of bins that is not allowed, rows of another shape.
    """
    low, high, bins_per_unit = _checked(low, high, bins)
    rows = errors.shape("rows", np.asarray(rows, dtype=np.float64), (None, None))
    place = (rows - low) * bins_per_unit + 1.0
    place = place.clip(0.0, bins + 1.0).astype(np.intp)
    np.minimum(place, bins, out=place, where=rows <= high)
    place += (bins + 2) * np.arange(len(rows))[:, None]
    return np.bincount(place.ravel(), minlength=len(rows) * (bins + 2)).reshape(len(rows), bins + 2)


def _checked(low: float, high: float, bins: int) -> tuple[float, float, float]:
    """The ends of a range that is allowed, and its bins a unit."""
    low, high = errors.number("low", low), errors.number("high", high)
    errors.whole("bins", bins, 1, MAX_BINS)
    bins_per_unit = bins / (high - low) if high > low else 0.0
    if not 0.0 < bins_per_unit < np.inf:
        raise errors.InputError("out_of_range", "high", high, errors.interval(low, open_low=True))
    return low, high, bins_per_unit
