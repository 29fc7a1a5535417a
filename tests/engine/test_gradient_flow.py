"""The gradients of many networks at once: those of engine.signal, seed for seed, and what is said of them."""

import math

import numpy as np
import pytest

from engine.activations import ACTIVATIONS, Sigmoid, activation
from engine.errors import InputError
from engine.gradient_flow import FLOAT32_SMALLEST, band, gradient_flow, n_zero_in_float32, per_layer
from engine.initializers import initializer
from engine.signal import MAX_DEPTH, SignalConfig, study

SEEDS = tuple(range(5))


def config(name="sigmoid", scheme="xavier_normal", depth=8, width=12, n_samples=10, seeds=SEEDS, **parameters):
    return SignalConfig(depth, width, n_samples, activation(name), initializer(scheme, **parameters), seeds)


# ------------------------------------------------------------------ the same networks


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_figures_are_those_of_the_study(name):
    one = config(name, "he_normal")
    flow, studied = gradient_flow(one), study(one)
    np.testing.assert_allclose(flow.dz_std, studied.dz_std, rtol=1e-10)
    np.testing.assert_allclose(flow.dW_norm, studied.dW_norm, rtol=1e-10)
    np.testing.assert_array_equal(flow.predicted_dz, studied.predicted.dz_std)


@pytest.mark.parametrize(
    ("name", "scheme", "sigma"),
    [("relu", "normal", 1e6), ("linear", "normal", 1e-6), ("tanh", "normal", 1.0), ("relu", "pytorch_linear", None)],
)
def test_also_at_the_ends_of_float64(name, scheme, sigma):
    given = {} if sigma is None else {"sigma": sigma}
    one = config(name, scheme, depth=50, width=16, seeds=(0, 1, 2), **given)
    flow, studied = gradient_flow(one), study(one)
    np.testing.assert_array_equal(flow.diverged_at, studied.diverged_at)
    np.testing.assert_allclose(flow.dz_std, studied.dz_std, rtol=1e-9)
    np.testing.assert_allclose(flow.dW_norm, studied.dW_norm, rtol=1e-9)
    assert (flow.diverged_at >= 0).all() == (sigma == 1e6)


def test_a_seed_does_not_depend_on_its_neighbours():
    together, alone = gradient_flow(config("tanh")), gradient_flow(config("tanh", seeds=(3,)))
    np.testing.assert_allclose(together.dW_norm[3:4], alone.dW_norm, rtol=1e-12)
    assert (together.dW_norm[3] != together.dW_norm[2]).all()


def test_results_are_read_only():
    flow = gradient_flow(config())
    for array in vars(flow).values():
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


@pytest.mark.parametrize("changes", [{"width": 129}, {"n_samples": 101}])
def test_what_is_too_large_is_refused(changes):
    with pytest.raises(InputError) as caught:
        gradient_flow(config(depth=1, seeds=(0,), **changes))
    assert caught.value.code == "out_of_range"


# ------------------------------------------------------------------ what is to be learned


@pytest.mark.parametrize(
    ("name", "scheme"),
    [("sigmoid", "xavier_normal"), ("tanh", "xavier_normal"), ("relu", "he_normal"), ("linear", "lecun_normal")],
)
def test_theory_predicts_both_sizes(name, scheme):
    """The root mean square over wide networks; 20 of them scatter it by some percent."""
    flow = gradient_flow(config(name, scheme, depth=4, width=128, n_samples=20, seeds=tuple(range(20))))
    for measured, predicted in ((flow.dz_std, flow.predicted_dz), (flow.dW_norm, flow.predicted_dW)):
        np.testing.assert_allclose(np.sqrt(np.square(measured).mean(axis=0)), predicted, rtol=0.1)


def test_sigmoid_vanishes_tanh_stays_and_relu_explodes():
    seeds = tuple(range(11))
    factors = {
        (name, scheme): per_layer(band(gradient_flow(config(name, scheme, 20, 64, 16, seeds)).dz_std).median)
        for name in ("sigmoid", "tanh", "relu")
        for scheme in ("xavier_normal", "he_normal", "normal")
    }
    assert factors["sigmoid", "xavier_normal"] == pytest.approx(0.2346, abs=0.005)
    assert 0.9 < factors["tanh", "xavier_normal"] < 1
    assert factors["relu", "he_normal"] == pytest.approx(1, abs=0.05)
    assert factors["relu", "normal"] == pytest.approx(math.sqrt(32), rel=0.05)


