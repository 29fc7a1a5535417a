"""Plain gradient descent: the printed runs of the lecture notes, stacks of runs, divergence."""

import math

import numpy as np
import pytest

from engine import experiment
from engine.activations import Linear, Sigmoid
from engine.errors import InputError
from engine.losses import CrossEntropy, HalfSquaredError, SquaredError
from engine.network import Architecture, predict
from engine.training import gradient_descent
from engine.xor_runs import XOR_RUNS

X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0.0], [1], [1], [0]])
CHAIN = Architecture((1, 1, 1), (Sigmoid(), Sigmoid()))
CLASSIC = Architecture((2, 2, 2), (Sigmoid(), Sigmoid()))
CLASSIC_START = [0.15, 0.25, 0.20, 0.30, 0.35, 0.35, 0.40, 0.50, 0.45, 0.55, 0.60, 0.60]


def sigmoids(*sizes):
    return Architecture(sizes, (Sigmoid(),) * (len(sizes) - 1))


NOTE_003 = {(2, 1): XOR_RUNS["unit"], (2, 3, 1): XOR_RUNS["three"], (2, 3, 3, 1): XOR_RUNS["three_three"]}


def note_003(*sizes):
    return NOTE_003[sizes].architecture, np.array(NOTE_003[sizes].parameters)


def train_as_note_003(sizes, n_updates):
    return experiment.run(NOTE_003[sizes], n_updates)


def test_chain_of_note_002_after_one_update():
    history = gradient_descent(CHAIN, [0.7, 0, 0.5, 0], [[0.5]], [[1.0]], SquaredError(), 1.0, 1, learn_biases=False)
    np.testing.assert_allclose(history.parameters, [0.71267462, 0, 0.62264305, 0], atol=5e-9)
    np.testing.assert_allclose(history.losses, [0.18249473, 0.16765521], atol=5e-9)
    assert predict(CHAIN, history.parameters, [[0.5]]).item() == pytest.approx(0.59054279, abs=5e-9)


def train_classic(n_updates, update_order):
    return gradient_descent(
        *(CLASSIC, CLASSIC_START, [[0.05, 0.10]], [[0.01, 0.99]], HalfSquaredError("sum"), 0.5, n_updates),
        learn_biases=False,
        update_order=update_order,
    )


@pytest.mark.parametrize(
    ("update_order", "second_loss", "outputs"),
    [
        ("together", 0.291027774, (0.015913620, 0.984064274)),
        ("output_first", 0.291027924, (0.015912196, 0.984065734)),  # widely printed, and wrong
    ],
)
def test_classic_2_2_2_example_in_both_orders(update_order, second_loss, outputs):
    history = train_classic(10_000, update_order)
    np.testing.assert_allclose(history.losses[:2], [0.298371109, second_loss], atol=5e-10)
    np.testing.assert_allclose(predict(CLASSIC, history.parameters, [[0.05, 0.10]])[0], outputs, atol=5e-10)


def test_the_orders_share_the_output_weights_after_one_update_and_no_hidden_ones():
    right, wrong = (train_classic(1, order).parameters for order in ("together", "output_first"))
    np.testing.assert_array_equal(right[6:], wrong[6:])
    assert (right[:4] != wrong[:4]).all()
    np.testing.assert_allclose(right[:4], [0.149780716, 0.249751144, 0.199561432, 0.299502287], atol=5e-10)
    np.testing.assert_allclose(right[[6, 8, 7, 9]], [0.35891648, 0.408666186, 0.511301270, 0.561370121], atol=5e-10)


