"""What the lab's player is sent: the film's pictures and parameters to the last bit, the engine's losses, few bytes."""

import base64
import json
import zlib
from dataclasses import replace

import numpy as np
import pytest

from engine.activations import activation
from engine.film import film, input_pictures
from engine.lab import LabConfig, LabData, run
from engine.lab_presets import PRESETS
from engine.layers import BatchNorm
from engine.losses import CrossEntropyWithLogits
from engine.training_config import TrainingConfig, evenly
from pages.shared.lab_reel import CURVE_POINTS, MOST_UNITS
from pages.shared.lab_reel import reel as packed


def shortened(code: str, epochs: int = 6, **changes) -> LabConfig:
    config = PRESETS[code]
    training = replace(config.training, epochs=epochs, snapshots=evenly(epochs, min(epochs + 1, 5)), **changes)
    return replace(config, training=training)


def wide_with_batch_norm() -> LabConfig:
    kinds = (activation("relu"), activation("tanh"), activation("linear"))
    norms = (BatchNorm(), None)
    options = {"loss": CrossEntropyWithLogits(), "batch_norm": norms, "epochs": 4, "snapshots": (0, 1, 4)}
    data = LabData("moons", n_samples=40, features=("x1", "x2", "product"))
    return LabConfig(data, TrainingConfig((3, 20, 3, 1), kinds, batch_size=8, **options))


CONFIGS = {
    **{code: shortened(code) for code in ("classic", "three", "unit", "blobs", "plane", "memory")},
    "norm": wide_with_batch_norm(),
}


def reel(config, history, painted):
    return packed(config, history, painted, input_pictures(config, 5))


@pytest.fixture(scope="module", params=CONFIGS)
def made(request):
    config = CONFIGS[request.param]
    history = run(config)
    painted = film(config, history, side=12, unit_side=6)
    return config, history, painted, reel(config, history, painted).message


# a decoder, as lab_film.js is one


def inflated(text: str) -> np.ndarray:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8)


def floats(text: str, kind: str = "<f4") -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), kind)


def pictures(message: dict) -> list[np.ndarray]:
    """The answer (frames, side, side), and of each hidden layer (frames, units, unit_side, unit_side)."""
    raw, frames, found = inflated(message["pictures"]), len(message["epochs"]), []
    for layer, units in enumerate(message["shown"][:-1]):
        side = message["unit_side"] if layer else message["side"]
        shape = (frames, units if layer else 1, side, side)
        moved, raw = raw[: np.prod(shape)].reshape(shape), raw[np.prod(shape) :]
        found.append(moved.cumsum(axis=-1, dtype=np.uint8).cumsum(axis=0, dtype=np.uint8))
    assert not raw.size
    return [found[0][:, 0], *found[1:]]


def parameters(message: dict) -> np.ndarray:
    """(frames, n)."""
    moved = inflated(message["parameters"]).reshape(4, len(message["epochs"]), -1).transpose(1, 2, 0)
    return np.ascontiguousarray(moved).view("<u4")[..., 0].cumsum(axis=0, dtype=np.uint32).view("<f4")


def test_the_pictures_are_the_films(made):
    config, _, painted, message = made
    answer, *units = pictures(message)
    assert (answer == painted.answer.bytes).all()
    assert len(units) == len(config.training.sizes) - 2
    for found, layer in zip(units, painted.units, strict=True):
        assert (found == layer.bytes[:, :MOST_UNITS]).all()
    assert message["unit_ends"] == [
        [layer.low[:MOST_UNITS].tolist(), layer.high[:MOST_UNITS].tolist()] for layer in painted.units
    ]


def test_each_input_has_its_picture(made):
    config, _, _, message = made
    found = inflated(message["input_pictures"]).reshape(-1, 5, 5)
    assert (found == input_pictures(config, 5).bytes).all()
    assert (message["input_side"], len(found)) == (5, len(config.data.features))


def test_the_parameters_are_the_films(made):
    config, _, painted, message = made
    of, found, place = config.training.architecture, parameters(message), 0
    layers = zip(
        of.weights(painted.parameters), of.biases(painted.parameters), of.scales(painted.parameters), strict=True
    )
    for layer, (W, b, scale) in enumerate(layers):
        n_in, n_out = message["shown"][layer : layer + 2]
        expected = [W[:, :n_in, :n_out], b[:, None, :n_out]]
        expected += [] if scale is None else [part[:, None, :n_out] for part in scale]
        for part in expected:
            size = part[0].size
            assert (found[:, place : place + size].reshape(part.shape) == part.astype(np.float32)).all()
            place += size
        assert message["normalized"][layer] == (scale is not None)
    assert place == found.shape[1]


