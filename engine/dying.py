"""How ReLU units die in training, and what the same training does with leaky ReLU and with ELU.

Three networks start from the same weights and learn the same samples by the same rule; only the activation function
of their hidden layers differs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from engine import errors
from engine.activations import ELU, Activation, LeakyReLU, Linear, ReLU, Sigmoid
from engine.arrays import seal
from engine.cost import Cost, in_turn
from engine.datasets import circles, moons
from engine.dead_units import Life, watch
from engine.history import TrainingHistory
from engine.initializers import NAMED
from engine.losses import CrossEntropyWithLogits
from engine.momentum import SGD
from engine.network import Network, Trace
from engine.samples import Dataset
from engine.trainer import train
from engine.training_config import TrainingConfig

# alpha = 0.1 as in lecture note 002
COMPARED: Mapping[str, Activation] = MappingProxyType({f.name: f for f in (ReLU(), LeakyReLU(0.1), ELU(1.0))})
SAMPLES: Mapping[str, Dataset] = MappingProxyType({"moons": moons(80, 0.15), "circles": circles(80, 0.1)})
MAX_HIDDEN, MAX_WIDTH, MAX_UNITS, MAX_BIAS, MAX_RATE, MAX_SEED = 6, 24, 72, 3.0, 10.0, 999
EPOCHS = 120
DOSES = (0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 10.0)  # learning rates of `dose_response`
STARTS = tuple(range(8))  # its seeds
FAR = 5.0  # a z that is far from 0
LEARNED = 0.95  # accuracy from which on a network has learned the samples


@dataclass(frozen=True)
class DyingConfig:
    """One start and one rule, for all activations of COMPARED; hashable.

    Args:
        data: "moons" or "circles", 80 samples of two classes.
        hidden: hidden layers, 1 to 6. width: units of each, 1 to 24; at most 72 units in all.
        bias: of all hidden units at the start, -3 to 3; the output's starts at 0.
        learning_rate: of full-batch gradient descent, 0 to 10.
        seed: of the weights (He, normal), 0 to 999.
    Raises: InputError: unknown_name, not_a_number, not_finite, out_of_range.
    """

    data: str = "moons"
    hidden: int = 2
    width: int = 8
    bias: float = 0.0
    learning_rate: float = 3.0
    seed: int = 5

    def __post_init__(self):
        errors.one_of("data", self.data, SAMPLES)
        errors.whole("hidden layers", self.hidden, 1, MAX_HIDDEN)
        errors.whole("units of a layer", self.width, 1, MAX_WIDTH)
        errors.whole("hidden units", self.hidden * self.width, 1, MAX_UNITS)
        errors.number("bias", self.bias, -MAX_BIAS, MAX_BIAS)
        errors.number("learning_rate", self.learning_rate, 0.0, MAX_RATE)
        errors.whole("seed", self.seed, 0, MAX_SEED)

    @property
    def samples(self) -> Dataset:
        return SAMPLES[self.data]

    def training(self, code: str) -> TrainingConfig:
        """How the network with the activation `code` of COMPARED is trained: every epoch is kept."""
        return self._training(COMPARED[errors.one_of("activation", code, COMPARED)])

    def _training(self, activation: Activation) -> TrainingConfig:
        return TrainingConfig(
            sizes=(2, *[self.width] * self.hidden, 1),
            activations=(*[activation] * self.hidden, Linear()),
            loss=CrossEntropyWithLogits(),
            optimizer=SGD(learning_rate=self.learning_rate),
            epochs=EPOCHS,
            initializer=NAMED["he_normal"],
            snapshots=tuple(range(EPOCHS + 1)),
            seeds=self.seed,
        )

    def start(self, training: TrainingConfig) -> np.ndarray:
        """The first parameters, (runs, n_parameters)."""
        parameters = training.start()
        for bias in training.architecture.biases(parameters)[:-1]:
            bias[...] = self.bias
        return parameters


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of one network: its history, a snapshot an epoch, and the life of its hidden units."""

    training: TrainingConfig
    history: TrainingHistory
    life: Life

    @property
    def last(self) -> int:
        """The last epoch with a finite loss and finite numbers in the hidden layers."""
        return int(self.life.last)

    @property
    def diverged_at(self) -> int:
        """The first epoch without them, -1 where there is none."""
        return self.last + 1 if self.last < EPOCHS else -1

    @property
    def n_off(self) -> np.ndarray:
        """Hidden units that are off for every sample, epoch by epoch, (epochs + 1,); nan after a divergence."""
        counts = self.life.counts("off").sum(axis=-1)
        return np.where(np.arange(EPOCHS + 1) <= self.last, counts, np.nan)

    def trace(self, samples: Dataset, epoch: int) -> Trace:
        """Every intermediate of the network after an epoch, on all samples.

        Raises: InputError: out_of_range: an epoch without finite numbers.
        """
        epoch = errors.whole("epoch", epoch, 0, self.last)
        network = Network(self.training.architecture, self.history.snapshots[epoch], samples.X)
        return network.trace(self.training.loss, samples.targets)


