"""Learning rates side by side on a surface: the notes' figures, what becomes of a run, one step, the script."""

import math
from dataclasses import replace

import numpy as np
import pytest

from engine.differences import numerical_gradient
from engine.errors import InputError
from engine.export_plane import plane_script
from engine.plane_descent import OUTCOMES, PlaneConfig, run
from engine.plane_step import round_bowl_point, step
from engine.shared_start import cells
from engine.surfaces import SURFACES, surface
from tests.engine.printed import printed

NOTE = PlaneConfig("round_bowl", (-3.0, 4.0), (0.1,), 100)
PLANES = [code for code, one in SURFACES.items() if one.dimensions == 2]


def nine(values) -> list[str]:
    """As note 002 prints."""
    return [f"{value:.8e}" for value in values]


def outcome(code: str, start, rate: float, n_steps: int, **options) -> str:
    return str(run(PlaneConfig(code, start, (rate,), n_steps, **options)).outcomes[-1])


def by_hand(start, learning_rate: float, n_steps: int) -> list[float]:
    """Note 002's code, in plain Python, with its numerical gradient."""

    def f(x):
        return x[0] ** 2 + x[1] ** 2

    x, h = list(start), 1e-4
    for _ in range(n_steps):
        gradient = []
        for i in (0, 1):
            ahead, behind = x.copy(), x.copy()
            ahead[i] += h
            behind[i] -= h
            gradient.append((f(ahead) - f(behind)) / (2 * h))
        x = [value - learning_rate * slope for value, slope in zip(x, gradient, strict=True)]
    return x


# note 002 -----------------------------------------------------------------------------------------------------


def test_the_notes_descent():
    points = run(replace(NOTE, numerical=True)).points
    for path in points:  # analytic and numerical
        assert nine(path[100]) == ["-6.11110793e-10", "8.14814391e-10"]
        assert nine(path[57]) == ["-8.97946606e-06", "1.19726214e-05"]
        assert nine(path[20]) == ["-3.45876451e-02", "4.61168602e-02"]


def test_the_path_is_a_power_of_four_fifths():
    points = run(NOTE).points[0]
    for k in (0, 1, 57, 100):
        factor, point = round_bowl_point((-3, 4), 0.1, k)
        assert factor == pytest.approx(0.8)
        assert point == pytest.approx((-3 * 0.8**k, 4 * 0.8**k), rel=1e-12)
        assert point == pytest.approx(points[k], rel=1e-12)


def test_a_learning_rate_too_large():
    runs = run(PlaneConfig("round_bowl", (-3.0, 4.0), (10.0,), 20, numerical=True))
    analytic, numerical = runs.points
    assert nine(analytic[20]) == ["-1.12769920e+26", "1.50359894e+26"]
    assert nine(numerical[20]) == ["-2.58983747e+13", "-1.29524862e+12"]
    assert numerical[20].tolist() == by_hand((-3.0, 4.0), 10.0, 20)
    assert (numerical[10:] == numerical[10]).all()
    assert (numerical[9] != numerical[10]).any()
    assert runs.outcomes.tolist() == ["diverges", "frozen"]
    assert runs.growth[0] == pytest.approx(19)
    assert runs.frozen_since.tolist() == [20, 10]


def test_a_learning_rate_too_small():
    runs = run(PlaneConfig("round_bowl", (-3.0, 4.0), (1e-10,), 100))
    assert runs.points[0, 100] == pytest.approx((-3 * (1 - 2e-10) ** 100, 4 * (1 - 2e-10) ** 100), rel=1e-14)
    assert nine(runs.points[0, 100]) == ["-2.99999994e+00", "3.99999992e+00"]
    assert runs.shift[0] == pytest.approx(1e-7, rel=1e-6)
    assert runs.outcomes[0] == "crawls"


