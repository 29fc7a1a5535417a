"""The noise of a batch's gradient: both formulas against all batches there are, the measured one against them."""

from itertools import combinations, product

import numpy as np
import pytest

from engine.errors import InputError
from engine.gradient_noise import draw_batches, gradient_noise, sizes_up_to
from engine.regression_bowl import SamplesConfig, batch_gradient, regression

PROBLEM = regression(SamplesConfig())
SMALL = regression(SamplesConfig(n_samples=6, seed=2))
POINT = (-1.0, 2.0)


def root_mean_square(problem, batches) -> float:
    """Over all these batches, of the distance to the gradient of all samples."""
    gradients = [batch_gradient(problem.x[list(batch)], problem.y[list(batch)], *POINT) for batch in batches]
    return float(np.sqrt(np.mean(np.sum((np.array(gradients) - problem.gradient(POINT)) ** 2, axis=1))))


def test_the_formulas_hold_over_all_batches_there_are():
    noise = gradient_noise(SMALL, draw_batches(SMALL), POINT)
    assert noise.sizes.tolist() == [1, 2, 4, 6]
    for at, size in enumerate(noise.sizes.tolist()):
        assert noise.predicted_distinct[at] == pytest.approx(
            root_mean_square(SMALL, combinations(range(6), size)), abs=1e-12
        )
        if size <= 4:
            assert noise.predicted[at] == pytest.approx(root_mean_square(SMALL, product(range(6), repeat=size)))


def test_the_measured_noise_is_the_predicted_one():
    noise = gradient_noise(PROBLEM, draw_batches(PROBLEM), POINT)
    assert noise.replaced == pytest.approx(noise.predicted, rel=0.06)
    assert noise.distinct[:-1] == pytest.approx(noise.predicted_distinct[:-1], rel=0.06)
    assert noise.sigma == noise.predicted[0]
    assert noise.distinct[-1] == 0
    assert noise.predicted_distinct[-1] == 0
    assert noise.predicted[4] == noise.predicted[2] / 2


def test_the_measured_noise_is_that_of_the_drawn_batches():
    rng = np.random.default_rng(5)
    replaced = rng.integers(128, size=(40, 128))
    distinct = rng.permuted(np.tile(np.arange(128), (40, 1)), axis=1)
    noise = gradient_noise(PROBLEM, draw_batches(PROBLEM, seed=5, n_draws=40), POINT)
    for at, size in enumerate(noise.sizes.tolist()[:-1]):
        assert noise.replaced[at] == pytest.approx(root_mean_square(PROBLEM, replaced[:, :size]))
        assert noise.distinct[at] == pytest.approx(root_mean_square(PROBLEM, distinct[:, :size]))


def test_there_is_noise_at_the_optimum_unless_the_samples_lie_on_a_line():
    on_a_line = regression(SamplesConfig(noise=0.0))
    assert gradient_noise(PROBLEM, draw_batches(PROBLEM), PROBLEM.optimum).sigma > 1
    assert gradient_noise(on_a_line, draw_batches(on_a_line), on_a_line.optimum).sigma < 1e-12


def test_the_sizes():
    assert sizes_up_to(100).tolist() == [1, 2, 4, 8, 16, 32, 64, 100]
    assert sizes_up_to(128).tolist() == [1, 2, 4, 8, 16, 32, 64, 128]
    assert sizes_up_to(2).tolist() == [1, 2]


def test_bad_input_is_refused():
    draws = draw_batches(SMALL)
    for point in ((1.0,), (1.0, np.nan), "ab"):
        with pytest.raises(InputError, match="point"):
            gradient_noise(SMALL, draws, point)
    for n_draws in (0, 10_001):
        with pytest.raises(InputError, match="n_draws"):
            draw_batches(SMALL, n_draws=n_draws)
    with pytest.raises(InputError, match="seed"):
        draw_batches(SMALL, seed=-1)
