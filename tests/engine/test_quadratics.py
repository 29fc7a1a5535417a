"""Quadratics: regimes and rates by formula against the steps themselves."""

import numpy as np
import pytest

from engine.descent import descend
from engine.errors import InputError
from engine.optimizers import optimizer
from engine.quadratics import (
    best_gradient_descent,
    best_heavy_ball,
    convergence_rate,
    critical_damping,
    divergence_border,
    limits,
    regime,
)
from engine.surfaces import elongated_bowl, surface

EIGENVALUES = np.array([1.0, 7.0, 25.0])


def heavy_ball_matrix(learning_rate, momentum, curvature):
    return np.array([[1 + momentum - learning_rate * curvature, -momentum], [1, 0]])


def radius(learning_rate, momentum):
    """The same rate from NumPy's eigenvalues."""
    matrices = [heavy_ball_matrix(learning_rate, momentum, curvature) for curvature in EIGENVALUES]
    return max(np.abs(np.linalg.eigvals(m)).max() for m in matrices)


@pytest.mark.parametrize(
    ("learning_rate", "name"),
    [
        (0, "crawls"),
        (1e-10, "crawls"),
        (0.0024, "crawls"),
        (0.0026, "converges"),
        (0.2499, "converges"),
        (0.25, "jumps"),
        (0.2501, "oscillates"),
        (0.4999, "oscillates"),
        (0.5, "bounces"),
        (0.5001, "diverges"),
        (10, "diverges"),
    ],
)
def test_regimes_of_one_curvature(learning_rate, name):
    """lambda = 4: borders at 1 / 4 and 2 / 4. The steps themselves do what the name says."""
    assert regime(learning_rate, 4.0) == name
    x = descend(surface("shifted_parabola"), optimizer("sgd", learning_rate=learning_rate), [0.0], 50).points[:, 0] - 2
    size, same_side = np.abs(x), x[1] * x[0] > 0
    facts = {
        "crawls": same_side and size[-1] >= 0.99**50 * size[0],
        "converges": same_side and size[-1] < 0.99**50 * size[0],
        "jumps": size[1] == 0,
        "oscillates": x[1] * x[0] < 0 and size[-1] < size[0],
        "bounces": (size == size[0]).all() and x[1] == -x[0],
        "diverges": size[-1] > size[0],
    }
    assert facts[name]


def test_the_worst_direction_names_the_regime():
    assert regime([0.03, 0.04, 0.05, 0.079, 0.08, 0.081], EIGENVALUES).tolist() == [
        "converges",
        "converges",  # exactly 1 / 25: jumps along one direction, converges along the others
        "oscillates",
        "oscillates",
        "bounces",
        "diverges",
    ]
    assert regime(0.5, [1e-3, 1.0]) == "crawls"


def test_limits_are_where_the_regime_changes():
    oscillates, diverges = limits(EIGENVALUES)
    assert (oscillates, diverges) == (1 / 25, 2 / 25)
    assert regime([0.999 * oscillates, 1.001 * oscillates], EIGENVALUES).tolist() == ["converges", "oscillates"]
    assert regime([0.999 * diverges, 1.001 * diverges], EIGENVALUES).tolist() == ["oscillates", "diverges"]
    third = limits(3.0)
    assert regime(third, 3.0).tolist() == ["jumps", "bounces"]  # 1 / 3 cannot be written exactly


def test_map_is_the_spectral_radius():
    learning_rates, momenta = np.linspace(0, 0.2, 13), np.linspace(0, 1, 11)
    rates = convergence_rate(learning_rates, momenta[:, None], EIGENVALUES)
    assert rates.shape == (11, 13)
    expected = [[radius(learning_rate, momentum) for learning_rate in learning_rates] for momentum in momenta]
    np.testing.assert_allclose(rates, expected, atol=1e-7)  # a double eigenvalue is known to sqrt(epsilon) only


@pytest.mark.parametrize(("learning_rate", "momentum"), [(0.05, 0.0), (0.02, 0.5), (0.12, 0.8), (0.1, 0.3)])
def test_rate_is_what_the_steps_do(learning_rate, momentum):
    """Over 400 steps the distance shrinks by the rate, up to the swinging of the last steps."""
    run = descend(
        elongated_bowl(25), optimizer("momentum", learning_rate=learning_rate, momentum=momentum), [1.0, 1.0], 400
    )
    distances = np.linalg.norm(run.points, axis=-1)
    late = np.log(distances[380:401].max() / distances[180:201].max()) / 200
    assert np.exp(late) == pytest.approx(convergence_rate(learning_rate, momentum, [1, 25]), abs=2e-3)


