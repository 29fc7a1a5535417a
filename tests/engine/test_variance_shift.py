"""Dropout before batch norm: the variances of one unit, by formula and by masks; orders in networks."""

import contextlib
import io
import itertools

import numpy as np
import pytest

from engine import dropout_and_norm as orders
from engine.architecture import Architecture
from engine.dropout_and_norm import OrderConfig, study_order
from engine.errors import InputError
from engine.export_together import together_script
from engine.layers import BatchNorm, BatchNormStep, DropoutStep
from engine.network import Network
from engine.trainer import train
from engine.variance_shift import Unit, drop_rate_at, measure, ratios

SMALL = OrderConfig(n_hidden=2, width=6, epochs=3, n_seeds=2, batch_size=40)


def test_a_unit_by_hand():
    unit = Unit(1.0, 1.0, 0.5)
    assert (unit.var, unit.trained_var, unit.ratio) == (1.0, 3.0, pytest.approx(1 / 3))
    assert Unit(5.0, 0.3, 0.0).ratio == pytest.approx(1.0)
    assert Unit(0.0, 2.0, 0.25).ratio == pytest.approx(0.75)  # without a mean: 1 - p


def test_the_variance_in_training_is_that_of_all_masks():
    """Two values, each of their four masks with its probability."""
    values, p = np.array([-1.0, 4.0]), 0.3
    moments = np.zeros(2)
    for mask in itertools.product((0, 1), repeat=2):
        chance = np.prod([1 - p if kept else p for kept in mask])
        y = values * mask / (1 - p)
        moments += chance * np.array([y.mean(), np.square(y).mean()])
    unit = Unit(values.mean(), values.std(), p)
    assert moments[0] == pytest.approx(unit.mean)
    assert moments[1] - moments[0] ** 2 == pytest.approx(unit.trained_var)


@pytest.mark.parametrize(("mean", "std"), [(0.4, 0.6), (2.0, 1.0), (-1.0, 3.0)])
def test_masks_through_the_layers_agree_with_the_formula(mean, std):
    rates = (0.0, 0.2, 0.5, 0.8)
    found = measure(mean, std, rates)
    np.testing.assert_allclose(found.ratio.median, ratios(mean, std, rates), rtol=0.15)
    np.testing.assert_allclose(found.stored.median * found.ratio.median, std**2, rtol=0.02)
    assert found.ratio.low[2] < found.ratio.high[2]
    assert found.ratio.median[0] == pytest.approx(1.0, abs=2e-3)


@pytest.mark.parametrize(("mean", "std", "ratio"), [(2.0, 1.0, 0.5), (0.4, 0.6, 0.25), (1.0, 1.0, 1.0)])
def test_the_drop_rate_of_a_ratio(mean, std, ratio):
    rate = drop_rate_at(mean, std, ratio)
    assert Unit(mean, std, rate).ratio == pytest.approx(ratio)
    assert drop_rate_at(2.0, 1.0, 0.5) == pytest.approx(1 / 6)


# networks


@pytest.mark.parametrize("place", ["before_activation", "after_activation"])
@pytest.mark.parametrize("order", orders.ORDERS)
def test_an_order_is_what_it_says(order, place):
    of = OrderConfig(norm_place=place).training(order, 0.3).architecture
    kinds = [[type(part).__name__ for part in of.between(layer)] for layer in range(3)]
    for layer, found in enumerate(kinds):
        if order == "last_only" and layer < 2:
            assert "Dropout" not in found
        elif order == "dropout_first":
            assert found.index("Dropout") + 1 == found.index("BatchNorm")
        else:
            assert found[-1] == "Dropout"
    without = OrderConfig(norm_place=place).training(order, 0.0)
    assert without.dropout is None


