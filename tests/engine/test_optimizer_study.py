"""Optimizers on XOR: the stack equals single runs, medians and counts equal those made by hand, the script agrees."""

import contextlib
import io
import itertools
import math
from dataclasses import replace
from statistics import median, quantiles

import numpy as np
import pytest

from engine import examples
from engine.activations import Sigmoid
from engine.datasets import gate_samples
from engine.errors import InputError
from engine.experiment import random_start, run
from engine.export_study import study_script
from engine.optimizer_study import (
    LOSSES,
    NEAR,
    RATES,
    SEARCH_SEEDS,
    StudyConfig,
    compare,
    search,
    study,
)
from engine.optimizers import OPTIMIZERS, optimizer
from engine.trainer import train
from engine.training_config import TrainingConfig

SMALL = StudyConfig(updates=120, n_seeds=7)
XOR = gate_samples("xor")


def one_by_one(config, code, rate, seeds):
    """(losses, scores) of each start, trained alone."""
    found = []
    for seed in seeds:
        alone = TrainingConfig(
            sizes=config.sizes,
            activations=(Sigmoid(), Sigmoid()),
            loss=LOSSES[config.loss],
            optimizer=optimizer(code, learning_rate=rate),
            epochs=config.updates,
        )
        history = train(alone, XOR, start=random_start(config.sizes, seed))
        found.append((history.train_loss, history.train_score))
    return [np.array(part) for part in zip(*found, strict=True)]


@pytest.mark.parametrize("code", OPTIMIZERS)
def test_the_stack_equals_single_runs(code):
    outcome = study(SMALL, code, 0.05)
    losses, scores = one_by_one(SMALL, code, 0.05, SMALL.seeds)
    np.testing.assert_allclose(outcome.final, losses[:, -1], rtol=1e-9)
    np.testing.assert_allclose(outcome.median, [median(column) for column in losses.T], rtol=1e-9)
    thirds = [quantiles(column, n=4, method="inclusive") for column in losses.T]
    np.testing.assert_allclose(outcome.low, [low for low, _, _ in thirds], rtol=1e-9)
    np.testing.assert_allclose(outcome.high, [high for _, _, high in thirds], rtol=1e-9)
    assert outcome.solved.tolist() == (scores[:, -1] == 1).tolist()
    assert (outcome.code, outcome.learning_rate, outcome.n_seeds) == (code, 0.05, 7)


@pytest.mark.parametrize("loss", LOSSES)
def test_plain_descent_is_the_calculators(loss):
    config = StudyConfig(loss=loss, updates=60, n_seeds=1)
    outcome = study(config, "sgd", 0.5)
    own = replace(examples.XOR, parameters=random_start((2, 2, 1), 0), loss=LOSSES[loss], learning_rate=0.5)
    np.testing.assert_allclose(outcome.median, run(own, 60).losses, rtol=1e-12)
    assert outcome.at.tolist() == list(range(61))


def test_seed_4_is_the_calculators_own_start():
    outcome = study(StudyConfig(updates=200, n_seeds=5), "sgd", examples.XOR.learning_rate)
    assert outcome.final[4] == pytest.approx(run(examples.XOR, 200).losses[-1], rel=1e-12)


def test_curves_have_151_points_at_most():
    config = StudyConfig(updates=5000)
    assert len(config.at) == 151
    assert (config.at[0], config.at[-1]) == (0, 5000)


def test_the_figures_of_the_default_screen():
    found = {code: study(StudyConfig(), code, 0.1) for code in ("sgd", "momentum", "rmsprop", "adam")}
    assert [o.n_solved for o in found.values()] == [15, 22, 9, 13]
    assert [o.updates_to_solve for o in found.values()] == [823, 112, math.inf, 78]
    assert [o.n_on_plateau for o in found.values()] == [4, 0, 0, 0]
    assert [o.median[-1] for o in found.values()] == pytest.approx([0.685845, 0.0104310, 1.3868, 0.00554675], rel=1e-4)


def test_the_update_after_which_the_answers_stay_right():
    config = StudyConfig(hidden=4, updates=300, n_seeds=20)
    outcome = study(config, "rprop", 1.0)  # so large that right answers are lost and found again
    _, scores = one_by_one(config, "rprop", 1.0, config.seeds)
    found_again = 0
    for at, row in zip(outcome.solved_at, scores, strict=True):
        right = row == 1
        assert at == next((t for t in range(301) if right[t:].all()), math.inf)
        found_again += bool(right.any() and at > right.argmax())
    assert found_again > 0
    assert 0 < outcome.n_solved < 20
    assert outcome.updates_to_solve == median(outcome.solved_at)


def test_plateau_means_unsolved_and_near_its_loss():
    outcome = study(StudyConfig(), "sgd", 0.1)
    assert outcome.plateau == pytest.approx(4 * math.log(2))
    near = [
        abs(loss - 4 * math.log(2)) <= NEAR * 4 * math.log(2) and not solved
        for loss, solved in zip(outcome.final, outcome.solved, strict=True)
    ]
    assert outcome.n_on_plateau == sum(near) == 4
    assert StudyConfig(loss="half_squared_error").plateau == 0.5


