"""The gradient of batch normalization in its steps, its Jacobian, and the check that settles which formula is right."""

from dataclasses import dataclass, replace

import numpy as np

from engine import errors
from engine.arrays import seal
from engine.cost import Cost, of_numbers
from engine.differences import difference
from engine.layer_tables import batch_norm
from engine.layers import BatchNorm

MAX_SAMPLES = 20
MAX_VALUE = 1e6


@dataclass(frozen=True)
class BackwardConfig:
    """One feature of a batch, the gradient that arrives at its outputs, and the step of the check.

    Args:
        x, dy: 2 to 20 numbers each, -1e6 to 1e6.
        gamma: -1e6 to 1e6. epsilon: above 0, at most 1. h: step of the central differences, 1e-20 to 1.
    Raises: InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """

    x: tuple[float, ...]
    dy: tuple[float, ...]
    gamma: float = 1.0
    epsilon: float = 1e-5
    h: float = 1e-5

    def __post_init__(self):
        errors.whole("samples in a batch with batch normalization", len(self.x), 2, MAX_SAMPLES)
        for name in ("x", "dy"):
            errors.shape(name, errors.numbers(name, getattr(self, name), -MAX_VALUE, MAX_VALUE), (len(self.x),))
        errors.number("gamma", self.gamma, -MAX_VALUE, MAX_VALUE)
        errors.number("epsilon", self.epsilon, 0.0, 1.0, open_low=True)
        errors.number("h", self.h, 1e-20, 1.0)

    def scaled(self, factor: float) -> "BackwardConfig":
        """The same with all inputs times `factor`, as if the weights before were; raises InputError."""
        return replace(self, x=tuple(factor * value for value in self.x))

    @property
    def cost(self) -> Cost:
        """Of `backward`."""
        n = len(self.x)
        return of_numbers(5e5 + 100.0 * n * n, 20.0 * n * n)


@dataclass(frozen=True, eq=False)
class BackwardSteps:
    """Every number from dy to dx; arrays (n,), read-only.

        dbeta = sum dy ;  dgamma = sum dy x_hat ;  dx_hat = gamma dy
        dvar = -1/2 (var + epsilon)^(-3/2) sum dx_hat (x - mean) ;  dmean = -1/root sum dx_hat
        dx = direct + through_var + through_mean
           = dx_hat / root + dvar 2 (x - mean) / n + dmean / n

    numeric: dx by central differences. jacobian: dy_i / dx_j, (n, n), row i. moment = sum dx_hat (x - mean).
    """

    x: np.ndarray
    mean: float
    centered: np.ndarray
    var: float
    epsilon: float
    root: float
    x_hat: np.ndarray
    y: np.ndarray
    gamma: float
    dy: np.ndarray
    dbeta: float
    dgamma: float
    dx_hat: np.ndarray
    moment: float
    dvar: float
    dmean: float
    direct: np.ndarray
    through_var: np.ndarray
    through_mean: np.ndarray
    dx: np.ndarray
    numeric: np.ndarray
    jacobian: np.ndarray

    @property
    def naive(self) -> np.ndarray:
        """dx_hat / root, as if mean and variance did not depend on x: right in evaluation, wrong in training."""
        return self.direct

    @property
    def scale(self) -> float:
        """The largest part that any of the gradients is a sum of: what errors are compared with, since dx may be 0."""
        parts = self.direct, self.through_var, self.through_mean
        return float(max(np.abs(part).max() for part in parts))

    def error(self, gradient: np.ndarray) -> float:
        """Largest distance to the numerical gradient, relative to `scale`; 0 where all is 0."""
        return float(np.abs(gradient - self.numeric).max() / (self.scale or 1.0))

    @property
    def frozen_jacobian(self) -> np.ndarray:
        """With the same mean and variance as stored constants, as in evaluation: diagonal, (n, n)."""
        return np.diag(np.full(len(self.x), self.slope))

    @property
    def slope(self) -> float:
        """gamma / root: how an output follows its own input where mean and variance stay."""
        return self.gamma / self.root

    @property
    def total(self) -> float:
        """sum dx, which is 0 but for rounding."""
        return float(self.dx.sum())

    @property
    def largest_row_sum(self) -> float:
        """Of the Jacobian, in size; 0 but for rounding."""
        return float(np.abs(self.jacobian.sum(axis=1)).max())

    @property
    def jacobian_along_x_hat(self) -> tuple[float, ...]:
        """The Jacobian times x_hat, which epsilon alone keeps from 0."""
        return tuple((self.jacobian @ self.x_hat).tolist())

    @property
    def stretch_kept(self) -> float:
        """How much of a common stretch of the inputs gets through, of what would with mean and variance constant.

        J x_hat = gamma / root (epsilon / (var + epsilon)) x_hat
        """
        return self.epsilon / self.root**2

    @property
    def along_x_hat(self) -> float:
        """sum dx x_hat, which epsilon alone keeps from 0."""
        return float(self.dx @ self.x_hat)


