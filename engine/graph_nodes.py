"""From a formula to its computation graph: one node a variable, one node an operation, inputs before use."""

import itertools
from dataclasses import dataclass, replace

import numpy as np

from engine.errors import InputError, one_of
from engine.expression import Expression, Name, Number, Part, parse
from engine.operations import OPERATIONS

MAX_NODES = 40  # variables and operations; constants are not counted


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
            value, faults = apply(self.nodes[index], [np.float64(self.nodes[i].value) for i in inputs])
            raise_first(faults)
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


def apply(node: Node, inputs: list) -> tuple[np.ndarray, list[tuple[InputError, np.ndarray]]]:
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


def raise_first(faults: list[tuple[InputError, np.ndarray]]) -> None:
    """Only the first counts: what follows it was computed from a wrong number."""
    if faults:
        raise faults[0][0]
