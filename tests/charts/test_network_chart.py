"""The picture of a network: every number of the trace at its unit or edge, no sooner than it is known."""

from dataclasses import replace
from functools import cache, partial

import numpy as np
import pytest

from engine.activations import Sigmoid
from engine.examples import CHAIN, CLASSIC, XOR
from engine.experiment import Experiment, explain, random_start
from engine.losses import HalfSquaredError
from engine.walkthrough import steps
from pages.shared import numbers
from pages.shared.charts import network as picture
from pages.shared.charts.theme import GRADIENT, HIGHLIGHT, MUTED, VALUE

plain = partial(numbers.plain, digits=5)
LARGE = Experiment(
    (4, 3, 4),
    (Sigmoid(), Sigmoid()),
    random_start((4, 3, 4)),
    ((1.0, 0.0, 1.0, 0.5),),
    ((1.0, 0.0, 1.0, 0.5),),
    HalfSquaredError("sum"),
    0.5,
)
EXPERIMENTS = {"chain": CHAIN, "classic": CLASSIC, "xor": XOR, "large": LARGE}
explained = cache(explain)
each = pytest.mark.parametrize("name", EXPERIMENTS)


def drawn(experiment, done, sample=0):
    explanation = explained(experiment)
    order = steps(experiment.sizes, experiment.learn_biases)
    data = picture.data(experiment, explanation, order[:done], sample, plain)
    units = [(layer, unit) for layer, count in enumerate(experiment.sizes) for unit in range(count)]
    nodes = dict(zip(units, data["nodes"].to_dict("records"), strict=True))
    weights = [
        (layer, source, unit)
        for layer, (fan_in, fan_out) in enumerate(experiment.architecture.fans)
        for source in range(fan_in)
        for unit in range(fan_out)
    ]
    edges = dict(zip(weights, data["edges"].to_dict("records"), strict=True))
    return explanation.trace, nodes, edges, order


# Numbers


@each
@pytest.mark.parametrize("last", [True, False])
def test_at_the_end_every_number_is_the_traces(name, last):
    experiment = EXPERIMENTS[name]
    sample = len(experiment.X) - 1 if last else 0
    trace, nodes, edges, _order = drawn(experiment, None, sample)
    for (layer, unit), node in nodes.items():
        assert node["value"] == plain(trace.a[layer][sample, unit])
        if layer:
            assert node["gradient"] == f"δ {plain(trace.dz[layer - 1][sample, unit])}"
    for (layer, source, unit), edge in edges.items():
        assert f"W {plain(trace.W[layer][source, unit])}" in edge["detail"]
        assert f"∂ {plain(trace.dW[layer][source, unit])}" in edge["detail"]
        if np.size(trace.W[layer]) <= picture.CROWDED:
            assert edge["value"] == plain(trace.W[layer][source, unit])
            assert edge["gradient"] == plain(trace.dW[layer][source, unit])


@each
def test_nothing_is_shown_before_it_is_known(name):
    experiment = EXPERIMENTS[name]
    total = len(steps(experiment.sizes, experiment.learn_biases))
    for done in range(total + 1):
        trace, nodes, edges, order = drawn(experiment, done)
        seen = {(s.kind, s.layer, s.unit, s.source) for s in order[:done]}
        for (layer, unit), node in nodes.items():
            if layer == 0:
                assert (node["value"], node["gradient"]) == (plain(experiment.X[0][unit]), "")
                continue
            z, a = (trace.z[layer - 1][0, unit], trace.a[layer][0, unit])
            known = ("activation", layer - 1, unit, -1) in seen
            begun = ("pre_activation", layer - 1, unit, -1) in seen
            assert node["value"] == (plain(a) if known else f"z {plain(z)}" if begun else "")
            assert bool(node["gradient"]) == (("delta", layer - 1, unit, -1) in seen)
        for (layer, source, unit), edge in edges.items():
            has_gradient = ("weight_gradient", layer, unit, source) in seen
            assert ("∂" in edge["detail"]) == has_gradient
            assert has_gradient or not edge["gradient"]


@each
def test_roles_of_units(name):
    experiment = EXPERIMENTS[name]
    for done in range(0, len(steps(experiment.sizes, experiment.learn_biases)) + 1, 2):
        _trace, nodes, _edges, _order = drawn(experiment, done)
        for node in nodes.values():
            known = node["value"] and not node["value"].startswith("z")
            assert node["role"] in (GRADIENT if node["gradient"] else VALUE if known else MUTED, HIGHLIGHT)


