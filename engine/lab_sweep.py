"""A sweep of the lab: one setting over several values, each from several seeds, all else the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from engine import errors
from engine.activations import activation
from engine.arrays import seal
from engine.cost import Cost, in_turn
from engine.history import TrainingHistory
from engine.initializers import NAMED
from engine.lab import OWN, LabConfig
from engine.layers import BatchNorm, Dropout
from engine.optimizers import optimizer
from engine.samples import Dataset
from engine.trainer import train
from engine.training_config import MAX_EPOCHS, TrainingConfig, evenly
from engine.weight_schemes import Constant, Initializer, Normal

LEAST_VALUES, MOST_VALUES, MOST_SEEDS = 2, 12, 50
BLOCKS = (0, 5, 10, 25, MOST_SEEDS)  # seeds are trained so many at a time, so that more of them cost only themselves
STACK = 100  # runs side by side, at most
POINTS = 61  # of a curve, the start included, at most
SUBSET = 2  # which training samples are taken first is drawn from a stream of its own
FRESH, SEARCH = 10_000, 20_000  # how far seeds that nobody has looked at lie from those that are shown
N_SEARCH = 5
LEAST_SAMPLES = 4  # of which fewer can be taken
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)  # that an optimizer's own best is looked for among
PANEL = "panel"  # the initializer that the panel says
OFF, ON = "off", "on"

INITIALIZERS: Mapping[str, Initializer | None] = MappingProxyType(
    {PANEL: None, **NAMED, "small_normal": Normal(0.01), "standard_normal": Normal(1.0), "zeros": Constant(0.0)}
)
ACTIVATIONS = ("linear", "sigmoid", "tanh", "softsign", "relu", "leaky_relu", "elu", "swish", "gelu")
Value = float | str


def _sized(config: LabConfig, hidden: Sequence[int]) -> LabConfig:
    """The same network with other hidden layers; what the first hidden layer has, all of them have."""
    of = config.training
    kind = of.activations[0] if len(of.sizes) > 2 else activation("tanh")
    return _trained(
        config,
        sizes=(of.sizes[0], *hidden, of.sizes[-1]),
        activations=(*(kind,) * len(hidden), of.activations[-1]),
        batch_norm=_first(of.batch_norm),
        dropout=_first(of.dropout),
    )


def _first(steps):
    return steps[0] if isinstance(steps, tuple) else steps


def _trained(config: LabConfig, **changes) -> LabConfig:
    return replace(config, training=replace(config.training, **changes))


def _units(config: LabConfig, value) -> LabConfig:
    return _trained(config, sizes=(config.training.sizes[0], *(value,) * n_hidden(config), config.training.sizes[-1]))


def _layers(config: LabConfig, value) -> LabConfig:
    return _sized(config, (width(config),) * errors.whole("hidden layers", value, 0, 20))


def _activation(config: LabConfig, value) -> LabConfig:
    kind = activation(errors.one_of("activation", value, ACTIVATIONS))
    return _trained(config, activations=(*(kind,) * n_hidden(config), config.training.activations[-1]))


def _initializer(config: LabConfig, value) -> LabConfig:
    scheme = INITIALIZERS[errors.one_of("initializer", value, INITIALIZERS)]
    return config if scheme is None else _trained(config, initializer=scheme)


def _optimizer(config: LabConfig, value) -> LabConfig:
    """Another rule at the same learning rate; the panel's own one keeps its hyperparameters."""
    own = config.training.optimizer
    if value == own.code:
        return config
    return _trained(config, optimizer=optimizer(value, learning_rate=own.learning_rate))


def _rate(config: LabConfig, value) -> LabConfig:
    return _trained(config, optimizer=replace(config.training.optimizer, learning_rate=value))


def _dropout(config: LabConfig, value) -> LabConfig:
    own = _first(config.training.dropout) or Dropout()
    return _trained(config, dropout=replace(own, drop_rate=value) if value else None)


def _batch_norm(config: LabConfig, value) -> LabConfig:
    own = _first(config.training.batch_norm) or BatchNorm()
    return _trained(config, batch_norm=own if errors.one_of("batch_norm", value, (OFF, ON)) == ON else None)


def _standardize(config: LabConfig, value) -> LabConfig:
    return _trained(config, standardize=errors.one_of("standardize", value, (OFF, ON)) == ON)


def _of_data(config: LabConfig, **changes) -> LabConfig:
    return replace(config, data=replace(config.data, **changes))


