"""Linear models on activations: the normal equations, accuracy, R^2, and ties that rounding must not decide."""

import numpy as np
import pytest

from engine.errors import InputError
from engine.gates import POINTS
from engine.linear_probe import linear_probe, probe_score

RNG = np.random.default_rng(5)
XOR = np.array([[0.0], [1.0], [1.0], [0.0]])


def test_the_probe_solves_the_normal_equations():
    a, y = RNG.normal(size=(30, 3)), RNG.normal(size=(30, 2))
    A = np.hstack([a, np.ones((30, 1))])
    np.testing.assert_allclose(linear_probe(a, y), np.linalg.solve(A.T @ A, A.T @ y))


def test_xor_ties_count_as_class_0_whatever_rounding_says():
    for shift in (0.0, 0.1, 1 / 3):
        points = POINTS + shift
        assert probe_score(linear_probe(points, XOR), points, XOR, "classification") == 0.5
    tanh = 2 * XOR - 1
    assert probe_score(linear_probe(POINTS, tanh), POINTS, tanh, "classification", 0.0) == 0.5


def test_what_a_line_parts_is_right():
    targets = np.array([[0.0], [0.0], [0.0], [1.0]])  # AND
    assert probe_score(linear_probe(POINTS, targets), POINTS, targets, "classification") == 1.0


def test_several_classes_and_a_regression():
    a = np.array([[1.0, 0.0], [-1.0, 1.0], [-1.0, -1.0], [1.1, 0.1]])
    one_hot = np.eye(3)[[0, 1, 2, 0]]
    assert probe_score(linear_probe(a, one_hot), a, one_hot, "classification") == 1.0
    y = a @ [[2.0], [-3.0]] + 0.5
    np.testing.assert_allclose(linear_probe(a, y).ravel(), [2.0, -3.0, 0.5])
    assert probe_score(linear_probe(a, y), a, y, "regression") == pytest.approx(1.0)


def test_bad_input_is_refused():
    for activations, targets in ((POINTS[0], XOR), (POINTS, XOR[:3]), (np.full((4, 2), np.inf), XOR)):
        with pytest.raises(InputError):
            linear_probe(activations, targets)
    with pytest.raises(InputError):
        probe_score(linear_probe(POINTS, XOR), POINTS, XOR, "guess")
