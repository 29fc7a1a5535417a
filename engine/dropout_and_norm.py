"""Networks with dropout and batch normalization in either order: what they lose between training and evaluation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from engine import errors
from engine.activations import Linear, activation
from engine.arrays import seal
from engine.batches import batch_sizes
from engine.cost import OPERATIONS_PER_SECOND, Cost, of_numbers
from engine.datasets import dataset
from engine.history import TrainingHistory
from engine.initializers import NAMED
from engine.layers import PLACES, BatchNorm, BatchNormStep, Dropout, DropoutStep
from engine.losses import CrossEntropyWithLogits
from engine.momentum import SGD
from engine.network import Network, predict
from engine.proportions import sign_test
from engine.samples import Dataset
from engine.scores import score
from engine.seed_bands import SeedBand, over_seeds
from engine.trainer import train
from engine.training_config import TrainingConfig

ORDERS = ("dropout_first", "norm_first", "last_only")
DATA: Mapping[str, float] = MappingProxyType({"moons": 0.3, "circles": 0.2, "spirals": 0.05})  # with their noise
N_TRAIN, N_TEST = 96, 1000
TEST_SEED = 1
MASKS = 20  # draws of masks that the loss in training mode is averaged over
LOOKING = 3  # a stream of masks beside those of the training
SIGNIFICANCE = 0.05
LOWEST_VARIANCE = 1e-12  # of a unit that is counted: a dead one has none


@dataclass(frozen=True)
class OrderConfig:
    """What learns what.

    Args:
        n_hidden: 2 to 6. width: 4 to 64. activation: code of an activation, of all hidden layers.
        norm_place: where each hidden layer is normalized, one of engine.layers.PLACES.
        data: one of DATA; 96 samples to learn, 1,000 to test. batch_size: 2 to 96.
        learning_rate: above 0, at most 10. epochs: 1 to 300. n_seeds: 1 to 20; the seeds are 0, 1, …
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name.
    """

    n_hidden: int = 3
    width: int = 16
    activation: str = "relu"
    norm_place: str = "after_activation"
    data: str = "moons"
    batch_size: int = 32
    learning_rate: float = 0.1
    epochs: int = 15
    n_seeds: int = 5

    def __post_init__(self):
        errors.whole("n_hidden", self.n_hidden, 2, 6)
        errors.whole("width", self.width, 4, 64)
        activation(self.activation)
        errors.one_of("norm_place", self.norm_place, PLACES)
        errors.one_of("data", self.data, DATA)
        errors.whole("batch_size", self.batch_size, 2, N_TRAIN)
        errors.number("learning_rate", self.learning_rate, 0.0, 10.0, open_low=True)
        errors.whole("epochs", self.epochs, 1, 300)
        errors.whole("n_seeds", self.n_seeds, 1, 20)

    @property
    def samples(self) -> Dataset:
        return dataset(self.data, n_samples=N_TRAIN, noise=DATA[self.data], seed=0)

    @property
    def test(self) -> Dataset:
        return dataset(self.data, n_samples=N_TEST, noise=DATA[self.data], seed=TEST_SEED)

    def training(self, order: str, drop_rate: float) -> TrainingConfig:
        """All seeds as one stack.

        Args:
            order: "dropout_first": dropout, then batch norm, in each hidden layer; "norm_first": the other way round;
                "last_only": dropout in the last hidden layer alone, after the last batch norm.
            drop_rate: 0 to 0.9; 0 leaves dropout out.
        """
        errors.one_of("order", order, ORDERS)
        errors.number("drop_rate", drop_rate, 0.0, 0.9)
        dropout = Dropout(drop_rate, place="before_batch_norm" if order == "dropout_first" else "last")
        dropouts = (dropout,) * self.n_hidden
        if order == "last_only":
            dropouts = (*(None,) * (self.n_hidden - 1), dropout)
        return TrainingConfig(
            sizes=(2, *(self.width,) * self.n_hidden, 1),
            activations=(*(activation(self.activation),) * self.n_hidden, Linear()),
            loss=CrossEntropyWithLogits(),
            optimizer=SGD(learning_rate=self.learning_rate),
            epochs=self.epochs,
            batch_size=self.batch_size,
            initializer=NAMED["he_normal"],
            batch_norm=BatchNorm(self.norm_place),
            dropout=dropouts if drop_rate else None,
            seeds=tuple(range(self.n_seeds)),
        )

    def cost(self, order: str, drop_rate: float) -> Cost:
        """Of `study_order`: calls for each update, what is done for each number of a layer, and masks."""
        of = self.training(order, drop_rate).architecture
        n_updates = self.epochs * len(batch_sizes(N_TRAIN, self.batch_size))
        calls = 1e-6 * (n_updates + self.epochs) * (60 + 75 * (self.n_hidden + 1))
        passes = 2 * self.epochs * N_TRAIN + (MASKS * N_TRAIN) / 2 + 2 * N_TEST  # there is no way back with masks alone
        per_number = 45 + 0.5 * self.width + (15 if drop_rate else 0)
        seconds = calls + 1e-9 * per_number * self.n_seeds * passes * self.width * self.n_hidden
        numbers = self.n_seeds * (6 * of.n_parameters + 20 * 2 * N_TRAIN * sum(of.sizes) + 4 * self.epochs)
        kept = of_numbers(0.0, 3 * (self.n_hidden + 4) + self.n_seeds).megabytes  # bands, and the errors by seed
        return replace(of_numbers(seconds * OPERATIONS_PER_SECOND, numbers), kept=kept)


@dataclass(frozen=True, eq=False)
class OrderStudy:
    """What one order and drop rate come to, over the seeds; read-only.

    Attributes:
        in_training: the loss of the training samples in training mode: masks (the mean over 20 draws), statistics of
            all samples as one batch. in_evaluation: that of the same samples in evaluation mode.
        wrong: the share of test samples answered wrongly, in evaluation mode. wrong_remeasured: likewise with running
            statistics measured anew on the training samples, without masks.
        wrong_by_seed: of `wrong`, (n_seeds,), infinite where a run has diverged; the same seeds in all studies.
        shift: of each normalized layer the variance that evaluation meets over the stored one, the median of its
            units, (n_hidden,).
        n_diverged: runs whose loss was no longer finite; they count as infinite.
    """

    order: str
    drop_rate: float
    in_training: SeedBand
    in_evaluation: SeedBand
    wrong: SeedBand
    wrong_by_seed: np.ndarray
    wrong_remeasured: SeedBand
    shift: SeedBand
    n_diverged: int
    n_seeds: int

    @property
    def guesses(self) -> bool:
        """Whether the median of wrong answers is what guessing may come to as well: 1/2 less two standard errors."""
        return bool(self.wrong.median >= 0.5 - 2 * np.sqrt(0.25 / N_TEST))


def study_order(config: OrderConfig, order: str, drop_rate: float) -> OrderStudy:
    """Train in one order at one drop rate, from all seeds.

    Raises: InputError: unknown_name, not_a_number, not_finite, out_of_range.
    """
    training, samples, test = config.training(order, drop_rate), config.samples, config.test
    history = train(training, samples)
    gone = history.diverged_at >= 0
    with np.errstate(all="ignore"):
        network = _network(training, history, samples, gone)
        shift = _shift(network)
        in_training = _loss_in_training(training, network, samples)
        wrong = _wrong(training, network, test)
        _measure_anew(network)
        wrong_remeasured = _wrong(training, network, test)

    def over(values: np.ndarray) -> SeedBand:
        return over_seeds(np.where(gone.reshape(-1, *(1,) * (values.ndim - 1)), np.nan, values))

    return OrderStudy(
        order,
        drop_rate,
        over(in_training),
        over(history.train_loss[:, -1]),
        over(wrong),
        seal(np.where(gone, np.inf, wrong)),
        over(wrong_remeasured),
        over(shift),
        int(gone.sum()),
        config.n_seeds,
    )


def _network(config: TrainingConfig, history: TrainingHistory, samples: Dataset, gone: np.ndarray) -> Network:
    """All trained networks on the training samples; a diverged one, which has no numbers, as zeros."""
    parameters = np.where(gone[:, None], 0.0, history.parameters)
    statistics = np.where(gone[:, None], 1.0, history.statistics)
    return Network(config.architecture, parameters, samples.X, statistics)


def _norms(network: Network) -> list[BatchNormStep]:
    return [step for steps in network.steps for step in steps if isinstance(step, BatchNormStep)]


def _shift(network: Network) -> np.ndarray:
    """Of each normalized layer the median over its units of variance met over variance stored, (runs, layers)."""
    network.train(False)
    network.forward()
    found = []
    for step in _norms(network):
        met, stored = step.x.var(axis=-2, ddof=1), step.running_var[..., 0, :]
        ratio = np.where(stored > LOWEST_VARIANCE, met / np.maximum(stored, LOWEST_VARIANCE), np.nan)
        found.append(np.nanmedian(ratio.reshape(network.runs, -1), axis=-1))
    return np.stack(found, axis=-1)


def _loss_in_training(config: TrainingConfig, network: Network, samples: Dataset) -> np.ndarray:
    """(runs,); the network's running statistics are left as they are."""
    kept = network.statistics.copy()
    network.train()
    generators = [np.random.default_rng([seed, LOOKING]) for seed in config.run_seeds]
    losses = []
    for _ in range(MASKS if config.dropout else 1):
        network.draw_masks(generators)
        losses.append(np.atleast_1d(config.loss.value(network.forward(), samples.targets)))
    network.statistics[...] = kept
    return np.mean(losses, axis=0)


