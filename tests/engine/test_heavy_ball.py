"""Heavy-ball momentum: roots and regimes by formula against the matrix and against the steps themselves."""

import numpy as np
import pytest

from engine.descent import descend
from engine.errors import InputError
from engine.heavy_ball import (
    KINDS,
    MOST_STEPS,
    measured_rates,
    modes,
    passes_through,
    shares,
    steps_per_digit,
    steps_to,
)
from engine.momentum import Momentum
from engine.momentum_study import REASONS, study
from engine.quadratics import best_gradient_descent, best_heavy_ball, convergence_rate
from engine.surfaces import elongated_bowl

START = (-4.0, -2.0)
# learning rate, momentum, curvature -> what happens
CASES = [
    (1.0, 0.0, 1.0, "arrives"),
    (0.5, 0.0, 1.0, "creeps"),
    (0.01, 0.8, 1.0, "creeps"),
    (0.25, 0.25, 1.0, "critical"),  # (1 - 1/2)^2
    (2.25, 0.25, 1.0, "critical"),  # (1 + 1/2)^2
    (1.0, 0.8, 1.0, "swings"),
    (1.5, 0.0, 1.0, "jumps"),
    (2.4, 0.25, 1.0, "jumps"),
    (0.0, 0.5, 1.0, "lasts"),
    (0.7, 1.0, 2.0, "lasts"),
    (2.5, 0.25, 1.0, "lasts"),  # 2 (1 + 1/4)
    (2.6, 0.25, 1.0, "diverges"),
    (4.0, 1.0, 1.0, "diverges"),  # a double root -1
]


def distances(learning_rate, momentum, curvature, n_steps=60):
    u, before, found = 1.0, 1.0, [1.0]
    for _ in range(n_steps):
        u, before = u - learning_rate * curvature * u + momentum * (u - before), u
        found.append(u)
    return np.array(found)


@pytest.mark.parametrize(("learning_rate", "momentum", "curvature", "kind"), CASES)
def test_kinds_are_what_the_steps_do(learning_rate, momentum, curvature, kind):
    (mode,) = modes(learning_rate, momentum, curvature)
    assert mode.kind == kind
    u = distances(learning_rate, momentum, curvature)
    signs = np.sign(u[np.abs(u) > 1e-12])
    turns = int((signs[1:] != signs[:-1]).sum())
    does = {
        "arrives": (u[1:] == 0).all(),
        "creeps": turns == 0 and abs(u[-1]) < abs(u[-2]),
        "critical": turns in (0, len(signs) - 1) and abs(u[-1]) < 1e-6,
        "swings": 1 < turns < len(signs) - 1,
        "jumps": turns == len(signs) - 1 and abs(u[-1]) < abs(u[-2]),
        "lasts": 0.1 < np.abs(u[-10:]).max() < 3,
        "diverges": abs(u[-1]) > 10,
    }
    assert does[kind]
    assert {case[-1] for case in CASES} == set(KINDS)


@pytest.mark.parametrize(("learning_rate", "momentum", "curvature", "kind"), CASES)
def test_roots_are_the_eigenvalues_of_the_matrix(learning_rate, momentum, curvature, kind):
    (mode,) = modes(learning_rate, momentum, curvature)
    matrix = np.array([[1 + momentum - learning_rate * curvature, -momentum], [1, 0]])
    assert mode.trace == pytest.approx(np.trace(matrix))
    assert mode.discriminant == pytest.approx(np.trace(matrix) ** 2 - 4 * np.linalg.det(matrix), abs=1e-12)
    expected = np.linalg.eigvals(matrix)
    assert sum(mode.roots) == pytest.approx(expected.sum())
    assert mode.roots[0] * mode.roots[1] == pytest.approx(momentum, abs=1e-14)
    assert mode.rate == pytest.approx(np.abs(expected).max(), abs=1e-7)
    assert mode.rate == pytest.approx(float(convergence_rate(learning_rate, momentum, curvature)), abs=1e-7)
    assert abs(mode.roots[0]) >= abs(mode.roots[1]) - 1e-15


def test_a_worked_example():
    """kappa 100, eta lambda_max = 1, mu = 0.8: trace 1.79 and 0.8."""
    flat, steep = modes(0.01, 0.8, (1.0, 100.0))
    assert flat.trace == pytest.approx(1.79, rel=1e-15)
    assert flat.discriminant == pytest.approx(0.0041, rel=1e-12)
    assert flat.rate == pytest.approx((1.79 + 0.0041**0.5) / 2, rel=1e-12)
    assert steep.roots[0] == pytest.approx(0.4 + 0.8j, rel=1e-15)
    assert steep.rate == pytest.approx(0.8**0.5, rel=1e-15)
    assert (flat.kind, steep.kind) == ("creeps", "swings")


