"""One descent along a curve with all its numbers, its picture, its script."""

import contextlib
import io
import math

import numpy as np
import pytest

from engine.curve_picture import curve_picture
from engine.errors import InputError
from engine.export_line import line_script
from engine.line_descent import walk
from engine.surfaces import SURFACES, surface

CURVES = [code for code, one in SURFACES.items() if one.dimensions == 1]


def test_note_002_in_one_dimension():
    found = walk(surface("parabola"), -3.0, 0.1, 100)
    assert f"{found.x[100]:.8e}" == "-6.11110793e-10"
    assert found.x == pytest.approx(-3 * 0.8 ** np.arange(101), rel=1e-12)
    assert found.diverged_at == -1
    assert found.last_shown == 100
    found = walk(surface("parabola"), -3.0, 10.0, 20)
    assert f"{found.x[20]:.8e}" == "-1.12769920e+26"
    found = walk(surface("parabola"), -3.0, 1e-10, 100)
    assert found.x[100] == pytest.approx(-3 * (1 - 2e-8), rel=1e-12)


def test_every_number_of_a_step():
    found = walk(surface("shifted_parabola"), 0.0, 0.1, 3)
    assert found.x == pytest.approx([0, 0.8, 1.28, 1.568])
    assert found.values == pytest.approx([8, 2.88, 1.0368, 0.373248])
    assert found.slopes == pytest.approx([-8, -4.8, -2.88, -1.728])
    assert found.steps == pytest.approx([0.8, 0.48, 0.288, 0.1728])
    assert found.following == pytest.approx([0.8, 1.28, 1.568, 1.7408])
    assert np.array_equal(found.x[1:], found.following[:-1])


def test_overflow_is_reported_where_it_happens():
    found = walk(surface("parabola"), -3.0, 10.0, 300)
    x, k = -3.0, 0
    while math.isfinite(x * x):
        x, k = x - 10.0 * (2 * x), k + 1
    assert found.diverged_at == k == 121
    assert found.last_shown == k - 1
    assert np.isnan(found.x[-1])
    assert walk(surface("quartic"), 2.0, 1e3, 50).last_shown < walk(surface("quartic"), 2.0, 1e3, 50).diverged_at


@pytest.mark.parametrize("code", CURVES)
@pytest.mark.parametrize("rate", [1e-4, 0.05, 0.3, 7.0])
def test_the_script_prints_the_same_numbers(code, rate):
    start, n_steps = surface(code).start[0], 60
    found, out = walk(surface(code), start, rate, n_steps), io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(line_script(code, start, rate, n_steps, 1.0), {})
    lines = out.getvalue().splitlines()
    rows = np.array([[float(word) for word in line.split()] for line in lines[1 : n_steps + 2]])
    mine = np.stack([np.arange(n_steps + 1), found.x, found.values, found.slopes, found.steps], axis=1)
    assert np.array_equal(rows, mine, equal_nan=True)
    bend = float(surface(code).hessian(np.array([1.0]))[0, 0])
    assert f"curvature at 1.0 is {bend}" in lines
    assert (f"1 / curvature {1 / bend} 2 / curvature {2 / bend}" in lines) if bend > 0 else len(lines) == n_steps + 3


@pytest.mark.parametrize("code", CURVES)
def test_a_picture_is_the_curve(code):
    one = surface(code)
    found = curve_picture(one)
    assert (found.x[0], found.x[-1]) == one.domain[0]
    assert np.array_equal(found.y, one.value(found.x[:, None]))
    assert len(found.minima) == len(one.minima) + len(one.local_minima)
    for x, y in found.minima:
        assert y == float(one.value(np.array([x])))
    assert found.y_range[0] < found.y.min() < found.y.max() < found.y_range[1]
    narrow = curve_picture(one, (0.5, 1.5), 11)
    assert narrow.x == pytest.approx(np.linspace(0.5, 1.5, 11))
    assert all(0.5 <= x <= 1.5 for x, _y in narrow.minima)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: walk(surface("himmelblau"), 0.0, 0.1, 5), "wrong_shape"),
        (lambda: walk(surface("parabola"), 0.0, -1.0, 5), "out_of_range"),
        (lambda: walk(surface("parabola"), 0.0, 0.1, 10**6), "out_of_range"),
        (lambda: curve_picture(surface("saddle")), "wrong_shape"),
        (lambda: curve_picture(surface("parabola"), (1.0, 1.0)), "out_of_range"),
        (lambda: line_script("saddle", 0.0, 0.1, 5), "unknown_name"),
        (lambda: line_script("parabola", math.inf, 0.1, 5), "not_finite"),
    ],
)
def test_bad_input_is_refused(call, code):
    with pytest.raises(InputError) as refused:
        call()
    assert refused.value.code == code
