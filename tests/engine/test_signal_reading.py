"""What is read off a signal study: histograms that drop nothing, verdicts, the recursion's numbers, the costs."""

import contextlib
import io
import math
from dataclasses import replace

import numpy as np
import pytest

from engine import signal
from engine.activation_base import Activation, Steepest
from engine.activations import ACTIVATIONS, activation
from engine.errors import InputError
from engine.export_signal import signal_script
from engine.initializers import CODES, initializer
from engine.mean_field import mean_field
from engine.seed_bands import over_seeds
from engine.signal import SignalConfig, joined, study
from engine.signal_reading import (
    EXPLODES,
    GROWS,
    KEEPS,
    NOTHING,
    OVERFLOWS,
    SHRINKS,
    VANISHES,
    activation_histograms,
    gradient_histograms,
    layer_theory,
    shown_layers,
    shown_range,
    verdict,
)


def config(name="tanh", scheme="xavier_normal", depth=6, width=20, n_samples=30, seeds=(0, 1, 2), reach=3.0, **more):
    kind = activation(name)
    limits = {"histogram_range": shown_range(kind, reach), "gradient_range": (-12.0, 4.0)} | more
    return SignalConfig(depth, width, n_samples, kind, initializer(scheme), seeds, **limits)


def layers_by_hand(one: SignalConfig, seed: int):
    """z, a and dz of every layer, computed in plain steps."""
    network, f = signal._Network(one, seed), one.activation
    W = [network._weights(layer) for layer in range(one.depth)]
    a, z = [network._normal(0)], []
    for weights in W:
        z.append(a[-1] @ weights)
        a.append(f.f(z[-1]))
    da, dz = network._normal(signal.MAX_DEPTH + 1), [None] * one.depth
    for layer in reversed(range(one.depth)):
        dz[layer] = da * f.derivative(z[layer])
        da = dz[layer] @ W[layer].T
    return z, a[1:], dz


# ------------------------------------------------------------------ the new figures of the study


@pytest.mark.parametrize("name", ["tanh", "relu", "sigmoid", "hard_sigmoid", "selu"])
def test_samples_zeros_and_gradients_are_counted_as_by_hand(name):
    one = config(name, "he_normal", seeds=(4,), bins=16, gradient_range=(-1.5, 0.5))
    result = study(one)
    _z, a, dz = layers_by_hand(one, 4)
    for layer in range(one.depth):
        expected = math.sqrt(np.mean(a[layer].var(axis=0)))
        assert result.sample_std[0, layer] == pytest.approx(expected, rel=1e-12)
        assert result.zero[0, layer] == np.sum(a[layer] == 0)
        logs = np.log10(np.abs(dz[layer][dz[layer] != 0]))
        np.testing.assert_array_equal(result.dz_counts[0, layer], np.histogram(logs, 16, (-1.5, 0.5))[0])
        assert result.dz_below[0, layer] == np.sum(logs < -1.5)
        assert result.dz_above[0, layer] == np.sum(logs > 0.5)
        assert result.dz_zero[0, layer] == dz[layer].size - logs.size


def test_gradients_are_counted_when_asked_for_alone():
    result = study(config(gradient_range=None))
    assert not result.dz_counts.any()
    assert not (result.dz_zero + result.dz_below + result.dz_above).any()


class Sawtooth(Activation):
    """Bounded, with slope 1: the signal stays small while the gradient grows without end."""

    name = "sawtooth"
    range = (-0.5, 0.5)
    steepest = Steepest(1.0, -math.inf, math.inf)

    def apply(self, z, out):
        return np.subtract(z, np.round(z), out=out)

    def slope(self, z, a, out):
        out[...] = 1.0
        return out


def test_a_gradient_that_overflows_is_counted_above():
    one = replace(config(seeds=(0,), depth=50), activation=Sawtooth(), initializer=initializer("normal", sigma=1e6))
    result = study(one)
    assert result.diverged_at[0] == -1
    assert result.dz_above[0].tolist() == [30 * 20] * 49 + [0]
    assert not np.isfinite(result.dz_std[0, 0])
    assert verdict(result).gradient == OVERFLOWS


def test_sigmoids_with_xavier_keep_their_std_and_lose_their_samples():
    """All samples end at the same outputs, which the std over samples and units does not tell."""
    result = study(config("sigmoid", depth=10, width=100, n_samples=50))
    assert (result.std[:, -1] > 0.1).all()
    assert (result.sample_std[:, -1] < 1e-5).all()
    assert verdict(result).signal == VANISHES


def test_samples_that_are_all_alike():
    assert study(config(n_samples=1)).sample_std.tolist() == [[0.0] * 6] * 3
    tiny = study(replace(config("linear", seeds=(0,), depth=50), initializer=initializer("normal", sigma=1e-6)))
    assert 0 < tiny.sample_std[0, -1] < 1e-240  # its square would be 0