def backward(config: BackwardConfig) -> BackwardSteps:
    """The gradient through mean and variance, step by step, against central differences of L = sum dy_i y_i.

    Source: Ioffe and Szegedy (2015), section 3, the backward pass of algorithm 1.
    """
    x, dy = (np.array(values, float) for values in (config.x, config.dy))
    norm, n = BatchNorm(epsilon=config.epsilon), len(x)
    trace = batch_norm(x[:, None], config.gamma, dy=dy[:, None], config=norm)
    centered, x_hat = trace.centered[:, 0], trace.x_hat[:, 0]
    root, dx_hat = float(trace.root[0, 0]), trace.dx_hat[:, 0]
    moment = float(dx_hat @ centered)
    dvar, dmean = -0.5 * moment / root**3, -float(dx_hat.sum()) / root
    direct, through_var, through_mean = dx_hat / root, dvar * 2 * centered / n, np.full(n, dmean / n)

    def loss(points: np.ndarray) -> np.ndarray:
        return (batch_norm(points[..., None], config.gamma, config=norm).y[..., 0] * dy).sum(axis=-1)

    arrays = {
        "x": x,
        "centered": centered,
        "x_hat": x_hat,
        "y": trace.y[:, 0],
        "dy": dy,
        "dx_hat": dx_hat,
        "direct": direct,
        "through_var": through_var,
        "through_mean": through_mean,
        "dx": direct + through_var + through_mean,
        "numeric": difference(loss, x, config.h),
        "jacobian": jacobian(x_hat, config.gamma, root),
    }
    return BackwardSteps(
        mean=float(trace.mean[0, 0]),
        var=float(trace.var[0, 0]),
        epsilon=config.epsilon,
        root=root,
        dbeta=float(trace.dbeta[0, 0]),
        dgamma=float(trace.dgamma[0, 0]),
        moment=moment,
        dvar=dvar,
        dmean=dmean,
        gamma=config.gamma,
        **{name: seal(np.array(array)) for name, array in arrays.items()},
    )


def jacobian(x_hat: np.ndarray, gamma: float, root: float) -> np.ndarray:
    """How each output of a batch follows each input, through mean and variance as well.

        dy_i / dx_j = gamma / root (delta_ij - 1/n - x_hat_i x_hat_j / n)

    Rows and columns sum to 0: the same added to all inputs changes nothing. Along x_hat it is gamma epsilon / root^3
    x_hat, almost 0: inputs drawn apart by a factor change nothing either.

    Args: x_hat: (n,). root: sqrt(var + epsilon).
    Returns: (n, n), symmetric.
    """
    n = len(x_hat)
    return gamma / root * (np.eye(n) - 1.0 / n - np.outer(x_hat, x_hat) / n)


@dataclass(frozen=True, eq=False)
class MovedInput:
    """One input moved by delta: what the outputs did, and what the Jacobian's column said; arrays (n,), read-only."""

    before: np.ndarray
    after: np.ndarray
    change: np.ndarray
    predicted: np.ndarray


def move(config: BackwardConfig, sample: int, delta: float) -> MovedInput:
    """Move input `sample` (0 to n - 1) by delta, -1e6 to 1e6; raises InputError."""
    sample = errors.whole("sample", sample, 0, len(config.x) - 1)
    delta = errors.number("delta", delta, -MAX_VALUE, MAX_VALUE)
    x = np.array(config.x, float)
    moved = x.copy()
    moved[sample] += delta
    norm = BatchNorm(epsilon=config.epsilon)
    first, second = (batch_norm(values[:, None], config.gamma, config=norm) for values in (x, moved))
    before, after = first.y[:, 0], second.y[:, 0]
    column = jacobian(first.x_hat[:, 0], config.gamma, float(first.root[0, 0]))[:, sample]
    return MovedInput(before, after, seal(after - before), seal(delta * column))
