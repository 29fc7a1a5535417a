"""The graph of a formula: its nodes, the two passes step by step, and where the mathematics ends."""

import pickle
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from engine import graph as module
from engine.errors import InputError
from engine.expression import FUNCTIONS, SIGNS, parse
from engine.graph import MAX_NODES, OPERATIONS, build, evaluate, nudge, numerical_gradient, outputs

pytestmark = pytest.mark.filterwarnings("error")


def names(graph):
    return [node.name for node in graph.nodes if node.operation != "constant"]


def result(text, **values):
    graph = build(text)
    return float(evaluate(graph, values).values[graph.output])


def gradient(text, **values):
    graph = build(text)
    trace = evaluate(graph, values)
    return {name: float(trace.gradients[graph.index(name)]) for name in graph.variables}


def refusal(text, **values):
    with pytest.raises(InputError) as caught:
        evaluate(build(text), values)
    return caught.value


# Worked examples


def test_w_x_plus_b():
    assert result("w*x + b", w=-2, x=5, b=3) == -7
    assert gradient("w*x + b", w=-2, x=5, b=3) == {"w": 5, "x": -2, "b": 1}


@pytest.mark.parametrize("text", ["2*(x-2)**2", "z = x - 2; y = 2*z**2", "z = x - 2; 2*z*z"])
@pytest.mark.parametrize(("x", "value", "slope"), [(0, 8, -8), (1, 2, -4), (2, 0, 0), (3, 2, 4), (4, 8, 8)])
def test_a_square_in_two_nodes(text, x, value, slope):
    assert result(text, x=x) == value
    assert gradient(text, x=x) == {"x": slope}


@pytest.mark.parametrize("z", [-2.0, -0.3, 0.0, 1.5])
def test_the_sigmoid_as_a_chain_of_simple_nodes(z):
    graph = build("1/(1+exp(-z))")
    assert [node.operation for node in graph.nodes if node.inputs] == ["negate", "exp", "add", "divide"]
    assert result("1/(1+exp(-z))", z=z) == pytest.approx(1 / (1 + np.exp(-z)), rel=1e-15)
    expected = np.exp(-z) / (1 + np.exp(-z)) ** 2
    assert gradient("1/(1+exp(-z))", z=z)["z"] == pytest.approx(expected, rel=1e-14)
    assert gradient("sigmoid(z)", z=z)["z"] == pytest.approx(expected, rel=1e-14)


def test_a_neuron():
    values = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "b": -3}
    a = 1 / (1 + np.exp(-1))  # z = -2 + 6 - 3
    expected = {"w0": -1, "x0": 2, "w1": -2, "x1": -3, "b": 1}
    found = gradient("sigmoid(w0*x0 + w1*x1 + b)", **values)
    assert result("sigmoid(w0*x0 + w1*x1 + b)", **values) == pytest.approx(a, rel=1e-15)
    assert found == pytest.approx({name: a * (1 - a) * factor for name, factor in expected.items()}, rel=1e-14)


def test_a_chain_of_two_sigmoids_and_a_squared_error():
    """Printed figures: x = 0.5, w1 = 0.7, w2 = 0.5, target 1."""
    text = "h = sigmoid(w1*x); o = sigmoid(w2*h); c = (o - y)**2"
    graph = build(text)
    trace = evaluate(graph, {"x": 0.5, "w1": 0.7, "w2": 0.5, "y": 1})
    value = {name: trace.values[graph.index(name)] for name in ("h", "o", "c")}
    slope = {name: trace.gradients[graph.index(name)] for name in ("o", "w2", "w1")}
    assert value == pytest.approx({"h": 0.58661758, "o": 0.57280599, "c": 0.18249473}, abs=5e-9)
    assert slope == pytest.approx({"o": -0.85438803, "w2": -0.12264305, "w1": -0.01267462}, abs=5e-9)


# The graph


