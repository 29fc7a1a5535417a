"""The pictures of one point: what is drawn is what the engine says, and one spec serves all."""

import numpy as np
import pytest

from engine import lens
from engine.activations import ACTIVATIONS, activation
from pages.shared.charts import lens as picture
from pages.shared.charts.theme import GRADIENT, HIGHLIGHT, ROLES, SURFACE, TEXT, VALUE
from pages.shared.numbers import plain

ALL = pytest.mark.parametrize("name", ACTIVATIONS)
PLACES = (-6.0, -3.0, 0.0, 1.0, 6.0)


def drawn(name, z, h=1.0):
    function = activation(name)
    curve, at = lens.curve(function), lens.point(function, z)
    view = lens.view(function, at, h)
    return curve, at, view, picture.data(curve, at, h, plain), picture.lens_data(curve, at, view, plain)


def corners(data):
    frame = data["points"][data["points"]["kind"] == "corner"]
    return frame["x"].tolist(), frame["y"].tolist()


# the whole curve ----------------------------------------------------------------------------------------------


@ALL
def test_both_curves_are_the_engines(name):
    curve, *_rest, data, _close = drawn(name, 1.0)
    for role, values in ((VALUE, curve.value), (GRADIENT, curve.slope)):
        part = data["curves"][data["curves"]["role"] == role]
        np.testing.assert_array_equal(part["x"], curve.z)
        np.testing.assert_array_equal(part["y"], values)
        assert part["piece"].nunique() == curve.piece[-1] + 1
    pieces = data["curves"].groupby("piece")["role"].nunique()
    assert (pieces == 1).all()  # no piece joins the two curves


@ALL
def test_the_pointer_finds_both_numbers(name):
    curve, *_rest, data, _close = drawn(name, 1.0)
    probes = data["curves"][data["curves"]["f"].notna()]
    assert len(probes) == picture.PROBES
    np.testing.assert_array_equal(probes["y"], probes["f"])
    np.testing.assert_array_equal(probes["slope"], [curve.slope[curve.z == z][0] for z in probes["x"]])


@ALL
@pytest.mark.parametrize("z", PLACES)
def test_the_points_are_value_and_slope(name, z):
    _curve, at, _view, data, _close = drawn(name, z)
    points = data["points"][data["points"]["kind"] == "point"].set_index("role")
    assert (points.loc[VALUE, "x"], points.loc[VALUE, "y"]) == (z, at.value)
    assert (points.loc[GRADIENT, "x"], points.loc[GRADIENT, "y"]) == (z, at.slope)
    assert plain(at.value) in points.loc[VALUE, "text"]
    assert plain(at.slope) in points.loc[GRADIENT, "text"]


@ALL
@pytest.mark.parametrize("z", PLACES)
def test_the_triangle_is_1_wide_and_as_high_as_the_slope(name, z):
    _curve, at, _view, data, _close = drawn(name, z)
    lines = data["segments"][data["segments"]["kind"] == "line"]
    wide = lines[lines["role"] == TEXT]
    high = lines[(lines["role"] == GRADIENT) & (lines["x"] == z + 1)]
    tangent = lines[lines["role"] == HIGHLIGHT]
    assert len(wide) == len(high) == len(tangent) == at.has_tangent
    (bar,) = lines[(lines["role"] == GRADIENT) & (lines["x"] == z)].to_dict("records")
    assert (bar["y"], bar["y2"]) == (0.0, at.slope)
    if not at.has_tangent:
        return
    (wide,), (high,), (tangent,) = (part.to_dict("records") for part in (wide, high, tangent))
    assert (wide["x2"] - wide["x"], wide["y"], wide["y2"]) == (1.0, at.value, at.value)
    assert (high["y"], high["y2"]) == (at.value, at.value + at.slope)
    for x, y in ((tangent["x"], tangent["y"]), (tangent["x2"], tangent["y2"])):
        assert y == pytest.approx(at.value + at.slope * (x - z), abs=1e-12)


