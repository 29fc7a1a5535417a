"""What a training is said to take: more for more of anything. Nothing timed is asserted: `seconds` is an estimate."""

from dataclasses import replace

import pytest

from engine import training_time
from engine.activations import ACTIVATIONS, ReLU, Tanh
from engine.adam import Adam
from engine.layers import BatchNorm, Dropout
from engine.losses import LOSSES, CrossEntropy, SquaredError
from engine.momentum import SGD
from engine.training_config import TrainingConfig

BASE = TrainingConfig(
    (2, 8, 4, 1), (Tanh(), Tanh(), Tanh()), SquaredError(), SGD(learning_rate=0.1), epochs=50, batch_size=10
)


@pytest.mark.parametrize(
    "more",
    [
        replace(BASE, epochs=51),
        replace(BASE, batch_size=9),
        replace(BASE, seeds=(0, 1)),
        replace(BASE, sizes=(2, 9, 4, 1)),
        replace(BASE, sizes=(2, 8, 4, 4, 1), activations=(Tanh(),) * 4),
        replace(BASE, optimizer=Adam(learning_rate=0.1)),
        replace(BASE, loss=CrossEntropy(), activations=(Tanh(), Tanh(), ACTIVATIONS["sigmoid"]())),
        replace(BASE, l1=0.1),
        replace(BASE, l2=0.1),
        replace(BASE, clip_norm=1.0),
        replace(BASE, batch_norm=BatchNorm()),
        replace(BASE, dropout=Dropout(0.2)),
        replace(BASE, dropout=(Dropout(0.2), None)),
        replace(BASE, activations=(ACTIVATIONS["gelu"](), Tanh(), Tanh())),
    ],
)
def test_more_of_anything_takes_longer(more):
    assert more.seconds(100, 50) > BASE.seconds(100, 50)


def test_more_samples_take_longer_and_a_cheaper_activation_does_not():
    assert BASE.seconds(110, 50) > BASE.seconds(100, 50)
    assert BASE.seconds(100, 60) > BASE.seconds(100, 50) > BASE.seconds(100)
    assert replace(BASE, activations=(ReLU(), ReLU(), Tanh())).seconds(100) < BASE.seconds(100)


def test_time_is_proportional_to_epochs_but_for_the_setting_up():
    once, twice = (replace(BASE, epochs=epochs).seconds(100, 50) for epochs in (1000, 2000))
    assert 1.99 < twice / once < 2.0


def test_a_stack_takes_less_than_its_runs_alone_where_networks_are_small():
    stack = replace(BASE, seeds=tuple(range(50)))
    assert BASE.seconds(100, 50) < stack.seconds(100, 50) < 25 * BASE.seconds(100, 50)
    wide = replace(BASE, sizes=(2, 512, 512, 1), batch_size=None)
    assert replace(wide, seeds=tuple(range(50))).seconds(500) > 40 * wide.seconds(500)


def test_a_batch_that_measures_itself_is_passed_through_once():
    """One batch without steps: the evaluation is the next update's own forward pass."""
    full = replace(BASE, batch_size=None)
    normalized = replace(full, batch_norm=BatchNorm())
    own_pass = (normalized.seconds(20_000) - full.seconds(20_000)) / full.seconds(20_000)
    assert own_pass > 0.5


def test_what_is_named_exists():
    assert set(training_time.ACTIVATIONS) <= set(ACTIVATIONS)
    assert set(training_time.LOSSES) <= set(LOSSES)


def test_an_estimate_by_hand():
    """One layer, one sample, one update: every number that goes into it."""
    config = TrainingConfig((1, 1), (Tanh(),), SquaredError(), SGD(learning_rate=0.1), epochs=1)
    t = training_time
    calls = t.RUN + t.LAYER + 3 * t.LINE  # two lines of the formula and the loss
    numbers = 2 * (3 * t.PARAMETER + 6 * t.KEPT) + 2 * 3 * t.PRODUCT + 6 * 2 * t.VALUE
    assert config.seconds(1) == pytest.approx(1e-6 * calls + 1e-9 * numbers, rel=1e-12)
