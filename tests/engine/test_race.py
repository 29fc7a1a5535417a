"""Optimizers side by side: closed forms, the rules run by themselves, and a script that needs NumPy alone."""

import contextlib
import io
import math
from dataclasses import replace

import numpy as np
import pytest

from engine import lbfgs
from engine.descent import descend
from engine.errors import InputError
from engine.export_race import race_script
from engine.optimizers import OPTIMIZERS, optimizer
from engine.race import (
    AS_GOOD_AS_ZERO,
    ENTRANTS,
    GRADIENTS,
    GRID,
    LBFGS_GRID,
    LOSS,
    Contest,
    enter,
    turned,
    winners,
)
from engine.surfaces import surface

START = (-4.0, 2.0)
STRAIGHT = Contest("elongated_bowl", 50.0, 0.0, START, 200, 1e-3)
TURNED = Contest("elongated_bowl", 50.0, 45.0, turned(START, 45.0), 200, 1e-3)
ROUND = Contest("round_bowl", 1.0, 0.0, (-3.0, 4.0), 100, 1e-3)
SADDLE = Contest("saddle", 1.0, 0.0, (-2.0, 1e-3), 100, 1e-3)


def other(code: str, start=None, n=150) -> Contest:
    return Contest(code, 1.0, 0.0, start or surface(code).start, n, 1e-3)


def by_gradients(contest: Contest) -> Contest:
    return replace(contest, best_by=GRADIENTS)


EVERYWHERE = [ROUND, STRAIGHT, TURNED, *map(other, ("rosenbrock", "himmelblau", "beale")), SADDLE]


def test_the_grid_has_five_rates_a_decade():
    assert len(GRID) == 31
    assert (GRID[0], GRID[-1]) == (1e-4, 100.0)
    assert [GRID[k] for k in (5, 10, 15, 20, 25)] == [1e-3, 1e-2, 0.1, 1.0, 10.0]
    np.testing.assert_allclose(np.diff(np.log10(GRID)), 0.2, atol=0.01)
    assert LBFGS_GRID == (1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0)


def test_note_002():
    """100 steps of 0.1 from (-3, 4): the path is (-3, 4) 0.8^k."""
    entry = enter(ROUND, "sgd", 0.1)
    np.testing.assert_allclose(entry.points[-1], [-6.11110793e-10, 8.14814391e-10], rtol=1e-8)
    np.testing.assert_allclose(entry.losses, 25 * 0.64 ** np.arange(101), rtol=1e-12)
    assert entry.steps_to_goal == math.ceil(math.log(25 / 1e-3) / math.log(1 / 0.64)) == 23
    assert entry.gradients_to_goal == 23


def test_sgd_on_a_bowl_is_known_exactly():
    """x_0 shrinks by 1 - eta, x_1 by 1 - 50 eta."""
    entry, rates = enter(STRAIGHT, "sgd"), np.array(GRID)
    with np.errstate(over="ignore"):
        exact = 0.5 * (16 * (1 - rates) ** 400 + 50 * 4 * (1 - 50 * rates) ** 400)
    kept = rates < 0.2  # beyond, float64 overflows
    np.testing.assert_allclose(entry.search.losses[kept], exact[kept], rtol=1e-9)
    assert np.isinf(entry.search.losses[-1])
    assert entry.learning_rate == 0.025 == rates[exact.argmin()]
    assert entry.loss == pytest.approx(exact.min(), rel=1e-9)
    assert entry.climbs_from == 0.063  # the first of the grid above 2 / 50; at 0.04 the steep direction only swings
    assert entry.decades == pytest.approx((exact <= 1e-3).sum() / 5)


@pytest.mark.parametrize("code", OPTIMIZERS)
@pytest.mark.parametrize("contest", EVERYWHERE, ids=lambda contest: f"{contest.surface_code} {contest.angle:g}")
def test_an_entry_is_the_rule_run_by_itself(contest, code):
    entry = enter(contest, code, 0.02)
    alone = descend(contest.surface, optimizer(code, learning_rate=0.02), np.array(contest.start), contest.n_gradients)
    assert entry.diverged_at == alone.diverged_at
    n = 40  # later, rounding is amplified
    np.testing.assert_allclose(entry.points[:n], alone.points[:n], rtol=1e-9, atol=1e-12)
    assert entry.evaluations.tolist() == list(range(contest.n_gradients + 1))


