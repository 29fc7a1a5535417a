"""Linear regression on a line with noise: the samples, and the bowl of their loss over slope and intercept.

    y = 2 x + 1 + noise ;  L(w, b) = 1 / (2 n) sum_i (w x_i + b - y_i)^2

The loss is a mean of half squared errors. Written without the half, every gradient and every curvature were twice as
large, and every limit of the learning rate half as large.
"""

from dataclasses import dataclass, field

import numpy as np

from engine.arrays import seal
from engine.errors import number, whole
from engine.functions import Surface
from engine.samples import MAX_SEED

SLOPE, INTERCEPT = 2.0, 1.0  # of the line that the samples scatter around
X_LOW, X_HIGH = -1.0, 2.0  # not around 0, so that w and b depend on each other and the bowl is tilted
DOMAIN, START = ((-2.0, 5.0), (-3.0, 4.0)), (-1.0, 2.0)  # of (w, b)
MAX_SAMPLES, MAX_NOISE = 512, 10.0


@dataclass(frozen=True)
class SamplesConfig:
    """Which samples: n_samples 2 to 512, noise (standard deviation of y) 0 to 10, seed.

    Raises: InputError: not_a_number, not_finite, out_of_range.
    """

    n_samples: int = 128
    noise: float = 1.0
    seed: int = 0

    def __post_init__(self):
        whole("n_samples", self.n_samples, 2, MAX_SAMPLES)
        number("noise", self.noise, 0, MAX_NOISE)
        whole("seed", self.seed, 0, MAX_SEED)


def in_picture(point: tuple[float, float]) -> bool:
    """Whether (w, b) lies in DOMAIN; what is not finite does not."""
    return all(low <= value <= high for value, (low, high) in zip(point, DOMAIN, strict=True))


@dataclass(frozen=True)
class Regression:
    """The samples, and all that is known of their loss without a single update.

        H = [[mean x^2, mean x], [mean x, 1]] ;  gradient = H (w, b) - r ;  H (w*, b*) = r ;  r = (mean x y, mean y)

    Attributes:
        x, y: shape (n_samples,).
        hessian: H, shape (2, 2), the same at every (w, b).
        eigenvalues: of H, ascending, shape (2,).
        optimum: (w*, b*), where the loss is lowest: the line of least squares, shape (2,).
        floor: the loss there, above 0 unless all samples lie on a line.
    """

    x: np.ndarray
    y: np.ndarray
    hessian: np.ndarray = field(init=False)
    eigenvalues: np.ndarray = field(init=False)
    optimum: np.ndarray = field(init=False)
    floor: float = field(init=False)

    def __post_init__(self):
        inputs = np.stack([self.x, np.ones_like(self.x)])
        H = inputs @ inputs.T / len(self.x)
        optimum = np.linalg.solve(H, inputs @ self.y / len(self.x))
        found = {
            "x": seal(self.x),
            "y": seal(self.y),
            "hessian": seal(H),
            "eigenvalues": seal(np.linalg.eigvalsh(H)),
            "optimum": seal(optimum),
            "floor": float(0.5 * np.mean((optimum @ inputs - self.y) ** 2)),
        }
        for name, value in found.items():
            object.__setattr__(self, name, value)  # frozen: this is the one moment at which fields are written

    @property
    def limit(self) -> float:
        """The learning rate above which gradient descent with all samples diverges: 2 / the largest eigenvalue."""
        return float(2 / self.eigenvalues[-1])

    @property
    def sample_limit(self) -> float:
        """The same for the sample whose own bowl is the steepest: its curvature is x^2 + 1, its limit 2 / (x^2 + 1).

        Below it no update with a single sample overshoots by more than it was off, so batch size 1 is safe.
        """
        return float(2 / (self.x**2 + 1).max())

    def excess(self, points) -> np.ndarray:
        """How far the loss lies above its floor: 1/2 d^T H d with d = (w, b) - (w*, b*); points (..., 2) -> (...).

        Computed from the distance, so that nothing cancels near the optimum.
        """
        d = np.asarray(points) - self.optimum
        return 0.5 * (d * (d @ self.hessian)).sum(axis=-1)

    def loss(self, points) -> np.ndarray:
        """L at points (..., 2) -> (...)."""
        return self.floor + self.excess(points)

    def gradient(self, points) -> np.ndarray:
        """dL/dw and dL/db at points (..., 2) -> (..., 2)."""
        return (np.asarray(points) - self.optimum) @ self.hessian

    @property
    def surface(self) -> Surface:
        """The loss as a surface over (w, b)."""
        return Surface(
            "regression",
            r"L(w, b) = \frac{1}{2n} \sum_i (w x_i + b - y_i)^2",
            DOMAIN,
            START,
            value=self.loss,
            gradient=self.gradient,
            hessian=lambda points: np.broadcast_to(self.hessian, (*points.shape[:-1], 2, 2)).copy(),
            minima=(tuple(self.optimum.tolist()),),
            eigenvalues=tuple(self.eigenvalues.tolist()),
        )


def regression(config: SamplesConfig) -> Regression:
    """The samples of a configuration: x uniform in [-1, 2], y = 2 x + 1 + noise."""
    rng = np.random.default_rng(config.seed)
    x = rng.uniform(X_LOW, X_HIGH, config.n_samples)
    return Regression(x, SLOPE * x + INTERCEPT + config.noise * rng.normal(size=config.n_samples))


def batch_gradient(x, y, w: float, b: float) -> tuple[float, float]:
    """dL/dw and dL/db of the mean of half squared errors over these samples: mean((w x + b - y) x), mean(w x + b - y).

    Args: x, y: shape (batch_size,).
    """
    errors = w * x + b - y
    return float(np.mean(errors * x)), float(np.mean(errors))
