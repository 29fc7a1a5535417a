"""Who is off, who is dead, since when: against plain loops, by hand, and where numbers are no longer finite."""

import numpy as np
import pytest

from engine.activations import ELU, LeakyReLU, Linear, ReLU
from engine.architecture import Architecture
from engine.dead_units import expected_dead, report, watch
from engine.dying import COMPARED, DyingConfig, compare
from engine.errors import InputError
from engine.losses import CrossEntropyWithLogits
from engine.network import Network

X = np.array([[-2.0], [0.0], [1.0], [3.0]])


def one_layer(activation, weights, biases):
    of = Architecture((1, len(weights), 1), (activation, Linear()))
    return of, of.pack([[weights], [[1.0]] * len(weights)], [biases, [0.0]])


def test_by_hand():
    """z of unit 1: -2 0 1 3 ; unit 2: 3 1 0 -2, shifted by -3.5 ; unit 3: the kink itself."""
    of, parameters = one_layer(ReLU(), [1.0, -1.0, 0.0], [0.0, -2.5, 0.0])
    life = watch(of, [parameters], X, [0])
    (layer,) = life.layers
    assert layer.highest.tolist() == [[3.0, -0.5, 0.0]]
    assert layer.zero_share.tolist() == [[0.5, 1.0, 1.0]]
    assert layer.steepest.tolist() == [[1.0, 0.0, 0.0]]
    assert layer.off.tolist() == layer.dead.tolist() == [[False, True, True]]
    assert layer.off_since.tolist() == [-1, 0, 0]
    assert life.counts("off").tolist() == life.counts("dead").tolist() == [[2]]
    assert life.zero_shares().tolist() == [[2.5 / 3]]
    assert life.last == 0


@pytest.mark.parametrize(("activation", "slope"), [(LeakyReLU(0.1), 0.1), (ELU(), np.exp(-0.5))], ids=str)
def test_off_is_not_dead_where_there_is_a_slope(activation, slope):
    of, parameters = one_layer(activation, [-1.0], [-2.5])
    (layer,) = watch(of, [parameters], X, [0]).layers
    assert layer.off.tolist() == [[True]]
    assert layer.dead.tolist() == [[False]]
    assert layer.steepest == pytest.approx(slope)
    assert layer.zero_share.tolist() == [[0.0]]


def test_an_elu_far_enough_down_is_dead_as_well():
    of, parameters = one_layer(ELU(), [0.0], [-800.0])  # exp(-800) is 0 in float64
    assert watch(of, [parameters], X, [0]).layers[0].dead.tolist() == [[True]]


def biases_over_time(*values):
    """Frames of one ReLU unit without weight: it is on where its bias is above 0."""
    of, parameters = one_layer(ReLU(), [0.0], [0.0])
    frames = np.tile(parameters, (len(values), 1))
    of.biases(frames)[0][:, 0] = values
    return of, frames


@pytest.mark.parametrize(
    ("values", "since", "came_back"),
    [
        ((1, 1, 1, 1), -1, 0),
        ((-1, -1, -1, -1), 10, 0),
        ((1, -1, -1, -1), 20, 0),
        ((1, -1, 1, -1), 40, 1),
        ((-1, 1, -1, 1), -1, 2),
        ((1, 1, 1, -1), 40, 0),
        ((1, -1, np.nan, np.nan), 20, 0),
        ((-1, 1, np.nan, 1), -1, 1),
    ],
)
def test_since_when_and_how_often_back(values, since, came_back):
    of, frames = biases_over_time(*values)
    life = watch(of, frames, X, [10, 20, 30, 40])
    assert life.layers[0].off_since.tolist() == [since]
    assert life.layers[0].came_back.tolist() == [came_back]
    finite = np.isfinite(values)
    assert life.last == (3 if finite.all() else finite.argmin() - 1)


def test_what_is_not_finite_is_not_dead():
    of, frames = biases_over_time(-1, np.inf, -1)
    (layer,) = watch(of, frames, X, [0, 1, 2]).layers
    assert layer.dead[:, 0].tolist() == [True, False, False]
    assert np.isnan(layer.highest[1:]).all()
    assert np.isnan(layer.zero_share[1:]).all()


def test_an_overflow_inside_counts_as_not_finite():
    of, parameters = one_layer(ReLU(), [1e308], [0.0])
    life = watch(of, [parameters], X * 10, [0])
    assert life.last == -1
    assert life.counts("off").tolist() == [[0]]


CONFIG = DyingConfig(hidden=3, width=5, learning_rate=2.0, seed=3)


