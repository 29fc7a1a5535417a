"""The picture of a computation graph: the engine's numbers at their places, step by step."""

from collections import Counter
from functools import partial

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from engine.graph import OPERATIONS, build, evaluate
from pages.shared import numbers
from pages.shared.charts import graph as picture
from pages.shared.charts.theme import GRADIENT, HIGHLIGHT, MUTED, ROLES, VALUE

TEXTS = {
    "w*x + b": {"w": -2.0, "x": 5.0, "b": 3.0},
    "1/(1 + exp(-z))": {"z": 1.0},
    "z = x - 2; y = 2*z**2": {"x": 4.0},
    "sigmoid(w0*x0 + w1*x1 + b)": {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "b": -3.0},
    "(x + y)*x": {"x": 3.0, "y": 2.0},
    "x": {"x": 1.5},
    "x*x*x": {"x": 1.5},
}
plain = partial(numbers.plain, digits=4)
each_graph = pytest.mark.parametrize("text", TEXTS)


def drawn(text, step, number=plain):
    graph = build(text)
    trace = evaluate(graph, TEXTS[text])
    data = picture.data(graph, trace, step, number)
    nodes = dict(zip((n.index for n in picture.shown(graph)), data["nodes"].to_dict("records"), strict=True))
    return graph, trace, nodes, data["edges"].to_dict("records")


def steps(text):
    return picture.n_steps(evaluate(build(text), TEXTS[text]))


# Numbers


@each_graph
def test_at_the_end_every_number_is_the_engines(text):
    graph, trace, nodes, _edges = drawn(text, steps(text))
    for index, node in nodes.items():
        assert node["value"] == plain(trace.values[index])
        assert node["gradient"] == plain(trace.gradients[index])
        assert plain(trace.values[index]) in node["detail"]
    assert set(nodes) == {n.index for n in graph.nodes if n.operation != "constant"}


def test_the_formatter_is_the_one_that_is_given():
    _graph, trace, nodes, edges = drawn("w*x + b", 4, lambda value: f"<{float(value)!r}>")
    assert nodes[0]["value"] == "<-2.0>"
    assert f"<{trace.backward[0].local!r}>" in {edge["gradient"].lstrip("×") for edge in edges}


@each_graph
def test_values_appear_one_a_step_and_then_gradients(text):
    graph, trace, *_ = drawn(text, 0)
    variables = {n.index for n in graph.nodes if n.operation == "variable"}
    for step in range(steps(text) + 1):
        _graph, _trace, nodes, _edges = drawn(text, step)
        known = variables | {f.node for f in trace.forward[:step]}
        assert {i for i, node in nodes.items() if node["value"]} == known
        back = step - len(trace.forward)
        arrived = {graph.output: 1.0} if back > 0 else {}
        for edge in trace.backward[: max(back - 1, 0)]:
            arrived[edge.input] = edge.accumulated
        assert {i: node["gradient"] for i, node in nodes.items() if node["gradient"]} == {
            i: plain(value) for i, value in arrived.items()
        }


@each_graph
def test_what_is_computed_is_ringed(text):
    graph, trace, nodes, edges = drawn(text, 0)
    assert HIGHLIGHT not in {part["role"] for part in [*nodes.values(), *edges]}
    for step in range(1, steps(text) + 1):
        _graph, _trace, nodes, edges = drawn(text, step)
        ringed = [i for i, node in nodes.items() if node["role"] == HIGHLIGHT]
        bold = [edge for edge in edges if edge["role"] == HIGHLIGHT]
        back = step - len(trace.forward)
        if back <= 0:
            assert (ringed, bold) == ([trace.forward[step - 1].node], [])
        elif back == 1:
            assert (ringed, bold) == ([graph.output], [])
        else:
            current = trace.backward[back - 2]
            assert ringed == [current.input]
            assert [edge["gradient"] for edge in bold] == ["×" + plain(current.local)]
            assert bold[0]["detail"] == f"{graph.nodes[current.input].name} → {graph.nodes[current.node].name}"
            assert bold[0]["width"] > 3


