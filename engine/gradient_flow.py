"""How large the gradient of each layer is in deep random networks: many seeds as one stack, and nothing else.

These are the networks of engine.signal, seed for seed; without its histograms, and with all seeds in one matrix
product, they are several times as fast, so that a picture can follow a hand that drags the depth.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine import errors
from engine.arrays import seal
from engine.mean_field import MeanField, mean_field
from engine.signal import MAX_DEPTH, SignalConfig
from engine.weight_schemes import Initializer

MAX_WIDTH, MAX_SAMPLES = 128, 100
LAYERS = 24  # whose weights are kept
FLOAT32_SMALLEST = float(np.finfo(np.float32).smallest_subnormal)  # 1.4e-45; below half of it, float32 has 0


@dataclass(frozen=True)
class GradientFlow:
    """The gradient at layers 1 to depth, from L = 1/n_samples * sum of r * a_depth with r ~ N(0, 1); read-only.

    dz_std:       (n_seeds, depth), standard deviation of the gradient by z, before the division by n_samples.
    dW_norm:      (n_seeds, depth), of the gradient by the weights: root of the sum of squares.
    diverged_at:  (n_seeds,), the first layer, from 0, with a z that is not finite, else -1; all figures are nan then.
    predicted_dz, predicted_dW: (depth,), root mean squares from mean-field theory, for very wide layers.
    """

    dz_std: np.ndarray
    dW_norm: np.ndarray
    diverged_at: np.ndarray
    predicted_dz: np.ndarray
    predicted_dW: np.ndarray


@dataclass(frozen=True)
class Band:
    """The middle and the spread of one figure over seeds, (depth,) each; read-only.

    n_zero: how many networks have exactly 0 there; they count for median, low and high.
    n_lost: how many networks are left out everywhere, since a number of theirs is not finite.
    """

    median: np.ndarray
    low: np.ndarray
    high: np.ndarray
    n_zero: np.ndarray
    n_lost: int


def gradient_flow(config: SignalConfig) -> GradientFlow:
    """Send random inputs forward and a random gradient back through all networks of `config` at once.

        z = a_prev @ W,   a = f(z);   dz = da * f'(z),   dW = a_prev^T @ dz / n_samples,   da_prev = dz @ W^T

    Args:      config: width at most 128, samples at most 100; bins and histogram_range play no part.
    Returns:   GradientFlow, with the figures of engine.signal.study.
    Raises:    InputError: out_of_range.
    Source:    Glorot and Bengio (2010), section 4.2.1.
    """
    errors.whole("width", config.width, 1, MAX_WIDTH)
    errors.whole("n_samples", config.n_samples, 1, MAX_SAMPLES)
    weights = [_weights(config.initializer, config.width, config.seeds, layer) for layer in range(config.depth)]
    with np.errstate(all="ignore"):  # overflow is allowed to happen, and found in the figures
        a, z, diverged_at = _forward(config, weights)
        dz_std, dW_norm = _backward(config, weights, a, z)
        dz_std[diverged_at >= 0] = dW_norm[diverged_at >= 0] = np.nan
        theory = mean_field(config.activation, config.initializer, config.depth, config.width)
        predicted_dW = _predicted_norm(config, theory)
    return GradientFlow(*map(seal, (dz_std, dW_norm, diverged_at, theory.dz_std, predicted_dW)))


def band(figure: np.ndarray, low: float = 0.1, high: float = 0.9) -> Band:
    """Median and two quantiles over seeds, each the value of one of the networks: nothing is interpolated.

    Args:      figure: (n_seeds, depth), at least 0, nan or infinite where a network is lost.
               low, high: 0 to 1; 0 and 1 are the smallest and the largest.
    Returns:   Band; nan everywhere where no network is left.
    Raises:    InputError: out_of_range.
    """
    low, high = errors.numbers("quantiles", (low, high), 0.0, 1.0)
    kept = figure[np.isfinite(figure).all(axis=1)]
    n_lost = len(figure) - len(kept)
    shown = kept if len(kept) else np.full((1, figure.shape[1]), np.nan)
    quantiles = np.quantile(shown, (0.5, low, high), axis=0, method="inverted_cdf")
    return Band(*map(seal, quantiles), seal((shown == 0).sum(axis=0)), n_lost)


def per_layer(sizes: np.ndarray) -> float:
    """By what each layer multiplies the gradient on its way back, on geometric average over all steps.

        (sizes_1 / sizes_depth)^(1 / (depth - 1))

    Args:      sizes: (depth,), such as a Band's median.
    Returns:   the factor; nan for a single layer, and where the last size is 0 or one of both is not finite.
    """
    first, last, steps = float(sizes[0]), float(sizes[-1]), len(sizes) - 1
    if not steps or not last > 0 or not np.isfinite([first, last]).all():
        return math.nan
    return math.exp((math.log(first) - math.log(last)) / steps) if first > 0 else 0.0


def n_zero_in_float32(sizes: np.ndarray) -> int:
    """In how many layers a float64 above 0 would be 0 in float32."""
    return int(((sizes > 0) & (sizes.astype(np.float32) == 0)).sum())


def _forward(config: SignalConfig, weights: list[np.ndarray]) -> tuple[list, list, np.ndarray]:
    """Inputs and activations of all layers, their pre-activations, and where networks diverge."""
    a, z = [_normal(config, 0)], []
    diverged_at = np.full(len(config.seeds), -1)
    for layer, W in enumerate(weights):
        z.append(a[-1] @ W)
        a.append(config.activation.apply(z[-1], np.empty_like(z[-1])))
        lost = ~np.isfinite(z[-1]).all(axis=(1, 2))
        diverged_at[lost & (diverged_at < 0)] = layer
    return a, z, diverged_at


def _backward(config: SignalConfig, weights: list, a: list, z: list) -> tuple[np.ndarray, np.ndarray]:
    dz_std, dW_norm = np.empty((2, len(config.seeds), config.depth))
    da = _normal(config, MAX_DEPTH + 1)
    for layer in reversed(range(config.depth)):
        dz = config.activation.slope(z[layer], a[layer + 1], np.empty_like(z[layer]))
        dz *= da
        scaled, largest = _scaled(dz)
        dz_std[:, layer] = largest * scaled.std(axis=1)
        scaled, largest = _scaled(a[layer].swapaxes(1, 2) @ dz)
        dW_norm[:, layer] = largest / config.n_samples * np.sqrt(np.einsum("sn,sn->s", scaled, scaled))
        if layer:  # nobody asks for the gradient by the inputs
            da = dz @ weights[layer].swapaxes(1, 2)
    return dz_std, dW_norm


def _scaled(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each seed's numbers in a row, divided by the largest, and the largest: squares of 1e-200 would be 0."""
    flat = x.reshape(len(x), -1)
    largest = np.abs(flat).max(axis=1)
    return flat / np.where(largest > 0, largest, 1.0)[:, None], largest