@pytest.mark.parametrize(("order", "rate"), [("norm_first", 0.0), ("dropout_first", 0.4), ("last_only", 0.4)])
def test_a_study_is_its_networks_measured_one_by_one(order, rate):
    found, config = study_order(SMALL, order, rate), SMALL.training(order, rate)
    history = train(config, SMALL.samples)
    np.testing.assert_allclose(found.in_evaluation.median, np.median(history.train_loss[:, -1]))
    shift, noisy, wrong, anew = [], [], [], []
    for seed in range(SMALL.n_seeds):
        parameters, statistics = history.parameters[seed], history.statistics[seed]
        network = Network(config.architecture, parameters, SMALL.samples.X, statistics)
        network.forward()
        norms = [step for steps in network.steps for step in steps if isinstance(step, BatchNormStep)]
        shift.append([np.median(step.x.var(axis=0, ddof=1) / step.running_var[0]) for step in norms])
        wrong.append(((predicted(config, parameters, statistics) > 0) != SMALL.test.targets).mean())
        network.train()
        rng, losses = np.random.default_rng([seed, orders.LOOKING]), []
        for _ in range(orders.MASKS if rate else 1):
            network.draw_masks([rng])
            losses.append(config.loss.value(network.forward(), SMALL.samples.targets))
        noisy.append(np.mean(losses))
        for steps in network.steps:
            for step in steps:
                step.training = not isinstance(step, DropoutStep)
        for _ in range(400):  # running statistics come to rest
            network.forward()
        again = predicted(config, parameters, network.statistics[0])
        anew.append(((again > 0) != SMALL.test.targets).mean())
    np.testing.assert_allclose(found.shift.median, np.median(shift, axis=0), rtol=1e-9)
    np.testing.assert_allclose(found.in_training.median, np.median(noisy), rtol=1e-9)
    np.testing.assert_allclose(found.wrong.median, np.median(wrong))
    np.testing.assert_allclose(found.wrong_remeasured.median, np.median(anew))
    assert found.n_diverged == 0


def predicted(config, parameters, statistics):
    return Network(config.architecture, parameters, SMALL.test.X, statistics).forward().copy()


def test_dropout_before_the_norm_shifts_its_variance_and_behind_it_the_next_ones():
    """What the section says of its first screen."""
    config = OrderConfig()
    none = study_order(config, "norm_first", 0.0).shift.median
    first, behind, last = (study_order(config, order, 0.5).shift.median for order in orders.ORDERS)
    assert first[0] < 0.5
    assert behind[0] > 0.9
    assert behind[1] < 0.6
    assert (np.diff(first) < 0).all()
    assert (np.diff(behind) < 0).all()
    assert (last > 0.85).all()
    assert (none > 0.8).all()


def test_what_diverges_is_infinite_and_counted():
    wild = OrderConfig(n_hidden=6, width=16, epochs=4, learning_rate=10.0, n_seeds=3)
    found = study_order(wild, "dropout_first", 0.7)
    assert found.n_diverged == np.isinf(over(wild)).sum()
    assert found.in_evaluation.high >= found.in_evaluation.median


def over(config):
    losses = train(config.training("dropout_first", 0.7), config.samples).train_loss[:, -1]
    return np.where(np.isfinite(losses), losses, np.inf)


def test_the_lowest_error_and_what_its_seeds_say_of_it():
    one, other = (study_order(OrderConfig(), order, 0.5) for order in ("dropout_first", "last_only"))
    assert orders.lowest_error([one, other]) is other
    assert orders.lowest_error([other, one]) is other
    pairs, alone = orders.compare(other, one), orders.compare(one, one)
    assert (alone.lower, alone.equal, alone.higher, alone.p_value) == (0, 5, 0, 1.0)
    assert not alone.told_apart
    signs = np.sign(other.wrong_by_seed - one.wrong_by_seed)
    assert [pairs.lower, pairs.equal, pairs.higher] == [(signs == sign).sum() for sign in (-1, 0, 1)]
    np.testing.assert_allclose(one.wrong.median, np.median(one.wrong_by_seed))
    # seeds are paired: five of them cannot tell anything apart, six can
    assert orders.least_p_value(5) == 1 / 16 > orders.SIGNIFICANCE > orders.least_p_value(6)
    assert orders.Pairs(6, 0, 0).told_apart
    assert not orders.Pairs(5, 1, 0).told_apart
    assert orders.Pairs(9, 0, 1).p_value == pytest.approx(22 / 1024)


def test_coin_tosses_are_called_guessing():
    one = study_order(OrderConfig(), "norm_first", 0.5)
    assert not one.guesses
    wild = study_order(OrderConfig(learning_rate=10.0), "dropout_first", 0.5)
    assert wild.wrong.median > 0.47
    assert wild.guesses


