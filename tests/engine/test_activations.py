"""Activations: f and f' against each other, and every stated fact against the numbers."""

import math

import numpy as np
import pytest

from engine.activations import ACTIVATIONS, ELU, LeakyReLU, Step, Swish, Tanh, activation
from engine.errors import InputError

VARIANTS = {
    "leaky_relu": [{"alpha": 0.0}, {"alpha": 0.3}, {"alpha": 1.0}],
    "elu": [{"alpha": 0.5}, {"alpha": 2.5}],
    "swish": [{"beta": 0.0}, {"beta": 0.3}, {"beta": 4.0}],
}
ALL = [kind() for kind in ACTIVATIONS.values()]
ALL += [activation(name, **parameters) for name, several in VARIANTS.items() for parameters in several]
EACH = pytest.mark.parametrize("ours", ALL, ids=str)
GRID = np.linspace(-40, 40, 160_001)  # steps of 0.0005


@EACH
def test_derivative_is_the_central_difference_away_from_kinks(ours):
    z = np.random.default_rng(0).uniform(-8, 8, 500)
    for kink in ours.kinks:
        z = z[np.abs(z - kink) > 1e-3]
    numeric = (ours.f(z + 1e-5) - ours.f(z - 1e-5)) / ((z + 1e-5) - (z - 1e-5))
    np.testing.assert_allclose(ours.derivative(z), numeric, rtol=1e-7, atol=1e-9)


@EACH
def test_range_holds_all_values_and_is_reached_or_approached(ours):
    low, high = ours.range
    values = ours.f(np.concatenate([GRID, [-1e9, 1e9]]))
    assert low <= values.min()
    assert values.max() <= high
    for end, reached in ((low, values.min()), (high, values.max())):
        assert abs(reached - end) < 1e-7 if math.isfinite(end) else abs(reached) > 1e6


@EACH
def test_the_ends_of_the_range_that_are_said_to_be_attained_are(ours):
    z = np.linspace(-5, 5, 2001) if ours.valley is None else np.append(np.linspace(-5, 5, 2001), ours.valley)
    ends = ours.f(z).min(), ours.f(z).max()  # at ±5 no S-shaped function is within 1e-10 of its limit yet
    assert ours.attains == tuple(math.isclose(*pair, rel_tol=1e-13) for pair in zip(ends, ours.range, strict=True))


@EACH
def test_limits_and_saturation(ours):
    for side, z in enumerate((-1e9, 1e9)):
        limit = ours.limits[side]
        assert abs(ours.f(z) - limit) < 1e-7 if math.isfinite(limit) else abs(ours.f(z)) > 1e7
        assert (abs(ours.derivative(z)) < 1e-9) == ours.saturates[side]


@EACH
def test_monotone_and_zero_centred_say_what_the_values_do(ours):
    values = ours.f(GRID)
    assert ours.monotone == (np.diff(values) >= -1e-14).all()
    assert ours.zero_centred == np.allclose(values, -values[::-1], rtol=0, atol=1e-12)


@EACH
def test_the_valley_is_the_lowest_point(ours):
    values = ours.f(GRID)
    assert (ours.valley is None) == ours.monotone
    if not ours.monotone:
        assert ours.f(ours.valley) == pytest.approx(ours.range[0], rel=1e-15)
        assert abs(ours.valley - GRID[values.argmin()]) < 0.001
        near = ours.derivative([ours.valley - 1e-12, ours.valley + 1e-12])
        assert near[0] < 0 < near[1]


@EACH
def test_steepest_is_the_largest_slope_and_stands_where_it_is_said(ours):
    slope, low, high = ours.steepest
    slopes = ours.derivative(GRID)
    assert slopes.max() <= slope * (1 + 1e-15)
    assert slopes.max() >= slope * (1 - 0.001)
    there = GRID[(low < GRID) & (high > GRID)] if low < high else GRID[slopes >= slopes.max() * (1 - 1e-6)]
    assert there.size
    np.testing.assert_allclose(ours.derivative(there), slope, rtol=2e-4, atol=1e-15)
    if low == high and math.isfinite(low):
        assert np.abs(there - low).min() <= 0.0011
        np.testing.assert_allclose(ours.derivative(np.nextafter(low, -1e9)), slope, rtol=1e-14)


@EACH
def test_derivative_jumps_at_kinks_and_nowhere_else(ours):
    assert ours.smooth == (len(ours.kinks) == 0)
    jumps = np.abs(np.diff(ours.derivative(GRID)))  # a smooth slope moves by less than 0.002 in a step
    places = {float(round(place)) for place in GRID[:-1][jumps > 0.01]}
    if isinstance(ours, Step):  # its values jump, its derivative is 0 on both sides
        places = {0.0}
    assert places == set(ours.kinks)


