"""Passes over the array: counted by an array that counts, against code that can be read."""

import numpy as np
import pytest

from engine.activations import ACTIVATIONS, Activation, activation
from engine.pass_counts import count_passes


def counts(name):
    return tuple(dict(one.passes) for one in count_passes(activation(name)))


def test_sigmoid_is_four_passes_and_two():
    f, slope = count_passes(activation("sigmoid"))
    assert dict(f.passes) == {"negative": 1, "exp": 1, "add": 1, "reciprocal": 1}
    assert (f.total, f.transcendental, f.divisions) == (4, 1, 1)
    assert dict(slope.passes) == {"subtract": 1, "multiply": 1}
    assert (slope.total, slope.transcendental, slope.divisions) == (2, 0, 0)


@pytest.mark.parametrize(
    ("name", "f", "slope"),
    [
        ("relu", {"maximum": 1}, {"greater": 1}),
        ("linear", {"copy": 1}, {"copy": 1}),
        ("tanh", {"tanh": 1}, {"multiply": 1, "subtract": 1}),
        ("leaky_relu", {"multiply": 1, "maximum": 1}, {"copy": 1, "greater": 1, "copyto": 1}),
        ("softsign", {"absolute": 1, "add": 1, "divide": 1}, {"absolute": 1, "add": 1, "reciprocal": 1, "square": 1}),
    ],
)
def test_others_by_reading_their_code(name, f, slope):
    assert counts(name) == (f, slope)


def test_inside_the_error_function_too():
    """Two exponentials and some eighty sums and products of polynomials."""
    f, _slope = count_passes(activation("gelu"))
    assert f.transcendental == 2
    assert f.total > 50


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_function_is_counted_and_computes_the_same(name):
    f, slope = count_passes(activation(name))
    assert f.total >= 1
    assert slope.total >= 1
    again = count_passes(activation(name))
    assert (dict(f.passes), dict(slope.passes)) == (dict(again[0].passes), dict(again[1].passes))


def test_a_where_and_a_reduction_are_passes():
    class Odd(Activation):
        name = "odd"

        def apply(self, z, out):
            out[...] = np.where(z > 0, z, 0.0) / z.max()
            return out

        def slope(self, z, a, out):
            return np.sqrt(np.abs(np.clip(z, -1, 1)), out=out)

    f, slope = count_passes(Odd())
    assert dict(f.passes) == {"greater": 1, "where": 1, "maximum": 1, "divide": 1, "copy": 1}
    assert dict(slope.passes) == {"clip": 1, "absolute": 1, "sqrt": 1}
