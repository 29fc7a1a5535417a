"""A computation graph as a Python script that needs NumPy alone, an operation a line."""

from collections.abc import Mapping

from engine.graph import Graph

GRAPH_CODE = {
    "add": ("{a} + {b}", "1.0", "1.0"),
    "subtract": ("{a} - {b}", "1.0", "-1.0"),
    "multiply": ("{a} * {b}", "{b}", "{a}"),
    "divide": ("{a} / {b}", "1 / {b}", "-{a} / {b}**2"),
    "power": ("{a} ** {b}", "{b} * {a} ** ({b} - 1)", "{y} * np.log({a})"),
    "negate": ("-{a}", "-1.0"),
    "exp": ("np.exp({a})", "{y}"),
    "log": ("np.log({a})", "1 / {a}"),
    "sqrt": ("np.sqrt({a})", "0.5 / {y}"),
    "sin": ("np.sin({a})", "np.cos({a})"),
    "cos": ("np.cos({a})", "-np.sin({a})"),
    "tanh": ("np.tanh({a})", "1 - {y}**2"),
    "sigmoid": ("1 / (1 + np.exp(-{a}))", "{y} * (1 - {y})"),
    "relu": ("np.maximum({a}, 0.0)", "np.heaviside({a}, 0.0)"),
    "maximum": ("np.maximum({a}, {b})", "np.heaviside({a} - {b}, 0.5)", "np.heaviside({b} - {a}, 0.5)"),
    "minimum": ("np.minimum({a}, {b})", "np.heaviside({b} - {a}, 0.5)", "np.heaviside({a} - {b}, 0.5)"),
}


def graph_script(graph: Graph, values: Mapping[str, float]) -> str:
    """The forward and the backward pass of a graph, an operation a line.

    Args:      values: a number for each variable.
    Returns:   a script; it prints "name value gradient" for each variable and result.
    """
    terms = {n.index: f"np.float64({n.value!r})" if n.value is not None else _safe(n.name) for n in graph.nodes}
    results = [node for node in graph.nodes if node.inputs]
    named = [node for node in graph.nodes if node.value is None]
    lines = ["# " + graph.text.replace("\n", " "), "import numpy as np", "", "# the values"]
    lines += [f"{_safe(v)} = np.float64({float(values[v])!r})" for v in graph.variables]
    lines += ["", "# forward: values, in the order of evaluation"]
    lines += [f"{terms[n.index]} = {_graph_code(n, terms, 0)}" for n in results]
    lines += ["", "# backward: upstream gradient times local derivative, summed over all paths"]
    lines += [f"d_{terms[n.index]} = {1.0 if n.index == graph.output else 0.0}" for n in named]
    lines += [
        f"d_{terms[source]} += d_{terms[node.index]} * ({_graph_code(node, terms, 1 + place)})"
        for node in reversed(results)
        for place, source in enumerate(node.inputs)
        if graph.nodes[source].value is None
    ]
    pairs = ", ".join(f'("{n.name}", {terms[n.index]}, d_{terms[n.index]})' for n in named)
    lines += [
        "",
        f"for name, value, gradient in [{pairs}]:",
        "    print(name, repr(float(value)), repr(float(gradient)))",
    ]
    return "\n".join(lines) + "\n"


def _graph_code(node, terms: dict[int, str], part: int) -> str:
    operands = dict(zip("ab", (terms[i] for i in node.inputs), strict=False))
    return GRAPH_CODE[node.operation][part].format(y=terms[node.index], **operands)


def _safe(name: str) -> str:
    """A name that cannot hide a Python word, NumPy's np, or a gradient's d_ name."""
    return f"{name}_"