@EACH
def test_extreme_and_empty_input_is_no_trouble(ours):
    for z in (np.array([-1e300, -1000.0, -0.0, 0.0, 1000.0, 1e150]), np.empty((0, 3)), 0.5):
        before = np.array(z)
        assert np.isfinite(ours.f(z)).all()
        assert np.isfinite(ours.derivative(z)).all()
        assert ours.f(z).shape == ours.derivative(z).shape == np.shape(z)
        np.testing.assert_array_equal(z, before)


@EACH
def test_inside_a_loop_the_same_numbers_land_in_the_given_array(ours):
    z = np.random.default_rng(1).normal(0, 3, (2, 4, 5))
    wide = np.ones((2, 4, 6))  # as in a network: the last column of ones must stay
    a, slope = wide[..., :-1], np.empty_like(z)
    kept = z.copy()
    assert ours.apply(z, a) is a
    assert ours.slope(z, a, slope) is slope
    np.testing.assert_array_equal(a, ours.f(z))
    np.testing.assert_array_equal(slope, ours.derivative(z))
    np.testing.assert_array_equal(z, kept)
    assert (wide[..., -1] == 1).all()


@EACH
def test_a_stack_is_the_loop_over_its_parts(ours):
    z = np.random.default_rng(2).normal(0, 3, (3, 4, 5))
    np.testing.assert_array_equal(ours.f(z), [ours.f(part) for part in z])
    np.testing.assert_array_equal(ours.derivative(z), [ours.derivative(part) for part in z])


@EACH
def test_formulas_are_there_and_name_z(ours):
    for formula in (ours.latex, ours.derivative_latex):
        assert formula.count("{") == formula.count("}")
    assert "z" in ours.latex
    assert activation(ours.name, **ours.parameters) == ours


def test_tanh_at_the_points_of_note_002():
    half = [-0.99627208, -0.98836197, -0.96397069, -0.89125532, -0.69460424, -0.27807943]
    values = Tanh().f(np.linspace(-np.pi, np.pi, 12))
    np.testing.assert_allclose(values, [*half, *(-value for value in reversed(half))], atol=5e-9)


@pytest.mark.parametrize(
    ("name", "z", "value"),
    [
        ("sigmoid", 0.35, 0.58661758),
        ("arctan", 1.0, math.pi / 4),
        ("softsign", -3.0, -0.75),
        ("gaussian_sigmoid", 2 / math.sqrt(math.pi), math.erf(1.0)),
        ("hard_sigmoid", 1.5, 0.75),
        ("selu", -1e3, -1.0507009873554805 * 1.6732632423543772),
        ("softplus", 0.0, math.log(2)),
        ("swish", 1.0, 1 / (1 + math.exp(-1))),
        ("gelu", 1.0, 0.8413447460685429),  # Phi(1)
        ("mish", 1.0, math.tanh(math.log(1 + math.e))),
        ("hard_swish", 1.0, 2 / 3),
    ],
)
def test_values_worked_by_hand(name, z, value):
    assert float(activation(name).f(z)) == pytest.approx(value, abs=5e-9)


def test_two_spellings_of_gelu_differ_by_less_than_0_0005():
    difference = np.abs(activation("gelu").f(GRID) - activation("gelu_tanh").f(GRID)).max()
    assert 1e-4 < difference < 5e-4


def test_a_large_beta_brings_swish_near_relu_and_0_makes_it_a_line():
    np.testing.assert_allclose(Swish(100.0).f(GRID), np.maximum(GRID, 0), atol=0.003)
    np.testing.assert_array_equal(Swish(0.0).f(GRID), GRID / 2)


@pytest.mark.parametrize(
    ("call", "code", "value"),
    [
        (lambda: activation("tanhh"), "unknown_name", "tanhh"),
        (lambda: activation("relu", alpha=0.1), "unknown_name", "alpha"),
        (lambda: activation("swish", beta=-1), "out_of_range", -1),
        (lambda: LeakyReLU(1.5), "out_of_range", 1.5),
        (lambda: ELU(11), "out_of_range", 11),
        (lambda: ELU(math.nan), "not_finite", None),
        (lambda: ELU("much"), "not_a_number", "much"),
        (lambda: Tanh().f([0.0, math.inf]), "not_finite", math.inf),
        (lambda: Tanh().derivative("z"), "not_a_number", "z"),
    ],
)
def test_bad_input_is_refused_by_name(call, code, value):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.code == code
    assert value is None or caught.value.value == value
    assert str(caught.value.value) in str(caught.value)
