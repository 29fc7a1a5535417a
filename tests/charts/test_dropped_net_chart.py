"""The network under dropout: crossed out where a unit is dropped, and no edge from it or to it."""

from dataclasses import replace
from itertools import pairwise

import pytest

from engine import dropped
from engine.dropped import DropoutNet
from pages.shared.charts import dropped_net, wiring
from pages.shared.charts.network import unit_name
from pages.shared.charts.theme import HIGHLIGHT, MUTED, VALUE
from pages.shared.numbers import plain


def drawn(config, which, gradients=True):
    trace = dropped.passed(config, which)
    units = dropped.units(trace)
    found = dropped_net.data(config, trace, units, plain, gradients=gradients, dropped="off")
    return trace, units, found["nodes"].to_dict("records"), found["edges"].to_dict("records")


@pytest.mark.parametrize("network", ["one", "two"])
@pytest.mark.parametrize("which", [1, 2, 4, 9])
def test_dropped_units_are_crossed_out_and_their_edges_are_gone(network, which):
    config = DropoutNet(network, seed=2)
    _trace, units, nodes, edges = drawn(config, which)
    assert len(nodes) == sum(config.sizes)
    hidden = nodes[config.sizes[0] : -1]
    for node, unit in zip(hidden, units, strict=True):
        assert node["symbol"] == (unit_name(unit.layer, unit.unit - 1) if unit.kept else "✕")
        assert node["role"] == (VALUE if unit.kept else MUTED)
        before, after = plain(unit.a), plain(unit.passed)
        shown = f"{before} → {after}" if before != after else before
        assert (node["value"], node["name"]) == ((shown, "") if unit.kept else ("", shown))
        assert node["gradient"] == f"∂ {plain(unit.gradient)}"
        assert ("off" in node["detail"]) == (not unit.kept)
    kept = [config.sizes[0], *(sum(u.kept for u in units if u.layer == n + 1) for n in range(len(config.sizes) - 2)), 1]
    assert len(edges) == sum(a * b for a, b in pairwise(kept))
    gone = {(node["x"], node["y"]) for node in hidden if node["symbol"] == "✕"}
    assert not gone & {(edge["x"], edge["y"]) for edge in edges}
    assert not gone & {(edge["x2"], edge["y2"]) for edge in edges}


def test_in_evaluation_all_units_and_edges_are_there():
    config = DropoutNet(seed=2)
    trace, _units, nodes, edges = drawn(config, None, gradients=False)
    assert len(edges) == 2 * 4 + 4 * 4 + 4
    assert {node["role"] for node in nodes} == {VALUE, HIGHLIGHT}
    assert {node["gradient"] for node in nodes} == {""}
    assert nodes[-1]["value"] == plain(trace.a[-1][0, 0])
    assert not [node for node in nodes if "→" in node["value"]]  # the same number goes in and on
    *_rest, nodes, _edges = drawn(replace(config, kind="classic"), None, gradients=False)
    assert len([node for node in nodes if "→" in node["value"]]) == config.units


def test_an_edge_tells_its_weight_and_gradient():
    trace, units, _nodes, edges = drawn(DropoutNet("one", seed=2), 1)
    first = next(place for place, unit in enumerate(units) if unit.kept)
    assert edges[0]["detail"] == f"W {plain(trace.W[0][0, first])}   ∂ {plain(trace.dW[0][0, first])}"


def test_the_nodes_fit_the_rows_of_the_picture():
    for network in ("one", "two"):
        _trace, _units, nodes, _edges = drawn(DropoutNet(network), 1)
        low, high = wiring.spec(4)["layer"][2]["encoding"]["y"]["scale"]["domain"][::-1]
        assert all(low <= node["y"] <= high for node in nodes)
