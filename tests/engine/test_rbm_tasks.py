"""What a machine is asked, and the step by hand."""

import numpy as np
import pytest

from engine.contrastive_divergence import contrastive_divergence
from engine.errors import InputError
from engine.rbm import RBM, reconstruct
from engine.rbm_by_hand import IMAGES, WEIGHTS, hand_step
from engine.rbm_images import image_set
from engine.rbm_likelihood import exact_gradient, log_likelihood
from engine.rbm_study import MachineConfig, learn
from engine.rbm_tasks import TASKS, ask

BARS = image_set("bars_4")


@pytest.fixture(scope="module")
def machine():
    """Well trained: 12 hidden units and CD-10."""
    config = MachineConfig(n_hidden=12, k=10, learning_rate=0.3, epochs=200)
    return learn(config, 0).machines[200]


@pytest.fixture(scope="module")
def knows_nothing():
    return RBM(np.zeros((16, 2)), np.zeros(16), np.zeros(2))


def test_reconstruction(machine):
    answer = ask(machine, BARS, "reconstruct")
    np.testing.assert_array_equal(answer.given, BARS.shown)
    np.testing.assert_allclose(answer.images, reconstruct(machine, BARS.shown))
    np.testing.assert_allclose(answer.error, ((answer.images - BARS.shown) ** 2).mean(axis=1))
    assert answer.mean_error == pytest.approx(answer.error.mean())
    assert answer.known.all()


def test_cleaning(machine):
    answer = ask(machine, BARS, "clean", seed=1)
    flipped = answer.given != BARS.shown
    assert 0.03 < flipped.mean() < 0.2
    np.testing.assert_allclose(answer.images, reconstruct(machine, answer.given))
    np.testing.assert_allclose(answer.error, ((answer.images - BARS.shown) ** 2).mean(axis=1))


def test_completing(machine, knows_nothing):
    answer = ask(machine, BARS, "complete")
    np.testing.assert_array_equal(~answer.known, np.broadcast_to(BARS.covered, answer.known.shape))
    np.testing.assert_array_equal(answer.images[answer.known], BARS.shown[answer.known])
    covered = ((answer.images - BARS.shown) ** 2)[:, BARS.covered]
    np.testing.assert_allclose(answer.error, covered.mean(axis=1))
    assert answer.mean_error < 0.05
    # who knows nothing answers one half for each covered pixel
    np.testing.assert_allclose(ask(knows_nothing, BARS, "complete").error, 0.25)


def test_dreams(machine, knows_nothing):
    answer = ask(machine, BARS, "dream")
    assert set(np.unique(answer.images)) == {0, 1}
    known = {tuple(image) for image in BARS.train}
    assert answer.real.tolist() == [tuple(image) in known for image in answer.images]
    assert answer.judged
    assert answer.n_real == sum(answer.real) > 5
    assert ask(knows_nothing, BARS, "dream").n_real <= 1
    assert not answer.error.size


def test_nobody_can_say_what_a_real_digit_is():
    rbm = RBM(np.zeros((64, 2)), np.zeros(64), np.zeros(2))
    answer = ask(rbm, image_set("digits"), "dream")
    assert not answer.judged
    assert answer.images.shape == (20, 64)


def test_rows(machine):
    answer = ask(machine, BARS, "complete")
    tiles, covered = answer.in_rows(5)
    np.testing.assert_array_equal(tiles, [*BARS.shown[:5], *answer.images[:5], *BARS.shown[5:], *answer.images[5:]])
    assert covered.any(axis=1).tolist() == [True] * 5 + [False] * 5 + [True] * 5 + [False] * 5


@pytest.mark.parametrize("task", TASKS)
def test_the_same_seed_gives_the_same_answer(machine, task):
    one, same, other = (ask(machine, BARS, task, seed).images for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert task == "reconstruct" or (one != other).any()


def test_an_unknown_task(machine):
    with pytest.raises(InputError):
        ask(machine, BARS, "sing")


# ---------------------------------------------------------------- by hand


@pytest.mark.parametrize("image", IMAGES)
def test_the_step_is_that_of_contrastive_divergence(image):
    rate, seed = 0.3, 5
    rbm, v = RBM(np.array(WEIGHTS), np.zeros(4), np.zeros(2)), np.array([IMAGES[image]])
    step = hand_step(WEIGHTS, image, rate, seed)
    estimate, _trace = contrastive_divergence(rbm, v, 1, np.random.default_rng(seed))
    np.testing.assert_allclose(step.change, rate * estimate.dW)
    np.testing.assert_allclose(step.positive - step.negative, estimate.dW)
    np.testing.assert_allclose(step.after.W, rbm.W + rate * estimate.dW)
    np.testing.assert_allclose(step.after.visible_bias, rate * estimate.dvisible_bias)
    np.testing.assert_allclose(step.after.hidden_bias, rate * estimate.dhidden_bias)
    assert step.log_p_before == pytest.approx(float(log_likelihood(rbm, v)))
    assert step.log_p_after == pytest.approx(float(log_likelihood(step.after, v)))
    np.testing.assert_allclose(step.slope.dW, exact_gradient(rbm, v).dW)


def test_its_numbers_by_hand():
    """W = ln 3 and -ln 3 at one pixel: sigmoid gives 3/4 and 1/4."""
    W = [[np.log(3), -np.log(3)], [0, 0], [0, 0], [0, 0]]
    step = hand_step(W, "left", 1.0, 0)
    u = np.random.default_rng(0).random(2)
    np.testing.assert_allclose(step.up_sum, [np.log(3), -np.log(3)])
    np.testing.assert_allclose(step.h_probability, [0.75, 0.25])
    np.testing.assert_array_equal(step.h, u < [0.75, 0.25])
    assert step.h.tolist() == [1, 0]  # u = 0.637, 0.270
    np.testing.assert_allclose(step.down_sum, [np.log(3), 0, 0, 0])
    np.testing.assert_allclose(step.v_reconstructed, [0.75, 0.5, 0.5, 0.5])
    again = 1 / (1 + 3**-0.75)
    np.testing.assert_allclose(step.h_reconstructed, [again, 1 - again])
    np.testing.assert_allclose(
        step.change[:, 0], np.array([0.75, 0, 0.75, 0]) - np.array([0.75, 0.5, 0.5, 0.5]) * again
    )
    assert step.energy == pytest.approx(-np.log(3))


def test_a_quarter_from_nothing():
    step = hand_step(np.zeros((4, 2)), "left", 1.0, 9)
    np.testing.assert_array_equal(step.change, [[0.25, 0.25], [-0.25, -0.25]] * 2)


@pytest.mark.parametrize(
    "bad",
    [(np.zeros((2, 4)), "left", 1.0, 0), (WEIGHTS, "cat", 1.0, 0), (WEIGHTS, "left", -1.0, 0), (WEIGHTS, "left", 1, -1),
     (np.full((4, 2), 11.0), "left", 1.0, 0), (np.full((4, 2), np.nan), "left", 1.0, 0)],
)  # fmt: skip
def test_bad_input(bad):
    with pytest.raises(InputError):
        hand_step(*bad)
