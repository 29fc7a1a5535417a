"""Descent: note 002's runs, stacks against loops, divergence, searches."""

from itertools import pairwise

import numpy as np
import pytest

from engine.descent import Descent, descend, race
from engine.differences import numerical_gradient
from engine.errors import InputError
from engine.functions import curve
from engine.optimizers import OPTIMIZERS, optimizer
from engine.surfaces import SURFACES, surface

BOWL = surface("round_bowl")
START = np.array([-3.0, 4.0])


def sgd(learning_rate):
    return optimizer("sgd", learning_rate=learning_rate)


# --- the runs of lecture note 002 ---


@pytest.mark.parametrize("gradient", [None, numerical_gradient(BOWL)], ids=["analytic", "numerical"])
def test_note_path_from_minus_3_4(gradient):
    run = descend(BOWL, sgd(0.1), START, 100, gradient)
    np.testing.assert_allclose(run.points[-1], (-6.11110793e-10, 8.14814391e-10), rtol=1e-6 if gradient else 2e-9)
    np.testing.assert_allclose(run.points[57], (-8.97946606e-6, 1.19726214e-5), rtol=1e-6 if gradient else 2e-9)
    path = START * 0.8 ** np.arange(101)[:, None]
    np.testing.assert_allclose(run.points, path, rtol=1e-12 if gradient is None else 1e-5)
    np.testing.assert_allclose(run.losses, (path**2).sum(axis=1), rtol=1e-11 if gradient is None else 1e-4)
    assert run.diverged_at == -1


def test_note_too_large_a_learning_rate_flies_off():
    run = descend(BOWL, sgd(10), START, 20)
    np.testing.assert_allclose(run.points[-1], (-1.12769920e26, 1.50359894e26), rtol=1e-8)
    assert run.diverged_at == -1  # huge, but finite


def test_note_too_large_a_learning_rate_freezes_with_numerical_gradients():
    """From step 10 on x + h and x - h round to x, the estimated gradient is 0 and nothing moves any more."""
    points = descend(BOWL, sgd(10), START, 20, numerical_gradient(BOWL, h=1e-4)).points
    np.testing.assert_allclose(points[-1], (-2.58983747e13, -1.29524862e12), rtol=1e-8)
    assert not np.array_equal(points[9], points[10])
    assert (points[10:] == points[10]).all()


def test_note_too_small_a_learning_rate_hardly_moves():
    run = descend(BOWL, sgd(1e-10), START, 100)
    np.testing.assert_allclose(run.points[-1], START * (1 - 2e-8), rtol=1e-12)


def test_note_updates_its_start_in_place():
    """Its second cell starts where the first one stopped after 20 steps, and its third near 4e12."""
    second = descend(BOWL, sgd(0.1), START, 20).points[-1]
    np.testing.assert_allclose(second, (-0.03458765, 0.04611686), atol=5e-9)
    third = descend(BOWL, sgd(10), second, 20, numerical_gradient(BOWL)).points[-1]
    np.testing.assert_allclose(third, (3.98e12, -6.43e12), rtol=1e-3)


# --- stacks ---


