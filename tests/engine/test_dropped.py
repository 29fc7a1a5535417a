"""Dropout on a small network: masks, passes, exact means, and the script that repeats them."""

import contextlib
import io
import math
from dataclasses import replace

import numpy as np
import pytest

from engine import dropped
from engine.dropped import MOST_MASKS, RATES, DropoutNet
from engine.errors import InputError
from engine.experiment import random_start
from engine.export_dropped import dropped_script

NETS = [
    DropoutNet(network, hidden, output, kind, 0.3, seed)
    for seed, (network, hidden, output, kind) in enumerate(
        [
            ("one", "tanh", "linear", "inverted"),
            ("one", "relu", "sigmoid", "classic"),
            ("two", "tanh", "linear", "inverted"),
            ("two", "sigmoid", "linear", "classic"),
            ("two", "relu", "sigmoid", "inverted"),
            ("two", "linear", "linear", "classic"),
        ]
    )
]
each_net = pytest.mark.parametrize("config", NETS, ids=lambda c: f"{c.network}-{c.hidden}-{c.output}-{c.kind}")
FUNCTIONS = {
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "linear": lambda z: z,
}


def by_hand(config, mask, scale):
    """The output for one mask, from the definition."""
    flat, a, start = np.array(random_start(config.sizes, config.seed)), np.array(config.x), 0
    for W in config.architecture.weights(flat)[:-1]:
        a = FUNCTIONS[config.hidden](a @ W)
        a = a * mask[start : start + len(a)] * scale
        start += len(a)
    return float(FUNCTIONS[config.output](a @ config.architecture.weights(flat)[-1])[0])


def printed(script):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(script, "script.py", "exec"), {"__name__": "__main__"})
    return out.getvalue().splitlines()


@each_net
def test_outputs_are_those_of_the_definition(config):
    scale = 1 / 0.7 if config.kind == "inverted" else 1.0
    for which in (1, 7, 5000):
        mask = dropped.mask(config, which)
        assert dropped.outputs(config, mask[None])[0] == pytest.approx(by_hand(config, mask, scale), rel=1e-12)
    testing = 1.0 if config.kind == "inverted" else 0.7
    assert dropped.outputs(config)[0] == pytest.approx(by_hand(config, np.ones(config.units), testing), rel=1e-12)


@each_net
def test_mean_and_spread_are_summed_over_every_mask(config):
    scale, mean, square = config.scale, 0.0, 0.0
    for number in range(2**config.units):
        mask = np.array([number >> unit & 1 for unit in range(config.units)], float)
        weight = math.prod(0.7 if kept else 0.3 for kept in mask)
        output = by_hand(config, mask, scale)
        mean, square = mean + weight * output, square + weight * output**2
    found = dropped.over_masks(config)
    assert found.mean == pytest.approx(mean, rel=1e-10)
    assert found.std == pytest.approx(math.sqrt(square - mean**2), rel=1e-7)
    assert found.gap == pytest.approx(mean - found.evaluation, abs=1e-12)
    assert config.exact == (abs(found.gap) < 1e-12)
    assert replace(config, drop_rate=0.0).exact


@each_net
def test_the_mean_of_many_masks_is_near_the_exact_one(config):
    found = dropped.over_masks(config)
    assert found.at[0] == 1
    assert found.at[-1] == MOST_MASKS
    assert found.running_mean[-1] == pytest.approx(found.outputs.mean(), rel=1e-12)
    assert found.mean_until(40) == pytest.approx(found.outputs[:40].mean())
    assert abs(found.running_mean[-1] - found.mean) < 4 * found.error[-1]
    assert found.error[-1] == pytest.approx(found.std / math.sqrt(MOST_MASKS))
    assert found.outputs.std() == pytest.approx(found.std, rel=0.1)


@each_net
def test_the_curve_over_the_rates_goes_through_this_rate(config):
    rates, masks = dropped.over_rates(config), dropped.over_masks(config)
    at = RATES.index(0.3)
    assert (rates.mean[at], rates.std[at], rates.evaluation[at]) == pytest.approx(
        (masks.mean, masks.std, masks.evaluation), rel=1e-10
    )
    assert rates.std[0] == pytest.approx(0, abs=1e-12)  # without dropout nothing scatters
    other = dropped.over_rates(replace(config, drop_rate=0.8))
    np.testing.assert_array_equal(other.mean, rates.mean)


def test_a_mask_has_the_share_of_zeros_that_its_rate_says():
    config = DropoutNet(drop_rate=0.2)
    kept = np.stack([dropped.mask(config, which) for which in range(1, 1001)])
    assert kept.mean() == pytest.approx(0.8, abs=0.02)
    more = np.stack([dropped.mask(replace(config, drop_rate=0.6), which) for which in range(1, 1001)])
    assert (more <= kept).all()  # what a low rate drops, a higher one drops too


