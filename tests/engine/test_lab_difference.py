"""What differs between two runs of the lab, by name; and what is the same."""

from dataclasses import replace

import pytest

from engine.activations import ReLU, Sigmoid, Tanh
from engine.architecture import Architecture
from engine.lab import LabConfig, LabData, run
from engine.lab_difference import (
    ARCHITECTURE,
    DENSE,
    DRAWN,
    GIVEN,
    IDENTICAL,
    SEED,
    comparable,
    differences,
    n_batches,
    n_updates,
    same_order,
    same_samples,
    start_alike,
    with_seed,
)
from engine.lab_pair import alike
from engine.lab_presets import PRESETS
from engine.layers import BatchNorm, Dropout
from engine.losses import HalfSquaredError, SquaredError
from engine.optimizers import optimizer
from engine.schedules import StepDecay
from engine.training_config import evenly
from engine.weight_schemes import Constant, Uniform

CLASSIC, THREE = PRESETS["classic"], PRESETS["three"]


def trained_with(base: LabConfig = CLASSIC, **values) -> LabConfig:
    return replace(base, training=replace(base.training, **values))


def fed(**values) -> LabConfig:
    return replace(CLASSIC, data=replace(CLASSIC.data, **values))


def told(first: LabConfig, second: LabConfig) -> list[tuple]:
    return [(one.code, one.first, one.second) for one in differences(first, second)]


def test_a_run_does_not_differ_from_itself():
    for config in PRESETS.values():
        assert told(config, config) == []
        assert start_alike(config, config) == IDENTICAL


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (trained_with(optimizer=optimizer("sgd", learning_rate=0.3)), [("learning_rate", 0.03, 0.3)]),
        (trained_with(batch_size=50), [("batch_size", 10, 50)]),
        (trained_with(batch_size=None), [("batch_size", 10, None)]),
        (trained_with(epochs=100, snapshots=evenly(100, 60)), [("epochs", 300, 100)]),
        (trained_with(snapshots=()), []),  # which frames are kept is no setting of a training
        (trained_with(clip_norm=1.0), [("clip_norm", None, 1.0)]),
        (trained_with(seeds=3), [("seed", 0, 3)]),
        (trained_with(sizes=(2, 8, 1), activations=(Tanh(), Tanh())), [("hidden", (4, 2), (8,))]),
        (
            trained_with(activations=(ReLU(), ReLU(), Tanh())),
            [("hidden_activations", (Tanh(),), (ReLU(),))],
        ),
        (
            trained_with(activations=(ReLU(), Tanh(), Tanh())),
            [("hidden_activations", (Tanh(), Tanh()), (ReLU(), Tanh()))],
        ),
        (trained_with(activations=(Tanh(), Tanh(), Sigmoid())), [("output_activation", Tanh(), Sigmoid())]),
        (trained_with(batch_norm=BatchNorm()), [("batch_norm", None, BatchNorm())]),
        (trained_with(loss=SquaredError()), [("loss", HalfSquaredError(), SquaredError())]),
        (trained_with(loss=HalfSquaredError("sum")), [("loss.reduction", "mean", "sum")]),
        (trained_with(reported=SquaredError()), [("reported", HalfSquaredError(), SquaredError())]),
        (trained_with(initializer=Uniform(1.0)), [("initializer.bound", 0.5, 1.0)]),
        (fed(noise=0.5), [("noise", 0.0, 0.5)]),
        (fed(n_classes=5), []),  # a disc has no number of classes
        (fed(seed=1), [("data_seed", 0, 1)]),
        (fed(own=((0.0, 0.0, 1.0),)), []),
    ],
)
def test_one_change_is_one_difference(second, expected):
    assert told(CLASSIC, second) == expected
    assert told(second, CLASSIC) == [(code, b, a) for code, a, b in expected]


