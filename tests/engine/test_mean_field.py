"""The theory of signals in wide networks: the quadrature, and the cases that can be solved on paper."""

import math

import numpy as np
import pytest

from engine.activations import ACTIVATIONS, ReLU, Sigmoid, Tanh, activation
from engine.initializers import initializer
from engine.mean_field import gaussian_mean, mean_field


@pytest.mark.parametrize("std", [1e-6, 0.3, 1.0, 22.0, 1e6, 1e60])
def test_moments_of_known_functions(std):
    assert gaussian_mean(np.ones_like, std) == pytest.approx(1, rel=1e-13)
    assert gaussian_mean(lambda z: (z / std) ** 4, std) == pytest.approx(3, rel=1e-12)
    assert gaussian_mean(lambda z: np.maximum(z, 0), std, (0.0,)) == pytest.approx(std / math.sqrt(2 * math.pi))
    assert gaussian_mean(lambda z: np.abs(z) < 3, std, (-3.0, 3.0)) == pytest.approx(
        math.erf(3 / std / math.sqrt(2)), rel=1e-12
    )
    assert gaussian_mean(lambda z: np.exp(-z * z), std) == pytest.approx((1 + 2 * std**2) ** -0.5, rel=1e-12)


@pytest.mark.parametrize("std", [0.5, 5.0, 22.6])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_moments_of_activations_are_a_fine_sum_s(name, std):
    """To what the sum itself is good for, with a jump of the slope between two of its points, or a bend of it."""
    ours = activation(name)
    g, step = np.linspace(-12, 12, 2_400_001, retstep=True)
    density = np.exp(-g * g / 2) / math.sqrt(2 * math.pi) * step
    for function in (ours.f, ours.derivative):
        expected = (function(std * g) ** 2) @ density
        found = gaussian_mean(lambda z, f=function: f(z) ** 2, std, ours.kinks)
        assert found == pytest.approx(expected, rel=1e-4 if ours.kinks else 1e-6)


def test_gauss_hermite_would_miss_the_slope_of_a_saturated_tanh():
    """Why there are panels: with a hundred nodes the mean of f'^2 is wrong by more than a third."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(100)
    hermite = Tanh().derivative(22.6 * nodes) ** 2 @ weights / math.sqrt(2 * math.pi)
    exact = 4 / 3 / (22.6 * math.sqrt(2 * math.pi))  # the bell curve is flat where the slope is not 0
    assert gaussian_mean(lambda z: Tanh().derivative(z) ** 2, 22.6) == pytest.approx(exact, rel=1e-3)
    assert abs(hermite / exact - 1) > 1 / 3


def test_he_keeps_what_relu_halves():
    """E[max(z, 0)^2] = q / 2 and E[f'^2] = 1 / 2: a weight variance of 2 / n makes up for both."""
    theory = mean_field(ReLU(), initializer("he_normal"), 50, 512)
    np.testing.assert_allclose(theory.z_std, math.sqrt(2), rtol=1e-12)
    np.testing.assert_allclose(theory.mean, 1 / math.sqrt(math.pi), rtol=1e-12)
    np.testing.assert_allclose(theory.std, math.sqrt(1 - 1 / math.pi), rtol=1e-12)
    np.testing.assert_allclose(theory.chi, 1, rtol=1e-12)
    np.testing.assert_allclose(theory.dz_std, math.sqrt(0.5), rtol=1e-11)


def test_linear_layers_multiply_variances():
    theory = mean_field(activation("linear"), initializer("normal", sigma=0.5), 4, 16)
    np.testing.assert_allclose(theory.std, [2, 4, 8, 16], rtol=1e-12)
    np.testing.assert_allclose(theory.dz_std, [8, 4, 2, 1], rtol=1e-12)


def test_selu_returns_to_mean_0_and_variance_1():
    theory = mean_field(activation("selu"), initializer("lecun_normal"), 50, 512)
    assert theory.mean[-1] == pytest.approx(0, abs=1e-6)
    assert theory.std[-1] == pytest.approx(1, abs=1e-6)


def test_sigmoid_cannot_pass_a_gradient_on():
    """f' is at most 1/4, so a layer keeps at most a sixteenth of the gradient's variance, for weights of 1 / n."""
    theory = mean_field(Sigmoid(), initializer("xavier_normal"), 50, 512)
    assert (theory.chi <= 1 / 16).all()
    assert theory.dz_std[0] < 0.25**49


def test_overflow_ends_in_nan_and_zero_stays_zero():
    exploding = mean_field(ReLU(), initializer("normal", sigma=1e6), 50, 512)
    assert np.isfinite(exploding.z_std[0])
    assert not np.isfinite(exploding.z_std[-1])
    zeros = mean_field(Sigmoid(), initializer("zeros"), 3, 8)
    np.testing.assert_array_equal(zeros.mean, 0.5)
    np.testing.assert_array_equal([*zeros.z_std, *zeros.std, *zeros.dz_std[:-1]], 0)
    assert np.isnan(mean_field(Tanh(), initializer("constant", value=0.1), 3, 8).z_std).all()
