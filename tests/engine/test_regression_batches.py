"""Linear regression by batches: the bowl is least squares', the runs are those of a plain loop, limits are limits."""

import math
from dataclasses import replace

import numpy as np
import pytest

from engine import regression_batches as rb
from engine.differences import difference
from engine.errors import InputError
from engine.regression_batches import BatchConfig, fitted_schedule, train
from engine.regression_bowl import SamplesConfig, batch_gradient, regression

SAMPLES = SamplesConfig(n_samples=100, noise=0.7, seed=4)
POINTS = np.array([[-1.0, 2.0], [2.0, 1.0], [4.5, -2.5]])


def plain_loop(config: BatchConfig, run: int) -> np.ndarray:
    """The path of one run, written as a textbook writes it."""
    problem, rng = regression(config.samples), np.random.default_rng((config.shuffle_seed, run))
    n, (w, b) = config.samples.n_samples, config.start
    path = [(w, b)]
    for rate in config.rates():
        order = rng.permutation(n)
        for first in range(0, n, config.batch_size):
            batch = order[first : first + config.batch_size]
            errors = w * problem.x[batch] + b - problem.y[batch]
            w, b = w - rate * np.mean(errors * problem.x[batch]), b - rate * np.mean(errors)
            path.append((w, b))
    return np.array(path)


# the bowl


def test_the_optimum_is_the_line_of_least_squares():
    problem = regression(SAMPLES)
    inputs = np.stack([problem.x, np.ones(100)], axis=1)
    solution, residual, *_ = np.linalg.lstsq(inputs, problem.y, rcond=None)
    assert problem.optimum == pytest.approx(solution, rel=1e-12)
    assert problem.floor == pytest.approx(residual[0] / 200, rel=1e-12)


def test_the_loss_is_the_mean_of_half_squared_errors():
    problem = regression(SAMPLES)
    direct = [np.mean((w * problem.x + b - problem.y) ** 2) / 2 for w, b in POINTS]
    assert problem.loss(POINTS) == pytest.approx(direct, rel=1e-12)
    assert problem.surface.value(POINTS) == pytest.approx(direct, rel=1e-12)
    assert problem.excess(problem.optimum) == 0
    assert problem.surface.floor == problem.floor


def test_the_gradients_agree_with_central_differences():
    problem = regression(SAMPLES)
    numerical = difference(problem.loss, POINTS, h=1e-4)
    assert problem.gradient(POINTS) == pytest.approx(numerical, rel=1e-7)
    for (w, b), slopes in zip(POINTS, numerical, strict=True):
        assert batch_gradient(problem.x, problem.y, w, b) == pytest.approx(slopes, rel=1e-7)
    x, y = problem.x[7], problem.y[7]  # a single sample

    def one(points):
        return 0.5 * (points[..., 0] * x + points[..., 1] - y) ** 2

    numerical = difference(one, POINTS[0], h=1e-4)
    assert batch_gradient(problem.x[7:8], problem.y[7:8], *POINTS[0]) == pytest.approx(numerical, rel=1e-7)


def test_samples_without_noise_lie_on_the_line():
    problem = regression(SamplesConfig(noise=0.0))
    assert problem.optimum == pytest.approx((2.0, 1.0), abs=1e-12)
    assert problem.floor == pytest.approx(0, abs=1e-24)
    assert problem.x.min() >= -1
    assert problem.x.max() <= 2


def test_the_limits_are_two_over_the_curvature():
    problem = regression(SAMPLES)
    assert problem.limit == pytest.approx(2 / np.linalg.norm(problem.hessian, 2), rel=1e-12)
    assert problem.sample_limit == pytest.approx(min(2 / (x * x + 1) for x in problem.x), rel=1e-12)


@pytest.mark.parametrize("factor", [0.98, 1.02])
def test_all_samples_diverge_above_the_limit(factor):
    rate = regression(SAMPLES).limit * factor
    run = train(BatchConfig(SAMPLES, 100, rate, epochs=50, start=(-2.0, -3.0)))
    assert (run.n_worse > 0) == (factor > 1)


