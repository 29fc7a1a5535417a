"""Surfaces: gradients and Hessians against differences, minima against both."""

import numpy as np
import pytest

from engine.differences import difference
from engine.errors import InputError
from engine.surfaces import SURFACES, elongated_bowl, surface

ALL = [*SURFACES.values(), elongated_bowl(50, 30), elongated_bowl(1e6)]
IDS = [*SURFACES, "bowl 50, 30 degrees", "bowl 1e6"]
every_surface = pytest.mark.parametrize("s", ALL, ids=IDS)


def points_of(s, shape=(40, 5)):
    """Random points of the domain, away from the kink of |x| at 0."""
    low, high = np.array(s.domain).T
    points = np.random.default_rng(0).uniform(low, high, (*shape, s.dimensions))
    return np.where(np.abs(points) < 1e-2, 1e-2, points)


def relative_error(estimate, exact):
    """The largest difference, as a share of the largest exact number."""
    return np.abs(estimate - exact).max() / max(np.abs(exact).max(), 1e-12)


def hessian_by_difference(s, points):
    """Central differences of each component of the gradient, one row of the Hessian each."""
    rows = [difference(lambda p, i=i: s.gradient(p)[..., i], points, 1e-5) for i in range(s.dimensions)]
    return np.stack(rows, axis=-2)


@every_surface
def test_gradient_is_the_slope_of_the_value(s):
    points = points_of(s)
    before = points.copy()
    gradient = s.gradient(points)
    assert s.value(points).shape == points.shape[:-1]
    assert gradient.shape == points.shape
    assert relative_error(difference(s.value, points, 1e-5), gradient) < 1e-7
    np.testing.assert_array_equal(points, before)


@every_surface
def test_hessian_is_the_slope_of_the_gradient(s):
    points = points_of(s)
    hessian = s.hessian(points)
    assert hessian.shape == (*points.shape, s.dimensions)
    assert relative_error(hessian_by_difference(s, points), hessian) < 1e-7


@every_surface
def test_the_tester_notices_a_tenth_of_a_percent(s):
    points = points_of(s)
    assert relative_error(difference(s.value, points, 1e-5), 1.001 * s.gradient(points)) > 1e-4


@every_surface
def test_a_stack_is_its_points_one_by_one(s):
    points = points_of(s, (6,))
    for function in (s.value, s.gradient, s.hessian):
        np.testing.assert_allclose(function(points), [function(p) for p in points], rtol=1e-13, atol=1e-13)


@every_surface
def test_minima_are_flat_and_nothing_around_is_lower(s):
    around = np.random.default_rng(1).normal(size=(200, s.dimensions)) * 1e-2
    for minimum in np.array(s.minima + s.local_minima).reshape(-1, s.dimensions):
        np.testing.assert_allclose(s.gradient(minimum), 0, atol=1e-12)
        assert (s.value(minimum + around) > s.value(minimum)).all()
        assert all(low <= x <= high for x, (low, high) in zip(minimum, s.domain, strict=True))


@every_surface
def test_global_minima_share_the_lowest_value_of_the_domain(s):
    if not s.minima:
        assert (s.code, s.floor) == ("saddle", -np.inf)
        return
    np.testing.assert_allclose(s.value(np.array(s.minima)), s.floor, atol=1e-20)
    assert (s.value(points_of(s, (2_000,))) > s.floor).all()
    assert all(s.value(np.array(m)) > s.floor for m in s.local_minima)


@every_surface
def test_constant_curvature_is_told_as_eigenvalues(s):
    spectra = np.linalg.eigvalsh(s.hessian(points_of(s)))
    if s.eigenvalues:
        np.testing.assert_allclose(spectra, np.broadcast_to(s.eigenvalues, spectra.shape), rtol=1e-9)
    else:
        assert np.ptp(spectra) > 0 or s.code == "absolute"


@every_surface
def test_start_lies_in_the_domain(s):
    assert len(s.start) == s.dimensions
    assert all(low <= x <= high for x, (low, high) in zip(s.start, s.domain, strict=True))


def test_wavy_lists_every_valley_of_its_domain():
    s = surface("wavy")
    x = np.linspace(*s.domain[0], 100_001)[:, None]
    rising = s.gradient(x)[:, 0] > 0
    assert np.count_nonzero(rising[1:] & ~rising[:-1]) == len(s.minima + s.local_minima)


def test_printed_values():
    """Textbook values of the classics, and of note 002's functions."""
    at = {
        "round_bowl": ((-3, 4), 25),
        "rosenbrock": ((-1.2, 1), 24.2),
        "himmelblau": ((0, 0), 170),
        "beale": ((0, 0), 14.203125),
        "saddle": ((3, 2), 5),
        "double_well": ((0,), 1),
        "quartic": ((2,), 16),
        "absolute": ((-3,), 3),
        "parabola": ((3,), 9),
    }
    for code, (point, value) in at.items():
        assert surface(code).value(np.array(point, dtype=float)) == pytest.approx(value, rel=1e-14)
    x = np.arange(5.0)[:, None]
    assert surface("shifted_parabola").value(x).tolist() == [8, 2, 0, 2, 8]
    assert surface("shifted_parabola").gradient(x)[:, 0].tolist() == [-8, -4, 0, 4, 8]
    assert surface("absolute").gradient(np.zeros((1, 1))) == 0


def test_bowl_turns_and_stretches():
    bowl = surface("elongated_bowl", condition=100, angle=45)
    np.testing.assert_allclose(bowl.eigenvalues, (1, 100), rtol=1e-12)
    flat, steep = np.array([1, 1]) / np.sqrt(2), np.array([-1, 1]) / np.sqrt(2)
    assert bowl.value(flat) == pytest.approx(0.5)
    assert bowl.value(steep) == pytest.approx(50)
    assert "100" in bowl.latex
    assert surface("elongated_bowl").value(np.array([1.0, 1.0])) == 5.5


def test_far_out_points_overflow_to_inf():
    with np.errstate(over="ignore", invalid="ignore"):
        assert surface("rosenbrock").value(np.array([1e200, 0.0])) == np.inf


@pytest.mark.parametrize(
    ("call", "code", "value"),
    [
        (lambda: surface("ackley"), "unknown_name", "ackley"),
        (lambda: elongated_bowl(0.5), "out_of_range", 0.5),
        (lambda: elongated_bowl(1e7), "out_of_range", 1e7),
        (lambda: elongated_bowl(10, 181), "out_of_range", 181),
        (lambda: elongated_bowl(np.inf), "not_finite", np.inf),
        (lambda: elongated_bowl("long"), "not_a_number", "long"),
    ],
)
def test_bad_input_is_named(call, code, value):
    with pytest.raises(InputError) as caught:
        call()
    assert (caught.value.code, caught.value.value) == (code, value)
