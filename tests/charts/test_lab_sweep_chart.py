"""The pictures of a sweep hold its runs; what has diverged is counted at the edge, and specs do not depend on it."""

import json
from dataclasses import replace

import numpy as np
import pytest

from engine.lab_presets import PRESETS
from engine.lab_sweep import SweepConfig, run
from engine.sweep_reading import joined
from pages.shared.charts import lab_sweep
from tests.specs import walk

DETAIL = "{label}: {n}, {diverged}"
LABELS = ("0.05", "0.5", "50")


@pytest.fixture(scope="module")
def result():
    config = SweepConfig(PRESETS["plane"], "rate", (0.05, 0.5, 50.0), 6, 40)
    return joined(config, [run(block) for block in config.blocks])


@pytest.mark.parametrize("measure", ["test_loss", "train_loss", "test_score"])
def test_the_runs_are_the_results(result, measure):
    low, high = domain = lab_sweep.ends(result, measure)
    data = lab_sweep.data(result, measure, LABELS, domain, 0.1, DETAIL)
    final, band = result.final(measure), result.band(measure)
    for place in (0, 1):
        rows = data["runs"][data["runs"]["label"] == LABELS[place]]
        assert rows["y"].tolist() == pytest.approx(np.clip(final[place], low, high))
        assert rows["seed"].tolist() == [str(seed) for seed in result.config.seeds]
        assert rows["x"].between(place - 0.5, place + 0.5).all()
        assert rows["x"].is_monotonic_increasing
    medians = data["medians"]
    assert medians["y"][:2].tolist() == pytest.approx(band.median[:2].clip(low, high))
    assert medians["low"][:2].tolist() == pytest.approx(band.low[:2].clip(low, high))
    assert medians["high"][:2].tolist() == pytest.approx(band.high[:2].clip(low, high))
    worst = high if measure.endswith("loss") else low
    assert medians["y"][2] == worst
    assert data["edge"].to_dict("records") == [{"x": 2, "n": "6×", "detail": "50: 6, 6"}]
    assert data["best"]["x"].tolist() == [result.order(measure)[0]]
    assert data["goal"]["y"].tolist() == ([0.1] if low <= 0.1 <= high else [])


def test_the_ends_are_round_and_hold_the_runs(result):
    low, high = lab_sweep.ends(result, "test_loss")
    assert float(f"{low:.0e}") == low
    assert float(f"{high:.0e}") == high
    finite = result.final("test_loss")[:2]
    assert (finite >= low).all()
    assert (finite <= high).all()
    assert lab_sweep.ends(result, "test_score")[1] == 1.0
    lost = replace(result, curves={name: np.full_like(part, np.nan) for name, part in result.curves.items()})
    assert lab_sweep.ends(lost, "test_score") == (0.0, 1.0)
    low, high = lab_sweep.ends(lost, "test_loss")
    assert 0 < low < high < np.inf


def test_all_data_are_finite(result):
    for measure in result.measures:
        domain = lab_sweep.ends(result, measure)
        for frame in lab_sweep.data(result, measure, LABELS, domain, 1.0, DETAIL).values():
            assert np.isfinite(frame.select_dtypes("number").to_numpy()).all()


def test_the_curves_are_medians_and_middle_halves(result):
    low, high = domain = lab_sweep.ends(result, "train_loss")
    data = lab_sweep.curves_data(result, "train_loss", {"0.05": 0, "50": 2}, domain)["series"]
    band, first = result.curve("train_loss"), data[data["series"] == "0.05"]
    assert first["x"].tolist() == result.at.tolist()
    assert first["y"].tolist() == pytest.approx(band.median[0].clip(low, high))
    assert first["low"].tolist() == pytest.approx(band.low[0].clip(low, high))
    assert first["high"].tolist() == pytest.approx(band.high[0].clip(low, high))
    gone = data[data["series"] == "50"]  # a line that ends where half of the runs have diverged
    assert len(gone) == np.isfinite(band.median[2]).sum() < len(first)


@pytest.mark.parametrize("connected", [True, False])
@pytest.mark.parametrize("log", [True, False])
def test_specs_name_their_data_and_titles(log, connected):
    options = {"log": log, "connected": connected, "seed_title": "Seed"}
    spec = lab_sweep.spec(LABELS, ("Learning rate η", "test loss"), (0.01, 1.0), **options)
    assert spec is lab_sweep.spec(LABELS, ("Learning rate η", "test loss"), (0.01, 1.0), **options)
    assert {layer["data"]["name"] for layer in spec["layer"]} == {"medians", "runs", "best", "goal", "edge"}
    channels = [layer["encoding"] for layer in spec["layer"]]
    assert {one["x"]["title"] for one in channels if "x" in one} == {"Learning rate η"}
    assert {one["y"]["title"] for one in channels if "title" in one.get("y", {})} == {"test loss"}
    assert [part for part in walk(spec) if part.get("type") == "log"] != [] or not log
    names = next(one["x"]["axis"]["labelExpr"] for one in channels if "x" in one)
    assert json.loads(names.removesuffix("[datum.value]")) == list(LABELS)
    marks = {layer["mark"]["type"] for layer in spec["layer"]}
    assert ({"line", "area"} <= marks) == connected


def test_long_names_are_tilted():
    short = lab_sweep.spec(("1", "2"), ("a", "b"), (0.1, 1.0), log=True, connected=True, seed_title="Seed")
    long = lab_sweep.spec(("Xavier N",) * 6, ("a", "b"), (0.1, 1.0), log=True, connected=False, seed_title="Seed")
    angles = [one["layer"][1]["encoding"]["x"]["axis"]["labelAngle"] for one in (short, long)]
    assert angles[0] == 0 != angles[1]
