"""The straight and the bent boundary: the engine's segments, field and outputs."""

import numpy as np
import pytest

from engine.gates import POINTS
from engine.linear_stack import HIGH, LOW, StackConfig, random_stack, study
from pages.shared.charts import image
from pages.shared.charts import linear_stack as chart
from pages.shared.charts.theme import CLASS_0, CLASS_1

RESULT = study(StackConfig(random_stack(3, 3, 37)))
PARTS = {
    "straight": (RESULT.straight_field, RESULT.straight_boundary, RESULT.stack),
    "bent": (RESULT.bent_field, RESULT.bent_boundary, RESULT.bent),
}
each_plane = pytest.mark.parametrize("name", PARTS)


@each_plane
def test_the_boundary_is_the_engines(name):
    _field, boundary, _outputs = PARTS[name]
    lines = chart.data(*PARTS[name])["lines"]
    assert lines[["x", "y", "x2", "y2"]].to_numpy().reshape(-1, 2, 2) == pytest.approx(boundary)


@each_plane
def test_the_field_is_the_engines(name):
    field = chart.data(*PARTS[name])["field"]
    assert field["uri"].tolist() == [image.uri(PARTS[name][0])]
    assert field[["x", "y", "x2", "y2"]].to_numpy().tolist() == [[LOW, LOW, HIGH, HIGH]]


@each_plane
def test_the_points_are_xors(name):
    points = chart.data(*PARTS[name])["points"]
    assert points[["x", "y"]].to_numpy() == pytest.approx(POINTS)
    assert points["role"].tolist() == [CLASS_0, CLASS_1, CLASS_1, CLASS_0]
    assert points["label"].tolist() == list(chart.NAMES)
    assert points["detail"].tolist() == [
        f"{name}: z {z:.4g}" for name, z in zip(chart.NAMES, PARTS[name][2], strict=True)
    ]


def test_no_boundary_is_no_line():
    data = chart.data(RESULT.bent_field, np.zeros((0, 2, 2)), RESULT.bent)
    assert len(data["lines"]) == 0
