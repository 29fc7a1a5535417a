"""Initializers: what a scheme promises (std, limit, density) against what it draws."""

import math

import numpy as np
import pytest

from engine.errors import InputError
from engine.initializers import CODES, NAMED, VarianceScaling, gain, initializer, xavier_std_bracket_slip
from engine.weight_schemes import Constant, Normal, Orthogonal, Uniform

FAN_IN, FAN_OUT = 785, 512
SPREADS = {  # written out from the literature, not from the code
    "zeros": 0.0,
    "constant": 0.0,
    "normal": 1.0,
    "uniform": 1 / math.sqrt(3),
    "orthogonal": 1 / math.sqrt(785),
    "variance_scaling": 1 / math.sqrt(785),
    "lecun_normal": 1 / math.sqrt(785),
    "lecun_uniform": 1 / math.sqrt(785),
    "xavier_normal": math.sqrt(2 / (785 + 512)),
    "xavier_uniform": math.sqrt(2 / (785 + 512)),
    "he_normal": math.sqrt(2 / 785),
    "he_uniform": math.sqrt(2 / 785),
    "pytorch_linear": 1 / math.sqrt(3 * 785),
}
LIMITS = {
    "uniform": 1.0,
    "lecun_uniform": math.sqrt(3 / 785),
    "xavier_uniform": math.sqrt(6 / (785 + 512)),
    "he_uniform": math.sqrt(6 / 785),
    "pytorch_linear": 1 / math.sqrt(785),
}


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("code", CODES)
def test_sample_has_the_promised_spread(code):
    """Within 5 standard errors: sqrt(2 / n) for the relative variance (uniform: less), sigma / sqrt(n) for the mean."""
    scheme = initializer(code)
    w = scheme.draw(rng(), FAN_IN, FAN_OUT)
    assert w.shape == (FAN_IN, FAN_OUT)
    assert w.dtype == np.float64
    assert scheme.std(FAN_IN, FAN_OUT) == pytest.approx(SPREADS[code], rel=1e-14)
    if SPREADS[code]:
        assert abs(w.var() / SPREADS[code] ** 2 - 1) < 5 * math.sqrt(2 / w.size)
        assert abs(w.mean()) < 5 * SPREADS[code] / math.sqrt(w.size)
    else:
        assert (w == 0).all()


@pytest.mark.parametrize("code", CODES)
def test_uniform_fills_its_limits_and_only_they_are_bounded(code):
    limit = initializer(code).limit(FAN_IN, FAN_OUT)
    if code in LIMITS:
        largest = np.abs(initializer(code).draw(rng(), FAN_IN, FAN_OUT)).max()
        assert limit == pytest.approx(LIMITS[code], rel=1e-14)
        # the largest of n is short of the limit by a share of 1 / n on average; e^-20 is the chance of 20 / n
        assert 1 - 20 / (FAN_IN * FAN_OUT) < largest / limit <= 1
    elif "normal" in code or code == "variance_scaling":
        assert limit is None


@pytest.mark.parametrize("mode", ["fan_in", "fan_out", "fan_avg"])
@pytest.mark.parametrize("distribution", ["normal", "uniform"])
def test_variance_scaling_divides_by_the_fan_it_names(mode, distribution):
    n = {"fan_in": 300, "fan_out": 100, "fan_avg": 200}[mode]
    w = VarianceScaling(0.7, mode, distribution).draw(rng(1), 300, 100)
    assert abs(w.var() / (0.7 / n) - 1) < 5 * math.sqrt(2 / w.size)


def test_a_named_case_with_a_gain_is_scaled_by_it():
    plain, scaled = (initializer("xavier_uniform", **more).draw(rng(), 20, 30) for more in ({}, {"gain": 5 / 3}))
    np.testing.assert_allclose(scaled, 5 / 3 * plain, rtol=0, atol=1e-15)


def test_note_000_xavier_and_he_are_lecun_normal_and_he_normal():
    z = rng(3).standard_normal((40, 30))
    np.testing.assert_allclose(initializer("lecun_normal").draw(rng(3), 40, 30), z / np.sqrt(40), rtol=1e-14)
    np.testing.assert_allclose(initializer("he_normal").draw(rng(3), 40, 30), z / np.sqrt(40 / 2), rtol=1e-14)


