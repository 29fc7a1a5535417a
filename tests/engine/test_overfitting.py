"""Overfitting: samples, trainings, stops and pairs against the parts they are made of."""

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import InputError
from engine.network import predict
from engine.overfitting import BLOCK, FRAMES, KINDS, MAX_KEPT, N_TEST, N_VALIDATION, OverfittingConfig, Regularizer
from engine.overfitting_pairs import compare
from engine.overfitting_study import BINS, LIMIT, SMALL, early_stop, field, fit, joined, study
from engine.proportions import sign_test
from engine.trainer import train

CONFIG = OverfittingConfig(data="circles", noise=0.2, width=8, learning_rate=0.02, epochs=60)
NONE, DROPOUT, L1, L2, EARLY = (
    Regularizer(),
    Regularizer("dropout", 0.5),
    Regularizer("l1", 0.01),
    Regularizer("l2", 0.03),
    Regularizer("early_stopping", 5),
)


@pytest.fixture(scope="module")
def outcomes():
    return {one: study(CONFIG, one) for one in (NONE, DROPOUT, L1, L2, EARLY)}


def test_three_sets_of_one_distribution_share_no_sample():
    sets = CONFIG.samples, CONFIG.validation, CONFIG.test
    assert [len(one) for one in sets] == [40, N_VALIDATION, N_TEST]
    rows = np.concatenate([one.X for one in sets])
    assert len(np.unique(rows, axis=0)) == len(rows)
    other = OverfittingConfig(data="circles", noise=0.2, data_seed=1)
    assert not np.array_equal(other.samples.X, CONFIG.samples.X)


@pytest.mark.parametrize("regularizer", [NONE, DROPOUT, L1, L2])
def test_the_losses_are_those_of_the_training(outcomes, regularizer):
    outcome, history = outcomes[regularizer], train(CONFIG.training(regularizer), CONFIG.samples, CONFIG.validation)
    at = list(CONFIG.at)
    assert np.array_equal(outcome.train, history.train_loss[:, at])
    assert np.array_equal(outcome.validation, history.test_loss[:, at])
    assert np.array_equal(outcome.validation_loss, history.test_loss[:, -1])
    assert np.array_equal(outcome.best_loss, history.test_loss.min(axis=1))
    assert np.array_equal(outcome.best_epoch, history.test_loss.argmin(axis=1))
    z = predict(CONFIG.architecture, history.parameters, CONFIG.test.X)[..., 0]
    y = CONFIG.test.y
    by_hand = np.where(y == 1, np.log1p(np.exp(-z)), np.log1p(np.exp(z))).mean(axis=1)
    assert outcome.test_loss == pytest.approx(by_hand, rel=1e-12)
    assert outcome.test_score == pytest.approx(((z > 0) == (y == 1)).mean(axis=1))
    assert (outcome.stopped_at == -1).all()


def test_all_begin_with_the_same_weights(outcomes):
    starts = [outcome.parameters[:, 0] for outcome in outcomes.values()]
    assert all(np.array_equal(start, starts[0]) for start in starts)


def test_penalties_are_beside_the_loss(outcomes):
    for regularizer, size in ((L1, np.abs), (L2, lambda w: w**2 / 2)):
        history = train(CONFIG.training(regularizer), CONFIG.samples, CONFIG.validation)
        weights = history.parameters[:, CONFIG.architecture.weight_mask() == 1]
        outcome = outcomes[regularizer]
        expected = regularizer.strength * size(weights).sum(axis=1)
        assert outcome.penalty == pytest.approx(expected, rel=1e-12)
        assert outcome.objective == pytest.approx(outcome.train_loss + expected, rel=1e-12)
        assert outcome.small == pytest.approx((np.abs(weights) <= SMALL).mean(axis=1))
        assert outcome.histogram.sum() == weights.size
        inside = np.abs(weights) <= LIMIT
        assert outcome.outside == pytest.approx(1 - inside.mean())
        assert outcome.shares == pytest.approx(
            np.histogram(weights, BINS, (-LIMIT, LIMIT))[0] / weights.size, abs=1.5 / weights.size
        )
    assert (outcomes[NONE].penalty == 0).all()
    assert outcomes[L1].median("small") > outcomes[L2].median("small") > outcomes[NONE].median("small")


def test_early_stopping_is_the_plain_run_up_to_its_stop(outcomes):
    plain, stopped = outcomes[NONE], outcomes[EARLY]
    history = train(CONFIG.training(NONE), CONFIG.samples, CONFIG.validation)
    at = np.array(CONFIG.at)
    assert (stopped.stopped_at > 0).any()
    for run in range(BLOCK):
        best, end = early_stop(history.test_loss[run], 5)
        assert (best, end) == (stopped.best_epoch[run], stopped.stopped_at[run])
        before = at <= (end if end >= 0 else CONFIG.epochs)
        assert np.array_equal(stopped.validation[run][before], plain.validation[run][before])
        if end >= 0:
            assert end - best == 5
            assert (stopped.validation[run][~before] == history.test_loss[run, best]).all()
            assert (stopped.train[run][~before] == history.train_loss[run, best]).all()
            assert stopped.validation_loss[run] == stopped.best_loss[run] == history.test_loss[run, : end + 1].min()


