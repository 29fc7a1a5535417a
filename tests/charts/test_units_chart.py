"""Units and samples: each cell of the image is a slope, a dead unit is marked, the words stand where they belong."""

import json

import numpy as np
import pytest

from engine.dying import DyingConfig, compare
from pages.shared.charts import plane, series, units
from pages.shared.charts.theme import CLASS_0, CLASS_1, HIGHLIGHT, PALETTE, ROLES, TEXT, by_series, text_series

CONFIG = DyingConfig()
TITLES = "hidden units", "samples", "unit", "slope"


def drawn(code="relu", epoch=120, chosen=(1, 2)):
    one, samples = compare(CONFIG)[code], CONFIG.samples
    trace = one.trace(samples, epoch)
    data = units.data(
        trace.slope[:-1],
        [layer.dead[epoch] for layer in one.life.layers],
        samples.y,
        samples.X,
        chosen=chosen,
        layer_name=lambda k: f"L{k}",
        unit_name=lambda k, u: f"{k}.{u}",
        detail=lambda k, u: f"detail {k} {u}",
    )
    return trace, one, data


def cells(data, field: str) -> list[np.ndarray]:
    """What the bars paint, cell by cell and layer by layer: (n_samples, units), 0 where there is none."""
    painted = np.zeros((80, 17))
    for bar in data["bars"].to_dict("records"):
        column = round(bar["x"] - units.GAP)
        assert bar["x2"] == pytest.approx(column + 1 - units.GAP)
        assert not painted[bar["y"] : bar["y2"], column].any()
        painted[bar["y"] : bar["y2"], column] = bar[field]
    assert not painted[:, 8].any()
    return [painted[:, :8], painted[:, 9:]]


@pytest.mark.parametrize(("code", "epoch"), [("relu", 120), ("relu", 30), ("leaky_relu", 120), ("leaky_relu", 0)])
def test_each_cell_is_the_slope_of_a_unit_for_a_sample(code, epoch):
    trace, _one, data = drawn(code, epoch)
    rows = units.order(CONFIG.samples.y, CONFIG.samples.X)
    for k, painted in enumerate(cells(data, "slope")):
        np.testing.assert_allclose(painted, trace.slope[k][rows], rtol=1e-12)


@pytest.mark.parametrize("epoch", [0, 120])
def test_slopes_in_between_are_bars_of_their_mean(epoch):
    trace, _one, data = drawn("elu", epoch)
    rows = units.order(CONFIG.samples.y, CONFIG.samples.X)
    for k, (painted, opacity) in enumerate(zip(cells(data, "slope"), cells(data, "opacity"), strict=True)):
        slope = trace.slope[k][rows]
        np.testing.assert_allclose(opacity, np.sqrt(slope), atol=0.5 / units.LEVELS + 1e-9)
        np.testing.assert_allclose(painted[opacity == 1], slope[opacity == 1], atol=0.13)
        totals = np.where(opacity > 0, slope, 0.0).sum(axis=0)
        np.testing.assert_allclose(painted.sum(axis=0), totals, rtol=1e-9)


def test_a_tenth_is_seen_and_full_is_full():
    _trace, _one, data = drawn("leaky_relu")
    assert set(data["bars"]["opacity"]) == {3 / 8, 1.0}
    assert set(data["bars"]["name"]) == {f"{k}.{u}" for k in range(2) for u in range(8)}


def test_samples_are_in_order_of_class_then_of_place():
    rows = units.order(CONFIG.samples.y, CONFIG.samples.X)
    assert sorted(rows) == list(range(80))
    classes, x = CONFIG.samples.y[rows], CONFIG.samples.X[rows, 0]
    assert classes.tolist() == [0] * 40 + [1] * 40
    assert (np.diff(x[:40]) >= 0).all()
    assert (np.diff(x[40:]) >= 0).all()
    strips = drawn()[2]["classes"]
    assert strips[["y", "y2", "role"]].to_numpy().tolist() == [[0, 40, CLASS_0], [40, 80, CLASS_1]]


