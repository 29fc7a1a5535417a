"""What charts say: the numbers of their data, in both languages, for every chart there is, and never too much."""

import re

import pandas as pd
import pytest

from pages.shared import numbers, spoken
from pages.shared.charts import plane, series
from pages.shared.text import LANGUAGES, catalog


@pytest.fixture
def say(monkeypatch):
    """say(spec, data): what is said, in English."""
    monkeypatch.setattr(spoken, "_", lambda message: message)
    return spoken.spoken


def curves(**values) -> tuple[dict, dict]:
    return series.spec(tuple(values), "epoch", "loss"), series.data([0, 1, 2], values)


def bars(heights: list[float]) -> tuple[dict, dict]:
    x, y = ({"field": name, "type": "quantitative", "title": name} for name in ("x", "y"))
    encoding = {"x": x, "x2": {"field": "x2"}, "y": y, "y2": {"field": "floor"}}
    frame = pd.DataFrame({"x": range(len(heights)), "x2": 0, "y": heights, "floor": 0})
    return {"data": {"name": "bars"}, "mark": "rect", "encoding": encoding}, {"bars": frame}


def test_a_curve_is_told_by_its_ends_and_extremes(say):
    said = say(*curves(train=[3.0, 0.25, 1.0], test=[4.0, 5.0, 2.0]))
    assert "loss over epoch from 0 to 2" in said
    assert "train from 3 to 1, lowest 0.25; " in said
    assert "test from 4 to 2, highest 5" in said


def test_what_the_ends_say_already_is_not_said_again(say):
    said = say(*curves(falling=[3.0, 2.0, 1.0], flat=[0.5, 0.5, 0.5]))
    assert said == "loss over epoch from 0 to 2: falling from 3 to 1; flat stays at 0.5."


def test_what_rounding_leaves_of_a_zero_is_told_where_the_axis_is_logarithmic(say):
    assert "left stays at 0." in say(*curves(left=[3e-17, -2e-18, 1e-27]))
    shown = series.spec(("left",), "epoch", "loss", log=True), series.data([0, 1, 2], {"left": [3e-17, 2e-18, 1e-27]})
    assert "left from 3e−17 to 1e−27" in say(*shown)


def test_a_line_is_told_with_its_name_and_its_dashes(say):
    lines = [plane.line([(0, 0.5), (0.5, 1.5)], dash="dashed", detail="z = 0"), plane.line([(0, 0), (1, 1)])]
    said = say(plane.spec("x", "y"), plane.data(lines=lines))
    assert said == "z = 0: A dashed line from (0, 0.5) to (0.5, 1.5). A line from (0, 0) to (1, 1)."


def test_of_many_alike_how_many_and_a_minus_is_no_hyphen(say):
    spec = {"data": {"name": "points"}, "mark": "point", "encoding": {}}
    frame = pd.DataFrame({"detail": ["class 1", "class 0", "class 1", "(-0.5, 2e-05): 2-4-1"]})
    assert say(spec, {"points": frame}) == "class 1 (2×); class 0; (−0.5, 2e−5): 2-4-1."


def test_other_data_other_words(say):
    assert say(*curves(train=[3.0, 0.25, 1.0])) != say(*curves(train=[3.0, 0.25, 1.5]))


def test_what_is_not_drawn_is_not_told(say):
    assert "from 3 to 0.25." in say(*curves(train=[3.0, 0.25, float("nan")]))
    assert say(*curves(train=[float("nan")] * 3)) == ""


def test_a_plane_tells_its_field_its_points_and_its_line(say):
    point = plane.point(0, 1, 1, detail="01: target 1")
    line = plane.line([(0, 0.5), (0.5, 1.5)])
    probes = [{"x": 0.0, "y": 0.0, "value": value} for value in (0.125, 0.75)]
    said = say(plane.spec("x", "y", value_title="ŷ"), plane.data(points=[point], lines=[line], field=((), probes)))
    assert "ŷ: colours from 0.125 to 0.75." in said
    assert "01: target 1" in said
    assert "A line from (0, 0.5) to (0.5, 1.5)." in said


def test_few_bars_are_told_one_by_one_and_many_by_the_highest(say):
    assert say(*bars([3, 1.5, 2])) == "y: 3; 1.5; 2."
    assert say(*bars([*range(40)])) == "40 bars; the highest, y 39, is at 39."


def test_of_many_things_the_first_and_how_many_there_are(say):
    spec = {"data": {"name": "nodes"}, "mark": "text", "encoding": {"text": {"field": "name"}}}
    said = say(spec, {"nodes": pd.DataFrame({"name": [f"node {i}" for i in range(500)]})})
    assert said == "500 in all, the first ones: node 0; node 1; node 2."


@pytest.mark.parametrize(("page", "section"), [("activations", "gallery"), ("backprop", "graph"), ("descent", "race")])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_chart_on_screen_is_followed_by_its_words(app, page, section, language):
    screen = app(page, language, **{f"{page}_section": section})
    said = [note.proto.body for note in screen.at.get("html") if 'role="note"' in note.proto.body]
    assert len(said) == len(screen.picture)
    for words in said:
        assert catalog(language).gettext("In the picture:") in words
        assert re.search(r"\d", words)
        assert len(words) < spoken.LONGEST + 200
        assert language == "en" or not re.search(r"\b(lowest|highest|from|in all)\b", words)


def test_the_words_follow_the_hand_while_the_name_of_the_chart_stays(app):
    """Another name would draw the chart anew."""
    screen = app("activations", activations_section="lens")

    def seen() -> tuple[list[str], list[str]]:
        charts = screen.at.get("vega_lite_chart")
        return [chart.proto.alt for chart in charts], [note.proto.body for note in screen.at.get("html")]

    names, words = seen()
    screen.set("activations_lens_z", 1.25)
    assert seen()[0] == names
    assert seen()[1] != words
    assert numbers.plain(1.25) in "".join(seen()[1])