@pytest.mark.parametrize(
    ("sizes", "losses"),
    [
        ((2, 1), [0.2563, *[0.25] * 9]),
        ((2, 3, 1), [0.2440, 0.1881, 0.0920, 0.0313, 0.0149, 0.0092, 0.0065, 0.0049, 0.0040, 0.0033]),
        ((2, 3, 3, 1), [0.2892, 0.2492, 0.2442, 0.2191, 0.1803, 0.1519, 0.1029, 0.0123, 0.0047, 0.0027]),
    ],
)
def test_seeded_losses_of_note_003(sizes, losses):
    assert train_as_note_003(sizes, 9000).losses[::1000].round(4).tolist() == losses


@pytest.mark.parametrize(
    ("sizes", "n_updates", "outputs"),
    [
        ((2, 3, 1), 9999, [0.02224667, 0.94486905, 0.94514992, 0.06836053]),
        ((2, 3, 1), 10_000, [0.02224467, 0.94487309, 0.94515393, 0.06835551]),
        ((2, 3, 3, 1), 9999, [0.0281708, 0.95702334, 0.95697581, 0.05356113]),
        ((2, 3, 3, 1), 10_000, [0.02816583, 0.95703046, 0.95698292, 0.05355237]),
    ],
)
def test_seeded_outputs_of_note_003(sizes, n_updates, outputs):
    parameters = train_as_note_003(sizes, n_updates).parameters
    np.testing.assert_allclose(predict(sigmoids(*sizes), parameters, X)[:, 0], outputs, atol=5e-9)


def test_first_update_of_note_003():
    np.testing.assert_allclose(
        train_as_note_003((2, 1), 1).parameters, [0.49135794, -0.13921903, -0.0045571], atol=5e-9
    )


def test_one_layer_cannot_learn_xor():
    """With cross-entropy all starts end at ln 2; with MSE a few saturate towards three right of four, 0.25 as well."""
    starts = np.random.default_rng(0).normal(size=(100, 3))
    entropy = gradient_descent(sigmoids(2, 1), starts, X, Y, CrossEntropy(), 1.0, 3000)
    np.testing.assert_allclose(entropy.losses[:, -1], math.log(2), atol=1e-6)
    np.testing.assert_allclose(predict(sigmoids(2, 1), entropy.parameters, X), 0.5, atol=1e-3)
    squared = gradient_descent(sigmoids(2, 1), starts, X, Y, SquaredError(), 1.0, 3000)
    assert squared.losses[:, -1].min() > 0.2499


def test_2_4_1_learns_xor_from_most_starts():
    """Note 002's unseeded run: MSE well under 0.01 by update 10,000 for most seeds."""
    architecture, rng = sigmoids(2, 4, 1), np.random.default_rng(0)
    zeros = [np.zeros(fan_out) for _, fan_out in architecture.fans]
    starts = [architecture.pack([rng.normal(size=fans) for fans in architecture.fans], zeros) for _ in range(20)]
    history = gradient_descent(
        architecture, starts, X, Y, HalfSquaredError("sum"), 0.1, 10_000, reported=SquaredError()
    )
    assert (history.losses[:, -1] < 0.01).sum() >= 11


def test_a_stack_is_the_loop_over_its_runs_and_input_is_kept():
    architecture, rates = sigmoids(2, 3, 1), [0.1, 0.5, 2.0]
    starts = np.random.default_rng(1).normal(size=(3, architecture.n_parameters))
    kept = starts.copy()
    stacked = gradient_descent(architecture, starts, X, Y, CrossEntropy(), rates, 200)
    np.testing.assert_array_equal(starts, kept)
    for run, rate in enumerate(rates):
        single = gradient_descent(architecture, starts[run], X, Y, CrossEntropy(), rate, 200)
        np.testing.assert_allclose(stacked.losses[run], single.losses, rtol=1e-10)
        np.testing.assert_allclose(stacked.parameters[run], single.parameters, rtol=1e-10)
        assert single.losses.shape == (201,)


