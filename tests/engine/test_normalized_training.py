"""Networks with and without batch normalization: the stack is its runs, what is seen inside is what a network holds."""

import contextlib
import io

import numpy as np
import pytest

from engine import normalized_training as norm
from engine.errors import InputError
from engine.export_normalized import normalized_script
from engine.initializers import NAMED, initializer
from engine.network import Network
from engine.normalized_training import NormConfig, look_inside, study_rates
from engine.trainer import train

SMALL = NormConfig(n_hidden=3, width=5, activation="tanh", data="circles", batch_size=24, epochs=4)
EXPLODING = NormConfig(n_hidden=10, width=32, activation="relu", initializer=initializer("normal"), epochs=3)


@pytest.mark.parametrize("place", norm.PLACES)
def test_the_stack_is_its_runs_one_by_one(place):
    rates = 0.1, 1.0
    study = study_rates(SMALL, place, rates)
    for at, rate in enumerate(rates):
        losses, learned = [], []
        for seed in range(SMALL.n_seeds):
            config = SMALL.training(place, (rate,))
            alone = train(type(config)(**{**vars_of(config), "seeds": seed, "learning_rates": (rate,)}), SMALL.samples)
            losses.append(alone.train_loss)
            network = Network(config.architecture, alone.parameters, SMALL.samples.X)
            network.train()
            learned.append(float(config.loss.value(network.forward(), SMALL.samples.targets)))
        losses = np.array(losses)
        np.testing.assert_allclose(study.stored.median[at], np.median(losses[:, -1]), rtol=1e-9)
        np.testing.assert_allclose(study.losses.median[at], np.median(losses, axis=0), rtol=1e-9)
        np.testing.assert_allclose(study.final.median[at], np.median(learned), rtol=1e-9)
        np.testing.assert_allclose(study.final.low[at], np.quantile(learned, 0.25), rtol=1e-9)
        assert study.n_unlearned[at] == (np.array(learned) >= np.log(2)).sum()
        last = look_inside(SMALL, place, rate).losses
        np.testing.assert_allclose(last.median[-1], study.final.median[at], rtol=1e-9)
        np.testing.assert_allclose(last.high[-1], study.final.high[at], rtol=1e-9)


def vars_of(config):
    return {name: getattr(config, name) for name in config.__dataclass_fields__}


@pytest.mark.parametrize("place", norm.PLACES)
def test_inside_is_what_a_network_in_training_mode_holds(place):
    rate, frame = 0.3, 2
    inside = look_inside(SMALL, place, rate)
    assert inside.epochs.tolist() == list(range(5))
    config = SMALL.training(place, (rate,), SMALL.frames)
    snapshots, samples = train(config, SMALL.samples).snapshots[:, frame], SMALL.samples
    lengths, lines, changes = [], [], []
    for seed, parameters in enumerate(snapshots):
        network = Network(config.architecture, parameters, samples.X)
        network.train()
        trace = network.trace(config.loss, samples.targets)
        lengths.append([np.linalg.norm(dW) for dW in trace.dW])
        here, gradient = config.loss.value(trace.a[-1], samples.targets), network.gradient[0].copy()
        step = norm.STEPS[6]
        other = Network(config.architecture, parameters - step * gradient, samples.X)
        other.train()
        there = config.loss.value(other.trace(config.loss, samples.targets).a[-1], samples.targets)
        lines.append((here, there))
        changes.append(np.linalg.norm(other.gradient[0] - gradient) / np.linalg.norm(gradient))
        if seed == 0:
            for layer in range(3):
                z = trace.z[layer]
                f_input = trace.steps[layer][0].y if place == "before_activation" else z
                for shown, values in ((inside.sums, z), (inside.entering, f_input)):
                    want = np.quantile(values, norm.QUANTILES, axis=0).T
                    np.testing.assert_allclose(shown[frame, layer, :-1], want, rtol=1e-9, atol=1e-12)
                    np.testing.assert_allclose(shown[frame, layer, -1], np.quantile(values, norm.QUANTILES))
    np.testing.assert_allclose(inside.gradient.median[frame], np.median(lengths, axis=0), rtol=1e-9)
    ratios = [there / here for here, there in lines]
    assert inside.moments == (0, 2, 4)
    np.testing.assert_allclose(inside.ahead.median[1, 6], np.median(ratios), rtol=1e-9)
    np.testing.assert_allclose(inside.change.median[1, 6], np.median(changes), rtol=1e-9)


def test_the_furthest_step_is_the_last_before_the_loss_is_above_where_it_was():
    one = NormConfig(n_hidden=2, width=4, epochs=1, n_seeds=1)
    inside = look_inside(one, "none", 1.0)
    for moment in range(3):
        below = inside.ahead.median[moment] < 1
        n = below.argmin() if not below.all() else len(below)
        assert inside.furthest.median[moment] == (norm.STEPS[n - 1] if n else 0.0)
        assert n


def test_stored_statistics_lag_and_the_share_of_their_start_is_told():
    assert NormConfig(batch_size=64).start_left == pytest.approx(0.9**10)  # ten updates
    assert NormConfig(batch_size=24, epochs=2).start_left == pytest.approx(0.9**6)
    few = NormConfig(batch_size=64)
    lagging, plain = (study_rates(few, place, (0.1, 0.3)) for place in ("before_activation", "none"))
    assert (lagging.stored.median > lagging.final.median + 0.1).all()
    np.testing.assert_array_equal(plain.stored.median, plain.final.median)


