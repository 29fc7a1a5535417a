"""The step unit: what it answers, how far each point is from its line, on which side of the line it fires."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import read_only
from engine.errors import InputError, finite, number, numbers, shape, whole

MAX_SAMPLES = 100
MAX_FEATURES = 10
MAX_VALUE = 1e6  # of an input, and of a weight before learning
MAX_WEIGHT = 1e18  # learning from the largest inputs stays below it, and sums cannot overflow


@dataclass(frozen=True)
class UnitResult:
    """One step unit on a data set; the arrays are read-only.

    Attributes:
        z: weighted sums w.x + b, shape (…, n_samples).
        output: 1 where z > 0, else 0.
        target: what the output should be.
        correct: output == target.
        margin: signed distance to the line, positive on the right side; nan where w = 0, for there is no line.
    """

    z: np.ndarray
    output: np.ndarray
    target: np.ndarray
    correct: np.ndarray
    margin: np.ndarray

    @property
    def n_correct(self) -> np.ndarray:
        """How many points are answered right, shape (…)."""
        return self.correct.sum(axis=-1)

    @property
    def smallest_margin(self) -> np.ndarray:
        """The margin of the point that is nearest to a wrong answer, or deepest in it, shape (…); nan where w = 0."""
        return self.margin.min(axis=-1)


def step(z) -> np.ndarray:
    """Binary step: the unit fires where its weighted sum is above zero.

        f(z) = 1 if z > 0 else 0

    Args:
        z: weighted sums, any shape.
    Raises:
        InputError: not_a_number, not_finite.
    Convention: f(0) = 0; numpy.heaviside asks for that value, some books take 1.
    Source: McCulloch and Pitts (1943); Rosenblatt (1958).
    """
    return (finite("z", z) > 0).astype(np.float64)


def weighted_sum(weights, bias, X) -> np.ndarray:
    """Weighted sums of one step unit, or of a stack of them, at every point.

        z = x . w + b

    Args:
        weights: shape (…, n_features), each within +-1e18.
        bias: shape (…), within +-1e18.
        X: points, shape (n_samples, n_features), each within +-1e6.
    Returns: shape (…, n_samples).
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Convention: a sum that rounding cannot tell from 0 is 0. In floats 0.1 + 0.2 - 0.3 is 5.6e-17, and the unit would
        fire on its own line; the learning rule, which is exact, would disagree.
    """
    X = _points(X)
    weights = shape("weights", bounded("weights", weights, MAX_WEIGHT), (X.shape[1],))
    bias = bounded("bias", bias, MAX_WEIGHT)
    if bias.shape != weights.shape[:-1]:
        raise InputError("wrong_shape", "bias", bias.shape, weights.shape[:-1])
    z = weights @ X.T + bias[..., None]
    # Each of the n_features + 1 terms may be off by 1.5 units of rounding, each addition by another half.
    rounding = (X.shape[1] + 3) * np.finfo(float).eps * (np.abs(weights) @ np.abs(X.T) + np.abs(bias)[..., None])
    return np.where(np.abs(z) <= rounding, 0.0, z)


def evaluate(weights, bias, X, target) -> UnitResult:
    """Answer of one step unit (or of a stack of them) to every point, and the distance of every point to its line.

        z = x . w + b ;  output = step(z) ;  margin = y z / ||w||, where y = +1 for target 1 and -1 for target 0

    Args:
        weights: shape (…, n_features), each within +-1e18.
        bias: shape (…), within +-1e18.
        X: points, shape (n_samples, n_features), each within +-1e6.
        target: 0 or 1 for every point, shape (n_samples,).
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Convention: a point on the line has output 0: with target 0 it is right, at margin 0.
    """
    X, target = points_and_targets(X, target)
    z = weighted_sum(weights, bias, X)
    norm = np.hypot.reduce(np.abs(finite("weights", weights)), axis=-1)  # hypot: tiny weights do not underflow
    signed = (2 * target - 1) * z + 0.0  # + 0.0 turns -0.0 into 0.0
    with np.errstate(over="ignore"):  # a bias above a vanishing weight: the line is infinitely far away
        margin = np.divide(signed, norm[..., None], out=np.full_like(z, np.nan), where=norm[..., None] > 0)
    output = step(z)
    return UnitResult(*map(read_only, (z, output, target, output == target, margin)))


@dataclass(frozen=True)
class DecisionLine:
    """The line w.x + b = 0 inside a square.

    Attributes:
        ends: its two end points, shape (2, 2); walking from the first to the second, output 1 is on the left.
            None where the line does not part the corners of the square, and where w = 0.
        normal: unit vector across the line, towards output 1, shape (2,); None where w = 0.
        region: corners of the part of the square where the output is 1, counter-clockwise, shape (n_corners, 2).
        side: "both" where the line parts the square, else the output of the whole square: "one" or "zero".
    """

    ends: np.ndarray | None
    normal: np.ndarray | None
    region: np.ndarray
    side: str


def decision_line(weights, bias, low: float = -0.5, high: float = 1.5) -> DecisionLine:
    """Where the line of a two-input unit crosses a square, and on which side of it the unit fires.

        w1 x1 + w2 x2 + b = 0 ;  an edge from p to q is crossed at p + z_p / (z_p - z_q) (q - p)

    Args:
        weights: shape (2,), within +-1e18.
        bias: within +-1e18.
        low, high: the square is [low, high] x [low, high], within +-1e6.
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Source: the clipping of Sutherland and Hodgman (1974), for one half-plane and a square.
    """
    low = number("low", low, -MAX_VALUE, MAX_VALUE)
    high = number("high", high, low, MAX_VALUE, open_low=True)
    w = _two_weights(weights)
    b = number("bias", bias, -MAX_WEIGHT, MAX_WEIGHT)

    corners = np.array([(low, low), (high, low), (high, high), (low, high)])  # counter-clockwise
    z = corners @ w + b
    inside = z > 0
    crossed = inside != np.roll(inside, -1)  # edge i leads from corner i to corner i + 1: none or two are crossed
    t = np.divide(z, z - np.roll(z, -1), out=np.zeros(4), where=crossed)
    crossings = corners + t[:, None] * (np.roll(corners, -1, axis=0) - corners)

    # Each corner is followed by the crossing of the edge after it; what is not wanted is left out.
    candidates = np.stack([corners, crossings], axis=1).reshape(8, 2)
    region = candidates[np.stack([inside, crossed], axis=1).ravel()]
    norm = np.hypot(*w)
    ends = None
    if crossed.any():
        # Round the square, the region is left at one crossing and entered again at the other.
        ends = read_only(np.concatenate([crossings[crossed & inside], crossings[crossed & ~inside]]))
    side = "both" if crossed.any() else "one" if inside.all() else "zero"
    return DecisionLine(ends, read_only(w / norm) if norm > 0 else None, read_only(region), side)


@dataclass(frozen=True)
class LineEquation:
    """The line w1 x1 + w2 x2 + b = 0, solved for one of the inputs.

    Attributes:
        kind: "slanted" for x2 = slope x1 + intercept, "upright" for x1 = intercept, "none" where w = 0.
        slope: 0 but for a slanted line.
        intercept: 0 where there is no line.
    """

    kind: str
    slope: float
    intercept: float


def line_equation(weights, bias) -> LineEquation:
    """The line of a two-input unit as a function of x1, or as one value of x1 where it is upright.

        x2 = -(w1 / w2) x1 - b / w2 ;  where w2 = 0:  x1 = -b / w1

    Args:
        weights: shape (2,), within +-1e18.
        bias: within +-1e18.
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Convention: beyond the range of floats a slope or an intercept is infinite.
    """
    w, b = _two_weights(weights), number("bias", bias, -MAX_WEIGHT, MAX_WEIGHT)
    with np.errstate(over="ignore"):
        if w[1]:
            return LineEquation("slanted", float(-w[0] / w[1]) + 0.0, float(-b / w[1]) + 0.0)  # + 0.0: no -0.0
        if w[0]:
            return LineEquation("upright", 0.0, float(-b / w[0]) + 0.0)
    return LineEquation("none", 0.0, 0.0)


def _two_weights(weights) -> np.ndarray:
    w = bounded("weights", weights, MAX_WEIGHT)
    if w.shape != (2,):
        raise InputError("wrong_shape", "weights", w.shape, "(2,)")
    return w


def points_and_targets(X, target) -> tuple[np.ndarray, np.ndarray]:
    """Checked points (n_samples, n_features) and targets 0 or 1 (n_samples,), as float64.

    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """
    X = _points(X)
    target = finite("target", target)
    if target.shape != X.shape[:1]:
        raise InputError("wrong_shape", "target", target.shape, X.shape[:1])
    wrong = (target != 0) & (target != 1)
    if wrong.any():
        raise InputError("out_of_range", "target", target[wrong][0], "{0, 1}")
    return X, target


def augmented(X: np.ndarray) -> np.ndarray:
    """The points with a last coordinate of 1: the bias becomes one weight more. Shape (n_samples, n_features + 1)."""
    return np.hstack([X, np.ones((len(X), 1))])


def bounded(argument: str, value, limit: float = MAX_VALUE) -> np.ndarray:
    """`value` as a float64 array within +-limit.

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    """
    return numbers(argument, value, -limit, limit)


def _points(X) -> np.ndarray:
    X = bounded("X", X)
    if X.ndim != 2 or not X.size:
        raise InputError("wrong_shape", "X", X.shape, "(n_samples, n_features)")
    whole("number of samples", X.shape[0], 1, MAX_SAMPLES)
    whole("number of features", X.shape[1], 1, MAX_FEATURES)
    return X
