"""One feature of a batch, two batches, stored statistics, standardized inputs: worked figures."""

import numpy as np
import pytest

from engine.errors import InputError
from engine.normalized_batch import Scaling, compare, evaluate, normalize, small_cost, standardize_sets
from engine.stored_statistics import AlternatingBatches, DrawnBatches, running_cost, running_statistics

FIVE, SMALL = (2.0, 4.0, 5.0, 6.0, 8.0), Scaling(epsilon=1e-12)


def test_five_samples_by_hand():
    found = normalize(FIVE, Scaling(2.0, 1.0, 1e-12))
    assert (found.mean, found.var, found.unbiased, found.std) == (5.0, 4.0, 5.0, 2.0)
    assert found.centered.tolist() == [-3, -1, 0, 1, 3]
    assert found.squared.tolist() == [9, 1, 0, 1, 9]
    np.testing.assert_allclose(found.x_hat, [-1.5, -0.5, 0, 0.5, 1.5], rtol=1e-12)
    np.testing.assert_allclose(found.y, [-2, 0, 1, 2, 4], atol=1e-11)
    np.testing.assert_allclose(found.spread, (1.0, 2.0))
    assert not found.refused


def test_gamma_and_beta_can_undo_it():
    first = normalize(FIVE, Scaling())
    np.testing.assert_allclose(normalize(FIVE, Scaling(first.root, first.mean)).y, FIVE, rtol=1e-14)


def test_a_bias_before_changes_nothing_behind():
    plain, moved = normalize(FIVE, SMALL), normalize(FIVE, SMALL, 7.25)
    assert moved.mean == plain.mean + 7.25
    np.testing.assert_allclose(moved.y, plain.y, rtol=1e-12)


def test_one_sample_becomes_beta_whatever_it_is():
    for x in (-3.0, 0.0, 1000.0):
        found = normalize((x,), Scaling(2.0, 0.5))
        assert (found.mean, found.var, found.x_hat.tolist(), found.y.tolist()) == (x, 0.0, [0.0], [0.5])
        assert found.refused
        assert np.isnan(found.unbiased)


def test_two_samples_become_one_and_minus_one():
    for pair in ((1.0, 3.0), (-700.0, 0.25)):
        np.testing.assert_allclose(np.abs(normalize(pair, SMALL).x_hat), 1.0, rtol=1e-9)


def test_epsilon_holds_a_constant_feature_at_zero_and_an_almost_constant_one_down():
    constant = normalize((7.0,) * 5, Scaling())
    assert constant.x_hat.tolist() == [0.0] * 5
    assert np.isnan(constant.without_epsilon).all()
    nearly = normalize((0.5, 0.5, 0.5, 0.5, 0.501), Scaling())
    np.testing.assert_allclose(nearly.without_epsilon, [-0.5, -0.5, -0.5, -0.5, 2.0], rtol=1e-9)
    assert nearly.x_hat[-1] == pytest.approx(8e-4 / np.sqrt(1.6e-7 + 1e-5))


@pytest.mark.parametrize("n", [2, 3, 5, 100])
def test_no_sample_is_farther_than_the_bound(n):
    lonely = normalize((0.0,) * (n - 1) + (1000.0,), SMALL)
    assert lonely.x_hat[-1] == pytest.approx(lonely.bound, rel=1e-9)
    drawn = normalize(np.random.default_rng(n).normal(size=n), SMALL)
    assert np.abs(drawn.x_hat).max() <= drawn.bound * (1 + 1e-12)


def test_note_004s_two_batches():
    """Four shared samples get other outputs in training mode, and the same in evaluation mode."""
    a, b = FIVE, (*FIVE[:-1], 18.0)
    pair = compare(a, b, Scaling())
    (own_a, own_b), (stored_a, stored_b) = pair.trained, pair.evaluated
    assert (own_b.mean, own_b.var) == (7.0, 32.0)
    assert np.abs(own_a.minus(own_b)[:4]).min() > 0.02
    assert np.array_equal(stored_a.y[:4], stored_b.y[:4])
    assert (pair.mean, pair.var) == (5.0, 5.0)
    np.testing.assert_allclose(stored_b.y, (np.array(b) - 5) / np.sqrt(5 + 1e-5), rtol=1e-14)


# what is stored