def test_50_sigmoid_layers_end_near_1e_61_and_in_float32_at_0():
    one = config("sigmoid", "normal", 50, 64, 16, (0,), sigma=0.03)
    in_float64 = gradient_flow(one)
    assert 1e-62 < in_float64.dz_std[0, 0] < 1e-60
    dz = float32_gradients(one)
    in_float32 = np.array([np.abs(layer).max() for layer in dz])
    assert in_float32[0] == 0
    assert in_float32[-1] > 0
    n_zero = n_zero_in_float32(in_float64.dz_std[0])
    assert 10 < n_zero < 16
    assert abs(n_zero - int((in_float32 == 0).sum())) <= 1  # a single entry may be larger than the typical one


def float32_gradients(one):
    """The same network and backward pass, all in float32."""

    def drawn(stream, shape, scale):
        return (scale * np.random.default_rng((one.seeds[0], stream)).standard_normal(shape)).astype(np.float32)

    sigma, shape = one.initializer.sigma, (one.n_samples, one.width)
    W = [drawn(1 + layer, (one.width, one.width), sigma) for layer in range(one.depth)]
    a, activations = drawn(0, shape, 1.0), []
    for weights in W:
        a = 1 / (1 + np.exp(-(a @ weights)))
        activations.append(a)
    da, found = drawn(MAX_DEPTH + 1, shape, 1.0), []
    for weights, a in zip(reversed(W), reversed(activations), strict=True):
        dz = da * a * (1 - a)
        found.append(dz)
        da = dz @ weights.T
    assert dz.dtype == np.float32
    return found[::-1]


# ------------------------------------------------------------------ median, band, factor


def test_median_and_ends_are_networks():
    figure = np.array([[5.0, 50.0], [1.0, 40.0], [3.0, 30.0], [2.0, 20.0], [4.0, 10.0]])
    found = band(figure, 0.2, 0.8)
    assert found.median.tolist() == [3.0, 30.0]
    assert found.low.tolist() == [1.0, 10.0]
    assert found.high.tolist() == [4.0, 40.0]
    whole = band(figure, 0.0, 1.0)
    assert (whole.low.tolist(), whole.high.tolist()) == ([1.0, 10.0], [5.0, 50.0])


def test_of_eleven_the_tenth_and_ninetieth_percent_are_the_second_from_each_end():
    figure = np.arange(1.0, 12.0)[:, None]
    found = band(figure)
    assert (found.low[0], found.median[0], found.high[0]) == (2.0, 6.0, 10.0)


def test_zeros_count_and_lost_networks_do_not():
    figure = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [np.nan, np.nan], [np.inf, 1.0]])
    found = band(figure, 0.0, 1.0)
    assert found.low.tolist() == [0.0, 1.0]
    assert found.median.tolist() == [2.0, 3.0]
    assert found.n_zero.tolist() == [1, 0]
    assert found.n_lost == 2


def test_where_all_are_lost_nothing_is_claimed():
    found = band(np.full((3, 4), np.nan))
    assert np.isnan(found.median).all()
    assert found.n_lost == 3
    assert found.n_zero.tolist() == [0, 0, 0, 0]
    assert math.isnan(per_layer(found.median))


def test_the_factor_of_a_layer():
    assert per_layer(np.array([1e-6, 1e-4, 1e-2, 1.0])) == pytest.approx(0.01)
    assert per_layer(np.array([8.0, 4.0, 2.0, 1.0])) == pytest.approx(2.0)
    assert per_layer(np.array([1e-300, 1e-100, 1e300])) == pytest.approx(1e-300)
    assert per_layer(np.array([0.0, 1.0])) == 0
    assert math.isnan(per_layer(np.array([1.0])))
    assert math.isnan(per_layer(np.array([1.0, 0.0])))


def test_float32_ends_at_its_smallest_number():
    assert FLOAT32_SMALLEST == 2.0**-149
    sizes = np.array([0.0, 1e-60, 0.4 * FLOAT32_SMALLEST, FLOAT32_SMALLEST, 1.0])
    assert n_zero_in_float32(sizes) == 2


def test_quantiles_out_of_range():
    with pytest.raises(InputError):
        band(np.ones((3, 2)), -0.1, 0.9)


def test_inputs_are_not_changed():
    kind = Sigmoid()
    one = SignalConfig(3, 4, 5, kind, initializer("normal"), (0, 1))
    first, second = gradient_flow(one), gradient_flow(one)
    np.testing.assert_array_equal(first.dW_norm, second.dW_norm)
