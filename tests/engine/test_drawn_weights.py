"""Drawn weights: counted, measured, and beside them what theory says."""

import math

import numpy as np
import pytest

from engine import drawn_weights
from engine.activations import Sigmoid
from engine.drawn_weights import DrawConfig, draw, effect, fan_out_where_apart, half_width, std_error, two_rules
from engine.errors import InputError
from engine.export_drawn import drawn_script
from engine.initializers import CODES, initializer, xavier_std_bracket_slip
from engine.weight_schemes import Constant, Normal, Orthogonal, Uniform

DRAWN = [code for code in CODES if code != "variance_scaling"]


@pytest.mark.parametrize("code", DRAWN)
def test_the_counts_are_those_of_the_weights(code):
    config = DrawConfig(initializer(code), 30, 20, seed=7, stream=1, half_width=0.15, bins=11)
    found = draw(config)
    W = config.initializer.draw(np.random.default_rng([7, 1]), 30, 20)
    expected, edges = np.histogram(W, bins=11, range=(-0.15, 0.15))
    np.testing.assert_array_equal(found.counts, expected)
    np.testing.assert_allclose(found.edges, edges, atol=1e-15)
    assert (found.below, found.above) == (int((W < -0.15).sum()), int((W > 0.15).sum()))
    assert found.counts.sum() + found.below + found.above == 600
    # the area under the bars is the share inside: nothing is dropped from the denominator
    assert (found.heights * np.diff(found.edges)).sum() == pytest.approx(expected.sum() / 600)
    assert (found.mean, found.smallest, found.largest) == (W.mean(), W.min(), W.max())
    assert found.std == pytest.approx(W.std(), abs=1e-15)


@pytest.mark.parametrize("code", ["normal", "uniform", "lecun_normal", "he_uniform", "orthogonal"])
def test_the_curve_is_a_density(code):
    config = DrawConfig(initializer(code), 40, 50, half_width=half_width([initializer(code)], 40, 50, reach=8.0))
    found = draw(config)
    area = np.trapezoid(found.density, found.w)
    assert area == pytest.approx(1.0, abs=2e-3)
    assert found.point_masses == ()


def test_both_sides_of_a_jump_are_drawn():
    found = draw(DrawConfig(Uniform(0.5), 10, 10, half_width=1.0))
    at_limit = found.density[found.w == 0.5], found.density[found.w == np.nextafter(0.5, 1)]
    assert at_limit == (1.0, 0.0)


def test_equal_weights_are_a_point_mass_without_any_spread():
    found = draw(DrawConfig(Constant(0.1), 784, 512))
    assert (found.std, found.theory, found.std_error) == (0.0, 0.0, 0.0)
    assert found.point_masses == ((0.1, 1.0),)
    assert draw(DrawConfig(Orthogonal(2.0), 1, 1)).point_masses == ((-2.0, 0.5), (2.0, 0.5))


@pytest.mark.parametrize("scheme", [Normal(2.0), Uniform(3.0), initializer("he_uniform"), initializer("lecun_normal")])
def test_the_std_of_a_sample_lies_as_far_off_as_said(scheme):
    """Over 4,000 layers of 20 x 30, the spread of their standard deviations is the promised one."""
    W = scheme.draw(np.random.default_rng(0), 20, 30, leading=(4000,))
    measured = W.std(axis=(1, 2)).std()
    assert measured == pytest.approx(std_error(scheme, 20, 30), rel=0.04)


def test_normal_and_uniform_errors_in_figures():
    assert std_error(Normal(1.0), 100, 50) == pytest.approx(1 / math.sqrt(2 * 5000), rel=1e-14)
    assert std_error(Uniform(1.0), 100, 50) == pytest.approx(1 / math.sqrt(3) / math.sqrt(5 * 5000), rel=1e-14)


@pytest.mark.parametrize(("fan_in", "fan_out"), [(30, 20), (20, 30), (16, 16)])
def test_the_squares_of_an_orthogonal_matrix_have_one_sum(fan_in, fan_out):
    scheme = Orthogonal(1.5)
    for seed in range(3):
        W = scheme.draw(np.random.default_rng(seed), fan_in, fan_out)
        assert (W**2).mean() == pytest.approx(scheme.std(fan_in, fan_out) ** 2, rel=1e-12)
    assert std_error(scheme, fan_in, fan_out) == 0.0