def test_a_single_sample_is_safe_below_its_own_limit_and_diverges_where_all_converge():
    limit = regression(SAMPLES).sample_limit
    assert train(BatchConfig(SAMPLES, 1, 0.99 * limit, start=(5.0, -3.0))).n_worse == 0
    assert train(BatchConfig(SAMPLES, 1, 1.0)).n_worse >= 15
    assert train(BatchConfig(SAMPLES, 100, 1.0)).n_worse == 0


# the runs


@pytest.mark.parametrize("size", [1, 7, 32, 99])
@pytest.mark.parametrize("schedule", ["constant", "warm_up"])
def test_the_path_is_that_of_a_plain_loop(size, schedule):
    config = BatchConfig(SAMPLES, size, 0.2, epochs=6, schedule=schedule, shuffle_seed=3, runs=3)
    assert train(config).path == pytest.approx(plain_loop(config, 0), rel=1e-9, abs=1e-12)


def test_all_samples_need_no_shuffle():
    config = BatchConfig(SAMPLES, 100, 0.2, epochs=12, runs=2)
    problem, run = regression(SAMPLES), train(config)
    shrink = np.eye(2) - 0.2 * problem.hessian
    expected = problem.optimum + np.linalg.matrix_power(shrink, 12) @ (np.array(config.start) - problem.optimum)
    assert run.path[-1] == pytest.approx(expected, rel=1e-12)
    assert run.low.tolist() == run.high.tolist()


def test_the_band_is_that_of_plain_loops():
    config = BatchConfig(SAMPLES, 32, 0.3, epochs=5, runs=5)
    problem, run = regression(SAMPLES), train(config)
    losses = np.array([problem.excess(plain_loop(config, seed)) for seed in range(5)])
    for unit in rb.UNITS:
        at, updates = config.axis(unit)
        median, low, high = run.band(updates)
        assert len(at) == len(median)
        assert median == pytest.approx(np.median(losses[:, updates], axis=0), rel=1e-9)
        assert low == pytest.approx(np.sort(losses[:, updates], axis=0)[1], rel=1e-9)
        assert high == pytest.approx(np.sort(losses[:, updates], axis=0)[-2], rel=1e-9)
    assert run.settled == pytest.approx(np.median(losses[:, -4:].mean(axis=1)), rel=1e-9)
    assert run.excess == pytest.approx(losses[0], rel=1e-9)


def test_the_path_of_a_run_does_not_depend_on_how_many_there_are():
    one, many = (train(BatchConfig(SAMPLES, 8, runs=runs)) for runs in (1, 20))
    assert one.path.tolist() == many.path.tolist()


def test_a_run_that_diverges_ends_in_what_cannot_be_computed():
    run = train(BatchConfig(SAMPLES, 1, 5.0))
    assert not np.isfinite(run.path[-1]).all()
    assert run.median[-1] == math.inf
    assert run.n_worse == 20
    assert np.isfinite(run.path[1]).all()


def test_nobody_can_write_to_a_result():
    run = train(BatchConfig(SAMPLES, 32, epochs=2))
    for array in (run.path, run.excess, run.median, run.order, regression(SAMPLES).x):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


# counting


def test_updates_per_epoch_round_up():
    configs = [BatchConfig(SAMPLES, size, epochs=5) for size in (1, 32, 64, 100)]
    assert [config.updates_per_epoch for config in configs] == [100, 4, 2, 1]
    assert [config.n_updates for config in configs] == [500, 20, 10, 5]
    assert {config.n_seen for config in configs} == {500}


def test_a_batch_moves_when_its_last_sample_has_been_seen():
    config = BatchConfig(SAMPLES, 32, epochs=2)
    seen = [0, 31, 32, 63, 64, 96, 99, 100, 131, 132, 200]
    assert config.updates_after(seen).tolist() == [0, 0, 1, 1, 2, 3, 3, 4, 4, 5, 8]


@pytest.mark.parametrize("unit", rb.UNITS)
def test_the_axis_ends_with_the_run(unit):
    config = BatchConfig(SAMPLES, 8)
    at, updates = config.axis(unit)
    assert at[-1] == {"epoch": 30, "sample": 3000, "update": config.n_updates}[unit]
    assert updates[-1] == config.n_updates
    assert len(at) <= rb.SHOWN


