"""The largest margin of a step unit, and Novikoff's bound on the mistakes that learning can make because of it."""

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from engine.arrays import read_only
from engine.errors import InputError, interval
from engine.perceptron import augmented, points_and_targets, weighted_sum
from engine.rosenblatt import PerceptronHistory

MAX_SUBSETS = 50_000  # of points to try; 33 points in the plane stay below it
TOLERANCE = 1e-9  # of comparisons whose right side is 1


@dataclass(frozen=True)
class Margin:
    """The line with the largest margin, the bias counted as one weight more.

    Attributes:
        weights, bias: scaled so that the nearest points have y (w . x + b) = 1; shape (n_features,) and a number.
        margin: min_i y_i (w . x_i + b) / ||(w, b)||, the gamma of Novikoff's theorem.
        support: rows of X that determine it.
        method: how it was found.
    """

    weights: np.ndarray
    bias: float
    margin: float
    support: np.ndarray
    method: str = "enumeration of support sets"


def maximum_margin(X, target) -> Margin | None:
    """The separating vector with the largest margin through the origin of the augmented space.

        max_u min_i y_i u . (x_i, 1) / ||u||,  u = (w, b)

    At most n_features + 1 points decide it (for gates: 1 to 3). For every such set S the shortest u with
    y_i u . (x_i, 1) = 1 on S is computed; of those that keep all other points at 1 or more, the shortest is it.

    Args:
        X: points, shape (n_samples, n_features); at most 50,000 subsets of n_features + 1 points or fewer.
        target: 0 or 1 for every point, shape (n_samples,).
    Returns: None where no line parts the classes.
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Convention: a support vector machine leaves the bias out of ||u||; its line may differ, its margin is no
        smaller.
    Source: Vapnik (1982) for the maximum margin; Novikoff (1962) for the augmented space.
    """
    X, target = points_and_targets(X, target)
    refuse_too_many_subsets(len(X), X.shape[1] + 1)
    signed = signed_points(X, target)
    best, support = None, None
    for size in range(1, min(len(X), X.shape[1] + 1) + 1):
        subsets = _independent(signed, subsets_of(len(X), size))
        u = np.linalg.pinv(signed[subsets]).sum(axis=-1)  # the shortest solution of signed[S] u = (1, …, 1)
        feasible = (u @ signed.T >= 1 - TOLERANCE).all(axis=-1)
        if not feasible.any():
            continue
        length = np.where(feasible, np.linalg.norm(u, axis=-1), np.inf)
        shortest = length.argmin()
        # A larger set that is not really needed gives the same u again: the smaller one stays.
        if best is None or length[shortest] < np.linalg.norm(best) * (1 - TOLERANCE):
            best, support = u[shortest], subsets[shortest]
    if best is None:
        return None
    return Margin(read_only(best[:-1]), float(best[-1]), float(1 / np.linalg.norm(best)), read_only(support))


def widest_bias(weights, X, target) -> float | None:
    """For given weights, the bias with the largest smallest margin: its line lies half way between the classes.

        b = -(min_i w . x_i + max_j w . x_j) / 2,  i over target 1, j over target 0

    Args:
        weights: shape (n_features,), each within +-1e18.
        X: points, shape (n_samples, n_features).
        target: 0 or 1 for every point, shape (n_samples,); both must occur.
    Returns: None where no bias parts the classes along these weights.
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """
    X, target = points_and_targets(X, target)
    if target.min() == target.max():
        raise InputError("out_of_range", "target", target[0], "{0, 1}")
    projected = weighted_sum(weights, 0.0, X)  # refuses a stack of weights: one bias is not a stack
    lowest, highest = projected[target == 1].min(), projected[target == 0].max()
    return float(-(lowest + highest) / 2) if lowest > highest else None


@dataclass(frozen=True)
class MistakeBound:
    """Novikoff's bound beside the mistakes that were made.

    Attributes:
        radius: R, the length of the longest (x, 1).
        margin: gamma of the maximum-margin vector; 0 where no line parts the classes.
        bound: (R / gamma)^2; infinite where no line parts the classes.
        mistakes: made by the learning rule.
        applies: True where learning started from zero weights and bias and a line exists, as the theorem asks for.
        holds: mistakes <= bound; sure to be True only where the theorem applies.
        separator: the maximum-margin vector; None where no line parts the classes.
    """

    radius: float
    margin: float
    bound: float
    mistakes: int
    applies: bool
    holds: bool
    separator: Margin | None


def mistake_bound(X, target, history: PerceptronHistory) -> MistakeBound:
    """Novikoff's bound on the number of mistakes of the perceptron, against the mistakes of one run.

        mistakes <= (R / gamma)^2,  R = max_i ||(x_i, 1)||,  gamma = max_u min_i y_i u . (x_i, 1) / ||u||

    The theorem starts from zero weights. Another start may take more mistakes: AND from (w1, w2, b) = (-5, 5, 5) with
    learning rate 0.1 does; `applies` is False for it. The learning rate does not enter the bound.

    Args:
        X: points, shape (n_samples, n_features); at most 50,000 subsets of n_features + 1 points or fewer.
        target: 0 or 1 for every point, shape (n_samples,).
        history: what `learn` returned for these points.
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Source: Novikoff (1962), On convergence proofs on perceptrons; Block (1962).
    """
    X, target = points_and_targets(X, target)
    if history.weights.shape[1] != X.shape[1]:
        raise InputError("wrong_shape", "history.weights", history.weights.shape, f"(n_visits, {X.shape[1]})")
    separator = maximum_margin(X, target)
    radius_squared = (augmented(X) ** 2).sum(axis=1).max()
    margin, bound = 0.0, np.inf
    if separator:
        margin = separator.margin
        bound = float(radius_squared * (separator.weights @ separator.weights + separator.bias**2))  # 1 / gamma = ||u||
    mistakes = int(history.mistakes[-1])
    from_zero = not history.start_weights.any() and history.start_bias == 0
    return MistakeBound(
        radius=float(np.sqrt(radius_squared)),
        margin=margin,
        bound=bound,
        mistakes=mistakes,
        applies=bool(from_zero and separator),
        holds=mistakes <= bound * (1 + TOLERANCE),
        separator=separator,
    )


# ---------------------------------------------------------------- subsets of points


def signed_points(X: np.ndarray, target: np.ndarray) -> np.ndarray:
    """y_i (x_i, 1): in these terms every point asks for the same, a positive product with (w, b)."""
    return (2 * target - 1)[:, None] * augmented(X)


def subsets_of(n: int, size: int) -> np.ndarray:
    """All subsets of `size` of n points, by their indices, shape (n_subsets, size)."""
    return np.array(list(combinations(range(n), size)))


def refuse_too_many_subsets(n: int, largest: int) -> None:
    def too_many(n: int) -> bool:
        return sum(comb(n, size) for size in range(1, largest + 1)) > MAX_SUBSETS

    if too_many(n):
        most = next(fewer for fewer in range(n, 0, -1) if not too_many(fewer))
        raise InputError("out_of_range", "number of samples", n, interval(1, most))


def _independent(vectors: np.ndarray, subsets: np.ndarray) -> np.ndarray:
    """The subsets whose vectors are linearly independent, whatever their lengths."""
    unit = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    smallest = np.linalg.svd(unit[subsets], compute_uv=False)[..., -1]
    return subsets[smallest > TOLERANCE]
