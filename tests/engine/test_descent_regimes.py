"""What a descent along a curve is seen to do, against worked cases, formulas and a recomputation in plain Python."""

import math

import numpy as np
import pytest

from engine.descent import race
from engine.descent_regimes import (
    LATE,
    OBSERVED,
    WATCHED,
    curvature,
    factor,
    observe,
    progress,
    strip,
    twin,
    watch,
)
from engine.errors import InputError
from engine.optimizers import optimizer
from engine.quadratics import limits, regime
from engine.surfaces import SURFACES, surface

CURVES = [code for code, one in SURFACES.items() if one.dimensions == 1]


def seen(code: str, start: float, rate: float) -> dict:
    observed, _x = watch(surface(code), start, [rate])
    return {name: values[0].item() for name, values in vars(observed).items()}


@pytest.mark.parametrize(
    ("code", "start", "rate", "name", "end"),
    [
        ("double_well", 0.1, 0.05, "converges", 1.0),
        ("double_well", -0.1, 0.05, "converges", -1.0),
        ("double_well", 0.1, 0.2, "oscillates", 1.0),
        ("double_well", 0.1, 0.24, "oscillates", 1.0),
        ("double_well", 0.1, 0.26, "bounces", 1.0),
        ("double_well", 0.1, 0.4, "wanders", math.nan),
        ("double_well", 0.1, 0.001, "crawls", 1.0),
        ("double_well", 0.0, 0.1, "rests", math.nan),
        ("double_well", 1.0, 0.1, "rests", 1.0),
        ("double_well", 1.5, 0.2, "rests", math.nan),  # 1.5 - 0.2 · 7.5 = 0: exactly on top of the hill
        ("double_well", 1.6, 0.35, "diverges", math.nan),
        ("quartic", 1.5, 0.05, "slows", 0.0),
        ("quartic", 1.5, 0.15, "slows", 0.0),  # oversteps once, then comes down without end
        ("quartic", 1.5, 0.25, "diverges", math.nan),
        ("quartic", 0.5, 0.25, "slows", 0.0),
        ("quartic", 0.5, 1.0, "jumps", 0.0),  # 0.5 - 4 · 0.125 = 0
        ("absolute", -3.0, 3.0, "jumps", 0.0),
        ("absolute", -3.0, 0.5, "converges", 0.0),
        ("absolute", -3.0, 0.07, "bounces", 0.0),
        ("absolute", -3.0, 0.001, "crawls", 0.0),
        ("absolute", -3.0, 1000.0, "bounces", 0.0),
        ("wavy", 7.0, 0.05, "converges", 6.127494181446406),
        ("wavy", 1.0, 0.05, "converges", 0.0),
        ("wavy", 7.0, 2.0, "wanders", math.nan),
        ("wavy", 7.0, 21.0, "diverges", math.nan),
        ("parabola", -3.0, 1e-10, "crawls", 0.0),
    ],
)
def test_worked_cases(code, start, rate, name, end):
    found = seen(code, start, rate)
    assert found["regimes"] == name
    assert found["ends"] == end or (math.isnan(found["ends"]) and math.isnan(end))


def test_a_leap_ends_in_another_valley():
    found = seen("double_well", 1.6, 0.18)
    assert (found["homes"], found["ends"]) == (1.0, -1.0)
    found = seen("wavy", 5.0, 0.05)
    assert found["homes"] == found["ends"] == 6.127494181446406


@pytest.mark.parametrize("rate", [0.03, 0.07, 0.4, 2.5, 700.0])
def test_the_rattle_at_a_kink_is_as_wide_as_the_learning_rate(rate):
    found = seen("absolute", -3.0, rate)
    assert found["regimes"] == "bounces"
    assert found["periods"] == 2
    assert found["widths"] == pytest.approx(rate, rel=1e-12)


@pytest.mark.parametrize("rate", [0.26, 0.28, 0.3])
def test_a_cycle_of_the_double_well_is_the_one_that_algebra_finds(rate):
    """With c = 4 η, y = (1 + c) x - c x³ and back: the sum of both lines gives x² - xy + y² = 1, their difference
    x² + xy + y² = (2 + c) / c. So xy = 1 / c and (x - y)² = 1 - 1 / c.
    """
    found = seen("double_well", 0.1, rate)
    assert found["periods"] == 2
    assert found["widths"] == pytest.approx(math.sqrt(1 - 1 / (4 * rate)), rel=1e-3)


@pytest.mark.parametrize(("rate", "period"), [(0.3, 2), (0.314, 4), (0.324, 8), (0.328, 0)])
def test_the_periods_double_on_the_way_to_chaos(rate, period):
    found, x = watch(surface("double_well"), 0.1, [rate], 5000)
    late = x[0, -32:]
    assert found.periods[0] == period
    assert found.regimes[0] == ("bounces" if period else "wanders")
    assert len(np.unique(late.round(6))) == (period or len(late))


@pytest.mark.parametrize("code", ["parabola", "shifted_parabola"])
@pytest.mark.parametrize("share", [1e-3, 0.05, 0.5, 0.999, 1.0, 1.3, 1.9, 1.99, 2.0, 2.05, 30.0])
def test_on_a_quadratic_it_sees_what_the_formula_says(code, share):
    one, two = limits(surface(code).eigenvalues)
    rate = share * one if share != 2 else two
    assert seen(code, surface(code).start[0], rate)["regimes"] == regime(rate, surface(code).eigenvalues)


