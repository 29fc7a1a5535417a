"""Zero lines of fields whose zero lines are known."""

import numpy as np
import pytest

from engine.contours import zero_contour
from engine.errors import InputError
from engine.perceptron import decision_line


def field(function, low: float, high: float, side: int) -> np.ndarray:
    at = np.linspace(low, high, side)
    x, y = np.meshgrid(at, at[::-1])
    return function(x, y)


def lengths(segments) -> np.ndarray:
    return np.linalg.norm(segments[:, 1] - segments[:, 0], axis=1)


@pytest.mark.parametrize("side", [2, 3, 10, 81])
@pytest.mark.parametrize(("w", "b"), [((1.0, 2.0), -0.3), ((-3.0, 0.7), 0.2), ((1e-3, 1e3), 1.0), ((0.0, 1.0), -0.11)])
def test_a_straight_field_has_a_straight_line(w, b, side):
    low, high = -1.0, 2.0
    segments = zero_contour(field(lambda x, y: w[0] * x + w[1] * y + b, low, high, side), low, high)
    assert segments @ np.array(w) + b == pytest.approx(np.zeros(segments.shape[:2]), abs=1e-12 * max(map(abs, w)))
    ends = decision_line(w, b, low, high).ends
    assert lengths(segments).sum() == pytest.approx(np.linalg.norm(ends[1] - ends[0]), rel=1e-9)


def test_a_circle():
    segments = zero_contour(field(lambda x, y: x**2 + y**2 - 1, -1.5, 1.5, 101), -1.5, 1.5)
    assert np.hypot(*segments.reshape(-1, 2).T) == pytest.approx(np.ones(2 * len(segments)), abs=3e-4)
    assert lengths(segments).sum() == pytest.approx(2 * np.pi, rel=1e-3)


def test_segments_join():
    """Each end of a closed line is an end of exactly two segments."""
    segments = zero_contour(field(lambda x, y: x**2 + 2 * y**2 - 1, -1.5, 1.5, 40), -1.5, 1.5)
    _, count = np.unique(segments.reshape(-1, 2).round(9), axis=0, return_counts=True)
    assert set(count.tolist()) == {2}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # rows from the top: one corner of the cell is positive
        ([[-1, -1], [1, -1]], [[(0.5, 0), (0, 0.5)]]),
        ([[-1, -1], [-1, 3]], [[(0.25, 0), (1, 0.75)]]),
        # a saddle: a positive mean joins the positive corners, any other one the rest
        ([[-1, 3], [3, -1]], [[(0.75, 0), (1, 0.25)], [(0.25, 1), (0, 0.75)]]),
        ([[-3, 1], [1, -3]], [[(0, 0.25), (0.25, 0)], [(1, 0.75), (0.75, 1)]]),
        ([[1, -1], [-1, 1]], [[(0, 0.5), (0.5, 1)], [(0.5, 0), (1, 0.5)]]),
    ],
)
def test_one_cell(values, expected):
    found = {frozenset(map(tuple, segment)) for segment in zero_contour(values, 0, 1).tolist()}
    assert found == {frozenset(map(tuple, np.array(segment, float).tolist())) for segment in expected}


@pytest.mark.parametrize("value", [1.0, -1.0, 0.0])
def test_one_sign_has_no_line(value):
    assert zero_contour(np.full((5, 5), value), 0, 1).shape == (0, 2, 2)


def test_zero_counts_as_negative():
    assert zero_contour([[1, 1], [0, 0]], 0, 1).tolist() == [[[1.0, 0.0], [0.0, 0.0]]]


def test_it_is_read_only():
    assert not zero_contour([[1, 1], [-1, -1]], 0, 1).flags.writeable


@pytest.mark.parametrize(
    ("values", "low", "high", "code"),
    [
        ([[1.0, 2.0]], 0, 1, "wrong_shape"),
        ([[1.0]], 0, 1, "wrong_shape"),
        (np.ones(4), 0, 1, "wrong_shape"),
        ([[1.0, np.nan], [0.0, 0.0]], 0, 1, "not_finite"),
        (np.eye(2), 1, 1, "out_of_range"),
        (np.eye(2), 0, "x", "not_a_number"),
    ],
)
def test_bad_input_is_refused(values, low, high, code):
    with pytest.raises(InputError) as caught:
        zero_contour(values, low, high)
    assert caught.value.code == code
