"""Mosaics of small images: each pixel of the PNG has the colour of its number; the spec knows the grid only."""

import base64
import struct
import zlib

import numpy as np
import pytest

from pages.shared.charts import machine, mosaic


def decoded(frames):
    """The places of the palette in a mosaic's PNG, and its palette with opacity, (256, 4)."""
    (uri,) = frames["field"]["uri"]
    body, chunks, at = base64.b64decode(uri.split(",")[1]), {}, 8
    while at < len(body):
        (size,) = struct.unpack(">I", body[at : at + 4])
        chunks[body[at + 4 : at + 8]] = body[at + 8 : at + 8 + size]
        at += size + 12
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, width + 1)
    colours = np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)
    return rows[:, 1:], np.column_stack([colours, np.frombuffer(chunks[b"tRNS"], np.uint8)])


def pixel(frames, image: int, row: int, column: int, side: int) -> tuple[int, ...]:
    """The colour in the middle of an image's pixel, found by the place of its tile."""
    places, palette = decoded(frames)
    tile = frames["tiles"].iloc[image]
    step = (tile.x2 - tile.x) / side
    x, y = tile.x + (column + 0.5) * step, tile.y + (row + 0.5) * step
    return tuple(palette[places[int(mosaic.SHARP * y), int(mosaic.SHARP * x)]].tolist())


IMAGES = np.array([[[-2.0, 0.0], [2.0, 1.0]], [[5.0, -5.0], [0.0, 0.0]], [[1.0, 1.0], [1.0, -1.0]]])


def test_weights_have_the_colours_of_one_range():
    frames = mosaic.weights(IMAGES, 2.0, ["a", "b", "c"], ["", "", ""], n_columns=2)
    below, zero, above = ((*colour, 255) for colour in mosaic.SIGNED)
    assert pixel(frames, 0, 0, 0, 2) == below
    assert pixel(frames, 0, 1, 0, 2) == above
    assert np.abs(np.subtract(pixel(frames, 0, 0, 1, 2), zero)).max() <= 2
    assert pixel(frames, 1, 0, 0, 2) == above  # beyond the range
    assert pixel(frames, 1, 0, 1, 2) == below
    middle = (np.add(zero, above) / 2).round()
    assert np.abs(np.subtract(pixel(frames, 0, 1, 1, 2), middle)).max() <= 2
    assert frames["limits"]["value"].tolist() == [-2.0, 2.0]


def test_ink_and_cover():
    covered = np.zeros((2, 2, 2), bool)
    covered[1, 0, 1] = True
    frames = mosaic.ink(
        np.array([[[0, 1], [0.5, 0]], [[0, 0], [1, 1]]]), ["a", "b"], ["", ""], n_columns=2, covered=covered
    )
    white, black = ((*colour, 255) for colour in mosaic.INK)
    assert pixel(frames, 0, 0, 0, 2) == white
    assert pixel(frames, 0, 0, 1, 2) == black
    assert np.abs(np.subtract(pixel(frames, 0, 1, 0, 2), np.add(white, black) / 2)).max() <= 1
    assert pixel(frames, 1, 0, 1, 2) == (*mosaic.COVER, 255)


def test_the_ground_shines_through_between_the_images():
    frames = mosaic.weights(IMAGES, 2.0, ["a", "b", "c"], ["", "", ""], n_columns=2)
    places, palette = decoded(frames)
    tile = frames["tiles"].iloc[0]
    assert palette[places[5, mosaic.SHARP * int(tile.x2) + 2]][3] == 0
    assert palette[places[mosaic.SHARP * int(tile.y2) + 5, 5]][3] == 0
    assert places[-1, -1] == mosaic.GROUND  # where a fourth image would be


@pytest.mark.parametrize(("n", "side"), [(1, 4), (10, 4), (16, 8), (36, 8)])
def test_all_tiles_lie_in_the_picture(n, side):
    columns = mosaic.columns(n)
    labels = [f"h{i}" for i in range(n)] if n <= 16 else [""] * n
    frames = mosaic.weights(np.zeros((n, side, side)), 1.0, labels, labels, n_columns=columns)
    spec = mosaic.spec(columns, -(-n // columns), "weight", labels=n <= 16)
    field, tiles = frames["field"].iloc[0], frames["tiles"]
    assert (field.x2, field.y2) == (spec["width"], spec["height"])
    assert spec["width"] <= mosaic.SIDE
    assert len(tiles) == n
    assert tiles["label"].tolist() == labels
    for low, high, end in (("x", "x2", "width"), ("y", "y2", "height")):
        assert tiles[low].min() == 0
        assert tiles[high].max() <= spec[end]
    assert len(decoded(frames)[0]) == mosaic.SHARP * spec["height"]


def test_the_spec_knows_the_grid_only():
    assert mosaic.spec(4, 3, "weight") is mosaic.spec(4, 3, "weight")
    names = [layer["data"]["name"] for layer in mosaic.spec(4, 3, "weight")["layer"]]
    assert names == ["field", "tiles", "tiles", "limits"]
    assert mosaic.spec(4, 3, "weight")["layer"][-1]["encoding"]["color"]["legend"]["title"] == "weight"
    assert [layer["data"]["name"] for layer in mosaic.spec(5, 4)["layer"]] == ["field", "tiles", "tiles"]
    assert mosaic.spec(5, 4)["layer"][1]["encoding"]["tooltip"]["field"] == "detail"


# ---------------------------------------------------------------- the machine


def test_every_link_between_the_layers_and_none_inside_them():
    W = np.array([[1.0, -0.5], [-0.5, 0.5], [0.5, 0.0], [-1.0, 1.0]])
    frames = machine.data(W, np.array([1.0, 0, 1, 0]), np.array([0.8, 0.4]), np.array([1.0, 0.0]), "{:g}".format)
    links, units = frames["links"], frames["units"]
    assert len(links) == W.size
    assert (links["y"] == 0).all()
    assert (links["y2"] == 1).all()
    roles = ["value", "gradient", "gradient", "value", "value", "muted", "gradient", "value"]
    assert links["role"].tolist() == roles
    assert links["width"].tolist() == [1 + 6 * abs(w) for w in W.ravel()]
    assert links["detail"].iloc[1] == "v₁ – h₂: w = -0.5"
    assert units["symbol"].tolist() == ["v₁", "v₂", "v₃", "v₄", "h₁", "h₂"]
    assert units["role"].tolist() == ["text", "surface", "text", "surface", "text", "surface"]
    assert units["state"].tolist() == ["1", "0", "1", "0", "p = 0.8 → 1", "p = 0.4 → 0"]


def test_a_machine_without_weights_is_drawn():
    frames = machine.data(np.zeros((4, 2)), np.zeros(4), np.full(2, 0.5), np.zeros(2), "{:g}".format)
    assert (frames["links"]["width"] == 1).all()
    assert machine.spec() is machine.spec()
