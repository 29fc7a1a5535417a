"""Which network learns which noisy samples, and what holds it back from learning their noise.

A training is judged on samples that it has not seen. The validation samples are looked at after each epoch, so that
early stopping may choose by them; the test set is looked at once, at the end, and nothing is chosen by it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from types import MappingProxyType

from engine.activations import activation
from engine.architecture import Architecture
from engine.cost import OPERATIONS_PER_SECOND, Cost, of_numbers
from engine.datasets import blobs, circles, curve_regression, gate_samples, moons
from engine.errors import number, one_of, whole
from engine.initializers import initializer
from engine.layers import Dropout
from engine.losses import CrossEntropyWithLogits, Loss, SquaredError
from engine.optimizers import optimizer
from engine.samples import Dataset
from engine.training_config import TrainingConfig, evenly

DATA: Mapping[str, Callable[..., Dataset]] = MappingProxyType(
    {
        "moons": moons,
        "circles": circles,
        "blobs": partial(blobs, n_classes=2),
        "xor": partial(gate_samples, "xor"),
        "curve": partial(curve_regression, shape="sine"),
    }
)
N_VALIDATION, N_TEST = 200, 1000
VALIDATION_SEED, TEST_SEED = 10_000, 20_000  # added to the seed of the training samples
MAX_DATA_SEED = 999
MIN_SAMPLES, MAX_SAMPLES, MAX_NOISE = 10, 500, 1.0
MAX_LAYERS, MAX_WIDTH, MAX_EPOCHS = 3, 64, 2000
HIDDEN = MappingProxyType({"relu": "he_normal", "tanh": "xavier_normal"})  # activation -> how weights are drawn
OPTIMIZERS = ("adam", "sgd")
MAX_RATE = 10.0

BLOCK = 5  # seeds that are trained side by side
MAX_BLOCKS = 4
POINTS = 101  # of a curve, the start included, at most
FRAMES, MAX_KEPT = 21, 250_000  # moments of which the parameters are kept: numbers of one block, at most

KINDS = ("none", "dropout", "l1", "l2", "early_stopping")


@dataclass(frozen=True)
class Regularizer:
    """What holds a network back.

    Args:
        kind: one of KINDS.
        strength: drop rate p, 0 to 0.99; lambda of L1 or L2, 0 to 1000; patience in epochs, whole, 1 to 2,000; 0 for
            "none".
    Raises: InputError: unknown_name, not_a_number, not_finite, out_of_range.
    """

    kind: str = "none"
    strength: float = 0.0

    def __post_init__(self):
        one_of("kind", self.kind, KINDS)
        low, high = {"none": (0, 0), "dropout": (0, 0.99), "early_stopping": (1, MAX_EPOCHS)}.get(self.kind, (0, 1000))
        check = whole if self.kind == "early_stopping" else number
        check("strength", self.strength, low, high)

    @property
    def dropout(self) -> Dropout | None:
        return Dropout(self.strength) if self.kind == "dropout" else None

    @property
    def l1(self) -> float:
        return self.strength if self.kind == "l1" else 0.0

    @property
    def l2(self) -> float:
        return self.strength if self.kind == "l2" else 0.0

    @property
    def kept_scale(self) -> float:
        """What dropout multiplies a unit by that it keeps:  1 / (1 - p)."""
        return 1.0 / (1.0 - self.strength) if self.kind == "dropout" else 1.0

    def kept(self, width: int) -> float:
        """How many of a layer's units dropout keeps on average:  (1 - p) width."""
        return width / self.kept_scale

    def silent(self, width: int) -> float:
        """How often dropout leaves a layer without any unit:  p^width."""
        return self.strength**width if self.kind == "dropout" else 0.0

    @property
    def patience(self) -> int | None:
        return int(self.strength) if self.kind == "early_stopping" else None


