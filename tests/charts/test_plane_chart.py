"""The plane: what is drawn are the given coordinates; a field is the picture of its numbers."""

import base64
import io
import json
import struct
import zlib

import numpy as np
import pytest

from engine.perceptron import decision_line
from pages.shared.charts import image, plane

POINTS = [plane.point(0, 1, 1.0, label="01", detail="first"), plane.point(1, 1, 0.0, rim="highlight")]


def test_points_have_colour_and_shape_of_their_class():
    frame = plane.data(points=POINTS)["points"]
    assert frame[["x", "y", "role", "shape", "rim", "label"]].to_numpy().tolist() == [
        [0, 1, "class 1", "circle", "", "01"],
        [1, 1, "class 0", "square", "highlight", ""],
    ]


def test_line_and_region_are_the_engines():
    found = decision_line([1.0, 2.0], -1.0)
    data = plane.data(lines=[plane.line(found.ends, dash="dashed", detail="old")], regions=plane.region(found.region))
    assert data["lines"][["x", "y", "x2", "y2"]].to_numpy().ravel().tolist() == found.ends.ravel().tolist()
    assert data["lines"]["dash"].tolist() == ["dashed"]
    assert data["regions"][["x", "y"]].to_numpy().tolist() == found.region.tolist()
    assert data["regions"]["order"].tolist() == list(range(len(found.region)))


@pytest.mark.parametrize(("end", "angle"), [((0, 1), 0), ((1, 0), 90), ((0, -1), 180), ((-1, 0), 270), ((1, 1), 45)])
def test_an_arrow_points_where_it_leads(end, angle):
    frame = plane.data(arrows=[plane.arrow((0, 0), end)])["arrows"]
    assert frame["angle"].tolist() == pytest.approx([angle])
    assert frame[["x2", "y2"]].to_numpy().tolist() == [list(end)]


def test_what_is_not_given_is_empty():
    data = plane.data()
    assert set(data) == {"points", "lines", "regions", "arrows", "field", "probes"}
    assert all(len(frame) == 0 for frame in data.values())


def test_every_field_of_the_spec_is_in_the_data():
    data = plane.data()
    for layer in plane.spec("a", "b", value_title="output")["layer"]:
        columns = set(data[layer["data"]["name"]].columns)
        calculated = {transform.get("as") for transform in layer.get("transform", [])}
        channels = [channel for channel in layer["encoding"].values() if isinstance(channel, dict)]
        assert {channel["field"] for channel in channels if "field" in channel} <= columns | calculated


def test_axes_have_titles_and_the_square_its_ends():
    spec = plane.spec("first input", "second input", low=-1.0, high=2.0)
    assert spec["width"] == spec["height"] == plane.SIDE
    for layer in spec["layer"]:
        assert layer["encoding"]["x"]["title"] == "first input"
        assert layer["encoding"]["y"]["title"] == "second input"
        assert layer["encoding"]["y"]["scale"]["domain"] == [-1.0, 2.0]


def test_the_colour_bar_stands_where_a_field_is_named():
    def bars(spec):
        return [layer["encoding"].get("color", {}).get("legend") for layer in spec["layer"]]

    (bar,) = [legend for legend in bars(plane.spec("a", "b", value_title="output")) if legend]
    assert bar["title"] == "output"
    assert not any(bars(plane.spec("a", "b")))


# the field


def decoded(uri: str) -> tuple[np.ndarray, np.ndarray]:
    """Palette and indices of a PNG that this project wrote, read part by part."""
    body = base64.b64decode(uri.removeprefix("data:image/png;base64,"))
    assert body[:8] == b"\x89PNG\r\n\x1a\n"
    parts, file = {}, io.BytesIO(body[8:])
    while head := file.read(8):
        length, tag = struct.unpack(">I4s", head)
        content = file.read(length)
        assert struct.unpack(">I", file.read(4))[0] == zlib.crc32(tag + content)
        parts[tag] = content
    width, height = struct.unpack(">II", parts[b"IHDR"][:8])
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()
    return np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3), rows[:, 1:]


def test_an_image_is_its_numbers():
    values = np.array([[0.0, 0.5, 1.0], [-3.0, np.nan, 7.0]])
    palette, index = decoded(image.uri(values))
    assert index.tolist() == [[0, 128, 255], [0, 128, 255]]
    assert palette[0].tolist() == list(image.ENDS[0])
    assert palette[255].tolist() == list(image.ENDS[2])
    assert np.abs(palette[127].astype(int) - image.ENDS[1]).max() <= 1
    assert image.colours() == ["#b286cc", "#f6f6f6", "#60b8a0"]


def test_a_fields_tooltips_are_its_numbers_at_their_places():
    values = np.linspace(0, 1, 25).reshape(5, 5)
    data = plane.data(field=plane.field(values, low=0.0, high=4.0, probes=5))
    assert data["field"][["x", "y", "x2", "y2"]].to_numpy().tolist() == [[0.0, 0.0, 4.0, 4.0]]
    assert (decoded(data["field"]["uri"][0])[1] == np.round(values * 255)).all()
    at = {(row.x, row.y): row.value for row in data["probes"].itertuples()}
    assert len(at) == 25
    assert at[0.0, 4.0] == values[0, 0]  # the top row is the highest y
    assert at[4.0, 0.0] == values[4, 4]
    assert at[1.0, 3.0] == values[1, 1]


def test_the_spec_is_the_same_for_all_data():
    assert plane.spec("a", "b") is plane.spec("a", "b")
    assert "values" not in json.dumps(plane.spec("a", "b")["layer"])
