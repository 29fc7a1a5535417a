"""Limits, standard deviations and gains against those of PyTorch (initializers_make.py)."""

from pathlib import Path

import numpy as np
import pytest

from engine.initializers import NAMED, gain, initializer

REFERENCE = np.load(Path(__file__).with_name("initializers.npz"))


@pytest.mark.parametrize("code", NAMED)
def test_spread_is_pytorch_s(code):
    scheme = initializer(code)
    tell = scheme.limit if scheme.distribution == "uniform" else scheme.std
    np.testing.assert_allclose([tell(*fans) for fans in REFERENCE["fans"]], REFERENCE[code], rtol=1e-10)


def test_gains_are_pytorch_s():
    np.testing.assert_allclose([gain(str(a)) for a in REFERENCE["activations"]], REFERENCE["gains"], rtol=1e-14)
    leaky = [gain("leaky_relu", slope) for slope in REFERENCE["slopes"]]
    np.testing.assert_allclose(leaky, REFERENCE["leaky_gains"], rtol=1e-14)
