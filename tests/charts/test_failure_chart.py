"""The evidence of a failure: what is drawn is what the engine found."""

import numpy as np
import pytest

from engine.diagnosis import diagnose
from engine.lab import run
from engine.lab_presets import PRESETS
from pages.shared.charts import failure

NAMES = ("loss", "gradient", "z", "parameter")


@pytest.fixture(scope="module")
def diverged():
    history = run(PRESETS["fail_rate"])
    return history, diagnose(PRESETS["fail_rate"], history)


def test_losses_end_where_they_are_no_longer_finite(diverged):
    history, found = diverged
    runs = {"training": (history, False), "test": (history, True)}
    frame = failure.losses(runs, ("constant", found.constant_loss), log=True)["series"]
    training = frame[frame.series == "training"]
    assert training.x.tolist() == list(range(13))
    assert training.y.tolist() == history.train_loss[:13].tolist()
    assert frame[frame.series == "test"].y.tolist() == history.test_loss[:13].tolist()
    line = frame[frame.series == "constant"]
    assert (line.x.tolist(), line.y.tolist()) == ([0, 30], [found.constant_loss] * 2)


def test_a_long_curve_is_thinned_with_both_ends():
    history = run(PRESETS["fail_linear"])
    frame = failure.losses({"a": (history, False)}, ("c", 0.25), log=False)["series"]
    curve = frame[frame.series == "a"]
    assert len(curve) == failure.MOST
    assert curve.x.iloc[[0, -1]].tolist() == [0, 3_000]
    assert curve.y.tolist() == history.train_loss[curve.x].tolist()


def test_the_axis_is_logarithmic_where_it_must_be(diverged):
    assert failure.is_wide(0.4, diverged[0])
    linear = run(PRESETS["fail_linear"])
    assert not failure.is_wide(0.25, linear)
    assert failure.is_wide(0.001, linear)


def test_a_curve_of_few_points_shows_them(diverged):
    assert failure.is_short(run(PRESETS["fail_depth"]))
    assert not failure.is_short(diverged[0])


def test_updates_are_those_of_the_blow_up(diverged):
    found = diverged[1].blow_up
    frame = failure.updates(found, NAMES)["series"]
    n = failure.LAST
    assert frame[frame.series == "z"].y.tolist() == found.largest_z[-n:].max(axis=1).tolist()
    assert frame[frame.series == "parameter"].x.tolist() == found.updates[-n:].tolist()
    assert frame[frame.series == "loss"].y.tolist() == found.losses[-n:-1].tolist()  # the last one is infinite
    gradient = np.sqrt((found.gradient_norms[-n:-1] ** 2).sum(axis=1))
    assert frame[frame.series == "gradient"].y.tolist() == gradient.tolist()


def test_gradients_of_the_layers():
    found = diagnose(PRESETS["fail_deep"], run(PRESETS["fail_deep"]))
    frame = failure.gradients(found.layers, ("start", "end"))["series"]
    assert frame[frame.series == "start"].y.tolist() == found.layers.first_gradient.tolist()
    assert frame[frame.series == "end"].x.tolist() == list(range(1, 12))


def test_outputs_are_sorted_by_target():
    answers, targets = np.array([0.9, 0.2, 0.4, 0.1]), np.array([1.0, 0.0, 1.0, 0.0])
    frame = failure.outputs(answers, targets, 0.5, ("a", "y", "c"))["series"]
    assert frame[frame.series == "a"].y.tolist() == [0.1, 0.2, 0.4, 0.9]
    assert frame[frame.series == "y"].y.tolist() == [0, 0, 1, 1]
    assert frame[frame.series == "c"].y.tolist() == [0.5] * 4
