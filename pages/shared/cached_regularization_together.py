"""What the section on dropout and batch normalization together keeps: one unit's masks, and each order by itself."""

from functools import lru_cache

from engine import dropout_and_norm, variance_shift
from pages.shared.shelf import Shelf

MEASURED_AT = tuple(tenth / 10 for tenth in range(10))  # drop rates


@lru_cache(maxsize=64)
def measured(mean: float, std: float) -> variance_shift.Measured:
    """One unit's values through dropout and batch normalization."""
    return variance_shift.measure(mean, std, MEASURED_AT)


orders = Shelf(dropout_and_norm.study_order, most=256)
