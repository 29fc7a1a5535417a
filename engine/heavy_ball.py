"""What heavy-ball momentum does on a quadratic, eigenvector by eigenvector: roots, regimes, and the steps it takes.

    v <- momentum * v + g ;  theta <- theta - learning_rate * v

Along an eigenvector of curvature lambda the distance u to the minimum follows
(u_k+1, u_k) = [[1 + momentum - learning_rate * lambda, -momentum], [1, 0]] (u_k, u_k-1), with u_-1 = u_0.
"""

import math
from dataclasses import dataclass

import numpy as np

from engine.errors import InputError, finite, number, numbers, shape
from engine.functions import Surface
from engine.quadratics import SAME, convergence_rate

KINDS = ("arrives", "creeps", "critical", "swings", "jumps", "lasts", "diverges")
SHARE = 1e-6  # of the loss at the start, at which a run counts as arrived
MOST_STEPS = 100_000  # that `steps_to` looks at
FEWEST = 8  # steps of a path whose late rate can be measured
SMALLEST = 1e-290  # below it a loss loses digits on its way to 0
NEAR = 0.5  # of the larger root: two roots no further apart nearly coincide


@dataclass(frozen=True)
class Mode:
    """The motion along one eigenvector.

    Attributes:
        curvature: lambda.
        trace: of the matrix above, 1 + momentum - learning_rate * lambda; its determinant is the momentum.
        discriminant: trace^2 - 4 momentum; below 0 the two roots are complex.
        roots: eigenvalues of the matrix, the larger in size first.
        rate: the size of that one, the factor of a late step.
        kind: a code of KINDS: "arrives" (in one step), "creeps" (from one side), "critical" (at the border between
            creeping or jumping and swinging), "swings", "jumps" (to the other side in each step), "lasts" (comes no
            nearer and goes no further), "diverges".
    """

    curvature: float
    trace: float
    discriminant: float
    roots: tuple[complex, complex]
    rate: float
    kind: str

    @property
    def flies_out(self) -> bool:
        """Whether its roots nearly coincide and the first jump lands further out than the start.

        Near a double root r the distance goes like k |r|^k; from rest no old velocity brakes the first jumps, of which
        the first leads to trace - momentum times the start.
        """
        first, second = self.roots
        return abs(first - second) <= NEAR * abs(first) and self.trace - abs(first * second) < -1


def modes(learning_rate: float, momentum: float, eigenvalues) -> tuple[Mode, ...]:
    """The motion along each eigenvector, in the order of the eigenvalues.

        z = (trace +- sqrt(discriminant)) / 2 ;  |z| = sqrt(momentum) where the discriminant is below 0

    Args:
        learning_rate: at least 0; momentum: 0 to 1; eigenvalues: curvatures lambda > 0, shape (d,).
    Raises: InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Source: Polyak (1964); Goh (2017), Why Momentum Really Works.
    """
    learning_rate, momentum = _settings(learning_rate, momentum)
    convergence_rate(learning_rate, momentum, eigenvalues)  # refuses what is no curvature
    curvatures = np.atleast_1d(finite("eigenvalues", eigenvalues)).tolist()
    return tuple(_mode(learning_rate, momentum, curvature) for curvature in curvatures)


def _mode(learning_rate: float, momentum: float, curvature: float) -> Mode:
    trace = 1 + momentum - learning_rate * curvature
    discriminant = trace**2 - 4 * momentum
    if abs(discriminant) <= SAME:  # rounding: its root would pass for a difference of 1e-6 between the two
        discriminant = 0.0
    if discriminant < 0:
        root = complex(trace / 2, math.sqrt(-discriminant) / 2)
        roots, rate = (root, root.conjugate()), math.sqrt(momentum)
    else:
        larger = (trace + math.copysign(math.sqrt(discriminant), trace)) / 2
        smaller = momentum / larger if larger else 0.0  # their product is the momentum
        roots, rate = (complex(larger), complex(smaller)), abs(larger)
    kind = _kind(learning_rate, trace, discriminant, rate)
    return Mode(curvature, trace, discriminant, roots, rate, kind)


def _kind(learning_rate: float, trace: float, discriminant: float, rate: float) -> str:
    double = discriminant == 0
    if rate > 1 + SAME or (rate >= 1 - SAME and double and learning_rate):  # a double root of size 1 grows by steps
        return "diverges"
    if rate >= 1 - SAME:
        return "lasts"
    if double:
        return "critical" if rate > SAME else "arrives"
    if discriminant < 0:
        return "swings"
    return "creeps" if trace > 0 else "jumps"


