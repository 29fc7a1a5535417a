"""L-BFGS: Newton's direction from the last few steps, without ever forming a matrix.

It needs dot products over all parameters and a line search, so it moves one run at a time and has its own interface.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.arrays import seal
from engine.errors import InputError, finite, number, whole
from engine.line_search import StrongWolfe, Trial, search

MAX_STEPS = 10_000
MAX_NUMBERS = 10_000_000  # of the whole history: 80 MB
SMALLEST_CURVATURE = 1e-10  # below it a pair would turn the direction into noise

ValueAndGradient = Callable[[np.ndarray], tuple[float, np.ndarray]]
Pair = tuple[np.ndarray, np.ndarray]  # s, y: the change of the parameters and of the gradient in one step


@dataclass(frozen=True)
class Position:
    """All that L-BFGS knows between two steps.

    Attributes:
        point, gradient: shape (n,).
        value: of the function at the point.
        pairs: (s, y) of the last steps, oldest first.
        direction, length: the step that led here, length * direction; nothing and 0 at the start.
        evaluations: of the function, all steps together.
    """

    point: np.ndarray
    value: float
    gradient: np.ndarray
    pairs: tuple[Pair, ...] = ()
    direction: np.ndarray | None = None
    length: float = 0.0
    evaluations: int = 1


@dataclass(frozen=True)
class LBFGSHistory:
    """The way of one minimization; entry 0 is the start. Read-only.

    Attributes:
        points: shape (n_steps + 1, n).
        losses: shape (n_steps + 1,).
        gradient_sizes: largest entry of the gradient in absolute value, shape (n_steps + 1,).
        lengths: what the line search chose, shape (n_steps,).
        evaluations: of the function so far, shape (n_steps + 1,).
        stopped: "gradient" (small enough), "change" (too small to go on), "line_search" (found nothing lower),
            "not_finite" (the start itself), "steps" (as many as allowed).
    """

    points: np.ndarray
    losses: np.ndarray
    gradient_sizes: np.ndarray
    lengths: np.ndarray
    evaluations: np.ndarray
    stopped: str


@dataclass(frozen=True)
class LBFGS:
    """Limited-memory BFGS with a strong-Wolfe line search.

        theta <- theta + a * d ,  d = -H g ,  H from the last pairs s = theta' - theta, y = g' - g

    Args:
        learning_rate: above 0; the first length the line search tries. 1 is Newton's own.
        history_size: 1 to 100; pairs remembered.
        c1, c2: 0 < c1 < c2 < 1; how low and how flat the line search wants it.
        max_trials: 1 to 100; evaluations in one line search.
        gradient_tolerance: at least 0; stops where no entry of the gradient is larger.
        change_tolerance: at least 0; stops where neither the loss nor any parameter changed more.

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    Convention: torch.optim.LBFGS with line_search_fn="strong_wolfe" in directions, first length and tolerances; the
        line search is Nocedal & Wright's, so single lengths differ. PyTorch remembers 100 pairs by default; here 10.
    Source: Liu & Nocedal (1989); Nocedal & Wright (2006), algorithms 7.4 and 7.5.
    """

    learning_rate: float = 1.0
    history_size: int = 10
    c1: float = 1e-4
    c2: float = 0.9
    max_trials: int = 25
    gradient_tolerance: float = 1e-7
    change_tolerance: float = 1e-9

    code: ClassVar[str] = "lbfgs"
    title: ClassVar[str] = "L-BFGS"
    description: ClassVar[str] = (
        "Learns the curvature from its last steps and searches along each direction: few, dear steps."
    )
    lines: ClassVar[dict[str, str]] = {
        "direction": r"d \leftarrow -H_{s, y}\, g",
        "length": r"a \leftarrow \operatorname{search}(\theta, d)",
        "new_parameters": r"\theta \leftarrow \theta + a\, d",
        "pairs": r"s \leftarrow a\, d,\quad y \leftarrow g_{\text{new}} - g",
    }

    def __post_init__(self):
        number("learning_rate", self.learning_rate, 0, open_low=True)
        whole("history_size", self.history_size, 1, 100)
        number("c2", self.c2, 0, 1, open_low=True)
        number("c1", self.c1, 0, 1, open_low=True)
        if not self.c1 < self.c2 < 1:
            raise InputError("out_of_range", "c1, c2", (self.c1, self.c2), "0 < c1 < c2 < 1")
        whole("max_trials", self.max_trials, 1, 100)
        number("gradient_tolerance", self.gradient_tolerance, 0)
        number("change_tolerance", self.change_tolerance, 0)

    def start(self, value_and_gradient: ValueAndGradient, parameters) -> Position:
        """The position before the first step.

        Args:
            value_and_gradient: parameters (n,) -> (value, gradient (n,)).
            parameters: shape (n,), finite; not changed.

        Raises:
            InputError: not_a_number, not_finite, wrong_shape.
        """
        point = finite("parameters", parameters).copy()
        if point.ndim != 1:
            raise InputError("wrong_shape", "parameters", point.shape, "(n,)")
        return Position(point, *evaluate(value_and_gradient, point))

    def advance(self, value_and_gradient: ValueAndGradient, here: Position) -> Position:
        """One step: direction, length, the new position. Where nothing lower is found, the length is 0."""
        direction = newton_direction(here.gradient, here.pairs)
        trials = 0

        def along(length: float) -> Trial:
            nonlocal trials
            trials += 1
            point = here.point + length * direction
            value, gradient = evaluate(value_and_gradient, point)
            return Trial(length, value, float(gradient @ direction), point, gradient)

        origin = Trial(0.0, here.value, float(here.gradient @ direction), here.point, here.gradient)
        with np.errstate(over="ignore", invalid="ignore"):  # a trial too far out may overflow; the search steps back
            there = search(along, StrongWolfe(origin, self.c1, self.c2), self.first_length(here), self.max_trials)
        pairs = remember(here, there, self.history_size)
        return Position(
            there.point, there.value, there.gradient, pairs, direction, there.length, here.evaluations + trials
        )

    def first_length(self, here: Position) -> float:
        """Newton's length once there is curvature to go by; before that at most one unit of the parameters."""
        if here.direction is not None:
            return self.learning_rate
        return self.learning_rate * min(1.0, 1.0 / float(np.abs(here.gradient).sum()))

    def stops(self, before: Position, after: Position) -> str | None:
        """Why to stop after this step, in the words of LBFGSHistory.stopped; None to go on."""
        if after.length == 0:
            return "line_search"
        if np.abs(after.gradient).max() <= self.gradient_tolerance:
            return "gradient"
        moved = np.abs(after.point - before.point).max()
        small = moved <= self.change_tolerance or abs(after.value - before.value) < self.change_tolerance
        return "change" if small else None


