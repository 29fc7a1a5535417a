"""What is read off a sweep, recomputed by hand; a run that has diverged is the worst there is, and never left out."""

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import InputError
from engine.lab_presets import PRESETS
from engine.lab_sweep import SweepConfig, run
from engine.proportions import sign_test, wilson
from engine.sweep_reading import SweepResult, joined

BASE = PRESETS["classic"]
NAN = np.nan


def made(losses, scores=None, start=0.5):
    """A result with these last test losses (values, seeds)."""
    losses = np.array(losses, dtype=float)
    scores = np.where(np.isnan(losses), NAN, 1 - losses) if scores is None else np.array(scores, dtype=float)
    config = SweepConfig(BASE, "rate", tuple(float(n + 1) for n in range(len(losses))), losses.shape[1], 1)

    def curves(last):
        return np.stack([np.full(last.shape, start), last], axis=-1)

    return SweepResult(
        config,
        "accuracy",
        np.array([0, 1]),
        {name: curves(scores if "score" in name else losses) for name in ("test_loss", "test_score")},
        losses,
        np.ones(losses.shape, dtype=int),
        np.where(np.isnan(losses), 1, -1),
        np.ones(len(losses)),
    )


RESULT = made([[0.4, 0.2, 0.3], [0.1, 0.3, 0.2], [NAN, 0.9, NAN]])


def test_medians_and_bands_count_what_has_diverged_as_the_worst():
    loss, score = RESULT.band("test_loss"), RESULT.band("test_score")
    assert loss.median.tolist() == pytest.approx([0.3, 0.2, np.inf])
    assert loss.low[:2].tolist() == pytest.approx([0.25, 0.15])
    assert loss.high[:2].tolist() == pytest.approx([0.35, 0.25])
    assert score.median.tolist() == pytest.approx([0.7, 0.8, -np.inf])
    assert score.low[0] == pytest.approx(0.65)
    assert score.high[0] == pytest.approx(0.75)
    assert RESULT.n_diverged.tolist() == [0, 0, 2]
    assert RESULT.curve("test_loss").median[0].tolist() == pytest.approx([0.5, 0.3])


def test_the_order_goes_from_best_to_worst_and_the_loss_decides_among_equal_scores():
    assert RESULT.order("test_loss") == RESULT.order("test_score") == (1, 0, 2)
    equal = made([[0.3, 0.3], [0.1, 0.1]], scores=[[1.0, 1.0], [1.0, 1.0]])
    assert equal.order("test_score") == (1, 0)


def test_the_goal():
    assert RESULT.reached("test_loss", 0.2).tolist() == [[False, True, False], [True, False, True], [False] * 3]
    assert RESULT.reached("test_score", 0.8).sum(axis=1).tolist() == [1, 2, 0]
    assert RESULT.shares("test_loss", 0.2)[1] == wilson(2, 3)


def test_pairs_are_seed_by_seed():
    pair = RESULT.pair(1, 0, "test_loss")
    assert (pair.lower, pair.higher, pair.p) == (2, 1, sign_test(2, 1))
    worst = RESULT.pair(1, 2, "test_score")
    assert (worst.lower, worst.higher) == (3, 0)


def test_luck_is_the_share_of_the_ranks_spread_within_the_seeds():
    luck = RESULT.luck("test_loss")
    ranks = np.array([[2, 1, 2], [1, 2, 1], [3, 3, 3]])  # seed by seed, by hand
    between = 3 * ((ranks.mean(axis=1) - 2) ** 2).sum()
    assert luck.between == pytest.approx(between)
    assert luck.total == 6
    assert luck.share == pytest.approx(between / 6)
    assert luck.by_chance == 1 / 3
    equal = made([[0.1, NAN], [0.1, 0.2], [0.3, NAN]]).luck("test_loss")  # ranks 1.5 1.5 3 and 2.5 1 2.5
    assert (equal.between, equal.total) == (pytest.approx(2 * (0 + 0.75**2 + 0.75**2)), 3.0)
    assert np.isnan(made([[0.1, 0.1], [0.1, 0.1]]).luck("test_loss").share)


def test_values_without_effect_have_the_share_of_chance_on_average():
    rng = np.random.default_rng(0)
    for seeds in (np.zeros(5), np.arange(5)):  # also where a seed is good or bad for all values alike
        found = [made(rng.random((4, 5)).round(1) + seeds).luck("test_loss") for _ in range(400)]
        assert np.mean([luck.share for luck in found]) == pytest.approx(found[0].by_chance, abs=0.02)


def test_the_same_order_in_each_seed_is_no_luck_however_far_the_seeds_lie_apart():
    """The finding: 10 of 10 seeds agree, and yet nearly all spread of all runs' ranks lies between the seeds."""
    found = made(np.arange(10) + 0.01 * np.arange(5)[:, None])
    assert found.luck("test_loss").share == 1
    assert found.pair(0, 1, "test_loss").told_apart(found.comparisons)


def test_all_pairs_count_for_the_best_was_found_with_the_same_seeds():
    assert [made(np.ones((k, 2))).comparisons for k in (2, 7, 12)] == [1, 21, 66]


@pytest.mark.parametrize("k", [7, 12])
def test_values_without_effect_are_seldom_told_apart(k):
    rng = np.random.default_rng(1)
    seen = 0
    for _ in range(300):
        found = made(rng.random((k, 10 if k == 7 else 12)))
        best, *others = found.order("test_loss")
        seen += any(found.pair(best, other, "test_loss").told_apart(found.comparisons) for other in others)
    assert seen <= 0.05 * 300


def test_worse_than_the_start():
    assert RESULT.worse_than_start("test_loss") == (2,)
    assert made([[0.4, 0.7], [0.6, 0.8]]).worse_than_start("test_loss") == (0, 1)


def test_telling_places_hold_both_ends_and_the_best():
    assert RESULT.telling("test_loss", 6) == (0, 1, 2)
    long = made([[0.9], [0.8], [0.7], [0.1], [0.6], [0.7], [0.8], [0.9]])
    assert long.telling("test_loss", 6) == (0, 1, 2, 3, 4, 7)
    assert long.telling("test_loss", 3) == (0, 3, 7)


def test_the_lowest_on_the_way():
    losses, epochs = made([[0.4, 0.2, 0.3], [0.1, 0.3, 0.2]]).lowest
    assert losses == pytest.approx([0.3, 0.2])
    assert epochs == [1.0, 1.0]


def test_the_join_puts_every_run_in_its_place():
    config = SweepConfig(replace(BASE, data=replace(BASE.data, n_samples=40)), "units", (2, 3), 7, 2)
    outcomes = [run(block) for block in config.blocks]
    result = joined(config, outcomes[::-1])
    for one in outcomes:
        place = config.values.index(one.values[0])
        columns = [config.offsets.index(offset) for offset in one.offsets]
        assert (result.final("test_loss")[place, columns] == one.curves["test_loss"][0, :, -1]).all()
    with pytest.raises(InputError):
        joined(config, outcomes[:-1])
    with pytest.raises(ValueError):
        result.final("test_loss")[0, 0] = 1.0
