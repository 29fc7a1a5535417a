"""Costs add up, are compared in both numbers, and a training's estimate follows what makes it long."""

import math
from dataclasses import replace

import pytest

from engine.activations import Sigmoid
from engine.cost import Cost, in_turn, of_numbers
from engine.errors import InputError
from engine.losses import CrossEntropy
from engine.momentum import SGD
from engine.training_config import TrainingConfig


def test_costs_add_up():
    assert in_turn([Cost(1e6, 2.0), Cost(2e6, 3.0)]) == Cost(3e6, 5.0)
    assert in_turn([]) == Cost(0.0, 0.0)
    assert of_numbers(5.0, 1e6) == Cost(5.0, 8.0)
    assert Cost(2e9).seconds == 2.0


def test_what_is_given_back_is_there_for_the_next_one():
    """Ten networks that need 150 MB each, and leave 1 MB each behind, need 159 MB in turn."""
    cost = in_turn([Cost(1e9, 150.0, 1.0)] * 10)
    assert (cost.operations, cost.megabytes, cost.kept) == (1e10, 159.0, 10.0)
    assert Cost(1.0, 5.0).kept == 5.0
    with pytest.raises(InputError):
        Cost(1.0, 5.0, 6.0)


@pytest.mark.parametrize(("cost", "fits"), [((1, 1), True), ((2, 1), False), ((1, 2), False), ((0, 0), True)])
def test_both_numbers_must_fit(cost, fits):
    assert Cost(*cost).within(Cost(1, 1)) is fits


@pytest.mark.parametrize(("value", "code"), [(-1, "out_of_range"), (math.nan, "not_finite"), ("x", "not_a_number")])
def test_bad_costs(value, code):
    for arguments in ((value, 0), (0, value)):
        with pytest.raises(InputError) as caught:
            Cost(*arguments)
        assert caught.value.code == code


def test_a_training_costs_more_with_all_that_makes_it_longer():
    config = TrainingConfig(
        sizes=(2, 8, 1),
        activations=(Sigmoid(), Sigmoid()),
        loss=CrossEntropy("sum"),
        optimizer=SGD(learning_rate=0.1),
        epochs=100,
        seeds=(0, 1),
    )
    cost = config.cost(200, 100)
    assert cost.seconds == pytest.approx(config.seconds(200, 100))
    # history (4 + 2 layers), parameters 33 six times, buffers of 500 rows of 11 units six times, four times the outputs
    # and gradients of the epochs that are collected; two runs, 8 bytes
    assert cost.megabytes == pytest.approx(8e-6 * 2 * (100 * 6 + 6 * 33 + 6 * 500 * 11 + 4 * 100 * (200 + 33)))
    for more in (
        replace(config, epochs=200),
        replace(config, seeds=(0, 1, 2)),
        replace(config, sizes=(2, 16, 1)),
        replace(config, batch_size=10, snapshots=(0, 50)),
    ):
        assert more.cost(200, 100).operations > cost.operations
        assert more.cost(200, 100).megabytes >= cost.megabytes
    endless = replace(config, epochs=100_000).cost(200, 100).megabytes
    assert endless < 8e-6 * 2 * 100_000 * 6 + 70  # so many epochs are collected a million numbers at a time


def test_what_is_given_back_does_not_add_up():
    cost = Cost(1.0, 100.0).keeping(2.0)
    assert in_turn([cost] * 5) == Cost(5.0, 108.0, 10.0)
    assert Cost(1.0, 1.0).keeping(2.0).kept == 1.0  # never more than there was