def test_another_optimizer_and_its_rate():
    adam = optimizer("adam", learning_rate=0.03, beta1=0.5)
    assert told(CLASSIC, trained_with(optimizer=adam)) == [("optimizer", CLASSIC.training.optimizer, adam)]
    codes = [code for code, *_ in told(CLASSIC, trained_with(optimizer=replace(adam, learning_rate=0.1)))]
    assert codes == ["optimizer", "learning_rate"]
    other = told(trained_with(optimizer=adam), trained_with(optimizer=replace(adam, beta1=0.9)))
    assert other == [("optimizer.beta1", 0.5, 0.9)]


def test_settings_of_one_kind_are_told_apart():
    pairs = told(trained_with(dropout=Dropout(0.1)), trained_with(dropout=Dropout(0.4)))
    assert pairs == [("dropout.drop_rate", 0.1, 0.4)]
    pairs = told(trained_with(schedule=StepDecay(5)), trained_with(schedule=StepDecay(9)))
    assert pairs == [("schedule.every", 5, 9)]


def alike_but_written_differently():
    """Pairs of settings that do the same."""
    sgd, few = optimizer("sgd", learning_rate=0.1), {"epochs": 5, "snapshots": (0, 5)}
    flat = {"batch_size": None, "initializer": Constant(0.2), "bias_initializer": None}
    pairs = [
        ({"batch_size": None}, {"batch_size": 250}),
        ({"batch_size": 250}, {"batch_size": 1000}),
        ({"bias_initializer": None}, {"bias_initializer": Constant(0.0)}),
        ({"optimizer": sgd}, {"optimizer": optimizer("momentum", learning_rate=0.1, momentum=0.0)}),
        ({"optimizer": sgd}, {"optimizer": optimizer("nesterov", learning_rate=0.1, momentum=0.0)}),
        ({"dropout": None}, {"dropout": Dropout(0.0)}),
        ({"schedule": StepDecay(10, 1.0)}, {}),
        ({"schedule": StepDecay(10**6, 0.5)}, {}),
        ({"seeds": 0, **flat}, {"seeds": 5, **flat}),
    ]
    return [tuple(trained_with(**few, **side) for side in pair) for pair in pairs]


@pytest.mark.parametrize(("first", "second"), alike_but_written_differently())
def test_what_makes_no_difference_to_a_run_is_none(first, second):
    assert told(first, second) == told(second, first) == []
    assert first != second
    assert alike(run(first), run(second))


def test_what_does_make_a_difference_is_told_as_it_was_set():
    still, heavy = (optimizer("momentum", learning_rate=0.1, momentum=mu) for mu in (0.0, 0.9))
    pair = trained_with(optimizer=still), trained_with(optimizer=heavy)
    assert told(*pair) == [("optimizer.momentum", 0.0, 0.9)]
    assert not alike(*(run(trained_with(optimizer=one, epochs=2, snapshots=())) for one in (still, heavy)))
    sgd = optimizer("sgd", learning_rate=0.3)
    assert told(trained_with(optimizer=still), trained_with(optimizer=sgd)) == [("learning_rate", 0.1, 0.3)]
    assert told(CLASSIC, trained_with(bias_initializer=Constant(0.0)))[0][0] == "bias_initializer.value"
    assert told(CLASSIC, trained_with(schedule=StepDecay(10)))[0][0] == "schedule"
    endless = trained_with(schedule=StepDecay(10**6), batch_size=1, epochs=90_000, snapshots=())
    assert "schedule" in [code for code, *_ in told(trained_with(batch_size=1, epochs=90_000, snapshots=()), endless)]


def test_one_number_for_both_seeds_is_one_change():
    both = replace(fed(seed=4), training=replace(CLASSIC.training, seeds=4))
    assert told(CLASSIC, both) == [("both_seeds", 0, 4)]
    apart = replace(fed(seed=4), training=replace(CLASSIC.training, seeds=5))
    assert {code for code, *_ in told(CLASSIC, apart)} == {"seed", "data_seed"}


