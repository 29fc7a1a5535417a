"""Momentum's map and its roots as pictures: the image, the lines and the bar are the engine's arrays."""

import base64
import re
import struct
import zlib

import numpy as np
import pytest

from engine.heavy_ball import modes
from engine.momentum_map import momentum_map
from pages.shared.charts import momentum_map as chart
from pages.shared.charts import plane, roots
from pages.shared.charts.theme import COLOURS, MUTED, ROLES
from pages.shared.numbers import plain


def places_and_opacity(uri: str) -> tuple[np.ndarray, np.ndarray]:
    """What a palette PNG holds: the place of each point, the opacity of each place."""
    body = base64.b64decode(uri.removeprefix("data:image/png;base64,"))
    width, height = struct.unpack(">II", body[16:24])
    parts, at = {}, 8
    while at < len(body):
        (length,) = struct.unpack(">I", body[at : at + 4])
        parts[body[at + 4 : at + 8]] = body[at + 8 : at + 8 + length]
        at += 12 + length
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, width + 1)
    return rows[:, 1:], np.frombuffer(parts[b"tRNS"], np.uint8)


@pytest.mark.parametrize("condition", [1.0, 30.0, 10_000.0])
def test_the_image_is_the_bands(condition):
    found = momentum_map(condition)
    places, opacity = places_and_opacity(chart.field(found))
    assert places.shape == found.rates.shape
    np.testing.assert_array_equal(places % 11, found.bands)  # 11 bands, each again with its border
    inside = found.bands < 10
    steps = (np.diff(found.bands, axis=1) != 0) & inside[:, :-1]
    assert (places[:, :-1][steps] >= 11).all()  # a line where the next point lies in another band
    assert (places[inside] < 11).any()
    diverging = places[found.rates > 1 + 1e-9]
    assert set(diverging.tolist()) == {10, 21}  # hatched
    assert (np.diff(opacity[:10].astype(int)) < 0).all()  # the slower the paler
    assert opacity[21] > opacity[10]


def test_the_lines_and_points_are_the_engines():
    found = momentum_map(30.0)
    labels = {code: f"<{code}>" for code in found.borders}
    for line, (code, points) in zip(chart.lines(found, labels), found.borders.items(), strict=True):
        sent = np.frombuffer(base64.b64decode(line["points"]), "<f4").reshape(-1, 2)
        np.testing.assert_allclose(sent, points, rtol=1e-6)
        assert line["label"] == f"<{code}>"
        assert line["role"] in ROLES
        assert line["dashed"] == (code == "flat damping")
    mark = chart.mark("best", 3.3, 0.66, "best")
    assert (mark["x"], mark["y"], mark["shape"], mark["label"]) == (3.3, 0.66, "star", "best")


def test_a_point_and_its_path_have_one_colour():
    for code, (role, _shape) in chart.POINTS.items():
        assert COLOURS[chart.place(code)] == role
    assert len({role for role, _ in chart.POINTS.values()}) == len(chart.POINTS)


def test_the_bar_names_every_level():
    found = momentum_map(100.0)
    data = chart.bar_data(found, plain, ("steps", "rate"), "diverges")
    levels = data["levels"]
    assert levels["steps"].tolist() == [plain(level) for level in found.levels.tolist()] + ["diverges"]
    said = [rate for rate in levels["rate"] if rate]
    assert said == [plain(rate) for rate in found.level_rates.tolist()[1::2]] + ["> 1"]
    np.testing.assert_allclose(levels["x"][:9], np.arange(1, 10) / 11)
    places, _ = places_and_opacity(data["bar"]["uri"][0])
    assert places.shape[1] == 11 * chart.CELL
    middle = places[0, chart.CELL // 2 :: chart.CELL]
    assert middle[:10].tolist() == list(range(10))
    assert middle[10] in (10, 21)
    assert data["titles"]["title"].tolist() == ["steps", "rate"]


def test_the_bars_spec_is_constant_and_says_what_it_measures():
    spec = chart.bar_spec("steps for a digit", "rate")
    assert chart.bar_spec("steps for a digit", "rate") is spec
    tips = [tip["title"] for layer in spec["layer"] for tip in layer["encoding"].get("tooltip", [])]
    assert set(tips) == {"steps for a digit", "rate"}
    names = set(re.findall(r"'name': '(\w+)'", str(spec)))
    assert names == {"bar", "levels", "titles"}


def test_the_roots_are_the_engines():
    found = modes(0.01, 0.8, (1.0, 100.0))
    data = roots.data(found, 0.8, ("flat", "steep"))
    points = data["points"]
    expected = [root for mode in found for root in mode.roots]
    assert [complex(*xy) for xy in points[["x", "y"]].to_numpy().tolist()] == expected
    assert points["label"].tolist() == ["flat", "", "steep", ""]
    assert points["shape"].tolist() == ["circle", "circle", "square", "square"]
    discs = data["regions"].groupby("region", sort=False)
    radii = {name: np.hypot(disc["x"], disc["y"]) for name, disc in discs}
    np.testing.assert_allclose(radii["unit"], 1)
    np.testing.assert_allclose(radii["momentum"], 0.8**0.5)
    assert set(data["regions"]["role"]) == {MUTED}
    assert set(data) == set(plane.data())


def test_a_root_outside_the_picture_is_left_out():
    data = roots.data(modes(0.041, 0.0, (1.0, 100.0)), 0.0, ("flat", "steep"))
    assert data["points"]["detail"].str.startswith("flat").sum() == 2
    assert data["points"]["x"].min() > roots.LOW
    assert len(data["points"]) == 3  # -3.1 is missing
