"""What a node of the graph computes on whole arrays, forward and backward, with every shape."""

from collections.abc import Sequence

from engine.board_graph import Node
from engine.features import FEATURES
from pages.shared.charts.network import SUPERSCRIPT
from pages.shared.formulas.lines import aligned, partial
from pages.shared.names import ACTIVATIONS
from pages.shared.numbers import tex

LETTERS = {"batch_norm": (r"\hat z", "ẑ"), "activation": ("h", "h"), "dropout": ("d", "d")}  # inside a layer


def symbol(nodes: Sequence[Node], node: Node, *, latex: bool = True) -> str:
    """What a node makes: x, z, a for the last of a layer's steps, another letter for those before it, L."""
    if node.kind in ("input", "loss"):
        return {"input": "x", "loss": "L"}[node.kind]
    last = [one for one in nodes if one.layer == node.layer][-1]
    letters = ("z", "z") if node.kind == "sum" else ("a", "a") if node is last else LETTERS[node.kind]
    if latex:
        return f"{letters[0]}^{{({node.layer})}}"
    return f"{letters[1]}⁽{str(node.layer).translate(SUPERSCRIPT)}⁾"


def short(nodes: Sequence[Node], node: Node) -> str:
    """The node in its box: a⁽¹⁾ = tanh(z⁽¹⁾)."""
    made = symbol(nodes, node, latex=False)
    if node.kind == "input":
        return made
    read = symbol(nodes, _before(nodes, node), latex=False)
    layer = f"⁽{str(node.layer).translate(SUPERSCRIPT)}⁾"
    if node.kind == "sum":
        return f"{made} = {read} · W{layer} + b{layer}"
    if node.kind == "loss":
        return f"L({read}, y)"
    if node.kind == "activation" and node.step.name == "linear":
        return f"{made} = {read}"
    called = {"batch_norm": "BN", "dropout": "dropout"}.get(node.kind) or ACTIVATIONS[node.step.name]
    return f"{made} = {called}({read})"


def written(nodes: Sequence[Node], node: Node) -> str:
    """Forward and backward of one node, in symbols and with its shapes."""
    made = symbol(nodes, node)
    read = "" if node.kind == "input" else symbol(nodes, _before(nodes, node))
    return aligned(*globals()[f"_{node.kind}"](nodes, node, made, read))


def _before(nodes: Sequence[Node], node: Node) -> Node:
    return next(one for one in nodes if one.code == node.reads)


def _shape(shape: Sequence[int]) -> str:
    return "(" + r" \times ".join(map(str, shape)) + ")" if shape else "(1)"


def _input(_nodes, node: Node, _made: str, _read: str) -> list[str]:
    return [rf"x &: {_shape(node.shape)}", r"&\phantom{:}\ (n \times \text{inputs})"]


def _sum(nodes, node: Node, z: str, a: str) -> list[str]:
    (n, fan_out), (_n, fan_in) = node.shape, _before(nodes, node).shape
    W, b = f"W^{{({node.layer})}}", f"b^{{({node.layer})}}"
    return [
        rf"{z} &= {a}\, {W} + {b}",
        f"{_shape((n, fan_out))} &= {_shape((n, fan_in))} {_shape((fan_in, fan_out))} + {_shape((fan_out,))}",
        rf"{partial('L', W)} &= {a}{{}}^{{\top}}\, {partial('L', z)}",
        f"{_shape((fan_in, fan_out))} &= {_shape((fan_in, n))} {_shape((n, fan_out))}",
        rf"{partial('L', b)} &= \sum_n {partial('L', z)}",
        *(
            [
                rf"{partial('L', a)} &= {partial('L', z)}\, {W}{{}}^{{\top}}",
                f"{_shape((n, fan_in))} &= {_shape((n, fan_out))} {_shape((fan_out, fan_in))}",
            ]
            if node.layer > 1
            else []
        ),
        rf"|W| + |b| &= {fan_in} \cdot {fan_out} + {fan_out} = {node.n_parameters}",
    ]


def _activation(_nodes, node: Node, a: str, z: str) -> list[str]:
    return [
        rf"{a} &= f\left({z}\right), \quad {_shape(node.shape)}",
        rf"f(z) &= {node.step.latex}",
        rf"{partial('L', z)} &= {partial('L', a)} \odot f'\left({z}\right)",
        rf"f'(z) &= {node.step.derivative_latex}",
    ]


def _batch_norm(_nodes, node: Node, y: str, x: str) -> list[str]:
    units = node.shape[1]
    return [
        rf"{y} &= \gamma \odot \frac{{{x} - \mu}}{{\sqrt{{\sigma^2 + \varepsilon}}}} + \beta",
        rf"{x}, {y} &: {_shape(node.shape)}",
        rf"\mu, \sigma^2, \gamma, \beta &: {_shape((units,))}",
        rf"\varepsilon &= {tex(node.step.epsilon)}",
        rf"|\gamma| + |\beta| &= 2 \cdot {units} = {node.n_parameters}",
    ]


def _dropout(_nodes, node: Node, y: str, x: str) -> list[str]:
    p = node.step.drop_rate
    scale = r"\frac{1}{1 - p}\, " if node.step.kind == "inverted" else ""
    return [
        rf"{y} &= {scale}m \odot {x}",
        rf"m, {x}, {y} &: {_shape(node.shape)}",
        rf"P(m = 0) &= p = {tex(p)}",
        rf"{partial('L', x)} &= {scale}m \odot {partial('L', y)}",
    ]


def _loss(nodes, node: Node, _made: str, a: str) -> list[str]:
    shape = _before(nodes, node).shape
    many = node.step.reduction == "mean"
    size = shape[0] if node.step.name == "softmax_cross_entropy" else shape[0] * shape[1]
    front = rf"\frac{{1}}{{{size}}} \sum " if many else r"\sum "
    return [
        rf"L &= {front}\ell",
        rf"\ell &= {node.step.latex}",
        rf"{a}, y &: {_shape(shape)}, \quad L : (1)",
        rf"{partial('L', a)} &: {_shape(shape)}",
    ]


def inputs(features: Sequence[str]) -> str:
    """The columns of x."""
    return ", ".join(f"${FEATURES[code].latex}$" for code in features)
