"""Bands on a logarithmic axis, and theory as a dashed line beside each curve."""

import json

import numpy as np
import pytest

from pages.shared.charts import series

X = (1, 2, 3)
CURVES = {"one": np.array([1.0, 0.1, 0.01]), "two": np.array([2.0, 0.0, np.nan])}
BANDS = {"one": (np.array([0.5, 0.05, 0.0]), np.array([2.0, 0.2, 0.02]))}
THEORY = {"one": np.array([1.1, 0.11, 0.011]), "two": np.array([2.2, 0.0, 0.022])}


def spec(**more):
    return series.spec(("one", "two"), "layer", "size", log=True, points=True, **more)


def column(frame, label, name):
    return frame[frame["series"] == label][name].tolist()


def test_a_band_down_to_0_is_cut_off_at_the_smallest_number():
    frame = series.data(X, CURVES, BANDS, log=True)["series"]
    assert column(frame, "one", "low") == [0.5, 0.05, 0.01]
    assert column(frame, "one", "high") == [2.0, 0.2, 0.02]
    assert series.data(X, CURVES, BANDS)["series"]["low"].tolist()[:3] == [0.5, 0.05, 0.0]


def test_the_dashed_line_has_data_of_its_own():
    found = series.data(X, CURVES, log=True, expected=THEORY)
    assert column(found["expected"], "one", "y") == [1.1, 0.11, 0.011]
    assert column(found["expected"], "two", "x") == [1, 3]
    assert set(series.data(X, CURVES)) == {"series"}


@pytest.mark.parametrize("expected", [False, True])
def test_every_layer_has_the_titles_and_reads_its_data(expected):
    layers = spec(expected=expected)["layer"]
    assert {layer["encoding"]["x"]["title"] for layer in layers} == {"layer"}
    assert {layer["encoding"]["y"]["title"] for layer in layers} == {"size"}
    assert {layer["encoding"]["y"]["scale"]["type"] for layer in layers} == {"log"}
    dashed = [layer for layer in layers if layer.get("data", {}).get("name") == "expected"]
    assert len(dashed) == expected
    for layer in dashed:
        assert layer["mark"]["strokeDash"] == [4, 4]


def test_a_line_and_its_theory_have_one_colour():
    layers = spec(expected=True)["layer"]
    colours = {json.dumps(layer["encoding"]["color"]["scale"]) for layer in layers}
    assert len(colours) == 1


def test_layers_begin_at_their_first_and_not_at_0():
    for layer in spec()["layer"]:
        assert layer["encoding"]["x"]["scale"]["zero"] is False


def test_the_spec_is_made_once():
    assert spec() is spec()
    assert spec(expected=True) is not spec()