@pytest.mark.parametrize("condition", [2.0, 10.0, 100.0, 12345.0])
def test_the_best_is_critical_along_both_ends(condition):
    best = best_heavy_ball((1.0, condition))
    flat, steep = modes(best.learning_rate, best.momentum, (1.0, condition))
    assert (flat.kind, steep.kind) == ("critical", "critical")
    assert flat.roots[0].real > 0 > steep.roots[0].real
    assert flat.rate == pytest.approx(steep.rate, rel=1e-9)
    assert best.learning_rate * (1 + 1 / condition) == pytest.approx(2 * (1 + best.momentum) / condition, rel=1e-12)


def test_steps_per_digit():
    np.testing.assert_allclose(steps_per_digit([0, 0.1, 0.5, 10**-0.01, 1, 2]), [0, 1, 3.321928, 100, np.inf, np.inf])
    assert np.signbit(steps_per_digit(0.0)) == 0
    assert 0.7 ** float(steps_per_digit(0.7)) == pytest.approx(0.1)


@pytest.mark.parametrize("point", [(1.0, 0.8), (1.98, 0.0), (3.3, 0.67), (0.3, 0.95), (1.0, 0.0)])
@pytest.mark.parametrize("angle", [0.0, 30.0])
def test_steps_to_is_what_the_path_does(point, angle):
    surface, (product, momentum) = elongated_bowl(100, angle), point
    path = descend(surface, Momentum(learning_rate=product / 100, momentum=momentum), START, 5000)
    for share in (1e-6, 1e-2, 1.0):
        above = np.flatnonzero(path.losses > share * path.losses[0])
        assert steps_to(surface, product / 100, momentum, START, share) == (above[-1] + 1 if above.size else 0)


def test_a_path_that_comes_back_has_not_arrived():
    """kappa = 1, eta lambda = 1: the first step lands exactly on the minimum, and the velocity carries it on."""
    bowl = elongated_bowl(1, 30)
    assert steps_to(bowl, 1.0, 1.0, START) == -1  # a cycle of 6 steps
    path = descend(bowl, Momentum(learning_rate=1.0, momentum=0.9), START, 1000)
    assert path.losses[1] == 0
    assert path.losses[2] > 0.1 * path.losses[0]
    stays = steps_to(bowl, 1.0, 0.9, START)
    assert stays == np.flatnonzero(path.losses > 1e-6 * path.losses[0])[-1] + 1 == 132
    assert study(bowl, 1.0, 0.9, START, 100).passes_through
    assert not study(bowl, 1.0, 0.0, START, 100).passes_through  # it stays there
    assert not study(elongated_bowl(100, 30), 0.01, 0.8, START, 2000).passes_through
    assert [passes_through(losses) for losses in ([1, 0, 1], [1, 0, 0], [1, np.inf, np.nan], [1, 2])] == [True] + [
        False
    ] * 3


REASON = {  # condition, learning rate times lambda_max, momentum, start -> why the early factor is another
    (100, 3.306, 0.67, START): "flies out",
    (10_000, 3.9, 0.97, START): "flies out",
    (172.3, 2.858, 0.757, (-1.0, 3.0)): "swings",
    (100, 3.0, 0.99, (1.0, 0.0)): "same rate",
    (100, 1.0, 0.8, START): "gathers speed",
    (17.88, 2.166, 0.113, (-1.0, 3.0)): "no brake",
    (100, 4 / 1.21, (9 / 11) ** 2, START): "double root",
    (100, 1.0, 0.8, (-4.0, 2.0)): "other direction",
    (100, 3.9, 0.3, START): "takes over",
}


@pytest.mark.parametrize(("case", "reason"), REASON.items())
def test_why_the_early_factor_is_another(case, reason):
    condition, product, momentum, start = case
    found = study(elongated_bowl(condition, 30), product / condition, momentum, start, 100)
    assert found.early_reason == reason
    leads, slower = found.modes[found.leading], found.early > found.late
    holds = {
        "flies out": slower
        and found.path.losses[1] > found.path.losses[0]
        and abs(leads.roots[0] - leads.roots[1]) < 0.5 * leads.rate,
        "swings": leads.kind == "swings",
        "same rate": found.modes[0].rate == found.modes[1].rate == momentum**0.5,
        "gathers speed": slower and leads.kind == "creeps",
        "no brake": slower and leads.kind == "jumps",
        "double root": slower and leads.kind == "critical",
        "other direction": not slower and found.shares[1 - found.deciding] > 0.5,
        "takes over": found.modes[found.deciding].kind == "diverges",
    }
    assert holds[reason]
    assert set(REASON.values()) == set(REASONS)


def test_what_flies_out_goes_further_than_its_start():
    for product, momentum in ((3.306, 0.67), (3.9, 0.97), (2.7, 0.4)):
        (mode,) = modes(product, momentum, 1.0)
        assert mode.flies_out
        assert np.abs(distances(product, momentum, 1.0)).max() > 1.5
    assert not any(
        modes(product, momentum, 1.0)[0].flies_out for product, momentum in ((0.04, 0.64), (1, 0.8), (1.2, 0.01))
    )


