"""Softmax and its Jacobian."""

import math

import numpy as np
import pytest

from engine.errors import InputError
from engine.softmax import backward, jacobian, log_softmax, softmax

Z = np.random.default_rng(0).normal(0, 2, (2, 3, 4))


def test_two_classes_are_the_sigmoid_of_the_difference():
    z = np.array([[1.5, -0.5], [0.0, 3.0]])
    sigmoid = 1 / (1 + np.exp(z[:, 1] - z[:, 0]))
    np.testing.assert_allclose(softmax(z)[:, 0], sigmoid, rtol=1e-14)


@pytest.mark.parametrize("temperature", [0.25, 1.0, 3.0])
def test_jacobian_is_the_central_difference(temperature):
    h = 1e-5
    shifts = h * np.eye(4)
    numeric = np.stack([(softmax(Z + e, temperature) - softmax(Z - e, temperature)) / (2 * h) for e in shifts], axis=-1)
    np.testing.assert_allclose(jacobian(Z, temperature), numeric, atol=1e-9)
    dp = np.sin(Z)
    expected = np.einsum("...ij,...i->...j", jacobian(Z, temperature), dp)
    np.testing.assert_allclose(backward(softmax(Z, temperature), dp, temperature), expected, atol=1e-15)


def test_jacobian_is_symmetric_and_moves_no_probability_in_total():
    matrix = jacobian(Z)
    assert matrix.shape == (2, 3, 4, 4)
    np.testing.assert_allclose(matrix, matrix.swapaxes(-1, -2), atol=1e-16)
    np.testing.assert_allclose(matrix.sum(axis=-1), 0, atol=1e-15)


def test_temperature_sharpens_or_levels():
    z = [1.0, 2.0, 4.0]
    np.testing.assert_allclose(softmax(z, 1e-3), [0, 0, 1], atol=1e-12)
    np.testing.assert_allclose(softmax(z, 1e6), 1 / 3, atol=1e-5)


def test_huge_scores_are_safe():
    np.testing.assert_allclose(softmax([1000.0, -1000.0, 1000.0]), [0.5, 0, 0.5])
    np.testing.assert_allclose(log_softmax([1000.0, -1000.0, 1000.0]) + math.log(2), [0, -2000, 0], atol=1e-15)
    assert np.isfinite(jacobian([1e308, -1e308], 1e-6)).all()


def test_a_stack_is_the_loop_and_input_is_kept():
    kept = Z.copy()
    for function in (softmax, log_softmax, jacobian):
        np.testing.assert_array_equal(function(Z), [[function(row) for row in part] for part in Z])
    np.testing.assert_array_equal(Z, kept)


@pytest.mark.parametrize(
    ("call", "code", "value"),
    [
        (lambda: softmax([1.0, math.nan]), "not_finite", None),
        (lambda: softmax("z"), "not_a_number", "z"),
        (lambda: softmax(1.0), "wrong_shape", ()),
        (lambda: softmax(np.empty((3, 0))), "wrong_shape", (3, 0)),
        (lambda: softmax([1.0], 0.0), "out_of_range", 0.0),
        (lambda: jacobian(np.zeros(1001)), "out_of_range", 1001),
        (lambda: backward([0.5, 0.5], [1.0]), "wrong_shape", (1,)),
    ],
)
def test_bad_input_is_refused_by_name(call, code, value):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.code == code
    assert value is None or caught.value.value == value
