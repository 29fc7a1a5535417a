"""A formula as a graph of scalars: values flow forward, gradients flow back, and every step is kept.

Each operation states its mathematics as data: what it computes, its local derivatives, where it is undefined. The
chain rule is then the same few lines for all of them:

    contribution = local derivative * upstream gradient,   gradient of an input = sum of its contributions
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.arrays import seal
from engine.errors import InputError, finite, number, one_of, shape
from engine.graph_nodes import MAX_NODES, Graph, Node, apply, build, raise_first
from engine.operations import OPERATIONS

__all__ = [
    "MAX_NODES",
    "MAX_VALUE",
    "OPERATIONS",
    "BackwardStep",
    "ForwardStep",
    "Graph",
    "Node",
    "Nudge",
    "Trace",
    "build",
    "evaluate",
    "nudge",
    "numerical_gradient",
    "outputs",
]

MAX_VALUE = 1e9  # of a variable


@dataclass(frozen=True)
class ForwardStep:
    """One operation: indices of the node and numbers it worked on."""

    node: int
    operation: str
    inputs: tuple[float, ...]
    result: float


@dataclass(frozen=True)
class BackwardStep:
    """One edge: `node` hands contribution = local * upstream to its `input`, which stands at place `operand`.

    `accumulated` is the gradient of the input once this contribution is in it; an input used twice takes two steps.
    """

    node: int
    input: int
    operand: int
    operation: str
    local: float
    upstream: float
    contribution: float
    accumulated: float


@dataclass(frozen=True, eq=False)
class Trace:
    """All numbers of one evaluation; `values` and `gradients` (of the output, by each node) have shape (n_nodes,)."""

    values: np.ndarray
    gradients: np.ndarray
    forward: tuple[ForwardStep, ...]
    backward: tuple[BackwardStep, ...]


@dataclass(frozen=True)
class Nudge:
    """The output before and after a small move of one variable: what the gradient promised and what happened."""

    before: float
    after: float
    promised: float
    actual: float


# The forward pass, for one point or for many at once


def _forward(graph: Graph, points: np.ndarray) -> tuple[np.ndarray, list[tuple[InputError, np.ndarray]]]:
    """Every node's value at points (..., n_variables), shape (n_nodes, ...), and the faults."""
    values = np.empty((len(graph.nodes), *points.shape[:-1]))
    faults = []
    for node in graph.nodes:
        if node.operation == "variable":
            values[node.index] = points[..., graph.variables.index(node.name)]
        elif node.operation == "constant":
            values[node.index] = node.value
        else:
            values[node.index], found = apply(node, [values[i] for i in node.inputs])
            faults += found
    return values, faults


def outputs(graph: Graph, points: np.ndarray) -> np.ndarray:
    """The formula's value at many points in one forward pass.

    Args:      points: (..., n_variables), in the order of graph.variables, each of [-MAX_VALUE, MAX_VALUE].
    Returns:   the outputs, shape (...).
    Raises:    InputError: not_a_number, not_finite, wrong_shape, out_of_range; graph_* if any point has no value.
    """
    points = shape("points", finite("points", points), (len(graph.variables),))
    for extreme in (points.min(initial=0.0), points.max(initial=0.0)):
        number("points", extreme, -MAX_VALUE, MAX_VALUE)
    values, faults = _forward(graph, points)
    raise_first(faults)
    return values[graph.output].copy()


def _point(graph: Graph, values: Mapping[str, float]) -> np.ndarray:
    for name in graph.variables:
        if name not in values:
            raise InputError("graph_variable", name, position=graph.nodes[graph.index(name)].position)
    return np.array([number(name, values[name], -MAX_VALUE, MAX_VALUE) for name in graph.variables])


# The backward pass


def evaluate(graph: Graph, values: Mapping[str, float]) -> Trace:
    """One forward and one backward pass, with every step recorded.

    Args:      values: a number of [-MAX_VALUE, MAX_VALUE] for each variable; other names are ignored.
    Returns:   values and gradients of all nodes (read-only), the operations in order, the edges in reverse order.
    Raises:    InputError: graph_variable, not_a_number, not_finite, out_of_range; graph_* where a value does not exist;
               graph_derivative where a gradient does not exist or is too large.
    Convention: as PyTorch: relu has derivative 0 at 0, ties of max and min share the gradient, 0**b has derivative 0
               by b. Nothing is sent to constants: their gradient is given as 0.
    """
    numbers, faults = _forward(graph, _point(graph, values))
    raise_first(faults)
    forward = tuple(
        ForwardStep(node.index, node.operation, tuple(numbers[list(node.inputs)].tolist()), float(numbers[node.index]))
        for node in graph.nodes
        if node.inputs
    )
    gradients, backward = _backward(graph, numbers)
    return Trace(seal(numbers), seal(gradients), forward, tuple(backward))


