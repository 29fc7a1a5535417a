"""Optimizers side by side: one surface, one start, as many gradients for each, and each one's learning rates on a grid.

A race at one learning rate says which rule that rate suits. So every entry carries its whole grid: what another rate
would have given it, and which is its own best.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from engine import descent, lbfgs
from engine.arrays import seal
from engine.descent import Search
from engine.errors import InputError, finite, number, one_of, whole
from engine.functions import Surface
from engine.lbfgs import LBFGS
from engine.optimizers import OPTIMIZERS, optimizer
from engine.surfaces import surface

MAX_STEPS = 1000
GRID = (*(float(f"{m}e{power}") for power in range(-4, 2) for m in (1, 1.6, 2.5, 4, 6.3)), 100.0)
DECADES = 6.2  # of learning rates that the 31 of GRID stand for, a fifth of a decade each
LBFGS_GRID = tuple(10.0**power for power in range(-4, 3))  # its runs can't be stacked, and differ little
ENTRANTS = (*OPTIMIZERS, LBFGS.code)
AS_GOOD_AS_ZERO = 1e-16  # what is nearer to the floor is not told apart: it would be a race of rounding errors
BELOW_A_SADDLE = -1.0  # a loss that says that a run has left a surface without a minimum for good


@dataclass(frozen=True)
class Contest:
    """What is the same for all.

    Args:
        surface_code: of a surface of two variables.
        condition, angle: of "elongated_bowl" alone.
        start: (x_0, x_1).
        n_gradients: 1 to 1000, that each entry may evaluate: so many steps, except for L-BFGS.
        tolerance: above 0; how far above the surface's lowest value the goal lies.

    Raises:
        InputError: unknown_name, wrong_shape, not_a_number, not_finite, out_of_range.
    """

    surface_code: str
    condition: float
    angle: float
    start: tuple[float, float]
    n_gradients: int
    tolerance: float

    def __post_init__(self):
        if self.surface.dimensions != 2:
            raise InputError("wrong_shape", "surface", (self.surface.dimensions,), "(2,)")
        if finite("start", self.start).shape != (2,):
            raise InputError("wrong_shape", "start", np.shape(self.start), "(2,)")
        whole("n_gradients", self.n_gradients, 1, MAX_STEPS)
        number("tolerance", self.tolerance, 0, open_low=True)

    @cached_property
    def surface(self) -> Surface:
        """The surface itself."""
        return surface(self.surface_code, self.condition, self.angle)

    @property
    def has_floor(self) -> bool:
        """Whether there is a minimum to reach; on a saddle there is only a place to leave."""
        return math.isfinite(self.surface.floor)

    @property
    def goal(self) -> float:
        """The loss to get down to: floor + tolerance; on a surface without a minimum -1."""
        return self.surface.floor + self.tolerance if self.has_floor else BELOW_A_SADDLE

    @cached_property
    def start_loss(self) -> float:
        """The loss at the start."""
        return float(self.surface.value(np.array(self.start)))


@dataclass(frozen=True)
class Entry:
    """One optimizer's run, and what the other learning rates of its grid would have given. Read-only.

    Attributes:
        code: of ENTRANTS.
        learning_rate: of the run.
        points: shape (n_steps + 1, 2).
        losses: shape (n_steps + 1,).
        evaluations: of the gradient until each point is reached, shape (n_steps + 1,).
        diverged_at: first step that is not finite; -1 where there is none.
        search: over the grid. Its `losses` are what is compared: the last loss above the floor; on a surface without a
            minimum the number of gradients after which the goal was reached, inf where it was not. The best is the
            lowest; of equal ones (below 1e-16 all are) the one with the lowest learning rate.
        reached: which of the grid's rates end at the goal or below it, shape (L,).
        climbed: which of them end above the start, or at no number at all, shape (L,).
    """

    code: str
    learning_rate: float
    points: np.ndarray
    losses: np.ndarray
    evaluations: np.ndarray
    diverged_at: int
    search: Search
    reached: np.ndarray
    climbed: np.ndarray

    @property
    def loss(self) -> float:
        """The last loss; nan or infinite where the run has diverged."""
        return float(self.losses[-1])

    @property
    def decades(self) -> float:
        """Over how many decades of learning rates the last loss is at the goal or below: 0 to 6.2.

        share of the grid's rates * 6.2; each of the 31 rates stands for a fifth of a decade
        """
        return round(float(self.reached.mean()) * DECADES, 9)

    @property
    def climbs_from(self) -> float | None:
        """The lowest learning rate of the grid at which the run ends above its start; None where there is none."""
        rates = self.search.learning_rates[self.climbed]
        return float(rates[0]) if rates.size else None

    @property
    def neighbours(self) -> tuple[tuple[float, float], ...]:
        """(learning rate, what is compared) of the best of the grid and those beside it; () where all diverged."""
        if self.search.best is None:
            return ()
        around = slice(max(self.search.best - 1, 0), self.search.best + 2)
        return tuple(zip(self.search.learning_rates[around].tolist(), self.search.losses[around].tolist(), strict=True))

    def steps_to(self, goal: float) -> int | None:
        """The first step whose loss is at most `goal`; None where there is none."""
        reached = np.flatnonzero(self.losses <= goal)
        return int(reached[0]) if reached.size else None

    def evaluations_to(self, goal: float) -> int | None:
        """How many gradients that took."""
        step = self.steps_to(goal)
        return None if step is None else int(self.evaluations[step])


def enter(contest: Contest, code: str, learning_rate: float | None = None) -> Entry:
    """Run one optimizer.

    Args:
        code: of ENTRANTS.
        learning_rate: above 0; None: the best of the grid (where all diverge, the lowest); for L-BFGS then 1, which is
            Newton's length.
    Raises: InputError: unknown_name, not_a_number, not_finite, out_of_range.
    """
    one_of("optimizer", code, ENTRANTS)
    if learning_rate is not None:
        learning_rate = number("learning_rate", learning_rate, 0, open_low=True)
    return (_enter_lbfgs if code == LBFGS.code else _enter_rule)(contest, code, learning_rate)


def first(entries: Iterable[Entry], goal: float) -> Entry | None:
    """Who needs the fewest gradients to the goal; among equals the earlier one, and None where nobody gets there."""
    there = [entry for entry in entries if entry.steps_to(goal) is not None]
    return min(there, key=lambda entry: entry.evaluations_to(goal), default=None)


def _enter_rule(contest: Contest, code: str, learning_rate: float | None) -> Entry:
    """The grid, and the shared learning rate as one more row of the same stack: it costs next to nothing."""
    rates = GRID if learning_rate is None else (*GRID, learning_rate)
    runs = descent.race(contest.surface, optimizer(code), rates, contest.start, contest.n_gradients)
    n = len(GRID)
    losses = np.where(runs.diverged_at < 0, runs.losses[:, -1], np.inf)[:n]
    gradients = runs.steps_to(0.0, contest.goal)[:n]
    search = _search(contest, GRID, losses, np.where(gradients < 0, np.inf, gradients))
    row = -1 if learning_rate is not None else search.best or 0
    return Entry(
        code,
        rates[row],
        *map(seal, (runs.points[row].copy(), runs.losses[row].copy(), np.arange(contest.n_gradients + 1))),
        int(runs.diverged_at[row]),
        search,
        seal(losses <= contest.goal),
        seal(losses > contest.start_loss),
    )


def _enter_lbfgs(contest: Contest, code: str, learning_rate: float | None) -> Entry:
    """One run for each rate of its own, coarser grid."""
    run = _run_lbfgs(contest, 1.0 if learning_rate is None else learning_rate)
    runs = [_run_lbfgs(contest, rate) for rate in LBFGS_GRID]
    losses = np.array([each.losses[-1] for each in runs])
    gradients = np.array([math.inf if (n := each.evaluations_to(contest.goal)) is None else n for each in runs])
    search = _search(contest, LBFGS_GRID, losses, gradients)
    return replace(run, search=search, reached=seal(losses <= contest.goal), climbed=seal(losses > contest.start_loss))


def _run_lbfgs(contest: Contest, learning_rate: float) -> Entry:
    """The steps of L-BFGS that the allowed number of gradients pays for; nothing is known of a grid yet."""
    surface = contest.surface
    with np.errstate(over="ignore", invalid="ignore"):  # below a saddle it runs off to infinity
        way = lbfgs.minimize(
            lambda point: (surface.value(point), surface.gradient(point)),
            contest.start,
            LBFGS(learning_rate=learning_rate),
            contest.n_gradients,
        )
    paid = (way.evaluations <= contest.n_gradients) & np.isfinite(way.losses) & np.isfinite(way.points).all(axis=1)
    n = max(int(paid.cumprod().sum()), 1)  # the start is free
    none = seal(np.zeros(0, bool))
    search = Search(seal(np.zeros(0)), seal(np.zeros(0)), None)
    kept = (seal(array[:n].copy()) for array in (way.points, way.losses, way.evaluations))
    return Entry(LBFGS.code, learning_rate, *kept, -1, search, none, none)


def _search(contest: Contest, rates: tuple[float, ...], losses: np.ndarray, gradients: np.ndarray) -> Search:
    """The lowest last loss; without a floor a longer step always gets lower, so there the first at the goal."""
    compared = losses - contest.surface.floor if contest.has_floor else gradients
    best = int(np.maximum(compared, AS_GOOD_AS_ZERO).argmin()) if np.isfinite(compared).any() else None
    return Search(seal(np.array(rates)), seal(compared), best)