def test_nodes_stand_in_order_of_evaluation_and_know_their_text():
    graph = build("w*x + b")
    assert [(n.index, n.operation, n.inputs, n.name, n.text, n.position) for n in graph.nodes] == [
        (0, "variable", (), "w", "w", 0),
        (1, "variable", (), "x", "x", 2),
        (2, "multiply", (0, 1), "v1", "w*x", 0),
        (3, "variable", (), "b", "b", 6),
        (4, "add", (2, 3), "f", "w*x + b", 0),
    ]
    assert (graph.variables, graph.output, graph.text) == (("w", "x", "b"), 4, "w*x + b")


def test_a_variable_is_one_node_and_an_operation_one_per_occurrence():
    graph = build("x*x + x*x")
    assert [node.inputs for node in graph.nodes] == [(), (0, 0), (0, 0), (1, 2)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", ["x"]),
        ("y = x", ["x"]),  # an alias shares the node and its first name
        ("z = x*2; y = z", ["x", "z"]),
        ("z = x - 2; y = 2*z**2", ["x", "z", "v1", "y"]),
        ("f*x + 1", ["f", "x", "v1", "v2"]),  # f is taken
        ("v1*x + v3", ["v1", "x", "v2", "v3", "f"]),
        ("v1 = 2; x*v1*3*4", ["x", "v2", "v3", "f"]),
        ("v1 = 2*3; exp(v1*x)", ["x", "v2", "f"]),
        ("f = x + 1; f*f", ["x", "f", "v1"]),
    ],
)
def test_every_result_has_a_name_of_its_own(text, expected):
    graph = build(text)
    assert names(graph) == expected
    assert len(set(names(graph))) == len(names(graph))


@pytest.mark.parametrize(
    ("text", "constants"),
    [
        ("x + 2", [("", 2, "2")]),
        ("-2*x", [("", -2, "-2")]),
        ("-2**2 + x", [("", -4, "-2**2")]),
        ("x*(3 + 4*5)", [("", 23, "3 + 4*5")]),
        ("x**sqrt(4)", [("", 2, "sqrt(4)")]),
        ("c = 2; c*x + c", [("c", 2, "2")]),
        ("c = 2; d = c*3; d*x", [("d", 6, "c*3")]),
        ("2*x + 2", [("", 2, "2"), ("", 2, "2")]),
        ("max(1, 2) - x", [("", 2, "max(1, 2)")]),
    ],
)
def test_constant_parts_become_one_constant(text, constants):
    nodes = [node for node in build(text).nodes if node.operation == "constant"]
    assert [(node.name, node.value, node.text) for node in nodes] == constants


@pytest.mark.parametrize("text", ["w*x+b", "c=2; d=c*3; z=max(x,d)*-2**2; exp(z)+d*x", "1/(1+exp(-z))", "y=x"])
def test_inputs_stand_before_use_and_every_node_leads_to_the_output(text):
    graph = build(text)
    assert all(index < node.index for node in graph.nodes for index in node.inputs)
    assert [node.index for node in graph.nodes] == list(range(len(graph.nodes)))
    used = {index for node in graph.nodes for index in node.inputs} | {graph.output}
    assert used == set(range(len(graph.nodes)))


def test_constants_do_not_count_towards_the_limit():
    chain = "a = " + "+".join(["x"] * 20) + "; "  # 1 variable, 19 sums
    assert len(names(build(chain + "+".join(["a"] * 21)))) == MAX_NODES
    assert len(build(chain + "+".join(["a"] * 11) + "+1" * 10).nodes) == MAX_NODES + 10
    with pytest.raises(InputError) as caught:
        build(chain + "+".join(["a"] * 20) + "+-a")
    assert (caught.value.code, caught.value.value) == ("expression_too_many_nodes", MAX_NODES + 1)
    assert caught.value.position == len(chain)


def test_a_graph_is_frozen_hashable_and_can_be_stored():
    graph = build("w*x + b")
    assert hash(graph) == hash(build("w*x + b"))
    assert pickle.loads(pickle.dumps(graph)) == graph
    assert build(parse("w*x + b")) == graph
    with pytest.raises(FrozenInstanceError):
        graph.output = 0


def test_a_node_is_found_by_its_name():
    graph = build("z = x - 2; 2*z**2")
    assert graph.nodes[graph.index("z")].text == "x - 2"
    for unknown in ("y", ""):
        with pytest.raises(InputError) as caught:
            graph.index(unknown)
        assert caught.value.code == "unknown_name"


