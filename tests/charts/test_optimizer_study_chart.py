"""The pictures of the optimizers on XOR: what is drawn is the result, cut off at the edges of the picture."""

import numpy as np
import pytest

from engine.optimizer_study import RATES, StudyConfig, search, study
from pages.shared.charts import optimizer_study as charts
from pages.shared.charts.theme import text_series
from pages.shared.names import OPTIMIZERS

ORDER = tuple(OPTIMIZERS.values())
CONFIG = StudyConfig(updates=300, n_seeds=9)


def drawn(outcomes):
    frame = charts.data(outcomes)["series"]
    return dict(list(frame.groupby("series")))


@pytest.fixture(scope="module")
def outcomes():
    return {"SGD": study(CONFIG, "sgd", 0.1), "Rprop": study(CONFIG, "rprop", 0.1)}


def test_lines_and_bands_are_the_medians_and_quartiles(outcomes):
    found = drawn(outcomes)["SGD"]
    one = outcomes["SGD"]
    for column, expected in (("x", one.at), ("y", one.median), ("low", one.low), ("high", one.high)):
        np.testing.assert_array_equal(found[column], expected)


def test_what_is_too_low_is_drawn_at_the_edge(outcomes):
    found, one = drawn(outcomes)["Rprop"], outcomes["Rprop"]
    assert one.low[-1] < charts.LOWEST
    assert found["low"].min() == charts.LOWEST
    assert len(found) == len(one.at)


def test_an_infinite_median_ends_the_line():
    one = study(CONFIG, "momentum", 40.0)
    assert np.isinf(one.median[-1])
    found = drawn({"Momentum": one})["Momentum"]
    assert len(found) == np.isfinite(one.median).sum()
    assert found["high"].max() == charts.HIGHEST


def test_the_dotted_line_is_the_plateau_in_the_colour_of_text(outcomes):
    (row,) = charts.data(outcomes)["level"].to_dict("records")
    assert row == {"y": CONFIG.plateau, "series": text_series()}
    *_, level = charts.spec(("SGD",), "updates", "loss", "flat", ORDER)["layer"]
    assert level["data"] == {"name": "level"}
    assert level["encoding"]["tooltip"]["title"] == "flat"
    assert text_series() in level["encoding"]["color"]["scale"]["domain"]


def test_axes_and_colours():
    one = charts.spec(("SGD", "Adam"), "updates", "loss", "flat", ORDER)
    line = one["layer"][1]["encoding"]
    assert (line["x"]["title"], line["y"]["title"]) == ("updates", "loss")
    assert line["y"]["scale"] == {"type": "log", "domain": [charts.LOWEST, charts.HIGHEST]}
    other = charts.spec(("Adam",), "updates", "loss", "flat", ORDER)
    assert other["layer"][1]["encoding"]["color"]["scale"] == line["color"]["scale"]
    assert charts.spec(("SGD", "Adam"), "updates", "loss", "flat", ORDER) is one


def test_the_search_in_pictures():
    found = {"SGD": search(StudyConfig(updates=100, n_seeds=1), "sgd")}
    losses, solved = charts.rates_data(found)["series"], charts.solved_data(found)["series"]
    assert losses["x"].tolist() == solved["x"].tolist() == list(RATES)
    assert np.isinf(found["SGD"].median[-1])
    np.testing.assert_array_equal(losses["y"], np.clip(found["SGD"].median, charts.LOWEST, charts.HIGHEST))
    assert solved["y"].tolist() == found["SGD"].n_solved.tolist()


def test_all_learning_rates_are_in_sight():
    for log in (True, False):
        spec = charts.rates_spec(("SGD",), "rate", "loss", ORDER, log=log)
        for layer in spec["layer"]:
            x, y = layer["encoding"]["x"], layer["encoding"]["y"]
            low, high = x["scale"]["domain"]
            assert low < RATES[0] < RATES[-1] < high
            assert x["scale"]["type"] == "log"
            assert x["axis"]["values"] == [0.001, 0.01, 0.1, 1, 10, 100]
            assert (x["title"], y["title"]) == ("rate", "loss")
            assert (y["scale"].get("type") == "log") == log
