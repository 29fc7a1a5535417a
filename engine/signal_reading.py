"""What is read off a study of deep random networks: histograms with nothing dropped, a verdict, a layer of theory."""

import math
from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.activations import Activation
from engine.arrays import seal
from engine.histograms import count
from engine.mean_field import MeanField
from engine.seed_bands import over_seeds
from engine.signal import MAX_DEPTH, SignalConfig, SignalResult
from engine.weight_schemes import Initializer

MARGIN = 10.0  # a size that changes by more than this factor, from the first to the last layer, vanishes or explodes
KEPT = 2.0  # one that changes by no more than this factor is kept
MOSTLY = 0.75  # so large a share of saturated outputs is told
VANISHES, SHRINKS, KEEPS, GROWS, EXPLODES, OVERFLOWS, NOTHING = VERDICTS = (
    "vanishes",
    "shrinks",
    "keeps",
    "grows",
    "explodes",
    "overflows",
    "nothing",
)


@dataclass(frozen=True, eq=False)
class LayerHistograms:
    """Shares of all numbers of a layer, over all networks that reached it; read-only.

    shares + zero + below + above sum to 1 in each layer, to nan in one that no network reached.

    layers: from 0, (n,). edges: of the bins, (bins + 1,). shares: (n, bins), without exact zeros.
    zero, below, above: (n,). numbers: how many a layer had, (n,).
    """

    layers: tuple[int, ...]
    edges: np.ndarray
    shares: np.ndarray
    zero: np.ndarray
    below: np.ndarray
    above: np.ndarray
    numbers: np.ndarray

    @property
    def inside(self) -> np.ndarray:
        """The share that the bins hold, (n,)."""
        return self.shares.sum(axis=1)


@dataclass(frozen=True)
class Verdict:
    """What became of a signal and of its gradient: one of VERDICTS each, and the factor it was judged by.

    signal:   the spread over samples in the last layer, divided by that in the first.
    gradient: the standard deviation of dz in the first layer, divided by that in the last.
    signal_a_layer, gradient_a_layer: the factor of one layer that, layer after layer, gives these.
    saturated: share of saturated outputs in the last layer, the median too.
    """

    signal: str
    gradient: str
    signal_factor: float
    gradient_factor: float
    signal_a_layer: float
    gradient_a_layer: float
    saturated: float


@dataclass(frozen=True)
class LayerTheory:
    """One layer of the recursion, with every number in it."""

    sigma_w2: float  # width * Var(w)
    signal: float  # E[a^2] of the layer below; of the inputs 1
    q: float  # variance of z
    slope: float  # E[f'(z)^2]
    chi: float


def shown_range(activation: Activation, reach: float) -> tuple[float, float]:
    """One range for the histograms of all layers: from -reach to reach, cut off where f ends.

    Args:    reach: above 0.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    """
    reach = errors.number("reach", reach, 0.0, open_low=True)
    lowest, highest = activation.range
    return max(lowest, -reach), min(highest, reach)


def shown_layers(depth: int, most: int) -> tuple[int, ...]:
    """At most `most` layers, from 0, evenly spread from the first to the last.

    Args:    depth: 1 to 50. most: 2 to 50.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    """
    depth, most = errors.whole("depth", depth, 1, MAX_DEPTH), errors.whole("most", most, 2, MAX_DEPTH)
    return tuple(np.unique(np.linspace(0, depth - 1, min(most, depth)).round().astype(int)).tolist())


def activation_histograms(config: SignalConfig, result: SignalResult, layers: tuple[int, ...]) -> LayerHistograms:
    """The activations of some layers. The config has a histogram_range, the same for all of them."""
    low, high = config.histogram_range
    at_zero = count(np.zeros(1), low, high, config.bins)  # the place of an exact 0: it is shown by itself
    zero = result.zero[:, layers].sum(axis=0)
    parts = np.column_stack([part[:, layers].sum(axis=0) for part in (result.below, result.counts, result.above)])
    return _shares(config, (low, high), layers, parts - np.outer(zero, at_zero), zero)


def gradient_histograms(config: SignalConfig, result: SignalResult, layers: tuple[int, ...]) -> LayerHistograms:
    """log10 |dz| of some layers. The config has a gradient_range."""
    parts = (result.dz_below, result.dz_counts, result.dz_above)
    counts = np.column_stack([part[:, layers].sum(axis=0) for part in parts])
    return _shares(config, config.gradient_range, layers, counts, result.dz_zero[:, layers].sum(axis=0))


def _shares(
    config: SignalConfig, limits: tuple[float, float], layers: tuple[int, ...], counts: np.ndarray, zero: np.ndarray
) -> LayerHistograms:
    numbers = counts.sum(axis=1) + zero
    with np.errstate(invalid="ignore"):
        below, shares, above = np.split(counts / numbers[:, None], [1, config.bins + 1], axis=1)
        zero = zero / numbers
    edges = np.linspace(*limits, config.bins + 1)
    return LayerHistograms(layers, *map(seal, (edges, shares, zero, below[:, 0], above[:, 0], numbers)))


def verdict(result: SignalResult) -> Verdict:
    """Whether the signal and the gradient vanish, explode or keep their size, by the median over the networks.

    Convention: kept where the factor is between 1/KEPT and KEPT, vanished or exploded beyond 1/MARGIN or MARGIN, and
        between these it shrinks or grows; it overflows where in half of the networks or more a number leaves float64;
        nothing where there is no size to compare with: all samples are alike.
    """
    signal, signal_factor = _judged(result.sample_std[:, -1], result.sample_std[:, 0])
    gradient, gradient_factor = _judged(result.dz_std[:, 0], result.dz_std[:, -1])
    saturated = float(over_seeds(result.saturated[:, -1]).median)
    a_layer = 1 / (result.dz_std.shape[1] - 1)
    per_layer = signal_factor**a_layer, gradient_factor**a_layer
    return Verdict(signal, gradient, signal_factor, gradient_factor, *per_layer, saturated)


def _judged(end: np.ndarray, start: np.ndarray) -> tuple[str, float]:
    if not np.any(start):  # all 0; nan is not
        return NOTHING, math.nan
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        factor = float(over_seeds(end / start).median)
    if math.isinf(factor):
        return OVERFLOWS, factor
    return _size(factor), factor


def _size(factor: float) -> str:
    if factor < 1 / KEPT:
        return VANISHES if factor < 1 / MARGIN else SHRINKS
    if factor > KEPT:
        return EXPLODES if factor > MARGIN else GROWS
    return KEEPS


def layer_theory(theory: MeanField, initializer: Initializer, width: int, layer: int) -> LayerTheory:
    """The recursion at one layer.

        q_l = sigma_w^2 E[a_{l-1}^2],   chi_l = sigma_w^2 E[f'(sqrt(q_l) g)^2]

    Args:    theory: of a network with these weights. layer: from 0.
    Raises:  InputError: out_of_range.
    """
    layer = errors.whole("layer", layer, 0, len(theory.chi) - 1)
    sigma_w2 = width * initializer.std(width, width) ** 2
    signal = float(theory.mean[layer - 1] ** 2 + theory.std[layer - 1] ** 2) if layer else 1.0
    chi = float(theory.chi[layer])
    slope = chi / sigma_w2 if sigma_w2 else math.nan
    return LayerTheory(sigma_w2, signal, float(theory.z_std[layer] ** 2), slope, chi)