# The steps


def test_the_forward_pass_is_recorded_operation_by_operation():
    steps = evaluate(build("w*x + b"), {"w": -2, "x": 5, "b": 3}).forward
    assert [(s.node, s.operation, s.inputs, s.result) for s in steps] == [
        (2, "multiply", (-2, 5), -10),
        (4, "add", (-10, 3), -7),
    ]


def test_the_backward_pass_is_recorded_edge_by_edge():
    steps = evaluate(build("(w*x + b)*3"), {"w": -2, "x": 5, "b": 3}).backward
    fields = [(s.node, s.input, s.operand, s.operation, s.local, s.upstream, s.contribution) for s in steps]
    assert fields == [
        (6, 4, 0, "multiply", 3, 1, 3),  # the edge into the constant 3 is left out
        (4, 2, 0, "add", 1, 3, 3),
        (4, 3, 1, "add", 1, 3, 3),
        (2, 0, 0, "multiply", 5, 3, 15),
        (2, 1, 1, "multiply", -2, 3, -6),
    ]


@pytest.mark.parametrize(
    ("text", "contributions"),
    [("x*x", [3, 3]), ("x + x", [1, 1]), ("x - x", [1, -1]), ("x*x + x", [1, 3, 3]), ("x/x", [1 / 3, -1 / 3])],
)
def test_a_variable_used_twice_gathers_its_contributions(text, contributions):
    graph = build(text)
    trace = evaluate(graph, {"x": 3})
    steps = [step for step in trace.backward if step.input == 0]
    assert [step.contribution for step in steps] == pytest.approx(contributions)
    assert [step.accumulated for step in steps] == pytest.approx(np.cumsum(contributions))
    assert trace.gradients[0] == steps[-1].accumulated


def test_a_gradient_is_complete_before_it_is_passed_on():
    trace = evaluate(build("z = x*y; z*z + exp(z) + z"), {"x": 0.5, "y": 2})
    complete = {step.input: step.accumulated for step in trace.backward}
    for step in trace.backward:
        assert step.upstream == complete.get(step.node, 1.0)
        assert step.contribution == step.local * step.upstream


def test_a_trace_holds_every_node_and_cannot_be_changed():
    graph, values = build("z = x - 2; 2*z**2"), {"x": 3, "not used": "at all"}
    trace = evaluate(graph, values)
    assert trace.values.shape == trace.gradients.shape == (len(graph.nodes),)
    assert trace.gradients[graph.output] == 1
    assert all(trace.gradients[node.index] == 0 for node in graph.nodes if node.operation == "constant")
    assert values == {"x": 3, "not used": "at all"}
    for array in (trace.values, trace.gradients):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    assert evaluate(build("x"), {"x": 4}).gradients.tolist() == [1]


# The mathematics of each operation


def samples(operation, count=200):
    """Random inputs, shape (n_inputs, 2, count): inside the domain, away from kinks."""
    inputs = np.random.default_rng(1).uniform(0.2, 3.0, (len(OPERATIONS[operation].derivatives), 2, count))
    if operation not in {"log", "sqrt", "power"}:
        inputs *= np.random.default_rng(2).choice([-1.0, 1.0], inputs.shape)
    if operation in {"maximum", "minimum"}:
        inputs[1] += np.where(np.abs(inputs[0] - inputs[1]) < 0.01, 0.1, 0.0)
    return inputs


def worst_error(operation, inputs):
    """Largest relative error of the local derivatives against central differences."""
    worst = 0.0
    for place, derivative in enumerate(operation.derivatives):
        step = np.zeros_like(inputs)
        step[place] = 1e-5
        numeric = (operation.f(*(inputs + step)) - operation.f(*(inputs - step))) / 2e-5
        error = np.abs(derivative(*inputs, operation.f(*inputs)) - numeric)
        worst = max(worst, (error / np.maximum(np.abs(numeric), 1e-2)).max())
    return worst


