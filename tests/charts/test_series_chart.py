"""Named curves: the numbers are the engine's, colours and dashes tell them apart, logarithms leave nothing false."""

import numpy as np
import pytest

from pages.shared.charts import series, theme

X = np.array([1.0, 2.0, 3.0])
CURVES = {"Sigmoid": np.array([1e-3, 1e-2, 1e-1]), "tanh": np.array([0.5, 0.0, np.nan])}


def layers(**options):
    return series.spec(tuple(CURVES), "layer", "size", **options)["layer"]


def test_the_data_are_the_arrays():
    frame = series.data(X, CURVES, {"Sigmoid": (CURVES["Sigmoid"] / 2, CURVES["Sigmoid"] * 2)})["series"]
    first = frame[frame["series"] == "Sigmoid"]
    assert first["x"].tolist() == X.tolist()
    assert first["y"].tolist() == CURVES["Sigmoid"].tolist()
    assert first["low"].tolist() == (CURVES["Sigmoid"] / 2).tolist()
    assert first["high"].tolist() == (CURVES["Sigmoid"] * 2).tolist()
    assert frame[frame["series"] == "tanh"]["y"].tolist() == [0.5, 0.0]
    assert frame[frame["series"] == "tanh"]["low"].isna().all()


def test_a_logarithm_leaves_out_what_it_cannot_show():
    curves = {"a": np.array([1.0, 0.0, -2.0]), "b": np.array([np.inf, np.nan, 4.0])}
    frame = series.data(X, curves, log=True)["series"]
    assert frame[["series", "x", "y"]].to_numpy().tolist() == [["a", 1.0, 1.0], ["b", 3.0, 4.0]]


@pytest.mark.parametrize("log", [False, True])
def test_the_axes_say_what_they_are(log):
    for layer in layers(log=log):
        assert layer["encoding"]["x"]["title"] == "layer"
        assert layer["encoding"]["y"]["title"] == "size"
        assert (layer["encoding"]["y"]["scale"].get("type") == "log") == log


def test_whole_numbers_have_whole_ticks():
    assert layers(points=True)[1]["encoding"]["x"]["axis"]["tickMinStep"] == 1
    assert "tickMinStep" not in layers()[1]["encoding"]["x"]["axis"]


def test_fixed_ends():
    assert layers(y_domain=(0.0, 2.0))[1]["encoding"]["y"]["scale"]["domain"] == [0.0, 2.0]


def test_the_spec_depends_on_the_labels_and_not_on_the_data():
    assert series.spec(tuple(CURVES), "layer", "size") is series.spec(tuple(CURVES), "layer", "size")


@pytest.mark.parametrize("n", [1, 7, 8, 18])
def test_every_series_has_a_look_of_its_own(n):
    labels = [f"s{place}" for place in range(n)]
    colour, dash = (channel.to_dict() for channel in theme.by_series(labels))
    domain = colour["scale"]["domain"]
    assert colour["legend"]["values"] == labels
    looks = {
        label: (domain.index(label) % len(theme.ROLES), tuple(dash["scale"]["range"][domain.index(label)]))
        for label in labels
    }
    assert len(set(looks.values())) == n
    assert {place for place, _ in looks.values()} <= set(range(len(theme.COLOURS)))  # none has the ground's colour
    assert looks["s0"] == (0, (1, 0))


def test_the_legend_has_room():
    assert theme.legend_height(["a"] * 4) - theme.legend_height(["a"] * 3) == 20
    one, four = (series.spec(tuple("abcd"[:n]), "x", "y")["height"] for n in (1, 4))
    assert (one, four) == (series.HEIGHT + theme.legend_height("a"), series.HEIGHT + theme.legend_height("abcd"))
