"""Activations and softmax against PyTorch float64 (activations.npz, made by activations_make.py).

Agreement to 1e-10, relative. Absolute, to 1e-13, where PyTorch's own digits cancel: GELU's left tail (1 + erf), the
slopes 1 - a^2 of tanh and Mish far out, softmax's Jacobian p (1 - p) for a p near 1.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.activations import ACTIVATIONS, activation
from engine.softmax import backward, jacobian, log_softmax, softmax

with np.load(Path(__file__).with_name("activations.npz")) as archive:
    REFERENCE = dict(archive)
CASES = json.loads(str(REFERENCE["cases"]))
TOLERANCE = {"rtol": 1e-10, "atol": 1e-13}


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{name}-{more}" for name, more in CASES])
def test_value_and_derivative_agree_with_torch(number):
    name, parameters = CASES[number]
    ours, z = activation(name, **parameters), REFERENCE["z"]
    value, slope = REFERENCE[f"case_{number}"]
    np.testing.assert_allclose(ours.f(z), value, **TOLERANCE)
    np.testing.assert_allclose(ours.derivative(z), slope, **TOLERANCE)


def test_every_activation_is_compared_at_each_of_its_kinks_and_far_out():
    assert {name for name, _ in CASES} == set(ACTIVATIONS)
    assert {-30.0, 30.0}.union(*(kind().kinks for kind in ACTIVATIONS.values())) <= set(REFERENCE["z"])


@pytest.mark.parametrize("temperature", [0.1, 1.0, 5.0])
def test_softmax_agrees_with_torch(temperature):
    scores, matrix = REFERENCE["scores"], REFERENCE[f"jacobian_{temperature}"]
    np.testing.assert_allclose(softmax(scores, temperature), REFERENCE[f"softmax_{temperature}"], **TOLERANCE)
    np.testing.assert_allclose(log_softmax(scores, temperature), REFERENCE[f"log_softmax_{temperature}"], **TOLERANCE)
    np.testing.assert_allclose(jacobian(scores, temperature), matrix, **TOLERANCE)
    dp = np.cos(scores)
    expected = np.einsum("...ij,...i->...j", matrix, dp)
    np.testing.assert_allclose(backward(softmax(scores, temperature), dp, temperature), expected, **TOLERANCE)