def test_cells_that_share_their_start():
    first, second, third = cells()
    start = (-3.0, 4.0)
    assert (first.meant_start, first.real_start, first.meant_end) == (start, start, first.real_end)
    assert nine(first.real_end) == ["-3.45876451e-02", "4.61168602e-02"]
    assert second.real_start == first.real_end
    assert nine(second.real_end) == ["3.98264457e+12", "-6.43085837e+12"]
    assert list(second.real_end) == by_hand(by_hand(start, 0.1, 20), 10.0, 20)
    assert nine(second.meant_end) == ["-2.58983747e+13", "-1.29524862e+12"]
    assert third.real_start == third.real_end == second.real_end
    assert third.meant_end == pytest.approx((-2.4, 3.2))


# what becomes of a run ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "start", "rate", "n_steps", "options", "expected"),
    [
        ("round_bowl", (-3, 4), 0.1, 100, {}, "converged"),
        ("round_bowl", (-3, 4), 0.1, 20, {}, "moving"),
        ("round_bowl", (-3, 4), 1.0, 20, {}, "bounces"),
        ("round_bowl", (-3, 4), 1.001, 3, {}, "diverges"),  # still inside the picture
        ("round_bowl", (-3, 4), 10.0, 1, {}, "left"),  # one step has no growth
        ("round_bowl", (-3, 4), 10.0, 100, {}, "diverges"),
        ("round_bowl", (-3, 4), 1e30, 20, {}, "overflow"),
        ("elongated_bowl", (-4, 2), 0.2, 60, {"angle": 30.0}, "bounces"),
        ("saddle", (-2, 1e-3), 0.1, 60, {}, "runs_away"),
        ("saddle", (-2, -1e-9), 0.1, 200, {}, "runs_away"),
        ("saddle", (-2, 0), 0.1, 100, {}, "stationary"),
        ("rosenbrock", (-1.2, 1), 0.01, 50, {}, "overflow"),
        ("himmelblau", (0, 0), 0.01, 60, {}, "converged"),
    ],
)
def test_outcomes(code, start, rate, n_steps, options, expected):
    assert expected in OUTCOMES
    assert outcome(code, start, rate, n_steps, **options) == expected


def test_numbers_of_the_runs():
    config = PlaneConfig("elongated_bowl", (-4.0, 2.0), (0.18, 0.02, 0.21), 80, numerical=True, condition=10, angle=30)
    runs, ground = run(config), surface("elongated_bowl", 10, 30)
    assert runs.learning_rates.tolist() == [0.18, 0.02, 0.21, 0.18]
    assert runs.is_numerical.tolist() == [False, False, False, True]
    assert runs.n_steps == 80
    for place, rate in enumerate((0.18, 0.02, 0.21)):
        x = np.array([-4.0, 2.0])
        for k in range(81):
            assert runs.points[place, k] == pytest.approx(x, rel=1e-9, abs=1e-12)
            assert runs.losses[place, k] == pytest.approx(float(ground.value(x)), rel=1e-9)
            assert runs.gradient_norms[place, k] == pytest.approx(math.hypot(*ground.gradient(x)), rel=1e-9)
            x = x - rate * ground.gradient(x)
    reached = int(runs.steps_to_tolerance[0])
    assert runs.losses[0, reached] <= 1e-6 < runs.losses[0, reached - 1]
    assert runs.steps_to_tolerance[2] == -1
    assert runs.growth[2] == pytest.approx(1.1)
    assert runs.points[3] == pytest.approx(runs.points[0], abs=1e-8)
    looser = run(replace(config, tolerance=1e-3))
    assert 0 < looser.steps_to_tolerance[0] < reached


def test_an_overflow_is_dated():
    runs = run(PlaneConfig("rosenbrock", (-1.2, 1.0), (0.001, 0.01), 50))
    assert runs.diverged_at.tolist() == [-1, 6]
    assert np.isfinite(runs.points[1, 5]).all()
    assert not np.isfinite([*runs.points[1, 6], runs.losses[1, 6]]).all()
    assert runs.frozen_since[1] == 50


