"""What gradient descent on a function of one variable is seen to do, where no formula says it in advance.

A quadratic has one curvature, and `quadratics.regime` knows its regimes. Elsewhere the curvature changes along the way:
the path itself is watched, and its regime named from what it did.
"""

from dataclasses import dataclass

import numpy as np

from engine.arrays import seal
from engine.descent import MAX_STEPS, Descent, race
from engine.errors import InputError, number, whole
from engine.functions import Surface
from engine.momentum import SGD
from engine.quadratics import CRAWL, limits, regime

OBSERVED = ("rests", "jumps", "converges", "crawls", "slows", "oscillates", "bounces", "wanders", "diverges")
WATCHED = 500  # steps that are watched
LATE = 32  # of them the last, in which a cycle must show itself
LONGEST = 16  # steps of a cycle that is still recognized
REPEATS = 1e-3  # of a cycle's width: it repeats itself as well as that
SHRINKS = 0.95  # a swing that comes down at least this far over the late steps will arrive
CRAWL_STEPS = 100  # as for a quadratic: after 100 steps of under 1% more than 37% of the way is left
ARRIVED = 0.01  # of the way may be left; a way that shrinks by CRAWL a step is shorter after 500
SAME_POINT = 1e-6  # of the domain's width: as near as that is the same point
FAR = 1e4  # widths of the domain: who is further away does not come back
MAX_RATES = 1000


@dataclass(frozen=True)
class Observed:
    """What a stack of runs did; each array has the shape (...) of the stack.

    Attributes:
        regimes: codes of OBSERVED.
            "rests": stands where the slope is 0, at the start or on a maximum; "jumps": at the minimum after one step;
            "converges": arrives from one side; "oscillates": oversteps the minimum at least once, and arrives or still
            comes nearer with each swing; "crawls": after 100 steps more than 1/e of the way is left; "slows": further
            than that, but not there after all steps; "bounces": ends in a cycle of 2 to 16 points; "wanders": bounded
            and without such a cycle; "diverges".
        ends: the minimum at which, or around which, a run ends; nan where it rests elsewhere, wanders or diverges.
        homes: the minimum that lies downhill from the start; nan where the slope is 0 or there is none.
        crossings: how often a run stepped over the minimum where it ends.
        periods: points of the cycle of a run that "bounces", else 0.
        widths: distance between the cycle's ends, else 0.
    """

    regimes: np.ndarray
    ends: np.ndarray
    homes: np.ndarray
    crossings: np.ndarray
    periods: np.ndarray
    widths: np.ndarray

    def __post_init__(self):
        for array in vars(self).values():
            seal(array)


@dataclass(frozen=True)
class Strip:
    """The axis of learning rates from one start, divided into regimes.

    Attributes:
        edges: learning rates at which one band ends and the next begins, ascending, shape (n_bands + 1,).
        regimes: a code a band.
        learning_rates: of the watched runs, shape (n_rates,).
        last: x at the last LATE steps of each of them, shape (n_rates, LATE); inf or nan once it has diverged.
    """

    edges: np.ndarray
    regimes: tuple[str, ...]
    learning_rates: np.ndarray
    last: np.ndarray


def observe(surface: Surface, runs: Descent) -> Observed:
    """Name what the runs did.

    Args:
        surface: of one variable.
        runs: on that surface, of any shape (...), with more than 100 steps.
    Raises: InputError: wrong_shape: two variables; out_of_range: too few steps.
    """
    _one_variable(surface)
    x = runs.points[..., 0]
    whole("n_steps", x.shape[-1] - 1, CRAWL_STEPS, MAX_STEPS)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return _observe(surface, x, runs.diverged_at >= 0)


def watch(surface: Surface, start: float, learning_rates, n_steps: int = WATCHED) -> tuple[Observed, np.ndarray]:
    """Run gradient descent with every learning rate from one start, and name what each run did.

    Args: learning_rates: shape (L,). n_steps: at least 100.
    Returns: what was observed, each array of shape (L,); and the paths x, shape (L, n_steps + 1).
    Raises: InputError: as `descent.race` and `observe`.
    """
    runs = race(surface, SGD(), learning_rates, [start], n_steps)
    return observe(surface, runs), runs.points[..., 0]


def strip(surface: Surface, start: float, low: float, high: float, n_rates: int = 241) -> Strip:
    """Divide the learning rates from low to high into regimes: by formula on a quadratic, else as watched.

    Args:
        low, high: ends of the axis, 0 < low < high.
        n_rates: learning rates that are run, at equal factors from each other, 2 to 1000.
    Raises: InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """
    _one_variable(surface)
    low = number("low", low, 0, open_low=True)
    high = number("high", high, low, open_low=True)
    rates = np.geomspace(low, high, whole("n_rates", n_rates, 2, MAX_RATES))
    observed, x = watch(surface, start, rates)
    if surface.eigenvalues and observed.regimes[0] != "rests":
        edges, regimes = _by_formula(surface, low, high)
    else:
        edges, regimes = _by_watching(observed.regimes, rates)
    return Strip(seal(edges), regimes, seal(rates), seal(x[:, -LATE:].copy()))


def curvature(surface: Surface, x: float) -> float:
    """The second derivative at x of a surface of one variable; 0 for the kink of |x|, which has none.

    Raises: InputError: wrong_shape, not_a_number, not_finite.
    """
    _one_variable(surface)
    return float(surface.hessian(np.array([number("x", x)]))[0, 0])


def factor(learning_rate: float, bend: float) -> float:
    """1 - learning_rate lambda: what a step multiplies the distance to a minimum of curvature lambda by, near it.

    Args: learning_rate: at least 0. bend: lambda, any number.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    return 1 - progress(learning_rate, bend)


def progress(learning_rate: float, bend: float) -> float:
    """learning_rate lambda: the part of the distance to a minimum of curvature lambda that a step covers.

    Args: as for `factor`, which loses the digits of a small one.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    return number("learning_rate", learning_rate, 0) * number("bend", bend)


