"""Formulas are right: each line with numbers in it, when computed, gives the number at its end."""

import math
import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from engine import examples
from engine.activations import Sigmoid, activation
from engine.experiment import Experiment, explain, random_start
from engine.graph import OPERATIONS, build, evaluate
from engine.losses import CrossEntropy, HalfSquaredError, loss
from engine.walkthrough import KINDS, Step, steps
from pages.shared import names, numbers
from pages.shared.formulas import graph as graph_formulas
from pages.shared.formulas import lines
from pages.shared.formulas.lines import MAX_TERMS
from pages.shared.formulas.network import NAMED, Notation, Writer

DIGITS = 12
number = partial(numbers.tex, digits=DIGITS)
LOSSES = [code for code in names.OF_CODES if code not in names.ACTIVATIONS]  # that the calculator offers
NEEDED = {"cross_entropy": "sigmoid", "cross_entropy_with_logits": "linear"}
BATCH_X = ((0.5, -1.0), (1.5, 0.25), (-0.75, 2.0))
BATCH_Y = ((0.25, 1.0), (0.0, 0.75), (1.0, 0.5))


def experiment(hidden="sigmoid", error="squared_error", reduction="mean", **changes):
    output = activation(NEEDED.get(error, "sigmoid"))
    kinds, start = (activation(hidden), output), random_start((2, 3, 2), seed=1)
    biased = tuple(value or 0.1 for value in start)
    made = Experiment((2, 3, 2), kinds, biased, BATCH_X, BATCH_Y, loss(error, reduction), 0.3)
    return replace(made, **changes)


def written(config, sample=0, row_vectors=True, text=number):
    writer = Writer(config, explain(config), sample, text, Notation(row_vectors))
    return {step: writer.write(step) for step in steps(config.sizes, config.learn_biases)}


# A reader that computes what a formula says

FUNCTIONS = {
    "sigma": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "max": max,
    "min": min,
    "sin": math.sin,
    "cos": math.cos,
    "ln": math.log,
    "exp": math.exp,
    "sqrt": math.sqrt,
} | {name: activation(code).f for code, name in NAMED.items()}


def balanced(text: str) -> bool:
    depth = 0
    for sign in re.sub(r"\\[{}]", "", text):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth < 0:
            return False
    pairs = [(r"\left", r"\right"), (r"\bigl", r"\bigr"), (r"\begin", r"\end")]
    return depth == 0 and all(
        len(re.findall(rf"{re.escape(a)}(?![a-z])", text)) == len(re.findall(rf"{re.escape(b)}(?![a-z])", text))
        for a, b in pairs
    )


def value(latex: str) -> float:
    """The number that a piece of LaTeX without any symbols comes to."""
    text = re.sub(r"\\tfrac12", "0.5*", latex)
    text = re.sub(r" \\times 10\^\{(-?\d+)\}", r"e\1", text)
    text = re.sub(r"\\(left|right|bigl|bigr|quad|,)(?![a-z])", "", text).replace(r"\cdot", "*")
    text = re.sub(r"\\mathrm\{(\w+)\}", r"\\\1", text)
    text = re.sub(r"(\d)\s*\\bigl|(\})\s*\(", r"\1\2*(", text) if r"\frac{1}" not in text else text
    text = text.replace(r"\tfrac", r"\frac")
    while (at := text.find(r"\frac")) >= 0:
        top, rest = _group(text[at + 5 :])
        bottom, rest = _group(rest)
        times = "*" if rest.lstrip().startswith("(") else ""
        text = f"{text[:at]}(({top})/({bottom})){times}{rest}"
    text = re.sub(r"e\^\{", r"\\exp{", text).replace("^", "**")
    text = re.sub(r"\\(sin|cos|tanh|ln) (\(.*?\)|[\d.e-]+)", r"\\\1(\2)", text)
    text = text.replace("{", "(").replace("}", ")").replace("\\", "")
    return float(eval(text, {"__builtins__": {}}, FUNCTIONS))


def _group(text: str) -> tuple[str, str]:
    """The first {...} of a text, and what follows it."""
    depth = 0
    for index, sign in enumerate(text):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth == 0:
            return text[1:index], text[index + 1 :]
    raise AssertionError(text)


