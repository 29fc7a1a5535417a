"""One point of an activation: its tangent, the gap to it, and what a kink or a jump does to both."""

import math

import numpy as np
import pytest

from engine import lens
from engine.activations import ACTIVATIONS, activation
from engine.errors import InputError
from engine.lens import HALF_WIDTHS, curve, gaps, gate, half_width, point, view

ALL = pytest.mark.parametrize("name", ACTIVATIONS)
PLACES = (-4.3, -1.1, 0.35, 2.6)  # away from every kink


# the point ----------------------------------------------------------------------------------------------------


def test_the_sigmoid_at_1_by_hand():
    at = point(activation("sigmoid"), 1.0)
    a = 1 / (1 + math.exp(-1))
    assert (at.value, at.slope) == pytest.approx((a, a * (1 - a)), rel=1e-15)
    assert at.bend == pytest.approx(abs(a * (1 - a) * (1 - 2 * a)), rel=1e-7)
    assert at.half_bend == at.bend / 2
    assert at.has_tangent
    assert (at.left, at.right, at.jump, at.to_kink) == (at.slope, at.slope, 0.0, math.inf)


@ALL
def test_value_and_slope_are_the_activations_own(name):
    function = activation(name)
    for z in (*PLACES, *function.kinks):
        at = point(function, z)
        assert (at.value, at.slope) == (function.f(z), function.derivative(z))
        assert at.has_tangent == (z not in function.kinks)


@ALL
@pytest.mark.parametrize("z", PLACES)
def test_the_bend_is_the_second_difference_of_f(name, z):
    function, h = activation(name), 1e-3
    second = (function.f(z + h) - 2 * function.f(z) + function.f(z - h)) / h**2
    assert point(function, z).bend == pytest.approx(abs(float(second)), rel=1e-3, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "z", "left", "right"),
    [
        ("relu", 0.0, 0.0, 1.0),
        ("leaky_relu", 0.0, 0.1, 1.0),
        ("selu", 0.0, 1.7580993408, 1.0507009874),
        ("hard_sigmoid", -3.0, 0.0, 1 / 6),
        ("hard_sigmoid", 3.0, 1 / 6, 0.0),
        ("hard_swish", -3.0, 0.0, -0.5),
        ("hard_swish", 3.0, 1.5, 1.0),
    ],
)
def test_a_kink_has_a_slope_on_each_side_and_no_tangent(name, z, left, right):
    at = point(activation(name), z)
    assert (at.left, at.right) == pytest.approx((left, right), rel=1e-9, abs=1e-12)
    assert (at.jump, at.to_kink, at.has_tangent) == (0.0, 0.0, False)
    assert math.isnan(at.bend)


def test_the_step_jumps():
    at = point(activation("step"), 0.0)
    assert (at.value, at.slope, at.left, at.right, at.jump) == (0.0, 0.0, 0.0, 0.0, 1.0)
    assert not at.has_tangent


def test_where_the_second_derivative_jumps_the_larger_side_counts():
    assert point(activation("elu"), 0.0).bend == pytest.approx(1.0, rel=1e-7)
    assert point(activation("elu"), 0.0).has_tangent
    assert point(activation("softsign"), 0.0).bend == pytest.approx(2.0, rel=1e-6)


def test_near_a_kink_the_bend_is_that_of_ones_own_side_or_unknown():
    relu, selu = activation("relu"), activation("selu")
    assert point(relu, 1e-5).bend == 0.0
    assert point(selu, -1e-5).bend == pytest.approx(1.7580993408, rel=1e-4)
    assert math.isnan(point(relu, 1e-7).bend)
    assert point(relu, 1e-7).to_kink == 1e-7


def test_where_the_curve_does_not_bend_the_bend_is_0():
    assert point(activation("sigmoid"), 0.0).bend == 0.0
    assert point(activation("linear"), 1.3).bend == 0.0
    assert point(activation("hard_sigmoid"), 1.3).bend == 0.0


@ALL
def test_a_gate_gives_value_and_slope(name):
    function = activation(name)
    for z in PLACES:
        opened = gate(function, z)
        if opened is None:
            continue
        g, slope = opened
        at = point(function, z)
        assert (z * g, g + z * slope) == pytest.approx((at.value, at.slope), rel=1e-12, abs=1e-15)
    gated = {"swish", "gelu", "gelu_tanh", "mish", "hard_swish"}
    assert (gate(function, 1.0) is not None) == (name in gated)


# the lens -----------------------------------------------------------------------------------------------------


def test_the_gap_of_the_sigmoid_by_hand():
    """At z = 1, h = 1 the largest gap is at the right end: tangent 0.9277, curve 0.8808."""
    function = activation("sigmoid")
    at = point(function, 1.0)
    seen = view(function, at, 1.0)
    a, end = 1 / (1 + math.exp(-1)), 1 / (1 + math.exp(-2))
    assert seen.gap == pytest.approx(a + a * (1 - a) - end, rel=1e-13)
    assert (seen.gap_at, seen.gap_by_square) == (2.0, seen.gap)
    assert seen.z[[0, 50, 100]].tolist() == [0.0, 1.0, 2.0]