@dataclass(frozen=True)
class OverfittingConfig:
    """Which samples, which network, which training.

    Args:
        data: code in DATA. n_samples: to train on, 10 to 500. noise: 0 to 1. data_seed: of the samples, 0 to 999.
        layers, width: hidden layers, 1 to 3, and units in each, 1 to 64. hidden: activation, a key of HIDDEN.
        optimizer: of OPTIMIZERS. learning_rate: 0 to 10. epochs: 1 to 2,000; all samples make one update.
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name.
    Convention: biases start at 0, weights from He's or Xavier's normal distribution (HIDDEN); the loss is the mean
        cross-entropy of logits, for the curve the mean squared error.
    """

    data: str = "moons"
    n_samples: int = 40
    noise: float = 0.3
    data_seed: int = 0
    layers: int = 2
    width: int = 32
    hidden: str = "relu"
    optimizer: str = "adam"
    learning_rate: float = 0.01
    epochs: int = 400

    def __post_init__(self):
        one_of("data", self.data, DATA)
        whole("n_samples", self.n_samples, MIN_SAMPLES, MAX_SAMPLES)
        number("noise", self.noise, 0.0, MAX_NOISE)
        whole("data_seed", self.data_seed, 0, MAX_DATA_SEED)
        whole("layers", self.layers, 1, MAX_LAYERS)
        whole("width", self.width, 1, MAX_WIDTH)
        one_of("hidden", self.hidden, HIDDEN)
        one_of("optimizer", self.optimizer, OPTIMIZERS)
        number("learning_rate", self.learning_rate, 0.0, MAX_RATE)
        whole("epochs", self.epochs, 1, MAX_EPOCHS)

    @property
    def regression(self) -> bool:
        """Whether the target is a value, not a class."""
        return self.data == "curve"

    @property
    def sizes(self) -> tuple[int, ...]:
        return (1 if self.regression else 2, *[self.width] * self.layers, 1)

    @cached_property
    def architecture(self) -> Architecture:
        kinds = *[activation(self.hidden)] * self.layers, activation("linear")
        return Architecture(self.sizes, kinds)

    @property
    def loss(self) -> Loss:
        return SquaredError() if self.regression else CrossEntropyWithLogits()

    @cached_property
    def samples(self) -> Dataset:
        """To train on."""
        return self._drawn(self.n_samples, self.data_seed)

    @cached_property
    def validation(self) -> Dataset:
        """To look at after each epoch."""
        return self._drawn(N_VALIDATION, VALIDATION_SEED + self.data_seed)

    @cached_property
    def test(self) -> Dataset:
        """To look at once, at the end."""
        return self._drawn(N_TEST, TEST_SEED + self.data_seed)

    def _drawn(self, n_samples: int, seed: int) -> Dataset:
        return DATA[self.data](n_samples=n_samples, noise=self.noise, seed=seed)

    @property
    def at(self) -> tuple[int, ...]:
        """The epochs at which curves have a point; those of the frames are among them."""
        return tuple(sorted({*evenly(self.epochs, POINTS), *self.frames}))

    @property
    def frames(self) -> tuple[int, ...]:
        """The epochs whose parameters are kept: 21 of a small network, fewer of a large one."""
        most = MAX_KEPT // (BLOCK * self.architecture.n_parameters)
        return evenly(self.epochs, min(max(most, 2), FRAMES))

    def training(self, regularizer: Regularizer, block: int = 0) -> TrainingConfig:
        """The training of one block of seeds: 5 · block, …, 5 · block + 4."""
        return TrainingConfig(
            sizes=self.sizes,
            activations=self.architecture.activations,
            loss=self.loss,
            optimizer=optimizer(self.optimizer, learning_rate=self.learning_rate),
            epochs=self.epochs,
            initializer=initializer(HIDDEN[self.hidden]),
            dropout=regularizer.dropout,
            l1=regularizer.l1,
            l2=regularizer.l2,
            patience=regularizer.patience,
            snapshots=self.frames,
            seeds=tuple(range(BLOCK * block, BLOCK * (block + 1))),
        )

    def cost(self, regularizer: Regularizer) -> Cost:
        """Of one block of seeds: the calls of each epoch, what they compute for every sample, and what is kept.

        The buffers of the training are given back before the next one begins.
        """
        of, dropping, n = self.architecture, regularizer.kind == "dropout", self.n_samples
        calls = 1e-6 * (45 + 45 * self.layers + 50 * (regularizer.kind == "early_stopping"))
        masks = dropping * self.layers * (30e-6 + 6e-9 * BLOCK * n * self.width)
        passes = BLOCK * (N_VALIDATION + (3 + dropping) * n)  # backward counts as two forward
        seconds = 5e-3 + self.epochs * (calls + masks + passes * (0.2e-9 * of.n_dense + 2e-9 * sum(of.sizes)))
        kept = BLOCK * (4 * self.epochs + len(self.frames) * of.n_parameters)
        kept = of_numbers(0.0, kept).megabytes
        training = self.training(regularizer).cost(n, N_VALIDATION)
        return Cost(seconds * OPERATIONS_PER_SECOND, kept + training.megabytes, kept)
