"""How a signal and its gradient fare in a deep network of random weights, layer by layer.

The network is never held in one piece. A layer's weights are drawn from a seed of their own, (seed, layer), so the
way back can draw them again. Of the activations, the way forward keeps the inputs of a few segments; the way back
computes a segment again from there. That costs one more forward pass, and 50 layers of 512 units fit in 150 MB.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engine import errors
from engine.activations import Activation, Tanh
from engine.arrays import seal
from engine.cost import Cost, of_numbers
from engine.histograms import MAX_BINS, count
from engine.initializers import NAMED
from engine.mean_field import MeanField, mean_field
from engine.weight_schemes import Initializer, Orthogonal

MAX_DEPTH, MAX_WIDTH, MAX_SAMPLES, MAX_SEEDS, MAX_SEED = 50, 512, 1000, 20, 2**32 - 1
MAX_PRODUCTS = 70_000_000_000  # multiplications of one forward pass, all seeds: 5 seeds of the largest network
KEPT_ACTIVATIONS = 8_000_000  # numbers of one segment, 64 MB; a smaller network is one segment
KEPT_WEIGHTS = 4_000_000  # numbers, 32 MB: the last layers' weights, needed first on the way back, are not redrawn
SATURATED = 0.05  # share of the largest slope
# What one number takes on its way, in operations of engine.cost (measured): a product inside a matrix product, drawing
# a weight, everything that is done to one activation and its gradient.
PER_PRODUCT, PER_WEIGHT, PER_ACTIVATION, PER_LAYER = 0.04, 15.0, 80.0, 200_000.0
PER_ROTATION = 0.35  # an orthogonal matrix, divided by the cube of its width
SPREAD = 4.0  # standard deviations to both sides that a histogram shows, where f has no limits of its own


@dataclass(frozen=True)
class SignalConfig:
    """A deep network without biases, with as many units in every layer as inputs, and inputs from N(0, 1).

    Args:
        depth:           layers, 1 to 50.
        width:           units of each, 1 to 512.
        n_samples:       1 to 1000.
        activation, initializer: of every layer.
        seeds:           1 to 20 whole numbers; each gives a network and inputs of its own.
        bins:            of each histogram, 1 to 1000.
        histogram_range: (low, high) of all histograms; None lets each layer choose: the range of f where it is
                         bounded, else mean ± 4 standard deviations, cut off where f ends.
        gradient_range:  (low, high) of log10 |dz| in the histograms of all layers; None makes none of gradients.
    Raises: InputError: a value out of range, or altogether more than MAX_PRODUCTS multiplications.
    """

    depth: int = 10
    width: int = 100
    n_samples: int = 500
    activation: Activation = field(default_factory=Tanh)
    initializer: Initializer = NAMED["xavier_normal"]
    seeds: tuple[int, ...] = (0,)
    bins: int = 50
    histogram_range: tuple[float, float] | None = None
    gradient_range: tuple[float, float] | None = None

    def __post_init__(self):
        errors.whole("depth", self.depth, 1, MAX_DEPTH)
        errors.whole("width", self.width, 1, MAX_WIDTH)
        errors.whole("n_samples", self.n_samples, 1, MAX_SAMPLES)
        errors.whole("number of seeds", len(self.seeds), 1, MAX_SEEDS)
        for seed in self.seeds:
            errors.whole("seed", seed, 0, MAX_SEED)
        errors.whole("bins", self.bins, 1, MAX_BINS)
        products = self.depth * self.width**2 * self.n_samples * len(self.seeds)
        errors.whole("number of multiplications", products, 1, MAX_PRODUCTS)
        for limits in (self.histogram_range, self.gradient_range):
            if limits is not None:
                count(np.empty(0), *limits, self.bins)  # refuses a range it could not use

    @property
    def cost(self) -> Cost:
        """Of all seeds, one after another; what a network holds while it is studied is given back."""
        layers, runs = self.depth * len(self.seeds), 3 if len(self.segments) == 1 else 4  # forward, (again,) dW, back
        products = runs * self.width**2 * self.n_samples
        draws = 1 if self.depth * self.width**2 <= KEPT_WEIGHTS else 2  # what is not kept is drawn again
        drawing = PER_WEIGHT * self.width**2
        if isinstance(self.initializer, Orthogonal):
            drawing += PER_ROTATION * self.width**3
        operations = PER_PRODUCT * products + draws * drawing + PER_ACTIVATION * self.n_samples * self.width
        held = 3 * len(self.segments[0]) * self.n_samples * self.width
        held += min(KEPT_WEIGHTS, self.depth * self.width**2) + 6 * self.n_samples * self.width
        kept = layers * (2 * self.bins + 20)
        whole = of_numbers(layers * (operations + PER_LAYER), held + kept)
        return Cost(whole.operations, whole.megabytes, of_numbers(0.0, kept).megabytes)

    @property
    def segments(self) -> list[range]:
        """The layers in groups whose z and a are in memory together: the fewest that fit, at most sqrt(depth)."""
        fitting = KEPT_ACTIVATIONS // (2 * self.n_samples * self.width)
        length = max(fitting, math.isqrt(self.depth - 1) + 1)
        return [range(start, min(start + length, self.depth)) for start in range(0, self.depth, length)]


@dataclass(frozen=True)
class SignalResult:
    """Figures of every layer, (n_seeds, depth) each unless stated; read-only.

    The gradients are those of L = 1/n_samples * sum of r * a_depth, with r ~ N(0, 1) of a_depth's shape; dz is taken
    before the division by n_samples, as the gradient of one sample's own sum.

    mean, std:        of the activations a, over samples and units.
    sample_std:       of a over the samples alone, root mean square over the units: how far samples are still apart.
    z_std:            of the pre-activations.
    dead:             share of units whose output is 0 for every sample.
    saturated:        share of outputs whose slope is at most 5% of the largest that f has.
    counts:           histogram of a, (n_seeds, depth, bins); from `low` to `high`.
    below, above:     numbers of outputs outside of the histogram.
    zero:             number of outputs that are exactly 0; `counts` has them too.
    dz_std:           of the gradient by z.
    dz_counts, dz_below, dz_above: the same for log10 |dz|, over the config's gradient_range; 0 without one.
    dz_zero:          number of gradients that are exactly 0, which no logarithm shows; in none of the three above.
    dW_norm, dW_std:  of the gradient by the weights: root of the sum of squares, standard deviation.
    diverged_at:      (n_seeds,) the first layer, from 0, with a z that is not finite, -1 where there is none; its
                      figures and those of the layers above, and all gradients, are nan, and its histograms empty.
    predicted:        the same from theory, without any drawing.
    """

    mean: np.ndarray
    std: np.ndarray
    sample_std: np.ndarray
    z_std: np.ndarray
    dead: np.ndarray
    saturated: np.ndarray
    counts: np.ndarray
    below: np.ndarray
    above: np.ndarray
    zero: np.ndarray
    low: np.ndarray
    high: np.ndarray
    dz_std: np.ndarray
    dz_counts: np.ndarray
    dz_below: np.ndarray
    dz_above: np.ndarray
    dz_zero: np.ndarray
    dW_norm: np.ndarray
    dW_std: np.ndarray
    diverged_at: np.ndarray
    predicted: MeanField


_predicted = lru_cache(maxsize=64)(mean_field)  # the same for all seeds


def study(config: SignalConfig) -> SignalResult:
    """Send random inputs forward and a random gradient back through a deep network of random weights.

        z = a_prev @ W,   a = f(z);   dz = da * f'(z),   dW = a_prev^T @ dz / n_samples,   da_prev = dz @ W^T

    Args:      config: what to build; the same config gives the same result.
    Returns:   SignalResult; the seeds are its first axis.
    Source:    Glorot and Bengio (2010), section 4; He et al. (2015), section 2.2.
    """
    with np.errstate(all="ignore"):  # overflow is allowed to happen, and found in the figures
        measured = [_Network(config, seed).study() for seed in config.seeds]
    stacked = {name: seal(np.stack([figures[name] for figures in measured])) for name in measured[0]}
    predicted = _predicted(config.activation, config.initializer, config.depth, config.width)
    return SignalResult(**stacked, predicted=predicted)


def joined(results: Sequence[SignalResult]) -> SignalResult:
    """The results of configs that differ in their seeds alone, as one result with all the seeds."""
    names = [entry.name for entry in fields(SignalResult) if entry.name != "predicted"]
    together = {name: seal(np.concatenate([getattr(result, name) for result in results])) for name in names}
    return SignalResult(**together, predicted=results[0].predicted)


class _Step(NamedTuple):
    """What one layer did on the way forward."""

    layer: int
    a_prev: np.ndarray
    z: np.ndarray
    a: np.ndarray


class _Network:
    """One network, from one seed."""

    def __init__(self, config: SignalConfig, seed: int):
        self.config, self.seed = config, seed
        self._first_kept = config.depth - KEPT_WEIGHTS // config.width**2
        self._kept: dict[int, np.ndarray] = {}
        names = [entry.name for entry in fields(SignalResult) if entry.name != "predicted"]
        self.figures = {name: np.full(config.depth, np.nan) for name in names}
        for name in ("counts", "dz_counts"):
            self.figures[name] = np.zeros((config.depth, config.bins), dtype=np.int64)
        for name in ("below", "above", "zero", "dz_below", "dz_above", "dz_zero"):
            self.figures[name] = np.zeros(config.depth, dtype=np.int64)
        self.figures["diverged_at"] = np.array(-1)

    def study(self) -> dict[str, np.ndarray]:
        """Forward, then back; the figures."""
        a = self._normal(0)
        checkpoints, steps = [], []
        for segment in self.config.segments:
            checkpoints.append(a)
            steps.clear()  # lets go of the last segment before the next one is made
            self._forward(a, segment, steps, self._look_at_signal)
            if self.figures["diverged_at"] >= 0:
                return self.figures
            a = steps[-1].a
        da = self._normal(MAX_DEPTH + 1)
        for segment in reversed(self.config.segments):
            a = checkpoints.pop()
            if not steps:
                self._forward(a, segment, steps)
            da = self._backward(da, steps)
        return self.figures

    def _forward(
        self, a: np.ndarray, layers: range, steps: list[_Step], look: Callable[[_Step], None] | None = None
    ) -> None:
        """Append a step for each layer, beginning with the input `a` of the first; stop where z is not finite."""
        for layer in layers:
            z = a @ self._weights(layer)
            step = _Step(layer, a, z, self.config.activation.apply(z, np.empty_like(z)))
            steps.append(step)
            if look:
                look(step)
            if self.figures["diverged_at"] >= 0:
                return
            a = step.a

    def _backward(self, da: np.ndarray, steps: list[_Step]) -> np.ndarray:
        """Use up the steps, last one first; return the gradient by the input of the first one."""
        while steps:
            layer, a_prev, z, a = steps.pop()
            dz = self.config.activation.slope(z, a, np.empty_like(z))
            largest = self.config.activation.steepest.slope
            self.figures["saturated"][layer] = (np.abs(dz) <= SATURATED * largest).mean()
            dz *= da
            dW = a_prev.T @ dz
            dW /= self.config.n_samples
            self.figures["dz_std"][layer] = _spread(dz).std
            self._count_gradients(dz, layer)
            _, self.figures["dW_std"][layer], self.figures["dW_norm"][layer] = _spread(dW)
            if layer:  # nobody asks for the gradient by the inputs
                da = dz @ self._weights(layer).T
        return da

    def _count_gradients(self, dz: np.ndarray, layer: int) -> None:
        if self.config.gradient_range is None:
            return
        size = np.abs(dz).ravel()
        size = size[size != 0]
        size[np.isnan(size)] = np.inf  # infinity times 0: it has grown out of float64 as well
        below, *counts, above = count(np.log10(size, out=size), *self.config.gradient_range, self.config.bins)
        seen = {"below": below, "counts": counts, "above": above, "zero": dz.size - size.size}
        for name, value in seen.items():
            self.figures[f"dz_{name}"][layer] = value

    def _look_at_signal(self, step: _Step) -> None:
        z_std = _spread(step.z).std
        if not np.isfinite(z_std):
            self.figures["diverged_at"] = np.array(step.layer)
            return
        mean, std, _ = _spread(step.a)
        low, high = self.config.histogram_range or _histogram_range(self.config.activation, mean, std)
        below, *counts, above = count(step.a, low, high, self.config.bins)
        firing = step.a != 0
        seen = {"mean": mean, "std": std, "sample_std": _sample_std(step.a), "z_std": z_std}
        seen |= {"dead": 1.0 - firing.any(axis=0).mean(), "zero": firing.size - np.count_nonzero(firing)}
        seen |= {"low": low, "high": high, "below": below, "counts": counts, "above": above}
        for name, value in seen.items():
            self.figures[name][step.layer] = value

    def _weights(self, layer: int) -> np.ndarray:
        """The weights of a layer, drawn from its own seed: the same at every call."""
        if layer in self._kept:
            return self._kept[layer]
        W = self.config.initializer.draw(self._rng(1 + layer), self.config.width, self.config.width)
        if layer >= self._first_kept:
            self._kept[layer] = W
        return W

    def _normal(self, stream: int) -> np.ndarray:
        return self._rng(stream).standard_normal((self.config.n_samples, self.config.width))

    def _rng(self, stream: int) -> np.random.Generator:
        return np.random.default_rng((self.seed, stream))


class _Spread(NamedTuple):
    mean: float
    std: float
    norm: float  # root of the sum of squares


def _spread(x: np.ndarray) -> _Spread:
    """Mean, standard deviation and norm. Scaled by the largest value first: squares of 1e-200 would be 0."""
    largest = max(x.max(), -x.min())
    if largest == 0 or not np.isfinite(largest):
        return _Spread(largest, largest, largest)
    scaled = (x / largest).ravel()
    mean, norm = scaled.mean(), math.sqrt(scaled @ scaled)  # a dot product squares and sums in one pass
    scaled -= mean
    return _Spread(largest * mean, largest * math.sqrt(scaled @ scaled / x.size), largest * norm)


def _sample_std(a: np.ndarray) -> float:
    """The root of the mean, over units, of the variance over samples; scaled as in `_spread`."""
    largest = max(a.max(), -a.min())
    if largest == 0 or not np.isfinite(largest):
        return largest
    scaled = a / largest
    scaled -= scaled.mean(axis=0)
    scaled = scaled.ravel()
    return largest * math.sqrt(scaled @ scaled / a.size)


def _histogram_range(activation: Activation, mean: float, std: float) -> tuple[float, float]:
    """What a histogram shows of outputs with this mean and standard deviation, where nobody says otherwise."""
    lowest, highest = activation.range
    if np.isfinite([lowest, highest]).all():
        return lowest, highest
    half = SPREAD * std or 0.5 * abs(mean) or 0.5
    return max(mean - half, lowest), min(mean + half, highest)
