"""One point of an activation under a lens: its tangent, and how fast the curve becomes that tangent.

Where f has a derivative, the gap to the tangent shrinks faster than the window, and with a second derivative as its
square: gap / h^2 -> |f''| / 2. At a kink it shrinks only as fast as the window; at a jump not at all.
"""

from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.activation_base import Activation
from engine.arrays import seal
from engine.self_gated import SelfGated

LOW, HIGH = -7.0, 7.0  # of a picture: every z that a learner chooses, and one more on each side
LIMIT = 100.0  # of z
WIDEST, NARROWEST = 10.0, 1e-3  # half widths of a window; in a narrower one rounding would be seen
HALF_WIDTHS = tuple(2.0**-k for k in range(7))  # of a table: each window half as wide as the one before
NO_ZOOM = 4.0  # half width before any doubling of the zoom
N_CURVE, N_VIEW = 281, 101
SIDE_STEP = 1e-4  # of the second derivative
ROUNDING = 4 * np.finfo(float).eps


@dataclass(frozen=True)
class Curve:
    """An activation and its derivative, to be drawn: z, value, slope (n,), and the piece that each point belongs to.

    Pieces end at kinks, so that a line drawn through a piece never bridges a jump.
    """

    z: np.ndarray
    value: np.ndarray
    slope: np.ndarray
    piece: np.ndarray


@dataclass(frozen=True)
class Point:
    """What f does at one z.

    Attributes:
        value, slope: f(z), f'(z); at a kink the slope of the activation's convention.
        left, right:  the slopes on both sides, equal but at a kink.
        jump:         f(z+) - f(z-), 0 wherever f is continuous.
        to_kink:      the distance to the nearest kink, inf where there is none.
        bend:         the largest of |f''(z-)| and |f''(z+)|; nan at a kink and within 1e-6 of it.
    """

    z: float
    value: float
    slope: float
    left: float
    right: float
    jump: float
    to_kink: float
    bend: float

    @property
    def has_tangent(self) -> bool:
        """Whether f has a derivative here; else the slope is a convention, and no line touches the curve."""
        return self.left == self.right and self.jump == 0

    @property
    def half_bend(self) -> float:
        """|f''| / 2, which gap / h^2 goes to as the window closes."""
        return self.bend / 2


@dataclass(frozen=True)
class View:
    """The window z ± half_width: the curve, the line through the point with its slope, and the distance of the two.

    z, curve, tangent: (n,), and the piece that each point belongs to: f jumps where one ends.
    gap: the largest distance, and gap_at where it is.
    """

    half_width: float
    z: np.ndarray
    curve: np.ndarray
    tangent: np.ndarray
    piece: np.ndarray
    gap: float
    gap_at: float

    @property
    def gap_by_square(self) -> float:
        return self.gap / self.half_width**2


@dataclass(frozen=True)
class Gaps:
    """The largest gap in windows of ever smaller half widths h: (n,) each, with gap / h and gap / h^2."""

    half_widths: np.ndarray
    gap: np.ndarray
    by_width: np.ndarray
    by_square: np.ndarray


def curve(activation: Activation, low: float = LOW, high: float = HIGH) -> Curve:
    """f and f' from low to high, each piece between kinks with its own ends.

    Args:      low, high: within ±100, low < high.
    Returns:   read-only arrays, ascending in z.
    Raises:    InputError: a limit out of range.
    """
    low = errors.number("low", low, -LIMIT, LIMIT)
    high = errors.number("high", high, low, LIMIT, open_low=True)
    kinks = np.array([kink for kink in activation.kinks if low < kink < high])
    sides = [np.nextafter(kinks, -np.inf), np.nextafter(kinks, np.inf)]
    z = np.setdiff1d(np.concatenate([np.linspace(low, high, N_CURVE), *sides]), kinks)
    arrays = z, activation.f(z), activation.derivative(z), np.searchsorted(kinks, z)
    return Curve(*map(seal, arrays))