def test_the_drift_is_measured_in_widths_of_each_unit():
    inside = look_inside(SMALL, "none", 1.0)
    for layer in range(3):
        start, end = inside.entering[0, layer, :-1], inside.entering[-1, layer, :-1]
        moved = [abs(b[2] - a[2]) / (a[4] - a[0]) for a, b in zip(start, end, strict=True)]
        assert inside.drift[layer] == pytest.approx(np.median(moved), rel=1e-12)
    assert np.isnan(look_inside(EXPLODING, "none", 10.0).drift).all()


def test_the_best_rate_may_stand_at_an_end():
    inner, end = (study_rates(SMALL, "none", rates) for rates in ((0.001, 0.3, 1000.0), (0.001, 0.3)))
    assert (inner.best, inner.best_at_an_end) == (1, False)
    assert (end.best, end.best_at_an_end) == (1, True)


def test_sigmoids_vanish_and_batch_norm_evens_the_gradients_out():
    """5 sigmoid layers with Xavier weights: what the first screen says."""
    plain, normalized = (look_inside(NormConfig(), place, 1.0).gradient.median[0] for place in norm.PLACES[:2])
    assert plain[0] < plain[-1] / 500
    assert normalized.max() < 10 * normalized.min()
    losses = [study_rates(NormConfig(), place).final.median for place in norm.PLACES[:2]]
    assert losses[0].min() > 0.99 * norm.GUESSING
    assert (losses[1][3:] < 0.6).all()


def test_what_diverges_is_infinite_and_counted():
    study = study_rates(EXPLODING, "none", (0.01, 10.0))
    assert study.n_diverged[1] == 3
    assert np.isinf(study.final.median[1])
    assert study.n_unlearned[1] == 3
    inside = look_inside(EXPLODING, "none", 10.0)
    assert np.isfinite(inside.entering[0]).all()
    assert np.isnan(inside.entering[-1]).all()
    assert np.isinf(inside.gradient.median[-1]).all()
    assert inside.furthest.median[-1] == 0.0
    assert study.best == 0


@pytest.mark.parametrize("factor", [0.5, 4.0, 100.0])
def test_scaled_weights_have_a_gradient_scaled_back(factor):
    assert norm.gradient_after_scaling(factor) == pytest.approx(1 / factor, rel=1e-6)


def test_a_range_holds_all_ribbons():
    narrow, wide = np.array([[-1.5, 0, 0, 0, 1.9]]), np.array([[-7.0, 0, 0, 0, 3.0]])
    assert norm.shared_limit([narrow]) == 2.0
    assert norm.shared_limit([narrow, wide]) == 10.0
    assert norm.shared_limit([narrow, 1000 * wide]) == 10_000.0
    assert norm.shared_limit([narrow, 1e100 * wide]) == norm.MAX_LIMIT
    assert norm.shared_limit([np.full((1, 5), np.nan), narrow]) == 2.0
    assert norm.shared_limit([np.zeros((1, 5))]) == 0.001


def test_results_are_read_only():
    study, inside = study_rates(SMALL, "none", (0.1,)), look_inside(SMALL, "none", 0.1)
    for array in (study.rates, study.n_diverged, study.final.median, inside.sums, inside.entering, inside.epochs):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_more_of_anything_costs_more():
    larger = NormConfig(n_hidden=6), NormConfig(width=32), NormConfig(epochs=20), NormConfig(n_seeds=5)
    for config in (*larger, NormConfig(batch_size=4)):
        assert norm.rates_cost(config, "none").operations > norm.rates_cost(NormConfig(), "none").operations
        assert norm.inside_cost(config, "none").operations > norm.inside_cost(NormConfig(), "none").operations
    assert (
        norm.rates_cost(NormConfig(), "before_activation").operations > norm.rates_cost(NormConfig(), "none").operations
    )


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: NormConfig(n_hidden=11), "n_hidden"),
        (lambda: NormConfig(width=65), "width"),
        (lambda: NormConfig(activation="step"), "activation"),
        (lambda: NormConfig(data="digits"), "data"),
        (lambda: NormConfig(batch_size=1), "batch_size"),
        (lambda: NormConfig(epochs=0), "epochs"),
        (lambda: NormConfig(n_seeds=21), "n_seeds"),
        (lambda: SMALL.training("between", (0.1,)), "place"),
        (lambda: study_rates(SMALL, "none", ()), "number of learning rates"),
        (lambda: norm.gradient_after_scaling(0.0), "factor"),
        (lambda: normalized_script(NormConfig(initializer=NAMED["he_uniform"]), ("none",)), "initializer"),
        (lambda: normalized_script(SMALL, ("between",)), "place"),
    ],
)
def test_bad_values_are_named(call, argument):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.argument == argument


@pytest.mark.parametrize(
    "config", [SMALL, NormConfig(n_hidden=2, width=4, activation="selu", batch_size=64, epochs=3, data="spirals")]
)
def test_the_script_prints_the_study(config):
    rates, out = (0.03, 0.3), io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(normalized_script(config, norm.PLACES, rates), "script", "exec"), {"__name__": "__main__"})
    lines = [line.split() for line in out.getvalue().splitlines()]
    for place in norm.PLACES:
        mine = [line for line in lines if line[0] == place]
        study, gradient = study_rates(config, place, rates), look_inside(config, place, 0.3).gradient
        n = config.n_hidden + 1
        want = np.stack([gradient.median[0], gradient.low[0], gradient.high[0]], axis=1)
        np.testing.assert_allclose(np.array([line[7:] for line in mine[:n]], dtype=float), want, rtol=1e-6)
        want = np.stack([study.final.median, study.final.low, study.final.high], axis=1)
        np.testing.assert_allclose(np.array([line[4:7] for line in mine[n:]], dtype=float), want, rtol=1e-6)
        assert [int(line[8]) for line in mine[n:]] == study.n_unlearned.tolist()
        assert [int(line[10]) for line in mine[n:]] == study.n_diverged.tolist()