@pytest.mark.parametrize("code", OPTIMIZERS)
def test_the_own_best_is_the_lowest_of_all_runs(code):
    entry, ends = enter(TURNED, code), []
    for rate in GRID:
        run = descend(TURNED.surface, optimizer(code, learning_rate=rate), np.array(TURNED.start), 200)
        ends.append(run.losses[-1] if run.diverged_at < 0 else math.inf)
    near = np.array(ends) <= max(min(ends), AS_GOOD_AS_ZERO) * 3  # chaotic runs differ with the last digit
    assert near[GRID.index(entry.learning_rate)]
    assert entry.search.losses[entry.search.best] == entry.loss
    assert (entry.reached == (entry.search.losses <= 1e-3)).all()
    assert (entry.climbed == (entry.search.losses > 108)).all()


def test_of_equal_ones_the_lowest_rate_counts():
    entry = enter(STRAIGHT, "adagrad")
    assert entry.learning_rate == 1.0
    assert (entry.search.losses[20:] < AS_GOOD_AS_ZERO).sum() > 3
    assert (entry.search.losses[:20] > AS_GOOD_AS_ZERO).all()
    assert [rate for rate, _loss in entry.neighbours] == [0.63, 1.0, 1.6]
    assert entry.neighbours[1][1] == entry.loss


def test_coordinates_by_themselves_do_not_feel_the_condition():
    """Along the axes AdaGrad and RMSProp go the same way whatever the condition; turned they do not."""
    for code in ("adagrad", "rmsprop"):
        ways = [enter(Contest("elongated_bowl", k, 0.0, START, 60, 1e-3), code, 0.1).points for k in (1.0, 50.0)]
        np.testing.assert_allclose(*ways, atol=1e-5)
    assert [enter(contest, "adagrad").gradients_to_goal for contest in (STRAIGHT, TURNED)] == [26, 166]
    assert [enter(contest, "rmsprop").gradients_to_goal for contest in (STRAIGHT, TURNED)] == [51, 184]


def test_sgd_and_momentum_know_no_axes():
    turn = np.array([[1, -1], [1, 1]]) / math.sqrt(2)
    for code in ("sgd", "momentum", "nesterov"):
        straight = enter(STRAIGHT, code, 0.01).points
        np.testing.assert_allclose(straight @ turn.T, enter(TURNED, code, 0.01).points, atol=1e-12)
    assert [enter(contest, "sgd").gradients_to_goal for contest in (STRAIGHT, TURNED)] == [178, 178]
    assert [enter(contest, "momentum").gradients_to_goal for contest in (STRAIGHT, TURNED)] == [113, 113]


@pytest.mark.parametrize("rate", [None, 0.01])
@pytest.mark.parametrize("n", [1, 3, 20, 200])
def test_lbfgs_stops_where_its_gradients_are_spent(n, rate):
    contest = other("rosenbrock", n=n)
    known = contest.surface
    way = lbfgs.minimize(
        lambda point: (known.value(point), known.gradient(point)), contest.start, lbfgs.LBFGS(rate or 1.0), 200
    )
    entry = enter(contest, "lbfgs", rate)
    kept = int((way.evaluations <= n).sum())
    assert entry.learning_rate == (rate or 1.0)
    assert entry.points.tolist() == way.points[:kept].tolist()
    assert entry.evaluations.tolist() == way.evaluations[:kept].tolist()
    assert entry.evaluations[-1] <= n
    assert len(entry.search.learning_rates) == len(LBFGS_GRID)


def test_lbfgs_needs_more_gradients_than_steps():
    entry = enter(other("rosenbrock", n=300), "lbfgs")
    assert (entry.steps_to_goal, entry.gradients_to_goal) == (30, 38)


def test_a_saddle_is_left_not_reached():
    """x_1 grows by 1 + 2 eta a step, x_0 shrinks by 1 - 2 eta: left where the difference of squares is below -1."""
    assert not SADDLE.has_floor
    assert SADDLE.goal == -1.0
    entry = enter(SADDLE, "sgd", 0.05)
    k = np.arange(101)
    exact = 4 * 0.9 ** (2 * k) - 1e-6 * 1.1 ** (2 * k)
    np.testing.assert_allclose(entry.losses, exact, rtol=1e-9)
    assert entry.steps_to_goal == np.flatnonzero(exact <= -1)[0] == 73
    search = entry.search
    assert search.losses[search.best] == min(search.losses) < 73
    assert np.isinf(search.losses[0])  # too slow to leave in 100 steps


