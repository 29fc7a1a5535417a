"""One frame of a training: the layers' activations, one sample followed, both planes, and the script of it all."""

import contextlib
import io
from dataclasses import replace

import numpy as np
import pytest

from engine.activations import activation
from engine.errors import InputError
from engine.export_inside import passage_script
from engine.film import film
from engine.gate_network import NOTE_001, evaluate
from engine.lab import LabConfig, LabData, run
from engine.lab_inside import border_of_z, follow, moment, n_frames
from engine.lab_planes import hidden_axes, hidden_plane, input_plane, kinds
from engine.lab_presets import PRESETS, XOR
from engine.lab_scores import network_scores, straight_scores
from engine.layers import BatchNorm, Dropout
from engine.losses import CrossEntropyWithLogits, HalfSquaredError, SoftmaxCrossEntropy
from engine.network import predict
from engine.training_config import TrainingConfig


def shorter(code, epochs=20):
    config = PRESETS[code]
    return replace(config, training=replace(config.training, epochs=epochs, snapshots=(0, epochs // 2, epochs)))


def at_end(config):
    history = run(config)
    return moment(config, history, n_frames(history) - 1), history


def hand_set():
    """Note 001's network, which needs no training."""
    sigmoid = activation("sigmoid")
    start = (5.0, -7.0, 5.0, -7.0, -8.0, 3.0, -11.0, -11.0, 6.0)
    training = TrainingConfig((2, 2, 1), (sigmoid, sigmoid), HalfSquaredError("sum"), epochs=0, snapshots=(0,))
    return LabConfig(XOR, training, start)


def built(norm=None, dropout=None, standardize=False, activations=("tanh", "relu", "linear"), **data):
    """A small network with what a learner can put between its layers."""
    options = {"source": "moons", "n_samples": 60, "features": ("x1", "product", "sin_x2")} | data
    lab_data = LabData(**options)
    sizes = (len(lab_data.features), 4, 2, lab_data.n_outputs)
    loss = CrossEntropyWithLogits() if lab_data.n_outputs == 1 else SoftmaxCrossEntropy()
    training = TrainingConfig(
        sizes, tuple(map(activation, activations)), loss, epochs=6, batch_size=10, batch_norm=norm, dropout=dropout,
        standardize=standardize, snapshots=(0, 3, 6),
    )  # fmt: skip
    return LabConfig(lab_data, training)


ALL = {
    "plain": built(),
    "norm before": built(BatchNorm()),
    "norm after": built(BatchNorm("after_activation"), standardize=True),
    "inverted dropout": built(dropout=Dropout(0.3)),
    "classic dropout": built(dropout=Dropout(0.3, "classic")),
    "both": built(BatchNorm(), Dropout(0.3, "classic", "before_batch_norm")),
    "classes": built(source="blobs", n_classes=3, noise=0.3),
}
each = pytest.mark.parametrize("config", ALL.values(), ids=ALL)


@each
def test_a_frame_is_the_snapshot_of_its_epoch(config):
    history = run(config)
    assert n_frames(history) == 3
    for frame, epoch in enumerate((0, 3, 6)):
        of = moment(config, history, frame)
        assert of.epoch == epoch
        np.testing.assert_array_equal(of.parameters, history.snapshots[frame])
        points = config.data.planes[0].X
        outputs = predict(config.training.architecture, of.parameters, of.fed(points), of.statistics)
        np.testing.assert_allclose(of.activations(points)[-1], outputs)
        assert network_scores(of)[0] == history.train_score[epoch]
        assert network_scores(of)[1] == history.test_score[epoch]
    np.testing.assert_array_equal(of.parameters, history.parameters)


@each
def test_a_sample_followed_is_the_network_s_own_row(config):
    of, _history = at_end(config)
    plane = config.data.planes[0]
    for index in (0, 7):
        passage = follow(of, plane.X[index], plane.y[index])
        rows = of.activations(plane.X[[index]])
        np.testing.assert_array_equal(passage.fed, rows[0][0])
        for layer, row in zip(passage.layers, rows[1:], strict=True):
            np.testing.assert_allclose(layer.before @ layer.W + layer.b, layer.z)
            np.testing.assert_array_equal(layer.stages[0].x, layer.z)
            for stage, following in zip(layer.stages, layer.stages[1:], strict=False):
                np.testing.assert_array_equal(stage.y, following.x)
            np.testing.assert_array_equal(layer.stages[-1].y, layer.a)
            np.testing.assert_allclose(layer.a, row[0])
        target = config.parts[0].targets[[index]]
        assert passage.loss == pytest.approx(float(config.training.loss.value(rows[-1], target)))
        assert passage.probabilities.sum() == pytest.approx(1.0)
        assert passage.answer == passage.probabilities.argmax()


@each
def test_the_script_prints_the_same_numbers(config):
    of, _history = at_end(config)
    plane = config.data.planes[0]
    passage = follow(of, plane.X[2], plane.y[2])
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(passage_script(passage), {})
    printed = {name: list(map(float, rest)) for name, *rest in (line.split() for line in out.getvalue().splitlines())}
    for n, layer in enumerate(passage.layers, 1):
        np.testing.assert_allclose(printed[f"z{n}"], layer.z, atol=1e-12)
        np.testing.assert_allclose(printed[f"a{n}"], layer.a, atol=1e-12)
    np.testing.assert_allclose(printed["probabilities"], passage.probabilities, atol=1e-12)
    assert printed["loss"] == [pytest.approx(passage.loss, abs=1e-12)]


@each
def test_the_rest_of_the_network_paints_the_hidden_plane(config):
    """The field at a place is what the network makes of activations there, by hand from layer 3 on."""
    of, _history = at_end(config)
    points = config.data.planes[0].X
    axes = hidden_axes(of, 2, "units")
    plane = hidden_plane(of, 2, axes, "units", points, side=5)
    np.testing.assert_allclose(plane.places, of.activations(points)[2])
    architecture = config.training.architecture
    W, b = architecture.weights(of.parameters)[-1], architecture.biases(of.parameters)[-1]
    x, y = np.linspace(*plane.x_range, 5), np.linspace(*plane.y_range, 5)[::-1]
    logits = np.stack(np.meshgrid(x, y), axis=-1) @ W + b
    expected = logits.argmax(axis=-1) if logits.shape[-1] > 1 else 1 / (1 + np.exp(-logits[..., 0]))
    np.testing.assert_allclose(plane.field, expected, atol=1e-5)
    low, high = plane.places.min(axis=0), plane.places.max(axis=0)
    assert (plane.x_range[0] < low[0], plane.y_range[0] < low[1]) == (True, True)
    assert (plane.x_range[1] > high[0], plane.y_range[1] > high[1]) == (True, True)


@each
def test_a_layer_of_four_goes_on_through_the_next_hidden_layer(config):
    """The tail keeps the normalization and dropout of the layers behind."""
    of, _history = at_end(config)
    narrow = replace(config.training, sizes=(3, 2, 4, config.data.n_outputs), snapshots=(0, 6))
    of, _history = at_end(replace(config, training=narrow))
    points = config.data.planes[0].X
    plane = hidden_plane(of, 1, hidden_axes(of, 1, "units"), "units", points, side=41)
    # At the nearest grid point to each sample, the field is nearly the network's own answer for the sample.
    outputs = of.activations(points)[-1]
    answers = outputs.argmax(axis=1) if outputs.shape[1] > 1 else 1 / (1 + np.exp(-outputs[:, 0]))
    step = np.array([np.ptp(plane.x_range), np.ptp(plane.y_range)]) / 40
    column, row = np.round((plane.places - [plane.x_range[0], plane.y_range[0]]) / step).astype(int).T
    found = plane.field[40 - row, column]
    assert (np.abs(found - answers) < 0.12).mean() > 0.9


def test_note_001_s_corners_come_apart_in_the_hidden_plane():
    of, _history = at_end(hand_set())
    plane = hidden_plane(of, 1, hidden_axes(of, 1, "units"), "units", of.config.data.plane.X)
    np.testing.assert_allclose(plane.places, evaluate(NOTE_001).hidden)
    np.testing.assert_allclose(plane.places[0], [3.3535e-4, 0.952574], rtol=1e-4)  # lecture note 001
    assert plane.x_range == pytest.approx((-0.08, 1.08))
    ((start, end),) = plane.border  # -11 a1 - 11 a2 + 6 = 0
    np.testing.assert_allclose(np.sum([start, end], axis=1), 6 / 11)
    inputs, hidden = straight_scores(of)
    assert (inputs.train, hidden.train) == (0.5, 1.0)
    passage = follow(of, (1.0, 1.0), 0)
    assert passage.output[0] == pytest.approx(0.02438853, abs=5e-9)  # lecture note 001


def test_the_lines_of_the_units_of_note_001():
    """z1 = 5 x1 + 5 x2 - 8, z2 = -7 x1 - 7 x2 + 3."""
    of, _history = at_end(hand_set())
    plane = input_plane(of, of.config.data.plane.X, 1, (0, 1))
    for unit, total in ((0, 8 / 5), (1, 3 / 7)):
        np.testing.assert_allclose(plane.lines[unit].sum(axis=2), total)


@pytest.mark.parametrize("place", ["before_activation", "after_activation"])
def test_a_normalized_unit_switches_where_its_normalized_sum_is_0(place):
    config = built(BatchNorm(place))
    of, _history = at_end(config)
    plane = input_plane(of, config.data.planes[0].X, 1, (0,))
    ends = plane.lines[0].reshape(-1, 2)
    assert len(ends)
    network = of.network(ends)
    switch = network.steps[0][0].y[:, 0] if place == "before_activation" else network.z[0][:, 0]
    assert np.abs(switch).max() < 0.05 * np.abs(of.switches(config.data.plane.X, 1)[:, 0]).max()


def test_across_the_border_left_and_right_are_the_answers():
    of, _history = at_end(shorter("three", 6000))
    axes = hidden_axes(of, 1, "readout")
    plane = hidden_plane(of, 1, axes, "readout", of.config.data.plane.X)
    outputs = of.activations(of.config.data.plane.X)[-1][:, 0]
    np.testing.assert_array_equal(plane.places[:, 0] > 0, outputs > 0.5)
    np.testing.assert_allclose(plane.border[:, :, 0], 0.0, atol=1e-12)
    np.testing.assert_allclose(plane.field, plane.field[:1].repeat(len(plane.field), axis=0), atol=1e-5)


def test_the_inputs_field_and_border_are_the_film_s():
    config = shorter("classic")
    of, history = at_end(config)
    plane = input_plane(of, config.data.planes[0].X, side=40)
    np.testing.assert_allclose(plane.field, film(config, history).answer.bytes[-1] / 255, atol=0.003)
    ends = plane.border.reshape(-1, 2)
    assert np.abs(of.activations(ends)[-1]).max() < 0.2  # the border of -1 and 1


def test_which_axes_are_offered():
    of, _history = at_end(shorter("classic", 2))
    assert (kinds(of, 1), kinds(of, 2)) == (("principal", "units"), ("units",))
    of, _history = at_end(shorter("three", 2))
    assert kinds(of, 1) == ("readout", "principal", "units")
    of, _history = at_end(shorter("blobs", 2))
    assert kinds(of, 1) == ("principal", "units")
    with pytest.raises(InputError):
        hidden_axes(of, 1, "readout")
    with pytest.raises(InputError):
        hidden_axes(of, 2, "units")


@pytest.mark.parametrize(
    ("output", "loss", "expected"),
    [
        ("sigmoid", HalfSquaredError(), 0.0),
        ("tanh", HalfSquaredError(), 0.0),
        ("linear", HalfSquaredError(), 0.5),
        ("linear", CrossEntropyWithLogits(), 0.0),
        ("relu", HalfSquaredError(), 0.5),
        ("arctan", HalfSquaredError(), np.tan(0.5)),
    ],
)
def test_the_border_in_terms_of_z(output, loss, expected):
    training = TrainingConfig((2, 3, 1), (activation("tanh"), activation(output)), loss, epochs=1, snapshots=(0, 1))
    of, _history = at_end(LabConfig(XOR, training))
    assert border_of_z(of) == pytest.approx(expected, abs=1e-12)


def test_no_border_for_several_classes_or_a_regression():
    for code in ("blobs", "plane"):
        of, _history = at_end(shorter(code, 2))
        assert border_of_z(of) is None
        assert not len(input_plane(of, of.config.data.plane.X).border)


def test_a_regression_is_followed_with_its_value():
    of, _history = at_end(shorter("plane", 4))
    passage = follow(of, (0.5, -0.5), 0.75)
    assert passage.answer == passage.output[0]
    assert passage.probabilities is None
    assert passage.loss == pytest.approx((passage.answer - 0.75) ** 2)
    one = straight_scores(of)[0]
    assert one.train > 0.9


def test_frames_end_where_numbers_end():
    config = shorter("plane", 60)
    wild = replace(config.training, optimizer=replace(config.training.optimizer, learning_rate=90.0))
    wild = replace(wild, snapshots=tuple(range(61)))
    history = run(replace(config, training=wild))
    last = n_frames(history) - 1
    assert 0 < last < 60
    of = moment(config, history, last)
    assert np.isfinite(of.parameters).all()
    with pytest.raises(InputError):
        moment(config, history, last + 1)


def test_bad_points_are_refused():
    of, _history = at_end(shorter("classic", 2))
    for point, y in (((np.nan, 0), 0), ((0, 0, 0), 0), ((0, 0), 2), ((0, 0), np.nan)):
        with pytest.raises(InputError):
            follow(of, point, y)
    with pytest.raises(InputError):
        input_plane(of, [[0.0, 0.0, 0.0]])


def test_results_cannot_be_changed():
    of, _history = at_end(shorter("three", 2))
    plane = hidden_plane(of, 1, hidden_axes(of, 1, "principal"), "principal", of.config.data.plane.X)
    passage = follow(of, (0.0, 1.0), 1)
    for array in (of.parameters, plane.places, passage.layers[0].z, passage.layers[0].W, passage.target):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
