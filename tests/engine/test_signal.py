"""The deep signal study: against the network that training uses, against theory, in bounded memory."""

import math
import tracemalloc

import numpy as np
import pytest

from engine import signal
from engine.activations import ACTIVATIONS, Linear, ReLU, Sigmoid, Tanh, activation
from engine.errors import InputError
from engine.initializers import CODES, initializer
from engine.network import Architecture, Network
from engine.signal import SignalConfig, study

FIGURES = (
    *("mean", "std", "z_std", "dead", "saturated", "below", "above", "low", "high"),
    *("dz_std", "dW_norm", "dW_std"),
)
SEEDS = tuple(range(10))


def run(depth, width, activation_, scheme, n_samples=200, seeds=SEEDS, **more):
    return study(SignalConfig(depth, width, n_samples, activation_, initializer(scheme), seeds, **more))


def same(one, other):
    names = (*FIGURES, "counts", "diverged_at")
    return all(np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in names)


# ------------------------------------------------------------------ the figures are those of the network itself


@pytest.mark.parametrize("name", ["tanh", "relu", "sigmoid", "swish"])
def test_figures_are_those_of_the_network_that_training_uses(name):
    config = SignalConfig(4, 6, 30, activation(name), initializer("he_normal"), (3,))
    result = study(config)
    drawn = signal._Network(config, 3)
    W = [drawn._weights(layer) for layer in range(4)]
    architecture = Architecture((6,) * 5, (config.activation,) * 4)
    network = Network(architecture, architecture.pack(W, [np.zeros(6)] * 4), drawn._normal(0))
    network.forward()
    network.da[-1][...] = drawn._normal(signal.MAX_DEPTH + 1)
    network.backward()
    for layer in range(4):
        z, a, dz = network.z[layer], network.a[layer + 1], network.dz[layer]
        dW, largest = network.dW[layer] / 30, config.activation.steepest.slope
        expected = {
            "mean": a.mean(),
            "std": a.std(),
            "z_std": z.std(),
            "dead": (a == 0).all(axis=0).mean(),
            "saturated": (np.abs(network.slope[layer]) <= 0.05 * largest).mean(),
            "dz_std": dz.std(),
            "dW_std": dW.std(),
            "dW_norm": np.linalg.norm(dW),
        }
        for figure, value in expected.items():
            assert getattr(result, figure)[0, layer] == pytest.approx(value, rel=1e-12), figure


def test_small_memory_gives_the_same_figures(monkeypatch):
    whole = run(10, 20, Tanh(), "xavier_uniform", seeds=(1, 2))
    assert len(SignalConfig(10, 20).segments) == 1
    monkeypatch.setattr(signal, "KEPT_ACTIVATIONS", 0)
    monkeypatch.setattr(signal, "KEPT_WEIGHTS", 0)
    assert len(SignalConfig(10, 20).segments) == 3
    assert same(whole, run(10, 20, Tanh(), "xavier_uniform", seeds=(1, 2)))


def test_segments_cover_all_layers_once():
    for depth in range(1, 51):
        for width, n_samples in ((1, 1), (512, 1000), (512, 500)):
            layers = [layer for segment in SignalConfig(depth, width, n_samples).segments for layer in segment]
            assert layers == list(range(depth))


def test_several_seeds_are_the_loop_over_them_and_a_config_says_all():
    together = run(5, 12, ReLU(), "he_normal", seeds=(4, 9))
    alone = run(5, 12, ReLU(), "he_normal", seeds=(9,))
    assert same(together, run(5, 12, ReLU(), "he_normal", seeds=(4, 9)))
    for name in (*FIGURES, "counts"):
        np.testing.assert_array_equal(getattr(together, name)[1:], getattr(alone, name))
    assert (together.std[0] != together.std[1]).all()
    with pytest.raises(ValueError, match="read-only"):
        together.std[0] = 0


def test_a_layer_has_the_same_weights_at_any_depth():
    short, long = (run(depth, 15, Tanh(), "lecun_normal") for depth in (3, 8))
    np.testing.assert_array_equal(short.std, long.std[:, :3])


