"""The family tree as a picture: a box for each, lines from parents to children, the chosen one's way marked."""

import itertools

import pytest

from engine.optimizer_family import FAMILY, ancestors
from pages.shared.charts import family
from pages.shared.charts.theme import HIGHLIGHT, MUTED, VALUE

PARENTS = {code: one.parents for code, one in FAMILY.items()}
WORDS = {code: (one.title, "+", str(one.year), "detail") for code, one in FAMILY.items()}


def drawn(code: str) -> dict:
    return family.data(PARENTS, WORDS, code, ancestors(code))


def test_every_optimizer_has_a_place_of_its_own():
    assert set(family.PLACES) == set(FAMILY)
    boxes = drawn("adam")["nodes"]
    for (_i, one), (_j, other) in itertools.combinations(boxes.iterrows(), 2):
        apart = one["right"] <= other["left"] or other["right"] <= one["left"]
        assert apart or one["bottom"] <= other["top"] or other["bottom"] <= one["top"]
    assert boxes["left"].min() >= -0.5
    assert boxes["right"].max() <= family.COLUMNS - 0.5
    assert boxes["bottom"].max() <= family.ROWS - 0.5


def test_a_child_stands_below_its_parents_or_beside():
    for code, parents in PARENTS.items():
        for parent in parents:
            (x, y), (x2, y2) = family.PLACES[parent], family.PLACES[code]
            assert y < y2 or (y == y2 and x < x2)


def test_no_line_runs_through_a_box():
    data = drawn("adam")
    boxes = data["nodes"].to_dict("records")
    for edge in data["edges"].to_dict("records"):
        ends = (edge["x"], edge["y"]), (edge["x2"], edge["y2"])
        for share in (k / 50 for k in range(1, 50)):
            x, y = (a + share * (b - a) for a, b in zip(*ends, strict=True))
            inside = [box for box in boxes if box["left"] < x < box["right"] and box["top"] < y < box["bottom"]]
            assert [box["name"] for box in inside] == []


@pytest.mark.parametrize("code", FAMILY)
def test_the_way_to_the_chosen_one_is_marked(code):
    data, above = drawn(code), ancestors(code)
    roles = dict(zip(data["nodes"]["name"], data["nodes"]["role"], strict=True))
    for other, one in FAMILY.items():
        assert roles[one.title] == (HIGHLIGHT if other == code else VALUE if other in above else MUTED)
    marked = sum(len(FAMILY[other].parents) for other in {code, *above})
    assert (data["edges"]["role"] == VALUE).sum() == marked
    assert len(data["edges"]) == sum(map(len, PARENTS.values()))


def test_every_field_of_the_spec_is_in_the_data_and_the_spec_is_one():
    data = drawn("lbfgs")
    assert family.spec() is family.spec()
    for layer in family.spec()["layer"]:
        calculated = {transform["as"] for transform in layer.get("transform", [])}
        channels = [part for part in layer["encoding"].values() if isinstance(part, dict)]
        fields = {part["field"] for part in channels if "field" in part}
        assert fields <= set(data[layer["data"]["name"]].columns) | calculated
