"""The picture of a scalar computation graph at one step of its forward and backward pass."""

import math
from collections.abc import Callable

import pandas as pd

from engine.graph import Graph, Node, Trace
from pages.shared.charts import wiring
from pages.shared.charts.theme import GRADIENT, HIGHLIGHT, MUTED, VALUE

SYMBOLS = {
    "add": "+", "subtract": "−", "multiply": "×", "divide": "÷", "power": "^", "negate": "×(−1)", "exp": "exp",
    "log": "ln", "sqrt": "√", "sin": "sin", "cos": "cos", "tanh": "tanh", "sigmoid": "σ", "relu": "relu",
    "maximum": "max", "minimum": "min",
}  # fmt: skip
WITH_CONSTANT = {  # (operation, place of the constant) -> symbol; · stands for the other operand
    ("add", 0): "+{}", ("add", 1): "+{}", ("subtract", 0): "{}−·", ("subtract", 1): "−{}", ("multiply", 0): "×{}",
    ("multiply", 1): "×{}", ("divide", 0): "{}/·", ("divide", 1): "÷{}", ("power", 0): "{}^·", ("power", 1): "^{}",
}  # fmt: skip


def shown(graph: Graph) -> list[Node]:
    """The nodes of the picture: constants stand inside the operation that uses them."""
    return [node for node in graph.nodes if node.operation != "constant"]


def symbol(graph: Graph, node: Node) -> str:
    """What stands in the circle: a variable's name, or the operation with its constant."""
    if node.operation == "variable":
        return node.name
    for place, index in enumerate(node.inputs):
        value = graph.nodes[index].value
        template = WITH_CONSTANT.get((node.operation, place))
        if value is not None and template:
            text = f"{value:g}".replace("-", "−")
            return template.format(f"({text})" if value < 0 else text)
    return SYMBOLS[node.operation]


def layout(graph: Graph) -> dict[int, tuple[float, float]]:
    """(column, row) of each shown node: columns by depth, leaves in rows from the top, results amid their inputs."""
    column: dict[int, int] = {}
    row: dict[int, float] = {}
    for node in graph.nodes:
        inputs = [i for i in node.inputs if i in column]
        if node.operation == "variable":
            column[node.index], row[node.index] = 0, len([n for n in row if column[n] == 0])
        elif inputs:
            column[node.index] = 1 + max(column[i] for i in inputs)
            row[node.index] = sum(row[i] for i in inputs) / len(inputs)
    return {i: (column[i], r) for i, r in _apart(column, row).items()}


def _apart(column: dict[int, int], row: dict[int, float]) -> dict[int, float]:
    """Rows in which no two nodes of a column are closer than one row."""
    apart = {}
    for c in set(column.values()):
        last = float("-inf")
        for i in sorted((i for i in column if column[i] == c), key=row.__getitem__):
            last = apart[i] = max(row[i], last + 1)
    return apart


def n_steps(trace: Trace) -> int:
    """Steps after the start: each operation, the seed of the backward pass, each edge back."""
    return len(trace.forward) + 1 + len(trace.backward)


def size(graph: Graph) -> tuple[int, int]:
    """Columns and rows that the picture needs; half a row stays free under the lowest node."""
    places = layout(graph).values()
    return round(max(c for c, _ in places)) + 1, math.ceil(max(r for _, r in places) + 0.5)


def data(graph: Graph, trace: Trace, step: int, number: Callable[[float], str]) -> dict[str, pd.DataFrame]:
    """Nodes and edges after `step` steps; `number` formats a value."""
    places, known, gradients = layout(graph), _known(graph, trace, step), _gradients(graph, trace, step)
    current_node, current_edge = _current(graph, trace, step)
    nodes = [
        wiring.node(
            places[node.index],
            symbol=symbol(graph, node),
            name="" if node.operation == "variable" else node.name,
            value=number(trace.values[node.index]) if node.index in known else "",
            gradient=number(gradients[node.index]) if node.index in gradients else "",
            role=HIGHLIGHT if node.index == current_node else _role(node, known, gradients),
            detail=_detail(node, trace, known, gradients, number),
        )
        for node in shown(graph)
    ]
    edges = [
        wiring.edge(
            places[source],
            places[node.index],
            **_edge_look(trace, node.index, operand, current_edge, number),
            detail=f"{graph.nodes[source].name} → {node.name}",
        )
        for node in shown(graph)
        for operand, source in enumerate(node.inputs)
        if source in places
    ]
    return wiring.data(nodes, edges)


def _known(graph: Graph, trace: Trace, step: int) -> set[int]:
    variables = {node.index for node in graph.nodes if node.operation == "variable"}
    return variables | {forward.node for forward in trace.forward[:step]}


def _gradients(graph: Graph, trace: Trace, step: int) -> dict[int, float]:
    """What has arrived at each node so far."""
    done = step - len(trace.forward)
    arrived = {graph.output: 1.0} if done > 0 else {}
    return arrived | {edge.input: edge.accumulated for edge in trace.backward[: max(done - 1, 0)]}


def _current(graph: Graph, trace: Trace, step: int) -> tuple[int | None, tuple[int, int] | None]:
    """The ringed node and the edge (node, operand) of this step."""
    done = step - len(trace.forward)
    if step == 0:
        return None, None
    if done <= 0:
        return trace.forward[step - 1].node, None
    if done == 1:
        return graph.output, None
    edge = trace.backward[done - 2]
    return edge.input, (edge.node, edge.operand)


def _role(node: Node, known: set[int], gradients: dict[int, float]) -> str:
    if node.index in gradients:
        return GRADIENT
    return VALUE if node.index in known else MUTED


def _edge_look(trace: Trace, node: int, operand: int, current: tuple[int, int] | None, number) -> dict:
    """The edge in use carries its local derivative."""
    if (node, operand) != current:
        return {}
    local = next(e.local for e in trace.backward if (e.node, e.operand) == current)
    return {"role": HIGHLIGHT, "width": 3.5, "gradient": "×" + number(local)}


def _detail(node: Node, trace: Trace, known: set[int], gradients: dict[int, float], number) -> str:
    lines = [node.name if node.operation == "variable" else f"{node.name} = {node.text}"]
    if node.index in known:
        lines.append(number(trace.values[node.index]))
    if node.index in gradients:
        lines.append("∂ " + number(gradients[node.index]))
    return "   ".join(lines)