def test_a_seed_that_does_nothing_is_no_difference():
    assert told(THREE, trained_with(THREE, seeds=5)) == []  # a given start, and all samples at once
    four_corners = replace(THREE, data=replace(THREE.data, seed=7))
    assert told(THREE, four_corners) == []
    assert told(THREE, trained_with(THREE, seeds=5, dropout=Dropout(0.1)))[1][0] == "seed"


def test_what_follows_from_the_data_is_not_told_twice():
    product = replace(
        CLASSIC,
        data=replace(CLASSIC.data, features=("x1", "x2", "product")),
        training=replace(CLASSIC.training, sizes=(3, 4, 2, 1)),
    )
    assert told(CLASSIC, product) == [("features", ("x1", "x2"), ("x1", "x2", "product"))]


def test_a_given_start_against_a_drawn_one():
    assert told(THREE, replace(THREE, start=())) == [("start", GIVEN, 0)]
    assert start_alike(THREE, replace(THREE, start=())) == GIVEN
    moved = replace(THREE, start=(0.5, *THREE.start[1:]))
    assert told(THREE, moved) == [("start", GIVEN, GIVEN)]
    assert start_alike(THREE, moved) == GIVEN


def test_starts_are_compared_to_the_last_bit():
    assert (
        start_alike(CLASSIC, trained_with(optimizer=optimizer("adam"), batch_size=7, dropout=Dropout(0.5))) == IDENTICAL
    )
    assert start_alike(CLASSIC, trained_with(batch_norm=BatchNorm())) == DENSE
    assert start_alike(CLASSIC, trained_with(sizes=(2, 8, 1), activations=(Tanh(), Tanh()))) == ARCHITECTURE
    assert start_alike(CLASSIC, trained_with(initializer=Uniform(0.50000001))) == DRAWN
    assert start_alike(CLASSIC, trained_with(seeds=1)) == SEED
    last = THREE.training.architecture.n_parameters - 1
    nudged = (*THREE.start[:last], THREE.start[last] + 1e-15)
    assert start_alike(THREE, replace(THREE, start=nudged)) == GIVEN


def test_samples_and_losses_that_are_the_same():
    assert same_samples(CLASSIC, trained_with(seeds=9))
    assert not same_samples(CLASSIC, fed(seed=1))
    assert not same_samples(CLASSIC, fed(test_share=0.0))
    assert comparable(CLASSIC, trained_with(epochs=5, snapshots=()))
    assert not comparable(CLASSIC, trained_with(loss=SquaredError()))
    sigmoid = trained_with(activations=(Tanh(), Tanh(), Sigmoid()))  # targets 0 and 1, not -1 and 1
    assert not comparable(CLASSIC, sigmoid)
    assert comparable(trained_with(loss=SquaredError()), trained_with(reported=SquaredError()))
    plane = PRESETS["plane"]
    assert comparable(plane, trained_with(plane, activations=(Tanh(),)))  # values have no coding


def test_the_order_of_the_batches():
    assert same_order(CLASSIC, trained_with(epochs=5, snapshots=(), l2=0.1))
    assert not same_order(CLASSIC, trained_with(seeds=1))
    assert not same_order(CLASSIC, trained_with(batch_size=11))
    assert not same_order(CLASSIC, fed(test_share=0.25))
    everything = trained_with(batch_size=None)
    assert same_order(everything, trained_with(batch_size=250, seeds=1))  # one batch has no order


def test_another_seed_keeps_the_samples_and_drops_a_given_start():
    other = with_seed(THREE, 8)
    assert (other.start, other.training.seeds, other.data) == ((), 8, THREE.data)
    assert Architecture(other.training.sizes, other.training.activations) == THREE.training.architecture


def test_updates():
    assert (n_batches(CLASSIC), n_updates(CLASSIC, 300)) == (25, 7500)
    assert n_updates(trained_with(batch_size=60), 10) == 50  # 250 samples: four batches of 60, one of 10
    assert n_updates(trained_with(batch_size=None), 10) == 10
    assert LabData().n_samples == 500
