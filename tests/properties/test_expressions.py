"""Any text is read or refused; any formula that is read has the right gradient."""

import math

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from engine.expression import FUNCTIONS, MAX_DEPTH, MAX_LENGTH, MAX_VARIABLES, Call, parse
from engine.graph import MAX_NODES, OPERATIONS, build, evaluate, nudge, numerical_gradient, outputs
from engine.operations import Operation

pytestmark = pytest.mark.filterwarnings("error")  # neither NumPy nor Python's parser may warn
quick = settings(max_examples=300)

TOKENS = ["x", "y", "w1", "z", "2", "0.5", "1e3", "1e999", "0", "+", "-", "*", "/", "**", "(", ")", ",", ";", "=", " "]
TOKENS += [f"{name}(" for name in FUNCTIONS] + [
    "if",
    "else",
    "lambda",
    "not",
    "^",
    ".",
    "_",
    "**x",
    "x)",
    "z=x;",
    "==",
    "//",
]

NESTED = (
    st.sampled_from(["(", "-", "exp(", "max(x,", "x**", "9**", "x=", "1+", "(((("]),
    st.integers(0, 120),
    st.sampled_from(["x", "1", "", "١", "1e999", "9" * 150, "x²"]),
    st.integers(0, 120),
)

texts = st.one_of(
    st.text(max_size=MAX_LENGTH + 20),
    st.text(alphabet="xyz019.+-*/()=; ,e_^", max_size=60),
    st.lists(st.sampled_from(TOKENS), max_size=40).map("".join),
    st.builds(lambda opening, n, middle, m: opening * n + middle + ")" * m, *NESTED),
)


def combine(parts):
    unary = st.sampled_from(["-", "+", *(name for name, (_, operands) in FUNCTIONS.items() if operands == 1)])
    return st.one_of(
        st.builds("{}({})".format, unary, parts),
        st.builds("({} {} {})".format, parts, st.sampled_from("+-*/"), parts),
        st.builds("({})**{}".format, parts, st.sampled_from(["2", "3", "-1", "0.5", "y"])),
        st.builds("{}({}, {})".format, st.sampled_from(["max", "min"]), parts, parts),
    )


numbers = st.integers(0, 1000).map(lambda k: f"{k / 100:g}")
formulas = st.recursive(st.one_of(st.sampled_from("xyz"), st.sampled_from("xyz"), numbers), combine, max_leaves=8)
named = st.builds("z1 = {}; z2 = {} * z1; z2 - {}".format, formulas, formulas, formulas)
# Distinct odd last digits: no two variables tie in a max, and none stands on a kink of a relu or a whole number.
points = st.tuples(*[st.integers(-3000, 3000)] * 3).map(
    lambda p: {name: k / 1000 + digits for name, k, digits in zip("xyz", p, (1.3e-4, 2.7e-4, 4.1e-4), strict=True)}
)


def graph_of(text):
    try:
        return build(text)
    except InputError as refusal:
        position = refusal.position
    assert 0 <= position <= max(len(text) - 1, 0)
    return None


def rounding(trace):
    """The rounding error of the output: one of every node, carried to the output by the node's gradient."""
    return 1e-15 * np.abs(trace.values * trace.gradients).sum()


def disagreement(graph, values):
    """How far the gradient is from central differences, in units of what these can be trusted to; None: no gradient.

    Three steps show how far the differences are from their limit; where they disagree among themselves (a kink nearby,
    an oscillation faster than the step) they say nothing.
    """
    try:
        trace = evaluate(graph, values)
    except InputError:
        return None
    worst, steps = 0.0, (4e-5, 2e-5, 1e-5)
    differences = [numerical_gradient(graph, values, h) for h in steps]
    for name in graph.variables:
        slopes = [difference[name] for difference in differences]
        spread = max(slopes) - min(slopes)
        if np.isfinite(slopes).all() and spread < 1e-3 * abs(slopes[-1]) + 1e-6:
            exact = trace.gradients[graph.index(name)]
            cancelled = 1e-12 * sum(abs(step.contribution) for step in trace.backward)
            trusted = 4 * spread + rounding(trace) / steps[-1] + cancelled + 1e-7 * (abs(exact) + 1e-3)
            worst = max(worst, abs(slopes[-1] - exact) / trusted)
    return worst