def test_adam_s_unsolved_runs_end_in_dead_ends():
    outcome = study(StudyConfig(), "adam", 0.1)
    ends = outcome.final[~outcome.solved]
    assert sum(abs(ends - 2 * math.log(2)) < 0.01) == 10
    assert sum(abs(ends - (3 * math.log(3) - 2 * math.log(2))) < 0.01) == 2  # three samples that share one output


def test_a_run_that_diverges_counts_as_infinite():
    outcome = study(StudyConfig(updates=300, n_seeds=11), "momentum", 30.0)
    assert outcome.n_diverged > 5
    assert np.isinf(outcome.final[outcome.diverged]).all()
    assert np.isfinite(outcome.final[~outcome.diverged]).all()
    assert not outcome.solved[outcome.diverged].any()
    assert outcome.median[-1] == math.inf
    assert outcome.median[0] < 10
    assert not np.isnan(np.concatenate([outcome.median, outcome.low, outcome.high])).any()


@pytest.mark.parametrize("code", ["sgd", "adam", "rprop"])
def test_the_search_tries_each_rate_from_each_start(code):
    found = search(SMALL, code)
    for place, rate in enumerate(RATES):
        losses, scores = one_by_one(SMALL, code, rate, SEARCH_SEEDS)
        finals = np.where(np.isfinite(losses[:, -1]), losses[:, -1], np.inf)
        assert found.median[place] == pytest.approx(median(finals), rel=1e-6)
        assert found.n_solved[place] == (scores[:, -1] == 1).sum()
    most = found.n_solved.max()
    lowest = min(m for m, k in zip(found.median, found.n_solved, strict=True) if k == most)
    assert found.best == RATES[found.median.tolist().index(lowest)]


def test_the_search_knows_none_of_the_shown_starts():
    assert not set(SEARCH_SEEDS) & set(StudyConfig(n_seeds=50).seeds)
    one, other = (search(replace(SMALL, n_seeds=n), "sgd") for n in (1, 30))
    assert one.median.tolist() == other.median.tolist()


def test_the_best_of_equal_ones_is_the_smallest():
    found = search(StudyConfig(updates=1, n_seeds=1), "rprop")
    tied = replace(found, median=np.ones(len(RATES)), n_solved=np.zeros(len(RATES), dtype=int))
    assert tied.best == RATES[0]
    assert tied.at_an_end
    middle = replace(tied, n_solved=(np.arange(len(RATES)) == 3).astype(int))
    assert middle.best == RATES[3]
    assert not middle.at_an_end


def test_two_optimizers_start_by_start():
    momentum, adam = (study(StudyConfig(), code, 0.1) for code in ("momentum", "adam"))
    found = compare(momentum, adam)
    assert (found.both, found.first_alone, found.second_alone, found.neither) == (12, 10, 1, 2)
    assert found.difference.estimate == pytest.approx(0.36)
    assert (found.difference.low, found.difference.high) == pytest.approx((0.10786, 0.55984), abs=1e-5)
    with pytest.raises(InputError, match="n_seeds"):
        compare(momentum, study(SMALL, "adam", 0.1))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"hidden": 3}, "unknown_name"),
        ({"loss": "hinge"}, "unknown_name"),
        ({"updates": 0}, "out_of_range"),
        ({"updates": 5001}, "out_of_range"),
        ({"n_seeds": 51}, "out_of_range"),
        ({"n_seeds": 2.5}, "not_a_number"),
    ],
)
def test_bad_configs_are_refused(wrong, code):
    with pytest.raises(InputError) as refused:
        StudyConfig(**wrong)
    assert refused.value.code == code


@pytest.mark.parametrize(("code", "rate"), [("lbfgs", 0.1), ("sgd", -0.1), ("sgd", 101.0), ("sgd", math.nan)])
def test_bad_optimizers_and_rates_are_refused(code, rate):
    with pytest.raises(InputError):
        study(SMALL, code, rate)


def test_results_are_read_only():
    outcome, found = study(SMALL, "sgd", 0.1), search(StudyConfig(updates=2), "sgd")
    for array in (outcome.median, outcome.final, outcome.solved_at, outcome.diverged, found.median, found.n_solved):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize(("hidden", "loss"), list(itertools.product((2, 4), LOSSES)))
def test_the_script_prints_the_same(hidden, loss):
    config = StudyConfig(hidden, loss, updates=150, n_seeds=9)
    rates = {code: 0.05 if code != "adadelta" else 1.0 for code in OPTIMIZERS} | {"momentum": 40.0}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(study_script(config, rates), "script.py", "exec"), {})
    lines = iter(out.getvalue().splitlines())
    for code, rate in rates.items():
        outcome, words, counts = study(config, code, rate), next(lines).split(), next(lines).split()
        assert (words[0], float(words[2])) == (code, rate)
        figures = [float(words[place]) for place in (5, 7, 8)]
        assert figures == pytest.approx([outcome.median[-1], outcome.low[-1], outcome.high[-1]], rel=1e-6)
        numbers = [float(counts[place]) for place in (2, 4, 6, 8)]
        assert numbers == [outcome.n_solved, outcome.updates_to_solve, outcome.n_on_plateau, outcome.n_diverged]
