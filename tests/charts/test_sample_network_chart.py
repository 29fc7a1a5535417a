"""The network with one sample in it: each node's bias and activation, each edge's weight."""

import pytest

from engine.lab import run
from engine.lab_inside import follow, moment
from engine.lab_presets import PRESETS
from pages.shared.charts import sample_network as picture
from pages.shared.charts.theme import GRADIENT, VALUE


@pytest.fixture(scope="module")
def passage():
    config = PRESETS["three"]
    return follow(moment(config, run(config), 30), (0.0, 1.0), 1)


def test_nodes_and_edges_hold_every_number(passage):
    data = picture.data(passage, ["x₁", "x₂"], repr)
    nodes, edges = data["nodes"], data["edges"]
    assert nodes["value"].tolist() == [
        repr(value) for values in (passage.fed, *(layer.a for layer in passage.layers)) for value in values.tolist()
    ]
    assert nodes["name"].tolist()[2:] == [f"b {b!r}" for layer in passage.layers for b in layer.b.tolist()]
    assert nodes["symbol"].tolist() == ["x₁", "x₂", "a₁⁽¹⁾", "a₂⁽¹⁾", "a₃⁽¹⁾", "a₁⁽²⁾"]
    weights = [w for layer in passage.layers for w in layer.W.T.ravel().tolist()]
    assert edges["value"].tolist() == list(map(repr, weights))
    assert edges["role"].tolist() == [VALUE if w >= 0 else GRADIENT for w in weights]
    assert edges["detail"][0] == f"x₁ → a₁⁽¹⁾   W = {weights[0]!r}"
    heaviest = max(range(len(weights)), key=lambda place: abs(weights[place]))
    heaviest_of_layer = edges["width"].idxmax()
    assert heaviest_of_layer == heaviest
    assert edges["width"].max() == picture.THICKEST


def test_edges_lead_from_node_to_node(passage):
    data = picture.data(passage, ["x₁", "x₂"], repr)
    places = set(zip(data["nodes"]["x"], data["nodes"]["y"], strict=True))
    for edge in data["edges"].itertuples():
        assert {(edge.x, edge.y), (edge.x2, edge.y2)} <= places
        assert edge.x2 == edge.x + 1


def test_what_fits():
    assert picture.fits((2, 5, 5, 1))
    assert not picture.fits((2, 10, 1))
    assert picture.width((2, 4, 2, 1)) >= 500
