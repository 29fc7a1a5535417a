"""Every intermediate of a forward and a backward pass against PyTorch float64 (networks.npz, made by networks_make.py).

Relative 1e-10, absolute 1e-14 for gradients that are 0, or the difference of two equal numbers.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.activations import activation
from engine.losses import loss
from engine.network import Architecture, Network

with np.load(Path(__file__).with_name("networks.npz")) as archive:
    REFERENCE = dict(archive)
CASES = json.loads(str(REFERENCE["cases"]))
SIZES = tuple(REFERENCE["sizes"].tolist())


def trace(activations, loss_name, reduction):
    architecture = Architecture(SIZES, tuple(activation(name) for name in activations))
    weights, biases = ([REFERENCE[f"{letter}_{layer}"] for layer in range(3)] for letter in "Wb")
    network = Network(architecture, architecture.pack(weights, biases), REFERENCE["X"])
    return network.trace(loss(loss_name, reduction), REFERENCE["Y"])


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{'-'.join(case[0])} {case[1]}" for case in CASES])
def test_every_intermediate_agrees_with_torch(number):
    ours = trace(*CASES[number])
    for name in ("z", "a", "dz", "da", "dW", "db"):
        for place, array in enumerate(getattr(ours, name)):
            expected = REFERENCE[f"{number}_{name}_{place}"]
            np.testing.assert_allclose(array, expected, rtol=1e-10, atol=1e-14, err_msg=f"{name}[{place}]")
    _, loss_name, reduction = CASES[number]
    value = loss(loss_name, reduction).value(ours.a[-1], REFERENCE["Y"])
    np.testing.assert_allclose(value, REFERENCE[f"{number}_loss_0"], rtol=1e-10)