def depth(part):
    """How many operations stand inside each other."""
    return 1 + max(map(depth, part.operands)) if isinstance(part, Call) else 0


PYTHON = {name: getattr(math, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tanh")}
PYTHON |= {"max": max, "min": min, "ln": math.log, "relu": lambda z: max(z, 0.0)}
PYTHON["sigmoid"] = lambda z: 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def in_python(text, values):
    """The same formula by Python's own arithmetic, a float at a time; None where it has no value."""
    names = {**PYTHON, **values, "__builtins__": {}}
    *named, last = (statement.strip() for statement in text.split(";"))
    try:
        for statement in named:
            exec(statement, names)
        value = eval(last, names)
    except (ArithmeticError, ValueError, TypeError):  # TypeError: a complex number went on
        return None
    return value if isinstance(value, int | float) and math.isfinite(value) else None


@quick
@given(texts)
@example("1if x else y")
@example("x\x00")
@example("(" * 199)
@example("9**9**9**9 * x")
@example("ｅxp(x)")
def test_any_text_is_read_or_refused_inside_the_text(text):
    graph = graph_of(text)
    if graph is not None:
        assert parse(text).variables == graph.variables
        assert sum(node.operation != "constant" for node in graph.nodes) <= MAX_NODES
        assert len(graph.nodes) <= 2 * MAX_NODES + 1
        assert len(graph.variables) <= MAX_VARIABLES
        assert all(depth(statement.value) <= MAX_DEPTH for statement in parse(text).statements)


@quick
@given(st.one_of(formulas, named), points)
def test_the_value_of_any_formula_is_that_of_pythons_own_arithmetic(text, values):
    graph = graph_of(text)
    assume(graph is not None)
    try:
        trace = evaluate(graph, {name: values[name] for name in graph.variables})
    except InputError:
        return
    expected = in_python(text, values)
    assert expected is not None
    assert trace.values[graph.output] == pytest.approx(expected, rel=1e-12, abs=20 * rounding(trace))


@quick
@given(st.one_of(formulas, named), points)
def test_the_gradient_of_any_formula_agrees_with_central_differences(text, values):
    graph = graph_of(text)
    assume(graph is not None)
    found = disagreement(graph, values)
    assume(found is not None)
    assert found <= 1


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_tester_sees_a_derivative_that_is_wrong_by_a_thousandth(name, monkeypatch):
    right = OPERATIONS[name]
    wrong = tuple(lambda *numbers, d=d: 1.001 * d(*numbers) for d in right.derivatives)
    monkeypatch.setitem(OPERATIONS, name, Operation(right.f, wrong, right.undefined))
    sign = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**"}
    written = {operation: function for function, (operation, _) in FUNCTIONS.items()}
    if name in sign:
        text = f"tanh(x) {sign[name]} sin(y)"
    elif len(right.derivatives) == 2:
        text = f"{written[name]}(tanh(x), sin(y))"
    else:
        text = f"{written.get(name, '-')}(x*y)"
    assert disagreement(build(text), {"x": 0.7, "y": 1.3}) > 1


@quick
@given(st.one_of(formulas, named), st.lists(st.floats(-1e9, 1e9), min_size=3, max_size=3))
def test_any_point_has_finite_numbers_or_is_refused(text, numbers):
    graph = graph_of(text)
    assume(graph is not None)
    values = dict(zip("xyz", numbers, strict=True))
    numerical_gradient(graph, values)
    try:
        trace = evaluate(graph, values)
        nudged = nudge(graph, values, graph.variables[0], 0.5)
        stacked = outputs(graph, np.array([[values[name] for name in graph.variables]]))
    except InputError:
        return
    assert np.isfinite([*trace.values, *trace.gradients, nudged.before, nudged.after, nudged.promised]).all()
    if rounding(trace) < 1e-6 * abs(nudged.before):  # otherwise the last digits are all there is
        assert stacked == pytest.approx([nudged.before], abs=10 * rounding(trace))
    total = dict.fromkeys(range(len(graph.nodes)), 0.0) | {graph.output: 1.0}
    for step in trace.backward:
        total[step.input] += step.contribution
        assert step.accumulated == total[step.input]
    assert list(total.values()) == trace.gradients.tolist()
