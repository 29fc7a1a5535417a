"""The lab's experiments to begin with: the classic playground, the lecture notes' networks, and what goes wrong."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.activations import activation
from engine.initializers import initializer
from engine.lab import OWN, LabConfig, LabData
from engine.lab_failures import FAILURES
from engine.layers import BatchNorm, Dropout
from engine.losses import CrossEntropyWithLogits, HalfSquaredError, SoftmaxCrossEntropy, SquaredError
from engine.optimizers import optimizer
from engine.training_config import TrainingConfig, evenly
from engine.weight_schemes import Constant, Normal, Uniform
from engine.xor_runs import XOR_RUNS

FRAMES = 60
NOTE_EPOCHS = {"wide": 5_001, "deep": 5_001, "deeper": 10_001}
NOTE_BIASES = {code: Normal(1.0) for code in ("wide", "deep", "deeper")}  # note 000 draws them too
XOR = LabData("gate", n_samples=4, test_share=0.0)
# A disc in a ring, by hand: (x1, x2, class); each class is seen from all sides of the other.
OWN_POINTS = (
    *((0.0, 0.1, 1.0), (0.3, 0.2, 1.0), (-0.3, 0.1, 1.0), (0.1, -0.3, 1.0)),
    *((1.0, 0.1, 0.0), (-1.0, 0.0, 0.0), (0.1, 1.0, 0.0), (-0.1, -1.0, 0.0)),
)
FEW = LabData("circles", n_samples=200, noise=0.2, test_share=0.8)  # 40 to learn from, 160 to be tested on


def _training(sizes, hidden: str, output: str, epochs: int, **options) -> TrainingConfig:
    kinds = (activation(hidden),) * (len(sizes) - 2) + (activation(output),)
    return TrainingConfig(tuple(sizes), kinds, epochs=epochs, snapshots=evenly(epochs, FRAMES), **options)


def _classic(epochs: int = 300) -> LabConfig:
    """The playground's default: tanh everywhere, a disc in a ring."""
    training = _training(
        (2, 4, 2, 1),
        "tanh",
        "tanh",
        epochs,
        loss=HalfSquaredError(),
        optimizer=optimizer("sgd", learning_rate=0.03),
        batch_size=10,
        initializer=Uniform(0.5),
        bias_initializer=Constant(0.1),
    )
    return LabConfig(LabData(), training)


def _note(code: str) -> LabConfig:
    """A network of the notes on XOR, from its own start; other starts are drawn as the note draws."""
    e, epochs = XOR_RUNS[code], NOTE_EPOCHS.get(code, 10_000)
    training = TrainingConfig(
        e.sizes,
        e.activations,
        e.loss,
        optimizer("sgd", learning_rate=e.learning_rate),
        epochs=epochs,
        initializer=Normal(1.0),
        bias_initializer=NOTE_BIASES.get(code),
        snapshots=evenly(epochs, FRAMES),
        reported=e.reported,
    )
    return LabConfig(XOR, training, e.parameters)


def _adam(data: LabData, hidden: tuple[int, ...], kind: str, epochs: int, rate: float, **options) -> LabConfig:
    """A network with the loss that its task asks for, trained by Adam."""
    several = data.n_outputs > 1
    training = _training(
        (len(data.features), *hidden, data.n_outputs),
        kind,
        "linear",
        epochs,
        loss=SoftmaxCrossEntropy() if several else CrossEntropyWithLogits(),
        optimizer=optimizer("adam", learning_rate=rate),
        initializer=initializer("he_normal" if kind == "relu" else "xavier_uniform"),
        **options,
    )
    return LabConfig(data, training)


def _few(**options) -> LabConfig:
    """A network that is too large for its few noisy samples."""
    return _adam(FEW, (24, 24), "relu", 150, 0.02, batch_size=10, **options)


def _plane() -> LabConfig:
    training = _training(
        (2, 1),
        "tanh",
        "linear",
        50,
        loss=SquaredError(),
        optimizer=optimizer("sgd", learning_rate=0.05),
        batch_size=10,
        initializer=initializer("xavier_uniform"),
    )
    return LabConfig(LabData("plane", n_samples=200, noise=0.1), training)


CORNERS = LabData("gate", n_samples=4, test_share=0.0, features=("x1", "x2", "product"))
SQUARES = LabData("circles", n_samples=200, noise=0.1, features=("x1_squared", "x2_squared"))
CLOUDS = LabData("gate", n_samples=300, noise=0.15)
MOONS = LabData("moons", n_samples=300, noise=0.15)
SPIRALS = LabData("spirals", n_samples=400, noise=0.02)
BLOBS = LabData("blobs", n_samples=300, noise=0.3, n_classes=4)
RINGS = LabData("circles", n_samples=300, noise=0.1)
BY_HAND = LabData(OWN, test_share=0.0, own=OWN_POINTS)

PRESETS: Mapping[str, LabConfig] = MappingProxyType(
    {
        "classic": _classic(),
        **{code: _note(code) for code in XOR_RUNS},
        "product": _adam(CORNERS, (), "tanh", 300, 0.1),
        "squares": _adam(SQUARES, (), "tanh", 100, 0.1, batch_size=20),
        "clouds": _adam(CLOUDS, (4,), "tanh", 100, 0.03, batch_size=16),
        "moons": _adam(MOONS, (8, 8), "relu", 100, 0.01, batch_size=16),
        "spirals": _adam(SPIRALS, (16, 16), "tanh", 200, 0.01, batch_size=20),
        "blobs": _adam(BLOBS, (8,), "tanh", 60, 0.02, batch_size=16),
        "plane": _plane(),
        "overfit": _few(),
        "dropout": _few(dropout=Dropout(0.5)),
        "decay": _few(l2=0.01),
        "norm": _adam(RINGS, (8,) * 5, "sigmoid", 60, 0.02, batch_size=25, batch_norm=BatchNorm()),
        "memory": _adam(LabData("coin_flips", n_samples=80), (32, 32), "tanh", 300, 0.02, batch_size=10),
        "own": _adam(BY_HAND, (6,), "tanh", 200, 0.05),
        **FAILURES,
    }
)