@pytest.mark.parametrize("code", ENTRANTS)
def test_on_the_ridge_nobody_leaves(code):
    entry = enter(other("saddle", (-2.0, 0.0)), code, 0.05)
    assert entry.steps_to_goal is None
    assert (entry.points[:, 1] == 0).all()


def test_a_start_from_which_nothing_works():
    entry = enter(other("beale", (-1e4, -1e4)), "sgd")
    assert entry.search.best is None
    assert entry.neighbours == ()
    assert entry.learning_rate == GRID[0]
    assert entry.diverged_at >= 0
    assert entry.climbs_from == GRID[0]
    assert entry.decades == 0


def test_a_start_turns_with_the_bowl():
    np.testing.assert_allclose(turned(START, 45.0), (-4.243, -1.414), atol=1e-3)
    assert turned(START, 0.0) == START
    for angle in (10.0, 45.0, 90.0):
        contest = Contest("elongated_bowl", 50.0, angle, turned(START, angle), 200, 1e-3)
        assert contest.start_loss == pytest.approx(STRAIGHT.start_loss, rel=1e-12)


@pytest.mark.parametrize("code", ENTRANTS)
@pytest.mark.parametrize("contest", EVERYWHERE[:-1], ids=lambda contest: f"{contest.surface_code} {contest.angle:g}")
def test_each_criterion_has_its_own_best(contest, code):
    """Every rate run as the race's own: none does better by the criterion, and none as good has a lower tie."""
    contest = replace(contest, n_gradients=60, tolerance=1.0)
    by_goal = by_gradients(contest)
    rates, best = (LBFGS_GRID if code == "lbfgs" else GRID), enter(by_goal, code)
    counts = [enter(by_goal, code, rate).gradients_to_goal for rate in rates]
    counts = [math.inf if count is None else count for count in counts]
    assert best.search.losses.tolist() == counts
    assert best.fell_back == (min(counts) == math.inf)
    if best.fell_back:
        assert best.learning_rate == enter(contest, code).learning_rate
        assert best.neighbours == ()
    else:
        equal = [rate for rate, count in zip(rates, counts, strict=True) if count == min(counts)]
        assert best.learning_rate == min(equal, key=lambda rate: abs(math.log10(rate)) if code == "lbfgs" else rate)
        assert best.gradients_to_goal == best.score == min(counts)
    lowest = enter(contest, code)
    assert lowest.score == max(lowest.loss, AS_GOOD_AS_ZERO) == max(lowest.search.losses.min(), AS_GOOD_AS_ZERO)


def test_another_criterion_gives_another_best_rate():
    """Too long a first step makes AdaGrad's later ones Newton's along the axes; that is its best way to the goal."""
    rates = {
        code: [enter(contest, code).learning_rate for contest in (STRAIGHT, by_gradients(STRAIGHT))]
        for code in ("adagrad", "rmsprop", "lbfgs")
    }
    assert rates == {"adagrad": [1.0, 63.0], "rmsprop": [0.063, 6.3], "lbfgs": [1.0, 10.0]}
    found = [enter(by_gradients(STRAIGHT), code).gradients_to_goal for code in rates]
    assert found == [4, 4, 6]


def test_lbfgs_of_equal_rates_has_the_natural_one():
    """From there all rates of 1 and less end as good as at 0: the lowest would pay 20 gradients more for its search."""
    entry = enter(STRAIGHT, "lbfgs")
    assert (entry.search.losses[:5] < AS_GOOD_AS_ZERO).all()
    assert (entry.learning_rate, entry.gradients_to_goal) == (1.0, 7)


def test_passing_the_goal_is_not_arriving():
    """RMSProp's best at the old start: at the goal after 100 steps, far above it later, back by luck."""
    contest = Contest("elongated_bowl", 50.0, 45.0, START, 200, 1e-3)
    entry = enter(contest, "rmsprop")
    there = entry.losses <= contest.goal
    assert there[100]
    assert entry.losses[101:].max() > 1
    assert entry.steps_to_goal > 175
    assert there[entry.steps_to_goal :].all()
    assert not there[entry.steps_to_goal - 1]
    short = enter(replace(contest, n_gradients=entry.steps_to_goal - 1), "rmsprop", entry.learning_rate)
    assert short.steps_to_goal is None


def test_where_nobody_stays_at_the_goal_the_lowest_loss_counts():
    contest = by_gradients(TURNED)
    entry = enter(contest, "adadelta")
    assert entry.fell_back
    assert entry.learning_rate == enter(TURNED, "adadelta").learning_rate == 16.0
    assert entry.steps_to_goal is None
    assert winners([entry]) == ()