def compare(config: DyingConfig) -> dict[str, Outcome]:
    """Train the network once with each activation of COMPARED, code -> Outcome."""
    return {code: _outcome(config, config.training(code)) for code in COMPARED}


def _outcome(config: DyingConfig, training: TrainingConfig) -> Outcome:
    history = train(training, config.samples, start=config.start(training))
    return Outcome(training, history, _life(config, training, history))


def _life(config: DyingConfig, training: TrainingConfig, history: TrainingHistory) -> Life:
    """The hidden units' life up to the last finite loss: what diverged is not dead."""
    lost = (history.diverged_at >= 0)[..., None] & (history.snapshot_epochs >= history.diverged_at[..., None])
    snapshots = np.where(lost[..., None], np.nan, history.snapshots)
    return watch(training.architecture, snapshots, config.samples.X, history.snapshot_epochs)


@dataclass(frozen=True)
class Virtues:
    """What speaks for an activation and against it, in numbers.

    slope_right, slope_left: at z = FAR and at z = -FAR. through: the product of the largest slopes of all hidden
    layers, the most that the activations leave of a gradient. zero_share: outputs that are exactly 0 before any
    training, of all hidden units and samples.
    """

    slope_right: float
    slope_left: float
    through: float
    zero_share: float


def virtues(config: DyingConfig) -> dict[str, Virtues]:
    """Note 002's reasons for ReLU beside the sigmoid, and for the remedies, at the config's start; code -> Virtues."""
    return {f.name: _virtues(config, f) for f in (*COMPARED.values(), Sigmoid())}


def _virtues(config: DyingConfig, activation: Activation) -> Virtues:
    training = config._training(activation)
    life = watch(training.architecture, config.start(training), config.samples.X, (0,))
    right, left = activation.derivative([FAR, -FAR]).tolist()
    return Virtues(right, left, activation.steepest.slope**config.hidden, float(life.zero_shares().mean()))


@dataclass(frozen=True, eq=False)
class DoseResponse:
    """What one activation does at each learning rate, from each start; read-only.

    Attributes:
        rates: (n,). off_share: (n, starts), share of the hidden units that are off for every sample after training; nan
            where a run diverged.
        median, low, high: of off_share over the starts that did not diverge, and its quartiles, (n,).
        diverged, learned: how many of the starts ended without finite numbers, and how many with an accuracy of at
            least LEARNED, (n,).
    """

    rates: np.ndarray
    off_share: np.ndarray
    median: np.ndarray
    low: np.ndarray
    high: np.ndarray
    diverged: np.ndarray
    learned: np.ndarray


def dose_response(config: DyingConfig) -> dict[str, DoseResponse]:
    """The config's network at the learning rates DOSES from the starts STARTS, a stack for each activation.

    The config's own learning rate and seed play no part.
    """
    return {code: _response(config, code) for code in COMPARED}


def dose_cost(config: DyingConfig) -> Cost:
    """Of `dose_response`, which keeps next to nothing of its stacks."""
    costs = [_stack(config, code).cost(len(config.samples)) for code in COMPARED]
    return in_turn(replace(cost, kept=0.0) for cost in costs)


def _stack(config: DyingConfig, code: str) -> TrainingConfig:
    return replace(
        config.training(code),
        seeds=STARTS * len(DOSES),
        learning_rates=tuple(np.repeat(DOSES, len(STARTS)).tolist()),
        snapshots=(EPOCHS,),
    )


def _response(config: DyingConfig, code: str) -> DoseResponse:
    shape, stack = (len(DOSES), len(STARTS)), _stack(config, code)
    history = train(stack, config.samples, start=config.start(stack))
    life = _life(config, stack, history)
    ended = (life.last >= 0).reshape(shape)
    n_off = life.counts("off")[:, 0].sum(axis=-1).reshape(shape)
    off_share = np.where(ended, n_off / (config.hidden * config.width), np.nan)
    learned = ended & (history.train_score[:, -1].reshape(shape) >= LEARNED)
    figures = [_quantile(off_share, q) for q in (0.5, 0.25, 0.75)]
    counts = (~ended).sum(axis=1), learned.sum(axis=1)
    return DoseResponse(*map(seal, (np.array(DOSES), off_share, *figures, *counts)))


def _quantile(values: np.ndarray, q: float) -> np.ndarray:
    """The quantile of each row's finite values; nan for a row without any."""
    rows = [row[np.isfinite(row)] for row in values]
    return np.array([np.quantile(row, q) if row.size else np.nan for row in rows])
