"""What can be known about descent on a quadratic without a single step: regimes, rates, the best learning rate.

Along an eigenvector of curvature lambda, gradient descent multiplies the distance to the minimum by
1 - learning_rate * lambda in every step; with momentum, a 2 x 2 matrix multiplies two distances in a row.
"""

from typing import NamedTuple

import numpy as np

from engine.errors import InputError, numbers

# Codes from the best to the worst; `regime` gives the worst that happens along any eigenvector.
REGIMES = ("jumps", "converges", "crawls", "oscillates", "bounces", "diverges")
CRAWL = 0.01  # slower than this share of the distance a step: over 100 steps to get down to 37%
LARGEST = 1e50  # of a learning rate or a curvature; the square of their product must not overflow
SAME = 1e-12  # a learning rate typed as 1 / lambda or 2 / lambda meets the border in spite of rounding


class Best(NamedTuple):
    """The learning rate and momentum that shrink the slowest direction the fastest, and the factor they reach."""

    learning_rate: float
    momentum: float
    rate: float


def regime(learning_rate, eigenvalues) -> np.ndarray:
    """Name what gradient descent does on a quadratic, from its learning rate and curvatures.

        factor = 1 - learning_rate * lambda ;  borders at 1 / lambda (sign changes) and 2 / lambda (size passes 1)

    Args:
        learning_rate: any shape (...), at least 0.
        eigenvalues: curvatures lambda > 0, shape (d,).
    Returns: codes of REGIMES, shape (...): "jumps" (arrives in one step), "converges" (from one side), "crawls" (the
        same, but under 1% of the way a step), "oscillates" (overshoots, and arrives), "bounces" (for ever, at the
        border), "diverges". Where directions differ, the later name in this list.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    progress = _at_least_zero("learning_rate", learning_rate)[..., None] * _curvatures(eigenvalues)
    conditions = [
        progress > 2 + SAME,
        progress >= 2 - SAME,
        progress > 1 + SAME,
        progress >= 1 - SAME,
        progress >= CRAWL,
    ]
    worst_first = [REGIMES.index(name) for name in ("diverges", "bounces", "oscillates", "jumps", "converges")]
    along_each = np.select(conditions, worst_first, default=REGIMES.index("crawls"))
    return np.array(REGIMES)[along_each.max(axis=-1)]


def limits(eigenvalues) -> tuple[float, float]:
    """The learning rates above which gradient descent starts to oscillate, and to diverge: 1 / lambda and 2 / lambda.

    Args: eigenvalues: curvatures lambda > 0, shape (d,); the largest one decides.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    steepest = float(_curvatures(eigenvalues).max())
    return 1 / steepest, 2 / steepest


def convergence_rate(learning_rate, momentum, eigenvalues) -> np.ndarray:
    """The factor by which the distance to the minimum shrinks in a late step (above 1: grows) of heavy-ball momentum.

        v <- momentum * v + g ;  theta <- theta - learning_rate * v
        (theta_k+1, theta_k) = [[1 + momentum - learning_rate * lambda, -momentum], [1, 0]] (theta_k, theta_k-1)

    The factor is the spectral radius of that matrix, for the worst lambda: sqrt(momentum) where its eigenvalues are
    complex (the ball swings), and the larger root, in size, of
    z^2 - (1 + momentum - learning_rate * lambda) z + momentum = 0 where they are real.

    Args:
        learning_rate: at least 0; momentum: 0 to 1; both of any shapes that broadcast together to (...), such as
            (1, columns) and (rows, 1) for a map.
        eigenvalues: curvatures lambda > 0, shape (d,).
    Returns: shape (...).
    Raises: InputError: not_a_number, not_finite, out_of_range.
    Source: Polyak (1964); Goh (2017), Why Momentum Really Works.
    """
    learning_rate, momentum = _at_least_zero("learning_rate", learning_rate), _momentum(momentum)[..., None]
    trace = 1 + momentum - learning_rate[..., None] * _curvatures(eigenvalues)
    discriminant = trace**2 - 4 * momentum
    real = (np.abs(trace) + np.sqrt(np.maximum(discriminant, 0))) / 2
    return np.where(discriminant < 0, np.sqrt(momentum), real).max(axis=-1)


def critical_damping(momentum, curvature) -> tuple[np.ndarray, np.ndarray]:
    """The two learning rates between which the ball swings: at each of them the matrix has a double eigenvalue.

        (1 - sqrt(momentum))^2 / lambda  and  (1 + sqrt(momentum))^2 / lambda

    Args: momentum: 0 to 1, shape (...); curvature: lambda > 0, a shape that broadcasts against it.
    Returns: the lower and the upper learning rate, each of shape (...). Below the lower one the ball creeps
        (overdamped); above the upper one it jumps from side to side.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    root, curvature = np.sqrt(_momentum(momentum)), _positive("curvature", curvature)
    return (1 - root) ** 2 / curvature, (1 + root) ** 2 / curvature


def divergence_border(momentum, curvature) -> np.ndarray:
    """The learning rate from which on heavy-ball descent diverges; momentum 0 gives gradient descent's 2 / lambda.

        2 (1 + momentum) / lambda

    Args: momentum: 0 to 1, shape (...); curvature: lambda > 0, a shape that broadcasts against it.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    return 2 * (1 + _momentum(momentum)) / _positive("curvature", curvature)


def best_heavy_ball(eigenvalues) -> Best:
    """The best learning rate and momentum: both ends of the spectrum critically damped at once.

        learning_rate = (2 / (sqrt(lambda_max) + sqrt(lambda_min)))^2
        sqrt(momentum) = rate = (sqrt(kappa) - 1) / (sqrt(kappa) + 1),  kappa = lambda_max / lambda_min

    Args: eigenvalues: curvatures lambda > 0, shape (d,).
    Raises: InputError: not_a_number, not_finite, out_of_range.
    Source: Polyak (1964).
    """
    low, high = _ends(eigenvalues)
    rate = (np.sqrt(high) - np.sqrt(low)) / (np.sqrt(high) + np.sqrt(low))
    return Best(float((2 / (np.sqrt(high) + np.sqrt(low))) ** 2), float(rate**2), float(rate))


def best_gradient_descent(eigenvalues) -> Best:
    """The best learning rate without momentum: the flattest and the steepest direction shrink at the same rate.

        learning_rate = 2 / (lambda_min + lambda_max) ;  rate = (kappa - 1) / (kappa + 1)

    Args: eigenvalues: curvatures lambda > 0, shape (d,).
    Raises: InputError: not_a_number, not_finite, out_of_range.
    Source: Polyak (1964).
    """
    low, high = _ends(eigenvalues)
    return Best(float(2 / (low + high)), 0.0, float((high - low) / (high + low)))


def _ends(eigenvalues) -> tuple[float, float]:
    curvatures = _curvatures(eigenvalues)
    return curvatures.min(), curvatures.max()


def _curvatures(eigenvalues) -> np.ndarray:
    array = np.atleast_1d(_positive("eigenvalues", eigenvalues))
    if array.ndim != 1 or not array.size:
        raise InputError("wrong_shape", "eigenvalues", array.shape, "(d,)")
    return array


def _positive(argument: str, value) -> np.ndarray:
    return numbers(argument, value, 0, LARGEST, open_low=True)


def _momentum(momentum) -> np.ndarray:
    return numbers("momentum", momentum, 0, 1)


def _at_least_zero(argument: str, value) -> np.ndarray:
    return numbers(argument, value, 0, LARGEST)