def _backward(graph: Graph, values: np.ndarray) -> tuple[np.ndarray, list[BackwardStep]]:
    gradients, steps = np.zeros(len(values)), []
    gradients[graph.output] = 1.0
    for node in reversed(graph.nodes):
        # Every user of this node stands after it, so its own gradient is complete by now.
        for operand, index in enumerate(node.inputs):
            if graph.nodes[index].operation == "constant":
                continue
            upstream = gradients[node.index]
            with np.errstate(all="ignore"):
                derivative = OPERATIONS[node.operation].derivatives[operand]
                local = derivative(*values[list(node.inputs)], values[node.index])
                contribution = local * upstream
                gradients[index] += contribution
            if not np.isfinite(gradients[index]):  # also where 0 * infinity hides in the product
                raise InputError("graph_derivative", node.text, position=node.position)
            numbers = map(float, (local, upstream, contribution, gradients[index]))
            steps.append(BackwardStep(node.index, index, operand, node.operation, *numbers))
    return gradients, steps


# Checking a gradient without any rule of differentiation


def numerical_gradient(graph: Graph, values: Mapping[str, float], h: float | None = None) -> dict[str, float]:
    """Central differences, all 2 * n_variables points in one forward pass.

        df/dx ~ (f(x + h) - f(x - h)) / ((x + h) - (x - h))

    Args:      values: as for `evaluate`; h: step, by default 1e-5 * max(1, |x|) for each variable.
    Returns:   variable -> difference quotient; not a number where the formula has no value at x + h or x - h.
    Raises:    InputError: as `evaluate` for the values; not_a_number, not_finite, out_of_range for h.
    Convention: divides by the step that was really made: in floating point (x + h) - x is not h.
    """
    point = _point(graph, values)
    steps = 1e-5 * np.maximum(1.0, np.abs(point)) if h is None else number("h", h, 0.0, MAX_VALUE, open_low=True)
    moves = np.eye(len(point)) * steps
    points = np.stack([point + moves, point - moves])  # (2, n_variables, n_variables)
    numbers, faults = _forward(graph, points)
    up, down = numbers[graph.output]
    with np.errstate(all="ignore"):
        slopes = (up - down) / (points[0] - points[1]).diagonal()
    slopes[~np.isfinite(slopes)] = np.nan
    for _, where in faults:
        slopes[where.any(axis=0)] = np.nan
    return dict(zip(graph.variables, slopes.tolist(), strict=True))


def nudge(graph: Graph, values: Mapping[str, float], variable: str, amount: float) -> Nudge:
    """Move one variable a little and compare the change with what the gradient promised.

        promised = df/dx * amount,    actual = f(x + amount) - f(x)

    Args:      values: as for `evaluate`; variable: one of graph.variables; amount: number to add to it.
    Returns:   the output before and after, the promised and the actual change.
    Raises:    InputError: as `evaluate`; unknown_name for the variable; graph_overflow for the changes.
    """
    place = graph.variables.index(one_of("variable", variable, graph.variables))
    trace, moved = evaluate(graph, values), _point(graph, values)
    amount = number("amount", amount)
    moved[place] = number(variable, moved[place] + amount, -MAX_VALUE, MAX_VALUE)
    before, after = float(trace.values[graph.output]), float(outputs(graph, moved))
    promised, actual = float(trace.gradients[graph.index(variable)]) * amount, after - before
    if not np.isfinite([promised, actual]).all():
        raise InputError("graph_overflow", graph.nodes[graph.output].text, position=graph.nodes[graph.output].position)
    return Nudge(before, after, promised, actual)


def at_kink(trace: Trace, step: BackwardStep) -> bool:
    """Whether the step's local derivative is a convention: relu at 0, or a tie of max or min."""
    if step.operation == "relu":
        return bool(trace.values[step.input] == 0)
    return step.operation in ("maximum", "minimum") and step.local == 0.5
