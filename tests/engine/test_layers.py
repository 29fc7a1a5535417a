"""Dropout and batch normalization: every number of small tables, gradients in both modes, stacks, statistics."""

import numpy as np
import pytest

from engine.activations import Linear, ReLU, Sigmoid, Tanh
from engine.architecture import Architecture
from engine.errors import InputError
from engine.folding import folded
from engine.layer_tables import batch_norm, dropout
from engine.layers import BatchNorm, Dropout, DropoutStep
from engine.losses import SquaredError
from engine.network import Network, predict

LOSS = SquaredError()
TABLE = np.array([[1.0, 10.0], [2.0, 10.0], [3.0, 40.0]])
BEFORE, AFTER = BatchNorm(), BatchNorm("after_activation")
CASES = {
    "norm before": (BEFORE, None),
    "norm after": (AFTER, None),
    "dropout": (None, Dropout(0.4)),
    "classic dropout": (None, Dropout(0.4, "classic")),
    "both, before": (BEFORE, Dropout(0.3)),
    "both, after": (AFTER, Dropout(0.3, "classic")),
    "both, dropout first, before": (BEFORE, Dropout(0.3, "classic", "before_batch_norm")),
    "both, dropout first, after": (AFTER, Dropout(0.3, "inverted", "before_batch_norm")),
    "both, classic dropout first, after": (AFTER, Dropout(0.3, "classic", "before_batch_norm")),
    "dropout before a norm that is not there": (None, Dropout(0.4, "classic", "before_batch_norm")),
    "one layer of each": ((BEFORE, None), (None, Dropout(0.5))),
}


def a_network(case, runs=3, n_samples=6, training=True):
    norm, drop = CASES[case]
    of = Architecture((2, 5, 4, 2), (Tanh(), Sigmoid(), Linear()), norm, drop)
    rng = np.random.default_rng(11)
    parameters = rng.normal(size=(runs, of.n_parameters))
    statistics = rng.uniform(0.5, 2.0, size=(runs, 2 * of.n_normalized))
    X, Y = rng.normal(size=(n_samples, 2)), rng.normal(size=(n_samples, 2))
    network = Network(of, parameters, X, statistics)
    network.train(training)
    network.draw_masks([np.random.default_rng(run) for run in range(runs)])
    return network, Y


# A table alone


def test_batch_norm_of_a_table_by_hand():
    t = batch_norm(TABLE, gamma=[2.0, 1.0], beta=[0.5, -1.0], config=BatchNorm(epsilon=1e-8))
    assert t.mean.tolist() == [[2.0, 20.0]]
    np.testing.assert_allclose(t.var, [[2 / 3, 200.0]])  # biased
    np.testing.assert_allclose(t.x_hat[:, 0], [-np.sqrt(1.5), 0, np.sqrt(1.5)], atol=1e-7)
    np.testing.assert_allclose(t.y[:, 0], 2 * t.x_hat[:, 0] + 0.5)
    np.testing.assert_allclose(t.running_mean, [[0.2, 2.0]])
    np.testing.assert_allclose(t.running_var, [[0.9 + 0.1 * 1.0, 0.9 + 0.1 * 300.0]])  # unbiased
    np.testing.assert_allclose(t.dbeta, [[3.0, 3.0]])


def test_a_batch_norms_gradients_are_those_of_central_differences_in_both_modes():
    rng = np.random.default_rng(3)
    x, dy, gamma, beta = rng.normal(size=(5, 3)), rng.normal(size=(5, 3)), rng.normal(size=3), rng.normal(size=3)
    for training in (True, False):
        given = {"running_mean": rng.normal(size=3), "running_var": rng.uniform(0.5, 2, 3), "training": training}
        t = batch_norm(x, gamma, beta, dy=dy, **given)

        def total(x=x, gamma=gamma, beta=beta, given=given):
            return (batch_norm(x, gamma, beta, **given).y * dy).sum()

        for name, value, gradient in (("x", x, t.dx), ("gamma", gamma, t.dgamma), ("beta", beta, t.dbeta)):
            for place in np.ndindex(value.shape):
                step = np.zeros_like(value)
                step[place] = 1e-6
                slope = (total(**{name: value + step}) - total(**{name: value - step})) / 2e-6
                assert gradient.reshape(value.shape)[place] == pytest.approx(slope, rel=1e-6, abs=1e-8)


def test_evaluation_uses_stored_statistics_and_leaves_them_alone():
    t = batch_norm(TABLE, running_mean=[1.0, 2.0], running_var=[4.0, 9.0], training=False)
    np.testing.assert_allclose(t.y, (TABLE - [1.0, 2.0]) / np.sqrt(np.array([4.0, 9.0]) + 1e-5))
    assert t.running_mean.tolist() == [[1.0, 2.0]]
    assert t.running_var.tolist() == [[4.0, 9.0]]


