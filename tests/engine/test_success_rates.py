"""Note 004's experiment in blocks: own seeds, blocks that add up, ends that are counted; and its script."""

import contextlib
import io
import math

import numpy as np
import pytest

from engine.errors import InputError
from engine.export_successes import trained_script, typed_script
from engine.proportions import (
    confidence_for_all,
    deviations,
    most_told_apart,
    newcombe,
    p_value,
    power,
    power_curve,
    trials_to_tell_apart,
    wilson,
)
from engine.success_rates import (
    ENDS,
    NOTE_COUNTS,
    NOTE_SCHEMES,
    OTHER,
    SCHEMES,
    Block,
    Setting,
    SuccessRate,
    blocks,
    of_counts,
    run,
    seeds,
    together,
)

QUICK = Setting(epochs=120, learning_rate=2.0)


def printed(script: str) -> list[str]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(script, "script.py", "exec"), {"__name__": "__main__"})
    return out.getvalue().splitlines()


# the experiment -----------------------------------------------------------------------------------------------


def test_no_two_schemes_share_a_seed():
    all_seeds = [seed for code in SCHEMES for seed in seeds(code, 0, 1000)]
    assert len(set(all_seeds)) == 1000 * len(SCHEMES)


def test_the_notes_words_are_schemes():
    assert set(NOTE_SCHEMES) == set(NOTE_COUNTS)
    assert set(NOTE_SCHEMES.values()) <= set(SCHEMES)


@pytest.mark.parametrize(("runs", "sizes"), [(10, [10]), (200, [200]), (500, [200, 200, 100]), (1000, [200] * 5)])
def test_blocks_cover_the_runs_once(runs, sizes):
    parts = blocks("he_normal", runs, QUICK)
    assert [part.runs for part in parts] == sizes
    assert [seed for part in parts for seed in part.seeds] == list(seeds("he_normal", 0, runs))


def test_more_runs_begin_with_the_same_ones():
    few, many = (blocks("xavier_normal", runs, QUICK) for runs in (200, 500))
    assert few[0] == many[0]


def test_blocks_together_are_the_same_runs():
    parts = [run(Block("xavier_uniform", first, 10, QUICK)) for first in (0, 10)]
    whole = run(Block("xavier_uniform", 0, 20, QUICK))
    both = together(parts)
    np.testing.assert_array_equal(both.succeeded, whole.succeeded)
    np.testing.assert_allclose(both.losses, whole.losses, rtol=1e-9)
    assert not both.losses.flags.writeable


def test_training_in_chunks_is_training_in_one_go():
    """1,100 epochs are three chunks; one update after another by hand is the same."""
    setting = Setting(learning_rate=1.0, epochs=1100)
    found = run(Block("xavier_normal", 0, 3, setting))
    X, Y = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0.0], [1], [1], [0]])
    for place, seed in enumerate(seeds("xavier_normal", 0, 3)):
        rng = np.random.default_rng([seed, 0])
        W1, W2 = SCHEMES["xavier_normal"].draw(rng, 2, 2), SCHEMES["xavier_normal"].draw(rng, 2, 1)
        b1, b2 = np.zeros(2), np.zeros(1)
        for _ in range(setting.epochs):
            h = 1 / (1 + np.exp(-(X @ W1 + b1)))
            a = 1 / (1 + np.exp(-(h @ W2 + b2)))
            d2 = a - Y
            d1 = d2 @ W2.T * h * (1 - h)
            W2, b2, W1, b1 = W2 - h.T @ d2, b2 - d2.sum(axis=0), W1 - X.T @ d1, b1 - d1.sum(axis=0)
        a = 1 / (1 + np.exp(-(1 / (1 + np.exp(-(X @ W1 + b1))) @ W2 + b2)))
        assert found.losses[place] == pytest.approx(-np.log(np.where(Y == 1, a, 1 - a)).mean(), rel=1e-6)
        assert found.succeeded[place] == ((a > 0.5) == (Y == 1)).all()


def test_biases_are_drawn_where_they_shall_be():
    zero, drawn = (run(Block("zeros", 0, 10, Setting(epochs=200, biases=code))) for code in ("zero", "pytorch"))
    assert zero.ends["plateau"] == 10
    np.testing.assert_allclose(zero.losses, math.log(2))
    assert len(set(drawn.losses.tolist())) == 10


def test_every_run_ends_somewhere_and_a_diverged_one_is_no_success():
    found = run(Block("xavier_normal", 0, 40, Setting(learning_rate=100.0, epochs=600)))
    assert found.n_diverged > 0
    assert not found.succeeded[np.isinf(found.losses)].any()
    assert sum(found.ends.values()) == 40
    assert found.ends[OTHER] >= found.n_diverged


def test_the_ends_are_what_such_outputs_cost():
    """Cross-entropies of four samples with these outputs for their targets."""
    third = -(math.log(2 / 3) * 2 + math.log(1 / 3)) / 4  # three share 2/3, and one of them should be 0
    assert ENDS["three_thirds"] == pytest.approx(third)
    assert ENDS["two_half"] == pytest.approx(2 * math.log(2) / 4)
    losses = np.array([0.001, *list(ENDS.values())[1:], 5.0])
    rate = SuccessRate(np.array([True, False, False, False, False]), losses)
    assert rate.ends == {"solved": 1, "two_half": 1, "three_thirds": 1, "plateau": 1, "other": 1}


