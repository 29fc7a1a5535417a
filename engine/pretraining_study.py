"""Layer upon layer: does a deep network learn better from a pile of machines than from drawn weights?

Networks that tell small images of digits apart, fine-tuned from several starts: the same images, the same seeds, the
same order of the batches for all of them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from types import MappingProxyType

import numpy as np

from engine import errors
from engine.activations import Activation, Linear, ReLU, Sigmoid
from engine.arrays import seal
from engine.cost import Cost, in_turn, of_numbers
from engine.history import TrainingHistory
from engine.images import digits
from engine.initializers import NAMED
from engine.layers import BatchNorm
from engine.losses import SoftmaxCrossEntropy
from engine.network import Network, predict
from engine.optimizers import optimizer
from engine.rbm import RBM, down, up
from engine.rbm_training import Pretraining, RBMConfig, pretrain
from engine.samples import Dataset
from engine.seed_bands import SeedBand, over_seeds
from engine.trainer import fine_tuning_start, train
from engine.training_config import TrainingConfig
from engine.weight_schemes import Initializer, Normal

ALL, N_TEST, N_CLASSES, PIXELS = 500, 100, 10, 64
MAX_TRAIN, MAX_DEPTH, MAX_WIDTH, MAX_SEEDS = ALL - N_TEST, 6, 64, 25
BATCH = 20  # images in a batch, of machines and networks
MIN_TRAIN = 2 * BATCH
BLOCK, LONGEST = 3, 2.0  # seeds side by side, and the seconds that they may take; else one by one
STACKED = ("train_loss", "test_loss", "test_error", "gradients")
OPTIMIZERS = ("sgd", "momentum", "adam")
CHANCE = math.log(N_CLASSES)  # the loss of a network that gives every class the same probability


@dataclass(frozen=True)
class Start:
    """Where a network begins.

    initializer: of all layers; where the hidden ones are `pretrained`, of the output layer alone.
    activation, batch_norm: of the hidden layers.
    """

    initializer: Initializer
    activation: Activation = field(default_factory=Sigmoid)
    batch_norm: BatchNorm | None = None
    pretrained: bool = False


STARTS: Mapping[str, Start] = MappingProxyType(
    {
        "rbm": Start(NAMED["xavier_normal"], pretrained=True),
        "normal": Start(Normal(1.0)),
        "small": Start(Normal(0.01)),
        "xavier": Start(NAMED["xavier_normal"]),
        "he": Start(NAMED["he_normal"]),
        "relu": Start(NAMED["he_normal"], activation=ReLU()),
        "batch_norm": Start(NAMED["xavier_normal"], batch_norm=BatchNorm()),
    }
)


@lru_cache(maxsize=8)
def training_images(n_train: int) -> Dataset:
    """The first images, 40 to 400 of them."""
    return digits(ALL).take(slice(0, errors.whole("n_train", n_train, MIN_TRAIN, MAX_TRAIN)))


@lru_cache(maxsize=1)
def test_images() -> Dataset:
    """The last 100 images, which no setting trains on."""
    return digits(ALL).take(slice(ALL - N_TEST, ALL))


@dataclass(frozen=True)
class PileConfig:
    """A pile of machines, trained one after the other from the image up.

    Args:
        n_images: to learn from, without labels, 40 to 400 (at least two batches).
        depth: machines, which become hidden layers, 1 to 6. width: units of each, 2 to 64.
        epochs: of each machine, 0 to 200. learning_rate: of CD-1, 0 to 10.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """

    n_images: int = 200
    depth: int = 3
    width: int = 32
    epochs: int = 10
    learning_rate: float = 1.0

    def __post_init__(self):
        errors.whole("n_images", self.n_images, MIN_TRAIN, MAX_TRAIN)
        errors.whole("depth", self.depth, 1, MAX_DEPTH)
        errors.whole("width", self.width, 2, MAX_WIDTH)
        errors.whole("epochs", self.epochs, 0, 200)
        errors.number("learning_rate", self.learning_rate, 0.0, 10.0)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units from the image to the last hidden layer."""
        return PIXELS, *(self.width,) * self.depth

    @property
    def links(self) -> list[int]:
        """Weights of each machine."""
        return [below * above for below, above in zip(self.sizes[:-1], self.sizes[1:], strict=True)]

    @property
    def machines(self) -> tuple[RBMConfig, ...]:
        machine = RBMConfig(self.width, 1, self.learning_rate, self.epochs, BATCH)
        return (machine,) * self.depth

    @property
    def work(self) -> int:
        """Multiplications of weights that the pretraining of one pile takes; measuring is not counted.

        CD-1 takes five a weight, image and epoch (up, down, up, and the two statistics), and the way up to the next
        machine one a weight and image.
        """
        return self.n_images * (5 * self.epochs * sum(self.links) + sum(self.links[:-1]))

    def cost(self, n_seeds: int = 1) -> Cost:
        """Of training piles side by side: a step of CD-1 takes some 220 us, and more for each seed and unit."""
        steps = self.epochs * -(-self.n_images // BATCH)
        pairs = zip(self.sizes[:-1], self.sizes[1:], strict=True)
        numbers = sum(n_seeds * BATCH * (35 * (below + above) + 1.5 * below * above) for below, above in pairs)
        held = n_seeds * (self.n_images * PIXELS + 4 * sum(self.links))
        return of_numbers(steps * (220e3 * self.depth + numbers), held)


@lru_cache(maxsize=8)
def pretrained(config: PileConfig, seeds: tuple[int, ...]) -> Pretraining:
    """Piles side by side, kept for the next learning rate of the fine-tuning: 5 MB at most.

    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    return pretrain(config.machines, training_images(config.n_images).X, seeds)


@dataclass(frozen=True, eq=False)
class Pile:
    """One pile and what it makes of images; read-only.

    errors: (depth, epochs + 1), each machine's mean squared reconstruction error on what it is trained on.
    mean_errors: (depth,), the error there of answering every input with the mean of all inputs.
    originals: (10, 64), the first test image of each class. rebuilt: (depth, 10, 64), the same after the way up
        through 1, 2, … machines and down again. through: (depth,), the mean squared error of that on all test images.
    mean_through: the error there of the mean training image.
    """

    errors: np.ndarray
    mean_errors: np.ndarray
    originals: np.ndarray
    rebuilt: np.ndarray
    through: np.ndarray
    mean_through: float


def pile(config: PileConfig, seeds: tuple[int, ...] = (0,)) -> Pile:
    """The pile of the first seed, trained with the others; test images on their way up and down, by probabilities.

    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    X, test = training_images(config.n_images).X, test_images().X
    machines, inputs = _machines(pretrained(config, seeds)), [X]
    for machine in machines[:-1]:
        inputs.append(up(machine, inputs[-1]))
    rebuilt = np.array([_up_and_down(machines[:n], test) for n in range(1, config.depth + 1)])
    return Pile(
        errors=seal(np.array([history.reconstruction_error[0] for history in pretrained(config, seeds).histories])),
        mean_errors=seal(np.array([v.var(axis=0).mean() for v in inputs])),
        originals=seal(test[shown()]),
        rebuilt=seal(rebuilt[:, shown()]),
        through=seal(((rebuilt - test) ** 2).mean(axis=(1, 2))),
        mean_through=float(((X.mean(axis=0) - test) ** 2).mean()),
    )


def _machines(piles: Pretraining) -> list[RBM]:
    """The machines of the first pile."""
    stacks = [history.rbm for history in piles.histories]
    return [RBM(rbm.W[0], rbm.visible_bias[0], rbm.hidden_bias[0]) for rbm in stacks]


def _up_and_down(machines: Sequence[RBM], images: np.ndarray) -> np.ndarray:
    for machine in machines:
        images = up(machine, images)
    for machine in reversed(machines):
        images = down(machine, images)
    return images


def shown() -> np.ndarray:
    """The test images that are shown: the first of each class, (10,)."""
    labels = test_images().y
    return np.array([int(np.argmax(labels == c)) for c in range(N_CLASSES)])


@dataclass(frozen=True)
class TuningConfig:
    """How the networks are trained, whatever they start from.

    Args:
        pile: depth, width, and the pretraining of the start that has one.
        n_labelled: images to train on, 40 to 400.
        epochs: 1 to 500. learning_rate: above 0, at most 100. optimizer: one of OPTIMIZERS.
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name.
    """

    pile: PileConfig = PileConfig()
    n_labelled: int = 200
    epochs: int = 15
    learning_rate: float = 0.2
    optimizer: str = "sgd"

    def __post_init__(self):
        errors.whole("n_labelled", self.n_labelled, MIN_TRAIN, MAX_TRAIN)
        errors.whole("epochs", self.epochs, 1, 500)
        errors.number("learning_rate", self.learning_rate, 0.0, 100.0, open_low=True)
        errors.one_of("optimizer", self.optimizer, OPTIMIZERS)

    @property
    def updates(self) -> int:
        """Of an epoch."""
        return -(-self.n_labelled // BATCH)

    @property
    def work(self) -> int:
        """Multiplications of weights in one epoch of one network; measuring is not counted.

        Forward, by the weights, and by the inputs of all layers but the first: three a weight and image, less one for
        each weight of the first layer.
        """
        links = [*self.pile.links, self.pile.width * N_CLASSES]
        return self.n_labelled * (3 * sum(links) - links[0])

    @property
    def pretraining_epochs(self) -> float:
        """The work of pretraining, in epochs of fine-tuning."""
        return self.pile.work / self.work

    def work_before(self, code: str) -> float:
        """What a start has cost before the first epoch, in epochs of fine-tuning."""
        return self.pretraining_epochs if STARTS[code].pretrained else 0.0

    def epochs_at_equal_work(self, code: str) -> int | None:
        """Whole epochs that are left of `epochs` when the start's own work is taken off; None where it is more."""
        left = self.epochs - math.ceil(self.work_before(code))
        return left if left >= 0 else None

    def training(self, code: str, seeds: tuple[int, ...] = (0,)) -> TrainingConfig:
        """The training of some seeds from a start.

        Raises: InputError: unknown_name.
        """
        start = STARTS[errors.one_of("start", code, STARTS)]
        return TrainingConfig(
            sizes=(*self.pile.sizes, N_CLASSES),
            activations=(*(start.activation,) * self.pile.depth, Linear()),
            loss=SoftmaxCrossEntropy(),
            optimizer=optimizer(self.optimizer, learning_rate=self.learning_rate),
            epochs=self.epochs,
            batch_size=BATCH,
            initializer=start.initializer,
            batch_norm=start.batch_norm,
            seeds=seeds,
        )

    def cost(self, code: str, n_seeds: int = 1) -> Cost:
        """Of fine-tuning seeds side by side, without the pretraining.

        An update takes 60 us and 25 a layer, and a multiplication far less time than an operation; the steps of batch
        normalization make it three times as much.
        """
        of = self.training(code).architecture
        calls = self.epochs * self.updates * (60e3 + 25e3 * of.n_layers)
        per_image = 3 * of.n_dense + 60 * sum(of.sizes)
        numbers = 0.1 * self.epochs * n_seeds * (2 * self.n_labelled + N_TEST) * per_image
        slower = 3 if STARTS[code].batch_norm else 1
        buffers = n_seeds * (6 * of.n_parameters + 6 * (2 * self.n_labelled + N_TEST) * sum(of.sizes))
        return of_numbers(slower * (calls + numbers), buffers)

    def blocks(self, code: str, n_seeds: int) -> list[tuple[int, ...]]:
        """The seeds 0, 1, … n_seeds - 1 in blocks that are trained side by side, each for some seconds at most.

        Raises: InputError: out_of_range.
        """
        errors.whole("n_seeds", n_seeds, 1, MAX_SEEDS)
        cost = self.cost(code, BLOCK)
        cost = cost.then(self.pile.cost(BLOCK)) if STARTS[code].pretrained else cost
        size = BLOCK if cost.seconds < LONGEST else 1
        return [tuple(range(first, min(first + size, n_seeds))) for first in range(0, n_seeds, size)]


@dataclass(frozen=True, eq=False)
class Tuned:
    """What became of the networks of one start; read-only.

    learning_rate: that they were trained with.
    train_loss, test_loss: (seeds, epochs + 1); nan from a divergence on. test_error: the share of wrong answers there.
    gradients: (seeds, depth + 1), the length of each layer's gradient (W and b together) at the start, on all images.
    answers: (2, 10), the classes that the network of the first seed gives the shown images before and after
        fine-tuning; -1 where its outputs are not finite.
    """

    learning_rate: float
    train_loss: np.ndarray
    test_loss: np.ndarray
    test_error: np.ndarray
    gradients: np.ndarray
    answers: np.ndarray

    @cached_property
    def bands(self) -> dict[str, SeedBand]:
        """Median and quartiles over the seeds, of each of STACKED."""
        return {name: over_seeds(getattr(self, name)) for name in STACKED}

    def at(self, name: str, place: int) -> SeedBand:
        """The band of one of STACKED at an epoch, or at a layer."""
        band = self.bands[name]
        return SeedBand(band.median[place], band.low[place], band.high[place])

    def reached(self, goal: float) -> np.ndarray:
        """The first epoch with a training loss of at most `goal`, (seeds,); infinite where there is none."""
        there = self.train_loss <= goal
        return np.where(there.any(axis=1), there.argmax(axis=1), np.inf)

    @property
    def n_diverged(self) -> int:
        return int((~np.isfinite(self.train_loss[:, -1])).sum())


def joined(parts: Sequence[Tuned]) -> Tuned:
    """Blocks of seeds as one result."""
    stacked = (np.concatenate([getattr(part, name) for part in parts]) for name in STACKED)
    return Tuned(parts[0].learning_rate, *map(seal, stacked), parts[0].answers)


def tune(config: TuningConfig, code: str, seeds: tuple[int, ...] = (0,)) -> Tuned:
    """Train the networks of one start; each seed draws weights, order and machines.

    Args:      code: key of STARTS.
    Raises:    InputError: unknown_name, out_of_range: a training that would take too long.
    Source:    Hinton and Salakhutdinov (2006); Bengio et al. (2007); Erhan et al. (2010) for the comparison.
    """
    training, images = config.training(code, seeds), training_images(config.n_labelled)
    start = _start(config, code, seeds)
    history = train(training, images, test_images(), start)
    return Tuned(
        learning_rate=config.learning_rate,
        train_loss=history.train_loss,
        test_loss=history.test_loss,
        test_error=seal(1.0 - history.test_score),
        gradients=_gradients(training, start, images),
        answers=seal(_answers(training, start, history)),
    )


def start_gradients(config: TuningConfig, code: str, seeds: tuple[int, ...] = (0,)) -> np.ndarray:
    """`Tuned.gradients` without any training."""
    training = config.training(code, seeds)
    return _gradients(training, _start(config, code, seeds), training_images(config.n_labelled))


def _start(config: TuningConfig, code: str, seeds: tuple[int, ...]) -> np.ndarray:
    """The first parameters, (seeds, n_parameters)."""
    training = config.training(code, seeds)
    if not STARTS[code].pretrained:
        return training.start()
    return fine_tuning_start(training, pretrained(config.pile, seeds).layers)


def _gradients(training: TrainingConfig, start: np.ndarray, images: Dataset) -> np.ndarray:
    """Of each layer, on all labelled images at once, in training mode."""
    network = Network(training.architecture, start, images.X)
    network.train()
    network.forward()
    network.loss_gradient(training.loss, images.targets)
    network.backward()
    blocks = training.architecture.blocks(network.gradient)
    return seal(np.stack([np.sqrt(np.square(block).sum(axis=(-2, -1))) for block in blocks], axis=-1))


def _answers(training: TrainingConfig, start: np.ndarray, history: TrainingHistory) -> np.ndarray:
    """Classes of the shown images, from the first seed's network before and after."""
    X, of = test_images().X[shown()], training.architecture
    before, after = predict(of, start[0], X), np.full((N_CLASSES, N_CLASSES), np.nan)
    if np.isfinite(history.parameters[0]).all():
        after = predict(of, history.parameters[0], X, history.statistics[0])
    return np.array([np.where(np.isfinite(z).all(axis=-1), z.argmax(axis=-1), -1) for z in (before, after)])


# ---------------------------------------------------------------- each start at a learning rate of its own

RATES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
SEARCH_SEEDS = (1000, 1001, 1002)  # none of those that are shown


@dataclass(frozen=True, eq=False)
class Search:
    """The median of the last training losses at each of RATES, infinite after divergences; read-only."""

    median: np.ndarray

    @property
    def best(self) -> float:
        """The learning rate with the lowest; of several the smallest."""
        return RATES[int(np.argmin(self.median))]

    @property
    def at_an_end(self) -> bool:
        return self.best in (RATES[0], RATES[-1])


def search(config: TuningConfig, code: str) -> Search:
    """Try all learning rates from seeds that are not shown; the config's own plays no part.

    Args:      code: key of STARTS.
    Raises:    InputError: as `tune`.
    """
    found = [tune(replace(config, learning_rate=rate), code, SEARCH_SEEDS) for rate in RATES]
    return Search(seal(np.array([float(over_seeds(one.train_loss[:, -1]).median) for one in found])))


def search_cost(config: TuningConfig, code: str) -> Cost:
    """Of `search`, with the pretraining of its seeds."""
    tuning = in_turn([config.cost(code, len(SEARCH_SEEDS))] * len(RATES))
    return tuning.then(config.pile.cost(len(SEARCH_SEEDS))) if STARTS[code].pretrained else tuning