def test_a_worked_update_is_the_step_of_the_path():
    config = BatchConfig(SAMPLES, 32, 0.25, epochs=3, schedule="cosine")
    run = train(config)
    for number in (1, 4, 5, 12):
        worked = rb.worked_update(config, run, number)
        assert len(worked.batch) == (4 if number % 4 == 0 else 32)
        stepped = [p - worked.learning_rate * g for p, g in zip(worked.before, worked.gradient, strict=True)]
        assert worked.before == pytest.approx(run.path[number - 1])
        assert worked.after == pytest.approx(stepped, rel=1e-10)
        assert worked.learning_rate == config.rates()[(number - 1) // 4]
    seen = [i for number in (5, 6, 7, 8) for i in rb.worked_update(config, run, number).batch]
    assert sorted(seen) == list(range(100))


def test_a_worked_update_that_does_not_exist_is_refused():
    config = BatchConfig(SAMPLES, 32, epochs=1)
    for number in (0, 5):
        with pytest.raises(InputError, match="number"):
            rb.worked_update(config, train(config), number)


# schedules


def test_the_schedules_fit_the_run():
    factors = {code: fitted_schedule(code, 30)(np.arange(30)) for code in rb.SCHEDULES}
    assert factors["constant"].tolist() == [1.0] * 30
    assert factors["step"][[0, 9, 10, 19, 20, 29]] == pytest.approx([1, 1, 0.1, 0.1, 0.01, 0.01])
    assert factors["exponential"][[0, 29]] == pytest.approx([1, 0.01])
    assert factors["cosine"][[0, 15]] == pytest.approx([1, 0.5])
    assert factors["warm_up"][[0, 5]] == pytest.approx([0.1, 1])
    assert (np.diff(factors["warm_up"][5:]) < 0).all()


@pytest.mark.parametrize("code", rb.SCHEDULES)
@pytest.mark.parametrize("epochs", [1, 2, 3, 50])
def test_a_schedule_of_any_length_is_finite(code, epochs):
    factors = fitted_schedule(code, epochs)(np.arange(epochs))
    assert np.isfinite(factors).all()
    assert (factors > 0).all()


def test_a_falling_rate_settles_a_single_sample_and_slows_all_of_them():
    def end(size: int, schedule: str) -> float:
        return train(BatchConfig(SamplesConfig(), size, 0.1, schedule=schedule)).settled

    for schedule in ("step", "exponential", "cosine", "warm_up"):
        assert end(1, schedule) < end(1, "constant") / 100
        assert end(128, schedule) > end(128, "constant")


def test_the_cloud_of_a_single_sample_grows_with_the_rate():
    clouds = [train(BatchConfig(SamplesConfig(), 1, rate)).settled for rate in (0.025, 0.05, 0.1, 0.2)]
    assert clouds == sorted(clouds)


# bad input


@pytest.mark.parametrize(
    ("change", "argument"),
    [
        ({"batch_size": 0}, "batch_size"),
        ({"batch_size": 101}, "batch_size"),
        ({"batch_size": 2.5}, "batch_size"),
        ({"learning_rate": -0.1}, "learning_rate"),
        ({"learning_rate": math.nan}, "learning_rate"),
        ({"epochs": 51}, "epochs"),
        ({"start": (1.0,)}, "start"),
        ({"start": (1.0, 1e9)}, "start"),
        ({"start": (1.0, math.inf)}, "start"),
        ({"schedule": "none"}, "schedule"),
        ({"shuffle_seed": -1}, "seed"),
        ({"runs": 0}, "runs"),
    ],
)
def test_a_bad_configuration_is_refused(change, argument):
    with pytest.raises(InputError, match=argument):
        replace(BatchConfig(SAMPLES, 32), **change)


@pytest.mark.parametrize("change", [{"n_samples": 1}, {"n_samples": 513}, {"noise": -1.0}, {"seed": 0.5}])
def test_bad_samples_are_refused(change):
    with pytest.raises(InputError, match=next(iter(change))):
        SamplesConfig(**change)


def test_an_unknown_axis_is_refused():
    with pytest.raises(InputError, match="unit"):
        BatchConfig(SAMPLES, 32).axis("second")