def test_the_batchs_own_statistics_would_change_four_samples_because_of_the_fifth():
    """Lecture note 004: two batches that share four samples and differ in the fifth."""
    shared = np.random.default_rng(0).normal(size=(4, 2))
    batches = [np.vstack([shared, fifth]) for fifth in ([0.0, 0.0], [9.0, -9.0])]
    own = [batch_norm(batch).y[:4] for batch in batches]
    stored = [batch_norm(batch, training=False).y[:4] for batch in batches]
    assert np.abs(own[0] - own[1]).min() > 0.01
    assert np.array_equal(*stored)


def test_dropout_of_a_table_by_hand():
    mask = [[1, 0], [0, 1], [1, 1]]
    kept = np.array(mask, float)
    inverted = dropout(TABLE, mask, dy=2.0, config=Dropout(0.2))
    np.testing.assert_allclose(inverted.y, TABLE * kept / 0.8)
    np.testing.assert_allclose(inverted.dx, 2 * kept / 0.8)
    classic = dropout(TABLE, mask, config=Dropout(0.2, "classic"))
    np.testing.assert_allclose(classic.y, TABLE * kept)
    np.testing.assert_allclose(dropout(TABLE, mask, training=False, config=Dropout(0.2)).y, TABLE)
    # the classic test-time factor is the probability of keeping, not that of dropping
    np.testing.assert_allclose(dropout(TABLE, mask, training=False, config=Dropout(0.2, "classic")).y, TABLE * 0.8)


@pytest.mark.parametrize("kind", ["inverted", "classic"])
def test_training_and_testing_agree_on_average(kind):
    x = np.ones((100_000, 1))
    trained, tested = (dropout(x, config=Dropout(0.3, kind), seed=1, training=t).y.mean() for t in (True, False))
    assert trained == pytest.approx(tested, abs=4 * np.sqrt(0.3 / 0.7 / 100_000))


def test_a_drawn_mask_repeats_with_its_seed_and_drops_the_stated_share():
    one, same, other = (dropout(np.ones((200, 50)), config=Dropout(0.3), seed=s).mask for s in (4, 4, 5))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert one.mean() == pytest.approx(0.7, abs=0.02)


def test_tables_are_not_changed_and_what_is_shown_cannot_be():
    x = TABLE.copy()
    t = batch_norm(x)
    assert np.array_equal(x, TABLE)
    with pytest.raises(ValueError, match="read-only"):
        t.x_hat[0, 0] = 1.0


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: BatchNorm("between"), "place"),
        (lambda: BatchNorm(momentum=1.5), "momentum"),
        (lambda: BatchNorm(epsilon=0.0), "epsilon"),
        (lambda: Dropout(1.0), "drop_rate"),
        (lambda: Dropout(0.5, "other"), "kind"),
        (lambda: Dropout(0.5, place="first"), "place"),
        (lambda: batch_norm([1.0, 2.0]), "x"),
        (lambda: batch_norm([[1.0, np.nan]]), "x"),
        (lambda: batch_norm(TABLE, gamma=[1.0, 2.0, 3.0]), "gamma"),
        (lambda: batch_norm(TABLE, running_var=-1.0), "running_var"),
        (lambda: batch_norm(TABLE[:1]), "samples in a batch with batch normalization"),
        (lambda: dropout(TABLE, [[1, 0.5]]), "mask"),
        (lambda: dropout(TABLE, seed=-1), "seed"),
    ],
)
def test_bad_values_are_named(call, argument):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.argument == argument


# Inside a network


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("case", CASES)
def test_a_networks_gradient_with_steps_is_that_of_central_differences(case, training):
    network, Y = a_network(case, training=training)
    start, statistics = network.parameters.copy(), network.statistics.copy()
    network.trace(LOSS, Y)
    analytic = network.gradient.copy()

    def loss(column, change):
        network.parameters[...], network.statistics[...] = start, statistics
        network.parameters[:, column] += change
        return LOSS.value(network.forward(), Y)

    numeric = np.stack([(loss(c, 1e-6) - loss(c, -1e-6)) / 2e-6 for c in range(start.shape[1])], axis=-1)
    np.testing.assert_allclose(analytic, numeric, rtol=1e-5, atol=1e-8)
    wrong = analytic * 1.001  # the comparison must be able to fail
    assert np.abs(wrong - numeric).max() > 1e-5 * np.abs(numeric).max()