def test_failures_of_the_default_lie_at_these_ends():
    found = run(Block("xavier_uniform", 0, 100, Setting()))
    assert found.ends[OTHER] <= 3
    assert found.ends["two_half"] > 10


def test_given_counts():
    rate = of_counts(84, 100)
    assert (rate.count, rate.runs) == (84, 100)
    assert rate.interval() == wilson(84, 100)


def test_the_cost_grows_with_what_is_asked_for():
    small = Block("zeros", 0, 10, Setting(epochs=100)).cost
    for larger in (
        Block("zeros", 0, 100, Setting(epochs=100)),
        Block("zeros", 0, 10, Setting(epochs=200)),
        Block("zeros", 0, 10, Setting(epochs=100, hidden=20)),
    ):
        assert larger.cost.operations > small.operations


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: Setting(hidden=21), "hidden"),
        (lambda: Setting(learning_rate=0.0), "learning_rate"),
        (lambda: Setting(epochs=10_001), "epochs"),
        (lambda: Setting(biases="one"), "biases"),
        (lambda: Block("xavier", 0, 10, QUICK), "scheme"),
        (lambda: Block("zeros", 0, 201, QUICK), "runs"),
        (lambda: Block("zeros", 995, 10, QUICK), "first"),
        (lambda: blocks("zeros", 9, QUICK), "runs"),
        (lambda: blocks("zeros", 1001, QUICK), "runs"),
        (lambda: of_counts(101, 100), "successes"),
        (lambda: of_counts(1, 10_001), "runs"),
    ],
)
def test_bad_values_are_named(call, argument):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.argument == argument


# tests and power ----------------------------------------------------------------------------------------------


def test_the_p_values_of_the_notes_counts():
    assert round(p_value((84, 71), (100, 100)), 3) == 0.028
    assert p_value((84, 74), (100, 100)) > 0.05
    assert p_value((71, 84), (100, 100)) == p_value((84, 71), (100, 100))
    assert p_value((5, 5), (10, 10)) == 1.0
    assert p_value((0, 0), (10, 20)) == p_value((10, 20), (10, 20)) == 1.0


def test_the_power_is_that_of_the_number_of_trials():
    for p1, p2, wanted in ((0.84, 0.74, 0.8), (0.5, 0.6, 0.9), (0.1, 0.02, 0.8)):
        n = trials_to_tell_apart(p1, p2, power=wanted)
        assert power(p1, p2, n) >= wanted > power(p1, p2, n - 1)


def test_the_power_is_what_repeated_experiments_show():
    rng = np.random.default_rng(0)
    pairs = rng.binomial(260, (0.84, 0.74), (4000, 2))
    found = np.mean([p_value((int(a), int(b)), (260, 260)) < 0.05 for a, b in pairs])
    assert found == pytest.approx(power(0.84, 0.74, 260), abs=0.02)


def test_the_curve_of_the_power():
    trials, powers = power_curve(0.84, 0.74, 1000)
    assert (trials[0], trials[-1]) == (10, 1000)
    assert trials == sorted(set(trials))
    assert powers == [power(0.84, 0.74, n) for n in trials]
    assert powers == sorted(powers)


def test_the_border_of_what_is_told_apart():
    assert most_told_apart(84, 100) == 72
    assert newcombe((84, 72), (100, 100)).low > 0 > newcombe((84, 73), (100, 100)).low
    assert most_told_apart(84, 100, confidence_for_all(3)) < 72
    assert most_told_apart(2, 100) == -1


def test_the_deviations_of_a_confidence():
    assert round(deviations(0.95), 4) == 1.96
    assert round(deviations(0.6), 4) == 0.8416  # one-sided 80%


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: p_value((11, 5), (10, 10)), "successes"),
        (lambda: p_value((1, 5), (0, 10)), "trials"),
        (lambda: power(0.0, 0.5, 10), "p1"),
        (lambda: power(0.4, 0.5, 0), "trials"),
        (lambda: power_curve(0.4, 0.5, 19), "most"),
        (lambda: most_told_apart(5, 10_001), "trials"),
        (lambda: deviations(1.0), "confidence"),
    ],
)
def test_bad_values_of_the_tests_are_named(call, argument):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.argument == argument


# scripts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("biases", ["zero", "pytorch"])
def test_the_script_trains_every_scheme_to_the_same_ends(biases):
    setting = Setting(hidden=3, learning_rate=1.5, epochs=150, biases=biases)
    lines = printed(trained_script(list(SCHEMES), 12, setting))
    for code in SCHEMES:
        found = run(Block(code, 0, 12, setting))
        (loss,) = [line for line in lines if line.startswith(f"{code} median")]
        assert float(loss.split()[-1]) == pytest.approx(float(np.median(found.losses)), rel=1e-9)
        assert any(line.startswith(f"{code} {found.count} of 12 interval") for line in lines)


def test_the_script_of_given_counts():
    lines = printed(typed_script(list(NOTE_COUNTS), list(NOTE_COUNTS.values()), 100))
    (line,) = [line.split() for line in lines if line.startswith("normal minus default")]
    alone, strict = newcombe((84, 71), (100, 100)), newcombe((84, 71), (100, 100), confidence_for_all(3))
    assert [float(line[at]) for at in (5, 6, 8, 9)] == pytest.approx([alone.low, alone.high, strict.low, strict.high])
