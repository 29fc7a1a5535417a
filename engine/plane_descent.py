"""Learning rates side by side on a surface of two variables: their paths, what became of them, one step in numbers."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import seal
from engine.descent import Descent, race
from engine.differences import numerical_gradient
from engine.errors import InputError, number, whole
from engine.functions import Surface
from engine.momentum import SGD
from engine.surfaces import surface

MAX_STEPS, MAX_RATES = 200, 6
FLAT = 1e-6  # a gradient this short counts as 0 where a run may stand on a saddle point
SAME = 1e-6  # of a step's length: a run that is back where it was two steps ago goes to and fro
CRAWL = 1e-3  # of the picture's width: less than that in all steps together is hardly a move
GROWS = 1e-9  # by how much the factor between two steps must pass 1

# What becomes of a run, from the first that applies on.
OUTCOMES = (
    "overflow",  # a point or its loss is not finite
    "converged",  # the loss is within the tolerance of the surface's floor
    "stationary",  # the gradient is almost 0, yet the surface bends down: a saddle point or a maximum
    "frozen",  # the last steps have not changed a single bit, although the gradient is not 0
    "diverges",  # growing steps, uphill
    "runs_away",  # the same downhill, on a surface without a floor
    "bounces",  # to and fro between two points
    "left",  # outside the picture
    "crawls",  # hardly away from its start
    "moving",
)


@dataclass(frozen=True)
class PlaneConfig:
    """Which runs.

    Attributes:
        surface: code of a surface of two variables; condition, angle: of the elongated bowl.
        start: (x0, x1), for all runs.
        learning_rates: one to six, at least 0; the first is the learner's own.
        n_steps: 1 to 200.
        numerical: whether the first learning rate runs once more, as the last run, with note 002's numerical gradient.
        tolerance: above the surface's floor, within which a run has converged.
    """

    surface: str
    start: tuple[float, float]
    learning_rates: tuple[float, ...]
    n_steps: int
    numerical: bool = False
    condition: float = 10.0
    angle: float = 0.0
    tolerance: float = 1e-6

    def __post_init__(self):
        whole("n_steps", self.n_steps, 1, MAX_STEPS)
        whole("learning_rates", len(self.learning_rates), 1, MAX_RATES)
        number("tolerance", self.tolerance, 0)
        if self.landscape.dimensions != 2:
            raise InputError("wrong_shape", "surface", (self.landscape.dimensions,), "(2,)")

    @cached_property
    def landscape(self) -> Surface:
        """The surface itself."""
        return surface(self.surface, self.condition, self.angle)


@dataclass(frozen=True)
class PlaneRuns:
    """The runs of a PlaneConfig: a run a learning rate, then the numerical one if there is one.

    Attributes:
        learning_rates: shape (R,).
        is_numerical: whether the run's gradient is the numerical one, shape (R,).
        points: shape (R, n_steps + 1, 2); losses and gradient_norms (of the analytic gradient): (R, n_steps + 1).
        diverged_at: first step that is not finite, -1 where there is none, shape (R,).
        steps_to_tolerance: first step within the tolerance of the floor, -1 where there is none, shape (R,).
        growth: length of the last step by that of the one before, shape (R,); nan where there is no such number.
        frozen_since: the step since which no bit has changed, shape (R,); n_steps where the last step still moved.
        shift: distance between the start and the last point, shape (R,).
        outcomes: codes of OUTCOMES, shape (R,).
    """

    learning_rates: np.ndarray
    is_numerical: np.ndarray
    points: np.ndarray
    losses: np.ndarray
    gradient_norms: np.ndarray
    diverged_at: np.ndarray
    steps_to_tolerance: np.ndarray
    growth: np.ndarray
    frozen_since: np.ndarray
    shift: np.ndarray
    outcomes: np.ndarray

    def __post_init__(self):
        for array in vars(self).values():
            seal(array)

    @property
    def n_steps(self) -> int:
        """How many steps every run takes."""
        return self.points.shape[1] - 1


def run(config: PlaneConfig) -> PlaneRuns:
    """Follow gradient descent with every learning rate.

        x <- x - learning_rate * gradient of f at x

    Raises: InputError: as `descent.race`.
    """
    ground, start = config.landscape, np.array(config.start, dtype=np.float64)
    found = race(ground, SGD(), config.learning_rates, start, config.n_steps)
    rates = np.array(config.learning_rates, dtype=np.float64)
    if config.numerical:
        twin = race(ground, SGD(), rates[:1], start, config.n_steps, numerical_gradient(ground))
        found = Descent(*(np.concatenate([array, vars(twin)[name]]) for name, array in vars(found).items()))
        rates = np.append(rates, rates[0])
    is_numerical = np.arange(len(rates)) == len(config.learning_rates)
    points = found.points
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # of runs that diverge
        gradient_norms = _length(ground.gradient(points))
        growth = _growth(points)
        shift = _length(points[:, -1] - points[:, 0])
        outcomes = _outcomes(config, found, gradient_norms[:, -1], growth, shift)
    return PlaneRuns(
        learning_rates=rates,
        is_numerical=is_numerical,
        points=points,
        losses=found.losses,
        gradient_norms=gradient_norms,
        diverged_at=found.diverged_at,
        steps_to_tolerance=_steps_to(config, found),
        growth=growth,
        frozen_since=_frozen_since(points),
        shift=shift,
        outcomes=outcomes,
    )


def _steps_to(config: PlaneConfig, found: Descent) -> np.ndarray:
    ground = config.landscape
    return found.steps_to(config.tolerance, ground.floor) if ground.minima else np.full(len(found.points), -1)


def _outcomes(config: PlaneConfig, found: Descent, gradient_norms, growth, shift) -> np.ndarray:
    """The code of OUTCOMES of each run, shape (R,)."""
    ground, points, losses = config.landscape, found.points, found.losses
    (low, high), last = np.array(ground.domain).T, points[:, -1]
    outside = ((last < low) | (last > high)).any(axis=-1)
    # On a quadratic a growing step goes on growing; elsewhere it says so only outside the picture.
    grows = (outside | bool(ground.eigenvalues)) & (growth > 1 + GROWS)
    last_move = _length(last - points[:, -2])
    to_and_fro = _length(last - points[:, -3]) <= SAME * last_move if config.n_steps > 1 else np.zeros(len(last), bool)
    applies = {
        "overflow": found.diverged_at >= 0,
        "converged": losses[:, -1] <= ground.floor + config.tolerance,
        "stationary": (gradient_norms <= FLAT) & _bends_down(ground, last),
        "frozen": (last_move == 0) & (gradient_norms > 0),
        "diverges": grows & (losses[:, -1] > losses[:, -2]),
        "runs_away": grows & ~np.isfinite(ground.floor),
        "bounces": to_and_fro,
        "left": outside,
        "crawls": shift < CRAWL * (high - low)[0],
    }
    return np.select(list(applies.values()), list(applies), default="moving")


def _bends_down(ground: Surface, points: np.ndarray) -> np.ndarray:
    """Whether the surface falls away from a point in some direction, shape (R,)."""
    hessian = ground.hessian(points)
    trace, determinant = hessian[:, 0, 0] + hessian[:, 1, 1], np.linalg.det(np.nan_to_num(hessian))
    return (determinant < 0) | (trace < 0)


def _growth(points: np.ndarray) -> np.ndarray:
    """Length of the last step by that of the one before, shape (R,)."""
    if points.shape[1] < 3:
        return np.full(len(points), np.nan)
    return _length(points[:, -1] - points[:, -2]) / _length(points[:, -2] - points[:, -3])


def _frozen_since(points: np.ndarray) -> np.ndarray:
    """The first step from which on all points are the last one, shape (R,)."""
    differs = (points != points[:, -1:]).any(axis=-1)
    last_different = points.shape[1] - 1 - np.argmax(differs[:, ::-1], axis=1)
    return np.where(differs.any(axis=1), np.minimum(last_different + 1, points.shape[1] - 1), 0)


def _length(vectors: np.ndarray) -> np.ndarray:
    """Of vectors (..., 2), without an overflow in their squares."""
    return np.hypot(vectors[..., 0], vectors[..., 1])
