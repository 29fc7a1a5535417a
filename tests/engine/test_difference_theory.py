"""What theory says of a numerical gradient, against its errors as measured; one quotient; the script."""

import math

import numpy as np
import pytest

from engine.descent import descend
from engine.difference_theory import (
    DECADES,
    EPSILON,
    EPSILON_FLOAT32,
    STEPS,
    best_step,
    predict_errors,
    quotient,
)
from engine.differences import SCHEMES, difference_errors, numerical_gradient
from engine.errors import InputError
from engine.export_differences import differences_script
from engine.momentum import SGD
from engine.surfaces import SURFACES, surface
from tests.engine.printed import printed

CURVED = [
    ("quartic", [1.3]),
    ("wavy", [2.0]),
    ("double_well", [0.1]),
    ("rosenbrock", [-1.2, 1.0]),
    ("beale", [1.0, 1.0]),
    ("himmelblau", [1.0, 1.0]),
]
FROZEN = [-2.58983747e13, -1.29524862e12]


def test_the_rules_of_thumb():
    assert np.finfo(np.float64).eps == EPSILON
    assert np.finfo(np.float32).eps == EPSILON_FLOAT32
    assert best_step("central") == pytest.approx(6.0554544523933395e-6, rel=1e-14)
    assert best_step("forward") == 2.0**-26
    assert best_step("central", EPSILON_FLOAT32) == pytest.approx(4.921566601151854e-3, rel=1e-14)


def test_the_steps():
    assert DECADES.tolist() == [0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14,
                                1e-15]  # fmt: skip
    assert set(DECADES) <= set(STEPS)
    assert len(STEPS) == 57
    assert np.diff(np.log10(STEPS)) == pytest.approx(0.25)


def test_predicted_errors_of_a_quartic_worked_by_hand():
    """f = x^4 at 1.5: f'' = 12 x^2 = 27, f''' = 24 x = 36, |f| + |x f'| = 5 f."""
    central, forward = (predict_errors(surface("quartic"), [1.5], scheme) for scheme in SCHEMES)
    assert (central.order, forward.order) == (2, 1)
    assert central.truncation == pytest.approx(6.0, rel=1e-9)
    assert forward.truncation == pytest.approx(13.5, rel=1e-15)
    assert central.rounding == forward.rounding == pytest.approx(5 * 1.5**4 * EPSILON, rel=1e-15)
    assert central.best_step == pytest.approx((central.rounding / 12) ** (1 / 3), rel=1e-9)
    assert forward.best_step == pytest.approx(math.sqrt(forward.rounding / 13.5), rel=1e-12)


@pytest.mark.parametrize(("code", "point"), CURVED)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_measured_errors_follow_the_two_lines(code, point, scheme):
    """On the right within 2%; on the left the line is the size that rounding stays below, and comes near."""
    predicted, measured = predict_errors(surface(code), point, scheme), difference_errors(surface(code), point, STEPS)
    errors = getattr(measured, scheme)
    right = (STEPS > 9e-4) & (STEPS < 1.1e-3)
    np.testing.assert_allclose(errors[right], predicted.truncation_at(STEPS[right]), rtol=0.02)
    left = STEPS < 1e-10
    share = errors[left] / predicted.rounding_at(STEPS[left])
    assert 0.1 < share.max() < 1
    assert np.median(share) > 0.02
    lowest = STEPS[errors.argmin()]
    assert 0.05 < lowest / predicted.best_step < 20


@pytest.mark.parametrize(("code", "point"), CURVED)
def test_the_best_step_is_where_the_sum_of_the_lines_is_lowest(code, point):
    for scheme in SCHEMES:
        predicted = predict_errors(surface(code), point, scheme)
        total = [
            float(predicted.truncation_at(h) + predicted.rounding_at(h))
            for h in predicted.best_step * np.array([0.98, 1, 1.02])
        ]
        assert total[1] < min(total[0], total[2])


@pytest.mark.parametrize("code", [code for code, s in SURFACES.items() if s.eigenvalues])
def test_a_quadratic_has_no_truncation_error_in_the_central_scheme(code):
    s = surface(code)
    central, forward = (predict_errors(s, s.start, scheme) for scheme in SCHEMES)
    assert (central.truncation, central.best_step) == (0.0, None)
    assert forward.truncation > 0
    errors = difference_errors(s, s.start, [0.1, 1e-3])
    assert (errors.central < 1e-11).all()


def test_at_a_minimum_with_value_zero_there_is_no_rounding_line():
    predicted = predict_errors(surface("round_bowl"), [0.0, 0.0], "forward")
    assert (predicted.rounding, predicted.best_step) == (0.0, None)


