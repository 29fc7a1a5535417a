"""The planes and the wiring of three units: the engine's numbers at their places."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from engine.gate_network import HIGH, LOW, NOTE_001, OR_AND_NAND, GateNetwork, evaluate, picture
from engine.gates import POINTS
from pages.shared import numbers
from pages.shared.charts import gate_network as chart
from pages.shared.charts import image, plane, wiring
from pages.shared.charts.theme import CLASS_0, CLASS_1, HIGHLIGHT

SOFT = replace(OR_AND_NAND, kind="sigmoid")
NETWORKS = (NOTE_001, OR_AND_NAND, SOFT)
plain = partial(numbers.plain, digits=4)
each_network = pytest.mark.parametrize("network", NETWORKS, ids=range(3))


def drawn(network, chosen=1):
    result, planes = evaluate(network), picture(network)
    return result, planes, chart.input_plane(result, planes, chosen), chart.hidden_plane(result, planes, chosen)


@each_network
def test_points_stand_at_the_inputs_and_where_they_are_moved(network):
    result, _planes, inputs, hidden = drawn(network)
    assert inputs["points"][["x", "y"]].to_numpy() == pytest.approx(POINTS)
    assert hidden["points"][["x", "y"]].to_numpy() == pytest.approx(result.hidden)
    for data in inputs, hidden:
        assert data["points"]["role"].tolist() == [CLASS_0, CLASS_1, CLASS_1, CLASS_0]
        assert data["points"]["rim"].tolist() == ["", HIGHLIGHT, "", ""]


def test_two_inputs_on_one_point_share_a_label():
    _result, _planes, inputs, hidden = drawn(NOTE_001)
    assert inputs["points"]["label"].tolist() == ["00", "01", "10", "11"]
    assert hidden["points"]["label"].tolist() == ["00", "", "01, 10", "11"]


def test_wrong_answers_are_marked():
    _result, _planes, inputs, hidden = drawn(SOFT)
    assert inputs["points"]["label"].tolist() == ["00", "01 ✗", "10 ✗", "11"]
    assert hidden["points"]["label"].tolist() == ["00", "", "01 ✗, 10 ✗", "11"]


@each_network
def test_the_lines_are_the_engines(network):
    _result, planes, inputs, hidden = drawn(network)
    ends = inputs["lines"][["x", "y", "x2", "y2"]].to_numpy().reshape(-1, 2, 2)
    assert ends == pytest.approx(np.array([line.ends for line in planes.hidden_lines]))
    assert inputs["lines"]["dash"].tolist() == ["solid", "dashed"]
    assert hidden["lines"][["x", "y", "x2", "y2"]].to_numpy().reshape(2, 2) == pytest.approx(planes.output_line.ends)


@each_network
def test_arrows_point_to_where_a_unit_fires(network):
    _result, _planes, inputs, hidden = drawn(network)
    for unit, arrow in enumerate(inputs["arrows"].to_dict("records")):
        W, b = np.array(network.W1)[:, unit], network.b1[unit]
        assert np.dot((arrow["x"], arrow["y"]), W) + b == pytest.approx(0, abs=1e-9)
        assert np.dot((arrow["x2"], arrow["y2"]), W) + b > 0
    (arrow,) = hidden["arrows"].to_dict("records")
    assert np.dot((arrow["x2"], arrow["y2"]), network.W2) + network.b2 > 0


def test_a_unit_without_a_line_has_none():
    network = GateNetwork(((0, 1), (0, 1)), (1, -0.5), (1, 1), 90)
    _result, _planes, inputs, hidden = drawn(network)
    assert (len(inputs["lines"]), len(inputs["arrows"])) == (1, 1)
    assert (len(hidden["lines"]), len(hidden["arrows"])) == (0, 0)


@each_network
def test_the_fields_are_the_engines(network):
    _result, planes, inputs, hidden = drawn(network)
    assert inputs["field"]["uri"].tolist() == [image.uri(planes.output)]
    assert hidden["field"]["uri"].tolist() == [image.uri(planes.hidden)]
    assert inputs["field"][["x", "y", "x2", "y2"]].to_numpy().tolist() == [[LOW, LOW, HIGH, HIGH]]


def test_spots():
    assert chart.spots(np.zeros((4, 2))) == [[0, 1, 2, 3]]
    assert chart.spots(POINTS) == [[0], [1], [2], [3]]
    assert chart.spots(np.array([(0, 0), (1, 1), (0.05, 0), (0.2, 0)])) == [[0, 2], [1], [3]]


def test_the_spec_does_not_know_the_data():
    spec = plane.spec("x₁", "x₂", low=LOW, high=HIGH, side=chart.SIDE, value_title="ŷ")
    assert spec is plane.spec("x₁", "x₂", low=LOW, high=HIGH, side=chart.SIDE, value_title="ŷ")
    titles = {layer["encoding"][axis].get("title") for layer in spec["layer"] for axis in "xy"}
    assert titles == {"x₁", "x₂"}


@pytest.mark.parametrize("colour_bar", [True, False])
def test_the_colour_bar_is_there_where_it_is_asked_for(colour_bar):
    spec = plane.spec("a", "b", side=200, value_title="ŷ", colour_bar=colour_bar)
    bars = [layer["encoding"]["color"]["legend"] for layer in spec["layer"] if _is_scaled(layer)]
    assert [bar and (bar["title"], bar["gradientLength"]) for bar in bars] == [("ŷ", 180) if colour_bar else None]


def _is_scaled(layer: dict) -> bool:
    return layer["encoding"].get("color", {}).get("type") == "quantitative"


# The wiring


@each_network
@pytest.mark.parametrize("row", range(4))
def test_nodes_show_the_chosen_input_and_each_units_gate(network, row):
    result = evaluate(network)
    nodes = chart.network(network, result, row, plain)["nodes"].to_dict("records")
    assert [node["symbol"] for node in nodes] == ["x₁", "x₂", "h₁", "h₂", "ŷ"]
    shown = [*POINTS[row], *result.hidden[row], result.output[row]]
    assert [node["value"] for node in nodes] == [plain(value) for value in shown]
    gates = (*result.gates, result.output_gate)
    biases = (*network.b1, network.b2)
    assert [node["name"] for node in nodes[2:]] == [
        f"{gate.name}   b {plain(bias)}" for gate, bias in zip(gates, biases, strict=True)
    ]


@each_network
def test_edges_carry_the_weights(network):
    data = chart.network(network, evaluate(network), 0, plain)
    symbol = {(node["x"], node["y"]): node["symbol"] for node in data["nodes"].to_dict("records")}
    found = {
        (symbol[edge["x"], edge["y"]], symbol[edge["x2"], edge["y2"]]): edge["value"]
        for edge in data["edges"].to_dict("records")
    }
    expected = {
        (f"x{'₁₂'[i]}", f"h{'₁₂'[j]}"): plain(network.W1[i][j]) for i in (0, 1) for j in (0, 1)
    } | {(f"h{'₁₂'[j]}", "ŷ"): plain(network.W2[j]) for j in (0, 1)}  # fmt: skip
    assert found == expected


def test_the_wiring_fits_its_spec():
    data = chart.network(NOTE_001, evaluate(NOTE_001), 0, plain)
    assert set(data) == {"nodes", "edges"}
    assert data["nodes"]["y"].between(0, 1).all()
    assert wiring.spec(2)["height"] == 2 * wiring.ROW