def _measure_anew(network: Network) -> None:
    """Give the networks the running statistics that they have on their samples without masks."""
    network.train()
    for steps in network.steps:
        for step in steps:
            if isinstance(step, DropoutStep):
                step.training = False
    network.forward()
    n = network.n_samples
    for step in _norms(network):
        step.running_mean[...], step.running_var[...] = step.mean, step.var * (n / (n - 1))


def _wrong(config: TrainingConfig, network: Network, test: Dataset) -> np.ndarray:
    """The share of wrong answers in evaluation, (runs,); a part of the samples at a time, which takes less memory."""
    parts = np.array_split(test.X, N_TEST // N_TRAIN)
    outputs = np.concatenate(
        [predict(config.architecture, network.parameters, X, network.statistics) for X in parts], axis=-2
    )
    return 1.0 - score(outputs, test.targets, config.loss, test.task)


def lowest_error(studies: Iterable[OrderStudy]) -> OrderStudy:
    """The study with the lowest median of wrong answers; the first of equal ones."""
    return min(studies, key=lambda study: float(study.wrong.median))


@dataclass(frozen=True)
class Pairs:
    """Two studies seed by seed: in how many seeds the first has fewer wrong answers, as many, more."""

    lower: int
    equal: int
    higher: int

    @property
    def p_value(self) -> float:
        """Of the exact two-sided sign test; seeds with equal shares are left out."""
        return sign_test(self.lower, self.higher)

    @property
    def told_apart(self) -> bool:
        return self.p_value < SIGNIFICANCE


def compare(first: OrderStudy, second: OrderStudy) -> Pairs:
    """The wrong answers of two studies on the same seeds."""
    a, b = first.wrong_by_seed, second.wrong_by_seed
    return Pairs(int((a < b).sum()), int((a == b).sum()), int((a > b).sum()))


def least_p_value(n_seeds: int) -> float:
    """Of the sign test, where all seeds agree."""
    return sign_test(n_seeds, 0)
