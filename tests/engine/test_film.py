"""The film of a training: each byte against the network's own answer, and what is left out of it."""

from dataclasses import replace

import numpy as np
import pytest

from engine import film as films
from engine.activations import Linear, ReLU, Sigmoid, Tanh
from engine.adam import Adam
from engine.decision import grid_points
from engine.errors import InputError
from engine.features import FEATURES, features
from engine.film import film, levels
from engine.lab import OWN, LabConfig, LabData, run
from engine.lab_presets import PRESETS
from engine.layers import BatchNorm, Dropout
from engine.losses import CrossEntropyWithLogits, HalfSquaredError, SoftmaxCrossEntropy, SquaredError
from engine.momentum import SGD
from engine.network import Network
from engine.training_config import TrainingConfig, evenly

SIDE, UNIT_SIDE = 13, 7
LEVEL = 1 / 255
CLASSIC = TrainingConfig(
    (2, 4, 3, 1),
    (Tanh(),) * 3,
    HalfSquaredError(),
    SGD(learning_rate=0.1),
    epochs=6,
    batch_size=10,
    snapshots=(0, 2, 6),
)
DISC = LabData(n_samples=40)
LOGITS = replace(CLASSIC, activations=(Tanh(), ReLU(), Linear()), loss=CrossEntropyWithLogits())
THREE = LabData("blobs", n_samples=60, noise=0.2, n_classes=3)
CONFIGS = {
    "tanh at the end": LabConfig(DISC, CLASSIC),
    "logits": LabConfig(DISC, LOGITS),
    "three classes": LabConfig(
        THREE,
        replace(LOGITS, sizes=(2, 4, 3, 3), activations=(Tanh(), Sigmoid(), Linear()), loss=SoftmaxCrossEntropy()),
    ),
    "regression": LabConfig(LabData("plane", n_samples=40), replace(LOGITS, loss=SquaredError())),
    "all features": LabConfig(replace(DISC, features=tuple(FEATURES)), replace(CLASSIC, sizes=(7, 4, 3, 1))),
    "one feature, no hidden layer": LabConfig(
        replace(DISC, features=("product",)), replace(CLASSIC, sizes=(1, 1), activations=(Tanh(),))
    ),
    "standardized": LabConfig(LabData("disc", n_samples=40, seed=3), replace(CLASSIC, standardize=True)),
    "standardized features": LabConfig(
        replace(DISC, features=("x1_squared", "sin_x2", "x1")), replace(CLASSIC, sizes=(3, 4, 3, 1), standardize=True)
    ),
    "batch norm before": LabConfig(DISC, replace(CLASSIC, batch_norm=BatchNorm())),
    "batch norm after": LabConfig(DISC, replace(CLASSIC, batch_norm=BatchNorm("after_activation"))),
    "dropout": LabConfig(DISC, replace(CLASSIC, dropout=Dropout(0.3))),
    "classic dropout": LabConfig(DISC, replace(CLASSIC, dropout=Dropout(0.3, "classic"))),
    "a start of one's own": LabConfig(DISC, CLASSIC, tuple(np.linspace(-2, 2, 31).tolist())),
}


def inputs(config, history, side):
    """The points of the picture as the network is given them."""
    X = features(grid_points(*config.data.square, side), config.data.features)
    return X if history.standardizer is None else history.standardizer.apply(X)


def activations(config, history, frame, side):
    """What every activation function gives, layer by layer, (points, units), float64, by the network itself."""
    training = config.training
    statistics = history.snapshot_statistics[frame]
    network = Network(training.architecture, history.snapshots[frame], inputs(config, history, side), statistics)
    network.forward()
    found = []
    for layer, f in enumerate(training.activations):
        norm = training.architecture.norms[layer]
        steps = [step.snapshot() for step in network.steps[layer]]
        if not steps:
            found.append(network.a[layer + 1].copy())
        elif norm and norm.place == "before_activation":
            found.append(f.f(steps[0].y))
        else:
            found.append(f.f(network.z[layer]))
    return network.a[-1].copy(), found


def assert_levels(shown, values, low, high):
    """Each byte is the nearest of 256 levels to the value, but for the rounding of float32."""
    exact = np.clip((values - low) / (high - low), 0, 1) * 255
    assert np.abs(shown - exact).max() <= 0.5 + 2e-3
    assert shown.dtype == np.uint8


