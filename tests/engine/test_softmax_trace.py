"""Softmax with every number on its way, the naive formula beside it, entropy, and the numerical Jacobian."""

import math

import numpy as np
import pytest

from engine import softmax, softmax_trace
from engine.errors import InputError
from engine.softmax_trace import entropy, naive_softmax, numerical_jacobian, scores_of_ratios, shift_error, trace

Z = (2.0, 1.0, 0.1)


def test_three_classes_by_hand():
    found = trace(Z)
    e = [1.0, math.exp(-1), math.exp(-1.9)]
    assert found.largest == 2.0
    assert found.exponents.tolist() == [0.0, -1.0, -1.9]
    assert found.exponentials.tolist() == pytest.approx(e, rel=1e-15)
    assert found.total == pytest.approx(sum(e), rel=1e-15)
    p = [x / sum(e) for x in e]
    assert found.probabilities.tolist() == pytest.approx(p, rel=1e-15)
    assert found.probabilities.round(4).tolist() == [0.659, 0.2424, 0.0986]
    assert found.log_probabilities.tolist() == pytest.approx([math.log(x) for x in p], rel=1e-14)
    assert found.entropy == pytest.approx(-sum(x * math.log(x) for x in p), rel=1e-14)
    assert found.entropy_in_bits == pytest.approx(-sum(x * math.log2(x) for x in p), rel=1e-14)
    assert found.jacobian[0].tolist() == pytest.approx([p[0] * (1 - p[0]), -p[0] * p[1], -p[0] * p[2]], rel=1e-14)


@pytest.mark.parametrize("temperature", [0.1, 0.5, 1.0, 10.0])
@pytest.mark.parametrize("z", [Z, (1, 1, 1, 1), (8, 1, 0, -1), (1000, 999, -1000)])
def test_the_trace_is_softmax_and_passes_its_checks(z, temperature):
    found = trace(z, temperature)
    np.testing.assert_array_equal(found.probabilities, softmax.softmax(z, temperature))
    np.testing.assert_array_equal(found.jacobian, softmax.jacobian(z, temperature))
    np.testing.assert_allclose(found.exponentials / found.total, found.probabilities, rtol=1e-15)
    assert found.gap < 1e-9 / temperature
    assert max(found.row_sum, found.column_sum) < 1e-15 / temperature
    assert np.abs(found.jacobian).max() <= found.largest_slope == 0.25 / temperature
    assert 0 <= found.entropy <= found.largest_entropy * (1 + 1e-15)


def test_the_gap_and_the_sums_see_a_wrong_jacobian():
    found = trace(Z)
    wrong = softmax_trace.SoftmaxTrace(**{**vars(found), "jacobian": found.jacobian + 1e-3})
    assert wrong.gap == pytest.approx(1e-3, rel=1e-6)
    assert wrong.row_sum == pytest.approx(3e-3, rel=1e-6)
    assert wrong.column_sum == pytest.approx(3e-3, rel=1e-6)


def test_the_numerical_jacobian_is_a_central_difference_of_the_probabilities():
    z, h = np.array([3.0, 0.0, -1.0]), np.array([1e-6, 0.0, 0.0])
    by_first = (softmax.softmax(z + h) - softmax.softmax(z - h)) / 2e-6
    np.testing.assert_allclose(numerical_jacobian(z)[:, 0], by_first, atol=1e-9)
    coarse = numerical_jacobian(z, step=0.1)
    assert np.abs(coarse - softmax.jacobian(z)).max() > 1e-6  # the step is really used


def test_a_shift_is_added_and_moves_nothing():
    shifted = trace(Z, shift=1000.0)
    assert shifted.z.tolist() == [1002.0, 1001.0, 1000.1]
    np.testing.assert_allclose(shifted.probabilities, trace(Z).probabilities, atol=1e-13)
    assert shift_error((1000.0, 999.0, -1000.0), 1000.0) == 0.0
    assert 0 < shift_error(Z, 1000.0) < 1e-13
    assert shift_error(Z, 0.0) == 0.0