@ALL
@pytest.mark.parametrize("z", PLACES)
def test_everything_lies_in_the_frame(name, z):
    _curve, _at, _view, data, close = drawn(name, z)
    for parts in (data, close):
        (left, right), (low, high) = corners(parts)
        for frame in parts.values():
            for column, ends in (("x", (left, right)), ("x2", (left, right)), ("y", (low, high)), ("y2", (low, high))):
                if column in frame:
                    values = frame[column].dropna()
                    assert values.between(ends[0] - 1e-9, ends[1] + 1e-9).all(), (column, name, z)


def test_the_band_is_the_window():
    for h, expected in ((1.0, (0.0, 2.0)), (0.25, (0.75, 1.25)), (10.0, (lens.LOW, lens.HIGH))):
        data = drawn("sigmoid", 1.0, h)[3]
        (window,) = data["segments"][data["segments"]["kind"] == "window"].to_dict("records")
        assert (window["x"], window["x2"]) == expected


# under the lens -----------------------------------------------------------------------------------------------


@ALL
@pytest.mark.parametrize("h", [4.0, 0.5, 4 / 1024])
def test_curve_tangent_and_gap_under_the_lens(name, h):
    _curve, at, view, _data, close = drawn(name, 1.0, h)
    np.testing.assert_array_equal(close["curves"]["y"], view.curve)
    np.testing.assert_array_equal(close["curves"]["y2"], view.tangent)
    np.testing.assert_array_equal(close["curves"]["x"], view.z)
    tangent, largest = close["segments"].to_dict("records")
    assert (tangent["y"], tangent["y2"]) == (view.tangent[0], view.tangent[-1])
    assert largest["x"] == largest["x2"] == view.gap_at
    assert abs(largest["y"] - largest["y2"]) == pytest.approx(view.gap, abs=1e-14)
    assert largest["detail"] == plain(view.gap)
    assert at.value == close["points"]["y"].iloc[-1]


def test_a_flat_spot_looks_flat_at_any_zoom():
    """Where mish is lowest the tangent is level; stretched upwards the parabola would never become straight."""
    function = activation("mish")
    for h in (1.0, 0.1, 0.01):
        _curve, _at, view, _data, close = drawn("mish", function.valley, h)
        _x, (low, high) = corners(close)
        assert view.gap / (high - low) < 0.3 * h


def test_a_jump_is_not_bridged():
    close = drawn("step", 0.3, 1.0)[-1]["curves"]
    assert close.groupby("piece")["y"].unique().map(list).tolist() == [[0.0], [1.0]]


# the specs ----------------------------------------------------------------------------------------------------


def test_one_spec_serves_all():
    assert picture.spec("z", "f") is picture.spec("z", "f")
    assert picture.lens_spec("z", "f") is picture.lens_spec("z", "f")


@pytest.mark.parametrize("make", [picture.spec, picture.lens_spec])
def test_the_axes_have_their_titles(make):
    titles = [layer["encoding"][axis]["title"] for layer in make("an x", "a y")["layer"] for axis in "xy"]
    assert set(titles) == {"an x", "a y"}


@pytest.mark.parametrize("make", [picture.spec, picture.lens_spec])
def test_the_data_are_named(make):
    spec = make("z", "f")
    names = {(layer.get("data") or spec["data"])["name"] for layer in spec["layer"]}
    assert names == {"curves", "segments", "points"} == set(drawn("tanh", 0.0)[3])


def test_roles_are_of_the_palette():
    for parts in drawn("gelu", -1.0)[3:]:
        assert set(parts["segments"]["role"]) | set(parts["points"]["role"]) | set(parts["curves"]["role"]) <= set(
            ROLES
        )
        assert set(parts["points"].loc[parts["points"]["kind"] == "corner", "role"]) == {SURFACE}


def test_corners_have_no_size_and_points_have():
    (size,) = [layer["encoding"]["size"] for layer in picture.spec("z", "f")["layer"] if "size" in layer["encoding"]]
    assert (size["condition"]["test"], size["condition"]["value"], size["value"]) == ("datum.kind == 'point'", 130, 0)
