"""A configuration of the lab as text, and back."""

from dataclasses import replace

import pytest

from engine.activations import LeakyReLU, Linear, Sigmoid, Swish, Tanh
from engine.errors import InputError
from engine.initializers import VarianceScaling, initializer
from engine.lab import LabConfig, LabData
from engine.lab_code import decode, encode
from engine.lab_presets import PRESETS
from engine.layers import BatchNorm, Dropout
from engine.losses import Huber, SquaredError
from engine.optimizers import OPTIMIZERS, optimizer
from engine.schedules import Cosine, StepDecay, WarmUp
from engine.training_config import TrainingConfig, evenly
from engine.weight_schemes import Constant, Normal, Orthogonal, Uniform

CLASSIC = PRESETS["classic"]


def changed(**values) -> LabConfig:
    return replace(CLASSIC, training=replace(CLASSIC.training, **values))


@pytest.mark.parametrize("code", PRESETS)
def test_a_preset_is_its_own_code(code):
    assert encode(PRESETS[code], code) == code
    assert decode(code) == PRESETS[code]


@pytest.mark.parametrize("code", PRESETS)
@pytest.mark.parametrize("base", ["classic", "three", "blobs", "plane"])
def test_every_preset_from_every_base(code, base):
    assert decode(encode(PRESETS[code], base)) == PRESETS[code]


def test_only_what_differs_is_written():
    faster = changed(optimizer=optimizer("sgd", learning_rate=0.3), epochs=100, snapshots=evenly(100, 60))
    assert encode(faster, "classic") == "classic~optimizer-sgd~.learning_rate-0.3~epochs-100"
    assert decode("classic~optimizer-sgd~.learning_rate-0.3~epochs-100") == faster


@pytest.mark.parametrize(
    "values",
    [
        *({"optimizer": optimizer(rule, learning_rate=0.07)} for rule in OPTIMIZERS),
        {"optimizer": optimizer("adam", beta1=0.8, bias_correction=False)},
        {"schedule": WarmUp(7, 0.25, Cosine(50, 0.1))},
        {"schedule": WarmUp(7, 0.25, WarmUp(3, then=StepDecay(2, 0.5)))},
        {"initializer": Normal(1e-3), "bias_initializer": None},
        {"initializer": Uniform(2.0), "bias_initializer": Constant(-1e-5)},
        {"initializer": Orthogonal(1.5)},
        {"initializer": VarianceScaling(1 / 3, "fan_out", "uniform")},
        {"initializer": initializer("he_normal", gain=1.1)},
        {"dropout": Dropout(0.2, "classic", "before_batch_norm"), "batch_norm": BatchNorm("after_activation", 0.3)},
        {"dropout": (Dropout(0.2), None), "batch_norm": (None, BatchNorm())},
        {"dropout": (None, None)},
        {"batch_size": None, "l1": 1e-4, "l2": 0.1, "clip_norm": 1e-12, "patience": 3, "standardize": True},
        {"loss": Huber("sum", 2.5), "reported": SquaredError("sum")},
        {"activations": (LeakyReLU(0.3), Swish(2.0), Tanh())},
        {"epochs": 0, "snapshots": (0,)},
        {"epochs": 7, "snapshots": (0, 3, 7)},
        {"epochs": 7, "snapshots": ()},
        {"seeds": 2**32 - 1},
    ],
)
def test_every_field_comes_back(values):
    config = changed(**values)
    text = encode(config, "classic")
    assert decode(text) == config
    assert text != "classic"
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-~")  # nothing to escape


def test_own_points_classes_and_start_come_back():
    points = ((0.5, -1.25, 0.0), (1e-7, 3.0, 1.0), (2.0, 2.0, 2.0))
    data = LabData("own", own=points, classes=("a-b.c~d", "", "none"), test_share=0.0, features=("x1", "product", "x2"))
    training = TrainingConfig((3, 1, 3), (Sigmoid(), Linear()))
    config = LabConfig(data, training, tuple(k / 7 for k in range(10)))
    assert decode(encode(config, "blobs")) == config
    for classes in (("none", "%"), ("%none", "%25"), ("한국", "x y")):
        two = replace(data, own=points[:2], classes=classes)
        assert decode(encode(LabConfig(two, TrainingConfig((3, 1), (Tanh(),))), "classic")).data.classes == classes


def test_a_regression_of_own_values_has_no_classes():
    data = LabData("own", own=((0.0, 1.0, 2.5), (1.0, 0.0, -2.5)), task="regression", classes=())
    config = LabConfig(data, TrainingConfig((2, 1), (Linear(),)))
    assert decode(encode(config, "plane")) == config


def test_a_stack_of_runs_has_no_code():
    for values in ({"seeds": (0, 1)}, {"learning_rates": (0.1,)}, {"initializer": (Normal(),)}):
        with pytest.raises(InputError, match="runs"):
            encode(changed(**values), "classic")


@pytest.mark.parametrize(
    "text",
    [
        *("", "nothing", "classic~", "classic~~", "~", "classic~epochs", "classic~epochs-", "classic~epochs-1-2"),
        *("classic~epochs-1_0", "classic~epochs-+5", "classic~epochs-5.0", "classic~epochs-nan", "classic~epochs-none"),
        *(
            "classic~epochs-５",
            "classic~epochs-1e9",
            "classic~epochs-99999999999999999999",
            "classic~epochs-5~epochs-6",
        ),
        *("classic~optimizer-magic", "classic~optimizer-none", "classic~optimizer-sgd~.beta1-0.5", "classic~.beta1-1"),
        *("classic~optimizer-sgd~.learning_rate-1e999", "classic~optimizer-sgd~.learning_rate-inf"),
        *("classic~optimizer-sgd~.learning_rate.x-1", "classic~optimizer-sgd~.learning_rate-1~.learning_rate-2"),
        *("classic~activations-tanh", "classic~activations-tanh.none.tanh", "classic~activations-"),
        *("classic~activations-tanh.tanh.tanh~.9.alpha-1", "classic~loss-squared_error.squared_error"),
        *("classic~loss-cross_entropy", "classic~initializer-normal.", "classic~dropout-dropout.dropout.dropout"),
        *("classic~dropout-dropout~.drop_rate-1", "classic~batch_norm-batch_norm~.place-nowhere", "classic~seeds-1_2"),
        *(
            "classic~sizes-2_1",
            "classic~sizes-none",
            "classic~sizes-2_99999_1",
            "classic~start-1_2_3",
            "classic~l1-none",
        ),
        *("classic~source-own", "classic~source-own~own-1_2", "classic~source-own~own-1_2_x", "classic~features-x9"),
        *("classic~features-none", "classic~noise-none", "classic~standardize-2", "classic~standardize-none"),
        *("classic~schedule-warm_up~.then-nothing", "classic~schedule-warm_up~.then.length-3", "classic~epochs.x-3"),
        *("classic~snapshots-1_1", "classic~snapshots-301", "classic~epochs-5~.x-3", "<b>", "\x00", "classic~한국어-1"),
        *("classic~n_samples-1", "classic~test_share-0.95", "classic~task-guess", "classic" + "~epochs-5" * 30_000),
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(InputError):
        decode(text)


def test_an_unknown_base_is_refused():
    with pytest.raises(InputError):
        encode(CLASSIC, "nothing")