def test_the_naive_formula_agrees_as_long_as_it_can():
    found = naive_softmax(Z, 2.0)
    np.testing.assert_allclose(found.probabilities, softmax.softmax(Z, 2.0), rtol=1e-15)
    assert found.total == pytest.approx(sum(math.exp(z / 2) for z in Z), rel=1e-15)
    assert not found.overflows
    assert not found.underflows


def test_the_naive_formula_overflows_and_underflows():
    large, small = naive_softmax((1000.0, 999.0, -1000.0)), naive_softmax((-1000.0, -999.0, -1001.0))
    assert large.exponentials.tolist() == [math.inf, math.inf, 0.0]
    assert np.isnan(large.probabilities).tolist() == [True, True, False]
    assert (large.overflows, large.underflows) == (True, False)
    assert small.exponentials.tolist() == [0.0, 0.0, 0.0]
    assert np.isnan(small.probabilities).all()
    assert (small.overflows, small.underflows) == (False, True)
    assert not naive_softmax((709.0, 0.0)).overflows
    assert naive_softmax((710.0, 0.0)).overflows
    assert naive_softmax((709.5, 709.5)).overflows  # only their sum is too large


def test_probabilities_that_round_to_0_keep_their_logarithm():
    found = trace((1000.0, 999.0, -1000.0))
    assert found.probabilities[2] == 0.0
    assert found.log_probabilities[2] == pytest.approx(-2000.3132616875182, rel=1e-15)


def test_entropy_from_sure_to_equal():
    assert entropy((1000.0, 0.0)) == 0.0
    assert math.copysign(1, entropy((1000.0, 0.0))) == 1
    assert entropy((1.0, 1.0, 1.0, 1.0)) == pytest.approx(math.log(4), rel=1e-15)
    np.testing.assert_allclose(entropy([[0.0, 0.0], [2.0, 2.0]]), math.log(2), rtol=1e-15)
    entropies = [float(entropy(Z, temperature)) for temperature in (0.1, 0.5, 1.0, 2.0, 10.0)]
    assert entropies == sorted(entropies)


def test_ratios_and_temperature():
    """At T = 1/2 the ratios 1 : 2 : 5 become 1 : 4 : 25."""
    z = scores_of_ratios((1, 2, 5))
    assert softmax.softmax(z).tolist() == pytest.approx([1 / 8, 2 / 8, 5 / 8], rel=1e-15)
    assert softmax.softmax(z, 0.5).tolist() == pytest.approx([1 / 30, 4 / 30, 25 / 30], rel=1e-14)


def test_results_are_read_only_and_input_is_kept():
    z = np.array(Z)
    for result in (trace(z), naive_softmax(z)):
        for array in vars(result).values():
            assert not isinstance(array, np.ndarray) or not array.flags.writeable
    z[0] = 5.0
    assert trace(Z).z[0] == 2.0


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: trace([1.0, math.inf]), "not_finite"),
        (lambda: trace([[1.0, 2.0]]), "wrong_shape"),
        (lambda: trace([]), "out_of_range"),
        (lambda: trace(np.zeros(101)), "out_of_range"),
        (lambda: trace(Z, 0.0), "out_of_range"),
        (lambda: trace(Z, 1.0, math.nan), "not_finite"),
        (lambda: naive_softmax("z"), "not_a_number"),
        (lambda: naive_softmax(Z, -1.0), "out_of_range"),
        (lambda: numerical_jacobian(Z, 1.0, 0.0), "out_of_range"),
        (lambda: shift_error(Z, math.inf), "not_finite"),
        (lambda: scores_of_ratios([1.0, 0.0]), "out_of_range"),
        (lambda: entropy([1.0, math.nan]), "not_finite"),
    ],
)
def test_bad_input_is_refused(call, code):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.code == code
