"""A formula as a graph of scalars: values flow forward, gradients flow back, and every step is kept.

Each operation states its mathematics as data: what it computes, its local derivatives, where it is undefined. The
chain rule is then the same few lines for all of them:

    contribution = local derivative * upstream gradient,   gradient of an input = sum of its contributions
"""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from engine.errors import InputError, finite, number, one_of, shape
from engine.expression import Expression, Name, Number, Part, parse

MAX_NODES = 40  # variables and operations; constants are not counted
MAX_VALUE = 1e9  # of a variable


@dataclass(frozen=True)
class Operation:
    """An operation y = f(a) or y = f(a, b).

    f            inputs -> y
    derivatives  one per input: inputs, y -> dy/da, dy/db
    undefined    code of an error -> (inputs -> where it occurs); overflow is found in the result
    """

    f: Callable
    derivatives: tuple[Callable, ...]
    undefined: dict[str, Callable] = field(default_factory=dict)


def sigmoid(a):
    """1 / (1 + exp(-a)), written so that exp never meets a positive number and cannot overflow."""
    small = np.exp(-np.abs(a))
    return np.where(np.less(a, 0), small, 1.0) / (1.0 + small)


def power_by_base(a, b, y):
    """b * a**(b-1), and 0 where b = 0: there the power is 1 for every base, a = 0 included."""
    return np.where(np.equal(b, 0), 0.0, b * np.power(a, b - 1.0))


def power_by_exponent(a, b, y):
    """y * log(a); 0 at a = 0, where the power stays 0 as b moves; not a number for a < 0: the power has gaps there."""
    return np.where(np.equal(a, 0), 0.0, y * np.log(a))


def wins(a, b):
    """1 where a > b, 0 where a < b, one half in a tie: how much of a maximum is due to a."""
    return np.heaviside(a - b, 0.5)


def one(*_):
    """The derivative of whatever passes its input on unchanged."""
    return np.float64(1.0)


def minus_one(*_):
    """The derivative of whatever turns the sign of its input."""
    return np.float64(-1.0)


OPERATIONS = {
    "add": Operation(np.add, (one, one)),
    "subtract": Operation(np.subtract, (one, minus_one)),
    "multiply": Operation(np.multiply, (lambda a, b, y: b, lambda a, b, y: a)),
    "divide": Operation(
        np.divide, (lambda a, b, y: 1.0 / b, lambda a, b, y: -y / b), {"graph_division": lambda a, b: b == 0}
    ),
    "power": Operation(
        np.power,
        (power_by_base, power_by_exponent),
        {
            "graph_division": lambda a, b: (a == 0) & (b < 0),
            "graph_power": lambda a, b: (a < 0) & (b != np.floor(b)),
        },
    ),
    "negate": Operation(np.negative, (minus_one,)),
    "exp": Operation(np.exp, (lambda a, y: y,)),
    "log": Operation(np.log, (lambda a, y: 1.0 / a,), {"graph_logarithm": lambda a: a <= 0}),
    "sqrt": Operation(np.sqrt, (lambda a, y: 0.5 / y,), {"graph_root": lambda a: a < 0}),
    "sin": Operation(np.sin, (lambda a, y: np.cos(a),)),
    "cos": Operation(np.cos, (lambda a, y: -np.sin(a),)),
    "tanh": Operation(np.tanh, (lambda a, y: 1.0 - y * y,)),
    "sigmoid": Operation(sigmoid, (lambda a, y: y * (1.0 - y),)),
    "relu": Operation(lambda a: np.maximum(a, 0.0), (lambda a, y: np.heaviside(a, 0.0),)),
    "maximum": Operation(np.maximum, (lambda a, b, y: wins(a, b), lambda a, b, y: wins(b, a))),
    "minimum": Operation(np.minimum, (lambda a, b, y: wins(b, a), lambda a, b, y: wins(a, b))),
}


@dataclass(frozen=True)
class Node:
    """A variable, a constant, or one operation on earlier nodes.

    operation  "variable", "constant" or a key of OPERATIONS
    inputs     indices of the nodes it works on
    value      of a constant, None otherwise
    name       a variable's own or a result's given name, else v1, v2, ... or f for the output; "" for a constant
    text       the part of the formula it stands for, which begins at character `position` (from 0)
    """

    index: int
    operation: str
    inputs: tuple[int, ...]
    value: float | None
    name: str
    text: str
    position: int


@dataclass(frozen=True)
class Graph:
    """A formula's nodes, inputs before use, in the order of evaluation; variables in order of first appearance."""

    text: str
    nodes: tuple[Node, ...]
    output: int
    variables: tuple[str, ...]

    def index(self, name: str) -> int:
        """The index of the variable or result called `name`; InputError unknown_name if there is none."""
        names = [node.name for node in self.nodes]
        return names.index(one_of("name", name, filter(None, names)))


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


