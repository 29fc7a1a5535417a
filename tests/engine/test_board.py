"""The board: distributions of every frame as an own pass finds them, nothing dropped, divergence cut off, signs."""

from dataclasses import replace

import numpy as np
import pytest

from engine import board, lab
from engine.activations import activation
from engine.board_reading import drawn_frames, findings, moved_most
from engine.errors import InputError
from engine.histograms import count, count_rows
from engine.lab_presets import PRESETS
from engine.layers import BatchNorm, Dropout
from engine.network import Network
from engine.normalized_training import QUANTILES
from engine.training_config import evenly


def short(code, epochs=10, frames=4, **changes):
    config = PRESETS[code]
    training = replace(config.training, epochs=epochs, snapshots=evenly(epochs, frames), **changes)
    return replace(config, training=training)


@pytest.fixture(scope="module")
def classic():
    config = short("classic")
    history = lab.run(config)
    return config, history, board.watch(config, history)


def expected(config, history, frame):
    """Every quantity of one frame from a pass of its own, layer by layer."""
    samples = config.parts[0]
    X = samples.X if history.standardizer is None else history.standardizer.apply(samples.X)
    of = config.training.architecture
    network = Network(of, history.snapshots[frame], X, history.snapshot_statistics[frame])
    trace = network.trace(config.training.loss, samples.targets)
    return {"W": trace.W, "b": trace.b, "z": trace.z, "a": trace.a[1:], "dz": trace.dz, "dW": trace.dW}, trace


@pytest.mark.parametrize(
    "config",
    [
        short("classic"),
        short("blobs", standardize=True),
        short("moons", batch_norm=BatchNorm(), dropout=Dropout(0.4)),
    ],
    ids=["classic", "blobs", "moons"],
)
def test_every_quantity_is_that_of_a_pass_of_its_own(config):
    history = lab.run(config)
    found = board.watch(config, history)
    assert found.complete
    for frame in range(len(found.epochs)):
        values, trace = expected(config, history, frame)
        for code in board.QUANTITIES:
            for layer, one in enumerate(found.spreads[code]):
                flat = values[code][layer].ravel()
                assert one.numbers == flat.size
                np.testing.assert_allclose(one.quantiles[frame], np.quantile(flat, QUANTILES), rtol=1e-9, atol=1e-14)
                assert (one.lowest[frame], one.highest[frame]) == pytest.approx((flat.min(), flat.max()), rel=1e-9)
                assert one.rms[frame] == pytest.approx(np.sqrt(np.mean(flat**2)), rel=1e-9)
        slopes = [np.abs(slope) for slope in trace.slope]
        dead = [(slope.max(axis=0) == 0).mean() for slope in slopes[:-1]]
        np.testing.assert_allclose(found.dead[frame], dead)
        flat = [
            (slope <= 0.05 * f.steepest.slope).mean()
            for slope, f in zip(slopes, config.training.activations, strict=True)
        ]
        np.testing.assert_allclose(found.saturated[frame], flat)


def test_histograms_drop_nothing_and_share_a_range(classic):
    config, history, found = classic
    for code, spreads in found.spreads.items():
        assert len({(one.shared.low, one.shared.high) for one in spreads}) == 1
        for layer, one in enumerate(spreads):
            for counts in (one.shared, one.own):
                np.testing.assert_allclose(counts.shares.sum(axis=1) + counts.outside, 1.0)
                values = expected(config, history, 1)[0][code][layer]
                below, *inside, above = count(values, counts.low, counts.high, board.BINS)
                np.testing.assert_array_equal(counts.shares[1], np.array(inside) / values.size)
                assert (counts.below[1], counts.above[1]) == (below / values.size, above / values.size)
    assert (found.spreads["a"][0].shared.low, found.spreads["a"][0].shared.high) == (-1.0, 1.0)


def test_how_far_the_weights_have_moved(classic):
    config, history, found = classic
    start, end = (config.training.architecture.weights(history.snapshots[frame]) for frame in (0, -1))
    want = [np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in zip(start, end, strict=True)]
    np.testing.assert_allclose(found.moved[-1], want)
    assert (found.moved[0] == 0).all()


def test_weights_that_start_at_0_have_no_length_to_compare_with(classic):
    config = short("classic")
    parameters = config.training.start()[0]
    config.training.architecture.weights(parameters)[1][...] = 0.0
    config = replace(config, start=tuple(parameters.tolist()))
    found = board.watch(config, lab.run(config))
    assert np.isnan(found.moved[:, 1]).all()
    assert moved_most(found, 3) == np.nanargmax(found.moved[3])
    assert moved_most(found, 0) is None
    assert {layer for one in findings(found, 3) if one.kind in ("growing", "sleeping") for layer in one.layers} <= {
        0,
        2,
    }
    assert moved_most(replace(found, moved=found.moved[:, 1:2]), 3) is None
    asleep = replace(found, moved=np.array([[np.nan, 1e-4, 0.5]] * 4))
    assert [one.layers for one in findings(asleep, 3) if one.kind == "sleeping"] == [(1,)]