@pytest.mark.parametrize("name", CONFIGS)
def test_every_byte_is_the_networks_answer(name):
    config = CONFIGS[name]
    history = run(config)
    shown = film(config, history, SIDE, UNIT_SIDE)
    assert shown.answer.bytes.shape == (3, SIDE, SIDE)
    assert [one.bytes.shape for one in shown.units] == [
        (3, units, UNIT_SIDE, UNIT_SIDE) for units in config.training.sizes[1:-1]
    ]
    for frame in range(3):
        outputs, _ = activations(config, history, frame, SIDE)
        answer = shown.answer.bytes[frame].reshape(-1)
        if config.data.n_outputs > 1:
            assert (answer == outputs.argmax(axis=1)).mean() > 0.99  # float32 may tip a tie over
            continue
        if config.training.loss.takes_logits:
            outputs = 1 / (1 + np.exp(-outputs))
        assert_levels(answer, outputs[:, 0], shown.answer.low, shown.answer.high)
        _, hidden = activations(config, history, frame, UNIT_SIDE)
        for maps, a in zip(shown.units, hidden, strict=False):
            for unit in range(a.shape[1]):
                assert_levels(maps.bytes[frame, unit].reshape(-1), a[:, unit], maps.low[unit], maps.high[unit])


def test_the_ends_of_the_levels_are_the_targets():
    for name, ends in (("tanh at the end", (-1, 1)), ("logits", (0, 1)), ("three classes", (0, 255))):
        answer = film(CONFIGS[name], run(CONFIGS[name]), SIDE, UNIT_SIDE).answer
        assert (answer.low, answer.high) == ends
    config = CONFIGS["regression"]
    answer, targets = film(config, run(config), SIDE, UNIT_SIDE).answer, config.data.plane.targets
    assert (answer.low, answer.high) == (targets.min(), targets.max())
    flat = LabConfig(LabData(OWN, own=((0, 0, 2.0), (1, 1, 2.0)), task="regression", test_share=0.0), config.training)
    answer = film(flat, run(flat), SIDE, UNIT_SIDE).answer
    assert (answer.low, answer.high) == (2.0, 3.0)  # one value alone has no ends of its own


def test_units_of_bounded_functions_have_one_scale_and_others_their_own():
    config = CONFIGS["logits"]  # tanh, then ReLU
    tanh, relu = film(config, run(config), SIDE, UNIT_SIDE).units
    assert {*tanh.low, *tanh.high} == {-1.0, 1.0}
    np.testing.assert_array_equal(relu.low, -relu.high)
    assert (relu.high > 0).all()
    for unit in range(3):
        values = levels_back(relu, unit)
        assert values.max() == pytest.approx(relu.high[unit], rel=1e-6) or relu.high[unit] == 1.0
        assert values.min() >= -2 * LEVEL * relu.high[unit]


def levels_back(shown, unit):
    return shown.low[unit] + (shown.high[unit] - shown.low[unit]) * shown.bytes[:, unit] / 255


def test_frames_are_the_snapshots():
    config = CONFIGS["batch norm before"]
    history = run(config)
    shown = film(config, history, SIDE, UNIT_SIDE)
    assert shown.epochs.tolist() == [0, 2, 6]
    np.testing.assert_array_equal(shown.parameters, history.snapshots)
    np.testing.assert_array_equal(shown.statistics, history.snapshot_statistics)
    assert (shown.x_range, shown.y_range) == config.data.square
    arrays = [shown.epochs, shown.parameters, shown.statistics, shown.answer.bytes, *(one.bytes for one in shown.units)]
    assert not any(array.flags.writeable for array in arrays)


def test_the_top_row_is_x2_at_its_highest():
    """One linear unit that answers x2 alone: rows fall from the top, columns are alike."""
    data = LabData(OWN, own=((-1, -1, -1.0), (1, 1, 1.0)), task="regression", test_share=0.0)
    training = TrainingConfig((2, 1), (Linear(),), epochs=0, snapshots=(0,))
    shown = film(LabConfig(data, training, (0.0, 1.0, 0.0)), run(LabConfig(data, training, (0.0, 1.0, 0.0))), 5, 5)
    low, high = data.square[1]
    expected = np.clip((np.linspace(high, low, 5) + 1) / 2, 0, 1) * 255
    np.testing.assert_array_equal(shown.answer.bytes[0], np.tile(expected.round()[:, None], 5))


def test_one_run_of_a_stack():
    config = LabConfig(DISC, replace(CLASSIC, seeds=(3, 4)))
    shown = film(config, run(config), SIDE, UNIT_SIDE, run=1)
    alone = LabConfig(DISC, replace(CLASSIC, seeds=4))
    np.testing.assert_allclose(shown.parameters, run(alone).snapshots, rtol=1e-9, atol=1e-12)
    expected = film(alone, run(alone), SIDE, UNIT_SIDE).answer.bytes
    assert np.abs(shown.answer.bytes.astype(int) - expected).max() <= 1


# Divergence