# setting -> (the config, a value) -> the config with that value
SETTINGS: Mapping[str, Callable[[LabConfig, Value], LabConfig]] = MappingProxyType(
    {
        "rate": _rate,
        "units": _units,
        "layers": _layers,
        "batch": lambda config, value: _trained(config, batch_size=value),
        "initializer": _initializer,
        "activation": _activation,
        "optimizer": _optimizer,
        "dropout": _dropout,
        "l2": lambda config, value: _trained(config, l2=value),
        "noise": lambda config, value: _of_data(config, noise=value),
        "samples": lambda config, value: config,  # see `parts`
        "test_share": lambda config, value: _of_data(config, test_share=value),
        "standardize": _standardize,
        "batch_norm": _batch_norm,
    }
)
STACKED = ("rate", "initializer")  # settings whose values fit into one stack, since data and network are the same
OF_HIDDEN = ("units", "activation", "dropout", "batch_norm")
WHOLE = ("units", "layers", "batch", "samples")


def n_hidden(config: LabConfig) -> int:
    """How many hidden layers a network has."""
    return len(config.training.sizes) - 2


def width(config: LabConfig) -> int:
    """Units of the first hidden layer; 4 where there is none yet."""
    return config.training.sizes[1] if n_hidden(config) else 4


def applicable(config: LabConfig) -> tuple[str, ...]:
    """The settings that mean something for a config: without a hidden layer there is nothing to drop."""
    without = () if n_hidden(config) else OF_HIDDEN
    without += ("noise",) if config.data.source == OWN else ()
    without += () if config.data.test_share else ("test_share",)
    without += () if len(config.parts[0]) >= LEAST_SAMPLES else ("samples",)
    return tuple(code for code in SETTINGS if code not in without)


def around(rate: float) -> tuple[float, float]:
    """Ends of a grid of learning rates: a tenth and a hundred times as much, for the cliff lies above."""
    low, high = (float(f"{rate * factor:.6g}") for factor in (0.1, 100.0))
    return low, high


def grid(low: float, high: float, count: int, *, log: bool = False, whole: bool = False) -> tuple[float, ...]:
    """Values from low to high, the same distance (log: the same factor) apart, each once.

    Args:    low, high: in any order; above 0 with `log`. count: 2 to 12, of which equal ones fall together.
             whole: rounded to whole numbers; else those between the ends to two significant digits.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    """
    low, high = sorted((errors.number("low", low), errors.number("high", high)))
    count = errors.whole("number of values", count, LEAST_VALUES, MOST_VALUES)
    if log:
        errors.number("low", low, 0.0, open_low=True)
    spaced = np.geomspace(low, high, count) if log else np.linspace(low, high, count)
    if whole:
        return tuple(dict.fromkeys(round(value) for value in spaced.tolist()))
    return tuple(dict.fromkeys((low, *(float(f"{value:.2g}") for value in spaced[1:-1].tolist()), high)))


