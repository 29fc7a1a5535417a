"""What the player is sent: the engine's paths, the same colours everywhere, a loss axis that fits."""

import base64
import json
import struct
import zlib

import numpy as np
import pytest

from engine.descent import race
from engine.landscape import landscape
from engine.optimizers import optimizer
from engine.surfaces import surface
from pages.shared.charts import paths
from pages.shared.charts.ground import ground
from pages.shared.charts.theme import COLOURS


def unpacked(text: str, columns: int = 1, kind: str = "<f4") -> np.ndarray:
    """What the player reads."""
    values = np.frombuffer(base64.b64decode(text), dtype=kind)
    return values.reshape(-1, columns) if columns > 1 else values


BOWL = surface("round_bowl")
RUNS = race(BOWL, optimizer("sgd"), [0.1, 10.0], [-3.0, 4.0], 20)


def picture(runs=RUNS, **options):
    made = [paths.Path(f"run {i}", runs.points[i], runs.losses[i]) for i in range(len(runs.points))]
    given = {"x_range": (-5, 5), "y_range": (-5, 5), "titles": ("a", "b"), "loss_title": "Loss", **options}
    return paths.plane(made, **given)


def test_the_paths_are_the_engines():
    sent = picture()["paths"]
    for one, points, losses in zip(sent, RUNS.points, RUNS.losses, strict=True):
        np.testing.assert_allclose(unpacked(one["points"], 2), points, rtol=1e-6)
        np.testing.assert_allclose(unpacked(one["losses"], kind="<f8"), losses, rtol=0)
    assert [one["label"] for one in sent] == ["run 0", "run 1"]
    assert picture()["steps"] == list(range(21))


def test_a_picture_can_be_sent():
    marks = [paths.mark(0, 0, label="minimum")]
    lines = [paths.line([[0, 1], [2, 3]], role="muted", label="border")]
    sent = json.loads(json.dumps(picture(landscape=landscape(BOWL), marks=marks, lines=lines)))
    assert unpacked(sent["lines"][0]["points"], 2).tolist() == [[0, 1], [2, 3]]
    assert sent["marks"] == [{"x": 0, "y": 0, "label": "minimum", "shape": "star", "role": "highlight"}]


def test_what_is_too_large_for_a_picture_is_sent_as_infinite():
    runs = race(BOWL, optimizer("sgd"), [10.0], [-3.0, 4.0], 200)
    (sent,) = picture(runs)["paths"]
    points, losses = unpacked(sent["points"], 2), unpacked(sent["losses"], kind="<f8")
    assert (points[0].tolist(), np.isfinite(points[-1]).any()) == ([-3, 4], False)
    assert (np.isfinite(losses) == np.isfinite(runs.losses[0])).all()


def test_a_long_run_is_thinned_and_keeps_its_ends():
    runs = race(BOWL, optimizer("sgd"), [1e-3], [-3.0, 4.0], 5000)
    sent = picture(runs)
    assert (sent["steps"][0], sent["steps"][-1], len(sent["steps"])) == (0, 5000, paths.MAX_FRAMES)
    points = unpacked(sent["paths"][0]["points"], 2)
    np.testing.assert_allclose(points, runs.points[0][sent["steps"]], rtol=1e-6)


def test_a_shorter_run_ends_where_it_ends():
    made = [paths.Path("long", RUNS.points[0]), paths.Path("short", RUNS.points[1][:5])]
    sent = paths.plane(made, x_range=(-5, 5), y_range=(-5, 5), titles=("a", "b"))
    assert [len(unpacked(one["points"], 2)) for one in sent["paths"]] == [21, 5]
    assert sent["loss"] is None


def test_a_place_has_its_colour_and_its_dash():
    points = np.zeros((2, 2))
    many = [paths.Path(str(i), points) for i in range(9)]
    sent = paths.plane(many, x_range=(0, 1), y_range=(0, 1), titles=("", ""))["paths"]
    assert [one["role"] for one in sent] == [*COLOURS, *COLOURS[:2]]
    assert [bool(one["dash"]) for one in sent] == [False] * 7 + [True] * 2
    (alone,) = paths.plane([paths.Path("8", points, place=8)], x_range=(0, 1), y_range=(0, 1), titles=("", ""))["paths"]
    assert (alone["role"], alone["dash"]) == (sent[8]["role"], sent[8]["dash"])


def test_a_curve_has_heights_and_slopes():
    wavy = surface("wavy")
    run = race(wavy, optimizer("sgd"), [0.1], [7.0], 10)
    x = np.linspace(-8, 8, 50)
    made = paths.Path("x", run.points[0], run.losses[0], slopes=wavy.gradient(run.points[0])[:, 0])
    sent = paths.curve([made], x=x, y=wavy.value(x[:, None]), y_range=(0, 6), titles=("x", "f"))
    np.testing.assert_allclose(unpacked(sent["curve"], 2)[:, 1], wavy.value(x[:, None]), rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(unpacked(sent["paths"][0]["slopes"]), made.slopes, rtol=1e-6)
    assert sent["x"] == [-8, 8]


# the loss axis


@pytest.mark.parametrize(
    ("losses", "ends"),
    [
        ([[25, 3, 0.2]], (0.1, 100)),
        ([[25, 3, 0.2], [25, 1e30, np.inf]], (0.1, 1e5)),  # what climbs leaves the picture
        ([[25, 1e-40, 0.0]], (1e-16, 100)),  # what falls does not flatten the others
        ([[1.0, 1.0]], (0.1, 1)),  # never without a height
        ([[0.0, 0.0]], (0.1, 10)),
        ([], (0.1, 10)),
    ],
)
def test_the_loss_axis_is_whole_decades(losses, ends):
    made = [paths.Path(str(i), np.zeros((len(values), 2)), np.array(values)) for i, values in enumerate(losses)]
    assert paths.loss_range(made) == pytest.approx(ends)


# the ground


def parts(uri: str) -> dict[bytes, bytes]:
    data, found, at = base64.b64decode(uri.partition(",")[2]), {}, 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        found[data[at + 4 : at + 8]] = data[at + 8 : at + 8 + length]
        at += 12 + length
    return found


def test_the_ground_is_the_higher_the_stronger_and_has_lines():
    seen = landscape(BOWL, side=60)
    chunks = parts(ground(seen))
    places = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(60, 61)[:, 1:].astype(int)
    opacity = np.frombuffer(chunks[b"tRNS"], np.uint8).astype(int)
    n = len(seen.levels) + 1
    assert (places % n == seen.bands).all()
    assert (np.diff(opacity[:n]) > 0).all()
    assert (opacity[n:] > opacity[:n]).all()
    lined = places >= n
    below_or_right = np.zeros_like(lined)
    below_or_right[:, :-1] |= seen.bands[:, :-1] != seen.bands[:, 1:]
    below_or_right[:-1] |= seen.bands[:-1] != seen.bands[1:]
    assert (lined == below_or_right).all()
    assert 0.02 < lined.mean() < 0.8