def test_results_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        run(NOTE).points[0, 0, 0] = 1.0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"n_steps": 0}, "out_of_range"),
        ({"n_steps": 201}, "out_of_range"),
        ({"learning_rates": ()}, "out_of_range"),
        ({"learning_rates": (0.1,) * 7}, "out_of_range"),
        ({"tolerance": -1.0}, "out_of_range"),
        ({"surface": "parabola"}, "wrong_shape"),
        ({"surface": "plain"}, "unknown_name"),
        ({"condition": 0.5, "surface": "elongated_bowl"}, "out_of_range"),
    ],
)
def test_what_is_refused(changes, code):
    with pytest.raises(InputError) as refused:
        replace(NOTE, **changes)
    assert refused.value.code == code


@pytest.mark.parametrize("rates", [(-0.1,), (math.nan,)])
def test_bad_learning_rates(rates):
    with pytest.raises(InputError):
        run(replace(NOTE, learning_rates=rates))


# one step -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", PLANES)
def test_a_step_is_the_runs(code):
    ground = surface(code)
    runs = run(PlaneConfig(code, ground.start, (1e-3,), 5, numerical=True))
    for place, numerical in enumerate((False, True)):
        x = runs.points[place, 3].tolist()
        found = step(ground, x, 1e-3, numerical=numerical)
        assert found.x == tuple(x)
        assert found.x_new == tuple(runs.points[place, 4].tolist())
        slope = numerical_gradient(ground) if numerical else ground.gradient
        assert found.gradient == tuple(slope(np.array(x)).tolist())
        assert len(found.differences) == 2 * numerical


def test_parts_of_a_gradient():
    x, y = 0.5, -1.5
    p, q = x * x + y - 11, x + y * y - 7
    assert step(surface("himmelblau"), (x, y), 0.1).parts == pytest.approx({"p": p, "q": q})
    assert step(surface("rosenbrock"), (x, y), 0.1).parts == pytest.approx({"r": y - x * x})
    beale = step(surface("beale"), (x, y), 0.1)
    r = [1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3]
    assert beale.parts == pytest.approx({"r_1": r[0], "r_2": r[1], "r_3": r[2], "s_2": y**2, "s_3": y**3})
    assert beale.gradient[0] == pytest.approx(sum(2 * r[k] * (y ** (k + 1) - 1) for k in range(3)))
    assert beale.gradient[1] == pytest.approx(sum(2 * r[k] * (k + 1) * x * y**k for k in range(3)))
    assert step(surface("saddle"), (x, y), 0.1).hessian == ((2, 0), (0, -2))


def test_a_difference_that_is_lost():
    near, far = (step(surface("round_bowl"), x, 10.0, numerical=True) for x in ((-3.0, 4.0), (-2.6e13, -1.3e12)))
    assert near.differences[0].ahead == (-3.0 + 1e-4) ** 2 + 16
    assert near.differences[0].behind == (-3.0 - 1e-4) ** 2 + 16
    assert [one.lost for one in near.differences] == [False, False]
    assert [one.lost for one in far.differences] == [True, True]
    assert [one.spacing for one in far.differences] == [2**-8, 2**-12]
    assert all(one.ahead == one.behind and one.slope == 0 for one in far.differences)
    assert far.x_new == far.x


# the script ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", PLANES)
def test_the_script_prints_the_runs(code):
    ground = surface(code, 7.0, 25.0)
    config = PlaneConfig(
        code, ground.start, (5e-3, 1e-4), 40, numerical=True, condition=7.0, angle=25.0, tolerance=1e-3
    )
    runs = run(config)
    lines = printed(
        plane_script(ground, config.start, config.learning_rates, 40, shown=33, numerical=True, tolerance=1e-3)
    )
    assert len(lines) == 9
    for place in range(3):
        head, numbers, steps = (line.split() for line in lines[3 * place : 3 * place + 3])
        kind = "numerical_gradient" if runs.is_numerical[place] else "gradient"
        assert head == ["learning_rate", repr(float(runs.learning_rates[place])), kind, "step", "33"]
        shown = [*runs.points[place, 33], runs.losses[place, 33], runs.gradient_norms[place, 33]]
        assert [float(word) for word in numbers[1::2]] == pytest.approx(shown, rel=1e-12, abs=1e-14)
        reached = int(runs.steps_to_tolerance[place])
        assert steps[-1] == ("-" if reached < 0 else str(reached))
