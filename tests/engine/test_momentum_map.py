"""Momentum's map: its rates, bands, borders and best points, each recomputed in another way; and the script."""

import contextlib
import io

import numpy as np
import pytest

from engine.errors import InputError
from engine.export_momentum import momentum_script
from engine.heavy_ball import steps_per_digit
from engine.momentum_map import WIDEST, momentum_map
from engine.momentum_study import study
from engine.surfaces import elongated_bowl

CONDITIONS = [1.0, 1.7, 10.0, 100.0, 10_000.0]


def radius(product, momentum, condition):
    return max(
        np.abs(np.linalg.eigvals([[1 + momentum - product * curvature, -momentum], [1, 0]])).max()
        for curvature in (1 / condition, 1.0)
    )


@pytest.mark.parametrize("condition", CONDITIONS)
def test_rates_are_spectral_radii(condition):
    found = momentum_map(condition, 12)
    expected = [[radius(p, m, condition) for p in found.learning_rates] for m in found.momenta]
    np.testing.assert_allclose(found.rates, expected, atol=1e-7)
    assert (found.learning_rates[0], found.learning_rates[-1]) == (0, WIDEST)
    assert (found.momenta[0], found.momenta[-1]) == (1, 0)
    assert not found.rates.flags.writeable


@pytest.mark.parametrize("condition", CONDITIONS)
def test_bands_lie_between_their_levels(condition):
    found = momentum_map(condition)
    assert len(found.levels) == 9
    assert (np.diff(found.levels) > 0).all()
    ends = np.concatenate([[0.0], found.level_rates, [1.0]])
    for band in range(10):
        rates = found.rates[found.bands == band]
        assert (rates > ends[band] - 1e-12).all()
        assert (rates <= ends[band + 1] + 1e-12).all()
    assert (found.rates[found.bands == 10] > 1).all()
    np.testing.assert_allclose(found.level_rates**found.levels, 0.1)
    assert found.bands.min() == 0


def test_levels_begin_above_the_best():
    assert momentum_map(100.0).levels.tolist() == [15, 20, 30, 50, 70, 100, 150, 200, 300]
    assert momentum_map(10_000.0).levels.tolist() == [200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5]
    assert momentum_map(1.0).levels[0] == 0.7
    for condition in (1.0, 3.0, 1e3, 1e5, 1e6):
        found = momentum_map(condition, 2)
        assert len(found.levels) == 9
        assert found.levels[0] > steps_per_digit(found.best.rate)
        assert found.levels[-1] >= steps_per_digit(found.best_descent.rate)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_borders_are_where_it_changes(condition):
    found = momentum_map(condition)
    curvatures = {"steep damping": 1.0, "flat damping": 1 / condition}
    assert ("flat damping" in found.borders) == (condition > 1)
    for code, line in found.borders.items():
        product, momentum = line.T
        assert (product <= WIDEST + 1e-12).all()
        if code == "divergence":
            for p, m in zip(product, momentum, strict=True):
                assert radius(p, m, condition) == pytest.approx(1, abs=1e-7)
                assert radius(p + 0.01, m, condition) > 1.001
        else:
            trace = 1 + momentum - product * curvatures[code]
            np.testing.assert_allclose(trace**2, 4 * momentum, atol=1e-12)
    assert len(found.borders["steep damping"]) > 100
    assert found.borders["steep damping"][0].tolist() == [4, 1]  # both branches: from (4, 1) by (1, 0) to (0, 1)
    assert found.borders["steep damping"][-1].tolist() == [0, 1]


def test_the_best_points_and_the_gain():
    found = momentum_map(100.0)
    assert found.best.learning_rate == pytest.approx(4 / 1.1**2, rel=1e-14)
    assert found.best.momentum == pytest.approx((9 / 11) ** 2, rel=1e-14)
    assert found.best_descent.learning_rate == pytest.approx(2 / 1.01, rel=1e-14)
    assert found.gain == pytest.approx(np.log(9 / 11) / np.log(99 / 101), rel=1e-12)
    assert found.rates.min() >= found.best.rate - 1e-9
    assert np.isnan(momentum_map(1.0).gain)


@pytest.mark.parametrize(("condition", "side"), [(0.5, 10), (np.nan, 10), (1e9, 10), (10, 1), (10, 4000), ("a", 10)])
def test_bad_input_is_refused(condition, side):
    with pytest.raises(InputError):
        momentum_map(condition, side)


@pytest.mark.parametrize(("condition", "angle"), [(100.0, 30.0), (1.0, 0.0), (4000.0, -45.0)])
def test_the_script_prints_the_engines_numbers(condition, angle):
    found, start, n_steps = momentum_map(condition), (-4.0, -2.0), 200
    pairs = {"a": (1.0, 0.8), "best": found.best[:2], "wild": (4.1, 0.5), "still": (0.0, 0.5)}
    points = [(name, product / condition, momentum) for name, (product, momentum) in pairs.items()]
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(momentum_script(condition, angle, start, points, n_steps), "script", "exec"), {})
    best, descent, _head, *rows = output.getvalue().splitlines()
    learning_rate, momentum = map(float, best.removeprefix("best momentum: ").split())
    assert learning_rate * condition == pytest.approx(found.best.learning_rate, rel=1e-12)
    assert momentum == pytest.approx(found.best.momentum, rel=1e-12)
    assert float(descent.split(": ")[1]) * condition == pytest.approx(found.best_descent.learning_rate, rel=1e-12)
    surface = elongated_bowl(condition, angle)
    for (name, learning_rate, momentum), row in zip(points, rows, strict=True):
        said, *numbers = row.split(" | ")
        expected = study(surface, learning_rate, momentum, start, n_steps)
        assert said == name
        values = (learning_rate, momentum, expected.rate, expected.early, expected.late, expected.steps)
        assert [float(number) for number in numbers] == pytest.approx(values, rel=1e-9, nan_ok=True)
