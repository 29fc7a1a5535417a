"""One step of a computation graph's forward or backward pass as a formula."""

from collections.abc import Callable

from engine.graph import BackwardStep, ForwardStep, Graph, Trace
from pages.shared.formulas.lines import aligned, bracketed, name, partial

Text = Callable[[float], str]

# {a}, {b}: the operands; {y}: the result
FORWARD = {
    "add": "{a} + {b}", "subtract": "{a} - {b}", "multiply": r"{a} \cdot {b}", "divide": r"\frac{{{a}}}{{{b}}}",
    "power": "{a}^{{{b}}}", "negate": "-{a}", "exp": "e^{{{a}}}", "log": r"\ln {a}", "sqrt": r"\sqrt{{{a}}}",
    "sin": r"\sin {a}", "cos": r"\cos {a}", "tanh": r"\tanh {a}", "sigmoid": r"\sigma\left({a}\right)",
    "relu": r"\max\left(0, {a}\right)", "maximum": r"\max\left({a}, {b}\right)",
    "minimum": r"\min\left({a}, {b}\right)",
}  # fmt: skip
LOCAL = {
    "add": ("1", "1"), "subtract": ("1", "-1"), "multiply": ("{b}", "{a}"),
    "divide": (r"\frac{{1}}{{{b}}}", r"-\frac{{{a}}}{{{b}^2}}"),
    "power": (r"{b} \cdot {a}^{{{b} - 1}}", r"{y} \cdot \ln {a}"), "negate": ("-1",), "exp": ("e^{{{a}}} = {y}",),
    "log": (r"\frac{{1}}{{{a}}}",), "sqrt": (r"\frac{{1}}{{2\,{y}}}",), "sin": (r"\cos {a}",), "cos": (r"-\sin {a}",),
    "tanh": ("1 - {y}^2",), "sigmoid": (r"{y} \cdot \left(1 - {y}\right)",),
    "relu": (r"\left[\,{a} > 0\,\right]",),
    "maximum": (r"\left[\,{a} > {b}\,\right]", r"\left[\,{b} > {a}\,\right]"),
    "minimum": (r"\left[\,{a} < {b}\,\right]", r"\left[\,{b} < {a}\,\right]"),
}  # fmt: skip


def start(graph: Graph, trace: Trace, number: Text) -> str:
    """The values that the variables were given."""
    pairs = [f"{name(v)} = {number(trace.values[graph.index(v)])}" for v in graph.variables]
    return r",\quad ".join(pairs)


def forward(graph: Graph, step: ForwardStep, number: Text) -> str:
    """v = a + b, with the numbers in, and the result."""
    node = graph.nodes[step.node]
    symbols = FORWARD[node.operation].format(**_symbols(graph, step.node, number))
    values = dict(zip("ab", (bracketed(number(v)) for v in step.inputs), strict=False))
    return aligned(
        f"{name(node.name)} &= {symbols}",
        f"&= {FORWARD[node.operation].format(**values)}",
        f"&= {number(step.result)}",
    )


def seed(graph: Graph) -> str:
    """Where the backward pass starts."""
    f = name(graph.nodes[graph.output].name)
    return f"{partial(f, f)} = 1"


def backward(graph: Graph, trace: Trace, step: BackwardStep, number: Text) -> str:
    """The chain rule along one edge; where an input is used in several places, each place has a number.

    x^(1), x^(2) are the same x at its first and second place: the derivative by x is the sum of theirs.
    """
    f, y, x = (name(graph.nodes[i].name) for i in (graph.output, step.node, step.input))
    places = [other for other in trace.backward if other.input == step.input]
    nth = next(n for n, other in enumerate(places, 1) if other is step)
    here = rf"{x}^{{({nth})}}" if len(places) > 1 else x
    lines = _along_the_edge(graph, step, f, y, here, number)
    if nth == len(places) > 1:
        parts = [number(places[0].contribution), *(bracketed(number(p.contribution)) for p in places[1:])]
        lines += [
            f"{partial(f, x)} &= " + " + ".join(partial(f, rf"{x}^{{({n})}}") for n in range(1, nth + 1)),
            f"&= {' + '.join(parts)} = {number(step.accumulated)}",
        ]
    return aligned(*lines)


def _along_the_edge(graph: Graph, step: BackwardStep, f: str, y: str, x: str, number: Text) -> list[str]:
    """The local derivative, and upstream gradient times local derivative (which for the output itself is 1)."""
    local = LOCAL[step.operation][step.operand].format(**_symbols(graph, step.node, number))
    if step.operation in ("maximum", "minimum") and step.local == 0.5:
        local = r"\tfrac12"  # a tie shares the gradient
    value = number(step.local)
    first = f"{partial(y, x)} &= {local}" + (f" = {value}" if local != value else "")
    if step.node == graph.output:
        return [first]
    return [
        first,
        rf"{partial(f, x)} &= {partial(f, y)} \cdot {partial(y, x)}",
        rf"&= {bracketed(number(step.upstream))} \cdot {bracketed(value)} = {number(step.contribution)}",
    ]


def _symbols(graph: Graph, index: int, number: Text) -> dict[str, str]:
    node = graph.nodes[index]
    operands = [graph.nodes[i] for i in node.inputs]
    texts = [name(o.name) if o.value is None else bracketed(number(o.value)) for o in operands]
    return {"y": name(node.name), **dict(zip("ab", texts, strict=False))}
