"""Dropout on a network so small that all its masks can be counted: one mask, many masks, all masks.

A network with n droppable units has 2^n masks; with few units the mean and the spread of its output over all of them
are exact numbers, and what chance makes of some thousand masks can be laid beside them.
"""

import itertools
from dataclasses import dataclass, replace

import numpy as np

from engine.activations import activation
from engine.architecture import Architecture
from engine.arrays import seal
from engine.cost import Cost, of_numbers
from engine.errors import number, numbers, one_of, whole
from engine.experiment import random_start
from engine.layers import KINDS, Dropout
from engine.losses import HalfSquaredError
from engine.network import Network, Trace
from engine.samples import MAX_SEED

NETWORKS = {"one": (2, 4, 1), "two": (2, 4, 4, 1)}
HIDDEN = ("tanh", "relu", "sigmoid", "linear")
OUTPUTS = ("linear", "sigmoid")
X, TARGET = (1.0, 0.5), 1.0
MOST_RATE, MOST_MASKS, MOST_INPUT = 0.9, 5000, 3.0
RATES = tuple(step / 50 for step in range(46))  # of the curve over the drop rate: 0 to 0.9
MASKS = 2  # the stream of a seed that the masks come from; the weights are the seed's own


@dataclass(frozen=True)
class DropoutNet:
    """A network 2-4-1 or 2-4-4-1 with dropout on its hidden layers, and one sample.

        z = a_prev @ W,  a = f(z),  then dropout;  weights N(0, 1) rounded to two decimals, biases 0

    Args:
        network: "one" or "two" hidden layers. hidden, output: activations, of HIDDEN and OUTPUTS.
        drop_rate: probability of zeroing, 0 to 0.9. kind: "inverted" or "classic".
        seed: of weights and masks, 0 to 2^32 - 1. x: two inputs, within +-3.
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name.
    """

    network: str = "two"
    hidden: str = "tanh"
    output: str = "linear"
    kind: str = "inverted"
    drop_rate: float = 0.5
    seed: int = 0
    x: tuple[float, float] = X

    def __post_init__(self):
        one_of("network", self.network, NETWORKS)
        one_of("hidden", self.hidden, HIDDEN)
        one_of("output", self.output, OUTPUTS)
        one_of("kind", self.kind, KINDS)
        number("drop_rate", self.drop_rate, 0.0, 1.0, open_high=True)
        whole("seed", self.seed, 0, MAX_SEED)
        numbers("x", self.x, -MOST_INPUT, MOST_INPUT)

    @property
    def sizes(self) -> tuple[int, ...]:
        return NETWORKS[self.network]

    @property
    def units(self) -> int:
        """Units that can be dropped."""
        return sum(self.sizes[1:-1])

    @property
    def architecture(self) -> Architecture:
        activations = (activation(self.hidden),) * (len(self.sizes) - 2) + (activation(self.output),)
        return Architecture(self.sizes, activations, dropout=Dropout(min(self.drop_rate, 0.99), self.kind))

    @property
    def scale(self) -> float:
        """What a kept unit is multiplied by in training: 1 / (1 - drop_rate), or 1 where it is classic."""
        return 1 / (1 - self.drop_rate) if self.kind == "inverted" else 1.0

    @property
    def testing_scale(self) -> float:
        """What every unit is multiplied by in evaluation."""
        return 1.0 if self.kind == "inverted" else 1 - self.drop_rate

    @property
    def exact(self) -> bool:
        """Whether the mean over all masks is the output in evaluation: where every step behind a mask is linear, or
        no unit is ever dropped."""
        return self.drop_rate == 0 or self.linear_behind

    @property
    def linear_behind(self) -> bool:
        """Whether every step behind a mask is linear."""
        return self.output == "linear" and (self.network == "one" or self.hidden == "linear")

    @property
    def masks_cost(self) -> Cost:
        """Of `over_masks`: drawing, passing and averaging."""
        return _cost(self, MOST_MASKS + 2**self.units)

    @property
    def rates_cost(self) -> Cost:
        """Of `over_rates`."""
        return _cost(self, len(RATES) * (2**self.units + 1))