@each
def test_what_is_computed_is_ringed(name):
    experiment = EXPERIMENTS[name]
    order = steps(experiment.sizes, experiment.learn_biases)
    for done in range(len(order) + 1):
        _trace, nodes, edges, _order = drawn(experiment, done)
        ringed = {at for at, node in nodes.items() if node["role"] == HIGHLIGHT}
        bold = {at for at, edge in edges.items() if edge["role"] == HIGHLIGHT}
        step = order[done - 1] if done else None
        if step is None or step.kind == "loss":
            assert (ringed, bold) == (set(), set())
        elif step.source >= 0:
            assert (ringed, bold) == (set(), {(step.layer, step.source, step.unit)})
        else:
            incoming = {at for at in edges if (at[0], at[2]) == (step.layer, step.unit)}
            outgoing = {at for at in edges if (at[0], at[1]) == (step.layer + 1, step.unit)}
            used = {"pre_activation": incoming, "delta": outgoing}.get(step.kind, set())
            assert (ringed, bold) == ({(step.layer + 1, step.unit)}, used)


def test_a_crowded_layer_shows_numbers_on_the_edges_in_use():
    _trace, _nodes, edges, _order = drawn(LARGE, 1)
    shown = {at for at, edge in edges.items() if edge["value"]}
    assert shown == {(0, source, 0) for source in range(4)}


def test_biases_stand_where_they_matter():
    assert {node["name"] for node in drawn(CHAIN, 0)[1].values()} == {""}
    assert [node["name"] for node in drawn(CLASSIC, 0)[1].values()] == ["", "", *["b 0.35"] * 2, *["b 0.6"] * 2]
    learning = replace(CHAIN, learn_biases=True)
    assert [node["name"] for node in drawn(learning, 0)[1].values()] == ["", "b 0", "b 0"]


def test_the_mistake_shows_its_wrong_gradients():
    wrong = replace(CLASSIC, update_order="output_first")
    trace, nodes, edges, _order = drawn(wrong, None)
    right = explain(CLASSIC).trace
    assert edges[0, 0, 0]["gradient"] == plain(trace.dW[0][0, 0]) != plain(right.dW[0][0, 0])
    assert edges[1, 0, 0]["value"] == plain(right.W[1][0, 0])
    assert nodes[1, 0]["gradient"] != f"δ {plain(right.dz[0][0, 0])}"


# Places and names


@each
def test_every_unit_has_its_place_and_columns_are_centred(name):
    sizes = EXPERIMENTS[name].sizes
    places = [
        [picture.place(EXPERIMENTS[name], layer, unit) for unit in range(count)] for layer, count in enumerate(sizes)
    ]
    flat = [place for column in places for place in column]
    assert len(flat) == len(set(flat)) == sum(sizes)
    for layer, column in enumerate(places):
        assert {x for x, _ in column} == {layer}
        assert sum(y for _, y in column) / len(column) == pytest.approx((max(sizes) - 1) / 2)
        assert 0 <= min(y for _, y in column) <= max(y for _, y in column) <= max(sizes) - 1


@each
def test_edges_join_the_places_of_their_units(name):
    experiment = EXPERIMENTS[name]
    _trace, nodes, edges, _order = drawn(experiment, 0)
    for (layer, source, unit), edge in edges.items():
        start, end = nodes[layer, source], nodes[layer + 1, unit]
        assert (edge["x"], edge["y"], edge["x2"], edge["y2"]) == (start["x"], start["y"], end["x"], end["y"])
        assert edge["x"] < edge["at_x"] < edge["x2"]


@each
def test_numbers_on_edges_do_not_meet(name):
    edges = drawn(EXPERIMENTS[name], None)[2].values()
    places = [(round(edge["at_x"], 6), round(edge["at_y"], 6)) for edge in edges if edge["value"]]
    assert len(places) == len(set(places))


def test_names_of_units():
    assert picture.unit_name(0, 0) == "x₁"
    assert picture.unit_name(2, 11) == "a₁₂⁽²⁾"


def test_only_crossing_edges_ask_for_width():
    assert picture.width(CHAIN) is None
    assert picture.width(CLASSIC) == picture.WIDTH
    assert picture.width(replace(LARGE, sizes=(4, 3, 4))) == picture.WIDTH