@pytest.mark.parametrize("name", OPERATIONS)
def test_local_derivatives_agree_with_central_differences_on_arrays(name):
    assert worst_error(OPERATIONS[name], samples(name)) < 1e-6


@pytest.mark.parametrize(("name", "place"), [(n, k) for n, o in OPERATIONS.items() for k in range(len(o.derivatives))])
def test_the_tester_sees_a_derivative_that_is_wrong_by_a_thousandth(name, place):
    right = OPERATIONS[name]
    derivatives = list(right.derivatives)
    derivatives[place] = lambda *numbers: 1.001 * right.derivatives[place](*numbers)
    assert worst_error(replace(right, derivatives=tuple(derivatives)), samples(name)) > 1e-4


FORMULAS = [
    "x*y/(x + 3) - y",
    "log(x) + sqrt(y)*x**y",
    "sin(x)*cos(y) - tanh(x*y)",
    "sigmoid(x - y)**2 + exp(-x*x)",
    "relu(x - 2*y) + max(x, y) - min(x, y)",
    "z = x*y; z*z*z - z",
    "-x**3 + 2**y",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_the_gradient_of_a_formula_agrees_with_central_differences(text):
    values = {"x": 1.7, "y": 0.6}
    assert gradient(text, **values) == pytest.approx(numerical_gradient(build(text), values), rel=1e-8)


@pytest.mark.parametrize("text", FORMULAS)
def test_the_tester_sees_one_wrong_operation_in_a_formula(text, monkeypatch):
    values, graph = {"x": 1.7, "y": 0.6}, build(text)
    name = graph.nodes[graph.output].operation
    right = OPERATIONS[name]
    wrong = tuple(lambda *numbers, d=d: 1.001 * d(*numbers) for d in right.derivatives)
    monkeypatch.setitem(OPERATIONS, name, replace(right, derivatives=wrong))
    assert gradient(text, **values) != pytest.approx(numerical_gradient(graph, values), rel=1e-8)


def test_every_sign_and_function_has_its_operation():
    written = {operation for operation, _ in FUNCTIONS.values()} | set(SIGNS.values()) | {"negate"}
    assert written == set(OPERATIONS)
    assert all(len(OPERATIONS[operation].derivatives) == operands for operation, operands in FUNCTIONS.values())


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("relu(x)", {"x": 0}, {"x": 0}),
        ("relu(x)", {"x": -0.0}, {"x": 0}),
        ("max(x, y)", {"x": 1, "y": 1}, {"x": 0.5, "y": 0.5}),
        ("min(x, y)", {"x": 1, "y": 1}, {"x": 0.5, "y": 0.5}),
        ("max(x, x)", {"x": 3}, {"x": 1}),
        ("max(x, 0)", {"x": 0}, {"x": 0.5}),
        ("x**0", {"x": 0}, {"x": 0}),
        ("x**1", {"x": 0}, {"x": 1}),
        ("x**2", {"x": 0}, {"x": 0}),
        ("x**3", {"x": -2}, {"x": 12}),
        ("x**-2", {"x": -2}, {"x": 0.25}),
        ("x**y", {"x": 0, "y": 2}, {"x": 0, "y": 0}),
        ("x**y", {"x": 0, "y": 0}, {"x": 0, "y": 0}),
        ("0**y", {"y": 1.5}, {"y": 0}),
    ],
)
def test_conventions_where_the_derivative_is_a_choice(text, values, expected):
    assert gradient(text, **values) == expected


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        ("sigmoid(x)", -800, 0),
        ("sigmoid(x)", 800, 1),
        ("sigmoid(x)", -1e9, 0),
        ("tanh(x)", 1e9, 1),
        ("exp(x)", -1e9, 0),
        ("relu(x)", -1e9, 0),
        ("x**0.5", 0.25, 0.5),
        ("x**0", 0, 1),
        ("1/x", 1e9, 1e-9),
    ],
)
def test_large_numbers_do_no_harm(text, x, value):
    assert result(text, x=x) == value


def test_a_small_sigmoid_keeps_its_digits():
    assert result("sigmoid(x)", x=-40) == pytest.approx(np.exp(-40), rel=1e-14)


# Where the mathematics ends


