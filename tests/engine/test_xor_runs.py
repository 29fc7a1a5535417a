"""The notes' networks on XOR: their starts, and that what learns XOR there learns it here."""

import subprocess
import sys

import numpy as np
import pytest

from engine.examples import XOR_X
from engine.experiment import run
from engine.export import network_script
from engine.network import predict
from engine.xor_runs import XOR_RUNS

SIZES = {
    "unit": (2, 1),
    "three": (2, 3, 1),
    "three_three": (2, 3, 3, 1),
    "four": (2, 4, 1),
    "wide": (2, 10, 1),
    "deep": (2, 5, 5, 1),
    "deeper": (2, 10, 10, 10, 1),
}


def test_the_networks_are_the_notes():
    assert {code: experiment.sizes for code, experiment in XOR_RUNS.items()} == SIZES
    assert {experiment.learning_rate for experiment in XOR_RUNS.values()} == {0.1}


def test_note_003_draws_from_one_stream():
    """With a stream of its own for each, all networks would begin with the same numbers."""
    stream = np.random.RandomState(42).randn(2 + 9 + 18)
    first = [XOR_RUNS[code] for code in list(SIZES)[:3]]
    drawn = np.concatenate([W.ravel() for e in first for W in e.architecture.weights(np.array(e.parameters))])
    assert drawn.tolist() == stream.tolist()


@pytest.mark.parametrize("code", ["three", "three_three", "four", "wide", "deep", "deeper"])
def test_with_a_hidden_layer_xor_is_learnt(code):
    e = XOR_RUNS[code]
    outputs = predict(e.architecture, run(e, 10_001).parameters, XOR_X)[:, 0]
    assert outputs.round().tolist() == [0, 1, 1, 0]


def test_one_unit_does_not():
    history = run(XOR_RUNS["unit"], 10_000)
    assert history.losses[[0, -1]].round(4).tolist() == [0.2563, 0.25]
    assert predict(XOR_RUNS["unit"].architecture, history.parameters, XOR_X)[:, 0] == pytest.approx([0.5] * 4, abs=1e-3)


def test_biases_of_notes_002_and_003_start_at_zero_and_those_of_000_do_not():
    for code, e in XOR_RUNS.items():
        biases = np.concatenate(e.architecture.biases(np.array(e.parameters)))
        assert biases.any() == (code in ("wide", "deep", "deeper"))


def test_the_script_prints_the_loss_that_the_note_prints():
    script = network_script(XOR_RUNS["three"], 1000)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    losses = run(XOR_RUNS["three"], 1000).losses
    printed = dict(line.split()[:2] for line in done.stdout.splitlines()[:11])
    assert {int(n): float(value) for n, value in printed.items()} == pytest.approx(
        {n: losses[n] for n in range(0, 1001, 100)}, rel=1e-9
    )