@pytest.mark.parametrize("code", SURFACES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_quotient_is_made_of_its_parts(code, scheme):
    s, h = surface(code), 1e-5
    for axis in range(s.dimensions):
        q = quotient(s, s.start, h, scheme, axis)
        ahead, behind = np.array(s.start), np.array(s.start)
        ahead[axis] += h
        behind[axis] -= h if scheme == "central" else 0
        assert (q.x, q.x_ahead, q.x_behind) == (s.start[axis], ahead[axis], behind[axis])
        assert (q.f_ahead, q.f_behind) == pytest.approx((s.value(ahead), s.value(behind)), rel=1e-14)
        assert q.difference == q.f_ahead - q.f_behind
        assert q.estimate == q.difference / (2 * h if scheme == "central" else h)
        assert q.exact == s.gradient(np.array(s.start))[axis]
        assert q.absolute_error == abs(q.estimate - q.exact)


def test_lost_digits_of_the_note_s_step():
    """f = 24.99940001 and 25.00060001 at (-3, 4): the difference is 4.3 digits smaller."""
    q = quotient(surface("round_bowl"), [-3.0, 4.0], 1e-4)
    assert q.f_ahead == pytest.approx(24.99940001, abs=1e-13)
    assert q.f_behind == pytest.approx(25.00060001, abs=1e-13)
    assert q.lost_digits == pytest.approx(math.log10(25.00060001 / 0.0012), abs=1e-9)
    assert q.relative_error == q.absolute_error / 6


def test_far_out_x_plus_h_is_x_and_the_note_s_run_freezes_there():
    s = surface("round_bowl")
    run = descend(s, SGD(learning_rate=10.0), [-3.0, 4.0], 20, numerical_gradient(s))
    stands = run.points[10:]
    assert (stands == stands[0]).all()
    assert (run.points[9] != stands[0]).any()
    np.testing.assert_allclose(stands[0], FROZEN, rtol=5e-9)
    for axis in (0, 1):
        q = quotient(s, FROZEN, 1e-4, "central", axis)
        assert q.x_ahead == q.x == q.x_behind
        assert (q.difference, q.estimate, q.lost_digits, q.relative_error) == (0.0, 0.0, math.inf, 1.0)
        assert q.exact == 2 * FROZEN[axis]
        assert q.spacing == np.nextafter(abs(q.x), np.inf) - abs(q.x) > 2e-4


def test_the_ends_of_what_a_quotient_can_say():
    q = quotient(surface("absolute"), [0.0], 1e-3)
    assert (q.difference, q.exact, q.relative_error) == (0.0, 0.0, None)
    assert quotient(surface("quartic"), [0.0], 1e-3, "forward").lost_digits == 0.0


@pytest.mark.parametrize("code", SURFACES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_script_prints_the_errors_and_the_quotient(code, scheme):
    s, h = surface(code), 3e-7
    for axis in range(s.dimensions):
        out = printed(differences_script(code, s.start, h, scheme, axis))
        assert out[0] == "h central forward"
        expected = difference_errors(s, s.start, DECADES)
        rows = [[float(word) for word in line.split()] for line in out[1:16]]
        assert rows == np.stack([expected.h, expected.central, expected.forward], axis=1).tolist()
        q = quotient(s, s.start, h, scheme, axis)
        words = " ".join(out[16:]).split()
        assert [float(word) for word in words if any(c.isdigit() for c in word)] == [
            q.x_ahead, q.x_behind, q.f_ahead, q.f_behind, q.estimate, q.exact,
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "code", "argument"),
    [
        (lambda: best_step("backward"), "unknown_name", "scheme"),
        (lambda: best_step("central", 0.0), "out_of_range", "epsilon"),
        (lambda: predict_errors(surface("wavy"), [1.0, 2.0]), "wrong_shape", "point"),
        (lambda: predict_errors(surface("wavy"), [np.nan]), "not_finite", "point"),
        (lambda: predict_errors(surface("wavy"), [1.0], "five"), "unknown_name", "scheme"),
        (lambda: quotient(surface("wavy"), [1.0], 0.0), "out_of_range", "h"),
        (lambda: quotient(surface("wavy"), [1.0], 1e-3, "central", 1), "out_of_range", "axis"),
        (lambda: quotient(surface("wavy"), [1.0], 1e-3, "five"), "unknown_name", "scheme"),
        (lambda: differences_script("hill", [1.0], 1e-3, "central", 0), "unknown_name", "surface"),
    ],
)
def test_bad_input_is_named(call, code, argument):
    with pytest.raises(InputError) as caught:
        call()
    assert (caught.value.code, caught.value.argument) == (code, argument)
