"""Units in the plane: the ways are the engine's weights, and units in one place can be told apart."""

import numpy as np

from engine.symmetry import SymmetryConfig, units, watch
from pages.shared.charts import symmetry_units as chart
from tests.specs import walk

CONFIG = SymmetryConfig(noises=(1e-3,), updates=300)
WEIGHTS = units(CONFIG.architecture, watch(CONFIG).parameters)[0][..., :2]
LABELS = ("h1", "h2", "h3", "h4")


def test_the_ways_are_the_weights_up_to_the_frame():
    data = chart.data(WEIGHTS, 40, LABELS)
    assert len(data["paths"]) == 41 * 4
    for place, (name, way) in enumerate(data["paths"].groupby("series", sort=False)):
        assert name == LABELS[place]
        np.testing.assert_array_equal(way[["x", "y"]], WEIGHTS[:41, place])
        assert way["order"].tolist() == list(range(41))
    np.testing.assert_array_equal(data["now"][["x", "y"]], WEIGHTS[40])


def test_units_in_one_place_lie_inside_each_other():
    sizes = chart.data(WEIGHTS, 0, LABELS)["now"]["size"]
    assert (np.diff(sizes) < 0).all()


def test_the_axes_are_a_square_around_all_frames_and_stand_still():
    frame = chart.data(WEIGHTS, 5, LABELS)["frame"]
    assert frame.equals(chart.data(WEIGHTS, 90, LABELS)["frame"])
    low, high = frame.to_numpy()
    assert (low <= WEIGHTS.min(axis=(0, 1))).all()
    assert (high >= WEIGHTS.max(axis=(0, 1))).all()
    assert np.ptp(high - low) < 1e-12
    still = chart.data(np.zeros((5, 3, 2)), 4, LABELS[:3])["frame"].to_numpy()
    assert (still[1] - still[0] > 0.1).all()


def test_the_spec_is_constant_and_names_its_axes():
    spec = chart.spec(LABELS, "w1", "w2")
    assert chart.spec(LABELS, "w1", "w2") is spec
    titles = {part["title"] for part in walk(spec) if isinstance(part.get("title"), str)}
    assert {"w1", "w2"} <= titles
    names = {part["name"] for part in walk(spec) if set(part) == {"name"}}
    assert names == set(chart.data(WEIGHTS, 1, LABELS))