def test_the_numbers_at_the_frames_are_the_engines(made):
    _, history, painted, message = made
    for name, text in message["now"].items():
        values = getattr(history, name)
        if values is None:
            assert text is None
            assert message["curves"][name] is None
            continue
        assert (floats(text, "<f8") == values[painted.epochs]).all()
        assert (floats(message["curves"][name]) == values[message["at"]].astype(np.float32)).all()
    assert message["score"] == history.score


def test_the_samples_are_those_of_the_data(made):
    config, _, _, message = made
    rows = floats(message["points"]).reshape(-1, 3)
    train, test = config.data.planes
    assert message["n_train"] == len(train)
    assert len(rows) == len(train) + (len(test) if test else 0)
    np.testing.assert_array_equal(rows[: len(train), :2], train.X.astype(np.float32))
    np.testing.assert_array_equal(rows[: len(train), 2], train.y.ravel().astype(np.float32))


def test_a_picture_can_be_sent(made):
    config, _, painted, message = made
    assert json.loads(json.dumps(message, allow_nan=False)) == message
    assert message["epochs"] == painted.epochs.tolist()
    assert message["shown"] == [min(size, MOST_UNITS) for size in config.training.sizes]
    assert len(message["inputs"]) == len(config.data.features)


def test_kinds():
    kinds = {code: reel(c, h := run(c), film(c, h, 4, 4)).message["kind"] for code, c in CONFIGS.items()}
    assert (kinds["classic"], kinds["blobs"], kinds["plane"]) == ("two", "many", "value")


def test_a_long_curve_is_thinned_and_keeps_the_frames():
    config = shortened("unit", epochs=3000)
    history = run(config)
    message = reel(config, history, film(config, history, 4, 4)).message
    assert len(message["at"]) <= CURVE_POINTS
    assert set(message["epochs"]) <= set(message["at"])
    assert (message["at"][0], message["at"][-1]) == (0, 3000)


def test_a_divergence_can_be_sent():
    config = shortened("plane", epochs=40)
    training = replace(config.training, optimizer=replace(config.training.optimizer, learning_rate=50.0))
    config = replace(config, training=replace(training, epochs=400, snapshots=evenly(400, 60)))
    history = run(config)
    assert history.diverged_at > 0
    painted = film(config, history, 4, 4)
    message = reel(config, history, painted).message
    assert len(message["epochs"]) < 60
    assert json.dumps(message, allow_nan=False)
    assert (parameters(message) == painted.parameters.astype(np.float32)).all()
    assert message["loss_top"] <= 3.2 * history.train_loss[0]


def test_early_stopping_ends_the_film_with_the_network_that_is_kept():
    config = shortened("memory", epochs=40, patience=3)
    config = replace(config, training=replace(config.training, snapshots=evenly(40, 21)))
    history = run(config)
    stopped, best = int(history.stopped_at), int(history.best_epoch)
    assert 0 < stopped < 40
    painted = film(config, history, 4, 4)
    message = reel(config, history, painted).message
    assert message["epochs"] == [epoch for epoch in history.snapshot_epochs.tolist() if epoch <= stopped] + [best]
    assert (message["kept"], message["end"]) == (True, stopped)
    assert floats(message["now"]["train_loss"], "<f8")[-1] == history.train_loss[best]
    assert np.isfinite(floats(message["now"]["train_loss"], "<f8")).all()
    assert (pictures(message)[0] == painted.answer.bytes).all()


def test_the_classic_is_small():
    """300 epochs, 60 frames of 40 x 40, six units of 20 x 20, 500 samples."""
    config = PRESETS["classic"]
    history = run(config)
    sent = len(json.dumps(reel(config, history, film(config, history)).message))
    assert sent < 120_000


def test_another_training_has_another_code():
    codes = set()
    for seed in (0, 1):
        config = shortened("classic", seeds=seed)
        history = run(config)
        codes |= {reel(config, history, film(config, history, 6, 4)).code for _ in range(2)}
    assert len(codes) == 2