@pytest.mark.parametrize(
    ("text", "values", "code", "argument", "position"),
    [
        ("2 + y/(x - 1)", {"x": 1, "y": 2}, "graph_division", "y/(x - 1)", 4),
        ("1 + x**-1", {"x": 0}, "graph_division", "x**-1", 4),
        ("x**y", {"x": 0, "y": -0.5}, "graph_division", "x**y", 0),
        ("  x*log(x)", {"x": 0}, "graph_logarithm", "log(x)", 4),
        ("log(x)", {"x": -2}, "graph_logarithm", "log(x)", 0),
        ("1 + sqrt(x)", {"x": -1e-9}, "graph_root", "sqrt(x)", 4),
        ("x**0.5", {"x": -1}, "graph_power", "x**0.5", 0),
        ("x**y", {"x": -1, "y": 1.5}, "graph_power", "x**y", 0),
        ("1 + exp(x)", {"x": 710}, "graph_overflow", "exp(x)", 4),
        ("x**35 + 1", {"x": 1e9}, "graph_overflow", "x**35", 0),
        ("z = exp(x); 1/(z*z)", {"x": 400}, "graph_overflow", "z*z", 15),
        ("1 + sqrt(x)", {"x": 0}, "graph_derivative", "sqrt(x)", 4),
        ("sqrt(x)*0", {"x": 0}, "graph_derivative", "sqrt(x)", 0),
        ("x**0.5", {"x": 0}, "graph_derivative", "x**0.5", 0),
        ("x**y", {"x": -2, "y": 2}, "graph_derivative", "x**y", 0),
        ("log(x)", {"x": 1e-310}, "graph_derivative", "log(x)", 0),
        ("w*x", {"w": 1}, "graph_variable", "x", 2),
    ],
)
def test_a_point_without_a_value_or_gradient_is_refused_with_the_part_at_fault(text, values, code, argument, position):
    error = refusal(text, **values)
    assert (error.code, error.argument, error.position) == (code, argument, position)
    assert argument in str(error)


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("exp(exp(x)) * 1", 6.56),  # finite value, gradient exp(x) * exp(exp(x)) too large in a product
        ("1e300*x*(1/(x + 1e-9))", 0.0),  # a factor too large in an inner product
        ("1e308*x + 1e308*x", 0.1),  # two finite contributions, their sum too large
    ],
)
def test_a_gradient_that_overflows_is_refused_and_never_infinite(text, x):
    graph = build(text)
    outputs(graph, np.array([x]))  # the value itself is fine
    assert refusal(text, x=x).code in {"graph_derivative", "graph_overflow"}


@pytest.mark.parametrize(("text", "x", "value"), [("log(x)", -2, -2), ("sqrt(x - 1)", 0, -1)])
def test_the_error_names_the_number_at_fault(text, x, value):
    error = refusal(text, x=x)
    assert error.value == value
    assert str(value) in str(error)


@pytest.mark.parametrize(
    ("x", "code"),
    [
        (np.nan, "not_finite"),
        (np.inf, "not_finite"),
        (1.1e9, "out_of_range"),
        (-2e9, "out_of_range"),
        ("one", "not_a_number"),
        ([1, 2], "not_a_number"),
        (1j, "not_a_number"),
    ],
)
def test_a_value_must_be_a_finite_number(x, code):
    error = refusal("2*x", x=x)
    assert (error.code, error.argument) == (code, "x")


# Many points at once


@pytest.mark.parametrize("text", [*FORMULAS, "x + 0*y", "c = 2; c*x*y"])
def test_stacked_outputs_are_the_single_ones(text):
    graph = build(text)
    points = np.random.default_rng(3).uniform(0.2, 3, (4, 5, 2))
    before = points.copy()
    stacked = outputs(graph, points)
    single = [[result(text, x=x, y=y) for x, y in row] for row in points]
    np.testing.assert_allclose(stacked, single, rtol=1e-13)  # NumPy rounds a power of one and of many differently
    np.testing.assert_array_equal(points, before)
    assert outputs(graph, points[:0]).shape == (0, 5)
    assert outputs(graph, points[0, 0]).shape == ()