@pytest.mark.parametrize("code", OPTIMIZERS)
@pytest.mark.parametrize("surface_code", ["round_bowl", "rosenbrock", "double_well"])
def test_stack_is_its_runs_one_by_one(code, surface_code):
    s, rates = surface(surface_code), np.array([1e-3, 1e-2, 5e-2])
    starts = np.random.default_rng(2).uniform(-1, 1, (4, s.dimensions))
    together = race(s, optimizer(code), rates, starts, 25)
    assert together.points.shape == (3, 4, 26, s.dimensions)
    assert together.losses.shape == (3, 4, 26)
    for i, rate in enumerate(rates):
        for j, start in enumerate(starts):
            alone = descend(s, optimizer(code, learning_rate=rate), start, 25)
            np.testing.assert_allclose(together.points[i, j], alone.points, rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(together.losses[i, j], alone.losses, rtol=1e-9, atol=1e-12)


def test_other_hyperparameters_are_stacked_as_well():
    momenta = np.array([0.0, 0.5, 0.9])
    stack = optimizer("momentum", learning_rate=0.02, momentum=momenta[:, None])
    together = descend(BOWL, stack, np.broadcast_to(START, (3, 2)), 30)
    for i, momentum in enumerate(momenta):
        alone = descend(BOWL, optimizer("momentum", learning_rate=0.02, momentum=momentum), START, 30)
        np.testing.assert_allclose(together.points[i], alone.points, rtol=1e-12)


@pytest.mark.parametrize("code", SURFACES)
def test_every_step_is_the_rule_applied_to_the_gradient(code):
    s = SURFACES[code]
    points = descend(s, sgd(1e-3), s.start, 20).points
    assert points[0].tolist() == list(s.start)
    for before, after in pairwise(points):
        np.testing.assert_allclose(after, before - 1e-3 * s.gradient(before), rtol=1e-13)
    assert s.value(points[-1]) < s.value(points[0])


def test_a_single_start_keeps_its_shape():
    assert race(BOWL, sgd(0.1), [0.1, 0.2], START, 5).points.shape == (2, 6, 2)
    assert descend(BOWL, sgd(0.1), START, 5).points.shape == (6, 2)


def test_inputs_are_not_changed_and_results_are_read_only():
    start, rates = START.copy(), np.array([0.1, 0.2])
    run = race(BOWL, sgd(0.5), rates, start, 5)
    assert start.tolist() == [-3, 4]
    assert rates.tolist() == [0.1, 0.2]
    for array in (run.points, run.losses, run.diverged_at):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


# --- divergence and tolerance ---


def test_divergence_is_reported_as_its_first_step():
    """x = 3 (1 - 2 * 500.5)^k = 3 (-1000)^k: x^2 is 9e306 at k = 51 and 9e312, past the largest float, at k = 52."""
    run = race(surface("parabola"), sgd(0), [500.5, 0.1], [[3.0]], 60)
    assert run.diverged_at.tolist() == [[52], [-1]]
    assert np.isinf(run.losses[0, 0, 52])
    assert np.isfinite(run.losses[0, 0, :52]).all()
    assert np.isfinite(run.points[0, 0, 52]).all()  # the loss overflows first


def test_divergence_of_the_point_counts_too():
    """A slope of -1 for ever: x = 1e308 k is infinite at k = 2, where the value of this surface is still pi / 2."""
    flat = curve(
        "flat", "", (-1, 1), 0, value=np.arctan, slope=lambda x: np.full_like(x, -1.0), curvature=np.zeros_like
    )
    run = descend(flat, sgd(1e308), [0.0], 3)
    assert run.diverged_at == 2
    assert np.isinf(run.points[2]).all()
    assert np.isfinite(run.losses).all()


def test_a_diverging_run_does_not_disturb_its_neighbours():
    run = race(surface("rosenbrock"), sgd(0), [1.0, 1e-3], [-1.2, 1.0], 50)
    alone = descend(surface("rosenbrock"), sgd(1e-3), [-1.2, 1.0], 50)
    assert 0 < run.diverged_at[0] < 10
    np.testing.assert_allclose(run.points[1], alone.points, rtol=1e-12)


def test_steps_to_a_tolerance():
    """The losses are 25 * 0.64^k: below 1 first at k = 8 (0.70), below 1e-6 first at k = 39."""
    run = race(BOWL, sgd(0), [0.1, 1e-10], START, 50)
    assert run.steps_to(1.0).tolist() == [8, -1]
    assert run.steps_to(1e-6).tolist() == [39, -1]
    assert run.steps_to(25).tolist() == [0, 0]
    assert run.steps_to(1.0, floor=-1.0).tolist() == [-1, -1]
    assert Descent(np.zeros((1, 1)), np.array([np.nan]), np.array(0)).steps_to(1.0) == -1


# --- refusals ---


@pytest.mark.parametrize(
    ("call", "code", "argument", "value"),
    [
        (lambda: descend(BOWL, sgd(0.1), [1.0], 5), "wrong_shape", "starts", (1,)),
        (lambda: descend(BOWL, sgd(0.1), [np.nan, 1.0], 5), "not_finite", "starts", None),
        (lambda: descend(BOWL, sgd(0.1), ["here", "there"], 5), "not_a_number", "starts", ["here", "there"]),
        (lambda: descend(BOWL, sgd(0.1), START, 0), "out_of_range", "n_steps", 0),
        (lambda: descend(BOWL, sgd(0.1), START, 10**6), "out_of_range", "n_steps", 10**6),
        (lambda: descend(BOWL, sgd(0.1), START, 2.5), "not_a_number", "n_steps", 2.5),
        (
            lambda: descend(BOWL, sgd(0.1), np.zeros((1000, 2)), 10_000),
            "out_of_range",
            "numbers in the paths",
            20_002_000,
        ),
        (lambda: race(BOWL, sgd(0.1), 0.1, START, 5), "wrong_shape", "learning_rates", ()),
        (lambda: race(BOWL, sgd(0.1), [], START, 5), "wrong_shape", "learning_rates", (0,)),
        (lambda: race(BOWL, sgd(0.1), [-0.1], START, 5), "out_of_range", "learning_rate", -0.1),
        (lambda: descend(BOWL, sgd(0.1), START, 5).steps_to(-1), "out_of_range", "tolerance", -1),
        (lambda: descend(BOWL, sgd(0.1), START, 5).steps_to(1, -np.inf), "not_finite", "floor", -np.inf),
    ],
)
def test_bad_input_is_named(call, code, argument, value):
    with pytest.raises(InputError) as caught:
        call()
    assert (caught.value.code, caught.value.argument) == (code, argument)
    assert value is None or caught.value.value == value