def test_early_stop_by_hand():
    losses = [0.69, 0.61, 0.54, 0.50, 0.52, 0.49, 0.51, 0.53, 0.50, 0.48, 0.55]
    assert early_stop(losses, 3) == (5, 8)
    assert early_stop(losses, 1) == (3, 4)
    assert early_stop(losses, 4) == (9, -1)
    assert early_stop([1.0, 2.0], 1) == (0, 1)


def test_blocks_join_to_what_they_were():
    blocks = [study(CONFIG, DROPOUT, block) for block in (0, 1)]
    both = joined(blocks)
    assert both.n_seeds == 2 * BLOCK
    assert np.array_equal(both.test_loss, np.concatenate([block.test_loss for block in blocks]))
    assert both.histogram.sum() == 2 * blocks[0].histogram.sum()
    assert both.parameters is blocks[0].parameters
    assert joined(blocks[:1]) is blocks[0]
    assert not set(blocks[0].test_loss) & set(blocks[1].test_loss)
    assert both.bands["test_loss"].median == pytest.approx(np.median(both.test_loss))


def test_a_moment_is_the_last_frame_up_to_an_epoch(outcomes):
    outcome = outcomes[NONE]
    assert outcome.moment(0, 0).epoch == 0
    assert outcome.moment(0, CONFIG.epochs).epoch == CONFIG.epochs
    for epoch in (1, 2, 31, 59):
        moment = outcome.moment(3, epoch)
        assert moment.epoch == max(frame for frame in CONFIG.frames if frame <= epoch)
        z = predict(CONFIG.architecture, moment.parameters.astype(float), CONFIG.samples.X)[:, 0]
        y = CONFIG.samples.y
        loss = np.where(y == 1, np.log1p(np.exp(-z)), np.log1p(np.exp(z))).mean()
        assert moment.train_loss == pytest.approx(loss, rel=1e-5)


def test_large_networks_keep_fewer_frames():
    assert len(CONFIG.frames) == FRAMES
    large = OverfittingConfig(width=64, layers=3)
    assert len(large.frames) * BLOCK * large.architecture.n_parameters <= MAX_KEPT
    assert set(large.frames) <= set(large.at)
    assert large.frames[0] == 0
    assert large.frames[-1] == large.epochs


def test_pairs_by_hand(outcomes):
    one, other = outcomes[DROPOUT], outcomes[NONE]
    pair = compare(one, other)
    assert np.array_equal(pair.differences, one.test_loss - other.test_loss)
    assert pair.n_lower == (one.test_loss < other.test_loss).sum()
    assert pair.n_lower + pair.n_higher + pair.n_equal == BLOCK
    assert pair.n_score_higher == (one.test_score > other.test_score).sum()
    assert pair.n_score_lower == (one.test_score < other.test_score).sum()
    assert pair.median == np.median(pair.differences)
    assert pair.p_value == sign_test(pair.n_lower, pair.n_higher)
    same = compare(one, one)
    assert (same.n_equal, same.p_value, same.told_apart) == (BLOCK, 1.0, False)


def test_what_is_told_apart():
    """Nothing by five seeds; by ten, 9 to 1 are and 8 to 2 are not."""
    config = OverfittingConfig(epochs=1)
    five = study(config, NONE)
    ten = joined([five, study(config, NONE, 1)])
    for first, n_lower, apart in (
        (five, 5, False), (five, 0, False), (ten, 10, True), (ten, 9, True), (ten, 8, False), (ten, 5, False),
        (ten, 1, True),
    ):  # fmt: skip
        shift = np.where(np.arange(first.n_seeds) < n_lower, -0.1, 0.1)
        assert compare(replace(first, test_loss=first.test_loss + shift), first).told_apart is apart


def test_a_lower_loss_with_a_lower_score_is_doubtful():
    config = OverfittingConfig(epochs=1)
    ten = joined([study(config, NONE), study(config, NONE, 1)])
    for loss, score, doubtful in ((-0.1, -0.1, True), (-0.1, 0.1, False), (0.1, -0.1, False), (-0.1, 0.0, False)):
        other = replace(ten, test_loss=ten.test_loss + loss, test_score=ten.test_score + score)
        assert compare(other, ten).doubtful is doubtful


def test_what_climbs():
    outcome = study(OverfittingConfig(epochs=1), NONE)
    for end, climbs in ((1.2, True), (1.05, False)):
        assert replace(outcome, validation_loss=outcome.best_loss * end).climbs is climbs


def test_how_many_units_dropout_leaves():
    one = Regularizer("dropout", 0.9)
    assert one.kept(16) == pytest.approx(1.6)
    assert one.silent(16) == pytest.approx(0.9**16)
    assert (NONE.kept(16), NONE.silent(16)) == (16.0, 0.0)


