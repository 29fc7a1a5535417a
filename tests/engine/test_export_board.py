"""The board's scripts repeat its numbers with NumPy alone."""

import contextlib
import io
from dataclasses import replace

import numpy as np
import pytest

from engine import lab
from engine.board import QUANTITIES, watch
from engine.board_graph import nodes
from engine.board_scalars import summary
from engine.errors import InputError
from engine.export_board import graph_script, quantiles_script, scalars_script
from engine.lab_presets import PRESETS
from engine.layers import BatchNorm, Dropout
from engine.training_config import evenly


def short(code, epochs=6, **changes):
    config = PRESETS[code]
    training = replace(config.training, epochs=epochs, snapshots=evenly(epochs, 3), **changes)
    return replace(config, training=training)


def printed(script):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(script, "script.py", "exec"), {"__name__": "__main__"})
    return out.getvalue().splitlines()


NORMED = {"batch_norm": BatchNorm("after_activation"), "dropout": Dropout(0.3)}
CONFIGS = [
    short("classic"),
    short("three"),
    short("blobs"),
    short("plane", standardize=True),
    short("spirals", **NORMED),
]


@pytest.mark.parametrize("config", CONFIGS, ids=["classic", "three", "blobs", "plane", "spirals"])
@pytest.mark.parametrize("quantity", QUANTITIES)
def test_quantiles(config, quantity):
    found = watch(config, lab.run(config))
    want = [
        [epoch, layer + 1, *one.quantiles[frame]]
        for frame, epoch in enumerate(found.epochs)
        for layer, one in enumerate(found.spreads[quantity])
    ]
    lines = [[float(word) for word in line.split()] for line in printed(quantiles_script(config, quantity))]
    np.testing.assert_allclose(lines, want, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("config", CONFIGS, ids=["classic", "three", "blobs", "plane", "spirals"])
def test_scalars(config):
    history, lines = lab.run(config), {}
    for line in printed(scalars_script(config, 4, 0.6)):
        part, what, *numbers = line.split()
        lines[part, what] = [float(number) for number in numbers]
    for key, values in {
        ("training", "loss"): history.train_loss, ("test", "loss"): history.test_loss,
        ("training", "score"): history.train_score, ("test", "score"): history.test_score,
    }.items():  # fmt: skip
        if values is None:
            assert key not in lines
            continue
        one = summary(values, 4, 0.6, largest=key[1] == "score")
        want = [one.start, one.here, one.smoothed, one.best, one.best_epoch]
        np.testing.assert_allclose(lines[key], want, rtol=1e-7)


@pytest.mark.parametrize("config", CONFIGS, ids=["classic", "three", "blobs", "plane", "spirals"])
def test_graph(config):
    *lines, total = printed(graph_script(config))
    chain = nodes(config)
    assert lines == [f"{node.code} {node.shape} {node.n_parameters}" for node in chain]
    assert total == f"parameters {config.training.architecture.n_parameters}"


def test_what_does_not_exist_is_refused():
    with pytest.raises(InputError):
        quantiles_script(CONFIGS[0], "weights")
    with pytest.raises(InputError):
        scalars_script(CONFIGS[0], 7, 0.6)
    with pytest.raises(InputError):
        scalars_script(CONFIGS[0], 6, 1.0)
