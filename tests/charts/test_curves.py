"""Curves: every point is one of the engine's, the ends stay, the axes say what they are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.examples import CHAIN
from engine.experiment import run
from pages.shared.charts import curves


def test_a_short_curve_is_the_array():
    losses = run(CHAIN, 50).losses
    curve = curves.data(losses)["curve"]
    assert curve["x"].tolist() == list(range(51))
    assert curve["y"].tolist() == losses.tolist()
    assert curve["last"].tolist() == [False] * 50 + [True]


@given(st.integers(1, 20_000))
def test_a_long_curve_is_thinned_and_keeps_its_ends(n):
    values = np.arange(n) * 2.0
    curve = curves.data(values)["curve"]
    assert len(curve) == min(n, curves.MAX_POINTS)
    assert (curve["x"].iloc[0], curve["x"].iloc[-1]) == (0, n - 1)
    assert (curve["y"] == 2 * curve["x"]).all()
    assert curve["x"].is_monotonic_increasing
    assert curve["x"].is_unique
    assert curve["last"].tolist() == [False] * (len(curve) - 1) + [True]
    assert curve["x"].diff().max() <= np.ceil(n / (curves.MAX_POINTS - 1)) + 1 if n > 1 else True


def test_the_axes_have_their_titles():
    for layer in curves.spec("updates", "loss")["layer"]:
        assert layer["encoding"]["x"]["title"] == "updates"
        assert layer["encoding"]["y"]["title"] == "loss"
        assert {tip["field"] for tip in layer["encoding"]["tooltip"]} == {"x", "y"}


def test_a_language_has_its_own_spec_and_keeps_it():
    assert curves.spec("updates", "loss") is curves.spec("updates", "loss")
    assert curves.spec("갱신", "손실")["layer"][0]["encoding"]["x"]["title"] == "갱신"


def test_the_data_are_named_and_the_end_is_marked():
    line, end = curves.spec("updates", "loss")["layer"]
    spec = curves.spec("updates", "loss")
    assert {layer.get("data", spec.get("data"))["name"] for layer in (line, end)} == {"curve"}
    assert (line["mark"]["type"], end["mark"]["type"]) == ("line", "point")
    assert {"filter": "datum.last"} in end["transform"]


def test_one_point_is_a_curve():
    curve = curves.data(np.array([0.25]))["curve"]
    assert (curve["x"].tolist(), curve["y"].tolist(), curve["last"].tolist()) == ([0], [0.25], [True])


@pytest.mark.parametrize("n", [curves.MAX_POINTS, curves.MAX_POINTS + 1])
def test_the_limit_itself(n):
    assert len(curves.data(np.zeros(n))["curve"]) == curves.MAX_POINTS