def newton_direction(gradient: np.ndarray, pairs: tuple[Pair, ...]) -> np.ndarray:
    """-H g, where H is the BFGS estimate of the inverse Hessian that the pairs describe (two-loop recursion).

    newest to oldest:  alpha = (s . q) / (y . s) ;  q <- q - alpha y
    scale:             q <- (s . y) / (y . y) q        with the newest pair
    oldest to newest:  beta = (y . q) / (y . s) ;  q <- q + (alpha - beta) s

    Args:
        gradient: shape (n,).
        pairs: (s, y), oldest first; none gives -g, steepest descent.

    Returns:
        Direction, shape (n,).
    Source: Nocedal & Wright (2006), algorithm 7.4; the scale, equation 7.20.
    """
    q = -gradient
    alphas = []
    for s, y in reversed(pairs):
        alpha = (s @ q) / (y @ s)
        q -= alpha * y
        alphas.append(alpha)
    if pairs:
        s, y = pairs[-1]
        q *= (s @ y) / (y @ y)
    for (s, y), alpha in zip(pairs, reversed(alphas), strict=True):
        beta = (y @ q) / (y @ s)
        q += (alpha - beta) * s
    return q


def remember(here: Position, there: Trial, history_size: int) -> tuple[Pair, ...]:
    """The pairs with the newest step among them if the slope grew along it, the oldest left out beyond the limit."""
    s, y = there.point - here.point, there.gradient - here.gradient
    if not s @ y > SMALLEST_CURVATURE:
        return here.pairs
    return (*here.pairs, (s, y))[-history_size:]


def evaluate(value_and_gradient: ValueAndGradient, point: np.ndarray) -> tuple[float, np.ndarray]:
    """Value and gradient at a point, as a float and an array of our own."""
    value, gradient = value_and_gradient(point)
    return float(value), np.array(gradient, dtype=np.float64)


def minimize(
    value_and_gradient: ValueAndGradient, parameters, method: LBFGS | None = None, max_steps: int = 100
) -> LBFGSHistory:
    """Walk to a minimum with L-BFGS and keep the way.

    Args:
        value_and_gradient: parameters (n,) -> (value, gradient (n,)).
        parameters: start, shape (n,), finite; not changed.
        method: default LBFGS().
        max_steps: 1 to 10,000; the history holds at most 10,000,000 numbers.

    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """
    method = method or LBFGS()
    max_steps = whole("max_steps", max_steps, 1, MAX_STEPS)
    whole("numbers in the history", (max_steps + 1) * np.size(parameters), 1, MAX_NUMBERS)
    here = method.start(value_and_gradient, parameters)
    way, stopped = [here], None
    if not (np.isfinite(here.value) and np.isfinite(here.gradient).all()):
        stopped = "not_finite"
    elif np.abs(here.gradient).max() <= method.gradient_tolerance:
        stopped = "gradient"
    while stopped is None:
        before, here = here, method.advance(value_and_gradient, here)
        stopped = method.stops(before, here)
        if here.length > 0:
            way.append(here)
        if stopped is None and len(way) > max_steps:
            stopped = "steps"
    return history(way, stopped)


def history(way: list[Position], stopped: str) -> LBFGSHistory:
    """The positions as arrays."""
    arrays = (
        np.array([position.point for position in way]),
        np.array([position.value for position in way]),
        np.array([np.abs(position.gradient).max() for position in way]),
        np.array([position.length for position in way[1:]]),
        np.array([position.evaluations for position in way]),
    )
    return LBFGSHistory(*map(seal, arrays), stopped)