def test_steps_to_has_an_end():
    surface = elongated_bowl(10_000)
    best = best_gradient_descent(surface.eigenvalues)
    needed = steps_to(surface, best.learning_rate, 0.0, START)
    assert needed == pytest.approx(np.log(1e-6) / (2 * np.log(best.rate)), abs=2)  # both directions at the same rate
    assert steps_to(surface, 1e-9, 0.0, START) == -1  # 7,000,000,000 steps
    assert steps_to(surface, 1.0, 0.0, START) == -1  # diverges
    assert steps_to(surface, 0.0, 0.5, START) == -1
    assert steps_to(surface, 1e-4, 0.0, (0.0, 1.0)) == 1
    # curvature 1, learning rate e: (1 - e)^(2n) <= 1e-6 first at n = 50,000 and 100,000 steps, near the end
    for n in (50_000, MOST_STEPS):
        rate = 1 - 1e-6 ** (0.5 / (n - 0.5))
        assert steps_to(surface, rate, 0.0, (1.0, 0.0)) == n
    rate = 1 - 1e-6 ** (0.5 / (MOST_STEPS + 0.5))
    assert steps_to(surface, rate, 0.0, (1.0, 0.0)) == -1


@pytest.mark.parametrize("angle", [0.0, 30.0, -75.0])
def test_shares_are_the_loss_along_the_axes(angle):
    surface = elongated_bowl(50, angle)
    flat = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    along = surface.value((START @ flat) * flat) / surface.value(np.array(START))
    np.testing.assert_allclose(shares(surface, START), [along, 1 - along], rtol=1e-12)
    assert shares(surface, (0.0, 0.0)).tolist() == [0, 0]


def test_measured_rates_of_a_clean_path():
    early, late = measured_rates(3 * 0.81 ** np.arange(101))
    assert early == pytest.approx(0.9, rel=1e-12)
    assert late == pytest.approx(0.9, rel=1e-12)


def test_measured_rates_of_a_path_in_two_parts():
    """A fast part that dies away, a slow one that stays."""
    steps = np.arange(101)
    early, late = measured_rates(1000 * 0.25**steps + 1e-9 * 0.81**steps)
    assert early == pytest.approx(0.6, abs=0.15)
    assert late == pytest.approx(0.9, rel=1e-9)


def test_measured_rates_of_a_swing_are_those_of_its_peaks():
    steps = np.arange(401)
    _, late = measured_rates(0.98**steps * np.cos(0.3 * steps) ** 2 + 1e-30)
    assert late == pytest.approx(0.98**0.5, abs=1e-3)


@pytest.mark.parametrize("losses", [np.ones(8), [1, *[0] * 50], [1.0, np.inf], [np.nan] * 20])
def test_too_short_a_path_is_not_measured(losses):
    assert np.isnan(measured_rates(losses)).all()


def test_what_overflows_or_vanishes_is_left_out():
    growing = np.append(4.0 ** np.arange(40), [np.inf, np.nan])
    assert measured_rates(growing) == pytest.approx((2, 2))
    vanishing = np.append(0.25 ** np.arange(400), np.zeros(600))
    assert measured_rates(vanishing) == pytest.approx((0.5, 0.5))


@pytest.mark.parametrize("point", [(1.0, 0.8), (1.0, 0.9), (0.2, 0.5), (3.0, 0.7), (3.9, 0.3)])
def test_a_study_promises_what_the_path_does(point):
    product, momentum = point
    found = study(elongated_bowl(100, 30), product / 100, momentum, START, 1000)
    assert found.late == pytest.approx(found.rate, abs=2e-3)
    assert found.rate == max(mode.rate for mode in found.modes) == found.modes[found.deciding].rate
    assert found.path.points.shape == (1001, 2)
    assert found.steps_per_digit == steps_per_digit(found.rate)


@pytest.mark.parametrize(
    ("call", "code", "argument"),
    [
        (lambda: modes(-0.1, 0.5, 1.0), "out_of_range", "learning_rate"),
        (lambda: modes(0.1, 1.5, 1.0), "out_of_range", "momentum"),
        (lambda: modes(0.1, 0.5, [1.0, -1.0]), "out_of_range", "eigenvalues"),
        (lambda: modes(np.nan, 0.5, 1.0), "not_finite", "learning_rate"),
        (lambda: steps_per_digit(-0.1), "out_of_range", "rate"),
        (lambda: shares(elongated_bowl(), (1.0,)), "wrong_shape", "start"),
        (lambda: steps_to(elongated_bowl(), 0.1, 0.5, START, 2.0), "out_of_range", "share"),
        (lambda: steps_to(elongated_bowl(), 0.1, -0.5, START), "out_of_range", "momentum"),
        (lambda: measured_rates(np.ones((2, 9))), "wrong_shape", "losses"),
        (lambda: study(elongated_bowl(), 0.1, 0.5, START, 0), "out_of_range", "n_steps"),
    ],
)
def test_bad_input_is_named(call, code, argument):
    with pytest.raises(InputError) as caught:
        call()
    assert (caught.value.code, caught.value.argument) == (code, argument)