def test_without_momentum_the_rate_is_gradient_descent_s():
    rates = np.linspace(0, 0.1, 21)
    expected = np.abs(1 - rates[:, None] * EIGENVALUES).max(axis=1)
    np.testing.assert_allclose(convergence_rate(rates, 0.0, EIGENVALUES), expected, rtol=1e-14)


@pytest.mark.parametrize("momentum", [0.1, 0.5, 0.9])
def test_borders(momentum):
    """At critical damping the two eigenvalues meet; past the border of divergence the rate passes 1."""
    curvature = 7.0
    for learning_rate in critical_damping(momentum, curvature):
        trace = np.trace(heavy_ball_matrix(learning_rate, momentum, curvature))
        assert trace**2 == pytest.approx(4 * momentum, rel=1e-12)
    low, high = critical_damping(momentum, curvature)
    assert convergence_rate((low + high) / 2, momentum, curvature) == pytest.approx(np.sqrt(momentum), rel=1e-14)
    assert convergence_rate(0.9 * low, momentum, curvature) > np.sqrt(momentum)
    assert convergence_rate(1.1 * high, momentum, curvature) > np.sqrt(momentum)
    border = divergence_border(momentum, curvature)
    assert (
        convergence_rate(0.999 * border, momentum, curvature)
        < 1
        < convergence_rate(1.001 * border, momentum, curvature)
    )


def test_borders_are_stacked():
    momenta = np.linspace(0, 1, 5)
    low, high = critical_damping(momenta[:, None], EIGENVALUES)
    assert low.shape == high.shape == divergence_border(momenta[:, None], EIGENVALUES).shape == (5, 3)
    assert divergence_border(0.0, 4.0) == 0.5
    assert np.shape(divergence_border(0.0, 4.0)) == ()


@pytest.mark.parametrize("condition", [1.0, 10.0, 100.0])
def test_polyak_s_optimum_is_the_lowest_point_of_the_map(condition):
    ends = np.array([2.0, 2.0 * condition])
    best = best_heavy_ball(ends)
    root = np.sqrt(condition)
    assert best.rate == pytest.approx((root - 1) / (root + 1), abs=1e-14)
    assert convergence_rate(best.learning_rate, best.momentum, ends) == pytest.approx(best.rate, abs=1e-6)
    learning_rates, momenta = np.linspace(1e-3, 4 / ends[1], 400), np.linspace(0, 1, 401)[:, None]
    assert convergence_rate(learning_rates, momenta, ends).min() >= best.rate - 1e-9


@pytest.mark.parametrize("condition", [1.0, 10.0, 100.0])
def test_best_gradient_descent(condition):
    best = best_gradient_descent([3.0, 3.0 * condition])
    assert best.learning_rate == pytest.approx(2 / (3 + 3 * condition), rel=1e-14)
    rates = convergence_rate(np.linspace(1e-4, 1, 5_000), 0.0, [3.0, 3.0 * condition])
    assert convergence_rate(best.learning_rate, 0.0, [3.0, 3.0 * condition]) == pytest.approx(best.rate, abs=1e-14)
    assert rates.min() >= best.rate - 1e-12
    assert best_heavy_ball([3.0, 3.0 * condition]).rate <= best.rate


@pytest.mark.parametrize(
    ("call", "code", "argument", "value"),
    [
        (lambda: regime(-0.1, 1.0), "out_of_range", "learning_rate", -0.1),
        (lambda: regime(0.1, [1.0, -2.0]), "out_of_range", "eigenvalues", -2),
        (lambda: limits([]), "wrong_shape", "eigenvalues", (0,)),
        (lambda: convergence_rate(0.1, 1.1, 1.0), "out_of_range", "momentum", 1.1),
        (lambda: convergence_rate(np.nan, 0.1, 1.0), "not_finite", "learning_rate", None),
        (lambda: convergence_rate(1e300, 0.1, 1.0), "out_of_range", "learning_rate", 1e300),
        (lambda: critical_damping(-1, 1.0), "out_of_range", "momentum", -1),
        (lambda: divergence_border(0.5, 0.0), "out_of_range", "curvature", 0),
        (lambda: best_heavy_ball(["steep"]), "not_a_number", "eigenvalues", ["steep"]),
        (lambda: best_gradient_descent(0.0), "out_of_range", "eigenvalues", 0),
    ],
)
def test_bad_input_is_named(call, code, argument, value):
    with pytest.raises(InputError) as caught:
        call()
    assert (caught.value.code, caught.value.argument) == (code, argument)
    assert value is None or caught.value.value == value
