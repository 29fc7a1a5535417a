"""L-BFGS: the two-loop recursion against the dense formula, the line search's conditions, minima, ways to stop."""

import numpy as np
import pytest

from engine.errors import InputError
from engine.lbfgs import LBFGS, minimize, newton_direction
from engine.line_search import StrongWolfe, Trial, cubic_minimum, search


def rosenbrock(p):
    """In any number of dimensions; minimum 0 at (1, ..., 1)."""
    x, valley = p[:-1], p[1:] - p[:-1] ** 2
    gradient = np.zeros_like(p)
    gradient[:-1] = -2 * (1 - x) - 400 * x * valley
    gradient[1:] += 200 * valley
    return ((1 - x) ** 2 + 100 * valley**2).sum(), gradient


def bowl(p):
    return 0.5 * p @ p, p


def on_line(function, start, direction):
    """Lengths -> trials along a line."""
    start, direction = np.array(start, dtype=np.float64), np.array(direction, dtype=np.float64)

    def trial(length):
        point = start + length * direction
        value, gradient = function(point)
        return Trial(length, float(value), float(gradient @ direction), point, gradient)

    return trial


# ---------------------------------------------------------------- direction


def dense_inverse_hessian(pairs, n):
    """The BFGS matrix that the two-loop recursion never forms: Nocedal & Wright (2006), equation 7.16."""
    s, y = pairs[-1]
    H = np.eye(n) * (s @ y) / (y @ y)
    for s, y in pairs:
        rho = 1 / (y @ s)
        V = np.eye(n) - rho * np.outer(y, s)
        H = V.T @ H @ V + rho * np.outer(s, s)
    return H


@pytest.mark.parametrize("n_pairs", [1, 2, 5])
def test_two_loops_equal_the_dense_matrix(n_pairs):
    rng = np.random.default_rng(n_pairs)
    A = rng.normal(size=(6, 6))
    curvature = A @ A.T + np.eye(6)
    pairs = tuple((s, curvature @ s) for s in rng.normal(size=(n_pairs, 6)))
    gradient = rng.normal(size=6)
    kept = gradient.copy()
    expected = -dense_inverse_hessian(pairs, 6) @ gradient
    np.testing.assert_allclose(newton_direction(gradient, pairs), expected, rtol=1e-10)
    np.testing.assert_array_equal(gradient, kept)


def test_no_memory_is_steepest_descent():
    np.testing.assert_array_equal(newton_direction(np.array([1.0, -2.0]), ()), [-1, 2])


def test_the_newest_pair_is_always_fulfilled():
    """The secant equation, H y = s: a step that repeats the last change of the gradient repeats the last step."""
    s, y = np.array([1.0, 2.0]), np.array([0.5, 3.0])
    np.testing.assert_allclose(newton_direction(y, ((np.array([1.0, 0]), np.array([2.0, 1])), (s, y))), -s)


# ---------------------------------------------------------------- line search


def test_cubic_minimum_by_hand():
    """a^3 - 3 a has its minimum at 1; through a = 0 (value 0, slope -3) and a = 2 (value 2, slope 9)."""
    one, other = (Trial(a, a**3 - 3 * a, 3 * a**2 - 3, None, None) for a in (0.0, 2.0))
    assert cubic_minimum(one, other) == pytest.approx(1, abs=1e-15)
    assert cubic_minimum(other, one) == pytest.approx(1, abs=1e-15)
    assert np.isnan(cubic_minimum(one, one))


@pytest.mark.parametrize("first_length", [1e-6, 1e-3, 0.1, 1.0, 30.0, 1e4])
@pytest.mark.parametrize("c2", [0.1, 0.9])
def test_the_strong_wolfe_conditions_hold(first_length, c2):
    start, c1 = np.array([-1.2, 1.0]), 1e-4
    direction = -rosenbrock(start)[1] / 200
    trial = on_line(rosenbrock, start, direction)
    found = search(trial, StrongWolfe(trial(0.0), c1, c2), first_length, 30)
    value, gradient = rosenbrock(start + found.length * direction)
    slope = rosenbrock(start)[1] @ direction
    assert found.length > 0
    assert value <= rosenbrock(start)[0] + c1 * found.length * slope
    assert abs(gradient @ direction) <= c2 * abs(slope)


def test_an_overflow_on_the_line_is_too_high():
    def cliff(p):
        return (np.inf, np.full(1, np.nan)) if p[0] > 2 else (-p[0] + p[0] ** 2, 2 * p - 1)

    trial = on_line(cliff, [0.0], [1.0])
    found = search(trial, StrongWolfe(trial(0.0), 1e-4, 0.1), 1000.0, 40)
    assert found.length == pytest.approx(0.5, abs=0.05)


