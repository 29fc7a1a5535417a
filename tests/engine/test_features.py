"""What a network is fed of a point: each feature by its formula, in the order asked for."""

import math

import numpy as np
import pytest

from engine.datasets import gate_samples
from engine.errors import InputError
from engine.features import FEATURES, PLAIN, check_features, features

POINTS = np.array([[0.5, -2.0], [3.0, 0.25], [-1.5, 0.0]])
BY_HAND = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1_squared": lambda x1, x2: x1 * x1,
    "x2_squared": lambda x1, x2: x2 * x2,
    "product": lambda x1, x2: x1 * x2,
    "sin_x1": lambda x1, x2: math.sin(x1),
    "sin_x2": lambda x1, x2: math.sin(x2),
}


@pytest.mark.parametrize("code", FEATURES)
def test_each_feature_is_its_formula(code):
    expected = [[BY_HAND[code](*point)] for point in POINTS.tolist()]
    np.testing.assert_allclose(features(POINTS, (code,)), expected, rtol=1e-15)


def test_there_are_seven_and_each_has_its_own_sign():
    assert set(FEATURES) == set(BY_HAND)
    assert len({feature.latex for feature in FEATURES.values()}) == 7


def test_they_come_in_the_order_asked_for_and_of_any_shape():
    turned = features(POINTS, ("product", "x2", "x1"))
    assert turned[0].tolist() == [-1.0, -2.0, 0.5]
    np.testing.assert_array_equal(features(POINTS), POINTS)
    np.testing.assert_array_equal(features(POINTS.reshape(1, 3, 2), FEATURES)[0], features(POINTS, FEATURES))
    assert features(np.zeros((0, 2)), PLAIN).shape == (0, 2)
    assert features([1, 2]).dtype == np.float64


def test_the_product_alone_divides_xor_by_a_line():
    """Around the middle of the square x1 x2 is above 0 where both are alike and below where they differ."""
    xor = gate_samples("xor")
    product = features(xor.X - 0.5, ("product",))[:, 0]
    assert ((product < 0) == xor.y).all()


@pytest.mark.parametrize(
    ("points", "codes", "code", "argument"),
    [
        (POINTS, (), "wrong_shape", "features"),
        (POINTS, ("x1", "x1"), "wrong_shape", "features"),
        (POINTS, ("x1", "x3"), "unknown_name", "feature"),
        (POINTS, ("x1", ["x2"]), "unknown_name", "feature"),
        (POINTS, (None,), "unknown_name", "feature"),
        (np.zeros((3, 3)), PLAIN, "wrong_shape", "points"),
        (np.zeros(1), PLAIN, "wrong_shape", "points"),
    ],
)
def test_bad_input_is_named(points, codes, code, argument):
    with pytest.raises(InputError) as caught:
        features(points, codes)
    assert (caught.value.code, caught.value.argument) == (code, argument)


def test_checking_alone():
    check_features(tuple(FEATURES))
    with pytest.raises(InputError):
        check_features(("x1", "x1"))