@pytest.mark.parametrize("momentum", [0.0, 0.1, 1.0])
def test_stored_statistics_are_the_recursion(momentum):
    source = DrawnBatches(3.0, 2.0, size=4, n_batches=25, seed=3)
    found, mean, var, biased = running_statistics(source, momentum), 0.0, 1.0, 1.0
    for k, batch in enumerate(source.draw(), 1):
        mean += momentum * (batch.mean() - mean)
        var += momentum * (batch.var(ddof=1) - var)
        biased += momentum * (batch.var() - biased)
        assert (found.mean[k], found.var[k], found.biased[k]) == pytest.approx((mean, var, biased), rel=1e-12)
    assert found.share_of_start(3, momentum) == pytest.approx((1 - momentum) ** 3)
    assert np.isnan(found.from_one(found.batch_mean)[0])
    assert found.from_one(found.batch_mean)[1:].tolist() == found.batch_mean.tolist()


def test_batches_in_turn():
    found = running_statistics(AlternatingBatches((1.0, 3.0), (5.0, 9.0), 5), 0.5)
    assert found.batch_mean.tolist() == [2, 7, 2, 7, 2]
    assert found.batch_unbiased.tolist() == [2, 8, 2, 8, 2]
    assert found.mean.tolist() == [0, 1, 4, 3, 5, 3.5]


def test_drawn_batches_repeat_and_have_the_stated_mean():
    source = DrawnBatches(5.0, 2.0, 64, 500, 1)
    assert np.array_equal(source.draw(), source.draw())
    assert source.draw().mean() == pytest.approx(5.0, abs=4 * 2 / np.sqrt(64 * 500))
    unbiased = running_statistics(DrawnBatches(5.0, 2.0, 5, 500, 1), 0.1)
    assert unbiased.batch_unbiased.mean() == pytest.approx(source.var, rel=0.15)
    assert unbiased.batch_var.mean() == pytest.approx(source.var * 4 / 5, rel=0.15)


# the inputs


def test_a_test_set_by_the_training_sets_figures_keeps_its_shift():
    sets = standardize_sets(FIVE, 3.0)
    np.testing.assert_allclose(sets.standardized, [-1.5, -0.5, 0, 0.5, 1.5])
    np.testing.assert_allclose(sets.by_training, [0, 1, 1.5, 2, 3])
    np.testing.assert_allclose(sets.by_itself, sets.standardized)
    assert sets.shift == pytest.approx(1.5)


def test_a_single_test_sample_by_itself_is_always_zero():
    for x in (-4.0, 12.0):
        assert standardize_sets((x,), 3.0).by_itself.tolist() == [0.0]


# what is refused, what it costs


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: Scaling(gamma=np.inf), "gamma"),
        (lambda: Scaling(beta=1e7), "beta"),
        (lambda: Scaling(epsilon=0.0), "epsilon"),
        (lambda: normalize((), Scaling()), "numbers in x"),
        (lambda: normalize((1.0,) * 101, Scaling()), "numbers in x"),
        (lambda: normalize((1.0, np.nan), Scaling()), "x"),
        (lambda: normalize(((1.0, 2.0),), Scaling()), "x"),
        (lambda: normalize(FIVE, Scaling(), np.inf), "bias"),
        (lambda: evaluate(FIVE, Scaling(), 0.0, -1.0), "running_var"),
        (lambda: compare((1.0,), (2.0,), Scaling()), "samples in a batch with batch normalization"),
        (lambda: DrawnBatches(std=-1.0), "std"),
        (lambda: DrawnBatches(size=1), "size"),
        (lambda: DrawnBatches(n_batches=501), "n_batches"),
        (lambda: DrawnBatches(seed=-1).draw(), "seed"),
        (lambda: AlternatingBatches((1.0,), (2.0,)), "samples in a batch with batch normalization"),
        (lambda: AlternatingBatches((1.0, 2.0), (2.0,)), "b"),
        (lambda: running_statistics(DrawnBatches(), 1.5), "momentum"),
        (lambda: standardize_sets(FIVE, np.nan), "shift"),
    ],
)
def test_bad_values_are_named(call, argument):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.argument == argument


def test_results_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        normalize(FIVE, Scaling()).x_hat[0] = 1.0


def test_more_costs_more():
    assert small_cost(2).operations == 2 * small_cost(1).operations
    assert running_cost(DrawnBatches(n_batches=500)).operations > running_cost(DrawnBatches(n_batches=10)).operations