def test_a_rising_line_is_not_walked():
    trial = on_line(bowl, [1.0], [1.0])
    assert search(trial, StrongWolfe(trial(0.0), 1e-4, 0.9), 1.0, 10).length == 0


# ---------------------------------------------------------------- minimization


def test_a_bowl_takes_two_steps():
    """The first step has length 1 / |g|_1 = 1/7; the second knows the curvature and lands on the minimum."""
    history = minimize(bowl, [3.0, 4.0])
    np.testing.assert_allclose(history.points, [[3, 4], [18 / 7, 24 / 7], [0, 0]], atol=1e-14)
    np.testing.assert_allclose(history.losses, [12.5, 12.5 * 36 / 49, 0], atol=1e-14)
    np.testing.assert_allclose(history.lengths, [1 / 7, 1])
    assert history.evaluations.tolist() == [1, 2, 3]
    assert history.stopped == "gradient"


@pytest.mark.parametrize("n", [2, 10, 50])
def test_rosenbrock_is_solved(n):
    exact = LBFGS(gradient_tolerance=1e-9, change_tolerance=0.0)
    history = minimize(rosenbrock, np.zeros(n), exact, max_steps=1000)
    np.testing.assert_allclose(history.points[-1], np.ones(n), atol=1e-8)
    assert (np.diff(history.losses) < 0).all()
    assert history.stopped == "gradient"


def test_the_history_is_consistent_and_read_only():
    calls = []

    def counted(p):
        calls.append(p.copy())
        return rosenbrock(p)

    start = np.array([-1.2, 1.0])
    history = minimize(counted, start, max_steps=12)
    assert history.stopped == "steps"
    assert history.points.shape == (13, 2)
    assert history.lengths.shape == (12,)
    assert history.evaluations[-1] == len(calls)
    np.testing.assert_array_equal(start, [-1.2, 1.0])
    for point, loss, size in zip(history.points, history.losses, history.gradient_sizes, strict=True):
        value, gradient = rosenbrock(point)
        assert (loss, size) == (value, np.abs(gradient).max())
    for array in (history.points, history.losses, history.gradient_sizes, history.lengths, history.evaluations):
        assert not array.flags.writeable


def test_memory_is_limited():
    method = LBFGS(history_size=3)
    here = method.start(rosenbrock, np.zeros(5))
    for count in range(1, 7):
        here = method.advance(rosenbrock, here)
        assert len(here.pairs) == min(count, 3)
    more = minimize(rosenbrock, np.zeros(5), LBFGS(history_size=1), max_steps=1000)
    assert more.losses[-1] < 1e-6


def test_ways_to_stop():
    assert minimize(bowl, [0.0, 0.0]).stopped == "gradient"
    assert len(minimize(bowl, [0.0, 0.0]).points) == 1
    assert minimize(lambda p: (np.nan, p), [1.0]).stopped == "not_finite"
    assert minimize(lambda p: (p @ p, -p), [1.0]).stopped == "line_search"  # a wrong gradient: nothing lower that way
    assert minimize(bowl, [3.0, 4.0], LBFGS(change_tolerance=10.0)).stopped == "change"


def test_a_function_without_minimum_ends():
    history = minimize(lambda p: (-p.sum(), -np.ones_like(p)), [0.0, 0.0], max_steps=5)
    assert len(history.points) <= 6


def test_overflow_on_the_way_is_survived():
    history = minimize(lambda p: (np.exp(p @ p), 2 * p * np.exp(p @ p)), [3.0, 4.0])
    np.testing.assert_allclose(history.points[-1], [0, 0], atol=1e-7)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"learning_rate": 0}, r"learning_rate must lie in \(0, ∞\), not at 0"),
        ({"history_size": 0}, r"history_size must lie in \[1, 100\], not at 0"),
        ({"c1": 0.95}, "c1, c2 must lie in 0 < c1 < c2 < 1, not at"),
        ({"c2": np.nan}, "c2 must be finite, not nan"),
        ({"max_trials": 1000}, r"max_trials must lie in \[1, 100\], not at 1000"),
        ({"gradient_tolerance": -1}, r"gradient_tolerance must lie in \[0, ∞\)"),
    ],
)
def test_bad_settings_are_named(values, message):
    with pytest.raises(InputError, match=message):
        LBFGS(**values)


def test_bad_starts_are_named():
    with pytest.raises(InputError, match=r"parameters must have the shape \(n,\), not \(2, 2\)"):
        minimize(bowl, np.zeros((2, 2)))
    with pytest.raises(InputError, match="parameters must be finite, not inf"):
        minimize(bowl, [np.inf])
    with pytest.raises(InputError, match=r"max_steps must lie in \[1, 10000\], not at 0"):
        minimize(bowl, [1.0], max_steps=0)
