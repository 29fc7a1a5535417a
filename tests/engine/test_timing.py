"""Measuring with a clock that is set by hand: what is made of the seconds, and when it ends."""

import itertools
import math

import numpy as np
import pytest

from engine.activations import Linear, ReLU, Sigmoid, Tanh
from engine.errors import InputError
from engine.timing import MIN_ROUNDS, Timings, measure, quartiles, share_on_paper

KINDS = (Sigmoid(), ReLU(), Tanh())


def timings(f, slope, product, names=("sigmoid", "relu"), n_values=1_000_000):
    return Timings(names, n_values, np.array([f, slope], dtype=float), np.array(product, dtype=float))


# ------------------------------------------------------------------ measuring


def test_rounds_and_shapes():
    found = measure(KINDS, n_values=1000, rounds=5)
    assert found.names == ("sigmoid", "relu", "tanh")
    assert found.n_values == 1000
    assert found.seconds.shape == (2, 3, 5)
    assert found.product.shape == (5,)
    assert found.n_rounds == 5
    assert (found.seconds > 0).all()
    assert (found.product > 0).all()
    with pytest.raises(ValueError, match="read-only"):
        found.seconds[...] = 0


def test_a_spent_budget_ends_it_after_the_fewest_rounds():
    ticks = itertools.count()
    found = measure(KINDS, n_values=1000, rounds=50, budget=1.0, clock=lambda: float(next(ticks)))
    assert found.n_rounds == MIN_ROUNDS
    np.testing.assert_array_equal(found.seconds, 1.0)  # each run lies between two ticks
    np.testing.assert_array_equal(found.product, 1.0)


def test_each_round_begins_with_another_and_the_first_one_is_not_counted():
    order = []

    class Recorded(ReLU):
        def apply(self, z, out):
            order.append("relu")
            return super().apply(z, out)

    class Other(Linear):
        def apply(self, z, out):
            order.append("linear")
            return super().apply(z, out)

    found = measure((Recorded(), Other()), n_values=1000, rounds=3)
    assert found.n_rounds == 3
    warm_up, *rounds = zip(order[::2], order[1::2], strict=True)
    assert warm_up == ("relu", "linear")
    assert rounds == [("relu", "linear"), ("linear", "relu"), ("relu", "linear")]


def test_the_slope_gets_its_own_functions_values():
    seen = []

    class Watched(Sigmoid):
        def slope(self, z, a, out):
            seen.append(np.abs(a - 1 / (1 + np.exp(-z))).max())
            return super().slope(z, a, out)

    measure((ReLU(), Watched()), n_values=1000, rounds=3)
    assert len(seen) == 4
    assert max(seen) < 1e-15


@pytest.mark.parametrize(
    "changes",
    [
        {"n_values": 999},
        {"n_values": 1_000_001},
        {"rounds": 2},
        {"rounds": 51},
        {"budget": 5.1},
        {"budget": math.nan},
        {"activations": (Sigmoid(),)},
    ],
)
def test_bad_input_is_refused_before_anything_runs(changes):
    with pytest.raises(InputError):
        measure(**{"activations": KINDS, **changes})


# ------------------------------------------------------------------ what is made of it


def test_ratios_are_taken_within_a_round():
    """A round that is ten times as slow for both changes nothing."""
    found = timings(f=[[4, 8, 40], [1, 2, 10]], slope=[[3, 3, 3], [1, 3, 6]], product=[1, 1, 1])
    assert found.ratios.median.tolist() == [[4, 1], [1, 1]]
    assert found.ratios.low.tolist() == [[4, 1], [0.75, 1]]
    assert found.ratios.high.tolist() == [[4, 1], [2, 1]]
    assert found.ratios.smallest.tolist() == [[4, 1], [0.5, 1]]


def test_seconds_for_a_million():
    found = timings(f=[[2, 4], [1, 1]], slope=[[1, 1], [1, 1]], product=[6, 2], n_values=10_000)
    assert found.per_million.median.tolist() == [[300, 100], [100, 100]]
    assert found.product_per_million.median == 400


def test_share_of_a_layer_and_cost_in_multiplications():
    found = timings(f=[[1, 1, 1], [1, 1, 1]], slope=[[1, 1, 1], [1, 1, 1]], product=[1, 3, 9])
    assert found.shares.median.tolist() == [0.25, 0.25]
    assert found.multiplications.median.tolist() == pytest.approx([100 / 3, 100 / 3])
    c = found.multiplications.median[0]
    assert share_on_paper(100, c) == pytest.approx(found.shares.median[0])


def test_a_verdict_needs_rounds_that_agree():
    ones = np.ones(8)
    slower, mixed = 2 * ones, np.where(np.arange(8) < 7, 2.0, 0.5)
    assert timings([slower, ones], [mixed, ones], ones).verdicts.tolist() == [[1, 0], [0, 0]]
    assert timings([ones / 2, ones], [slower, ones], ones).verdicts.tolist() == [[-1, 0], [1, 0]]
    seven = np.ones(7)
    assert timings([2 * seven, seven], [2 * seven, seven], seven).verdicts.tolist() == [[0, 0], [0, 0]]


def test_quartiles():
    found = quartiles(np.arange(5.0))
    assert (found.smallest, found.low, found.median, found.high) == (0, 1, 2, 3)


def test_the_share_on_paper():
    assert share_on_paper(100, 20) == pytest.approx(1 / 6)
    assert share_on_paper(1, 0) == 0
    for bad in ((0, 1.0), (10, -1.0), (10, math.inf)):
        with pytest.raises(InputError):
            share_on_paper(*bad)
