"""Curves of several activations: the functions' own values, broken where they jump and nowhere else."""

import numpy as np
import pytest

from engine.activation_curves import BESIDE, POINTS, at, conventions, curves, points
from engine.activations import ACTIVATIONS, ELU, LeakyReLU, ReLU, Step
from engine.errors import InputError

ALL = [kind() for kind in ACTIVATIONS.values()]


@pytest.mark.parametrize(("limit", "n"), [(3.0, 120), (5.0, 100), (10.0, 100), (0.1, 1)])
def test_points_are_equally_spaced_around_an_exact_0(limit, n):
    z = points(limit, n)
    assert (z[0], z[n], z[-1], len(z)) == (-limit, 0.0, limit, 2 * n + 1)
    np.testing.assert_array_equal(z, -z[::-1])
    np.testing.assert_allclose(np.diff(z), limit / n, rtol=1e-12)


def test_the_points_of_note_002():
    np.testing.assert_array_equal(POINTS["note"], np.linspace(-np.pi, np.pi, 12))
    assert POINTS["whole"].tolist() == [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5]


def test_at_points_are_the_functions_own_numbers():
    z = np.array([-3.0, 0.0, 0.3])
    found = at(ALL, z)
    for f, values, slopes in zip(ALL, found.values, found.slopes, strict=True):
        np.testing.assert_array_equal(values, f.f(z))
        np.testing.assert_array_equal(slopes, f.derivative(z))


def test_between_kinks_curves_are_the_functions():
    found = curves(ALL, 5.0, 100)
    assert found.values.shape == found.slopes.shape == (len(ALL), len(found.z))
    assert (np.diff(found.z) > 0).all()
    exact = at(ALL, found.z)
    for drawn, own in ((found.values, exact.values), (found.slopes, exact.slopes)):
        np.testing.assert_array_equal(drawn[np.isfinite(drawn)], own[np.isfinite(drawn)])


def test_curves_are_broken_where_they_jump():
    found = curves(ALL, 5.0, 100)
    for f, values, slopes in zip(ALL, found.values, found.slopes, strict=True):
        assert found.z[np.isnan(values)].tolist() == ([0.0] if isinstance(f, Step) else [])
        kinks = [] if isinstance(f, Step) else list(f.kinks)  # the step's slope is 0 on both sides
        assert found.z[np.isnan(slopes)].tolist() == kinks
        for kink in f.kinks:
            assert {kink - BESIDE, kink + BESIDE} <= set(found.z)


def test_conventions_are_what_curves_leave_out():
    found, dots = curves(ALL, 5.0, 100), conventions(ALL, 5.0)
    assert dots.z.tolist() == [-3.0, 0.0, 3.0]
    for f, *rows in zip(ALL, found.values, found.slopes, dots.values, dots.slopes, strict=True):
        drawn_values, drawn_slopes, values, slopes = rows
        assert dots.z[np.isfinite(values)].tolist() == found.z[np.isnan(drawn_values)].tolist()
        assert dots.z[np.isfinite(slopes)].tolist() == found.z[np.isnan(drawn_slopes)].tolist()
        np.testing.assert_array_equal(slopes[np.isfinite(slopes)], f.derivative(dots.z[np.isfinite(slopes)]))
    assert conventions([Step()], 5.0).values.tolist() == [[0.0]]
    assert conventions([ELU(0.5)], 5.0).slopes.tolist() == [[0.5]]


def test_a_kink_at_the_end_of_the_range_is_no_slanted_line():
    hard = ACTIVATIONS["hard_swish"]()
    found = curves([hard], 3.0, 120)
    assert np.isnan(found.slopes[0, found.z == 3.0]).all()


def test_what_has_no_kink_is_not_broken():
    for f in (LeakyReLU(1.0), ELU(1.0)):
        assert np.isfinite(curves([f], 5.0, 100).slopes).all()
        assert conventions([f], 5.0).z.size == 0


def test_results_are_read_only():
    for found in (at([ReLU()], [1.0]), curves([ReLU()], 5.0, 10), conventions([ReLU()], 5.0)):
        for array in (found.z, found.values, found.slopes):
            assert not array.flags.writeable


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: points(0.0, 10), "out_of_range"),
        (lambda: points(5.0, 10**6), "out_of_range"),
        (lambda: curves(ALL, -1.0, 10), "out_of_range"),
        (lambda: at(ALL, [np.nan]), "not_finite"),
        (lambda: at(ALL, 1.0), "wrong_shape"),
    ],
)
def test_bad_input_is_refused(call, code):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.code == code
