"""Two runs in one picture: the data plotted are the results."""

import base64
import zlib
from dataclasses import replace

import numpy as np
import pytest

from engine.lab import run
from engine.lab_pair import answers
from engine.lab_presets import PRESETS
from pages.shared.charts import compare, series
from pages.shared.charts.image import uri
from tests.specs import walk


def trained(code: str, epochs: int = 3):
    config = PRESETS[code]
    training = replace(config.training, epochs=epochs, snapshots=(0, epochs))
    config = replace(config, training=training)
    return config, run(config)


def test_the_curves_are_both_runs():
    _, one = trained("classic", 5)
    _, other = trained("classic", 3)
    runs = {"A": (one.train_loss, one.test_loss), "B": (other.train_loss, other.test_loss)}
    data = compare.curves(runs, at=2, log=True)
    for name, part in (("series", 0), ("expected", 1)):
        frame = data[name]
        for label, curves in runs.items():
            found = frame[frame["series"] == label]
            assert found["x"].tolist() == list(range(len(curves[part])))  # the shorter run just ends
            assert found["y"].tolist() == curves[part].tolist()
    assert data["at"]["x"].tolist() == [2]


def test_without_test_samples_the_training_curve_is_the_line():
    _, one = trained("three")
    data = compare.curves({"A": (one.train_loss, None)}, at=0, log=False)
    assert data["series"]["y"].tolist() == one.train_loss.tolist()
    assert data["expected"].empty


def test_long_curves_are_thinned_and_keep_their_ends():
    curve = np.linspace(1, 0, 10_001)
    found = compare.curves({"A": (curve, curve)}, at=0, log=False)["series"]
    assert len(found) <= compare.MAX_POINTS
    assert (found["x"].iloc[0], found["x"].iloc[-1]) == (0, 10_000)
    assert found["y"].tolist() == curve[found["x"]].tolist()


def test_the_field_is_the_answer_with_its_points():
    config, history = trained("classic")
    square, points = config.data.square, config.data.planes[0]
    answer = answers(config, history, 1, square)
    data = compare.field_data(answer, points, square)
    assert data["field"]["uri"].tolist() == [uri(answer)]
    assert data["field"][["x", "x2", "y", "y2"]].to_numpy().ravel().tolist() == [*square[0], *square[1]]
    assert data["points"][["x", "y"]].to_numpy().tolist() == points.X.tolist()
    assert data["points"]["role"].tolist() == [compare.CLASSES[label] for label in points.y]
    assert set(data["points"]["shape"]) == {"square", "circle"}


def test_several_classes_have_a_colour_each():
    config, history = trained("blobs")
    answer = answers(config, history, 1, config.data.square, side=5)
    data = compare.field_data(answer, config.data.planes[0], config.data.square)
    image = base64.b64decode(data["field"]["uri"][0].partition(",")[2])
    start = image.index(b"IDAT") + 4
    rows = np.frombuffer(zlib.decompressobj().decompress(image[start:]), np.uint8).reshape(5, 6)
    assert rows[:, 1:].tolist() == answer.astype(int).tolist()
    assert len(set(data["points"]["role"])) == len(set(data["points"]["shape"])) == 4


def test_values_are_told_from_the_middle():
    config, _ = trained("plane")
    points = config.data.planes[0]
    data = compare.field_data(None, points, config.data.square)
    values = points.y[:, 0]
    high = values > (values.min() + values.max()) / 2
    assert (data["points"]["role"] == compare.CLASSES[1]).tolist() == high.tolist()
    assert data["field"]["uri"].tolist() == [uri(np.full((2, 2), np.nan))]  # a run that has diverged


@pytest.mark.parametrize("code", ["classic", "blobs", "plane"])
def test_the_spec_knows_the_square_only(code):
    square = PRESETS[code].data.square
    spec = compare.field_spec("x₁", "x₂", *square)
    titles = {part["title"] for part in walk(spec) if part.get("type") == "quantitative" and "title" in part}
    assert {"x₁", "x₂"} <= titles
    assert {"field", "points"} == {part["data"]["name"] for part in walk(spec) if "name" in part.get("data", {})}
    domains = [part["scale"]["domain"] for part in walk(spec) if part.get("field") in ("x", "y")]
    assert sorted({tuple(domain) for domain in domains}) == sorted({*square})


def test_curves_over_different_epochs_join():
    parts = [series.data([0, 1, 2], {"A": np.array([3.0, 2.0, 1.0])}), series.data([0, 9], {"B": np.array([1.0, 0.5])})]
    found = series.joined(parts)["series"]
    assert found["series"].tolist() == ["A", "A", "A", "B", "B"]
    assert found["x"].tolist() == [0, 1, 2, 0, 9]