def build(source: Expression | str) -> Graph:
    """The computation graph of a formula.

        w*x + b    ->    w, x, v1 = w*x, b, f = v1 + b

    Args:      source: a formula, or what `parse` made of it.
    Returns:   the graph: one node per variable, one per written operation; every node leads to the output.
    Raises:    InputError: expression_*; graph_* where a constant part such as log(-1) has no value.
    Convention: an operation on constants alone becomes a constant; an alias (y = x) shares the node and its first name.
    """
    expression = parse(source) if isinstance(source, str) else source
    builder = _Builder()
    for statement in expression.statements:
        output = builder.statement(statement.name, statement.value)
    nodes, output = _without_leftovers(builder.nodes, output)
    counted = [node for node in nodes if node.operation != "constant"]
    if len(counted) > MAX_NODES:
        position = counted[MAX_NODES].position
        raise InputError("expression_too_many_nodes", value=len(counted), allowed=MAX_NODES, position=position)
    return Graph(expression.text, _with_names(nodes, output, set(builder.places)), output, expression.variables)


class _Builder:
    """Adds nodes in the order in which a reader with a pencil would compute them."""

    def __init__(self):
        self.nodes: list[Node] = []
        self.places: dict[str, int] = {}  # name -> index of its node

    def statement(self, name: str, value: Part) -> int:
        index = self.part(value)
        if name:
            self.places[name] = index
            self.nodes[index] = replace(self.nodes[index], name=self.nodes[index].name or name)
        return index

    def part(self, part: Part) -> int:
        match part:
            case Number():
                return self.add("constant", (), part, part.value)
            case Name():
                if part.name not in self.places:
                    self.places[part.name] = self.add("variable", (), part, name=part.name)
                return self.places[part.name]
        inputs = tuple(self.part(operand) for operand in part.operands)
        index = self.add(part.operation, inputs, part)
        if all(self.nodes[i].operation == "constant" for i in inputs):
            value, faults = _apply(self.nodes[index], [np.float64(self.nodes[i].value) for i in inputs])
            _raise_first(faults)
            self.nodes[index] = replace(self.nodes[index], operation="constant", inputs=(), value=float(value))
        return index

    def add(
        self, operation: str, inputs: tuple[int, ...], part: Part, value: float | None = None, name: str = ""
    ) -> int:
        self.nodes.append(Node(len(self.nodes), operation, inputs, value, name, part.text, part.position))
        return len(self.nodes) - 1


def _without_leftovers(nodes: list[Node], output: int) -> tuple[list[Node], int]:
    """The nodes without the constants that were folded into others, numbered anew."""
    read = {output}.union(*(node.inputs for node in nodes))
    place = {old: new for new, old in enumerate(sorted(read))}
    kept = [replace(nodes[i], index=place[i], inputs=tuple(place[k] for k in nodes[i].inputs)) for i in sorted(read)]
    return kept, place[output]


def _with_names(nodes: list[Node], output: int, taken: set[str]) -> tuple[Node, ...]:
    """The nodes with a name for every result that has none."""
    fresh = (name for name in map("v{}".format, itertools.count(1)) if name not in taken)

    def named(node: Node) -> Node:
        if node.name or node.operation == "constant":
            return node
        return replace(node, name="f" if node.index == output and "f" not in taken else next(fresh))

    return tuple(map(named, nodes))


# The forward pass, for one point or for many at once


def _apply(node: Node, inputs: list) -> tuple[np.ndarray, list[tuple[InputError, np.ndarray]]]:
    """A node's result and its errors, each with where it occurs; none is raised: other points may be good."""
    operation = OPERATIONS[node.operation]
    with np.errstate(all="ignore"):
        result = operation.f(*inputs)
        checks = [(code, occurs(*inputs)) for code, occurs in operation.undefined.items()]
    faults = []
    for code, where in [*checks, ("graph_overflow", ~np.isfinite(result))]:
        if np.any(where):
            value = float(np.broadcast_to(inputs[-1], np.shape(where))[where].flat[0])
            faults.append((InputError(code, node.text, value, position=node.position), where))
    return result, faults


def _raise_first(faults: list[tuple[InputError, np.ndarray]]) -> None:
    """Only the first counts: what follows it was computed from a wrong number."""
    if faults:
        raise faults[0][0]


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
            values[node.index], found = _apply(node, [values[i] for i in node.inputs])
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
    _raise_first(faults)
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
    _raise_first(faults)
    forward = tuple(
        ForwardStep(node.index, node.operation, tuple(numbers[list(node.inputs)].tolist()), float(numbers[node.index]))
        for node in graph.nodes
        if node.inputs
    )
    gradients, backward = _backward(graph, numbers)
    numbers.setflags(write=False)
    gradients.setflags(write=False)
    return Trace(numbers, gradients, forward, tuple(backward))


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
