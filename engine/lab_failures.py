"""The lab's experiments that go wrong, each in a way of its own."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.activations import activation
from engine.initializers import initializer
from engine.lab import LabConfig, LabData
from engine.losses import CrossEntropy, CrossEntropyWithLogits, HalfSquaredError, SquaredError
from engine.optimizers import optimizer
from engine.training_config import TrainingConfig, evenly
from engine.weight_schemes import Constant, Normal, Uniform
from engine.xor_runs import XOR_RUNS

FRAMES = 60
XOR = LabData("gate", n_samples=4, test_share=0.0)
MOONS, CIRCLES = (LabData(source, n_samples=200, noise=0.1) for source in ("moons", "circles"))
THREE_OF_FOUR = (2.04091912, -2.55566503, 0.41809885)  # one of the some 2% of random starts: w1, w2, b


def _training(
    sizes, hidden: str, output: str, epochs: int, rate: float, rule: str = "sgd", **options
) -> TrainingConfig:
    kinds = (activation(hidden),) * (len(sizes) - 2) + (activation(output),)
    options = {"optimizer": optimizer(rule, learning_rate=rate), "snapshots": evenly(epochs, FRAMES)} | options
    return TrainingConfig(tuple(sizes), kinds, epochs=epochs, **options)


def _layers(width: int, count: int) -> tuple[int, ...]:
    return (2, *(width,) * count, 1)


HE, XAVIER = initializer("he_normal"), initializer("xavier_uniform")
LOGITS, NOTES = CrossEntropyWithLogits(), {"loss": HalfSquaredError("sum"), "reported": SquaredError()}

FAILURES: Mapping[str, LabConfig] = MappingProxyType(
    {
        "fail_rate": LabConfig(
            LabData("plane", n_samples=200, noise=0.1),
            _training((2, 8, 1), "tanh", "linear", 30, 1.0, loss=SquaredError(), batch_size=10, initializer=XAVIER),
        ),
        "fail_depth": LabConfig(
            MOONS,
            _training(_layers(16, 8), "relu", "linear", 30, 0.1, loss=LOGITS, batch_size=20, initializer=Normal(1.0)),
        ),
        "fail_log": LabConfig(
            CIRCLES,
            _training(
                (2, 8, 1), "tanh", "sigmoid", 60, 8.0, loss=CrossEntropy(), batch_size=10, initializer=Normal(4.0)
            ),
        ),
        "fail_linear": LabConfig(
            XOR, _training((2, 1), "tanh", "sigmoid", 3_000, 0.1, **NOTES), XOR_RUNS["unit"].parameters
        ),
        "fail_linear_log": LabConfig(
            XOR, _training((2, 1), "tanh", "sigmoid", 3_000, 0.1, loss=CrossEntropy()), XOR_RUNS["unit"].parameters
        ),
        "fail_three": LabConfig(XOR, _training((2, 1), "tanh", "sigmoid", 5_000, 0.1, **NOTES), THREE_OF_FOUR),
        "fail_equal": LabConfig(
            XOR,
            _training((2, 4, 1), "sigmoid", "sigmoid", 3_000, 1.0, loss=SquaredError(), initializer=Constant(0.5)),
        ),
        "fail_large": LabConfig(
            CIRCLES,
            _training(
                (2, 8, 1), "sigmoid", "sigmoid", 100, 1.0, loss=SquaredError(), batch_size=10, initializer=Normal(30.0)
            ),
        ),
        "fail_deep": LabConfig(
            MOONS,
            _training(_layers(16, 10), "sigmoid", "linear", 60, 0.05, loss=LOGITS, batch_size=20, initializer=XAVIER),
        ),
        "fail_dead": LabConfig(
            MOONS, _training((2, 8, 8, 1), "relu", "linear", 60, 5.0, loss=LOGITS, batch_size=10, initializer=HE)
        ),
        "fail_small": LabConfig(
            LabData(),
            _training(
                (2, 4, 2, 1), "tanh", "tanh", 60, 0.0001, loss=HalfSquaredError(), batch_size=10,
                initializer=Uniform(0.5), bias_initializer=Constant(0.1),
            ),
        ),
        "fail_noise": LabConfig(
            LabData("moons", n_samples=80, noise=0.4),
            _training(
                (2, 32, 32, 1), "tanh", "linear", 150, 0.02, "adam", loss=LOGITS, batch_size=10, initializer=XAVIER
            ),
        ),
        "fail_pairing": LabConfig(
            LabData("blobs", n_samples=200, noise=0.4, n_classes=2),
            _training(
                (2, 1), "tanh", "sigmoid", 60, 0.1, loss=SquaredError(), batch_size=10,
                initializer=Constant(1.0), bias_initializer=Constant(10.0),
            ),
        ),
    }
)  # fmt: skip
