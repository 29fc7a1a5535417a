"""The pictures of batch normalization while training: drawn is what the engine found, lost runs at the upper edge."""

import numpy as np
import pytest

from engine.initializers import initializer
from engine.normalized_training import GUESSING, RATES, NormConfig, look_inside, study_rates
from pages.shared.charts import normalized as charts

CONFIG = NormConfig(n_hidden=2, width=4, epochs=2)
WILD = NormConfig(n_hidden=10, width=32, activation="relu", initializer=initializer("normal"), epochs=2)
TITLES = "rate", "loss", "guessing", "diverged"


@pytest.fixture(scope="module")
def studies():
    return {"plain": study_rates(CONFIG, "none"), "wild": study_rates(WILD, "none")}


def test_medians_and_bands_over_the_learning_rates(studies):
    data = charts.normalized_rates_data(studies, 0.3)
    for label, one in studies.items():
        found = data["series"][data["series"]["series"] == label]
        assert found["x"].tolist() == list(RATES)
        for column in ("median", "low", "high"):
            want = np.clip(getattr(one.final, column), charts.LOWEST, charts.HIGHEST)
            np.testing.assert_array_equal(found[{"median": "y"}.get(column, column)], want)
    assert data["at"]["x"].tolist() == [0.3]
    assert data["level"]["y"].tolist() == [GUESSING]


def test_diverged_runs_have_a_cross_each_rate(studies):
    lost = charts.normalized_rates_data(studies, 0.3)["lost"]
    wild = studies["wild"]
    assert wild.n_diverged.any()
    assert set(lost["series"]) == {"wild"}
    assert lost["x"].tolist() == [rate for rate, n in zip(RATES, wild.n_diverged, strict=True) if n]
    assert lost["detail"].tolist() == [f"{n}/3" for n in wild.n_diverged if n]
    assert charts.normalized_rates_data({"plain": studies["plain"]}, 0.3)["lost"].empty


def test_the_spec_of_the_learning_rates_holds_all_of_them():
    spec = charts.normalized_rates_spec(("a", "b"), *TITLES, ("a", "b", "c"))
    assert charts.normalized_rates_spec(("a", "b"), *TITLES, ("a", "b", "c")) is spec
    for layer in spec["layer"][:4]:
        x = layer["encoding"]["x"]
        assert x["title"] == "rate"
        assert x["scale"]["domain"][0] < RATES[0] < RATES[-1] < x["scale"]["domain"][1]
    y = spec["layer"][1]["encoding"]["y"]
    assert (y["title"], y["scale"]) == ("loss", {"type": "log", "domain": [charts.LOWEST, charts.HIGHEST]})
    assert [layer["data"]["name"] for layer in spec["layer"][-2:]] == ["level", "lost"]


def test_the_course_at_one_rate(studies):
    look, place = look_inside(CONFIG, "none", 1.0), RATES.index(1.0)
    data = charts.normalized_curves({"plain": look}, studies, place)
    found = data["series"]
    np.testing.assert_array_equal(found["x"], look.epochs)
    np.testing.assert_array_equal(found["y"], look.losses.median)
    np.testing.assert_array_equal(found["high"], look.losses.high)
    assert set(data["expected"]["series"]) == {"plain"}  # a study without its look is not drawn
    np.testing.assert_array_equal(data["expected"]["x"], studies["plain"].at)
    np.testing.assert_array_equal(data["expected"]["y"], studies["plain"].losses.median[place])


def test_a_ribbon_is_the_quantiles_and_ends_where_a_network_does():
    inside = look_inside(CONFIG, "before_activation", 0.3)
    frame = charts.ribbon_data(inside.epochs, inside.sums[:, 0, -1])["ribbon"]
    for place, name in enumerate(("q5", "q25", "q50", "q75", "q95")):
        np.testing.assert_array_equal(frame[name], inside.sums[:, 0, -1, place])
    assert frame["epoch"].tolist() == inside.epochs.tolist()
    gone = np.array([[1.0] * 5, [np.nan] * 5])
    assert charts.ribbon_data([0, 1], gone)["ribbon"]["epoch"].tolist() == [0]


def test_all_layers_of_a_ribbon_share_the_stated_range():
    spec = charts.ribbon_spec("epochs", "z", 5.0)
    assert charts.ribbon_spec("epochs", "z", 5.0) is spec
    for layer in spec["layer"]:
        y = layer["encoding"]["y"]
        assert (y["title"], y["scale"]["domain"]) == ("z", [-5.0, 5.0])
        assert layer["encoding"]["x"]["title"] == "epochs"


@pytest.mark.parametrize("code", ["ahead", "change"])
def test_steps_ahead_are_drawn_as_found_and_what_overflows_just_outside(code):
    looks = {"plain": look_inside(CONFIG, "none", 0.3), "wild": look_inside(WILD, "none", 10.0)}
    make, ends = {"ahead": (charts.ahead_data, charts.AHEAD), "change": (charts.change_data, charts.CHANGES)}[code]
    data = make(looks, 0)
    for label, one in looks.items():
        found, band = data["series"][data["series"]["series"] == label], getattr(one, code)
        shown = ~np.isnan(band.median[0])
        np.testing.assert_array_equal(found["x"], one.steps[shown])
        want = np.clip(band.median[0][shown], ends[0] / charts.BEYOND, ends[1] * charts.BEYOND)
        np.testing.assert_array_equal(found["y"], want)
    assert data["series"]["y"].max() == ends[1] * charts.BEYOND
    if code == "ahead":
        assert set(data["expected"]["y"]) == {1.0}


@pytest.mark.parametrize("limit", [20.0, 500.0, 1e4, 1e6])
def test_a_ribbons_axis_has_the_same_labels_on_both_sides_of_0(limit):
    axis = charts.ribbon_spec("epochs", "z", limit)["layer"][0]["encoding"]["y"]["axis"]
    assert sorted(-value for value in axis["values"]) == sorted(axis["values"])
    assert 0 in axis["values"]
    assert len(axis["values"]) == 5
    assert not axis["labelOverlap"]