def rows(latex: str) -> list[str]:
    body = latex.removeprefix(r"\begin{aligned} ").removesuffix(r" \end{aligned}\hspace{3pt}")
    joined = []
    for row in body.split(r" \\[6pt] "):
        if row.startswith(r"&\quad"):  # a sum goes on
            joined[-1] += row.removeprefix(r"&\quad")
        else:
            joined.append(row)
    return joined


def has_symbols(part: str) -> bool:
    words = "tfrac12|left|right|bigl|bigr|frac|tfrac|cdot|times|sigma|tanh|max|min|sin|cos|ln|sqrt|quad|,"
    known = rf"\\(?:{words})(?![a-z])"
    rest = re.sub(r"\\mathrm\{\w+\}", "", re.sub(known, "", part))
    return bool(re.search(r"[A-Za-z\\]", re.sub(r"e\^\{", "^{", rest)))


def check(latex: str) -> int:
    """Every part between two equal signs that holds numbers alone is equal to the next; returns how many were."""
    assert balanced(latex)
    assert all(row.count("&") == 1 for row in latex.split(r"\\[6pt]"))
    compared, last = 0, None
    for row in rows(latex):
        left, _, right = row.partition("&")
        if left.strip():
            last = None  # another quantity
        for part in re.split(r"(?<![<>])=", re.sub(r"\\mathrel\{\+?=\}|\\leftarrow", "=", right)):
            if not part.strip() or has_symbols(part):
                continue
            found = value(part)
            if last is not None:
                assert found == pytest.approx(last, rel=1e-8, abs=1e-9), row
                compared += 1
            last = found
    return compared


def test_the_reader_can_compute():
    assert value(r"\tfrac{1}{4} \cdot \left(0.5 - \left(-1\right)\right)") == 0.375
    assert value(r"\frac{1}{2}\bigl(\tfrac12 \left(3 - 1\right)^2 + \tfrac12 \left(1 - 1\right)^2\bigr)") == 1
    assert value(r"0.5 - 2 \cdot \left(1.5 \times 10^{-3}\right)") == 0.497
    assert value(r"\max\left(0, -2\right) + \sigma\left(0\right)") == 0.5
    assert value(r"e^{2}") == pytest.approx(math.e**2)


@pytest.mark.parametrize("wrong", [r"a &= \tfrac{1}{4} \cdot 0.5 - 1 &= -0.125", r"a &= 1 &\quad &\quad + 2", "{"])
def test_the_reader_sees_what_is_wrong(wrong):
    with pytest.raises(AssertionError):
        check(lines.aligned(*wrong.replace(" &= ", r"|&= ").replace("|", "", 1).split("|")))


# Networks


@pytest.mark.parametrize("hidden", names.ACTIVATIONS)
@pytest.mark.parametrize("error", LOSSES)
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_every_step_computes_to_its_result(hidden, error, reduction):
    for step, latex in written(experiment(hidden, error, reduction), sample=1).items():
        compared = check(latex)
        exact = step.kind not in ("delta", "bias_gradient")
        assert compared >= (1 if exact else 0), (step, latex)


def test_a_delta_of_the_output_is_computed_from_the_loss():
    for error in LOSSES:
        for reduction in ("mean", "sum"):
            latex = written(experiment(error=error, reduction=reduction))[Step("delta", 1, 0)]
            assert check(latex) >= 2, latex


@pytest.mark.parametrize("epsilon", [{"log_epsilon": 1e-7}, {"division_epsilon": 1e-7}])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_the_small_number_stands_where_it_is_added(epsilon, reduction):
    formulas = written(experiment(loss=CrossEntropy(reduction, **epsilon)))
    assert "10^{-7}" in formulas[Step("delta", 1, 1)]
    assert ("10^{-7}" in formulas[Step("loss")]) == ("log_epsilon" in epsilon)
    for latex in formulas.values():
        check(latex)


@pytest.mark.parametrize("name", ["CHAIN", "TWO_OUTPUTS", "CLASSIC", "XOR"])
@pytest.mark.parametrize("order", ["together", "output_first"])
@pytest.mark.parametrize("row_vectors", [True, False])
def test_the_examples_in_both_notations_and_with_the_mistake(name, order, row_vectors):
    config = replace(getattr(examples, name), update_order=order)
    for latex in written(config, row_vectors=row_vectors).values():
        check(latex)