def _cost(config: DropoutNet, masks: int) -> Cost:
    """An activation counts as some 60 multiplications, the making of a network as three million."""
    per_mask = sum(fan_in * fan_out + 90 * fan_out for fan_in, fan_out in config.architecture.fans)
    return of_numbers(3e6 + masks * per_mask, 12 * masks * sum(config.sizes))


# masks --------------------------------------------------------------------------------------------------------


def mask(config: DropoutNet, which: int) -> np.ndarray:
    """Mask number `which`, (units,): 1 keeps a unit, 0 drops it.

    Args:   which: 1 to 5,000.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    return _drawn(config)[whole("mask", which, 1, MOST_MASKS) - 1]


def _drawn(config: DropoutNet) -> np.ndarray:
    """The masks 1 to MOST_MASKS. A unit falls where its random number is below the rate: a higher rate drops it too."""
    chance = np.random.default_rng([config.seed, MASKS]).random((MOST_MASKS, config.units))
    return (chance >= config.drop_rate).astype(float)


def all_masks(units: int) -> np.ndarray:
    """Every mask there is, (2^units, units).

    Args:   units: 1 to 12.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    return np.array(list(itertools.product((0.0, 1.0), repeat=whole("units", units, 1, 12))))


def probabilities(masks: np.ndarray, drop_rate: float) -> np.ndarray:
    """How probable each mask is:  drop_rate^dropped (1 - drop_rate)^kept.

    Args: masks: (n, units). Returns: (n,).
    """
    kept = masks.sum(axis=1)
    return drop_rate ** (masks.shape[1] - kept) * (1 - drop_rate) ** kept


# passes -------------------------------------------------------------------------------------------------------


def trace(config: DropoutNet, masks=None) -> Trace:
    """One forward and backward pass, every number of it; the loss is half the squared error of the target 1.

    Args:   masks: (n, units), a pass each; None: evaluation, one pass.
    """
    network = _network(config, masks)
    return network.trace(HalfSquaredError("sum"), np.full((network.n_samples, 1), TARGET))