def point(activation: Activation, z: float) -> Point:
    """Value, slope and bend of f at z.

        |f''(z±)| ~ |-3 f'(z) + 4 f'(z ± h) - f'(z ± 2 h)| / (2 h) ,  h = 1e-4, on each side for itself

    Args:      z: within ±100.
    Raises:    InputError: not_a_number, not_finite, out_of_range.
    Convention: f'' comes from differences of the exact f'. A side that meets a kink sooner takes a smaller h.
    """
    z = errors.number("z", z, -LIMIT, LIMIT)
    beside = np.array([z, np.nextafter(z, -np.inf), np.nextafter(z, np.inf)])
    (slope, left, right), values = activation.derivative(beside).tolist(), activation.f(beside).tolist()
    to_kink = min((abs(z - kink) for kink in activation.kinks), default=np.inf)
    if to_kink:  # else rounding would tell the sides apart
        return Point(z, values[0], slope, slope, slope, 0.0, to_kink, _bend(activation, z, to_kink))
    jump = values[2] - values[1]
    return Point(z, values[0], slope, left, right, jump if abs(jump) > 1e-9 else 0.0, 0.0, np.nan)


def _bend(activation: Activation, z: float, to_kink: float) -> float:
    if to_kink < 1e-6:
        return np.nan
    h = min(SIDE_STEP, to_kink / 2.5)
    here, *ahead = activation.derivative(z + h * np.array([0.0, 1.0, 2.0, -1.0, -2.0])).tolist()
    sides = [-3 * here + 4 * ahead[0] - ahead[1], -3 * here + 4 * ahead[2] - ahead[3]]
    bend = max(map(abs, sides)) / (2 * h)
    noise = 64 * np.finfo(float).eps * max(abs(here), 1e-3) / h
    return bend if bend > noise else 0.0


def gate(activation: Activation, z: float) -> tuple[float, float] | None:
    """g(z) and g'(z) of a self-gated activation, f = z g and f' = g + z g'; None for the others.

    Args, Raises: as `point`.
    """
    if not isinstance(activation, SelfGated):
        return None
    at = np.array([errors.number("z", z, -LIMIT, LIMIT)])
    g = activation.gate(at)
    return float(g[0]), float(activation.gate_slope(at, g)[0])


def half_width(doublings: float) -> float:
    """Half the window's width after so many doublings of the zoom, 0 to 10: 4, 2, 1, ..."""
    return NO_ZOOM / 2.0 ** errors.number("doublings", doublings, 0.0, 10.0)


def view(activation: Activation, at: Point, half_width: float) -> View:
    """What the lens shows.

    Args:      half_width: h, 0.001 to 10; the window is z ± h.
    Returns:   read-only arrays of 101 points, the ends among them.
    Raises:    InputError: half_width out of range.
    Convention: the gap is the largest one at those points; one within rounding of f counts as 0.
    """
    z, values, tangent, distance = _windows(activation, at, [half_width])
    place = int(distance[0].argmax())
    jumps = [kink for kink in activation.kinks if point(activation, kink).jump]
    arrays = map(seal, (z[0], values[0], tangent[0], np.searchsorted(jumps, z[0])))
    return View(float(half_width), *arrays, float(distance[0, place]), float(z[0, place]))


def gaps(activation: Activation, at: Point, half_widths=HALF_WIDTHS) -> Gaps:
    """The largest gap between curve and tangent in each window z ± h.

    Args:      half_widths: h, (n,), each 0.001 to 10.
    Returns:   read-only arrays; the gap as in `view`.
    Raises:    InputError: a half width out of range.
    """
    gap = _windows(activation, at, half_widths)[-1].max(axis=-1)
    h = np.array(half_widths, float)
    return Gaps(*map(seal, (h, gap, gap / h, gap / h**2)))


def _windows(activation: Activation, at: Point, half_widths) -> tuple[np.ndarray, ...]:
    """Windows as rows: z, f, the tangent, their distance; each (n_windows, N_VIEW)."""
    h = errors.numbers("half_width", half_widths, NARROWEST, WIDEST)
    z = at.z + h[:, None] * np.linspace(-1.0, 1.0, N_VIEW)
    values = activation.f(z)
    rise = at.slope * (z - at.z)
    tangent = at.value + rise
    distance = np.abs(values - tangent)
    noise = ROUNDING * (np.abs(values) + np.abs(rise) + np.abs(at.value))
    return z, values, tangent, np.where(distance > noise, distance, 0.0)