@pytest.mark.parametrize("case", CASES)
def test_a_stack_with_steps_is_its_runs_one_by_one(case):
    network, Y = a_network(case)
    trace = network.trace(LOSS, Y)
    for run in range(network.runs):
        alone, _ = a_network(case)
        single = Network(alone.architecture, alone.parameters[run], alone.a[0][run], alone.statistics[run])
        single.train()
        for steps, mine in zip(network.steps, single.steps, strict=True):
            for step, other in zip(steps, mine, strict=True):
                if isinstance(step, DropoutStep):
                    other.keep(step.mask[run])
        shown = single.trace(LOSS, Y)
        np.testing.assert_allclose(shown.a[-1], trace.a[-1][run], rtol=1e-12)
        np.testing.assert_allclose(single.gradient[0], network.gradient[run], rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(single.statistics[0], network.statistics[run], rtol=1e-12)


def test_every_step_of_a_network_is_in_its_trace():
    network, Y = a_network("both, before", runs=1)
    steps = network.trace(LOSS, Y).steps
    norm, drop = steps[0]
    trace = network.snapshot()
    np.testing.assert_array_equal(norm.x, trace.z[0])
    np.testing.assert_allclose(drop.x, np.tanh(norm.y))
    np.testing.assert_array_equal(drop.y, trace.a[1])
    np.testing.assert_array_equal(norm.dx, trace.dz[0])
    assert steps[-1] == ()


@pytest.mark.parametrize(
    ("norm", "drop", "order"),
    [
        (BEFORE, Dropout(), ["BatchNorm", "Tanh", "Dropout"]),
        (AFTER, Dropout(), ["Tanh", "BatchNorm", "Dropout"]),
        (BEFORE, Dropout(place="before_batch_norm"), ["Dropout", "BatchNorm", "Tanh"]),
        (AFTER, Dropout(place="before_batch_norm"), ["Tanh", "Dropout", "BatchNorm"]),
        (None, Dropout(place="before_batch_norm"), ["Tanh", "Dropout"]),
        (None, None, ["Tanh"]),
    ],
)
def test_the_order_of_what_stands_between_z_and_a(norm, drop, order):
    of = Architecture((2, 3, 1), (Tanh(), Sigmoid()), norm, drop)
    assert [type(part).__name__ for part in of.between(0)] == order
    assert [type(part).__name__ for part in of.between(1)] == ["Sigmoid"]


def test_dropout_before_the_norm_is_what_the_norm_sees():
    network, Y = a_network("both, dropout first, after", runs=1)
    drop, norm = network.trace(LOSS, Y).steps[0]
    np.testing.assert_array_equal(drop.x, np.tanh(network.z[0]))
    np.testing.assert_array_equal(norm.x, drop.y)
    np.testing.assert_array_equal(norm.y, network.a[1])
    assert (drop.mask == 0).any()


def test_gamma_and_beta_stand_behind_the_dense_parameters():
    of = Architecture((2, 3, 1), (ReLU(), Sigmoid()), BatchNorm())
    assert (of.n_dense, of.n_normalized, of.n_parameters) == (13, 3, 19)
    flat = of.pack([np.ones((2, 3)), np.ones((3, 1))], [np.zeros(3), np.zeros(1)])
    assert flat[13:].tolist() == [1, 1, 1, 0, 0, 0]
    assert of.bias_mask().sum() == 4
    assert of.weight_mask().sum() == 9
    assert of.start_statistics().tolist() == [0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize("case", CASES)
def test_a_folded_network_answers_as_the_whole_one_in_evaluation(case):
    network, _ = a_network(case, training=False)
    of = network.architecture
    plain = Architecture(of.sizes, of.activations)
    layers = folded(of, network.parameters, network.statistics)
    flat = plain.pack([W for W, _ in layers], [b for _, b in layers])
    X = np.random.default_rng(1).normal(size=(9, 2))
    want = predict(of, network.parameters, X, network.statistics)
    np.testing.assert_allclose(predict(plain, flat, X), want, rtol=1e-10)


@pytest.mark.parametrize(
    ("steps", "argument"),
    [
        ({"batch_norm": (BatchNorm(),) * 3}, "batch_norm"),
        ({"dropout": (Dropout(), BatchNorm())}, "dropout"),
        ({"batch_norm": "yes"}, "batch_norm"),
    ],
)
def test_steps_that_do_not_fit_are_refused(steps, argument):
    with pytest.raises(InputError) as caught:
        Architecture((2, 5, 4, 2), (Tanh(),) * 3, **steps)
    assert caught.value.argument == argument