def passed(config: DropoutNet, which: int | None) -> Trace:
    """The pass with mask number `which`, or with all units at work: None.

    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    return trace(config, None if which is None else mask(config, which)[None])


def outputs(config: DropoutNet, masks=None) -> np.ndarray:
    """The output for each mask, (n,); None: in evaluation, (1,)."""
    return _network(config, masks).forward()[:, 0].copy()


def _network(config: DropoutNet, masks) -> Network:
    n = 1 if masks is None else len(masks)
    network = Network(config.architecture, random_start(config.sizes, config.seed), np.tile(config.x, (n, 1)))
    if masks is None:
        return network
    network.train()
    start = 0
    for (step,) in filter(None, network.steps):
        stop = start + step.mask.shape[-1]
        step.keep(masks[:, start:stop])
        start = stop
    return network


@dataclass(frozen=True)
class Unit:
    """One droppable unit in one pass; layer and unit count from 1.

    a: before dropout. kept: its mask, 1 or 0. factor: what a is multiplied by. passed: a * factor. gradient_passed,
    gradient: of the loss by `passed` and by a.
    """

    layer: int
    unit: int
    a: float
    kept: bool
    factor: float
    passed: float
    gradient_passed: float
    gradient: float


def units(of: Trace) -> list[Unit]:
    """The droppable units of a pass with one mask, first layer first."""
    found = []
    for layer, (step,) in enumerate(filter(None, of.steps), 1):
        factor = np.broadcast_to(step.factor, step.x.shape)
        table = zip(step.x[0], step.mask[0], factor[0], step.y[0], step.dy[0], step.dx[0], strict=True)
        for unit, (a, kept, *rest) in enumerate(table, 1):
            found.append(Unit(layer, unit, float(a), bool(kept), *map(float, rest)))
    return found


@dataclass(frozen=True, eq=False)
class Masks:
    """What the output is over many masks; read-only.

    Attributes:
        outputs: for the masks 1 to 5,000, (n,). evaluation: in evaluation.
        mean, std: over all masks there are, each with its probability: exact.
        at: some numbers of masks, (points,). running_mean: of the first `at` masks. error: the standard error of a mean
            of so many, std / sqrt(at).
    """

    outputs: np.ndarray
    evaluation: float
    mean: float
    std: float
    at: np.ndarray
    running_mean: np.ndarray
    error: np.ndarray

    @property
    def gap(self) -> float:
        """What remains between training on average and evaluation, however many masks there are."""
        return self.mean - self.evaluation

    @property
    def band(self) -> tuple[np.ndarray, np.ndarray]:
        """One standard error below and above the running mean."""
        return self.running_mean - self.error, self.running_mean + self.error

    def level(self, value: float) -> np.ndarray:
        """A number that no mask changes, at each of `at`."""
        return np.full(len(self.at), value)

    def mean_until(self, which: int) -> float:
        """The mean of the masks 1 to `which`."""
        return float(self.outputs[:which].mean())


def over_masks(config: DropoutNet) -> Masks:
    """The output over 5,000 random masks, and over all."""
    drawn = outputs(config, _drawn(config))
    mean, std = _exact(config)
    at = np.unique(np.geomspace(1, MOST_MASKS, 160).round().astype(int))
    running = (np.cumsum(drawn) / np.arange(1, MOST_MASKS + 1))[at - 1]
    arrays = map(seal, (at, running, std / np.sqrt(at)))
    return Masks(seal(drawn), float(outputs(config)[0]), mean, std, *arrays)


def _exact(config: DropoutNet) -> tuple[float, float]:
    """Mean and standard deviation of the output over all masks."""
    masks = all_masks(config.units)
    weight, values = probabilities(masks, config.drop_rate), outputs(config, masks)
    mean = float(weight @ values)
    return mean, float(np.sqrt(weight @ (values - mean) ** 2))


@dataclass(frozen=True, eq=False)
class Rates:
    """Mean and standard deviation over all masks, and the output in evaluation, (rates,) each; read-only."""

    rates: np.ndarray
    mean: np.ndarray
    std: np.ndarray
    evaluation: np.ndarray

    @property
    def widens(self) -> bool:
        """Whether a higher rate always brings a larger standard deviation."""
        return bool((np.diff(self.std) > 0).all())

    @property
    def band(self) -> tuple[np.ndarray, np.ndarray]:
        """One standard deviation below and above the mean."""
        return self.mean - self.std, self.mean + self.std


def over_rates(config: DropoutNet) -> Rates:
    """The same at the drop rates RATES; the config's own plays no part."""
    masks, each = all_masks(config.units), [replace(config, drop_rate=rate) for rate in RATES]
    # One pass for all rates: what a rate multiplies by stands in its masks, and the pass itself adds no factor.
    plain = replace(config, kind="classic", drop_rate=0.0)
    values = outputs(plain, np.concatenate([masks * one.scale for one in each])).reshape(len(RATES), len(masks))
    weights = np.stack([probabilities(masks, rate) for rate in RATES])
    mean = (weights * values).sum(axis=1)
    std = np.sqrt((weights * (values - mean[:, None]) ** 2).sum(axis=1))
    testing = outputs(plain, np.stack([np.full(config.units, one.testing_scale) for one in each]))
    return Rates(*map(seal, (np.array(RATES), mean, std, testing)))


def wrong_evaluation(config: DropoutNet) -> float:
    """The output in evaluation of a classic dropout that scales by the drop rate where the keep rate belongs."""
    return float(outputs(replace(config, kind="classic", drop_rate=1 - config.drop_rate))[0])


def rate_of_relative_spread(ratio: float) -> float:
    """The drop rate at which a*m/(1 - p) scatters `ratio` times as far as its mean a is large.

        std / |mean| = sqrt(p / (1 - p)) = ratio  ->  p = ratio^2 / (1 + ratio^2)

    Args:   ratio: 0 to 1000.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    square = number("ratio", ratio, 0.0, 1000.0) ** 2
    return square / (1 + square)