def test_the_range_holds_the_widest():
    assert half_width([Normal(0.5), Uniform(1.0)], 4, 4) == 2.0
    assert half_width([Normal(0.01), Uniform(1.0)], 4, 4) == 1.1
    assert half_width([Uniform(1.0)], 4, 4, reach=1.0) == pytest.approx(1 / math.sqrt(3))
    assert half_width([Constant(0.0), Constant(0.0)], 4, 4) == 1.0
    assert half_width([Constant(-2.0)], 4, 4) == 3.0


def test_an_effect_is_what_a_layer_does():
    of = (300, 40)
    size = initializer("he_normal").std(*of)
    found, rng = effect(size, *of), np.random.default_rng(1)
    z = rng.standard_normal((2000, 300)) @ rng.normal(0, size, (300, 400))
    assert found.forward == pytest.approx(2.0)
    assert found.backward == pytest.approx(2 * 40 / 300)
    assert z.std() == pytest.approx(found.z_std, rel=0.01)


@pytest.mark.parametrize("size", [0.05, 0.3, 1.0, 22.6])
def test_the_share_of_saturated_sigmoids_is_that_of_normal_z(size):
    found, sigmoid = effect(size, 100, 1), Sigmoid()
    z = np.random.default_rng(2).normal(0.0, found.z_std, 400_000)
    measured = (sigmoid.derivative(z) <= 0.05 * 0.25).mean()
    assert measured == pytest.approx(found.saturated, abs=0.003)


def test_no_weights_do_nothing():
    assert vars(effect(0.0, 5, 5)) == {"size": 0, "forward": 0, "backward": 0, "z_std": 0, "saturated": 0}


def test_note_004s_slip_in_figures():
    right, slip = drawn_weights.AVERAGE_RULE.std(785, 512), xavier_std_bracket_slip(785, 512)
    assert (round(right, 5), round(slip, 2)) == (0.03927, 22.63)
    assert effect(slip, 785, 512).z_std == pytest.approx(math.sqrt(785 * (2 / 785 + 512)))
    assert effect(slip, 785, 512).saturated > 0.99


def test_two_rules_in_figures():
    found = two_rules(784, (512, 784))
    np.testing.assert_allclose(found.by_fan_in, 1 / 28, rtol=1e-15)
    np.testing.assert_allclose(found.by_average, [math.sqrt(2 / 1296), 1 / 28], rtol=1e-15)


def test_where_the_rules_are_apart():
    assert fan_out_where_apart(100, 2.0) == 700
    found = two_rules(100, (700,))
    assert found.by_fan_in[0] / found.by_average[0] == pytest.approx(2.0, rel=1e-14)
    assert fan_out_where_apart(37, 1.0) == pytest.approx(37)


def test_fan_outs_go_up_to_the_end():
    at = drawn_weights.fan_outs(1024)
    assert (at[0], at[-1]) == (1, 1024)
    assert list(at) == sorted(set(at))


@pytest.mark.parametrize(
    "bad", [{"fan_in": 0}, {"fan_out": 5000}, {"seed": -1}, {"half_width": 0.0}, {"bins": 1001}, {"fan_in": math.nan}]
)
def test_bad_values_are_refused(bad):
    good = {"initializer": Normal(), "fan_in": 4, "fan_out": 4}
    with pytest.raises(InputError):
        DrawConfig(**{**good, **bad})


def test_bad_ratios_and_reaches_are_refused():
    for call in (lambda: fan_out_where_apart(100, 0.7), lambda: half_width([Normal()], 4, 4, reach=0.0)):
        with pytest.raises(InputError):
            call()


def test_the_cost_grows_with_the_work():
    small, large = (DrawConfig(initializer("orthogonal"), n, n).cost for n in (16, 256))
    assert large.operations > 256 * small.operations
    assert large.megabytes == pytest.approx(256 * small.megabytes)


@pytest.mark.parametrize("code", DRAWN)
def test_the_script_prints_the_same_numbers(code, capsys):
    configs = {letter: DrawConfig(initializer(code), 12, 30, 3, stream) for stream, letter in enumerate("AB")}
    exec(drawn_script(configs), {})
    lines = capsys.readouterr().out.splitlines()
    for letter, config in configs.items():
        found = draw(config)
        assert f"{letter} std in theory {found.theory!r} of the sample {found.std!r}" in lines
        assert f"{letter} mean {found.mean!r} from {found.smallest!r} to {found.largest!r}" in lines
        assert f"{letter} outside of the histogram {found.below + found.above} of 360" in lines
    assert f"brackets as printed {xavier_std_bracket_slip(12, 30)!r}" in lines
