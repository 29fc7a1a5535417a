"""The error function against the standard library's."""

import math

import numpy as np

from engine.erf import INNER, OUTER, erf, erfc

GRID = np.concatenate([np.linspace(-30, 30, 20_001), np.linspace(-1, 1, 2001), [INNER, -INNER, OUTER, -OUTER, 1e-300]])


def test_erf_is_the_standard_library_s():
    np.testing.assert_allclose(erf(GRID), [math.erf(x) for x in GRID], rtol=1e-15, atol=0)


def test_erfc_keeps_its_digits_in_the_tail():
    expected = np.array([math.erfc(x) for x in GRID])
    normal = expected > 1e-300  # below, a float64 has fewer digits
    np.testing.assert_allclose(erfc(GRID)[normal], expected[normal], rtol=1e-14, atol=0)
    np.testing.assert_allclose(erfc(GRID)[~normal], expected[~normal], rtol=0, atol=1e-300)


def test_limits_shapes_and_signs():
    np.testing.assert_array_equal(erf([-np.inf, np.inf]), [-1, 1])
    np.testing.assert_array_equal(erfc([-np.inf, np.inf]), [2, 0])
    assert erf(0.5).shape == ()
    assert erf(np.zeros((2, 0, 3))).shape == (2, 0, 3)
    assert math.copysign(1, erf(-0.0)) == -1


def test_long_arrays_are_computed_in_blocks_without_a_seam():
    x = np.linspace(-5, 5, 30_000).reshape(3, 10_000)
    np.testing.assert_array_equal(erf(x)[1, ::997], [erf(value) for value in x[1, ::997]])