def diverging(learning_rate: float) -> LabConfig:
    training = replace(LOGITS, activations=(ReLU(), ReLU(), Linear()), loss=SquaredError(), epochs=400)
    training = replace(training, snapshots=evenly(400, 60), optimizer=SGD(learning_rate=learning_rate))
    return LabConfig(LabData("plane", n_samples=40), training)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("learning_rate", [2.0, 50.0, 1e3])
def test_the_film_ends_with_the_last_finite_frame(learning_rate):
    config = diverging(learning_rate)
    history = run(config)
    with np.errstate(over="ignore"):  # pictures are float32, and end where it does
        finite = np.isfinite(history.snapshots.astype(np.float32)).all(axis=1)
    assert finite[0]
    assert not finite.all()
    shown = film(config, history, SIDE, UNIT_SIDE)
    n = finite.argmin()
    assert len(shown.epochs) == len(shown.answer.bytes) == len(shown.parameters) == n
    assert shown.epochs.tolist() == history.snapshot_epochs[:n].tolist()
    assert np.isfinite(shown.parameters).all()
    assert all(len(one.bytes) == n for one in shown.units)


@pytest.mark.filterwarnings("error")
def test_weights_beyond_float32_paint_something_and_warn_of_nothing():
    for size in (1e30, 1e60, 1e300):
        config = LabConfig(DISC, replace(LOGITS, epochs=0, snapshots=(0,)), (size,) * 31)
        shown = film(config, run(config), SIDE, UNIT_SIDE)
        assert shown.answer.bytes.shape == (1, SIDE, SIDE)
        assert all(np.isfinite(one.low).all() and (one.low < one.high).all() for one in shown.units)


@pytest.mark.parametrize("last", [False, True])
def test_early_stopping_keeps_a_network_and_the_film_ends_with_it(last):
    """`last`: the stop is the last epoch; its frame makes room, so that there are no more frames than snapshots."""
    training = replace(PRESETS["overfit"].training, patience=10, snapshots=(0, 10, 100))
    config = replace(PRESETS["overfit"], training=training)
    stop = int(run(config).stopped_at)
    assert 10 < stop < 100
    if last:
        config = replace(config, training=replace(training, epochs=stop, snapshots=(0, 10, stop)))
    history = run(config)
    shown = film(config, history, SIDE, UNIT_SIDE)
    assert shown.kept
    assert shown.epochs.tolist() == [0, 10, int(history.best_epoch)]
    assert (shown.parameters[-1] == history.parameters).all()
    assert not film(CONFIGS["logits"], run(CONFIGS["logits"]), SIDE, UNIT_SIDE).kept


@pytest.mark.filterwarnings("error")
def test_statistics_that_are_not_finite_end_the_film():
    config = CONFIGS["batch norm before"]
    history = run(config)
    statistics = history.snapshot_statistics.copy()
    statistics[1, 0] = np.inf
    assert film(config, replace(history, snapshot_statistics=statistics), SIDE, UNIT_SIDE).epochs.tolist() == [0]


# Levels


def test_levels_by_hand():
    shown = levels(np.array([[[-2.0, -1.0], [0.0, 1.0]], [[1.1, np.nan], [np.inf, -np.inf]]], np.float32), -1.0, 1.0)
    assert shown.bytes.tolist() == [[[0, 0], [128, 255]], [[255, 0], [255, 0]]]
    assert (shown.low, shown.high) == (-1.0, 1.0)
    of_two = levels(np.ones((3, 2, 1, 1)), [0.0, -1.0], [2.0, 4.0])
    assert of_two.bytes[:, :, 0, 0].tolist() == [[128, 102]] * 3


# Presets and refusals


@pytest.mark.parametrize("code", PRESETS)
def test_every_preset_has_its_film(code):
    config = PRESETS[code]
    training = replace(config.training, epochs=4, snapshots=(0, 4), optimizer=Adam(learning_rate=0.01))
    config = replace(config, training=training)
    shown = film(config, run(config))
    assert shown.answer.bytes.shape == (2, 40, 40)
    assert len(shown.units) == len(training.sizes) - 2


@pytest.mark.parametrize(
    ("changes", "code", "argument"),
    [
        ({"side": 1}, "out_of_range", "side"),
        ({"side": films.MAX_SIDE + 1}, "out_of_range", "side"),
        ({"side": "wide"}, "not_a_number", "side"),
        ({"unit_side": 0}, "out_of_range", "unit_side"),
        ({"unit_side": float("nan")}, "not_finite", "unit_side"),
        ({"run": 1}, "out_of_range", "run"),
        ({"run": -1}, "out_of_range", "run"),
    ],
)
def test_a_film_of_nothing_is_refused(changes, code, argument):
    config = CONFIGS["tanh at the end"]
    with pytest.raises(InputError) as caught:
        film(config, run(config), **changes)
    assert (caught.value.code, caught.value.argument) == (code, argument)