def test_crossings_are_counted():
    rate, x, n = 0.9, -3.0, 0
    for _ in range(WATCHED):
        after = x - rate * 2 * x
        n += abs(after) > 8e-6 and abs(x) > 8e-6 and after * x < 0
        x = after
    assert seen("parabola", -3.0, rate)["crossings"] == n > 50


@pytest.mark.parametrize("code", CURVES)
def test_a_stack_is_its_runs_one_by_one(code):
    rates = np.geomspace(1e-4, 100, 23)
    start = surface(code).start[0]
    stacked, x = watch(surface(code), start, rates)
    assert set(stacked.regimes) <= set(OBSERVED)
    for place, rate in enumerate(rates):
        single, alone = watch(surface(code), start, [rate])
        assert np.array_equal(x[place], alone[0], equal_nan=True)
        for name, values in vars(stacked).items():
            assert np.array_equal(values[place], vars(single)[name][0], equal_nan=values.dtype.kind == "f"), name


@pytest.mark.parametrize("code", CURVES)
def test_near_the_minimum_the_local_limit_decides(code):
    """Where f″ > 0: just below 2 / f″ a start close by arrives, just above it does not."""
    for (minimum,) in (*surface(code).minima, *surface(code).local_minima):
        bend = curvature(surface(code), minimum)
        if bend > 0:
            start = minimum + 1e-3
            assert seen(code, start, 1.9 / bend)["ends"] == minimum
            assert seen(code, start, 1.9 / bend)["regimes"] == "oscillates"
            assert seen(code, start, 2.1 / bend)["regimes"] in ("bounces", "diverges")


def test_curvatures_at_the_minima():
    assert curvature(surface("double_well"), 1.0) == curvature(surface("double_well"), -1.0) == 8.0
    assert curvature(surface("quartic"), 0.0) == curvature(surface("absolute"), 0.0) == 0.0


def test_factor_progress_and_twin():
    assert factor(0.1, 2.0) == 0.8
    assert progress(1e-10, 2.0) == 2e-10
    assert twin(0.85, 2.0) == pytest.approx(0.15, abs=1e-15)
    assert factor(twin(0.85, 2.0), 2.0) == pytest.approx(-factor(0.85, 2.0), abs=1e-15)


# the strip


@pytest.mark.parametrize("code", CURVES)
def test_a_strip_covers_its_axis_with_what_its_runs_do(code):
    start = surface(code).start[0]
    found = strip(surface(code), start, 1e-4, 100.0)
    assert found.edges[0] == 1e-4
    assert found.edges[-1] == pytest.approx(100.0)
    assert (np.diff(found.edges) > 0).all()
    assert len(found.regimes) == len(found.edges) - 1
    runs = race(surface(code), optimizer("sgd"), found.learning_rates, [start], WATCHED)
    assert np.array_equal(found.last, runs.points[:, -LATE:, 0], equal_nan=True)
    if surface(code).eigenvalues:
        expected = regime(found.learning_rates, surface(code).eigenvalues)
    else:
        expected = observe(surface(code), runs).regimes
        assert all(one != other for one, other in zip(found.regimes, found.regimes[1:], strict=False))
    inside = [n for n, name in enumerate(expected) if name != "bounces" or not surface(code).eigenvalues][1:-1]
    band = np.searchsorted(found.edges, found.learning_rates[inside], side="right") - 1
    assert [found.regimes[place] for place in band] == expected[inside].tolist()


def test_a_quadratics_strip_has_exact_borders():
    found = strip(surface("shifted_parabola"), 0.0, 1e-4, 100.0)
    assert found.edges.tolist() == [1e-4, 0.0025, 0.25, 0.5, 100.0]
    assert found.regimes == ("crawls", "converges", "oscillates", "diverges")
    found = strip(surface("parabola"), 0.0, 1e-4, 100.0)
    assert found.regimes == ("rests",)
    found = strip(surface("parabola"), -3.0, 0.1, 0.2)
    assert found.regimes == ("converges",)


def test_results_cannot_be_written_to():
    found = strip(surface("wavy"), 7.0, 0.1, 1.0, 5)
    for array in (found.edges, found.learning_rates, found.last, *vars(watch(surface("wavy"), 7.0, [0.1])[0]).values()):
        assert not array.flags.writeable


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: watch(surface("round_bowl"), 1.0, [0.1]), "wrong_shape"),
        (lambda: watch(surface("parabola"), 1.0, [0.1], 50), "out_of_range"),
        (lambda: watch(surface("parabola"), math.nan, [0.1]), "not_finite"),
        (lambda: watch(surface("parabola"), 1.0, [-0.1]), "out_of_range"),
        (lambda: strip(surface("saddle"), 1.0, 0.1, 1.0), "wrong_shape"),
        (lambda: strip(surface("parabola"), 1.0, 0.0, 1.0), "out_of_range"),
        (lambda: strip(surface("parabola"), 1.0, 1.0, 1.0), "out_of_range"),
        (lambda: strip(surface("parabola"), 1.0, 0.1, 1.0, 10**6), "out_of_range"),
        (lambda: curvature(surface("beale"), 0.0), "wrong_shape"),
        (lambda: twin(1.1, 2.0), "out_of_range"),
        (lambda: twin(0.1, 0.0), "out_of_range"),
        (lambda: factor(-0.1, 2.0), "out_of_range"),
    ],
)
def test_bad_input_is_refused(call, code):
    with pytest.raises(InputError) as refused:
        call()
    assert refused.value.code == code
