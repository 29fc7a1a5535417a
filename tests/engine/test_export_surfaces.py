"""The source of a surface is the surface: executed, it gives the engine's numbers to the last bit."""

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import InputError
from engine.export_surfaces import surface_source
from engine.surfaces import SURFACES, elongated_bowl, surface

BOWLS = {f"bowl {shape}": elongated_bowl(*shape) for shape in ((50, 45), (7, 25), (1e6, -120))}
ALL = {**SURFACES, **BOWLS}
EVERY = pytest.mark.parametrize("s", ALL.values(), ids=ALL)
CURVES = [s for s in SURFACES.values() if s.dimensions == 1]
SHAPES = pytest.mark.parametrize("lead", [(7,), (), (3, 1, 2)], ids=str)


def executed(source: str) -> dict:
    names = {"np": np}
    exec(compile(source, "surface.py", "exec"), names)
    return names


def points_of(s, lead):
    low, high = np.array(s.domain).T
    return np.random.default_rng(5).uniform(low, high, (*lead, s.dimensions))


def same(found, expected):
    """The same shape and the same bits, the sign of a zero included."""
    found, expected = np.asarray(found), np.asarray(expected)
    assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
    assert found.tobytes() == expected.tobytes()


@EVERY
@SHAPES
def test_value_and_gradient_are_the_engines_bit_for_bit(s, lead):
    written = executed(surface_source(s))
    assert "curvature" not in written
    for points in [
        points_of(s, lead),
        np.zeros((*lead, s.dimensions)),
        *(np.full((*lead, len(m)), m) for m in s.minima),
    ]:
        before = points.copy()
        same(written["f"](points), s.value(points))
        same(written["gradient"](points), s.gradient(points))
        same(points, before)


@EVERY
def test_far_out_it_overflows_as_the_engine_does(s):
    written = executed(surface_source(s))
    points = np.array([1e160, -1e200, np.inf, np.nan])[:, None] * np.array([1.0, -0.5])[: s.dimensions]
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(written["f"](points), s.value(points))
        np.testing.assert_array_equal(written["gradient"](points), s.gradient(points))


@pytest.mark.parametrize("s", CURVES, ids=lambda s: s.code)
@SHAPES
def test_curvature_is_the_engines_bit_for_bit(s, lead):
    written = executed(surface_source(s, curvature=True))
    points = points_of(s, lead)
    same(written["f"](points), s.value(points))
    same(written["gradient"](points), s.gradient(points))
    same(written["curvature"](points), s.hessian(points)[..., 0])


@EVERY
def test_the_source_reads_well(s):
    source = surface_source(s, curvature=s.dimensions == 1)
    assert max(map(len, source.splitlines())) <= 120
    assert source == source.strip()
    assert "{" not in source


def test_the_hessian_of_a_bowl_is_written_out():
    assert "H = np.array([[2.0, 0.0], [0.0, -2.0]])" in surface_source(surface("saddle"))
    for bowl in BOWLS.values():
        assert f"H = np.array({bowl.hessian(np.zeros(2)).tolist()})" in surface_source(bowl)


@pytest.mark.parametrize(
    ("s", "curvature", "value"),
    [
        (replace(surface("saddle"), code="monkey_saddle"), False, "monkey_saddle"),
        (replace(surface("wavy"), code="hill"), True, "hill"),
        (surface("saddle"), True, "saddle"),
    ],
)
def test_what_cannot_be_written_is_refused(s, curvature, value):
    with pytest.raises(InputError) as refused:
        surface_source(s, curvature)
    assert (refused.value.code, refused.value.argument, refused.value.value) == ("unknown_name", "surface", value)