def test_outputs_own_their_numbers():
    points = np.ones((3, 1))
    found = outputs(build("x"), points)
    found[:] = 5
    assert (points == 1).all()
    assert found.base is None  # nor do they keep the values of all the other nodes alive


@pytest.mark.parametrize(
    ("points", "code"),
    [
        (np.ones((3, 2)), "wrong_shape"),
        (1.0, "wrong_shape"),
        ([[np.nan]], "not_finite"),
        ([[1e10]], "out_of_range"),
        ([["x"]], "not_a_number"),
        ([[1.0], [-1.0]], "graph_logarithm"),
    ],
)
def test_points_are_checked(points, code):
    with pytest.raises(InputError) as caught:
        outputs(build("log(x)"), points)
    assert caught.value.code == code


# Central differences and nudges


def test_central_differences_take_one_forward_pass(monkeypatch):
    calls, forward = [], module._forward
    monkeypatch.setattr(module, "_forward", lambda *arguments: calls.append(arguments) or forward(*arguments))
    numerical_gradient(build("a*b*c*d"), dict.fromkeys("abcd", 1.0))
    assert [points.shape for _, points in calls] == [(2, 4, 4)]


def test_outside_the_domain_only_the_variable_concerned_has_no_slope():
    found = numerical_gradient(build("sqrt(x) + 2*y"), {"x": 0, "y": 1e9})
    assert np.isnan(found["x"])
    assert found["y"] == pytest.approx(2)
    for text in ("exp(x)", "tanh(exp(x))"):  # the second would hide its infinity behind a 1
        assert np.isnan(numerical_gradient(build(text), {"x": 709.78271})["x"])


def test_the_step_that_was_made_is_the_one_divided_by():
    graph = build("3*x")
    assert numerical_gradient(graph, {"x": 0.1}, h=1e-15)["x"] == pytest.approx(3, rel=0.5)
    assert numerical_gradient(graph, {"x": 1e6 / 3}, h=1e-10)["x"] == pytest.approx(3, rel=0.5)
    assert np.isnan(numerical_gradient(graph, {"x": 1e6 / 3}, h=1e-12)["x"])  # x + h is x


@pytest.mark.parametrize("h", [0, -1e-5, np.nan, 1e10, "small"])
def test_the_step_is_checked(h):
    with pytest.raises(InputError) as caught:
        numerical_gradient(build("x"), {"x": 1}, h=h)
    assert caught.value.argument == "h"


def test_a_nudge_compares_the_promise_with_what_happens():
    nudged = nudge(build("x**2"), {"x": 3}, "x", 0.1)
    assert (nudged.before, nudged.promised) == (9, pytest.approx(0.6))
    assert nudged.after == pytest.approx(9.61)
    assert nudged.actual == nudged.after - nudged.before
    linear = nudge(build("w*x + b"), {"w": -2, "x": 5, "b": 3}, "w", 1)
    assert (linear.promised, linear.actual) == (5, 5)


def test_the_promise_improves_with_the_square_of_the_step():
    miss = [abs((n := nudge(build("exp(x)"), {"x": 1}, "x", h)).promised - n.actual) for h in (1e-2, 1e-3)]
    assert miss[0] / miss[1] == pytest.approx(100, rel=0.02)


@pytest.mark.parametrize(
    ("text", "x", "variable", "amount", "code"),
    [
        ("x", 1, "y", 1, "unknown_name"),
        ("x", 1, "x", np.nan, "not_finite"),
        ("x", 9e8, "x", 9e8, "out_of_range"),
        ("log(x)", 1, "x", -2, "graph_logarithm"),
        ("1e305*x", 1, "x", 9e8, "graph_overflow"),
        ("1e299*x", -9e8, "x", 1.8e9, "graph_overflow"),
    ],
)
def test_a_nudge_is_checked(text, x, variable, amount, code):
    with pytest.raises(InputError) as caught:
        nudge(build(text), {"x": x}, variable, amount)
    assert caught.value.code == code


def test_a_nudge_may_end_where_there_is_a_value_but_no_slope():
    assert nudge(build("sqrt(x)"), {"x": 1}, "x", -1).after == 0