@pytest.mark.parametrize("sizes", [(4, 4, 4, 4, 4), (1, 1), (3, 1, 4)])
def test_networks_of_any_size(sizes):
    kinds = (Sigmoid(),) * (len(sizes) - 1)
    X, Y = ((1.0, 0.0, 1.0, 0.5)[: sizes[0]],), ((1.0, 0.0, 1.0, 0.5)[: sizes[-1]],)
    config = Experiment(sizes, kinds, random_start(sizes), X, Y, HalfSquaredError("sum"), 0.5)
    formulas = written(config)
    assert {step.kind for step in formulas} == set(KINDS)
    for latex in formulas.values():
        check(latex)


def test_steps_show_the_numbers_of_the_engine():
    config = experiment(reduction="sum")
    e, formulas = explain(config), written(config, sample=2)
    assert formulas[Step("pre_activation", 0, 1)].endswith(
        rf"&= {number(e.trace.z[0][2, 1])} \end{{aligned}}\hspace{{3pt}}"
    )
    assert formulas[Step("activation", 1, 0)].endswith(
        rf"&= {number(e.trace.a[2][2, 0])} \end{{aligned}}\hspace{{3pt}}"
    )
    assert formulas[Step("loss")].endswith(rf"&= {number(e.loss)} \end{{aligned}}\hspace{{3pt}}")
    assert formulas[Step("delta", 0, 2)].endswith(rf"= {number(e.trace.dz[0][2, 2])} \end{{aligned}}\hspace{{3pt}}")
    assert formulas[Step("weight_gradient", 1, 1, 2)].endswith(
        rf"&= {number(e.trace.dW[1][2, 1])} \end{{aligned}}\hspace{{3pt}}"
    )
    assert formulas[Step("bias_gradient", 1, 1)].endswith(
        rf"&= {number(e.trace.db[1][1])} \end{{aligned}}\hspace{{3pt}}"
    )
    new = config.architecture.weights(e.new_parameters)[1][2, 1]
    assert formulas[Step("update", 1, 1, 2)].endswith(rf"&= {number(new)} \end{{aligned}}\hspace{{3pt}}")
    new = config.architecture.biases(e.new_parameters)[0][1]
    assert formulas[Step("bias_update", 0, 1)].endswith(rf"&= {number(new)} \end{{aligned}}\hspace{{3pt}}")


def test_notation_swaps_indices_and_factors():
    rows_first, columns_first = written(experiment()), written(experiment(), row_vectors=False)
    step = Step("pre_activation", 0, 2)
    assert r"x_{1} \cdot W^{(1)}_{13} + x_{2} \cdot W^{(1)}_{23}" in rows_first[step]
    assert r"W^{(1)}_{31} \cdot x_{1} + W^{(1)}_{32} \cdot x_{2}" in columns_first[step]
    step = Step("update", 1, 0, 2)
    assert r"W^{(2)}_{31} &\leftarrow" in rows_first[step]
    assert r"W^{(2)}_{13} &\leftarrow" in columns_first[step]


def test_the_mistake_is_marked_where_it_acts():
    step = Step("delta", 0, 0)
    right, wrong = (written(replace(examples.CLASSIC, update_order=o))[step] for o in ("together", "output_first"))
    assert r"{W^{(2)}_{11}}^{\star}" in wrong
    assert r"\star" not in right
    assert number(0.4) in right
    assert number(0.358916480)[:9] in wrong


def test_biases_that_do_not_exist_are_not_written():
    assert "b^" not in "".join(written(examples.CHAIN).values())
    assert "b^{(1)}_{1}" in written(examples.CLASSIC)[Step("pre_activation", 0, 0)]
    assert "bias_gradient" not in {step.kind for step in written(examples.CLASSIC)}


def test_a_long_sum_is_cut_off_visibly():
    many = experiment(X=BATCH_X * 4, Y=BATCH_Y * 4, reduction="sum")
    latex = written(many)[Step("weight_gradient", 0, 0, 0)]
    assert latex.count(r"\dots") == 1
    assert balanced(latex)
    assert latex.count("+") == MAX_TERMS - 1