# ------------------------------------------------------------------ what is to be learned


def standard_errors(measured, predicted):
    """How far the mean over seeds of ln(measured) is from ln(predicted), in standard errors, (depth,).

    The logarithm, for the spread of a product of many layers is nearly log-normal.
    """
    logs = np.log(measured) - np.log(predicted)
    return np.abs(logs.mean(axis=0)) / (logs.std(axis=0, ddof=1) / math.sqrt(len(logs)))


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("relu", "he_normal"),
        ("relu", "he_uniform"),
        ("tanh", "xavier_normal"),
        ("tanh", "normal"),
        ("sigmoid", "xavier_uniform"),
        ("linear", "lecun_normal"),
        ("leaky_relu", "pytorch_linear"),
        ("selu", "lecun_normal"),
        ("gelu", "he_normal"),
    ],
)
def test_theory_predicts_what_is_measured(name, scheme):
    """Within 5 standard errors of 10 seeds, or 3%: a width of 256 leaves corrections of order depth / width."""
    result = run(6, 256, activation(name), scheme, n_samples=100)
    for measured, predicted in (
        (result.z_std, result.predicted.z_std),
        (result.std, result.predicted.std),
        (result.dz_std, result.predicted.dz_std),
    ):
        off = np.abs(np.log(measured).mean(axis=0) - np.log(predicted))
        assert ((standard_errors(measured, predicted) < 5) | (off < 0.03)).all()
        assert (off < 0.15).all()


def test_he_keeps_the_variance_of_relu_and_xavier_halves_it():
    kept, halved = (run(20, 256, ReLU(), scheme, n_samples=100) for scheme in ("he_normal", "xavier_normal"))
    assert 0.5 < np.exp(np.log(kept.std[:, -1]).mean()) / 0.8256 < 2
    ratio = np.exp(np.log(halved.std[:, -1] / halved.std[:, 0]).mean())
    assert 0.5 < ratio / 2 ** (-19 / 2) < 2
    assert kept.predicted.chi[0] == pytest.approx(1)
    assert halved.predicted.chi[0] == pytest.approx(0.5)


def test_xavier_keeps_tanh_alive():
    result = run(10, 256, Tanh(), "xavier_normal", n_samples=100, seeds=(0, 1, 2))
    assert (result.std > 0.2).all()
    assert (result.saturated < 0.04).all()
    assert (result.dz_std[:, 0] > 0.2 * result.dz_std[:, -1]).all()


def test_the_stupid_way_saturates_tanh_and_explodes_relu():
    """Note 000's N(0, 1): z grows to sqrt(width), tanh is ±1, and what is left of its slope explodes the gradient."""
    saturated = run(10, 400, Tanh(), "normal", n_samples=100, seeds=(0, 1))
    assert (saturated.saturated > 0.85).all()
    assert (saturated.std > 0.97).all()
    assert (saturated.dz_std[:, 0] > 100 * saturated.dz_std[:, -1]).all()
    exploding = run(10, 400, ReLU(), "normal", n_samples=100, seeds=(0, 1))
    np.testing.assert_allclose(exploding.std[:, 1:] / exploding.std[:, :-1], math.sqrt(200), rtol=0.25)


def test_the_gradient_of_50_sigmoid_layers_is_tiny_and_survives():
    vanishing = study(SignalConfig(50, 64, 20, Sigmoid(), initializer("normal", sigma=0.01)))
    assert 0 < vanishing.dW_norm[0, 0] < 1e-60  # float32 ends at 1e-45
    assert (np.diff(np.log(vanishing.dW_norm[0])) > 0).all()
    tiny = study(SignalConfig(50, 64, 20, Linear(), initializer("normal", sigma=1e-6)))
    assert 0 < tiny.dz_std[0, 0] < 1e-240  # its square would be 0
    assert tiny.dz_std[0, 0] == pytest.approx(tiny.predicted.dz_std[0], rel=0.9)


