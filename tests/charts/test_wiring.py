"""The one spec that draws graphs and networks: named data, palette roles, the same for any data."""

import json
import tomllib
from pathlib import Path

import pytest

from pages.shared.charts import curves, theme, wiring
from pages.shared.charts.theme import ROLES
from tests.specs import walk

CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
COLOURS = ("color", "fill", "stroke")
READ = ("value", "gradient", "class 0", "class 1", "analytic", "numeric", "highlight", "muted", "text")
SPECS = {"wiring": wiring.spec(3), "curve": curves.spec("updates", "loss")}


# The spec


def test_the_data_are_named():
    names = {part["data"]["name"] for part in walk(wiring.spec(3)) if "data" in part}
    assert names == {"nodes", "edges"}
    assert not any("values" in part for part in walk(wiring.spec(3)))


def test_a_spec_is_compiled_once_and_depends_on_the_rows_only():
    assert wiring.spec(3) is wiring.spec(3)
    three, two = json.loads(json.dumps(wiring.spec(3))), json.loads(json.dumps(wiring.spec(2)))
    assert (three["height"], two["height"]) == (3 * wiring.ROW, 2 * wiring.ROW)
    assert {tuple(p["domain"]) for p in _scales(three)} == {(2.5, -0.5)}
    assert {tuple(p["domain"]) for p in _scales(two)} == {(1.5, -0.5)}


def _scales(spec):
    return [part["y"]["scale"] for part in walk(spec) if "scale" in part.get("y", {})]


def test_every_field_of_the_spec_is_in_the_data():
    data = wiring.data([wiring.node((0, 0), symbol="x", detail="x")], [wiring.edge((0, 0), (1, 1), detail="")])
    for layer in wiring.spec(1)["layer"]:
        columns = set(data[layer["data"]["name"]].columns)
        calculated = {transform["as"] for transform in layer.get("transform", [])}
        fields = {part["field"] for part in walk(layer["encoding"]) if "field" in part}
        assert fields <= columns | calculated


@pytest.mark.parametrize("name", SPECS)
def test_every_colour_goes_through_the_palette(name):
    encodings = [part["encoding"] for part in walk(SPECS[name]) if "encoding" in part]
    painted = [encoding[c] for encoding in encodings for c in COLOURS if c in encoding]
    assert len(painted) >= len(encodings)
    for channel in painted:
        assert channel["scale"] == {"domain": list(ROLES), "range": "category"}
        assert channel["legend"] is None
    for mark in (part["mark"] for part in walk(SPECS[name]) if isinstance(part.get("mark"), dict)):
        assert not set(COLOURS) & set(mark)
    assert "#" not in json.dumps({**SPECS[name], "config": {}})


@pytest.mark.parametrize("name", SPECS)
def test_a_role_that_a_layer_calculates_is_one_of_the_palette(name):
    inks = [part["calculate"] for part in walk(SPECS[name]) if "calculate" in part]
    assert inks
    assert {ink.strip("'") for ink in inks} <= set(ROLES)


# Nodes and edges


def test_an_edge_carries_its_numbers_at_its_place():
    edge = wiring.edge((1, 0), (3, 4), at=0.25, value="7", detail="")
    assert [edge[k] for k in ("x", "y", "x2", "y2")] == [1, 0, 3, 4]
    assert (edge["at_x"], edge["at_y"], edge["value"], edge["gradient"]) == (1.5, 1.0, "7", "")


def test_data_keep_their_columns_without_any_edge():
    data = wiring.data([wiring.node((0, 0), symbol="x", detail="x")], [])
    assert list(data["edges"].columns) == list(wiring.EDGE_FIELDS)
    assert list(data["nodes"].columns) == list(wiring.NODE_FIELDS)
    assert not data["nodes"].isna().to_numpy().any()


def test_a_narrow_picture_fits_any_screen():
    assert wiring.width(5) is None
    assert wiring.width(9) == 9 * wiring.COLUMN


# The palette


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_as_the_guideline_defines_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("side", ["light", "dark"])
def test_the_palette_has_a_colour_a_role(side):
    palette = CONFIG["theme"][side]["chartCategoricalColors"]
    assert len(palette) == len(set(palette)) == len(ROLES) == len(set(ROLES))
    assert palette[ROLES.index(theme.SURFACE)] == CONFIG["theme"][side]["backgroundColor"]
    assert palette[ROLES.index(theme.TEXT)] == CONFIG["theme"][side]["textColor"]


@pytest.mark.parametrize("side", ["light", "dark"])
@pytest.mark.parametrize("role", READ)
def test_what_is_read_stands_out(side, role):
    colours = CONFIG["theme"][side]
    assert contrast(colours["chartCategoricalColors"][ROLES.index(role)], colours["backgroundColor"]) >= 4.5


@pytest.mark.parametrize("side", ["light", "dark"])
@pytest.mark.parametrize("word", ["blueTextColor", "orangeTextColor", "grayTextColor", "linkColor", "textColor"])
def test_coloured_words_stand_out(side, word):
    assert contrast(CONFIG["theme"][side][word], CONFIG["theme"][side]["backgroundColor"]) >= 4.5


@pytest.mark.parametrize("side", ["light", "dark"])
def test_words_about_value_and_gradient_have_their_colours(side):
    colours = CONFIG["theme"][side]
    palette = colours["chartCategoricalColors"]
    assert colours["blueTextColor"] == palette[ROLES.index(theme.VALUE)]
    assert colours["orangeTextColor"] == palette[ROLES.index(theme.GRADIENT)]
