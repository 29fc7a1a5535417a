"""Number lines: places, ticks and joints are those of the values."""

import pytest

from pages.shared.charts import number_lines as lines
from pages.shared.charts.number_lines import Line
from pages.shared.charts.theme import HIGHLIGHT, VALUE
from tests.specs import walk


def ends(data, y) -> tuple[float, float]:
    """First and last tick of the line at this height."""
    texts = data["ticks"].query("y == @y")["text"].str.replace("−", "-").astype(float)
    return texts.min(), texts.max()


def values(data, y) -> dict[str, float]:
    """What the drawn places mean on the line at this height, label -> value."""
    low, high = ends(data, y)
    points = data["points"].query("@y - 60 < y <= @y")
    return {label: low + at * (high - low) for label, at in zip(points["label"], points["at"], strict=True)}


def test_points_stand_where_their_values_are():
    given = {"1": -3.0, "2": 0.25, "3": 4.0}
    data = lines.data([Line("a", given.values(), given.keys()), Line("b", [9.0, 7.0], "12", scale="b")], str)
    first, second = data["titles"]["y"]
    assert values(data, first) == pytest.approx(given)
    assert values(data, second) == pytest.approx({"1": 9.0, "2": 7.0})
    assert ends(data, second)[0] > 0  # a scale of its own need not reach 0
    assert data["titles"]["title"].tolist() == ["a", "b"]


def test_lines_of_one_scale_share_their_ends_with_zero_between():
    data = lines.data([Line("a", [100.0, 150.0], "12", scale="s"), Line("b", [1.0, 2.0], "12", scale="s")], str)
    first, second = (ends(data, y) for y in data["titles"]["y"])
    assert first == second
    assert first[0] <= 0 < 150 <= first[1]


def test_the_same_labels_are_joined():
    data = lines.data([Line("a", [1.0, 2.0], "12"), Line("b", [3.0, 4.0], "23")], str)
    points = data["points"]
    (joint,) = data["joints"].to_dict("records")
    assert (joint["at"], joint["at2"]) == (points["at"][1], points["at"][2])
    apart = lines.data([Line("a", [1.0, 2.0], "12"), Line("b", [3.0, 4.0], "12", joined=False)], str)
    assert apart["joints"].empty


def test_the_mean_and_its_band():
    data = lines.data([Line("a", [2.0, 4.0, 5.0, 6.0, 8.0], "12345", 5.0, 2.0, mark="μ")], str)
    (mark,), (band,) = data["marks"].to_dict("records"), data["bands"].to_dict("records")
    assert mark["text"] == "μ"
    assert mark["at"] == pytest.approx(data["points"]["at"][2])
    low, high = ends(data, mark["y"])
    assert [low + band[end] * (high - low) for end in ("at", "at2")] == pytest.approx([3.0, 7.0])
    assert band["detail"] == "5.0 ± 2.0"


def test_equal_values_stand_above_each_other():
    data = lines.data([Line("a", [7.0] * 4 + [9.0], "12345")], str)
    heights = data["points"]["y"].tolist()
    assert len(set(heights[:4])) == 4
    assert heights[4] == heights[0]


@pytest.mark.parametrize("given", [[0.0], [5.0, 5.0], [1e-9, 2e-9], [-1e6, 1e6], [-0.0002, 0.0008]])
def test_any_values_have_a_scale(given):
    data = lines.data([Line("a", given, "12"[: len(given)])], str)
    assert data["points"]["at"].between(0, 1).all()
    texts = data["ticks"]["text"]
    assert len(set(texts)) == len(texts) > 2


def test_roles_tooltips_and_titles():
    data = lines.data([Line("a", [1.0, 2.0], "12", roles=lines.one_stands_out(2, 1))], "{:g}".format, "{} is {}")
    assert data["points"]["role"].tolist() == [VALUE, HIGHLIGHT]
    assert data["points"]["detail"].tolist() == ["1 is 1", "2 is 2"]


def test_the_spec_depends_on_the_number_of_lines_alone():
    assert lines.spec(4) is lines.spec(4)
    assert lines.spec(5)["height"] == lines.spec(4)["height"] + lines.ROW
    named = {part["data"]["name"] for part in walk(lines.spec(4)) if "data" in part}
    assert named == {"points", "joints", "ticks", "bands", "marks", "titles"}
