"""Activations and softmax for any input that hypothesis can think of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from engine.activations import ACTIVATIONS, LeakyReLU, Swish, activation
from engine.softmax import backward, jacobian, log_softmax, softmax

numbers = st.floats(-1000, 1000)
tables = arrays(np.float64, array_shapes(min_dims=0, max_dims=3, max_side=4), elements=numbers)
scores = arrays(np.float64, array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=5), elements=numbers)
temperatures = st.floats(0.01, 100)
EACH = pytest.mark.parametrize("name", ACTIVATIONS)


@EACH
@given(z=tables)
def test_finite_within_the_range_and_of_the_same_shape(name, z):
    ours = activation(name)
    a, slope = ours.f(z), ours.derivative(z)
    assert a.shape == slope.shape == z.shape
    assert np.isfinite(slope).all()
    low, high = ours.range
    assert ((a >= low - 1e-15) & (a <= high)).all()
    assert (slope <= ours.steepest.slope * (1 + 1e-15)).all()


@EACH
@given(one=numbers, other=numbers)
def test_a_monotone_function_keeps_the_order(name, one, other):
    ours, low, high = activation(name), min(one, other), max(one, other)
    if ours.monotone:
        assert ours.f(low) <= ours.f(high) + 1e-15
    if ours.zero_centred:
        assert ours.f(-one) == pytest.approx(-ours.f(one), abs=1e-15)


@EACH
@given(low=st.floats(-50, 50), step=st.floats(0, 5))
def test_no_secant_is_steeper_than_the_steepest_slope(name, low, step):
    ours = activation(name)
    if name != "step":  # its jump has no slope
        assert ours.f(low + step) - ours.f(low) <= ours.steepest.slope * ((low + step) - low) + 1e-12


@given(alpha=st.floats(0, 1), z=numbers)
def test_leaky_relu_is_the_larger_of_two_lines(alpha, z):
    assert LeakyReLU(alpha).f(z) == max(alpha * z, z)


@given(beta=st.floats(0.01, 100), z=numbers)
def test_swish_of_any_beta_is_the_swish_of_1_scaled(beta, z):
    assert Swish(beta).f(z) == pytest.approx(Swish(1.0).f(beta * z) / beta, rel=1e-9, abs=1e-12)
    assert Swish(beta).f(z) >= Swish(beta).range[0] - 1e-12


@given(z=scores, temperature=temperatures)
def test_softmax_gives_probabilities(z, temperature):
    p = softmax(z, temperature)
    assert ((p >= 0) & (p <= 1)).all()
    np.testing.assert_allclose(p.sum(axis=-1), 1, rtol=1e-14)
    np.testing.assert_allclose(np.exp(log_softmax(z, temperature)), p, rtol=1e-9, atol=1e-300)


@given(z=scores, shift=numbers, temperature=temperatures)
def test_softmax_does_not_see_a_shift_of_all_scores(z, shift, temperature):
    """Adding the shift rounds the scores by up to 2e-13, and the temperature divides that."""
    np.testing.assert_allclose(softmax(z + shift, temperature), softmax(z, temperature), rtol=1e-9, atol=1e-300)


@given(z=scores, temperature=temperatures)
def test_temperature_is_a_scaling_of_the_scores(z, temperature):
    np.testing.assert_allclose(softmax(z, temperature), softmax(z / temperature), rtol=1e-8, atol=1e-300)


@given(z=scores, temperature=temperatures)
def test_jacobian_has_no_sum_and_agrees_with_backward(z, temperature):
    matrix = jacobian(z, temperature)
    assert np.isfinite(matrix).all()
    np.testing.assert_allclose(matrix.sum(axis=-1), 0, atol=1e-15 / temperature)
    dp = np.cos(z)
    through = np.einsum("...ij,...i->...j", matrix, dp)
    np.testing.assert_allclose(backward(softmax(z, temperature), dp, temperature), through, atol=1e-14 / temperature)