def test_note_004_bracket_slip():
    assert xavier_std_bracket_slip(785, 512) == pytest.approx(22.6275, abs=1e-4)
    assert initializer("xavier_normal").std(785, 512) == pytest.approx(0.0393, abs=1e-4)


@pytest.mark.parametrize(
    "scheme",
    [Normal(0.3), Uniform(0.3), Orthogonal(1.5), Orthogonal(), *NAMED.values()],
    ids=lambda scheme: type(scheme).__name__,
)
def test_density_integrates_to_one_and_to_the_variance(scheme):
    fan_in, fan_out = 12, 7
    reach = scheme.limit(fan_in, fan_out) or 10 * scheme.std(fan_in, fan_out)
    edges = np.linspace(-reach, reach, 20_001)
    middles, width = (edges[1:] + edges[:-1]) / 2, edges[1] - edges[0]
    density = scheme.density(middles, fan_in, fan_out)
    assert density.sum() * width == pytest.approx(1, rel=1e-6)
    assert (density * middles**2).sum() * width == pytest.approx(scheme.std(fan_in, fan_out) ** 2, rel=1e-6)


@pytest.mark.parametrize("scheme", [Orthogonal(2.0), Normal(0.5), initializer("xavier_uniform")])
def test_histogram_follows_the_density(scheme):
    """Each bin within 5 standard errors of its expected count; sqrt(5) more where a matrix's entries hang together."""
    w = scheme.draw(rng(5), 5, 5, (8_000,))
    counts, edges = np.histogram(w, bins=20, range=(-1, 1))
    fine = np.linspace(-1, 1, 20 * 200 + 1)
    density = scheme.density((fine[1:] + fine[:-1]) / 2, 5, 5).reshape(20, 200).mean(axis=1)
    expected = w.size * density * (edges[1] - edges[0])
    assert (np.abs(counts - expected) <= 5 * math.sqrt(5) * np.sqrt(expected)).all()


def test_density_of_a_point_mass_and_of_small_rotations():
    assert Constant(0.5).density([0.5, 0.4], 3, 3).tolist() == [np.inf, 0]
    assert Orthogonal().density([1.0, 0.0], 1, 1).tolist() == [np.inf, 0]
    assert Orthogonal().density([1.0, 0.0, 1.1], 2, 2).tolist() == [np.inf, pytest.approx(1 / math.pi), 0]
    assert Orthogonal().density([-0.9, 0.0, 0.9, 1.1], 3, 2).tolist() == pytest.approx([0.5, 0.5, 0.5, 0])
    assert Normal(1e-3).density(1e300, 3, 3) == 0  # no warning


@pytest.mark.parametrize(("fan_in", "fan_out"), [(6, 6), (9, 4), (4, 9), (1, 5), (1, 1)])
def test_orthogonal_keeps_lengths(fan_in, fan_out):
    w = Orthogonal(1.5).draw(rng(), fan_in, fan_out, (3,))
    assert w.shape == (3, fan_in, fan_out)
    product = w.swapaxes(1, 2) @ w if fan_in >= fan_out else w @ w.swapaxes(1, 2)
    np.testing.assert_allclose(
        product, np.broadcast_to(1.5**2 * np.eye(min(fan_in, fan_out)), product.shape), atol=1e-13
    )


def test_orthogonal_signs_are_fair():
    """Q straight from a QR factorization has a first entry of one sign; 5 standard errors of n signs: 5 / sqrt(n)."""
    first = np.sign(Orthogonal().draw(rng(), 4, 4, (2_000,))[:, 0, 0])
    assert abs(first.mean()) < 5 / math.sqrt(2_000)


@pytest.mark.parametrize("code", CODES)
def test_same_seed_same_weights_and_a_stack_is_its_draws_in_turn(code):
    scheme = initializer(code)
    stack = scheme.draw(rng(8), 5, 3, (4, 2))
    assert stack.shape == (4, 2, 5, 3)
    np.testing.assert_array_equal(stack, scheme.draw(rng(8), 5, 3, (4, 2)))
    one_by_one = rng(8)
    np.testing.assert_allclose(stack.reshape(8, 5, 3), [scheme.draw(one_by_one, 5, 3) for _ in range(8)], rtol=1e-12)
    if scheme.std(5, 3):
        assert not np.array_equal(stack, scheme.draw(rng(9), 5, 3, (4, 2)))
        assert not np.array_equal(stack[0], stack[1])