@dataclass(frozen=True)
class SweepConfig:
    """What is swept, over what, from how many seeds.

    Args:
        base: all that stays the same; its first parameters are drawn anew for each seed, whatever start it has.
        setting: a key of SETTINGS. values: 2 to 12 different ones.
        n_seeds: 1 to 50; the first one is the base's own. epochs: 1 to 100,000.
        new_data: each seed draws its samples (and their split) anew as well; else all have the base's.
        own_rate: each optimizer at the best of RATES, as judged from other seeds; else each at the base's rate.
        fresh: seeds that take no part in any other sweep of this base.
    Raises: InputError: a value out of its range, one that comes twice, a name that does not exist.
    Convention: a seed draws first weights, order of the samples and dropout masks, and is the same for all values.
        "samples" takes the first so many of one order of the training samples, and leaves the test samples alone.
    """

    base: LabConfig
    setting: str
    values: tuple[Value, ...]
    n_seeds: int = 10
    epochs: int = 50
    new_data: bool = False
    own_rate: bool = False
    fresh: bool = False

    def __post_init__(self):
        errors.one_of("setting", self.setting, applicable(self.base))
        errors.whole("number of values", len(set(self.values)), max(LEAST_VALUES, len(self.values)), MOST_VALUES)
        errors.whole("n_seeds", self.n_seeds, 1, MOST_SEEDS)
        errors.whole("epochs", self.epochs, 1, MAX_EPOCHS)
        for value in self.values:
            self.block((value,), (0,)).parts(value, 0)

    @cached_property
    def plain(self) -> LabConfig:
        """The base with the sweep's epochs, without a start of its own and without frames.

        Where learning rates are swept, the base's own one is none of its business: all bases that differ by it alone
        have the same blocks, which are trained once.
        """
        of = self.base.training
        if self.setting == "rate":
            of = replace(of, optimizer=replace(of.optimizer, learning_rate=1.0))
        training = replace(of, epochs=self.epochs, snapshots=(), seeds=of.run_seeds[0], learning_rates=())
        return LabConfig(self.base.data, training)

    @property
    def offsets(self) -> tuple[int, ...]:
        """What is added to the base's seed for each of the seeds."""
        first = FRESH if self.fresh else 0
        return tuple(range(first, first + self.n_seeds))

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(self.base.training.run_seeds[0] + offset for offset in self.offsets)

    def block(self, values: tuple[Value, ...], offsets: tuple[int, ...]) -> "Block":
        own_rate = self.own_rate and self.setting == "optimizer"
        return Block(self.plain, self.setting, values, offsets, self.new_data, own_rate)

    @property
    def blocks(self) -> tuple["Block", ...]:
        """All runs, some values and seeds at a time."""
        found = []
        for first, end in pairwise(BLOCKS):
            offsets = self.offsets[first:end]
            together = max(1, STACK // max(len(offsets), 1)) if self.setting in STACKED else 1
            parts = [self.values[place : place + together] for place in range(0, len(self.values), together)]
            found += [self.block(values, offsets) for values in parts if offsets]
        return tuple(found)

    @property
    def cost(self) -> Cost:
        """Of all blocks."""
        return in_turn(block.cost for block in self.blocks)


def epochs_within(config: SweepConfig, limit: Cost, most: int) -> int:
    """The most epochs, a round number up to `most`, with which a sweep stays within a limit; at least 1."""
    ladder = [digits * 10**power for power in range(5) for digits in (1, 1.5, 2, 3, 4, 5, 7.5)]
    fitting = [round(epochs) for epochs in ladder if epochs in range(most)] + [most]
    operations = replace(config, epochs=100).cost.operations / 100  # of one epoch: the cost is proportional to them
    fitting = [epochs for epochs in fitting if epochs * operations <= limit.operations]
    while fitting and not replace(config, epochs=fitting[-1]).cost.within(limit):  # what a call costs by itself
        fitting.pop()
    return fitting[-1] if fitting else 1


@dataclass(frozen=True)
class Block:
    """Some values from some seeds, trained together; made by SweepConfig, which checks it.

    rate: what the learning rate is instead of the base's; None: the base's own.
    """

    plain: LabConfig
    setting: str
    values: tuple[Value, ...]
    offsets: tuple[int, ...]
    new_data: bool = False
    own_rate: bool = False
    rate: float | None = None

    def config(self, value: Value, offset: int) -> LabConfig:
        """One of the runs, as the lab would train it but for "samples"."""
        found = SETTINGS[self.setting](self.plain, value)
        found = found if self.rate is None else _rate(found, self.rate)
        found = _trained(found, seeds=self.plain.training.seeds + offset)
        return _of_data(found, seed=self.plain.data.seed + offset) if self.new_data and offset else found

    def parts(self, value: Value, offset: int) -> tuple[Dataset, Dataset | None]:
        """What one of the runs is trained and tested on."""
        config = self.config(value, offset)
        samples, test = config.parts
        if self.setting == "samples":
            n = errors.whole("training samples", value, 2, len(samples))
            order = np.random.default_rng([config.data.seed, SUBSET]).permutation(len(samples))
            samples = samples.take(np.sort(order[:n]))
        return samples, test

    @property
    def stacks(self) -> list[tuple[tuple[Value, ...], tuple[int, ...]]]:
        """Values and seeds that are one call of the trainer each: runs of a stack share their samples."""
        values = [self.values] if self.setting in STACKED else [(value,) for value in self.values]
        offsets = [(offset,) for offset in self.offsets] if self.new_data else [self.offsets]
        return [(some, seeds) for some in values for seeds in offsets]

    def training(self, values: tuple[Value, ...], offsets: tuple[int, ...]) -> TrainingConfig:
        """How a stack is trained: all seeds with the first value, all with the second, …"""
        configs = [self.config(value, offsets[0]).training for value in values]
        seeds = tuple(self.plain.training.seeds + offset for offset in offsets)
        stacked = replace(configs[0], seeds=seeds * len(values))
        if self.setting == "rate":
            rates = tuple(float(one.optimizer.learning_rate) for one in configs for _ in seeds)
            return replace(stacked, learning_rates=rates)
        return replace(stacked, initializer=tuple(one.initializer for one in configs for _ in seeds))

    @property
    def search(self) -> "Block":
        """What tells the best learning rate of a block with one value."""
        config, offsets = self.config(self.values[0], 0), tuple(range(SEARCH, SEARCH + N_SEARCH))
        return Block(_trained(config, seeds=self.plain.training.seeds), "rate", RATES, offsets)

    @property
    def cost(self) -> Cost:
        """Of `run`, without the search; samples of other seeds are as many."""
        costs = []
        for values, offsets in self.stacks:
            if offsets[0] == self.offsets[0]:
                samples, test = self.parts(values[0], offsets[0])
                costs.append(self.training(values, offsets).cost(len(samples), 0 if test is None else len(test)))
        draws = len(self.offsets) if self.new_data else 1
        return in_turn(Cost(draws * cost.operations, cost.megabytes, 0.1 * cost.megabytes) for cost in costs)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of a block's runs; read-only, (values, seeds, …) each.

    Attributes:
        at: epochs, (points,). curves: "train_loss", "train_score" and, with test samples, "test_loss", "test_score" ->
            (values, seeds, points), nan from divergence on; of a run that early stopping has stopped, from there on
            those of its best epoch.
        best_loss, best_epoch: the lowest test loss (without test samples: training loss) of all epochs, and its epoch.
        diverged_at: first epoch whose training loss is not finite; -1 where there is none.
        rates: the learning rate of each value, (values,).
    """

    values: tuple[Value, ...]
    offsets: tuple[int, ...]
    score: str
    at: np.ndarray
    curves: Mapping[str, np.ndarray]
    best_loss: np.ndarray
    best_epoch: np.ndarray
    diverged_at: np.ndarray
    rates: np.ndarray


def run(block: Block) -> Outcome:
    """Train all runs of a block.

    Raises: InputError: what engine.trainer.train refuses, such as batch normalization on a batch of one.
    """
    shape = len(block.values), len(block.offsets)
    at = np.array(evenly(block.plain.training.epochs, POINTS))
    found: dict[str, np.ndarray] = {}
    for values, offsets in block.stacks:
        history = train(block.training(values, offsets), *block.parts(values[0], offsets[0]))
        rows = slice(block.values.index(values[0]), block.values.index(values[0]) + len(values))
        columns = slice(block.offsets.index(offsets[0]), block.offsets.index(offsets[0]) + len(offsets))
        for name, numbers in _facts(history, at).items():
            whole = found.setdefault(name, np.empty((*shape, *numbers.shape[1:]), numbers.dtype))
            whole[rows, columns] = numbers.reshape(len(values), len(offsets), *numbers.shape[1:])
    found = {name: seal(numbers) for name, numbers in found.items()}
    facts = {name: found.pop(name) for name in ("best_loss", "best_epoch", "diverged_at")}
    rates = [float(block.config(value, 0).training.optimizer.learning_rate) for value in block.values]
    curves = MappingProxyType(found)
    return Outcome(block.values, block.offsets, history.score, seal(at), curves, rates=seal(np.array(rates)), **facts)


def _facts(history: TrainingHistory, at: np.ndarray) -> dict[str, np.ndarray]:
    """What is kept of a stack, (runs, …) each."""
    names = ["train_loss", "train_score", *(["test_loss", "test_score"] if history.test_loss is not None else [])]
    watched = history.train_loss if history.test_loss is None else history.test_loss
    ranked = np.where(np.isfinite(watched), watched, np.inf)
    return {
        **{name: _held(getattr(history, name), history)[:, at] for name in names},
        "best_loss": ranked.min(axis=1),
        "best_epoch": ranked.argmin(axis=1),
        "diverged_at": np.array(history.diverged_at),
    }


def _held(values: np.ndarray, history: TrainingHistory) -> np.ndarray:
    """Values (runs, epochs + 1): of a run that has been stopped, from then on that of its best epoch."""
    stopped = history.stopped_at[:, None]
    after = (stopped >= 0) & (np.arange(values.shape[1]) >= stopped)
    best = np.take_along_axis(values, np.maximum(history.best_epoch, 0)[:, None], axis=1)
    return np.where(after, best, values)


def best_rate(outcome: Outcome) -> float:
    """The learning rate of a search: the lowest median of the last training losses, the smallest rate among equals.

    Convention: judged by the training loss, so that the test samples take no part in the choice; a run that has
        diverged counts as infinite.
    """
    last = outcome.curves["train_loss"][..., -1]
    with np.errstate(invalid="ignore"):
        medians = np.sort(np.where(np.isfinite(last), last, np.inf), axis=1)[:, last.shape[1] // 2]
    return float(outcome.values[int(medians.argmin())])
