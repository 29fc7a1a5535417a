"""The board's pictures: drawn is what the engine found, one spec for all data."""

from dataclasses import replace

import numpy as np
import pytest

from engine import board, lab
from engine.board_graph import nodes
from engine.lab_presets import PRESETS
from engine.training_config import evenly
from pages.shared.charts import board as charts
from pages.shared.charts import board_graph
from pages.shared.charts.theme import HIGHLIGHT, VALUE
from tests.specs import walk


@pytest.fixture(scope="module")
def found():
    config = PRESETS["plane"]
    sgd = replace(config.training.optimizer, learning_rate=3.0)  # diverges: values outside of the range
    config = replace(config, training=replace(config.training, epochs=20, snapshots=evenly(20, 21), optimizer=sgd))
    return board.watch(config, lab.run(config))


def test_a_ridge_holds_every_share(found):
    counts, frames = found.spreads["W"][0].shared, (0, 5, 20)
    data = charts.ridge_data(counts, found.epochs, frames, 1)
    shapes = data["shapes"]
    tallest = max(part[list(frames)].max() for part in (counts.shares, counts.below, counts.above))
    for row, frame in enumerate(frames):
        one = shapes[shapes["row"] == row]
        np.testing.assert_allclose(one["x"], np.linspace(counts.low, counts.high, board.BINS + 1))
        np.testing.assert_allclose((row - one["y"])[:-1], charts.TALLEST * counts.shares[frame] / tallest)
        assert set(one["epoch"]) == {found.epochs[frame]}
        assert set(one["role"]) == {HIGHLIGHT if row == 1 else VALUE}
    outside = data["outside"]
    assert outside["detail"].tolist() == [
        f"{share:.1%}" for frame in frames for share in (counts.below[frame], counts.above[frame]) if share
    ]
    left, right = outside["x2"] < counts.low, outside["x"] > counts.high
    assert (left | right).all()
    assert data["words"]["text"].tolist() == [f"{found.epochs[frame]:g}" for frame in frames]
    assert len(data["rows"]) == 3


def test_a_ribbon_holds_the_quantiles(found):
    one = found.spreads["z"][0]
    data = charts.ribbon_data(one, one.own, found.epochs, 2)
    room = one.own.high - one.own.low
    within = np.clip(one.quantiles, one.own.low - room, one.own.high + room)
    np.testing.assert_array_equal(data["ribbon"][list(charts.QUANTILES)].to_numpy()[:, ::-1], within)
    assert data["ribbon"]["epoch"].tolist() == found.epochs.tolist()
    assert data["at"]["epoch"].tolist() == [found.epochs[2]]


def test_curves_smoothed_and_raw():
    shown, raw = np.array([1.0, 0.5, np.nan]), np.array([1.0, 0.0, np.nan])
    curves = [charts.Curve("seed 0", 0, (0, 1, 2), shown, raw), charts.Curve("seed 0", 1, (0, 1, 2), raw, shown)]
    linear = charts.scalars_data(curves, 1, log=False)
    assert linear["curves"]["y"].tolist() == [1.0, 0.5, 1.0, 0.0]
    assert linear["curves"]["raw"].tolist() == [1.0, 0.0, 1.0, 0.5]
    assert linear["curves"]["part"].tolist() == [0, 0, 1, 1]
    assert linear["at"]["x"].tolist() == [1]
    logarithmic = charts.scalars_data(curves, 1, log=True)
    assert (logarithmic["curves"][["y", "raw"]].to_numpy() > 0).all()  # a 0 has no place on it


def test_specs_have_titles_and_depend_on_no_data():
    specs = {
        "scalars": charts.scalars_spec(("a", "b"), "epoch", "loss", "raw", log=True),
        "ridge": charts.ridge_spec(16, -1.0, 1.0, "W", "epoch"),
        "ribbon": charts.ribbon_spec(-1.0, 1.0, "epoch", "W"),
    }
    assert charts.scalars_spec(("a", "b"), "epoch", "loss", "raw", log=True) is specs["scalars"]
    titles = {"scalars": {"epoch", "loss"}, "ridge": {"W", "epoch"}, "ribbon": {"epoch", "W"}}
    for name, spec in specs.items():
        axes = {
            part[channel]["title"]
            for part in walk(spec)
            for channel in ("x", "y")
            if isinstance(part.get(channel), dict) and part[channel].get("title")
        }
        assert axes == titles[name]
        assert {part["data"]["name"] for part in walk(spec) if "data" in part} <= {
            "curves", "at", "rows", "shapes", "outside", "words", "ribbon",
        }  # fmt: skip


def test_the_graph_names_every_shape():
    chain = nodes(PRESETS["deeper"])
    data = board_graph.data(chain, "z2", lambda node: node.code, lambda node: node.kind)
    boxes, edges = data["nodes"], data["edges"]
    main = boxes[boxes["x"] == board_graph.MAIN[0]]
    assert main["code"].tolist() == [node.code for node in chain]
    assert set(boxes.loc[boxes["role"] == HIGHLIGHT, "code"]) == {"z2"}
    assert boxes.loc[boxes["x"] == board_graph.SIDE[0], "text"].tolist() == (
        ["W 2 × 10 · b 10", "W 10 × 10 · b 10", "W 10 × 10 · b 10", "W 10 × 1 · b 1"]
    )
    shapes = [board_graph.shape_text(node.shape) for node in chain[:-1]]
    assert [text for text in edges["text"] if text] == shapes
    assert shapes[0] == "4 × 2"
    spec = board_graph.spec(len(chain))
    assert board_graph.spec(len(chain)) is spec
    assert [part["name"] for part in spec["params"]] == [board_graph.PICKED]