def test_winners():
    def codes(contest, *names):
        return [entry.code for entry in winners([enter(contest, name) for name in names])]

    assert codes(TURNED, "sgd", "momentum", "adagrad") == ["momentum"]
    assert codes(STRAIGHT, "sgd", "adagrad", "rmsprop", "adam") == ["adagrad", "rmsprop"]  # both as good as 0
    assert codes(by_gradients(STRAIGHT), "sgd", "rmsprop", "adagrad", "lbfgs") == ["rmsprop", "adagrad"]
    assert codes(by_gradients(TURNED), "sgd", "adagrad", "lbfgs") == ["lbfgs"]
    assert codes(other("saddle", (-2.0, 0.0)), "sgd", "lbfgs") == []
    assert winners([]) == ()
    assert winners([enter(STRAIGHT, "sgd", 1.0)]) == ()  # diverged


def test_a_lucky_hit_is_told_from_a_good_step():
    lucky = enter(STRAIGHT, "rprop", 4.0)
    assert lucky.hits_by_luck
    assert lucky.points[1, 0] == 0
    assert enter(STRAIGHT, "adagrad", 2.0).hits_by_luck
    assert not enter(STRAIGHT, "rprop", 1.0).hits_by_luck
    assert not enter(ROUND, "sgd", 0.5).hits_by_luck  # on the minimum in one step from any start
    start = (-4.1, 2.3)
    assert not any(enter(replace(STRAIGHT, start=start), "rprop", rate).hits_by_luck for rate in GRID)


def test_where_weight_decay_helps():
    assert [contest.minimum_at_origin for contest in EVERYWHERE] == [True, True, True, False, False, False, False]


def test_results_are_read_only():
    for code in ("adam", "lbfgs"):
        entry = enter(ROUND, code)
        for array in (entry.points, entry.losses, entry.evaluations, entry.reached, entry.climbed, entry.search.losses):
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"surface_code": "bowl"}, "unknown_name"),
        ({"surface_code": "parabola"}, "wrong_shape"),
        ({"start": (1.0,)}, "wrong_shape"),
        ({"start": (1.0, math.nan)}, "not_finite"),
        ({"n_gradients": 0}, "out_of_range"),
        ({"n_gradients": 1001}, "out_of_range"),
        ({"tolerance": 0.0}, "out_of_range"),
        ({"condition": 0.5}, "out_of_range"),
        ({"best_by": "luck"}, "unknown_name"),
    ],
)
def test_a_contest_refuses_what_makes_no_sense(change, code):
    good = {"surface_code": "elongated_bowl", "condition": 5.0, "angle": 0.0, "start": START}
    with pytest.raises(InputError) as error:
        Contest(**{**good, "n_gradients": 10, "tolerance": 1e-3} | change)
    assert error.value.code == code


@pytest.mark.parametrize(("arguments", "code"), [(("sparse_adam",), "unknown_name"), (("sgd", 0.0), "out_of_range")])
def test_an_entry_refuses_what_makes_no_sense(arguments, code):
    with pytest.raises(InputError) as error:
        enter(ROUND, *arguments)
    assert error.value.code == code


@pytest.mark.parametrize("rate", [None, 0.1])
@pytest.mark.parametrize("best_by", [LOSS, GRADIENTS])
@pytest.mark.parametrize("contest", EVERYWHERE, ids=lambda contest: f"{contest.surface_code} {contest.angle:g}")
def test_the_script_repeats_the_race(contest, best_by, rate):
    contest, out = replace(contest, best_by=best_by), io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(race_script(contest, ENTRANTS, rate), "script.py", "exec"), {"__name__": "__main__"})
    lines = out.getvalue().splitlines()
    assert len(lines) == len(ENTRANTS)
    for line, code in zip(lines, ENTRANTS, strict=True):
        words, entry = line.split()[-10:], enter(contest, code, rate)
        said = dict(zip(words[::2], map(float, words[1::2]), strict=True))
        counts = [entry.steps_to_goal, entry.gradients_to_goal]
        assert [said["steps"], said["gradients"]] == [-1 if count is None else count for count in counts]
        assert (said["rate"], said["decades"]) == (entry.learning_rate, entry.decades)
        np.testing.assert_allclose(said["loss"], entry.loss, rtol=1e-9)