def steps_per_digit(rate) -> np.ndarray:
    """How many steps make the distance to the minimum ten times smaller: one decimal digit more.

        -1 / log10(rate) ;  0 for rate 0, inf from rate 1 on

    Args: rate: at least 0, shape (...).
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    rate = numbers("rate", rate, 0)
    with np.errstate(divide="ignore"):
        steps = -1 / np.log10(np.minimum(rate, 1.0))
    return np.where(rate < 1, np.abs(steps), np.inf)


def shares(surface: Surface, start) -> np.ndarray:
    """Which part of the loss at the start lies along each eigenvector, from the flattest to the steepest.

        1/2 lambda_i u_i^2 / f(start)

    Args: surface: a quadratic with a minimum; start: shape (d,). At the minimum itself all parts are 0.
    Raises: InputError: not_a_number, not_finite, wrong_shape.
    """
    curvatures, u = _along_eigenvectors(surface, start)
    parts = curvatures * u**2
    return parts / (parts.sum() or 1.0)


def steps_to(surface: Surface, learning_rate: float, momentum: float, start, share: float = SHARE) -> int:
    """The first step from which on the loss stays at most `share` times the loss at the start; -1 if none of 100,000.

    A path that swings can be lower for a moment, and come back. Steps 0 to n - 1 give steps n to 2n - 1 by one product
    with the n-th power of each direction's matrix.

    Args:
        surface: a quadratic with a minimum at 0.
        learning_rate: at least 0; momentum: 0 to 1; start: shape (d,).
        share: 0 to 1.
    Raises: InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """
    curvatures, u = _along_eigenvectors(surface, start)
    share = number("share", share, 0, 1)
    learning_rate, momentum = _settings(learning_rate, momentum)
    limit = share * (curvatures * u**2).sum()
    power = np.zeros((len(u), 2, 2))  # transposed, for rows of states
    power[:, 0, 0], power[:, 0, 1], power[:, 1, 0] = 1 + momentum - learning_rate * curvatures, 1.0, -momentum
    states = np.repeat(u[:, None, None], 2, axis=2)  # (d, steps, 2): u_k and u_k-1
    # Where it diverges, numbers overflow: they are not small, which is all that is asked.
    with np.errstate(over="ignore", invalid="ignore"):
        above, n = _last_above(limit, curvatures, states), 1
        while n <= MOST_STEPS:
            following = states @ power
            above = max(above, _last_above(limit, curvatures, following, n))
            if above < n - 1 and _halves(power):
                break
            states, power, n = np.concatenate([states, following], axis=1), power @ power, 2 * n
    return above + 1 if above < MOST_STEPS else -1


def _last_above(limit: float, curvatures: np.ndarray, states: np.ndarray, before: int = 0) -> int:
    above = np.flatnonzero(~((curvatures[:, None] * states[..., 0] ** 2).sum(axis=0) <= limit))  # nan is above, too
    return before + int(above[-1]) if above.size else -1


def _halves(power: np.ndarray) -> bool:
    """Whether n steps on, the loss is at most the larger of two neighbouring ones: so nothing comes back up.

    |u_k+n| <= s max(|u_k|, |u_k-1|), with s the sizes of a row's entries added up; the squares of two neighbours add up
    to at most twice the larger loss, hence s^2 <= 1/2.
    """
    return bool((np.abs(power).sum(axis=1)[:, 0] ** 2 <= 0.5).all())


def _settings(learning_rate: float, momentum: float) -> tuple[float, float]:
    return number("learning_rate", learning_rate, 0), number("momentum", momentum, 0, 1)


def _along_eigenvectors(surface: Surface, start) -> tuple[np.ndarray, np.ndarray]:
    """The curvatures, ascending, and the start's parts along their eigenvectors."""
    start = shape("start", finite("start", start), (surface.dimensions,))
    curvatures, vectors = np.linalg.eigh(surface.hessian(start))
    return curvatures, start @ vectors


def known_steps(losses) -> int:
    """How many losses of a path, shape (n_steps + 1,), come before one that is not finite or too small to be measured.

    Raises: InputError: wrong_shape.
    """
    losses = np.asarray(losses, dtype=float)
    if losses.ndim != 1:
        raise InputError("wrong_shape", "losses", losses.shape, "(n_steps + 1,)")
    useless = np.flatnonzero(~(np.isfinite(losses) & (losses > SMALLEST)))
    return int(useless[0]) if useless.size else len(losses)


def passes_through(losses) -> bool:
    """Whether a path lands exactly on the minimum and leaves it again: then its first factors cannot be formed.

    Raises: InputError: wrong_shape.
    """
    left = np.asarray(losses, dtype=float)[known_steps(losses) :]
    return bool(left.size and left[0] <= SMALLEST and (left > SMALLEST).any())


def measured_rates(losses) -> tuple[float, float]:
    """By which factor a step of a path shrank the distance to the minimum, early and late.

        early: (L_q / L_0)^(1 / 2q), q a quarter of the path
        late:  (L_j / L_i)^(1 / 2(j - i)), i and j the steps of the highest loss in the third and in the fourth quarter

    Peaks are compared, since a path that swings has a low loss whenever it passes the minimum's height; the root of a
    ratio of losses is one of distances.

    Args: losses: shape (n_steps + 1,), at least 0; used up to where they are no longer finite, or so small that they
        lose digits.
    Returns: early and late; nan where fewer than 8 steps are left.
    Raises: InputError: wrong_shape.
    """
    known = losses[: known_steps(losses)]
    last = len(known) - 1
    if last < FEWEST:
        return np.nan, np.nan
    quarter = last // 4
    i = last - 2 * quarter + int(known[last - 2 * quarter : last - quarter].argmax())
    j = last - quarter + int(known[last - quarter :].argmax())
    return _factor(known, 0, quarter), _factor(known, i, j)


def _factor(losses: np.ndarray, i: int, j: int) -> float:
    return float((losses[j] / losses[i]) ** (0.5 / (j - i)))
