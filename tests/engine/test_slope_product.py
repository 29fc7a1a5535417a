"""One unit a layer: the gradient as a product, worked by hand and against differences."""

import math

import numpy as np
import pytest

from engine.activations import ACTIVATIONS, ReLU, Sigmoid, activation
from engine.errors import InputError
from engine.slope_product import layers_until, slope_chain


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def test_three_sigmoids_by_hand():
    chain = slope_chain(Sigmoid(), 3, weight=2.0, x=0.5)
    z1 = 1.0
    z2 = 2 * sigmoid(z1)
    z3 = 2 * sigmoid(z2)
    slopes = [sigmoid(z) * (1 - sigmoid(z)) for z in (z1, z2, z3)]
    np.testing.assert_allclose(chain.z, [z1, z2, z3], rtol=1e-15)
    np.testing.assert_allclose(chain.a, [sigmoid(z) for z in (z1, z2, z3)], rtol=1e-15)
    np.testing.assert_allclose(chain.slopes, slopes, rtol=1e-15)
    np.testing.assert_allclose(chain.factors, [2 * s for s in slopes], rtol=1e-15)
    last, middle, first = 2 * slopes[2], 4 * slopes[1] * slopes[2], 8 * slopes[0] * slopes[1] * slopes[2]
    np.testing.assert_allclose(chain.products, [first, middle, last], rtol=1e-15)
    assert chain.bound == 0.125
    assert chain.typical == pytest.approx(first ** (1 / 3), rel=1e-15)


def test_the_note_s_tenth_power():
    """Ten sigmoid layers: at most 0.25^10 of the gradient is left."""
    assert slope_chain(Sigmoid(), 10).bound == pytest.approx(9.5367431640625e-7, rel=1e-15)
    assert slope_chain(Sigmoid(), 10).products[0] < 9.5367431640625e-7


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("weight", [1.0, -1.3])
def test_the_product_is_the_derivative_of_the_chain(name, weight):
    kind, depth, x, h = activation(name), 6, 0.4, 1e-6
    chain = slope_chain(kind, depth, weight, x)
    ahead, behind = (slope_chain(kind, depth, weight, x + step).a[-1] for step in (h, -h))
    assert chain.products[0] == pytest.approx((ahead - behind) / (2 * h), rel=1e-6, abs=1e-9)
    assert abs(chain.products[0]) <= chain.bound * (1 + 1e-12)


def test_another_last_unit():
    chain = slope_chain(ReLU(), 20, x=0.5, last=Sigmoid())
    assert chain.slopes[:-1].tolist() == [1.0] * 19
    assert chain.slopes[-1] == pytest.approx(sigmoid(0.5) * (1 - sigmoid(0.5)))
    assert chain.products[0] == chain.slopes[-1]
    assert chain.bound == 0.25


def test_a_slope_of_0_ends_it():
    chain = slope_chain(ReLU(), 4, weight=-1.0, x=1.0)
    assert chain.products[0] == 0
    assert chain.typical == 0


def test_the_largest_chain_stays_finite():
    chain = slope_chain(activation("linear"), 50, weight=100.0, x=100.0)
    assert chain.products[0] == pytest.approx(1e100)
    assert chain.bound == pytest.approx(1e100)
    for name in ACTIVATIONS:
        assert np.isfinite(slope_chain(activation(name), 50, 100.0, -100.0).products).all()


def test_results_are_read_only():
    with pytest.raises(ValueError, match="read-only"):
        slope_chain(Sigmoid(), 3).products[0] = 1.0


@pytest.mark.parametrize(
    ("factor", "ratio", "n"), [(0.25, 1e-6, 10), (0.25, 1e-9, 15), (0.25, 0.25, 1), (0.25, 0.0625, 2), (0.5, 0.9, 1)]
)
def test_how_many_layers(factor, ratio, n):
    assert layers_until(factor, ratio) == n
    assert factor**n <= ratio
    assert n == 1 or factor ** (n - 1) > ratio


def test_exact_powers_take_no_layer_too_many():
    for base in (0.1, 0.2, 0.25, 0.7, 0.99):
        for n in range(1, 30):
            assert layers_until(base, base**n) == n


@pytest.mark.parametrize(
    "call",
    [
        lambda: slope_chain(Sigmoid(), 0),
        lambda: slope_chain(Sigmoid(), 51),
        lambda: slope_chain(Sigmoid(), 5, weight=math.nan),
        lambda: slope_chain(Sigmoid(), 5, weight=101.0),
        lambda: slope_chain(Sigmoid(), 5, x=-101.0),
        lambda: layers_until(1.0, 0.5),
        lambda: layers_until(0.5, 0.0),
    ],
)
def test_bad_input_is_refused(call):
    with pytest.raises(InputError):
        call()