def test_a_sum_over_the_batch_says_so():
    assert r"\sum_{\text{batch}}" in written(examples.XOR)[Step("weight_gradient", 0, 0, 0)]
    assert r"\sum_{\text{batch}}" not in written(examples.CHAIN)[Step("weight_gradient", 0, 0, 0)]


@pytest.mark.parametrize("huge", [1e3, 1e-12])
def test_very_large_and_small_numbers_keep_the_braces(huge):
    config = experiment("linear", parameters=tuple(np.full(17, huge)), X=((1e3, -1e3),), Y=((1.0, 0.0),))
    for latex in written(config, text=partial(numbers.tex, digits=4)).values():
        assert balanced(latex)
        assert "nan" not in latex


# Graphs

GRAPHS = {
    "w*x + b": {"w": -2.0, "x": 5.0, "b": 3.0},
    "1/(1 + exp(-z))": {"z": 1.0},
    "z = x - 2; y = 2*z**2": {"x": -4.0},
    "(x + y)*x": {"x": 3.0, "y": 2.0},
    "x**y - 3/x": {"x": 2.0, "y": 1.5},
    "log(x) + sqrt(x) + sin(x)*cos(x)": {"x": 0.7},
    "tanh(x) - sigmoid(x) + relu(x)": {"x": -0.4},
    "max(x, 2)*min(x, 3)": {"x": 2.5},
    "x*1e-9 + y/1e9": {"x": -2e5, "y": 1e8},
    "rate*w_1": {"rate": -0.5, "w_1": 3.0},
}


def each_line(text):
    graph = build(text)
    trace = evaluate(graph, GRAPHS[text])
    return (
        graph,
        [graph_formulas.forward(graph, step, number) for step in trace.forward],
        [graph_formulas.backward(graph, trace, step, number) for step in trace.backward],
        trace,
    )


def test_the_graphs_use_every_operation():
    used = {node.operation for text in GRAPHS for node in build(text).nodes}
    assert set(OPERATIONS) <= used


@pytest.mark.parametrize("text", GRAPHS)
def test_every_forward_step_computes_to_its_result(text):
    _graph, forward, _backward, trace = each_line(text)
    for latex, step in zip(forward, trace.forward, strict=True):
        assert check(latex) >= 1
        assert latex.endswith(rf"&= {number(step.result)} \end{{aligned}}\hspace{{3pt}}")


@pytest.mark.parametrize("text", GRAPHS)
def test_every_backward_step_computes_to_its_result(text):
    _graph, _forward, backward, trace = each_line(text)
    for latex, step in zip(backward, trace.backward, strict=True):
        assert check(latex) >= 1 or step.node == _graph.output, latex
        assert number(step.local) in latex
        assert number(step.contribution) in latex
        if step is [other for other in trace.backward if other.input == step.input][-1]:
            assert number(step.accumulated) in latex


def test_a_second_path_is_added():
    _graph, _forward, backward, _trace = each_line("(x + y)*x")
    first, last = [latex for latex in backward if r"\partial x^" in latex]
    assert r"\frac{\partial f}{\partial x^{(1)}} &= v_{1} = 5" in first
    assert "= 8" not in first
    assert r"\frac{\partial f}{\partial x} &= \frac{\partial f}{\partial x^{(1)}} + \frac" in last
    assert "&= 5 + 3 = 8" in last


def test_the_start_and_the_seed():
    graph = build("w*x + b")
    trace = evaluate(graph, GRAPHS["w*x + b"])
    assert graph_formulas.start(graph, trace, number) == r"w = -2,\quad x = 5,\quad b = 3"
    assert graph_formulas.seed(graph) == r"\frac{\partial f}{\partial f} = 1"


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("x", "x"),
        ("w0", "w_{0}"),
        ("v12", "v_{12}"),
        ("w_1", "w_{1}"),
        ("rate", r"\mathit{rate}"),
        ("a_b", r"\mathit{a\_b}"),
    ],
)
def test_names(text, latex):
    assert lines.name(text) == latex
