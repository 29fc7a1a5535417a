"""Losses over a floor, and the wall of gates: what is drawn is what was given."""

import numpy as np
import pytest

from engine.gates import GATES, POINTS, gate
from engine.perceptron import decision_line, evaluate
from engine.separability import separability
from pages.shared.charts import floor, wall
from pages.shared.charts.theme import CLASS_0, CLASS_1, HIGHLIGHT, MUTED, ROLES
from tests.specs import walk

UPDATES = np.arange(0, 401, 2)
RNG = np.random.default_rng(0)


def curves(runs, end):
    return end + np.exp(-UPDATES / 60) * RNG.uniform(0.1, 0.5, (runs, 1))


# ---------------------------------------------------------------- losses over a floor


def test_one_curve_a_group_is_drawn_whole():
    groups = {"XOR": curves(1, 0.25), "AND": curves(1, 0.0)}
    data = floor.data(UPDATES, groups, 0.25, "floor: 0.25")
    for name, losses in groups.items():
        drawn = data["curves"][data["curves"]["series"] == name]
        np.testing.assert_array_equal(drawn["x"], UPDATES)
        np.testing.assert_array_equal(drawn["y"], losses[0])
        assert drawn["run"].nunique() == 1
    assert data["floor"].to_dict("records") == [{"x": 400.0, "y": 0.25, "label": "floor: 0.25"}]
    ends = data["ends"].to_dict("records")
    assert [(end["x"], end["label"]) for end in ends] == [(400.0, "XOR"), (400.0, "AND")]
    assert [end["y"] for end in ends] == [losses[0, -1] for losses in groups.values()]


def test_the_groups_differ_by_more_than_colour():
    drawn = floor.data(UPDATES, {"XOR": curves(1, 0.25), "AND": curves(1, 0)}, 0.25, "")["curves"]
    assert drawn.groupby("series")["dash"].unique().str[0].to_dict() == {"XOR": "solid", "AND": "dashed"}
    assert drawn["role"].nunique() == 2
    assert set(drawn["role"]) <= set(ROLES)


def test_of_many_runs_the_lowest_and_the_highest_are_drawn():
    losses = curves(300, 0.25)
    drawn = floor.data(UPDATES, {"XOR": losses, "AND": curves(300, 0.0)}, 0.25, "")["curves"]
    assert len(drawn) <= floor.MAX_NUMBERS
    xor = drawn[drawn["series"] == "XOR"]
    assert xor["run"].nunique() == floor.MAX_CURVES
    final = xor[xor["x"] == 400]["y"]
    assert (final.min(), final.max()) == (losses[:, -1].min(), losses[:, -1].max())
    assert set(xor[xor["x"] == 0]["y"]) <= set(losses[:, 0])
    assert {0, 400} <= set(xor["x"])
    for _run, own in xor.groupby("run"):
        (row,) = np.flatnonzero(losses[:, 0] == own["y"].iloc[0])
        np.testing.assert_array_equal(own["y"], losses[row, np.searchsorted(UPDATES, own["x"])])


def test_names_at_one_place_become_one():
    together = floor.data(UPDATES, {"XOR": curves(1, 0.25), "XNOR": curves(1, 0.25)}, 0.25, "")["ends"]
    assert together["label"].tolist() == ["XOR, XNOR"]
    apart = floor.data(UPDATES, {"XOR": curves(1, 0.25), "AND": curves(1, 0.1)}, 0.25, "")["ends"]
    assert apart["label"].tolist() == ["XOR", "AND"]


def test_a_run_without_updates_is_a_point():
    data = floor.data(np.array([0]), {"XOR": np.array([[0.3]]), "AND": np.array([[0.4]])}, 0.25, "")
    assert data["curves"]["y"].tolist() == [0.3, 0.4]


def test_the_axes_have_titles_and_the_data_names():
    spec = floor.spec("Updates", "Loss")
    titles = {(name, part[name]["title"]) for part in walk(spec) for name in "xy" if "title" in part.get(name, {})}
    assert titles == {("x", "Updates"), ("y", "Loss")}
    names = {part["data"]["name"] for part in walk(spec) if "data" in part}
    assert names == set(floor.data(UPDATES, {"XOR": curves(1, 0.2)}, 0.25, ""))
    assert floor.spec("Updates", "Loss") is spec
    assert floor.spec("Updates", "Loss", 400)["height"] == 400


