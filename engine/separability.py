"""Can one line part the two classes? Either way with a proof: a line that does, or inequalities that contradict."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from engine.arrays import read_only
from engine.margins import TOLERANCE, maximum_margin, refuse_too_many_subsets, signed_points, subsets_of
from engine.perceptron import augmented, points_and_targets

BOX = 3  # whole-number witnesses are looked for within +-BOX,
BOX_FEATURES = 4  # for up to this many features: (2 * 3 + 1)^5 = 16,807 candidates


@dataclass(frozen=True)
class Contradiction:
    """Why no line parts the classes: a mixture of 1-points is at the very place of a mixture of 0-points.

    The inequalities of the 1-points, added with their multipliers, give  summed . (w, b) > 0, and those of the 0-points
    give  summed . (w, b) <= 0, with the same left side. Both cannot hold.

    Attributes:
        positives, negatives: rows of X with target 1 and 0 that are needed, shape (n_positives,), (n_negatives,).
        positive_weights, negative_weights: their shares, above 0, the sum of each is 1.
        point: the common place, shape (n_features,).
        positive_multipliers, negative_multipliers: the shares with the smallest scaled to 1.
        summed: coefficients of (w1, …, wd, b) in both sums with these multipliers, shape (n_features + 1,).
    """

    positives: np.ndarray
    negatives: np.ndarray
    positive_weights: np.ndarray
    negative_weights: np.ndarray
    point: np.ndarray
    positive_multipliers: np.ndarray
    negative_multipliers: np.ndarray
    summed: np.ndarray


@dataclass(frozen=True)
class Separability:
    """The inequalities that a step unit has to fulfil, and whether it can; the arrays are read-only.

    Attributes:
        coefficients: row i holds the factors of (w1, …, wd, b) in the inequality of point i: (x_i, 1).
        relations: ">" (target 1) or "<=" (target 0) for every point; the right side is 0.
        separable: True, False, or None where rounding leaves it open (points that almost touch).
        method: what decided: "integer box", "maximum margin" (of the centred picture), "affine dependency"
            or "undecided".
        weights, bias: a line that parts the classes with no point on it, if separable.
        contradiction: the proof that there is none, if not separable.
    """

    coefficients: np.ndarray
    relations: tuple[str, ...]
    separable: bool | None
    method: str
    weights: np.ndarray | None
    bias: float | None
    contradiction: Contradiction | None


def separability(X, target) -> Separability:
    """Whether a step unit can have the given outputs, with a proof of the answer.

        target 1: w . x + b > 0 ;  target 0: w . x + b <= 0

    Args:
        X: points, shape (n_samples, n_features); at most 50,000 subsets of n_features + 2 points or fewer.
        target: 0 or 1 for every point, shape (n_samples,).
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Convention: a witness keeps every point off its line, although w . x + b = 0 would do for target 0.
    Source: Minsky and Papert (1969) for XOR; Kirchberger (1903), Radon (1921): two finite sets cannot be parted where
        their convex hulls meet, and some n_features + 2 of the points or fewer show it.
    """
    X, target = points_and_targets(X, target)
    refuse_too_many_subsets(len(X), X.shape[1] + 2)
    method, contradiction = "integer box", None
    witness = integer_witness(X, target)
    if witness is None:
        method, witness = "maximum margin", _widest_witness(X, target)
    if witness is None:
        contradiction = find_contradiction(X, target)
        method = "affine dependency" if contradiction else "undecided"
    return Separability(
        coefficients=read_only(augmented(X)),
        relations=tuple(">" if t else "<=" for t in target),
        separable={"affine dependency": False, "undecided": None}.get(method, True),
        method=method,
        weights=None if witness is None else read_only(witness[:-1]),
        bias=None if witness is None else float(witness[-1]),
        contradiction=contradiction,
    )


def integer_witness(X, target) -> np.ndarray | None:
    """The simplest line in small whole numbers that parts the classes, shape (n_features + 1,), the bias last.

        min |w1| + … + |wd| + |b|  over  w, b in {-3, …, 3}  with  y_i (w . x_i + b) > 0 for every i

    Args:
        X: points, shape (n_samples, n_features).
        target: 0 or 1 for every point, shape (n_samples,).
    Returns: None where the box holds none, or where there are more than 4 features.
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """
    X, target = points_and_targets(X, target)
    if X.shape[1] > BOX_FEATURES:
        return None
    box = np.array(list(product(range(-BOX, BOX + 1), repeat=X.shape[1] + 1)), dtype=np.float64)
    parts = (box @ signed_points(X, target).T > 0).all(axis=1)
    if not parts.any():
        return None
    return box[parts][np.abs(box[parts]).sum(axis=1).argmin()]


def find_contradiction(X, target) -> Contradiction | None:
    """The fewest inequalities of a step unit that contradict each other.

        sum_i alpha_i (x_i, 1) = sum_j beta_j (x_j, 1),  i over target 1, j over target 0,  alpha, beta > 0

    Subsets of 2, 3, … n_features + 2 points are tried; each has at most one such dependency if no smaller one has.

    Args:
        X: points, shape (n_samples, n_features).
        target: 0 or 1 for every point, shape (n_samples,).
    Returns: None where no subset contradicts itself: the classes can be parted.
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Source: Radon (1921); Kirchberger (1903).
    """
    X, target = points_and_targets(X, target)
    refuse_too_many_subsets(len(X), X.shape[1] + 2)
    centre, size_of_picture = _frame(X)
    scaled = augmented((X - centre) / size_of_picture)
    y = 2 * target - 1
    for size in range(2, min(len(X), X.shape[1] + 2) + 1):
        subsets = subsets_of(len(X), size)
        vectors = scaled[subsets].swapaxes(-1, -2)  # one column a point
        dependency = np.linalg.svd(vectors)[2][:, -1]  # the mixture that comes closest to 0
        residual = np.abs(vectors @ dependency[..., None]).max(axis=(-1, -2))
        signed = dependency * y[subsets]
        signed = signed * np.sign(signed[:, :1])  # a dependency has no sign of its own
        found = (residual < TOLERANCE) & (signed > TOLERANCE).all(axis=-1)
        if found.any():
            return _contradiction(X, target, subsets[found.argmax()], signed[found.argmax()])
    return None


def _frame(X: np.ndarray) -> tuple[np.ndarray, float]:
    """Centre and size of the picture: whether a line exists does not depend on them, but rounding does."""
    return X.mean(axis=0), float(np.ptp(X, axis=0).max() or 1.0)


def _widest_witness(X: np.ndarray, target: np.ndarray) -> np.ndarray | None:
    """The maximum-margin line of the centred picture, back in the coordinates of X, the bias last."""
    centre, size = _frame(X)
    margin = maximum_margin((X - centre) / size, target)
    if margin is None:
        return None
    weights = margin.weights / size
    return np.append(weights, margin.bias - weights @ centre)


def _contradiction(X: np.ndarray, target: np.ndarray, subset: np.ndarray, shares: np.ndarray) -> Contradiction:
    is_one = target[subset] == 1
    positives, negatives = subset[is_one], subset[~is_one]
    alpha, beta = shares[is_one] / shares[is_one].sum(), shares[~is_one] / shares[~is_one].sum()
    smallest = min(alpha.min(), beta.min())
    point = alpha @ X[positives]
    return Contradiction(
        *map(read_only, (positives, negatives, alpha, beta, point, alpha / smallest, beta / smallest)),
        summed=read_only(np.append(point, 1) / smallest),
    )
