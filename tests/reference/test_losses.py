"""Losses against PyTorch float64 (losses.npz, made by losses_make.py): relative 1e-10, absolute 1e-15 next to 0."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.losses import LOSSES, loss

with np.load(Path(__file__).with_name("losses.npz")) as archive:
    REFERENCE = dict(archive)
CASES = json.loads(str(REFERENCE["cases"]))


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("number", range(len(CASES)), ids=[" ".join(map(str, case)) for case in CASES])
def test_value_and_gradient_agree_with_torch(number, reduction):
    name, parameters, kind = CASES[number]
    ours = loss(name, reduction, **parameters)
    batch = REFERENCE[f"{kind}_prediction"], REFERENCE[f"{kind}_target"]
    np.testing.assert_allclose(ours.value(*batch), REFERENCE[f"value_{number}_{reduction}"], rtol=1e-10)
    gradient = REFERENCE[f"gradient_{number}_{reduction}"]
    np.testing.assert_allclose(ours.gradient(*batch), gradient, rtol=1e-10, atol=1e-15)


def test_every_loss_is_compared():
    assert {name for name, _, _ in CASES} == set(LOSSES)
