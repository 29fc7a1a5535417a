"""What is taken home is the trained network: a reader that knows nothing of the engine gets the same answers."""

import json
from dataclasses import replace

import numpy as np
import pytest

from engine import lab
from engine.activations import activation
from engine.export_lab import FORMAT, history_columns, network_json
from engine.features import features
from engine.lab_presets import PRESETS
from engine.layers import BatchNorm, Dropout
from engine.losses import SquaredError
from engine.network import Network
from engine.optimizers import optimizer

FEATURES = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1_squared": lambda x1, x2: x1 * x1,
    "x2_squared": lambda x1, x2: x2 * x2,
    "product": lambda x1, x2: x1 * x2,
    "sin_x1": lambda x1, x2: np.sin(x1),
    "sin_x2": lambda x1, x2: np.sin(x2),
}
ACTIVATIONS = {
    "linear": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu": lambda z, alpha: np.where(z > 0, z, alpha * z),
}


def answer(network: dict, points: np.ndarray) -> np.ndarray:
    """What the JSON says of points, read by hand."""
    a = np.stack([FEATURES[one["name"]](*points.T) for one in network["features"]], axis=1)
    if network["standardize"]:
        a = (a - network["standardize"]["mean"]) / network["standardize"]["scale"]
    for layer in network["layers"]:
        a = a @ np.array(layer["W"]) + layer["b"]
        for step in layer["steps"]:
            numbers = {name: np.array(value) for name, value in step.items() if name not in ("kind", "name")}
            match step["kind"]:
                case "activation":
                    a = ACTIVATIONS[step["name"]](a, **numbers)
                case "batch_norm":
                    hat = (a - numbers["running_mean"]) / np.sqrt(numbers["running_var"] + numbers["epsilon"])
                    a = numbers["gamma"] * hat + numbers["beta"]
                case "factor":
                    a = a * numbers["factor"]
    return a


def short(code: str, epochs: int = 4, **changes) -> lab.LabConfig:
    config = PRESETS[code]
    return replace(config, training=replace(config.training, epochs=epochs, snapshots=(), **changes))


CONFIGS = {
    "classic": short("classic"),
    "note": short("three_three"),
    "several": short("blobs"),
    "features": short("product"),
    "standardized": short("squares", standardize=True),
    "norm": short("norm"),
    "norm after, classic dropout": short(
        "moons", batch_norm=BatchNorm("after_activation"), dropout=Dropout(0.3, "classic")
    ),
    "leaky": short("moons", activations=(activation("leaky_relu", alpha=0.3),) * 2 + (activation("linear"),)),
    "inverted dropout": short("dropout"),
}


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_a_reader_gets_the_networks_answers(config):
    history = lab.run(config)
    points = config.data.plane.X[:20]
    inputs = features(points, config.data.features)
    if history.standardizer is not None:
        inputs = history.standardizer.apply(inputs)
    network = Network(config.training.architecture, history.parameters, inputs)
    network.statistics[...] = history.statistics
    network.forward()
    read = json.loads(network_json(config, history))
    assert read["format"] == FORMAT
    np.testing.assert_allclose(answer(read, points), network.a[-1].reshape(len(points), -1), rtol=1e-12, atol=1e-13)


def test_it_says_what_its_answers_mean():
    classic = json.loads(network_json(CONFIGS["classic"], lab.run(CONFIGS["classic"])))
    assert (classic["task"], classic["classes"], classic["coding"]) == ("classification", ["0", "1"], [-1.0, 1.0])
    assert (classic["loss"], classic["takes_logits"]) == ("half_squared_error", False)
    blobs = json.loads(network_json(CONFIGS["several"], lab.run(CONFIGS["several"])))
    assert (blobs["coding"], blobs["takes_logits"], len(blobs["classes"])) == (None, True, 4)


def test_every_number_is_there_to_the_last_bit():
    config = CONFIGS["classic"]
    history = lab.run(config)
    layers = json.loads(network_json(config, history))["layers"]
    flat = [x for layer in layers for x in (*np.ravel(layer["W"]), *layer["b"])]
    assert sorted(flat) == sorted(history.parameters.tolist())


def test_what_is_not_finite_is_null():
    wild = short("plane", 60, loss=SquaredError("sum"), optimizer=optimizer("sgd", learning_rate=1e6))
    history = lab.run(wild)
    assert not np.isfinite(history.parameters).all()
    assert "NaN" not in network_json(wild, history)
    assert None in np.ravel(json.loads(network_json(wild, history))["layers"][0]["W"]).tolist()


def test_of_a_stack_one_run_is_taken():
    config = short("classic", seeds=(3, 4))
    history, alone = lab.run(config), lab.run(short("classic", seeds=4))
    second = json.loads(network_json(config, history, run=1))
    np.testing.assert_allclose(second["layers"][0]["W"], json.loads(network_json(config, alone))["layers"][0]["W"])
    np.testing.assert_allclose(
        history_columns(config, history, 1)["test_loss"], history_columns(config, alone)["test_loss"]
    )


def test_the_history_has_a_row_an_epoch():
    config = CONFIGS["classic"]
    history = lab.run(config)
    columns = history_columns(config, history)
    assert list(columns) == [
        *("epoch", "train_loss", "train_accuracy", "test_loss", "test_accuracy"),
        *("gradient_norm_1", "gradient_norm_2", "gradient_norm_3"),
    ]
    assert columns["epoch"].tolist() == [0, 1, 2, 3, 4]
    assert columns["test_loss"].tolist() == history.test_loss.tolist()
    assert np.isnan(columns["gradient_norm_2"][0])
    assert columns["gradient_norm_2"][1:].tolist() == history.gradient_norms[:, 1].tolist()
    assert not [name for name in history_columns(CONFIGS["note"], lab.run(CONFIGS["note"])) if "test" in name]
