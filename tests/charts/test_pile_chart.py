"""The pile as a picture: what is there, what the images are, where curves begin."""

import base64
import zlib

import numpy as np

from engine.seed_bands import over_seeds
from pages.shared.charts import pile
from pages.shared.charts.theme import HIGHLIGHT


def pixels(uri: str) -> np.ndarray:
    """The palette places of one of our PNGs."""
    body = base64.b64decode(uri.partition(",")[2])
    width, height = (int.from_bytes(body[place : place + 4], "big") for place in (16, 20))
    at = body.index(b"IDAT")
    raw = zlib.decompress(body[at + 4 :])
    return np.frombuffer(raw, np.uint8).reshape(height, width + 1)[:, 1:]


def test_a_row_holds_the_images_ink():
    images = np.random.default_rng(0).random((3, 64))
    row = pixels(pile.row_of_images(images))
    side = 8 * pile.ZOOM + 4
    assert row.shape == (side, 3 * side)
    for n in range(3):
        tile = row[2 : side - 2, n * side + 2 : (n + 1) * side - 2]
        np.testing.assert_array_equal(tile[:: pile.ZOOM, :: pile.ZOOM], np.rint(255 * images[n].reshape(8, 8)))
    assert (row[:2] == 0).all()
    assert pile.GREYS[0].tolist() == [255, 255, 255]
    assert pile.GREYS[255].tolist() == [0, 0, 0]


def test_images_and_words_have_rows_of_their_own():
    data = pile.images_data({"original": np.zeros((2, 64))}, {"drawn": ["3✗", "1✓"]})
    assert data["images"]["name"].tolist() == ["original"]
    assert data["words"].to_dict("records") == [
        {"name": "drawn", "x": 0.5, "text": "3✗"},
        {"name": "drawn", "x": 1.5, "text": "1✓"},
    ]


def test_layers_and_links_stand_one_above_the_other():
    data = pile.drawing_data(
        [pile.box(0, "image"), pile.box(1, "hidden", HIGHLIGHT), pile.box(2, "out", there=False)],
        [pile.link(0, "W₁", HIGHLIGHT, both=True), pile.link(1, "W₂", there=False)],
    )
    boxes, links = data["boxes"], data["links"]
    assert (boxes["low"] < boxes["high"]).all()
    assert boxes["opacity"].tolist() == [1, 1, pile.PALE]
    assert links["there"].tolist() == ["yes", "no"]
    assert links["both"].tolist() == [True, False]
    assert (boxes["high"].to_numpy()[:2] < links["low"].to_numpy()).all()
    assert (links["high"].to_numpy() < boxes["low"].to_numpy()[1:]).all()


def test_a_curve_begins_after_its_own_work():
    band = over_seeds(np.array([[3.0, 2.0, 1.0], [3.0, 1.0, 0.5], [3.0, np.nan, np.nan]]))
    data = pile.curves_data({"a": band, "b": band}, {"a": 18.5, "b": 0.0}, 2.3, log=True)
    a = data["series"][data["series"]["series"] == "a"]
    assert a["x"].tolist() == [18.5, 19.5, 20.5]
    assert a["y"].tolist() == [3.0, 2.0, 1.0]
    assert data["series"][data["series"]["series"] == "b"]["x"].tolist() == [0, 1, 2]
    assert data["level"]["y"].tolist() == [2.3]


def test_specs_know_titles_and_no_data():
    curves = pile.curves_spec(("a",), "epoch", "loss", "guessing", ("a", "b"), True)
    assert curves is pile.curves_spec(("a",), "epoch", "loss", "guessing", ("a", "b"), True)
    encoding = curves["layer"][1]["encoding"]
    assert (encoding["x"]["title"], encoding["y"]["title"]) == ("epoch", "loss")
    assert encoding["y"]["scale"]["type"] == "log"
    assert curves["layer"][-1]["encoding"]["tooltip"]["title"] == "guessing"
    assert pile.drawing_spec(5) is pile.drawing_spec(5)
    assert pile.images_spec(3, 10)["width"] == 10 * pile.TILE