@pytest.mark.parametrize("runs", [1, 3])
def test_targets_may_have_the_runs_in_front(runs):
    architecture = sigmoids(2, 3, 1)
    starts = np.random.default_rng(1).normal(size=(runs, architecture.n_parameters))
    targets = np.stack([Y] * runs)
    found = gradient_descent(architecture, starts, X, targets, CrossEntropy(), 0.5, 20)
    shared = gradient_descent(architecture, starts, X, Y, CrossEntropy(), 0.5, 20)
    np.testing.assert_allclose(found.losses, shared.losses, rtol=1e-12)


def test_many_updates_are_the_same_as_a_few_at_a_time():
    architecture, start = note_003(2, 3, 1)
    whole = gradient_descent(architecture, start, X, Y, SquaredError(), 0.5, 1500)
    first = gradient_descent(architecture, start, X, Y, SquaredError(), 0.5, 700)
    second = gradient_descent(architecture, first.parameters, X, Y, SquaredError(), 0.5, 800)
    np.testing.assert_allclose(whole.losses, [*first.losses, *second.losses[1:]], rtol=1e-12)
    np.testing.assert_allclose(whole.parameters, second.parameters, rtol=1e-12)


def test_divergence_is_reported_as_the_update_at_which_it_shows():
    """On a line the error is multiplied by 1 - 2 * learning_rate in each update: |w| = 3^k for a rate of 2."""
    line = Architecture((1, 1), (Linear(),))
    history = gradient_descent(line, [[1.0, 0], [1.0, 0]], [[1.0]], [[0.0]], SquaredError(), [2.0, 0.1], 2000,
                               learn_biases=False)  # fmt: skip
    diverged, converged = history.diverged_at
    assert converged == -1
    assert diverged == math.ceil(512 * math.log(2) / math.log(3))  # where the square 3^2k passes 2^1024
    assert np.isfinite(history.losses[0, :diverged]).all()
    assert np.isnan(history.losses[0, diverged:]).all()


def test_without_learning_biases_no_bias_moves():
    architecture, start = note_003(2, 3, 1)
    history = gradient_descent(architecture, start, X, Y, CrossEntropy(), 0.5, 10, learn_biases=False)
    moved = history.parameters != start
    np.testing.assert_array_equal(moved, architecture.bias_mask() == 0)


def test_no_update_and_no_learning_rate_change_nothing():
    architecture, start = note_003(2, 3, 1)
    for rate, n_updates in ((0.5, 0), (0.0, 5)):
        history = gradient_descent(architecture, start, X, Y, CrossEntropy(), rate, n_updates)
        np.testing.assert_array_equal(history.parameters, start)
        assert history.losses.shape == (n_updates + 1,)
        assert len(set(history.losses)) == 1
    with pytest.raises(ValueError, match="read-only"):
        history.losses[0] = 0


@pytest.mark.parametrize(
    ("changes", "code", "value"),
    [
        ({"n_updates": -1}, "out_of_range", -1),
        ({"n_updates": 100_001}, "out_of_range", 100_001),
        ({"n_updates": 1.5}, "not_a_number", 1.5),
        ({"learning_rate": -0.1}, "out_of_range", -0.1),
        ({"learning_rate": "fast"}, "not_a_number", "fast"),
        ({"learning_rate": [0.1, 0.2]}, "wrong_shape", (2,)),
        ({"update_order": "hidden_first"}, "unknown_name", "hidden_first"),
        ({"Y": Y[:3]}, "wrong_shape", (3, 1)),
        ({"Y": np.stack([Y, Y])}, "wrong_shape", (2, 4, 1)),
        ({"Y": np.full((4, 1), np.inf)}, "not_finite", np.inf),
    ],
)
def test_bad_input_is_refused_by_name(changes, code, value):
    arguments = {"X": X, "Y": Y, "loss": CrossEntropy(), "learning_rate": 0.1, "n_updates": 1} | changes
    with pytest.raises(InputError) as caught:
        gradient_descent(sigmoids(2, 1), np.zeros(3), **arguments)
    assert (caught.value.code, caught.value.value) == (code, value)