def test_all_masks_are_all_different_and_their_probabilities_add_up():
    masks = dropped.all_masks(5)
    assert len(np.unique(masks, axis=0)) == 32
    assert dropped.probabilities(masks, 0.37).sum() == pytest.approx(1)
    assert dropped.probabilities(masks, 0.0).tolist().count(0.0) == 31


def test_the_units_of_a_pass():
    config = DropoutNet(seed=2)
    trace = dropped.passed(config, 2)
    units = dropped.units(trace)
    assert [unit.kept for unit in units] == (dropped.mask(config, 2) == 1).tolist()
    for unit in units:
        assert unit.factor == (2.0 if unit.kept else 0.0)
        assert unit.passed == pytest.approx(unit.a * unit.factor)
        assert unit.gradient == pytest.approx(unit.gradient_passed * unit.factor)
    for layer, unit in ((unit.layer, unit.unit - 1) for unit in units if not unit.kept):
        assert not trace.dW[layer - 1][:, unit].any()  # incoming weights
        assert not trace.dW[layer][unit].any()  # outgoing weights
    assert all(unit.kept and unit.factor == 1 for unit in dropped.units(dropped.passed(config, None)))


def test_gradients_agree_with_differences():
    """Of the loss by the output of a unit before dropout, through the mask."""
    config = DropoutNet("one", "tanh", "sigmoid", drop_rate=0.4, seed=1)
    units = dropped.units(dropped.passed(config, 3))
    w = config.architecture.weights(np.array(random_start(config.sizes, config.seed)))[1][:, 0]

    def loss(a):
        passed = a * [unit.factor for unit in units]
        return 0.5 * (1 / (1 + math.exp(-passed @ w)) - 1) ** 2

    a, h = np.array([unit.a for unit in units]), 1e-6
    for place, unit in enumerate(units):
        step = h * (np.arange(4) == place)
        assert unit.gradient == pytest.approx((loss(a + step) - loss(a - step)) / (2 * h), abs=1e-8)


def test_scaling_by_the_wrong_probability():
    config = DropoutNet("one", kind="classic", drop_rate=0.2, seed=4)
    right = dropped.outputs(config)[0]
    assert dropped.wrong_evaluation(config) == pytest.approx(right * 0.2 / 0.8)
    half = replace(config, drop_rate=0.5)
    assert dropped.wrong_evaluation(half) == pytest.approx(dropped.outputs(half)[0])


def test_the_rate_of_a_spread():
    assert dropped.rate_of_relative_spread(2.0) == pytest.approx(0.8)
    assert dropped.rate_of_relative_spread(1.0) == 0.5
    outputs = np.array([0.0, 1 / (1 - 0.8)])  # of a = 1, dropped and kept
    mean = outputs @ [0.8, 0.2]
    assert math.sqrt(outputs**2 @ [0.8, 0.2] - mean**2) / mean == pytest.approx(2)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: DropoutNet("three"), "network"),
        (lambda: DropoutNet(hidden="gelu"), "hidden"),
        (lambda: DropoutNet(output="tanh"), "output"),
        (lambda: DropoutNet(kind="both"), "kind"),
        (lambda: DropoutNet(drop_rate=1.0), "drop_rate"),
        (lambda: DropoutNet(seed=-1), "seed"),
        (lambda: DropoutNet(x=(4.0, 0.0)), "x"),
        (lambda: dropped.mask(DropoutNet(), 0), "mask"),
        (lambda: dropped.mask(DropoutNet(), 5001), "mask"),
        (lambda: dropped.all_masks(13), "units"),
        (lambda: dropped.rate_of_relative_spread(-1), "ratio"),
    ],
)
def test_bad_values_are_named(call, argument):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.argument == argument


@each_net
@pytest.mark.parametrize("training", [True, False])
def test_the_script_repeats_the_pass(config, training):
    lines = [line.split() for line in printed(dropped_script(config, 6, training))]
    trace = dropped.passed(config, 6 if training else None)
    units = dropped.units(trace)
    for line, unit in zip(lines[: len(units)], units, strict=True):
        assert line[:3] == ["unit", str(unit.layer), str(unit.unit)]
        assert [float(line[at]) for at in (4, 6, 8)] == pytest.approx([unit.a, unit.passed, unit.gradient], abs=1e-12)
    found = dropped.over_masks(config)
    said = [float(line[-1]) for line in lines[len(units) :]]
    assert said == pytest.approx([trace.a[-1][0, 0], found.evaluation, found.mean_until(6), found.std])
    assert float(lines[-1][4]) == pytest.approx(found.mean)
