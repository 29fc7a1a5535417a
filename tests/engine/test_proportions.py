"""Intervals of proportions against printed figures, and note 004's experiment."""

import math

import numpy as np
import pytest

from engine.errors import InputError
from engine.initializers import initializer
from engine.proportions import (
    confidence_for_all,
    halfway,
    newcombe,
    normal_is_rough,
    power,
    sign_test,
    trials_to_tell_apart,
    wilson,
)
from engine.success_rates import NOTE_COUNTS, SuccessRate, xor_successes


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_the_printed_one(successes, trials, low, high):
    interval = wilson(successes, trials)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


def test_the_sign_test_counts_the_outcomes_at_least_as_one_sided():
    assert sign_test(5, 0) == sign_test(0, 5) == 2 / 2**5
    assert sign_test(10, 0) == 2 / 2**10
    assert sign_test(9, 1) == 2 * 11 / 2**10
    assert sign_test(8, 2) == 2 * 56 / 2**10
    assert sign_test(3, 3) == sign_test(0, 0) == 1.0
    for bad in ((-1, 2), (2, 100_001), (0.5, 1)):
        with pytest.raises(InputError):
            sign_test(*bad)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    # Newcombe (1998), "Interval estimation for the difference between independent proportions", table II, method 10
    [((56, 48), (70, 80), 0.0524, 0.3339), ((9, 3), (10, 10), 0.1705, 0.8090), ((10, 0), (10, 10), 0.6075, 1.0)],
)
def test_newcombes_interval_is_the_printed_one(successes, trials, low, high):
    interval = newcombe(successes, trials)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


def test_the_notes_counts():
    counts = NOTE_COUNTS
    far = newcombe((counts["normal"], counts["default"]), (100, 100))
    near = newcombe((counts["normal"], counts["uniform"]), (100, 100))
    assert (round(far.low, 3), round(far.high, 3)) == (0.014, 0.242)
    assert (round(near.low, 3), round(near.high, 3)) == (-0.013, 0.211)
    assert far.excludes_zero
    assert not near.excludes_zero
    # the single intervals of the pair that differs overlap: they are not the way to compare
    assert wilson(84, 100).low < wilson(71, 100).high


def test_how_many_runs_tell_84_from_74():
    assert trials_to_tell_apart(0.84, 0.74) == 260
    assert trials_to_tell_apart(0.74, 0.84) == 260
    assert trials_to_tell_apart(0.84, 0.74, power=0.9) > 340


def test_a_swap_turns_the_interval_around():
    one, other = newcombe((84, 71), (100, 100)), newcombe((71, 84), (100, 100))
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


def test_several_comparisons_need_more_confidence_each():
    assert confidence_for_all(3) == pytest.approx(1 - 0.05 / 3)
    assert newcombe((84, 71), (100, 100), confidence_for_all(3)).low < 0 < newcombe((84, 71), (100, 100)).low


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: wilson(5, 0), "trials"),
        (lambda: wilson(11, 10), "successes"),
        (lambda: wilson(1, 10, 1.0), "confidence"),
        (lambda: trials_to_tell_apart(0.5, 0.5), "difference of p1 and p2"),
        (lambda: trials_to_tell_apart(0.5, 0.6, power=1.0), "power"),
        (lambda: xor_successes(initializer("normal"), hidden=0), "hidden"),
        (lambda: xor_successes(initializer("normal"), seeds=range(201)), "number of seeds"),
    ],
)
def test_bad_values_are_named(call, argument):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.argument == argument


def test_a_stack_of_runs_succeeds_where_its_runs_do_alone():
    stacked = xor_successes(initializer("xavier_normal"), seeds=range(12), epochs=500)
    alone = [xor_successes(initializer("xavier_normal"), seeds=[seed], epochs=500).succeeded[0] for seed in range(12)]
    assert stacked.succeeded.tolist() == alone
    assert 0 < stacked.count < 12


def test_zeros_never_learn_and_more_hidden_units_help():
    assert xor_successes(initializer("zeros"), seeds=range(5), epochs=200).count == 0
    few, many = (xor_successes(initializer("xavier_normal"), range(30), hidden=h, epochs=1000) for h in (2, 8))
    assert many.count > few.count


def test_a_rate_gives_its_intervals():
    rates = [SuccessRate(np.arange(100) < count) for count in (84, 71)]
    assert rates[0].count == 84
    assert rates[0].interval() == wilson(84, 100)
    assert rates[0].difference(rates[1]) == newcombe((84, 71), (100, 100))


def test_where_the_normal_approximation_of_the_power_is_rough():
    def exact(p1, p2, n):
        """The probability that Newcombe's interval leaves out 0, over all pairs of counts."""
        chances = [[math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)] for p in (p1, p2)]
        return sum(
            a * b
            for i, a in enumerate(chances[0])
            for j, b in enumerate(chances[1])
            if a * b > 1e-9 and newcombe((i, j), (n, n)).excludes_zero
        )

    assert normal_is_rough(0.99, 0.95)
    assert power(0.99, 0.95, 100) - exact(0.99, 0.95, 100) == pytest.approx(0.075, abs=0.001)
    assert normal_is_rough(0.5, 0.05)
    assert not normal_is_rough(0.84, 0.74)
    assert abs(power(0.84, 0.74, 100) - exact(0.84, 0.74, 100)) < 0.01


def test_half_as_far_apart():
    assert halfway(0.84, 0.74) == pytest.approx(0.79)
    ratio = trials_to_tell_apart(0.99, halfway(0.99, 0.95)) / trials_to_tell_apart(0.99, 0.95)
    assert 2.3 < ratio < 3.3  # near 1 it is not four