@each_graph
def test_roles_tell_unknown_value_and_gradient_apart(text):
    for step in range(steps(text) + 1):
        _graph, _trace, nodes, edges = drawn(text, step)
        for node in nodes.values():
            expected = GRADIENT if node["gradient"] else VALUE if node["value"] else MUTED
            assert node["role"] in (expected, HIGHLIGHT)
        assert {part["role"] for part in [*nodes.values(), *edges]} <= set(ROLES)


@each_graph
def test_the_count_of_steps(text):
    graph = build(text)
    operations = [n for n in graph.nodes if n.inputs]
    edges = sum(graph.nodes[i].operation != "constant" for n in operations for i in n.inputs)
    assert steps(text) == len(operations) + 1 + edges


# Symbols


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("x + y", "+"),
        ("x - y", "−"),
        ("x + 1", "+1"),
        ("1 + x", "+1"),
        ("x*2.5", "×2.5"),
        ("x*(-2)", "×(−2)"),
        ("2 - x", "2−·"),
        ("x - 2", "−2"),
        ("1/x", "1/·"),
        ("x/4", "÷4"),
        ("x**2", "^2"),
        ("2**x", "2^·"),
        ("-x", "×(−1)"),
        ("exp(x)", "exp"),
        ("log(x)", "ln"),
        ("sigmoid(x)", "σ"),
        ("max(x, y)", "max"),
    ],
)
def test_what_stands_in_the_circle(text, symbol):
    graph = build(text)
    assert picture.symbol(graph, graph.nodes[graph.output]) == symbol


def test_every_operation_has_a_symbol():
    assert set(picture.SYMBOLS) == set(OPERATIONS)


def test_a_variable_shows_its_name():
    graph = build("rate*x")
    assert [picture.symbol(graph, n) for n in picture.shown(graph)] == ["rate", "x", "×"]


# Layout

variables = st.sampled_from(["x", "y", "z", "w1"])
formulas = st.recursive(
    st.one_of(variables, variables, st.integers(1, 9).map(str)),
    lambda parts: st.one_of(
        st.builds("({} {} {})".format, parts, st.sampled_from("+-*/"), parts),
        st.builds("{}({})".format, st.sampled_from(["exp", "tanh", "-", "sigmoid"]), parts),
        st.builds("max({}, {})".format, parts, parts),
    ),
    max_leaves=12,
)


def check_layout(graph):
    places = picture.layout(graph)
    assert set(places) == {n.index for n in picture.shown(graph)}
    columns, rows = picture.size(graph)
    in_column = Counter(column for column, _ in places.values())
    assert set(in_column) == set(range(columns))
    for one, (column, row) in places.items():
        assert 0 <= row <= rows - 0.5
        for other, (column_too, row_too) in places.items():
            assert one == other or column != column_too or abs(row - row_too) >= 1
        for source in graph.nodes[one].inputs:
            assert source not in places or places[source][0] < column
    for node in picture.shown(graph):
        assert (places[node.index][0] == 0) == (node.operation == "variable")


@each_graph
def test_no_two_nodes_meet_and_edges_go_to_the_right(text):
    check_layout(build(text))


@settings(max_examples=200)
@example("max((max(x, w1) + w1), (w1 + exp(w1)))")
@given(formulas)
def test_any_formula_can_be_drawn(text):
    try:
        graph = build(text)
    except InputError:
        assume(False)
    check_layout(graph)


@each_graph
def test_edges_join_the_places_of_their_nodes(text):
    graph, _trace, nodes, edges = drawn(text, 1)
    places = picture.layout(graph)
    expected = [(places[s], places[n.index]) for n in graph.nodes for s in n.inputs if s in places]
    assert [((e["x"], e["y"]), (e["x2"], e["y2"])) for e in edges] == expected
    assert {(node["x"], node["y"]) for node in nodes.values()} == set(places.values())
