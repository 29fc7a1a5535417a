"""The plane in which the activations of a layer are drawn: two of its units, or two directions among many."""

from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.arrays import seal

TINY = 1e-12  # a direction shorter than this, beside the activations' own size, is none


@dataclass(frozen=True, eq=False)
class Axes:
    """Two directions in the space of a layer's units; read-only.

        place = (a - center) @ directions ;  a = center + place @ directions^T  for an a that lies in the plane

    Attributes:
        center: (units,). directions: (units, 2), of length 1 and at right angles; a column of zeros where the
            activations have one direction only.
        shares: of the variance of the activations, along each direction, (2,); nan where they do not vary, but for
            rounding.
        exact: whether the plane holds all activations, so that nothing is lost.
    """

    center: np.ndarray
    directions: np.ndarray
    shares: np.ndarray
    exact: bool

    @property
    def one_point(self) -> bool:
        """Whether all activations are the same."""
        return bool(np.isnan(self.shares).all())

    @property
    def share(self) -> float:
        """How much of the variance the plane holds."""
        return float(self.shares.sum())

    def place(self, activations) -> np.ndarray:
        """Where activations (…, units) are in the picture, (…, 2)."""
        return (np.asarray(activations, float) - self.center) @ self.directions

    def lift(self, places) -> np.ndarray:
        """The activations (…, units) that stand for places (…, 2) of the picture."""
        return self.center + np.asarray(places, float) @ self.directions.T


def unit_axes(activations, first: int, second: int) -> Axes:
    """Two of the units themselves, or the only one.

    Args:    activations: (n, units). first, second: units, from 0.
    Raises:  InputError: not_a_number, not_finite, wrong_shape, out_of_range.
    """
    activations = _checked(activations)
    units = activations.shape[1]
    for name, unit in (("first unit", first), ("second unit", second)):
        errors.whole(name, unit, 0, units - 1)
    directions = np.zeros((units, 2))
    directions[first, 0] = 1.0
    if second != first:
        directions[second, 1] = 1.0
    return _axes(activations, np.zeros(units), directions, exact=units == len({first, second}))


def principal_axes(activations) -> Axes:
    """The two directions along which the activations vary most, from their mean.

    Args:       activations: (n, units).
    Raises:     InputError: not_a_number, not_finite, wrong_shape.
    Convention: of the two signs of a direction, the one whose largest entry is positive.
    Source:     Pearson (1901); Hotelling (1933).
    """
    activations = _checked(activations)
    center = activations.mean(axis=0)
    return _axes(activations, center, _leading(activations - center, 2), exact=activations.shape[1] <= 2)


def readout_axes(activations, weights, bias: float) -> Axes:
    """Across the border of a linear unit that reads the activations, and along it where they vary most.

        first coordinate = (w . a + b) / |w|, the signed distance from the border  w . a + b = 0

    Args:    activations: (n, units). weights: (units,), not all 0. bias: b, less what z is at the border.
    Raises:  InputError: not_a_number, not_finite, wrong_shape; out_of_range: no weight that is not 0.
    """
    activations = _checked(activations)
    weights = errors.shape("weights", errors.finite("weights", weights), activations.shape[1:])
    bias = errors.number("bias", bias)
    length = errors.number("length of the weights", float(np.linalg.norm(weights)), 0.0, open_low=True)
    across, mean = weights / length, activations.mean(axis=0)
    centered = activations - mean
    left = centered - np.outer(centered @ across, across)
    directions = np.stack([across, _leading(left, 1)[:, 0]], axis=1)
    center = mean - ((mean @ weights + bias) / length) * across
    return _axes(activations, center, directions, exact=activations.shape[1] <= 2)


def _checked(activations) -> np.ndarray:
    activations = errors.shape("activations", errors.finite("activations", activations), (None, None))
    if activations.ndim != 2 or not activations.size:
        raise errors.InputError("wrong_shape", "activations", activations.shape, "(n, units)")
    return activations


def _leading(centered: np.ndarray, count: int) -> np.ndarray:
    """The first right singular vectors as columns, (units, count); zeros where there is no more variance."""
    found = np.zeros((centered.shape[1], count))
    _u, sizes, rows = np.linalg.svd(centered, full_matrices=False)
    for column, (size, row) in enumerate(zip(sizes[:count], rows[:count], strict=True)):
        if size > TINY * max(1.0, sizes[0]):
            found[:, column] = row * np.sign(row[np.abs(row).argmax()])
    return found


def _axes(activations: np.ndarray, center: np.ndarray, directions: np.ndarray, exact: bool) -> Axes:
    total = activations.var(axis=0).sum()
    along = (activations @ directions).var(axis=0)
    rounding = (4 * np.finfo(float).eps * np.abs(activations).max()) ** 2 * activations.shape[1]
    shares = along / total if total > rounding else np.full(2, np.nan)
    return Axes(seal(center), seal(directions), seal(shares), exact)
