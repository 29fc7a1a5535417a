"""How far the gradient of a random batch is from the gradient of all samples, measured and predicted.

    with replacement:    sigma / sqrt(B)
    without replacement: sigma / sqrt(B) * sqrt((n - B) / (n - 1)), which is 0 at B = n

sigma is the root mean square distance of a single sample's gradient from the mean of all.
"""

from dataclasses import dataclass

import numpy as np

from engine.arrays import seal
from engine.errors import finite, shape, whole
from engine.regression_bowl import Regression

DRAWS, MAX_DRAWS = 2000, 10_000
ROUNDING = 1e-9  # of sigma: what is measured below is 0


@dataclass(frozen=True)
class BatchDraws:
    """Random batches of each size, as what their gradients are made of at any (w, b).

    Attributes:
        sizes: batch sizes 1, 2, 4, … and n, shape (n_sizes,).
        replaced, distinct: means of x, x^2, x y and y over each batch, drawn with and without replacement; shape
            (4, n_draws, n_sizes). The batch of a size holds the smaller ones of the same row.
    """

    sizes: np.ndarray
    replaced: np.ndarray
    distinct: np.ndarray


@dataclass(frozen=True)
class GradientNoise:
    """The noise at one point.

    Attributes:
        sizes: batch sizes, shape (n_sizes,).
        sigma: of single samples.
        replaced, distinct: measured, with and without replacement, shape (n_sizes,): root mean square length of
            (gradient of the batch) - (gradient of all samples).
        predicted, predicted_distinct: by the two formulas.
    """

    sizes: np.ndarray
    sigma: float
    replaced: np.ndarray
    distinct: np.ndarray
    predicted: np.ndarray
    predicted_distinct: np.ndarray

    def __post_init__(self):
        for array in (self.sizes, self.replaced, self.distinct, self.predicted, self.predicted_distinct):
            seal(array)


def sizes_up_to(n_samples: int) -> np.ndarray:
    """1, 2, 4, … and n_samples itself."""
    return np.unique(np.append(2 ** np.arange(int(np.log2(n_samples)) + 1), n_samples))


def draw_batches(problem: Regression, seed: int = 0, n_draws: int = DRAWS) -> BatchDraws:
    """Draw random batches of all sizes.

    Args: n_draws: of each size, 1 to 10,000.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    n, n_draws = len(problem.x), whole("n_draws", n_draws, 1, MAX_DRAWS)
    rng, sizes = np.random.default_rng(whole("seed", seed, 0, 2**32 - 1)), sizes_up_to(n)
    replaced = rng.integers(n, size=(n_draws, n))
    distinct = rng.permuted(np.tile(np.arange(n), (n_draws, 1)), axis=1)
    return BatchDraws(seal(sizes), _means(problem, replaced, sizes), _means(problem, distinct, sizes))


def _means(problem: Regression, drawn: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    x, y = problem.x[drawn], problem.y[drawn]
    starts = np.append(0, sizes[:-1])  # each size adds the samples between the one before and its own
    parts = [np.add.reduceat(values, starts, axis=1) for values in (x, x * x, x * y, y)]
    return seal(np.cumsum(parts, axis=-1) / sizes)


def gradient_noise(problem: Regression, draws: BatchDraws, point) -> GradientNoise:
    """The noise at (w, b).

    Args: point: shape (2,), finite.
    Raises: InputError: not_a_number, not_finite, wrong_shape.
    """
    w, b = shape("point", finite("point", point), (2,))
    full = problem.gradient((w, b))
    errors = w * problem.x + b - problem.y
    sigma = float(np.sqrt(np.mean((errors * problem.x - full[0]) ** 2 + (errors - full[1]) ** 2)))
    n, sizes = len(problem.x), draws.sizes
    predicted = sigma / np.sqrt(sizes)
    measured = (_measured(means, w, b, full, sigma) for means in (draws.replaced, draws.distinct))
    return GradientNoise(sizes.copy(), sigma, *measured, predicted, predicted * np.sqrt((n - sizes) / max(n - 1, 1)))


def _measured(means: np.ndarray, w: float, b: float, full: np.ndarray, sigma: float) -> np.ndarray:
    x, xx, xy, y = means
    squared = (w * xx + b * x - xy - full[0]) ** 2 + (w * x + b - y - full[1]) ** 2
    noise = np.sqrt(squared.mean(axis=0))
    return np.where(noise < ROUNDING * sigma, 0.0, noise)