def test_divergence_counts_as_infinite():
    wild = OverfittingConfig(data="curve", optimizer="sgd", learning_rate=10.0, epochs=60)
    outcome = study(wild, NONE)
    assert outcome.n_diverged == BLOCK
    assert (outcome.test_loss == np.inf).all()
    assert outcome.bands["validation_loss"].median == np.inf
    assert np.isnan(outcome.median("test_score"))
    assert np.isnan(compare(outcome, outcome).median)
    assert outcome.histogram.sum() == 0


def test_a_regression_is_a_squared_error_around_a_sine():
    config = OverfittingConfig(data="curve", n_samples=20, epochs=30)
    outcome = study(config, L2)
    parameters = outcome.moment(1, 30).parameters
    x, outputs, curve = fit(config, parameters)
    assert curve == pytest.approx(np.sin(x))
    assert outputs == pytest.approx(predict(config.architecture, parameters.astype(float), x[:, None])[:, 0])
    answers = predict(config.architecture, parameters.astype(float), config.test.X)
    assert outcome.test_loss[1] == pytest.approx(np.mean((answers - config.test.y) ** 2), rel=1e-5)
    spread = ((config.test.y - config.test.y.mean()) ** 2).mean()
    assert outcome.test_score[1] == pytest.approx(1 - outcome.test_loss[1] / spread, rel=1e-5)


def test_a_field_is_a_probability(outcomes):
    parameters = outcomes[NONE].moment(0, 60).parameters
    grid = field(CONFIG, parameters, -2.0, 2.0, side=5)
    z = predict(CONFIG.architecture, parameters.astype(float), [[-2.0, 2.0], [0.0, 0.0], [2.0, -2.0]])[:, 0]
    assert grid[[0, 2, 4], [0, 2, 4]] == pytest.approx(1 / (1 + np.exp(-z)), abs=1e-5)


def test_costs_grow_with_what_is_asked():
    cost = CONFIG.cost(NONE)
    assert cost.operations < CONFIG.cost(EARLY).operations
    assert cost.operations < CONFIG.cost(DROPOUT).operations
    assert cost.operations < OverfittingConfig(epochs=60).cost(NONE).operations
    large = OverfittingConfig(layers=3, width=64, epochs=2000).cost(NONE)
    assert large.kept < 5 < large.megabytes < 100  # the buffers of the training are given back


@pytest.mark.parametrize(
    ("kind", "strength"),
    [
        ("dropout", 1.0),
        ("l1", -1),
        ("l2", np.nan),
        ("early_stopping", 0),
        ("early_stopping", 2.5),
        ("none", 1),
        ("x", 0),
    ],
)
def test_bad_regularizers(kind, strength):
    with pytest.raises(InputError):
        Regularizer(kind, strength)


@pytest.mark.parametrize(
    "bad",
    [
        {"data": "spirals"}, {"n_samples": 5}, {"n_samples": 501}, {"noise": 2.0}, {"data_seed": -1}, {"layers": 4},
        {"width": 65}, {"hidden": "step"}, {"optimizer": "rprop"}, {"learning_rate": np.inf}, {"epochs": 0},
    ],
)  # fmt: skip
def test_bad_configs(bad):
    with pytest.raises(InputError):
        OverfittingConfig(**bad)


def test_bad_calls(outcomes):
    with pytest.raises(InputError):
        study(CONFIG, NONE, 4)
    with pytest.raises(InputError):
        early_stop([[1.0]], 1)
    with pytest.raises(InputError):
        early_stop([1.0], 0)
    with pytest.raises(InputError):
        compare(joined([outcomes[NONE], outcomes[NONE]]), outcomes[NONE])


def test_what_a_regularizer_asks_of_a_training():
    trainings = {kind: CONFIG.training(one) for kind, one in zip(KINDS, (NONE, DROPOUT, L1, L2, EARLY), strict=True)}
    assert trainings["dropout"].dropout.drop_rate == 0.5
    assert trainings["l1"].l1 == 0.01
    assert trainings["l2"].l2 == 0.03
    assert trainings["early_stopping"].patience == 5
    for kind, training in trainings.items():
        set_ = {"dropout": training.dropout, "l1": training.l1, "l2": training.l2, "early_stopping": training.patience}
        assert {name for name, value in set_.items() if value} == {kind} - {"none"}
    assert DROPOUT.kept_scale == 2.0
    assert NONE.kept_scale == 1.0


def test_the_test_set_is_answered_by_each_run_with_its_own_parameters(outcomes):
    history = train(CONFIG.training(NONE), CONFIG.samples, CONFIG.validation)
    answers = [predict(CONFIG.architecture, one, CONFIG.test.X) for one in history.parameters]
    losses = [CONFIG.loss.value(one, CONFIG.test.targets) for one in answers]
    assert np.array_equal(outcomes[NONE].test_loss, losses)