@pytest.mark.parametrize("code", COMPARED)
def test_against_plain_loops(code):
    outcome = compare(CONFIG)[code]
    f, of, n_frames = COMPARED[code], outcome.training.architecture, len(outcome.history.snapshots)
    for k, layer in enumerate(outcome.life.layers):
        off = np.zeros((n_frames, 5), dtype=bool)
        for frame in range(0, n_frames):
            a = CONFIG.samples.X
            for W, b in zip(
                of.weights(outcome.history.snapshots[frame])[: k + 1],
                of.biases(outcome.history.snapshots[frame])[: k + 1],
                strict=True,
            ):
                z = a @ W + b
                a = f.f(z)
            off[frame] = (z <= 0).all(axis=0)
            np.testing.assert_allclose(layer.highest[frame], z.max(axis=0), rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(layer.steepest[frame], f.derivative(z).max(axis=0), rtol=1e-9)
            assert layer.zero_share[frame].tolist() == (a == 0).mean(axis=0).tolist()
        assert (layer.off == off).all()
        for unit in range(5):
            alive = np.flatnonzero(~off[:, unit])
            since = 0 if not alive.size else alive[-1] + 1
            assert layer.off_since[unit] == (since if since < n_frames else -1)
            assert layer.came_back[unit] == sum(
                off[frame, unit] and not off[frame + 1, unit] for frame in range(n_frames - 1)
            )


def test_a_stack_is_its_runs():
    outcome = compare(CONFIG)["relu"]
    of, frames = outcome.training.architecture, outcome.history.snapshots
    stacked = watch(of, np.stack([frames, frames[::-1]]), CONFIG.samples.X, outcome.history.snapshot_epochs)
    backwards = watch(of, frames[::-1], CONFIG.samples.X, outcome.history.snapshot_epochs)
    for both, one, other in zip(stacked.layers, outcome.life.layers, backwards.layers, strict=True):
        for name in vars(both):
            np.testing.assert_allclose(getattr(both, name)[0], getattr(one, name), rtol=1e-12, atol=1e-12)
            np.testing.assert_allclose(getattr(both, name)[1], getattr(other, name), rtol=1e-12, atol=1e-12)
    assert stacked.last.tolist() == [120, 120]


def test_results_are_read_only():
    layer = compare(CONFIG)["relu"].life.layers[0]
    for value in vars(layer).values():
        with pytest.raises(ValueError):
            value[...] = 0


# one unit -----------------------------------------------------------------------------------------------------


def traced(activation, seed=0):
    of = Architecture((2, 4, 3, 1), (activation, activation, Linear()))
    rng = np.random.default_rng(seed)
    network = Network(of, rng.normal(size=of.n_parameters), rng.normal(size=(20, 2)))
    return network.trace(CrossEntropyWithLogits(), rng.integers(0, 2, (20, 1)))


@pytest.mark.parametrize("activation", COMPARED.values(), ids=str)
def test_the_gradient_of_a_unit_is_the_networks(activation):
    trace = traced(activation)
    for layer, unit in [(0, 0), (0, 3), (1, 0), (1, 2)]:
        found = report(trace, layer, unit, tuple(COMPARED.values()))
        z = trace.z[layer][:, unit]
        assert found.gradient == pytest.approx(np.linalg.norm(trace.dW[layer][:, unit]), rel=1e-12)
        assert found.instead[list(COMPARED.values()).index(activation)] == pytest.approx(found.gradient, rel=1e-12)
        assert (found.lowest, found.highest, found.n_on) == (z.min(), z.max(), (z > 0).sum())
        assert found.steepest == trace.slope[layer][:, unit].max()


def test_a_dead_unit_gets_no_gradient_and_a_leak_lets_a_tenth_through():
    outcome = compare(DyingConfig())["relu"]
    trace = outcome.trace(DyingConfig().samples, 120)
    found = report(trace, 1, 2, (ReLU(), LeakyReLU(0.1), LeakyReLU(1.0)))
    assert found.highest < 0
    assert found.arriving > 0
    assert (found.gradient, found.steepest, found.n_on) == (0.0, 0.0, 0)
    assert found.instead[0] == 0
    assert found.instead[1] == pytest.approx(0.1 * found.instead[2])
    assert found.instead[1] > 0.01


def test_behind_a_dead_layer_nothing_arrives():
    trace = compare(DyingConfig())["relu"].trace(DyingConfig().samples, 120)
    found = report(trace, 0, 0, (LeakyReLU(0.1),))
    assert found.highest > 0
    assert (found.arriving, found.gradient, found.instead) == (0.0, 0.0, (0.0,))


# the first layer ----------------------------------------------------------------------------------------------


def test_in_the_first_layer_death_is_for_ever():
    deaths, back_deeper = 0, 0
    for seed in range(12):
        first, second = compare(DyingConfig(learning_rate=3.0, seed=seed))["relu"].life.layers
        assert first.came_back.sum() == 0
        deaths += (first.off_since > 0).sum()
        back_deeper += second.came_back.sum()
    assert deaths > 10
    assert back_deeper > 10


# thought experiment -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("units", "samples", "share", "expected"),
    [(512, 8, 0.5, 2.0), (1000, 6, 0.5, 15.625), (7, 3, 1.0, 7.0), (7, 3, 0.0, 0.0)],
)
def test_expected_dead(units, samples, share, expected):
    assert expected_dead(units, samples, share) == expected


# bad input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: watch(Architecture((1, 1), (Linear(),)), np.zeros((1, 2)), X, [0]), "out_of_range"),
        (lambda: watch(*one_layer(ReLU(), [1.0], [0.0]), X, [0]), "wrong_shape"),
        (lambda: watch(one_layer(ReLU(), [1.0], [0.0])[0], np.zeros((1, 9)), X, [0]), "wrong_shape"),
        (lambda: watch(one_layer(ReLU(), [1.0], [0.0])[0], np.zeros((2, 4)), X, [0]), "wrong_shape"),
        (lambda: watch(one_layer(ReLU(), [1.0], [0.0])[0], np.zeros((1, 4)), X * np.nan, [0]), "not_finite"),
        (lambda: watch(*biases_over_time(1, 1), X, [0, 1]).counts("asleep"), "unknown_name"),
        (lambda: report(traced(ReLU()), 2, 0), "out_of_range"),
        (lambda: report(traced(ReLU()), 0, 4), "out_of_range"),
        (lambda: expected_dead(0, 1), "out_of_range"),
        (lambda: expected_dead(1, 0), "out_of_range"),
        (lambda: expected_dead(1, 1, 1.5), "out_of_range"),
    ],
)
def test_bad_input_is_refused(call, code):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.code == code
