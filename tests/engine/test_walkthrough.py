"""The order of a hand calculation: nothing is used before it is known, nothing is left out."""

from itertools import pairwise

import numpy as np
import pytest

from engine.activations import Sigmoid
from engine.network import Architecture
from engine.walkthrough import KINDS, Step, parameter_names, steps

SIZES = [(1, 1), (1, 1, 1), (2, 2, 2), (2, 3, 1), (4, 4, 4, 4, 4), (3, 1, 2, 4)]


def architecture(sizes):
    return Architecture(sizes, (Sigmoid(),) * (len(sizes) - 1))


def test_the_chain_in_full():
    expected = [
        Step("pre_activation", 0, 0),
        Step("activation", 0, 0),
        Step("pre_activation", 1, 0),
        Step("activation", 1, 0),
        Step("loss"),
        Step("delta", 1, 0),
        Step("weight_gradient", 1, 0, 0),
        Step("delta", 0, 0),
        Step("weight_gradient", 0, 0, 0),
        Step("update", 0, 0, 0),
        Step("update", 1, 0, 0),
    ]
    assert list(steps((1, 1, 1), learn_biases=False)) == expected


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("biases", [True, False])
def test_every_number_comes_once(sizes, biases):
    found = steps(sizes, biases)
    layers = range(len(sizes) - 1)
    units = {(n, unit, -1) for n in layers for unit in range(sizes[n + 1])}
    weights = {(n, unit, source) for n in layers for unit in range(sizes[n + 1]) for source in range(sizes[n])}
    expected = dict.fromkeys(("pre_activation", "activation", "delta"), units)
    expected |= dict.fromkeys(("weight_gradient", "update"), weights) | {"loss": {(-1, -1, -1)}}
    expected |= dict.fromkeys(("bias_gradient", "bias_update"), units if biases else set())
    for kind in KINDS:
        of_kind = [(s.layer, s.unit, s.source) for s in found if s.kind == kind]
        assert len(of_kind) == len(set(of_kind))
        assert set(of_kind) == expected[kind]
    assert len(found) == sum(map(len, expected.values()))


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("biases", [True, False])
def test_nothing_is_used_before_it_is_known(sizes, biases):
    found = steps(sizes, biases)
    place = {step: index for index, step in enumerate(found)}
    last = len(sizes) - 2
    for step, index in place.items():
        needed = []
        if step.kind == "pre_activation" and step.layer:
            needed = [Step("activation", step.layer - 1, k) for k in range(sizes[step.layer])]
        elif step.kind == "activation":
            needed = [Step("pre_activation", step.layer, step.unit)]
        elif step.kind == "loss":
            needed = [Step("activation", last, k) for k in range(sizes[-1])]
        elif step.kind == "delta" and step.layer == last:
            needed = [Step("loss")]
        elif step.kind == "delta":
            needed = [Step("delta", step.layer + 1, k) for k in range(sizes[step.layer + 2])]
        elif step.kind in ("weight_gradient", "bias_gradient"):
            needed = [Step("delta", step.layer, step.unit)]
        assert all(place[other] < index for other in needed)


@pytest.mark.parametrize("sizes", SIZES)
def test_all_gradients_come_before_the_first_update(sizes):
    updates = [step.kind.endswith("update") for step in steps(sizes)]
    assert all(earlier <= later for earlier, later in pairwise(updates))
    assert updates.count(True) == architecture(sizes).n_parameters


@pytest.mark.parametrize("sizes", SIZES)
def test_parameter_names_stand_in_flat_order(sizes):
    of = architecture(sizes)
    # Each parameter gets a number that says which one it is: 1000 layer + 10 source + unit; a bias has source 0.
    weights = [
        np.add.outer(10 * np.arange(1, fan_in + 1), np.arange(1, fan_out + 1)) + 1000 * n
        for n, (fan_in, fan_out) in enumerate(of.fans, 1)
    ]
    biases = [np.arange(1, fan_out + 1) + 1000 * n for n, (_, fan_out) in enumerate(of.fans, 1)]
    expected = []
    for code in of.pack(weights, biases).astype(int):
        layer, source, unit = code // 1000, code % 1000 // 10, code % 10
        expected.append(f"W{layer}: {source} → {unit}" if source else f"b{layer}: {unit}")
    assert parameter_names(sizes) == expected
