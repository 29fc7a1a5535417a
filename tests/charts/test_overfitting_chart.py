"""The pictures of overfitting hold the result's arrays; their specs do not depend on them."""

from dataclasses import replace

import numpy as np
import pytest

from engine.overfitting import OverfittingConfig, Regularizer
from engine.overfitting_study import CENTERS, field, fit, study
from pages.shared.charts import overfitting
from tests.specs import walk

CONFIG = OverfittingConfig(data="circles", noise=0.2, width=6, learning_rate=0.02, epochs=40)


@pytest.fixture(scope="module")
def outcomes():
    return {"none": study(CONFIG, Regularizer()), "patience 5": study(CONFIG, Regularizer("early_stopping", 5))}


@pytest.mark.parametrize("which", ["train", "validation"])
def test_losses_are_medians_and_quartiles_up_to_the_edge(outcomes, which):
    upper = overfitting.top(outcomes)
    data = overfitting.losses_data(outcomes, which, 10, upper)
    for label, outcome in outcomes.items():
        rows = data["series"][data["series"]["series"] == label]
        values = getattr(outcome, which)
        assert rows["x"].tolist() == list(CONFIG.at)
        assert rows["y"].to_numpy() == pytest.approx(np.minimum(np.median(values, axis=0), upper))
        assert rows["low"].to_numpy() == pytest.approx(np.minimum(np.quantile(values, 0.25, axis=0), upper))
        assert rows["high"].to_numpy() == pytest.approx(np.minimum(np.quantile(values, 0.75, axis=0), upper))
    assert data["at"]["x"].tolist() == [10]


def test_stops_stand_beside_the_validation_loss(outcomes):
    stopped = outcomes["patience 5"]
    ran = stopped.stopped_at >= 0
    assert ran.any()
    stops = overfitting.losses_data(outcomes, "validation", 10, 5.0)["stops"]
    assert stops["x"].tolist() == stopped.best_epoch[ran].tolist()
    assert stops["x2"].tolist() == stopped.stopped_at[ran].tolist()
    assert stops["y"].tolist() == stopped.best_loss[ran].tolist()
    assert set(stops["series"]) == {"patience 5"}
    assert overfitting.losses_data(outcomes, "train", 10, 5.0)["stops"].empty


def test_the_edge_is_above_the_medians_and_never_without_bound(outcomes):
    first = outcomes["none"]
    for loss, edge in ((0.4, 0.5), (0.6, 1.0), (4.0, 5.0), (40.0, 5.0), (np.inf, 0.5)):
        flat = replace(first, train=np.full(first.train.shape, loss), validation=np.full(first.validation.shape, loss))
        assert overfitting.top({"a": flat}) == edge


def test_specs_name_their_data_and_titles():
    spec = overfitting.losses_spec(("a", "b"), "epochs", "validation loss", 2.0)
    assert spec is overfitting.losses_spec(("a", "b"), "epochs", "validation loss", 2.0)
    assert {layer["data"]["name"] for layer in spec["layer"]} == {"series", "at", "stops"}
    assert spec["layer"][0]["encoding"]["x"]["title"] == "epochs"
    assert spec["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0.0, 2.0]
    assert any(part.get("legend") for part in walk(spec))
    bare = overfitting.losses_spec(("a", "b"), "epochs", "validation loss", 2.0, False)
    assert not any(part.get("legend") for part in walk(bare))


def test_a_boundary_shows_the_field_under_the_samples_of_its_square(outcomes):
    parameters = outcomes["none"].moment(0, 40).parameters
    points = overfitting.sample_points("circles", CONFIG.samples)
    inside = (np.abs(CONFIG.samples.X) <= 2).all(axis=1)
    assert points["x"].tolist() == CONFIG.samples.X[inside, 0].tolist()
    assert (points["shape"] == "circle").sum() == CONFIG.samples.y[inside].sum()
    assert overfitting.n_outside("circles", CONFIG.samples) == (~inside).sum()
    far = OverfittingConfig(data="circles", noise=1.0).samples
    assert overfitting.n_outside("circles", far) == len(far) - len(overfitting.sample_points("circles", far)) > 0
    values = field(CONFIG, parameters, *overfitting.SQUARES["circles"])
    data = overfitting.boundary_data("circles", values, points)
    assert data["field"].iloc[0][["x", "y", "x2", "y2"]].tolist() == [-2.0, -2.0, 2.0, 2.0]
    assert data["field"].iloc[0]["uri"].startswith("data:image/png")
    assert overfitting.boundary_spec("circles") is overfitting.boundary_spec("circles")


def test_a_fit_is_drawn_with_its_curve_and_samples():
    config = OverfittingConfig(data="curve", n_samples=20, width=6, epochs=20)
    x, outputs, curve = fit(config, study(config, Regularizer()).moment(0, 20).parameters)
    data = overfitting.fit_data(x, outputs, curve, config.samples)
    assert data["fit"]["y"].tolist() == outputs.tolist()
    assert data["truth"]["y"].tolist() == curve.tolist()
    assert data["points"]["y"].tolist() == config.samples.y[:, 0].tolist()
    names = {part["data"]["name"] for part in walk(overfitting.fit_spec("x", "y")) if "name" in part.get("data", {})}
    assert names == {"fit", "truth", "points"}


def test_weights_are_per_cent_of_all(outcomes):
    data = overfitting.weights_data(outcomes)["series"]
    for label, outcome in outcomes.items():
        rows = data[data["series"] == label]
        assert rows["x"].tolist() == list(CENTERS)
        assert rows["y"].sum() == pytest.approx(100 * (1 - outcome.outside))