@ALL
@pytest.mark.parametrize("z", PLACES)
def test_the_gap_shrinks_as_the_square_of_the_window(name, z):
    function = activation(name)
    at = point(function, z)
    found = gaps(function, at, [0.02, 0.01, 0.005])
    assert found.by_square[-1] == pytest.approx(at.half_bend, rel=0.05, abs=1e-3)
    assert found.by_square == pytest.approx(found.gap / found.half_widths**2, rel=1e-15)
    assert found.by_width == pytest.approx(found.gap / found.half_widths, rel=1e-15)
    if at.half_bend > 1e-2:
        assert found.gap[0] / found.gap[1] == pytest.approx(4, rel=0.05)


def test_at_a_kink_the_gap_shrinks_as_the_window_and_at_a_jump_not_at_all():
    relu, step = activation("relu"), activation("step")
    assert gaps(relu, point(relu, 0.0)).by_width.tolist() == [1.0] * len(HALF_WIDTHS)
    assert gaps(step, point(step, 0.0)).gap.tolist() == [1.0] * len(HALF_WIDTHS)


def test_a_straight_line_is_its_own_tangent():
    linear = activation("linear")
    assert gaps(linear, point(linear, 1.3)).gap.tolist() == [0.0] * len(HALF_WIDTHS)


def test_gaps_are_those_of_the_views():
    function = activation("mish")
    at = point(function, -0.7)
    assert gaps(function, at).gap.tolist() == [view(function, at, h).gap for h in HALF_WIDTHS]
    assert HALF_WIDTHS == (1, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625)


def test_the_largest_gap_is_where_it_is_said_to_be():
    function = activation("gelu")
    seen = view(function, point(function, -1.0), 4.0)
    distance = np.abs(seen.curve - seen.tangent)
    assert seen.gap == distance.max() == distance[seen.z == seen.gap_at][0]
    np.testing.assert_array_equal(seen.curve, function.f(seen.z))


def test_a_view_is_broken_where_f_jumps_and_only_there():
    step, relu = activation("step"), activation("relu")
    seen = view(step, point(step, 0.3), 1.0)
    np.testing.assert_array_equal(seen.piece, seen.curve)
    assert set(view(relu, point(relu, 0.3), 1.0).piece) == {0}


def test_the_zoom_halves_the_window():
    assert [half_width(n) for n in (0, 1, 2, 10)] == [4, 2, 1, 4 / 1024]
    assert half_width(0.5) == pytest.approx(4 / math.sqrt(2))


# the curve ----------------------------------------------------------------------------------------------------


@ALL
def test_the_curve_is_f_and_its_pieces_end_at_the_kinks(name):
    function = activation(name)
    drawn = curve(function)
    np.testing.assert_array_equal(drawn.value, function.f(drawn.z))
    np.testing.assert_array_equal(drawn.slope, function.derivative(drawn.z))
    assert (drawn.z[0], drawn.z[-1]) == (lens.LOW, lens.HIGH)
    assert (np.diff(drawn.z) > 0).all()
    assert not set(function.kinks) & set(drawn.z)
    assert set(drawn.piece) == set(range(len(function.kinks) + 1))
    for number, kink in enumerate(function.kinks):
        ends = drawn.z[drawn.piece == number][-1], drawn.z[drawn.piece == number + 1][0]
        assert ends == (np.nextafter(kink, -np.inf), np.nextafter(kink, np.inf))


def test_no_line_bridges_the_jump_of_a_slope():
    drawn = curve(activation("relu"))
    assert [set(drawn.slope[drawn.piece == piece]) for piece in (0, 1)] == [{0.0}, {1.0}]


def test_results_are_read_only():
    function = activation("sigmoid")
    at = point(function, 0.0)
    for result in (curve(function), view(function, at, 1.0), gaps(function, at)):
        for array in vars(result).values():
            assert not isinstance(array, np.ndarray) or not array.flags.writeable


@pytest.mark.parametrize(
    ("call", "code", "argument"),
    [
        (lambda f: point(f, math.nan), "not_finite", "z"),
        (lambda f: point(f, 100.5), "out_of_range", "z"),
        (lambda f: point(f, "z"), "not_a_number", "z"),
        (lambda f: gate(activation("swish"), 101), "out_of_range", "z"),
        (lambda f: view(f, point(f, 0), 0.0), "out_of_range", "half_width"),
        (lambda f: gaps(f, point(f, 0), [1.0, 11.0]), "out_of_range", "half_width"),
        (lambda f: half_width(-0.1), "out_of_range", "doublings"),
        (lambda f: curve(f, 3.0, 3.0), "out_of_range", "high"),
        (lambda f: curve(f, -101.0, 3.0), "out_of_range", "low"),
    ],
)
def test_bad_input_is_refused_by_name(call, code, argument):
    with pytest.raises(InputError) as caught:
        call(activation("sigmoid"))
    assert (caught.value.code, caught.value.argument) == (code, argument)