def test_gains():
    assert gain("linear") == gain("sigmoid") == 1
    assert gain("tanh") == 5 / 3
    assert gain("relu") == math.sqrt(2)
    assert gain("leaky_relu", 0.2) == pytest.approx(math.sqrt(2 / 1.04), rel=1e-15)
    assert gain("leaky_relu", 0) == gain("relu")


def test_gain_of_relu_keeps_the_second_moment():
    """E[relu(z)^2] = 1/2 for z ~ N(0, 1), so the gain squared makes it 1; 5 standard errors, sqrt(5 / n) each."""
    z = gain("relu") * rng().standard_normal(1_000_000)
    assert abs(np.square(np.maximum(z, 0)).mean() - 1) < 5 * math.sqrt(5 / 1_000_000)


def test_formulas_show_the_textbook_numbers():
    assert initializer("xavier_normal").formula == (
        r"w \sim \mathcal{N}\!\left(0,\ \frac{2}{n_\text{in} + n_\text{out}}\right)"
    )
    assert r"\sqrt{\frac{6}{n_\text{in}}}" in initializer("he_uniform").formula
    assert r"\sqrt{\frac{1}{n_\text{in}}}" in initializer("pytorch_linear").formula
    assert r"\frac{0.5}{n_\text{out}}" in VarianceScaling(0.5, "fan_out").formula
    assert initializer("zeros").formula == "w = 0"
    assert initializer("normal", sigma=0.01).formula == r"w \sim \mathcal{N}(0,\ 0.01^2)"
    assert initializer("uniform").formula == r"w \sim \mathcal{U}(-1,\ 1)"
    assert initializer("orthogonal").formula == r"W^\top W = I"


@pytest.mark.parametrize(
    ("call", "code", "argument", "value"),
    [
        (lambda: initializer("glorot"), "unknown_name", "initializer", "glorot"),
        (lambda: initializer("he_normal", sigma=1), "unknown_name", "parameter", "sigma"),
        (lambda: initializer("zeros", value=1), "unknown_name", "parameter", "value"),
        (lambda: initializer("he_normal", gain=0), "out_of_range", "gain", 0),
        (lambda: Normal(0), "out_of_range", "sigma", 0),
        (lambda: Normal("wide"), "not_a_number", "sigma", "wide"),
        (lambda: Uniform(-1), "out_of_range", "bound", -1),
        (lambda: Constant(np.nan), "not_finite", "value", None),
        (lambda: VarianceScaling(-2), "out_of_range", "scale", -2),
        (lambda: VarianceScaling(1, "fan"), "unknown_name", "mode", "fan"),
        (lambda: VarianceScaling(1, "fan_in", "cauchy"), "unknown_name", "distribution", "cauchy"),
        (lambda: Normal().draw(rng(), 0, 3), "out_of_range", "fan_in", 0),
        (lambda: Normal().draw(rng(), 3, 2.5), "not_a_number", "fan_out", 2.5),
        (lambda: Normal().draw(rng(), 3, 5000), "out_of_range", "fan_out", 5000),
        (lambda: Normal().draw(rng(), 4096, 4096), "out_of_range", "number of weights", 4096**2),
        (lambda: Normal().draw(rng(), 3, 3, (0,)), "out_of_range", "leading", 0),
        (lambda: Orthogonal().draw(rng(), 2000, 3), "out_of_range", "fan_in", 2000),
        (lambda: Normal().density(np.inf, 3, 3), "not_finite", "w", np.inf),
        (lambda: gain("swish"), "unknown_name", "activation", "swish"),
        (lambda: gain("leaky_relu", np.inf), "not_finite", "negative_slope", np.inf),
    ],
)
def test_bad_input_is_named(call, code, argument, value):
    with pytest.raises(InputError) as caught:
        call()
    assert (caught.value.code, caught.value.argument) == (code, argument)
    assert value is None or caught.value.value == value