def test_in_parts_as_at_once(classic, monkeypatch):
    config, history, found = classic
    monkeypatch.setattr(board, "MAX_STACK", 1)  # a frame at a time
    alone = board.watch(config, history)
    for code in board.QUANTITIES:
        for one, other in zip(found.spreads[code], alone.spreads[code], strict=True):
            np.testing.assert_allclose(one.quantiles, other.quantiles, rtol=1e-9, atol=1e-15)


def test_a_run_that_diverges_ends_with_its_last_finite_frame():
    config = short("plane", 50, 51, optimizer=replace(PRESETS["plane"].training.optimizer, learning_rate=3.0))
    history = lab.run(config)
    found = board.watch(config, history)
    assert not found.complete
    assert found.epochs[-1] <= history.diverged_at
    assert all(np.isfinite(one.quantiles).all() for spreads in found.spreads.values() for one in spreads)
    W = found.spreads["W"][0]
    assert W.shared.high < 100  # the start can still be seen
    assert W.shared.outside[0] == 0
    assert W.shared.outside[-1] == 1
    assert findings(found, len(found.epochs) - 1)[0].kind == "growing"


def test_frames_after_early_stopping_are_left_out():
    config = short("memory", 60, 61, patience=2)
    history = lab.run(config)
    found = board.watch(config, history)
    assert 0 < history.stopped_at < 60
    assert found.epochs[-1] == history.stopped_at


def test_signs():
    deep = PRESETS["deeper"]
    start = replace(deep, training=replace(deep.training, epochs=0, snapshots=(0,)))
    found = board.watch(start, lab.run(start))
    (sign,) = findings(found, 0)
    rms = [float(one.rms[0]) for one in found.spreads["dW"]]
    assert (sign.kind, sign.layers, sign.value) == ("vanishing", (0,), rms[0] / rms[-1])
    assert sign.value < 0.1

    dead = short("moons", 0, 2)
    of = dead.training.architecture
    parameters = dead.training.start()[0]
    of.biases(parameters)[0][:2] = -100.0  # two of eight units of the first layer are off for every sample
    dead = replace(dead, start=tuple(parameters.tolist()))
    signs = {one.kind: one for one in findings(board.watch(dead, lab.run(dead)), 0)}
    assert (signs["dead"].layers, signs["dead"].value) == ((0,), 0.25)
    assert "saturated" not in signs  # a ReLU that is off is no saturation

    flat = short("memory", 0, 2)
    parameters = flat.training.start()[0]
    flat.training.architecture.weights(parameters)[0][...] *= 100
    flat = replace(flat, start=tuple(parameters.tolist()))
    signs = {one.kind: one for one in findings(board.watch(flat, lab.run(flat)), 0)}
    assert 0 in signs["saturated"].layers


def test_a_sleeping_layer():
    config = short("deep", 5000, 3)
    history = lab.run(config)
    found = board.watch(config, history)
    moved = found.moved[-1]
    asleep = [layer for layer in range(3) if moved[layer] < min(0.1, moved.max() / 10)]
    told = [one for one in findings(found, 2) if one.kind == "sleeping"]
    assert [list(one.layers) for one in told] == ([asleep] if asleep and moved.max() > 0.1 else [])


@pytest.mark.parametrize("frame", [0, 3, 17, 30, 59])
def test_drawn_frames_hold_the_one_looked_at(frame):
    places = drawn_frames(60, 16, frame)
    assert frame in places
    assert (len(places), places[0], places[-1]) == (16, 0, 59)
    assert list(places) == sorted(set(places))
    assert drawn_frames(3, 16, 1) == (0, 1, 2)


def test_counting_row_by_row_is_counting_each_row():
    rows = np.random.default_rng(0).normal(size=(5, 200))
    rows[0, :3] = -1.0, 1.0, 0.5  # the ends of the range and an edge
    found = count_rows(rows, -1.0, 1.0, 20)
    np.testing.assert_array_equal(found, [count(row, -1.0, 1.0, 20) for row in rows])
    with pytest.raises(InputError):
        count_rows(rows, 1.0, -1.0, 20)
    with pytest.raises(InputError):
        count_rows(rows[0], -1.0, 1.0, 20)


def test_a_range_holds_values_that_are_all_the_same():
    config = short("plane", 0, 2)  # biases of 0
    b = board.watch(config, lab.run(config)).spreads["b"][0]
    assert (b.shared.low, b.shared.high) == (-0.5, 0.5)
    assert b.shared.outside.tolist() == [0.0]


def test_the_cost_grows_with_the_work():
    few, many = (board.cost(short("spirals", 10, frames)) for frames in (3, 11))
    assert few.operations < many.operations
    assert activation("tanh").saturates == (True, True)