def _predicted_norm(config: SignalConfig, theory: MeanField) -> np.ndarray:
    """The gradient by the weights in theory: width^2 entries, each a mean over samples of independent a_prev dz.

    E[|dW|^2] = width^2 E[a_prev^2] E[dz^2] / n_samples, for the r of different samples are independent.
    """
    squares = np.append(1.0, theory.mean**2 + theory.std**2)[:-1]
    return config.width * np.sqrt(squares / config.n_samples) * theory.dz_std


def _weights(initializer: Initializer, width: int, seeds: tuple[int, ...], layer: int) -> np.ndarray:
    """A layer's weights in all networks, (n_seeds, width, width); drawing them takes as long as all the rest.

    The first LAYERS are kept for the next activation or depth: 35 MB, for eleven seeds of the widest networks.
    """
    return (_kept if layer < LAYERS else _drawn)(initializer, width, seeds, layer)


def _drawn(initializer: Initializer, width: int, seeds: tuple[int, ...], layer: int) -> np.ndarray:
    drawn = [initializer.draw(np.random.default_rng((seed, 1 + layer)), width, width) for seed in seeds]
    return seal(np.stack(drawn))


_kept = lru_cache(maxsize=LAYERS)(_drawn)


def _normal(config: SignalConfig, stream: int) -> np.ndarray:
    shape = (config.n_samples, config.width)
    return np.stack([np.random.default_rng((seed, stream)).standard_normal(shape) for seed in config.seeds])
