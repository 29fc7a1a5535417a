"""Samples in two planes: the plotted data are the engine's, the spec is the same for other data."""

import json

import numpy as np
import pytest

from engine.lab import run
from engine.lab_inside import moment
from engine.lab_planes import hidden_axes, hidden_plane, input_plane
from engine.lab_presets import PRESETS
from pages.shared.charts import hidden_plane as picture
from pages.shared.charts.theme import CLASS_0, CLASS_1, VALUE
from tests.specs import walk


@pytest.fixture(scope="module")
def three():
    config = PRESETS["three"]
    return moment(config, run(config), -1 + len(config.training.snapshots))


def test_points_box_border_and_lines_are_the_engine_s(three):
    points = three.config.data.plane.X
    plane = input_plane(three, points, 1, (0, 2))
    data = picture.data(plane, [0, 1, 1, 0], list("abcd"), 2, ["first", "third"])
    np.testing.assert_array_equal(data["points"][["x", "y"]], points)
    assert data["points"]["sample"].tolist() == [1, 2, 3, 4]
    assert data["points"]["role"].tolist() == [CLASS_0, CLASS_1, CLASS_1, CLASS_0]
    assert data["points"]["shape"].tolist() == ["square", "circle", "circle", "square"]
    assert data["followed"]["detail"].tolist() == ["c"]
    np.testing.assert_array_equal(data["box"], np.transpose([plane.x_range, plane.y_range]))
    np.testing.assert_array_equal(data["border"], plane.border.reshape(-1, 4))
    for unit, name in ((0, "first"), (2, "third")):
        of_unit = data["lines"][data["lines"].name == name]
        np.testing.assert_array_equal(of_unit[["x", "y", "x2", "y2"]], plane.lines[unit].reshape(-1, 4))
    for row in data["names"].itertuples():
        assert plane.x_range[0] < row.x < plane.x_range[1]
        assert plane.y_range[0] <= row.y < plane.y_range[1]
    (image,) = data["field"].itertuples(index=False)
    assert (image.x, image.x2, image.y, image.y2) == (*plane.x_range, *plane.y_range)
    assert image.uri == picture.ground(plane.field, several=False)


def test_a_shadow_has_no_ground(three):
    points = three.config.data.plane.X
    plane = hidden_plane(three, 1, hidden_axes(three, 1, "principal"), "principal", points)
    data = picture.data(plane, [0, 1, 1, 0], [""] * 4, 0)
    assert len(data["field"]) == len(data["lines"]) == len(data["names"]) == 0
    np.testing.assert_array_equal(data["points"][["x", "y"]], plane.places)


def test_a_regression_has_one_kind_of_point(three):
    plane = input_plane(three, three.config.data.plane.X)
    data = picture.data(plane, [-1] * 4, [""] * 4, 0)
    assert set(data["points"]["role"]) == {VALUE}


def test_values_have_colours_from_the_least_to_the_largest(three):
    plane = input_plane(three, three.config.data.plane.X)
    data = picture.data(plane, [-1] * 4, [""] * 4, 0, values=[0.0, 1.0, 0.5, 0.0])
    colours = data["points"]["colour"].tolist()
    assert colours[0] == colours[3] == "#{:02x}{:02x}{:02x}".format(*picture.LOW)
    assert colours[1] == "#{:02x}{:02x}{:02x}".format(*picture.HIGH)
    assert len(set(colours)) == 3
    (image,) = data["field"].itertuples(index=False)
    assert image.uri == picture.ground(plane.field, several=False, values=True)
    assert image.uri != picture.ground(plane.field, several=False)
    fills = [part["field"] for part in walk(picture.spec("x", "y", few=True, ground=True, border=False, values=True))
             if part.get("field") == "colour"]  # fmt: skip
    assert len(fills) == 2


def test_several_classes_have_colours_and_shapes_of_their_own():
    assert len(set(picture.CLASSES)) == len(picture.CLASSES) == len(picture.GROUNDS) == 10
    numbers = np.arange(4.0).reshape(2, 2)
    assert picture.ground(numbers, several=True) != picture.ground(numbers, several=False)


def test_the_spec_names_its_parts():
    spec = picture.spec("across", "up", few=True, ground=True, border=True, lines=True)
    titles = {part["title"] for part in walk(spec) if part.get("field") in ("x", "y") and "title" in part}
    assert titles == {"across", "up"}
    assert [part["name"] for part in walk(spec) if part.get("select")] == [picture.PICKED]
    named = {part["name"] for part in walk(spec) if set(part) == {"name"}}
    assert named == {"box", "field", "border", "lines", "names", "points", "followed"}
    plain = picture.spec("across", "up", few=False, ground=False, border=False)
    assert "image" not in json.dumps(plain)
    assert picture.spec("across", "up", few=True, ground=True, border=True, lines=True) is spec
