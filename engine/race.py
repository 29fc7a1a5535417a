"""Optimizers side by side: one surface, one start, as many gradients for each, and each one's learning rates on a grid.

A race at one learning rate says which rule that rate suits. So every entry carries its whole grid: what another rate
would have given it, and which is its own best. What "best" means is part of the contest: a rate that ends lowest need
not be the one that is at the goal first, so whoever is tuned for the one must not be ranked by the other.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from engine import descent, lbfgs
from engine.arrays import seal
from engine.errors import InputError, finite, number, one_of, whole
from engine.functions import Surface
from engine.lbfgs import LBFGS
from engine.optimizers import OPTIMIZERS, optimizer
from engine.surfaces import surface

LOSS, GRADIENTS = "loss", "gradients"  # what the best has the least of: at the end, to the goal

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
        best_by: LOSS or GRADIENTS, by which each learning rate is chosen and all entries are ranked. On a surface
            without a minimum a longer step always gets lower, so there GRADIENTS counts in any case.

    Raises:
        InputError: unknown_name, wrong_shape, not_a_number, not_finite, out_of_range.
    """

    surface_code: str
    condition: float
    angle: float
    start: tuple[float, float]
    n_gradients: int
    tolerance: float
    best_by: str = LOSS

    def __post_init__(self):
        one_of("best_by", self.best_by, (LOSS, GRADIENTS))
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
    def minimum_at_origin(self) -> bool:
        """Whether weight decay, which pulls towards 0, pulls to a minimum."""
        return any(not np.any(minimum) for minimum in self.surface.minima)

    @property
    def goal(self) -> float:
        """The loss to get down to: floor + tolerance; on a surface without a minimum -1."""
        return self.surface.floor + self.tolerance if self.has_floor else BELOW_A_SADDLE

    @property
    def by_loss(self) -> bool:
        """Whether the lowest loss at the end counts; else the fewest gradients to the goal."""
        return self.has_floor and self.best_by == LOSS

    def compared(self, losses: np.ndarray) -> np.ndarray:
        """Last losses made comparable: above the floor, those as good as 0 all the same, inf where there is none."""
        above = np.where(np.isfinite(losses), losses - self.surface.floor, np.inf)
        return np.maximum(above, AS_GOOD_AS_ZERO)

    def arrival(self, losses: np.ndarray) -> np.ndarray:
        """The step from which on a run stays at the goal, or that first leaves a surface without a minimum.

        Args:
            losses: shape (..., n_steps + 1).
        Returns: shape (...); -1 where there is none. A run that only passes the goal has not arrived.
        """
        there = losses <= self.goal
        if self.has_floor:
            there = np.logical_and.accumulate(there[..., ::-1], axis=-1)[..., ::-1]
        return np.where(there.any(axis=-1), there.argmax(axis=-1), -1)

    @cached_property
    def start_loss(self) -> float:
        """The loss at the start."""
        return float(self.surface.value(np.array(self.start)))


@dataclass(frozen=True)
class Search:
    """What each learning rate of a grid gives to one optimizer.

    Attributes:
        learning_rates: the grid, shape (L,).
        losses: what is compared, the less the better, shape (L,); inf where a rate has nothing to show.
        best: index of the best; None where there is none.
    """

    learning_rates: np.ndarray
    losses: np.ndarray
    best: int | None

    @property
    def at_edge(self) -> bool:
        """True where the best lies at an end of the grid, so that a wider grid may hold a better one."""
        return self.best in (0, len(self.learning_rates) - 1)