@pytest.mark.parametrize("epoch", [0, 63, 120])
def test_the_dead_are_marked_and_the_chosen_is_framed(epoch):
    _trace, one, data = drawn("relu", epoch)
    table = data["units"]
    dead = np.concatenate([layer.dead[epoch] for layer in one.life.layers])
    assert table["mark"].tolist() == ["✕" if mark else "" for mark in dead]
    assert table["chosen"].tolist() == [(k, u) == (1, 2) for k in range(2) for u in range(8)]
    assert table["name"].tolist() == [f"{k}.{u}" for k in range(2) for u in range(8)]
    assert table["detail"].tolist()[9] == "detail 1 1"


def test_columns_and_images_stand_under_their_names():
    _trace, _one, data = drawn()
    table, layers = data["units"], data["layers"]
    assert table["x"].tolist() == [*range(8), *range(9, 17)]
    assert layers[["middle", "name"]].to_numpy().tolist() == [[4, "L0"], [13, "L1"]]
    assert table["number"].tolist() == [str(n) for n in (*range(1, 9), *range(1, 9))]


def test_where_there_is_no_room_only_the_ends_are_numbered():
    slopes = [np.ones((4, 12))] * 2
    data = units.data(
        slopes,
        [np.zeros(12, bool)] * 2,
        np.array([0, 0, 1, 1]),
        np.zeros((4, 2)),
        chosen=(0, 0),
        layer_name=str,
        unit_name=lambda k, u: "",
        detail=lambda k, u: "",
    )
    assert [number for number in data["units"]["number"] if number] == ["1", "12", "1", "12"]


def test_the_spec_knows_no_data():
    spec = units.spec(2, 8, 80, *TITLES)
    assert units.spec(2, 8, 80, *TITLES) is spec
    assert "datasets" not in spec
    titles = {layer["encoding"]["x"].get("title") for layer in spec["layer"]} - {None}
    assert titles == {"hidden units"}
    assert "samples" in json.dumps(spec)


# what the shared charts were given for this section -----------------------------------------------------------


def test_a_marker_stands_at_its_x_in_the_colour_of_text():
    spec = series.spec(("a", "b"), "x", "y", marker=True)
    rule = spec["layer"][-1]
    assert rule["mark"]["type"] == "rule"
    data = series.data([1, 2, 3], {"a": np.ones(3), "b": np.zeros(3)}, at=2)
    assert data["at"].to_dict("list") == {"x": [2], "series": [text_series()]}
    domain = rule["encoding"]["color"]["scale"]["domain"]
    assert domain.index(text_series()) == ROLES.index(TEXT)
    assert text_series() not in rule["encoding"]["color"]["legend"]["values"]
    assert "at" not in series.data([1], {"a": np.ones(1)})
    assert len(series.spec(("a", "b"), "x", "y")["layer"]) == len(spec["layer"]) - 1


@pytest.mark.parametrize("n", [1, 3, 7])
def test_the_colour_of_text_is_no_series(n):
    colour, _dash = by_series([str(k) for k in range(n)])
    assert colour.to_dict()["scale"]["domain"].index(text_series()) == ROLES.index(TEXT)


def test_a_logarithmic_x():
    plain, log = (series.spec(("a",), "x", "y", x_log=x_log) for x_log in (False, True))
    assert {layer["encoding"]["x"]["scale"]["type"] for layer in log["layer"]} == {"log"}
    assert all("scale" not in layer["encoding"]["x"] for layer in plain["layer"])


def test_points_of_another_size():
    def sizes(**options):
        spec = plane.spec("x", "y", **options)
        marks = [layer["mark"] for layer in spec["layer"] if layer.get("data", {}).get("name") == "points"]
        return [mark["size"] for mark in marks if mark["type"] == "point"]

    assert sizes() == [620, 240]
    assert sizes(point_size=45) == [425, 45]


def test_dead_units_are_highlighted_by_role():
    spec = units.spec(2, 8, 80, *TITLES)
    assert f"'{HIGHLIGHT}'" in json.dumps(spec)
    scale = PALETTE.to_dict()
    painted = [
        layer["encoding"][channel]["scale"]
        for layer in spec["layer"]
        for channel in ("color", "fill", "stroke")
        if channel in layer["encoding"]
    ]
    assert painted
    assert all(one == scale for one in painted)
