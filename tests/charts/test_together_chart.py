"""Dropout and batch norm together: the formula's line, what was measured, layers and drop rates on their axes."""

import numpy as np

from engine.seed_bands import over_seeds
from engine.variance_shift import measure, ratios
from pages.shared.charts import series, together


def test_the_formula_and_what_was_measured():
    rates, found = (0.0, 0.25, 0.5), measure(0.4, 0.6, (0.0, 0.5))
    data = together.ratio_data(rates, ratios(0.4, 0.6, rates), found, (0.3, 0.6))
    np.testing.assert_array_equal(data["formula"]["y"], ratios(0.4, 0.6, rates))
    for column, part in (("y", "median"), ("low", "low"), ("high", "high")):
        np.testing.assert_array_equal(data["measured"][column], getattr(found.ratio, part))
    assert data["measured"]["x"].tolist() == [0.0, 0.5]
    assert data["now"].to_dict("records") == [{"x": 0.3, "y": 0.6}]
    spec = together.ratio_spec("p", "ratio")
    assert together.ratio_spec("p", "ratio") is spec
    assert {layer["data"]["name"] for layer in spec["layer"]} == set(data)
    assert (spec["layer"][0]["encoding"]["x"]["title"], spec["layer"][0]["encoding"]["y"]["title"]) == ("p", "ratio")


def test_drop_rates_have_ticks_between_whole_numbers():
    spec = together.over_drop_rates_spec(("a", "b"), "p", "loss", ("a", "b", "c"))
    assert together.over_drop_rates_spec(("a", "b"), "p", "loss", ("a", "b", "c")) is spec
    for layer in spec["layer"]:
        assert "tickMinStep" not in layer["encoding"]["x"]["axis"]
    usual = series.spec(("a", "b"), "p", "loss", points=True, expected=True, order=("a", "b", "c"))
    assert usual["layer"][0]["encoding"]["x"]["axis"]["tickMinStep"] == 1  # not touched


def test_shifts_share_one_stated_range():
    spec = together.shift_spec(("a",), "layer", "Δ")
    for layer in spec["layer"]:
        y = layer["encoding"]["y"]
        assert (y["title"], y["scale"]["domain"]) == ("Δ", list(together.SHIFTS))


def test_points_of_one_drop_rate_are_not_joined():
    joined, alone = (
        together.over_drop_rates_spec(("a", "b"), "p", "error", ("a", "b"), joined) for joined in (True, False)
    )
    marks = [[layer["mark"]["type"] for layer in spec["layer"]] for spec in (joined, alone)]
    assert marks == [["area", "line", "line", "point"], ["rule", "point", "point", "point"]]
    for layer in (*joined["layer"], *alone["layer"]):
        assert layer["encoding"]["y"]["scale"]["zero"]


def test_bands_over_drop_rates_and_losses_beyond_all_bounds_at_the_edge():
    few, many = over_seeds([0.1, 0.2, 0.4]), over_seeds([0.2, 0.3, 1e60])
    data = together.over_drop_rates_data((0.0, 0.5), {"a": [few, many]}, {"a": [many, few]})
    assert data["series"][["x", "y", "low", "high"]].to_numpy().tolist() == [
        [0.0, 0.2, float(few.low), float(few.high)],
        [0.5, 0.3, float(many.low), together.MOST],
    ]
    assert data["expected"]["y"].tolist() == [0.3, 0.2]
