"""Several activations and their derivatives over one range of z, and at single points."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.activation_base import Activation
from engine.arrays import read_only, seal

BESIDE = 1e-9  # how near to a kink a curve is drawn from either side
JUMP = 1e-6  # more than a curve without a jump moves within 2 * BESIDE
MAX_LIMIT, MAX_POINTS = 1000.0, 10_000
POINTS = {  # for tables
    "note": read_only(np.linspace(-np.pi, np.pi, 12)),  # lecture note 002's
    "whole": read_only(np.arange(-5.0, 6.0)),
}


@dataclass(frozen=True)
class Curves:
    """f and f' of several activations.

    Attributes:
        z: shape (n_points,).
        values, slopes: f(z) and f'(z), shape (n_activations, n_points); nan where a curve is broken by a jump.
    """

    z: np.ndarray
    values: np.ndarray
    slopes: np.ndarray


def points(limit: float, n: int) -> np.ndarray:
    """2 n + 1 equally spaced points from -limit to limit, with 0 exactly in their middle.

    Args:      limit: above 0, at most 1000. n: 1 to 10,000.
    Returns:   shape (2 n + 1,).
    Raises:    InputError: limit or n out of range.
    """
    limit = errors.number("limit", limit, 0.0, MAX_LIMIT, open_low=True)
    n = errors.whole("n", n, 1, MAX_POINTS)
    return limit * np.arange(-n, n + 1) / n


def at(activations: Sequence[Activation], z) -> Curves:
    """All activations at given points; at a kink the derivative is the one of the stated convention.

    Args:      z: shape (n_points,), finite.
    Raises:    InputError: z is not finite or has another shape.
    """
    z = errors.shape("z", errors.finite("z", z), (None,))
    values = [f.f(z) for f in activations]
    slopes = [f.derivative(z) for f in activations]
    return Curves(seal(z.copy()), seal(np.array(values)), seal(np.array(slopes)))


def curves(activations: Sequence[Activation], limit: float, n: int) -> Curves:
    """All activations from -limit to limit, as they are drawn: without a line where f or f' jumps.

    Beside each kink k there are points at k - 1e-9 and k + 1e-9, and at k itself nan for what jumps there.

    Args:      limit, n: as for `points`; the kinks come in addition.
    Raises:    InputError: limit or n out of range.
    """
    kinks = _kinks(activations, limit)
    z = np.union1d(points(limit, n), np.concatenate([kinks - BESIDE, kinks, kinks + BESIDE]))
    sampled = at(activations, z)
    places = np.searchsorted(z, kinks)
    values, slopes = sampled.values.copy(), sampled.slopes.copy()
    for y, jumps in zip((values, slopes), _jumps(activations, kinks), strict=True):
        y[:, places] = np.where(jumps, np.nan, y[:, places])
    return Curves(sampled.z, seal(values), seal(slopes))


def conventions(activations: Sequence[Activation], limit: float) -> Curves:
    """What f and f' are where they jump, by the stated conventions: the points that `curves` leaves out.

    Returns:   at all kinks within the limit; nan for the functions that do not jump there.
    Raises:    InputError: limit out of range.
    """
    kinks = _kinks(activations, limit)
    sampled, (values, slopes) = at(activations, kinks), _jumps(activations, kinks)
    return Curves(
        sampled.z,
        seal(np.where(values, sampled.values, np.nan)),
        seal(np.where(slopes, sampled.slopes, np.nan)),
    )


def _kinks(activations: Sequence[Activation], limit: float) -> np.ndarray:
    return np.unique([kink for f in activations for kink in f.kinks if abs(kink) <= limit])


def _jumps(activations: Sequence[Activation], kinks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether f, and whether f', jumps at each kink: shape (n_activations, n_kinks) each."""
    before, after = at(activations, kinks - BESIDE), at(activations, kinks + BESIDE)
    return np.abs(after.values - before.values) > JUMP, np.abs(after.slopes - before.slopes) > JUMP