def test_dead_units():
    result = run(30, 32, ReLU(), "he_normal", n_samples=50)
    assert result.dead[:, -1].mean() > 0.1
    assert (run(30, 32, activation("leaky_relu"), "he_normal", n_samples=50).dead == 0).all()
    assert (study(SignalConfig(3, 8, 20, ReLU(), initializer("zeros"))).dead == 1).all()


# ------------------------------------------------------------------ histograms, overflow, bounds


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_histograms_drop_nothing(name):
    result = run(6, 20, activation(name), "xavier_normal", n_samples=50, seeds=(0, 1))
    assert (result.counts.sum(axis=-1) + result.below + result.above == 50 * 20).all()
    assert (result.low < result.high).all()
    low, high = activation(name).range
    assert (result.low >= low).all()
    assert (result.high <= high).all()


def test_a_stated_range_holds_for_every_layer_and_what_lies_outside_is_counted():
    result = run(4, 20, Linear(), "normal", n_samples=50, seeds=(0,), histogram_range=(-1.0, 2.0), bins=6)
    assert (result.low == -1).all()
    assert (result.high == 2).all()
    assert result.counts.shape == (1, 4, 6)
    assert (result.below[0] > 100).all()
    assert (result.counts.sum(axis=-1) + result.below + result.above == 50 * 20).all()


def test_overflow_is_reported_as_the_layer_at_which_it_happens():
    result = study(SignalConfig(50, 64, 20, ReLU(), initializer("normal", sigma=1e6), (0, 1)))
    layers = result.diverged_at
    assert ((layers > 40) & (layers < 50)).all()
    for seed, layer in enumerate(layers):
        assert np.isfinite(result.z_std[seed, :layer]).all()
        assert np.isnan(result.z_std[seed, layer:]).all()
        assert np.isnan(result.dW_norm[seed]).all()
        assert (result.counts[seed, layer:] == 0).all()
    assert (run(3, 5, Tanh(), "normal").diverged_at == -1).all()


@pytest.mark.parametrize("scheme", CODES)
@pytest.mark.parametrize("name", ["step", "linear", "relu", "swish"])
def test_every_scheme_goes_with_every_kind_of_activation(name, scheme):
    result = run(3, 4, activation(name), scheme, n_samples=5, seeds=(0,))
    for figure in FIGURES:
        assert np.isfinite(getattr(result, figure)).all(), figure


def test_the_smallest_network():
    result = study(SignalConfig(1, 1, 1, Tanh(), initializer("normal"), (0,), bins=1))
    assert result.std.tolist() == [[0.0]]
    assert result.counts.tolist() == [[[1]]]


@pytest.mark.parametrize("name", ["relu", "gelu"])
def test_the_largest_network_fits_in_200_mb(name):
    config = SignalConfig(50, 512, 1000, activation(name), initializer("he_normal"))
    tracemalloc.start()
    try:
        study(config)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 200e6


@pytest.mark.parametrize(
    ("changes", "code", "value"),
    [
        ({"depth": 0}, "out_of_range", 0),
        ({"depth": 51}, "out_of_range", 51),
        ({"width": 513}, "out_of_range", 513),
        ({"n_samples": 1001}, "out_of_range", 1001),
        ({"n_samples": 2.5}, "not_a_number", 2.5),
        ({"seeds": ()}, "out_of_range", 0),
        ({"seeds": (-1,)}, "out_of_range", -1),
        ({"seeds": tuple(range(21))}, "out_of_range", 21),
        ({"bins": 0}, "out_of_range", 0),
        ({"histogram_range": (1.0, -1.0)}, "out_of_range", -1.0),
        ({"histogram_range": (0.0, math.nan)}, "not_finite", None),
        ({"depth": 50, "width": 512, "n_samples": 1000, "seeds": SEEDS}, "out_of_range", None),
    ],
)
def test_bad_input_is_refused_by_name(changes, code, value):
    with pytest.raises(InputError) as caught:
        SignalConfig(**changes)
    assert caught.value.code == code
    assert value is None or caught.value.value == value