def test_what_statistics_measured_anew_do_to_the_test_error_depends_on_the_place():
    """What the section says: they fit again, and the error may fall or rise."""
    after, before = (
        study_order(OrderConfig(norm_place=place), "dropout_first", 0.5)
        for place in ("after_activation", "before_activation")
    )
    assert after.wrong_remeasured.median < after.wrong.median
    assert before.wrong_remeasured.median > before.wrong.median


def test_with_tanh_behind_the_norm_the_shift_does_not_pile_up():
    tanh = study_order(OrderConfig(activation="tanh"), "norm_first", 0.5).shift.median
    assert (tanh > 0.9).all()
    assert tanh[2] > tanh[1]


@pytest.mark.parametrize("data", orders.DATA)
def test_the_script_draws_the_test_samples(data):
    config, names = OrderConfig(n_hidden=2, width=4, epochs=1, n_seeds=1, data=data), {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(together_script(Unit(0.4, 0.6, 0.5), config, []), "script", "exec"), names)
    np.testing.assert_array_equal(names["X_test"], config.test.X)
    np.testing.assert_array_equal(names["Y_test"], config.test.targets)


def test_more_of_anything_costs_more():
    base = OrderConfig().cost("norm_first", 0.0).operations
    for more in (OrderConfig(n_hidden=4), OrderConfig(width=32), OrderConfig(epochs=30), OrderConfig(n_seeds=10)):
        assert more.cost("norm_first", 0.0).operations > base
    assert OrderConfig().cost("norm_first", 0.5).operations > base
    cost = OrderConfig().cost("norm_first", 0.5)
    assert cost.kept < 0.01 < cost.megabytes  # bands, not the networks


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: Unit(1.0, 0.0, 0.5), "std"),
        (lambda: Unit(1.0, 1.0, 0.95), "drop_rate"),
        (lambda: Unit(float("nan"), 1.0, 0.5), "mean"),
        (lambda: drop_rate_at(1.0, 1.0, 0.0), "ratio"),
        (lambda: measure(1.0, 1.0, [0.95]), "drop_rate"),
        (lambda: OrderConfig(n_hidden=7), "n_hidden"),
        (lambda: OrderConfig(norm_place="none"), "norm_place"),
        (lambda: OrderConfig(activation="other"), "activation"),
        (lambda: OrderConfig(data="digits"), "data"),
        (lambda: OrderConfig(learning_rate=0.0), "learning_rate"),
        (lambda: OrderConfig(epochs=0), "epochs"),
        (lambda: SMALL.training("other", 0.5), "order"),
        (lambda: SMALL.training("norm_first", 0.95), "drop_rate"),
    ],
)
def test_bad_values_are_named(call, argument):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.argument == argument


@pytest.mark.parametrize("place", ["before_activation", "after_activation"])
def test_the_script_prints_the_studies(place):
    config = OrderConfig(n_hidden=2, width=6, epochs=3, n_seeds=3, norm_place=place, activation="tanh", batch_size=40)
    studies = [("norm_first", 0.0)] + [(order, 0.3) for order in orders.ORDERS]
    unit, out = Unit(0.4, 0.6, 0.5), io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(together_script(unit, config, studies), "script", "exec"), {"__name__": "__main__"})
    first, *lines = [line.split() for line in out.getvalue().splitlines()]
    assert float(first[4]) == pytest.approx(unit.trained_var)
    assert float(first[9]) == pytest.approx(unit.ratio)
    for (order, rate), losses, errors in zip(studies, lines[::2], lines[1::2], strict=True):
        found = study_order(config, order, rate)
        assert losses[:2] == errors[:2] == [order, str(rate)]
        bands = (losses[5:8], found.in_training), (losses[10:], found.in_evaluation)
        bands += (errors[4:7], found.wrong), (errors[9:12], found.wrong_remeasured)
        for printed, band in bands:
            want = [band.median, band.low, band.high]
            np.testing.assert_allclose(np.array(printed, dtype=float), want, rtol=1e-7, atol=1e-12)
        np.testing.assert_allclose(np.array(errors[13:], dtype=float), found.shift.median, rtol=1e-7)


def test_the_architecture_of_a_tuple_of_dropouts_is_kept():
    of = SMALL.training("last_only", 0.5).architecture
    assert isinstance(of, Architecture)
    assert [drop and drop.drop_rate for drop in of.dropouts] == [None, 0.5, None]
    assert isinstance(of.norms[0], BatchNorm)
