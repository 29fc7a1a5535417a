"""The script of a sweep repeats its numbers with NumPy alone, whatever is swept."""

import contextlib
import io
import re
from dataclasses import replace

import numpy as np
import pytest

from engine.activations import LeakyReLU
from engine.export_sweep import sweep_script
from engine.lab import LabConfig, LabData
from engine.lab_presets import PRESETS
from engine.lab_sweep import SweepConfig, run
from engine.layers import BatchNorm, Dropout
from engine.optimizers import OPTIMIZERS
from engine.schedules import StepDecay
from engine.sweep_reading import joined
from engine.weight_schemes import Orthogonal
from tests.engine.test_lab_sweep import BASE, VALUES

NUMBER = r"-?(?:inf|nan|\d[\d.]*(?:e[+-]?\d+)?)"


def printed(script):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(script, "script.py", "exec"), {"__name__": "__main__"})
    return [line.split(" | ") for line in out.getvalue().splitlines()]


def check(config, measure="test_loss", goal=0.3):
    result = joined(config, [run(block) for block in config.blocks])
    measure = measure if measure in result.measures else measure.replace("test", "train")
    labels = [f"value {value}" for value in config.values]
    lines, band = printed(sweep_script(result, labels, measure, goal)), result.band(measure)
    for place, (label, text) in enumerate(lines[: len(labels)]):
        assert label == labels[place]
        expected = [part[place] for part in (band.median, band.low, band.high, *result.lowest)]
        expected += [result.reached(measure, goal)[place].sum(), result.n_diverged[place]]
        assert [float(word) for word in re.findall(NUMBER, text)] == pytest.approx(expected, rel=1e-9)
    best = result.order(measure)[0]
    others = [place for place in range(len(labels)) if place != best]
    for place, (label, text) in zip(others, lines[len(labels) :], strict=True):
        pair = result.pair(best, place, measure)
        assert label == f"{labels[best]} against {labels[place]}"
        expected = [pair.lower, pair.higher, pair.p]
        assert [float(word) for word in re.findall(NUMBER, text)] == pytest.approx(expected)


@pytest.mark.parametrize("setting", VALUES)
def test_every_setting(setting):
    check(SweepConfig(BASE, setting, VALUES[setting], 3, 3, new_data=setting in ("noise", "samples")))


def test_every_optimizer():
    check(SweepConfig(BASE, "optimizer", tuple(OPTIMIZERS), 2, 3))


@pytest.mark.parametrize("code", PRESETS)
def test_every_experiment(code):
    check(SweepConfig(PRESETS[code], "rate", (0.003, 0.1), 2, 3, new_data=True), "test_score", 0.6)


@pytest.mark.parametrize("place", ["before_activation", "after_activation"])
@pytest.mark.parametrize("kind", ["inverted", "classic"])
def test_everything_at_once(place, kind):
    training = replace(
        BASE.training,
        patience=3,
        clip_norm=0.1,
        l1=0.001,
        l2=0.002,
        schedule=StepDecay(40, 0.7),
        initializer=Orthogonal(1.2),
        standardize=True,
        batch_norm=BatchNorm(place=place),
        dropout=Dropout(0.2, kind=kind),
    )
    training = replace(training, sizes=(3, 4, 2, 1))
    data = replace(BASE.data, features=("x1", "product", "sin_x2"))
    check(SweepConfig(LabConfig(data, training), "rate", (0.003, 0.3, 3.0), 3, 12))


def test_layers_with_activations_of_their_own():
    kinds = (LeakyReLU(0.1), LeakyReLU(0.3), BASE.training.activations[-1])
    base = replace(BASE, training=replace(BASE.training, activations=kinds))
    check(SweepConfig(base, "rate", (0.03, 0.3), 2, 3))


def test_divergence_and_own_points():
    check(SweepConfig(PRESETS["plane"], "rate", (0.05, 50.0), 3, 30))
    rng = np.random.default_rng(0)
    own = tuple((float(x), float(y), float(x > y)) for x, y in rng.random((20, 2)).round(3))
    check(SweepConfig(LabConfig(LabData("own", own=own), BASE.training), "rate", (0.03, 0.3), 3, 4, new_data=True))