def test_joined_is_the_study_of_all_seeds():
    together, alone = study(config()), joined([study(config(seeds=(seed,))) for seed in (0, 1, 2)])
    for name, values in vars(together).items():
        if name != "predicted":
            np.testing.assert_array_equal(getattr(alone, name), values)
            assert not getattr(alone, name).flags.writeable
    np.testing.assert_array_equal(alone.predicted.chi, together.predicted.chi)


# ------------------------------------------------------------------ histograms


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "step"])
def test_the_four_parts_of_a_layer_are_all_of_it(name):
    one = config(name, "normal", reach=0.7, gradient_range=(-1.0, 0.0))
    result = study(one)
    for found in (activation_histograms(one, result, (0, 5)), gradient_histograms(one, result, (0, 5))):
        assert found.numbers.tolist() == [3 * 30 * 20] * 2
        np.testing.assert_allclose(found.inside + found.zero + found.below + found.above, 1.0, rtol=1e-12)
        assert (found.shares >= 0).all()
        assert len(found.edges) == one.bins + 1


def test_exact_zeros_stand_beside_the_bins():
    one = config("relu", "he_normal", seeds=(0, 1))
    found = activation_histograms(one, study(one), (2,))
    outputs = np.concatenate([layers_by_hand(one, seed)[1][2].ravel() for seed in (0, 1)])
    positive = outputs[outputs > 0]
    assert found.zero[0] == pytest.approx(1 - len(positive) / len(outputs))
    np.testing.assert_allclose(found.shares[0], np.histogram(positive, one.bins, (0, 3))[0] / len(outputs))
    assert found.above[0] == pytest.approx(np.mean(outputs > 3))
    assert found.edges[[0, -1]].tolist() == [0, 3]


def test_networks_that_did_not_get_there_count_for_nothing():
    one = replace(config("relu", depth=50), initializer=initializer("normal", sigma=1e6))
    result = study(one)
    assert (result.diverged_at > 40).all()
    found = activation_histograms(one, result, (0, 49))
    assert found.numbers.tolist() == [3 * 30 * 20, 0]
    assert np.isnan(found.zero[1])
    assert gradient_histograms(one, result, (0,)).numbers.tolist() == [0]


@pytest.mark.parametrize(
    ("name", "reach", "limits"),
    [
        ("tanh", 3.0, (-1, 1)),
        ("tanh", 0.1, (-0.1, 0.1)),
        ("sigmoid", 3.0, (0, 1)),
        ("relu", 3.0, (0, 3)),
        ("leaky_relu", 2.0, (-2, 2)),
    ],
)
def test_one_range_for_all(name, reach, limits):
    assert shown_range(activation(name), reach) == limits


def test_some_layers_are_shown_with_both_ends():
    assert shown_layers(10, 8) == (0, 1, 3, 4, 5, 6, 8, 9)
    assert shown_layers(3, 8) == (0, 1, 2)
    assert shown_layers(1, 8) == (0,)
    for depth in range(2, 51):
        found = shown_layers(depth, 8)
        assert (found[0], found[-1], len(found)) == (0, depth - 1, min(depth, 8))


# ------------------------------------------------------------------ verdicts and theory


@pytest.mark.parametrize(
    ("name", "scheme", "depth", "expected"),
    [
        ("tanh", "xavier_normal", 10, (SHRINKS, SHRINKS)),
        ("tanh", "he_normal", 10, (KEEPS, KEEPS)),
        ("tanh", "he_normal", 50, (KEEPS, GROWS)),
        ("tanh", "normal", 10, (KEEPS, EXPLODES)),
        ("relu", "he_normal", 20, (SHRINKS, KEEPS)),
        ("relu", "xavier_normal", 20, (VANISHES, VANISHES)),
        ("relu", "normal", 10, (EXPLODES, EXPLODES)),
        ("relu", "zeros", 3, (NOTHING, NOTHING)),
        ("step", "normal", 3, (KEEPS, NOTHING)),
    ],
)
def test_verdicts(name, scheme, depth, expected):
    result = study(config(name, scheme, depth=depth, width=100, n_samples=50))
    found = verdict(result)
    assert (found.signal, found.gradient) == expected
    if KEEPS in expected or EXPLODES in expected:
        factors = result.sample_std[:, -1] / result.sample_std[:, 0]
        assert found.signal_factor == pytest.approx(np.median(factors))
        assert found.saturated == np.median(result.saturated[:, -1])


def test_overflow_is_a_verdict_of_its_own():
    result = study(replace(config("relu", depth=50), initializer=initializer("normal", sigma=1e6)))
    assert (verdict(result).signal, verdict(result).gradient) == (OVERFLOWS, OVERFLOWS)


