"""A configuration as a Python script that needs NumPy alone and prints the numbers of the screen."""

import re
from collections.abc import Mapping

import numpy as np

from engine.activations import Activation
from engine.experiment import Experiment
from engine.graph import Graph
from engine.losses import CrossEntropy, CrossEntropyWithLogits, HalfSquaredError, Loss

# z -> a, and the derivative from z and a, as NumPy code; parameters such as alpha are filled in
ACTIVATION_CODE = {
    "step": ("np.where(z > 0, 1.0, 0.0)", "np.zeros_like(z)"),
    "linear": ("z.copy()", "np.ones_like(z)"),
    "sigmoid": ("1 / (1 + np.exp(-z))", "a * (1 - a)"),
    "tanh": ("np.tanh(z)", "1 - a**2"),
    "relu": ("np.maximum(0, z)", "np.where(z > 0, 1.0, 0.0)"),
    "leaky_relu": ("np.maximum({alpha} * z, z)", "np.where(z > 0, 1.0, {alpha})"),
    "elu": (
        "np.where(z > 0, z, {alpha} * np.expm1(np.minimum(z, 0)))",
        "np.where(z > 0, 1.0, {alpha} * np.exp(np.minimum(z, 0)))",
    ),
}
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


def network_script(experiment: Experiment, n_updates: int) -> str:
    """Training of an experiment's network, written out layer by layer.

    Args:      n_updates: how many updates the script makes.
    Returns:   a script; it prints the loss before each tenth of the way, the outputs and the parameters.
    """
    e = experiment
    lines = ["import numpy as np", "", f"X = np.array({_rows(e.X)})", f"Y = np.array({_rows(e.Y)})"]
    architecture = e.architecture
    flat = _array(e.parameters)
    for n, (W, b) in enumerate(zip(architecture.weights(flat), architecture.biases(flat), strict=True), 1):
        lines += [f"W{n} = np.array({W.tolist()})", f"b{n} = np.array({b.tolist()})"]
    lines += [f"learning_rate = {e.learning_rate!r}", "", "", "def forward():"]
    lines += [f"    {line}" for line in _forward_lines(e)]
    lines += [f"    return {', '.join(_all_names(e))}", "", ""]
    lines += [f"for update in range({n_updates} + 1):", f"    {', '.join(_all_names(e))} = forward()"]
    lines += [f"    loss = {_loss_code(e.loss, f'a{architecture.n_layers}')}"]
    lines += [f"    if update % {max(n_updates // 10, 1)} == 0:", "        print(update, repr(float(loss)))"]
    lines += [f"    if update == {n_updates}:", "        break"]
    lines += [f"    {line}" for line in _backward_lines(e)]
    lines += ["", f'print("outputs", a{architecture.n_layers}.tolist())']
    lines += [f'print("W{n}", W{n}.tolist())\nprint("b{n}", b{n}.tolist())' for n in _layers(e)]
    return "\n".join(lines) + "\n"


def _layers(e: Experiment) -> range:
    return range(1, e.architecture.n_layers + 1)


def _all_names(e: Experiment) -> list[str]:
    return [f"{letter}{n}" for n in _layers(e) for letter in "za"]


def _forward_lines(e: Experiment) -> list[str]:
    lines = []
    for n in _layers(e):
        lines += [
            f"z{n} = {'X' if n == 1 else f'a{n - 1}'} @ W{n} + b{n}",
            f"a{n} = {_code(e.activations[n - 1], n)[0]}",
        ]
    return lines


def _backward_lines(e: Experiment) -> list[str]:
    lines = [f"da{e.architecture.n_layers} = {_loss_gradient_code(e.loss, f'a{e.architecture.n_layers}')}"]
    updates = []
    for n in reversed(_layers(e)):
        lines += [f"dz{n} = da{n} * ({_code(e.activations[n - 1], n)[1]})"]
        lines += [f"dW{n} = {'X' if n == 1 else f'a{n - 1}'}.T @ dz{n}", f"db{n} = dz{n}.sum(axis=0)"]
        update = [f"W{n} -= learning_rate * dW{n}"] + [f"b{n} -= learning_rate * db{n}"] * e.learn_biases
        if e.update_order == "output_first":
            lines += update  # the mistake: the layer below meets the new weights
        updates = update + updates
        if n > 1:
            lines.append(f"da{n - 1} = dz{n} @ W{n}.T")
    return lines if e.update_order == "output_first" else lines + updates


def _code(activation: Activation, n: int) -> tuple[str, str]:
    """Code of a = f(z) and of f'(z) for layer n."""

    def numbered(code: str) -> str:
        filled = code.format(**activation.parameters)
        for letter in "za":
            filled = re.sub(rf"\b{letter}\b", f"{letter}{n}", filled)
        return filled

    forward, derivative = ACTIVATION_CODE[activation.name]
    return numbered(forward), numbered(derivative)


def _loss_code(loss: Loss, a: str) -> str:
    if isinstance(loss, CrossEntropyWithLogits):
        entries = f"np.maximum({a}, 0) - {a} * Y + np.log1p(np.exp(-np.abs({a})))"
    elif isinstance(loss, CrossEntropy):
        e = f" + {loss.log_epsilon}" if loss.log_epsilon else ""
        entries = f"-(Y * np.log({a}{e}) + (1 - Y) * np.log(1 - {a}{e}))"
    else:
        entries = f"{'0.5 * ' if isinstance(loss, HalfSquaredError) else ''}({a} - Y) ** 2"
    return f"np.{loss.reduction}({entries})"


def _loss_gradient_code(loss: Loss, a: str) -> str:
    if isinstance(loss, CrossEntropyWithLogits):
        gradient = f"1 / (1 + np.exp(-{a})) - Y"
    elif isinstance(loss, CrossEntropy) and loss.division_epsilon:
        gradient = f"({a} - Y) / ({a} * (1 - {a}) + {loss.division_epsilon})"
    elif isinstance(loss, CrossEntropy):
        e = f" + {loss.log_epsilon}" if loss.log_epsilon else ""
        gradient = f"(1 - Y) / (1 - {a}{e}) - Y / ({a}{e})"
    else:
        gradient = f"{a} - Y" if isinstance(loss, HalfSquaredError) else f"2 * ({a} - Y)"
    return f"({gradient}) / Y.size" if loss.reduction == "mean" else gradient


def _rows(rows) -> list[list[float]]:
    return [[float(value) for value in row] for row in rows]


def _array(values) -> np.ndarray:
    return np.array(values, dtype=float)