def twin(learning_rate: float, bend: float) -> float:
    """The other learning rate with the same factor in size, on the other side of 1 / lambda.

        1 - twin lambda = -(1 - learning_rate lambda)  =>  twin = 2 / lambda - learning_rate

    Args: learning_rate: 0 to 2 / lambda. bend: lambda > 0.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    top = limits([bend])[1]
    return top - number("learning_rate", learning_rate, 0, top)


def _observe(surface: Surface, x: np.ndarray, overflowed: np.ndarray) -> Observed:
    (low, high) = surface.domain[0]
    width = high - low
    first, last, late = x[..., 0], x[..., -1], x[..., -LATE:]
    homes, ends = _downhill(surface, first), _downhill(surface, last)
    outside = ~((last >= low) & (last <= high))  # there the list of minima ends, and a run that has settled is its own
    ends = np.where(outside, last, ends)

    away = x - ends[..., None]
    size = np.abs(away)
    left = size / np.abs(first - ends)[..., None]
    side = np.where(size > SAME_POINT * width, np.sign(away), 0)
    crossings = (side[..., 1:] * side[..., :-1] < 0).sum(axis=-1)
    spread = late.max(axis=-1) - late.min(axis=-1)
    periods = _periods(late, spread)

    diverged = overflowed | ~np.isfinite(last) | (size.max(axis=-1) > FAR * width)
    arrived = (left[..., -LATE:] <= ARRIVED).all(axis=-1)
    stays = (surface.gradient(last[..., None])[..., 0] == 0) & (x[..., -2] == last)
    at_rest = (x == first[..., None]).all(axis=-1) | (stays & ~arrived)
    cycles = (periods > 0) & (spread > SAME_POINT * width)
    jumped = (size[..., 1:] <= SAME_POINT * width).all(axis=-1)
    alternates = (side[..., -LATE:-1] * side[..., 1 - LATE :] < 0).all(axis=-1)
    nearer = (size[..., 2 - LATE :] < size[..., -LATE:-2]).all(axis=-1)  # two steps later, on the same side
    swings = alternates & nearer & (size[..., -1] < SHRINKS * size[..., 1 - LATE])
    half = x.shape[-1] // 2
    approaches = (np.diff(size[..., half:-LATE], axis=-1) <= 0).all(axis=-1)

    choices = {
        "diverges": diverged,
        "rests": at_rest,
        "jumps": jumped,
        "oscillates": swings | (arrived & ~cycles & (crossings > 0)),
        "bounces": cycles,
        "converges": arrived,
        "crawls": approaches & (crossings == 0) & (left[..., CRAWL_STEPS] > np.exp(-1)),
        "slows": approaches,
    }
    regimes = np.select(list(choices.values()), list(choices), default="wanders")
    lost = np.isin(regimes, ("diverges", "wanders")) | (regimes == "rests") & (size[..., -1] > SAME_POINT * width)
    bounces = regimes == "bounces"
    return Observed(
        regimes,
        np.where(lost, np.nan, ends),
        homes,
        np.where(lost, 0, crossings),
        np.where(bounces, periods, 0),
        np.where(bounces, spread, 0.0),
    )


def _downhill(surface: Surface, x: np.ndarray) -> np.ndarray:
    """The listed minimum at x, or the next one downhill from it; nan where there is none, or the slope is 0."""
    minima = np.sort([point[0] for point in (*surface.minima, *surface.local_minima)])
    apart = np.abs(x[..., None] - minima)
    nearest = apart.argmin(axis=-1)
    here = apart.min(axis=-1) <= SAME_POINT * (surface.domain[0][1] - surface.domain[0][0])
    slope = surface.gradient(x[..., None])[..., 0]
    above = np.searchsorted(minima, x)  # the first minimum that is not below x
    place = np.where(slope > 0, above - 1, np.where(slope < 0, above, -1))
    known = here | ((place >= 0) & (place < len(minima)))
    return np.where(known, minima[np.where(here, nearest, np.clip(place, 0, len(minima) - 1))], np.nan)


def _periods(late: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """The shortest period, 2 to LONGEST, at which the late steps repeat themselves; 0 where there is none."""
    found = np.zeros(late.shape[:-1], dtype=int)
    for period in range(LONGEST, 1, -1):
        gap = np.abs(late[..., period:] - late[..., :-period]).max(axis=-1)
        found[gap <= REPEATS * spread] = period
    return found


def _by_formula(surface: Surface, low: float, high: float) -> tuple[np.ndarray, tuple[str, ...]]:
    """Bands of a quadratic; the two borders themselves, where it jumps and bounces, have no width."""
    jumps, bounces = limits(surface.eigenvalues)
    inside = [edge for edge in (CRAWL * jumps, jumps, bounces) if low < edge < high]
    edges = np.array([low, *inside, high])
    middles = np.sqrt(edges[1:] * edges[:-1])
    return edges, tuple(regime(middles, surface.eigenvalues).tolist())


def _by_watching(regimes: np.ndarray, rates: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Bands of neighbours with the same regime; they meet half-way, in decades."""
    changes = np.flatnonzero(regimes[1:] != regimes[:-1])
    edges = np.array([rates[0], *np.sqrt(rates[changes] * rates[changes + 1]), rates[-1]])
    return edges, tuple(regimes[[0, *(changes + 1)]].tolist())


def _one_variable(surface: Surface) -> None:
    if surface.dimensions != 1:
        raise InputError("wrong_shape", "surface", (surface.dimensions,), "(1,)")