@pytest.mark.parametrize("layer", [0, 1, 4])
def test_a_layer_of_theory_is_the_recursion(layer):
    scheme = initializer("he_normal")
    field = mean_field(activation("tanh"), scheme, 5, 50)
    found = layer_theory(field, scheme, 50, layer)
    assert found.sigma_w2 == pytest.approx(2.0)
    assert found.q == pytest.approx(found.sigma_w2 * found.signal)
    assert found.chi == pytest.approx(found.sigma_w2 * found.slope)
    g = np.linspace(-10, 10, 20_001)
    bell = np.exp(-(g**2) / 2) / np.exp(-(g**2) / 2).sum()
    if layer:
        below = layer_theory(field, scheme, 50, layer - 1)
        assert found.signal == pytest.approx(bell @ np.tanh(math.sqrt(below.q) * g) ** 2, rel=1e-9)
    else:
        assert found.signal == 1
    assert found.slope == pytest.approx(bell @ np.cosh(math.sqrt(found.q) * g) ** -4, rel=1e-9)


def test_the_worked_figures_of_relu():
    """Xavier halves the variance of a layer of ReLUs, He keeps it (notes 000 and 004)."""
    for scheme, chi in (("xavier_normal", 0.5), ("lecun_normal", 0.5), ("he_normal", 1.0), ("pytorch_linear", 1 / 6)):
        field = mean_field(activation("relu"), initializer(scheme), 3, 40)
        assert layer_theory(field, initializer(scheme), 40, 2).chi == pytest.approx(chi)


@pytest.mark.parametrize(
    "call",
    [
        lambda: shown_range(activation("tanh"), 0.0),
        lambda: shown_layers(51, 8),
        lambda: shown_layers(5, 1),
        lambda: layer_theory(mean_field(activation("tanh"), initializer("normal"), 2, 4), initializer("normal"), 4, 2),
        lambda: config(gradient_range=(4.0, -12.0)),
        lambda: config(gradient_range=(0.0, math.inf)),
    ],
)
def test_bad_input(call):
    with pytest.raises(InputError):
        call()


# ------------------------------------------------------------------ cost


def test_a_larger_study_costs_more_and_gives_its_memory_back():
    one = config(seeds=(0,))
    for more in (
        replace(one, depth=12),
        replace(one, width=40),
        replace(one, n_samples=60),
        replace(one, seeds=(0, 1)),
        replace(one, initializer=initializer("orthogonal")),
    ):
        assert more.cost.operations > one.cost.operations
    largest = SignalConfig(50, 512, 1000)
    assert 100 < largest.cost.megabytes < 200
    assert largest.cost.kept < 0.1
    assert 2e9 < largest.cost.operations < 8e9  # some 4 s on the machine it was measured on


# ------------------------------------------------------------------ the script


def printed(script):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(script, "script", "exec"), {"__name__": "__main__"})
    return [line.split(" | ") for line in out.getvalue().splitlines()[1:]]


def numbers(text):
    return [float(word) for word in text.split(": ", 1)[1].split()]


FEW = ("xavier_uniform", "he_normal", "orthogonal")


@pytest.mark.parametrize(
    ("name", "schemes", "seeds"),
    [
        ("tanh", [code for code in CODES if code != "constant"], (0, 1)),
        ("relu", ("normal", *FEW), (0,)),
        ("hard_sigmoid", ("normal", *FEW), (0, 1, 2)),
        ("selu", FEW, (5,)),
        ("gelu", FEW, (1, 2)),
    ],
)
def test_the_script_prints_the_engines_numbers(name, schemes, seeds):
    configs = {scheme: config(name, scheme, depth=4, seeds=seeds, reach=0.5) for scheme in schemes}
    lines = iter(printed(signal_script(configs, (0, 3))))
    for scheme, one in configs.items():
        result = study(one)
        for layer in range(4):
            at = [scheme, f"layer {layer + 1}"]
            *where, measured = next(lines)
            assert where == at
            titles = ("mean", "std", "sample_std", "dead", "saturated", "dz_std")
            expected = [float(over_seeds(getattr(result, title)).median[layer]) for title in titles]
            np.testing.assert_allclose(numbers(measured), expected, rtol=1e-9, atol=1e-15)
            *where, theory = next(lines)
            assert where == at
            expected = [float(getattr(result.predicted, title)[layer]) for title in ("mean", "std", "dz_std", "chi")]
            np.testing.assert_allclose(numbers(theory), expected, rtol=2e-4, atol=1e-7)
        a, dz = (read(one, result, (0, 3)) for read in (activation_histograms, gradient_histograms))
        for place, layer in enumerate((1, 4)):
            *where, shares = next(lines)
            assert where == [scheme, f"layer {layer}"]
            parts = (a.below, a.above, a.zero, dz.below, dz.above, dz.zero)
            np.testing.assert_allclose(numbers(shares), [100 * part[place] for part in parts], rtol=1e-9)
    assert next(lines, None) is None


def test_the_script_tells_of_overflow():
    one = replace(config("relu", depth=50, seeds=(0,)), initializer=initializer("normal", sigma=1e6))
    lines = printed(signal_script({"large": one}, (0, 49)))
    result = study(one)
    assert numbers(lines[0][2])[1] == pytest.approx(result.std[0, 0])
    assert math.isinf(numbers(lines[98][2])[1])
    assert all(map(math.isnan, numbers(lines[-1][2])))