@dataclass(frozen=True)
class Entry:
    """One optimizer's run, and what the other learning rates of its grid would have given. Read-only.

    Attributes:
        contest: that it runs in.
        code: of ENTRANTS.
        learning_rate: of the run.
        points: shape (n_steps + 1, 2).
        losses: shape (n_steps + 1,).
        evaluations: of the gradient until each point is reached, shape (n_steps + 1,).
        diverged_at: first step that is not finite; -1 where there is none.
        search: over the grid. Its `losses` are what is compared, as the contest has it: the last loss above the floor,
            or the number of gradients to the goal, inf where a run does not stay there. The best is the lowest; of
            equal ones (losses below 1e-16 all are) the one with the lowest learning rate, of L-BFGS's the one nearest
            to 1, Newton's length. Where no rate stays at the goal, the best is the one with the lowest last loss.
        reached: which of the grid's rates end at the goal or below it, shape (L,).
        climbed: which of them end above the start, or at no number at all, shape (L,).
    """

    contest: Contest
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
    def fell_back(self) -> bool:
        """Whether no learning rate of the grid stays at the goal, so that the best has the lowest last loss only."""
        return self.search.best is not None and not math.isfinite(self.search.losses[self.search.best])

    @property
    def neighbours(self) -> tuple[tuple[float, float], ...]:
        """(learning rate, what is compared) of the best of the grid and those beside it; () where none can be."""
        if self.search.best is None or self.fell_back:
            return ()
        around = slice(max(self.search.best - 1, 0), self.search.best + 2)
        return tuple(zip(self.search.learning_rates[around].tolist(), self.search.losses[around].tolist(), strict=True))

    @property
    def steps_to_goal(self) -> int | None:
        """The step from which on the run is at the goal (`Contest.arrival`); None where there is none."""
        step = int(self.contest.arrival(self.losses))
        return None if step < 0 else step

    @property
    def gradients_to_goal(self) -> int | None:
        """How many gradients that took."""
        step = self.steps_to_goal
        return None if step is None else int(self.evaluations[step])

    @property
    def score(self) -> float:
        """What the contest ranks by, the less the better; inf where the run has nothing to show."""
        if self.contest.by_loss:
            return float(self.contest.compared(self.losses[-1]))
        return math.inf if self.gradients_to_goal is None else self.gradients_to_goal

    @property
    def hits_by_luck(self) -> bool:
        """Whether the first step, as long as the learning rate, lands on a coordinate of a minimum."""
        there, left = self.points[1:2], self.points[:1]
        as_long = np.isclose(np.abs(there - left), self.learning_rate, rtol=1e-6, atol=0)
        hits = [np.isclose(there, minimum, atol=1e-6 * self.learning_rate) for minimum in self.contest.surface.minima]
        return any((as_long & hit).any() for hit in hits)


def enter(contest: Contest, code: str, learning_rate: float | None = None) -> Entry:
    """Run one optimizer.

    Args:
        code: of ENTRANTS.
        learning_rate: above 0; None: the best of the grid; where all diverge, the lowest (of L-BFGS 1).
    Raises: InputError: unknown_name, not_a_number, not_finite, out_of_range.
    """
    one_of("optimizer", code, ENTRANTS)
    if learning_rate is not None:
        learning_rate = number("learning_rate", learning_rate, 0, open_low=True)
    return (_enter_lbfgs if code == LBFGS.code else _enter_rule)(contest, code, learning_rate)


def winners(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Who has the best score, all that share it; () where nobody has any."""
    best = min((entry.score for entry in entries), default=math.inf)
    return tuple(entry for entry in entries if entry.score == best) if math.isfinite(best) else ()


def turned(point: tuple[float, float], angle: float) -> tuple[float, float]:
    """A point turned about the origin by an angle in degrees, as the elongated bowl is: its loss stays."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return point[0] * cos - point[1] * sin, point[0] * sin + point[1] * cos


def _enter_rule(contest: Contest, code: str, learning_rate: float | None) -> Entry:
    """The grid, and the shared learning rate as one more row of the same stack: it costs next to nothing."""
    rates = GRID if learning_rate is None else (*GRID, learning_rate)
    runs = descent.race(contest.surface, optimizer(code), rates, contest.start, contest.n_gradients)
    n = len(GRID)
    losses = np.where(runs.diverged_at < 0, runs.losses[:, -1], np.inf)[:n]
    gradients = contest.arrival(runs.losses)[:n]
    search = _search(contest, GRID, losses, np.where(gradients < 0, np.inf, gradients), GRID)
    row = -1 if learning_rate is not None else search.best or 0
    return Entry(
        contest,
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
    runs = [_run_lbfgs(contest, rate) for rate in LBFGS_GRID]
    losses = np.array([each.losses[-1] for each in runs])
    gradients = np.array([math.inf if (n := each.gradients_to_goal) is None else n for each in runs])
    search = _search(contest, LBFGS_GRID, losses, gradients, np.abs(np.log10(LBFGS_GRID)))
    natural = LBFGS_GRID.index(1.0)
    own = runs[natural if search.best is None else search.best]
    run = own if learning_rate is None else _run_lbfgs(contest, learning_rate)
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
    return Entry(contest, LBFGS.code, learning_rate, *kept, -1, search, none, none)


def _search(contest: Contest, rates: Sequence[float], losses, gradients, tie: Sequence[float]) -> Search:
    """The best by the contest; among equals the one with the lowest `tie`."""
    # Where nobody stays at the goal there is still a lowest loss; on a surface without a minimum that says nothing.
    by_loss = contest.by_loss or (contest.has_floor and not np.isfinite(gradients).any())
    decides = contest.compared(losses) if by_loss else gradients
    best = int(np.lexsort((tie, decides))[0]) if np.isfinite(decides).any() else None
    shown = losses - contest.surface.floor if contest.by_loss else gradients
    return Search(seal(np.array(rates)), seal(shown), best)
