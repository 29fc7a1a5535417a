"""What theory says about a signal on its way through a deep, wide network of random weights.

In a wide layer each pre-activation is a sum of many independent terms, so it is close to normal, with some variance q.
One number a layer is then enough, and it obeys a recursion, forward for the signal and backward for its gradient:

    q_l = sigma_w^2 E[f(sqrt(q_{l-1}) g)^2],   chi_l = sigma_w^2 E[f'(sqrt(q_l) g)^2],   g ~ N(0, 1)

with sigma_w^2 = width * Var(w). chi below 1 in every layer lets gradients vanish, above 1 explode.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.activation_base import Activation
from engine.arrays import seal
from engine.weight_schemes import Constant, Initializer

REACH = 12.0  # standard deviations: beyond lies 1e-33 of the probability
FINEST = -2  # activations bend at |z| of 1/4 to 10; panels begin at 2^-2 and double
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)


@dataclass(frozen=True)
class MeanField:
    """Predictions for layers 1 to depth, each (depth,), for inputs of mean square 1 and no biases.

    z_std: sqrt(q), of the pre-activations. mean, std: of the activations. dz_std: of the gradient by z, for a gradient
    by the last activations of mean square 1. chi: by what a layer multiplies the gradient's variance on its way back.
    nan where a value would overflow, or where theory does not hold (constant weights other than 0).
    """

    z_std: np.ndarray
    mean: np.ndarray
    std: np.ndarray
    dz_std: np.ndarray
    chi: np.ndarray


def mean_field(activation: Activation, initializer: Initializer, depth: int, width: int) -> MeanField:
    """Follow the variance of the signal, and of its gradient, through `depth` layers of `width` units.

        q_1 = sigma_w^2,   E[dz_depth^2] = E[f'^2],   E[dz_l^2] = chi_l E[dz_{l+1}^2]

    Args:      activation, initializer: of every layer. depth, width: as the initializer allows; inputs are `width`.
    Returns:   MeanField, read-only.
    Raises:    InputError: width out of range.
    Source:    Poole et al. (2016), eq. 3; Schoenholz et al. (2017), eq. 5 and 10.
    """
    sigma_w2 = width * initializer.std(width, width) ** 2
    if isinstance(initializer, Constant) and initializer.value:
        sigma_w2 = math.nan  # the weights have a mean, and no spread: their sum is not normal
    z_std, mean, square, slope_square = np.full((4, depth), np.nan)
    signal = 1.0  # mean square of what enters the layer
    with np.errstate(over="ignore", invalid="ignore"):
        for layer in range(depth):
            z_std[layer] = math.sqrt(sigma_w2 * signal)
            mean[layer], square[layer], slope_square[layer] = _moments(activation, z_std[layer])
            signal = square[layer]
        chi = sigma_w2 * slope_square
        # Roots before the product: a variance of 1e-310 would be lost, its root is not.
        factors = np.append(np.sqrt(chi[:-1]), np.sqrt(slope_square[-1]))
        dz_std = np.cumprod(factors[::-1])[::-1]
        prediction = MeanField(z_std, mean, np.sqrt(np.maximum(square - mean**2, 0.0)), dz_std, chi)
    for array in vars(prediction).values():
        seal(array)
    return prediction


def _moments(activation: Activation, std: float) -> tuple[float, float, float]:
    """E[f], E[f^2] and E[f'^2] of z ~ N(0, std^2)."""
    expectation = gaussian_mean(
        lambda z: np.stack([activation.f(z), activation.f(z) ** 2, activation.derivative(z) ** 2]),
        std,
        activation.kinks,
    )
    return tuple(expectation)


def gaussian_mean(f: Callable[[np.ndarray], np.ndarray], std: float, kinks: tuple[float, ...] = ()) -> np.ndarray:
    """The mean of f(z) over a normal z, by Gauss-Legendre quadrature on panels.

        E[f(z)] = integral of f(std g) exp(-g^2 / 2) / sqrt(2 pi) dg

    Gauss-Hermite quadrature would need no panels, but its nodes spread with std: for std = 20 they lie 6 apart with a
    hundred of them, and step over the whole slope of a tanh. Here the panels follow both the bell curve (a standard
    deviation each) and the function (finer towards z = 0, and never across a kink).

    Args:      f: maps z (n,) to values (..., n). std: at least 0. kinks: where f is not smooth.
    Returns:   the mean, (...); nan where std is not finite. Relative error about 1e-12 for this project's activations.
    """
    if std == 0 or not np.isfinite(std):
        return f(np.zeros(1))[..., 0] + 0.0 * std
    edges = _panel_edges(std, kinks)
    middle, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
    g = (middle[:, None] + half[:, None] * NODES).ravel()
    weights = (half[:, None] * WEIGHTS).ravel() * np.exp(-0.5 * g * g) / math.sqrt(2 * math.pi)
    return f(std * g) @ weights


def _panel_edges(std: float, kinks: tuple[float, ...]) -> np.ndarray:
    """Panels for g within ±REACH: whole numbers, the kinks, and the powers of 2 on the scale of z."""
    bell = np.arange(-REACH, REACH + 1)
    powers = np.arange(FINEST, math.log2(REACH) + math.log2(std))
    octaves = np.exp2(powers - math.log2(std))
    edges = np.concatenate([bell, octaves, -octaves, np.array(kinks) / std])
    return np.unique(edges[np.abs(edges) <= REACH])
