"""A surface from above: its values at the right places, its contour lines at useful heights."""

import numpy as np
import pytest

from engine.errors import InputError
from engine.landscape import LEVELS, landscape
from engine.surfaces import SURFACES, surface

PLANES = [code for code, one in SURFACES.items() if one.dimensions == 2]


@pytest.mark.parametrize("code", PLANES)
def test_values_lie_where_a_picture_has_them(code):
    found, side = landscape(surface(code), side=41), 41
    (x0, x1), (y0, y1) = SURFACES[code].domain
    for row, column in ((0, 0), (0, side - 1), (side - 1, 0), (10, 30)):
        point = np.array([x0 + (x1 - x0) * column / 40, y1 - (y1 - y0) * row / 40])
        assert found.values[row, column] == pytest.approx(float(SURFACES[code].value(point)), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("code", PLANES)
def test_every_band_has_its_share(code):
    """Quantiles: a valley a thousand times steeper than long still has lines in it."""
    found = landscape(surface(code))
    counts = np.bincount(found.bands.ravel(), minlength=len(found.levels) + 1)
    assert len(found.levels) == LEVELS
    expected = np.diff((np.arange(LEVELS + 2) / (LEVELS + 1)) ** 1.5) * counts.sum()
    np.testing.assert_allclose(counts, expected, atol=0.006 * counts.sum())


def test_bands_count_the_levels_below():
    found = landscape(surface("saddle"), side=50)
    assert found.bands.min() == 0
    assert found.bands.max() == len(found.levels)
    assert (found.bands == (found.values[..., None] >= found.levels).sum(axis=-1)).all()


def test_another_rectangle():
    found = landscape(surface("round_bowl"), x_range=(0.0, 1.0), y_range=(-2.0, 2.0), side=5)
    assert found.values[0].tolist() == [4.0, 4.0625, 4.25, 4.5625, 5.0]
    assert (found.x_range, found.y_range) == ((0.0, 1.0), (-2.0, 2.0))


def test_the_result_cannot_be_changed():
    with pytest.raises(ValueError):
        landscape(surface("saddle"), side=5).values[0, 0] = 1.0


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"surface": surface("parabola")}, "surface"),
        ({"side": 1}, "side"),
        ({"side": 401}, "side"),
        ({"x_range": (1.0, 1.0)}, "x_range"),
        ({"y_range": (0.0, float("nan"))}, "y_range"),
    ],
)
def test_bad_input_is_named(arguments, argument):
    with pytest.raises(InputError) as refused:
        landscape(**{"surface": surface("round_bowl"), **arguments})
    assert refused.value.argument == argument