# ---------------------------------------------------------------- the wall


def cells():
    found = []
    for g in GATES.values():
        proof = separability(POINTS, g.target)
        line = decision_line(proof.weights, proof.bias) if proof.separable else None
        found.append(wall.Cell(g.name, g.outputs, line))
    return found


@pytest.fixture(scope="module")
def drawn():
    return wall.data(cells(), "a line", "no line")


def test_every_gate_has_its_frame_its_points_and_its_name(drawn):
    assert len(drawn["frames"]) == len(drawn["names"]) == 16
    assert len(drawn["points"]) == 64
    corners = {(row["x"], row["y"]) for row in drawn["frames"].to_dict("records")}
    assert len(corners) == 16
    for place, g in enumerate(GATES.values()):
        own = drawn["points"].iloc[4 * place : 4 * place + 4]
        assert own["role"].tolist() == [CLASS_1 if output else CLASS_0 for output in g.outputs]
        assert own["shape"].tolist() == ["circle" if output else "square" for output in g.outputs]
        frame = drawn["frames"].iloc[place]
        inside = own[["x", "y"]].to_numpy() - frame[["x", "y"]].to_numpy(float)
        np.testing.assert_allclose(inside, (POINTS + 0.5) / 2)
        assert drawn["names"]["label"][place].replace("\n", " ").removeprefix("✗ ").startswith(g.name)


def test_the_two_without_a_line_are_marked_by_more_than_colour(drawn):
    frames = drawn["frames"]
    marked = [code for code, role in zip(GATES, frames["role"], strict=True) if role == HIGHLIGHT]
    assert marked == ["xor", "xnor"]
    assert set(frames["role"]) == {HIGHLIGHT, MUTED}
    assert frames.loc[frames["role"] == HIGHLIGHT, "width"].min() > frames.loc[frames["role"] == MUTED, "width"].max()
    bold = drawn["names"][drawn["names"]["bold"]]["label"].tolist()
    assert bold == ["✗ XOR\nno line", "✗ XNOR\nno line"]


def test_each_line_is_the_engines_and_parts_the_points(drawn):
    """Twelve gates have a line; FALSE and TRUE need none, XOR and XNOR have none."""
    assert len(drawn["lines"]) == 12
    with_line = [code for code in GATES if code not in ("false", "true", "xor", "xnor")]
    for code, line in zip(with_line, drawn["lines"].to_dict("records"), strict=True):
        place = list(GATES).index(code)
        frame = drawn["frames"].iloc[place]
        (px, py), (qx, qy) = (
            (2 * (line[x] - frame["x"]) - 0.5, 2 * (line[y] - frame["y"]) - 0.5) for x, y in (("x", "y"), ("x2", "y2"))
        )
        proof = separability(POINTS, gate(code).target)
        result = evaluate(proof.weights, proof.bias, [(px, py), (qx, qy)], [0, 0])
        np.testing.assert_allclose(result.z, 0, atol=1e-12)


def test_the_shaded_side_holds_the_ones(drawn):
    regions = drawn["regions"]
    assert set(regions["cell"]) == {place for place, code in enumerate(GATES) if code not in ("false", "xor", "xnor")}
    for place, own in regions.groupby("cell"):
        polygon = own.sort_values("order")[["x", "y"]].to_numpy()
        for (x, y), output in zip(
            drawn["points"].iloc[4 * place : 4 * place + 4][["x", "y"]].to_numpy(),
            list(GATES.values())[place].outputs,
            strict=True,
        ):
            following = np.roll(polygon, -1, axis=0)
            left = (following - polygon)[:, 0] * (y - polygon[:, 1]) - (following - polygon)[:, 1] * (x - polygon[:, 0])
            assert bool((left > 0).all()) == bool(output)


def test_everything_lies_within_the_picture(drawn):
    spec = wall.spec(16)
    scales = {
        name: part[name]["scale"]["domain"] for part in walk(spec) for name in "xy" if "scale" in part.get(name, {})
    }
    for name, (low, high) in scales.items():
        for frame in drawn.values():
            assert frame[name].between(low, high).all()
    assert {part["data"]["name"] for part in walk(spec) if "data" in part} == set(drawn)
    assert wall.spec(16) is spec
