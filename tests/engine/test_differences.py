"""Numerical differentiation: its order, its valley, its errors."""

import numpy as np
import pytest

from engine.differences import NOTE_STEP, difference, difference_errors, numerical_gradient
from engine.errors import InputError
from engine.surfaces import surface


def cube(points):
    return points[..., 0] ** 3


@pytest.mark.parametrize(("scheme", "error"), [("central", lambda h: h**2), ("forward", lambda h: 3 * 2 * h + h**2)])
def test_truncation_error_of_a_cube_is_exact(scheme, error):
    """At x = 2 the derivative of x^3 is 12; the schemes give 12 + h^2 and 12 + 6 h + h^2."""
    h = np.array([0.5, 0.25, 0.125])
    np.testing.assert_allclose(difference(cube, [2.0], h, scheme)[:, 0] - 12, error(h), rtol=1e-12)


def test_stack_of_points_and_steps_is_its_parts():
    s, h = surface("beale"), np.array([1e-2, 1e-4])
    points = np.random.default_rng(0).normal(size=(3, 1, 2))
    together = difference(s.value, points, h)
    assert together.shape == (3, 2, 2)
    for i in range(3):
        for j in range(2):
            np.testing.assert_allclose(together[i, j], difference(s.value, points[i, 0], h[j]), rtol=1e-13)


def test_numerical_gradient_is_the_note_s():
    """Note 002's loop, one coordinate at a time, with its h."""
    s, x, expected = surface("himmelblau"), np.array([-3.0, 4.0]), np.zeros(2)
    for i in range(2):
        ahead, behind = x.copy(), x.copy()
        ahead[i], behind[i] = x[i] + 1e-4, x[i] - 1e-4
        expected[i] = (s.value(ahead) - s.value(behind)) / (2 * 1e-4)
    assert NOTE_STEP == 1e-4
    np.testing.assert_array_equal(numerical_gradient(s)(x), expected)


@pytest.mark.parametrize(("code", "point"), [("rosenbrock", [-1.2, 1.0]), ("quartic", [1.3]), ("wavy", [2.0])])
def test_valley(code, point):
    """Falls as h^2 (central) and h (forward), lowest near cbrt(epsilon) and sqrt(epsilon), rises as 1 / h."""
    errors = difference_errors(surface(code), point)
    coarse = (errors.h <= 1.01e-1) & (errors.h >= 0.99e-3)
    slopes = {
        name: np.polyfit(np.log(errors.h[coarse]), np.log(getattr(errors, name)[coarse]), 1)[0]
        for name in ("central", "forward")
    }
    assert slopes["central"] == pytest.approx(2, abs=0.15)
    assert slopes["forward"] == pytest.approx(1, abs=0.15)
    assert 1e-7 < errors.h[errors.central.argmin()] < 1e-4
    assert 1e-10 < errors.h[errors.forward.argmin()] < 1e-6
    assert errors.central.min() < 0.1 * errors.forward.min()
    tiny = errors.h < 1e-13
    assert np.median(errors.central[tiny]) > 1e3 * errors.central.min()


def test_note_s_step_is_a_good_one_and_1e_12_is_not():
    errors = difference_errors(surface("rosenbrock"), [-1.2, 1.0], [1e-4, 1e-12])
    assert errors.central[0] < 1e-4 < errors.central[1]
    assert errors.h.tolist() == [1e-4, 1e-12]
    with pytest.raises(ValueError, match="read-only"):
        errors.central[0] = 0


@pytest.mark.parametrize(
    ("call", "code", "argument", "value"),
    [
        (lambda: difference(cube, [1.0], 0.0), "out_of_range", "h", 0),
        (lambda: difference(cube, [1.0], [1e-3, 1e4]), "out_of_range", "h", 1e4),
        (lambda: difference(cube, [1.0], np.nan), "not_finite", "h", None),
        (lambda: difference(cube, [np.inf]), "not_finite", "points", np.inf),
        (lambda: difference(cube, 1.0), "wrong_shape", "points", ()),
        (lambda: difference(cube, [1.0], 1e-3, "backward"), "unknown_name", "scheme", "backward"),
        (lambda: numerical_gradient(surface("wavy"), -1), "out_of_range", "h", -1),
        (lambda: numerical_gradient(surface("wavy"), 1e-3, "five"), "unknown_name", "scheme", "five"),
        (lambda: difference_errors(surface("wavy"), [1.0, 2.0]), "wrong_shape", "point", (2,)),
    ],
)
def test_bad_input_is_named(call, code, argument, value):
    with pytest.raises(InputError) as caught:
        call()
    assert (caught.value.code, caught.value.argument) == (code, argument)
    assert value is None or caught.value.value == value
