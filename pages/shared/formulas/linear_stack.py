"""A stack of layers multiplied out: in symbols, and its matrices with the numbers in."""

from collections.abc import Callable

import numpy as np

from pages.shared.formulas.lines import aligned, bracketed

Text = Callable[[float], str]

ONE = (r"z &= x\,W^{(1)} + b^{(1)}",)
TWO = (
    r"z &= (x\,W^{(1)} + b^{(1)})\,W^{(2)} + b^{(2)}",
    r"&= x\,W + b",
    r"W &= W^{(1)} W^{(2)}",
    r"b &= b^{(1)} W^{(2)} + b^{(2)}",
)
THREE = (
    r"z &= \bigl((x\,W^{(1)} + b^{(1)})\,W^{(2)}",
    r"&\quad + b^{(2)}\bigr)\,W^{(3)} + b^{(3)}",
    r"&= x\,W + b",
    r"W &= W^{(1)} W^{(2)} W^{(3)}",
    r"b &= (b^{(1)} W^{(2)} + b^{(2)})\,W^{(3)} + b^{(3)}",
)
MANY = (  # {L}: the last layer
    r"z &= \bigl(\cdots(x\,W^{(1)} + b^{(1)})\cdots\bigr)\,W^{({L})} + b^{({L})}",
    r"&= x\,W + b",
    r"W &= W^{(1)} W^{(2)} \cdots W^{({L})}",
    r"b &= \bigl(\cdots(b^{(1)} W^{(2)} + b^{(2)})\cdots\bigr)\,W^{({L})} + b^{({L})}",
)


def symbols(depth: int) -> str:
    """Why a stack is one layer."""
    lines = {1: ONE, 2: TWO, 3: THREE}.get(depth, MANY)
    return aligned(*(line.replace("{L}", str(depth)) for line in lines))


def layer(index: int, W: np.ndarray, b: np.ndarray, number: Text) -> str:
    """One layer's matrix and biases."""
    return _pair(f"W^{{({index + 1})}}", f"b^{{({index + 1})}}", W, b, number)


def product(index: int, W: np.ndarray, b: np.ndarray, number: Text) -> str:
    """The layers up to this one multiplied out, `index` at least 1: what the ones before gave, and one layer more."""
    n, P, c = index + 1, f"P_{index}", f"c_{index}"
    if index == 1:
        P, c = "W^{(1)}", "b^{(1)}"
    return _pair(f"P_{n} = {P}\\,W^{{({n})}}", f"c_{n} = {c}\\,W^{{({n})}} + b^{{({n})}}", W, b, number)


def one_layer(W: np.ndarray, b: np.ndarray, number: Text) -> str:
    """The one layer, and its output with the three numbers in."""
    w1, w2, bias = (bracketed(number(value)) for value in (W[0, 0], W[1, 0], b[0]))
    return aligned(
        rf"W &= {matrix(W, number)}",
        rf"b &= {number(b[0])}",
        rf"z &= {w1} \cdot x_1",
        rf"&\quad + {w2} \cdot x_2",
        rf"&\quad + {bias}",
    )


def matrix(values: np.ndarray, number: Text) -> str:
    """A matrix in brackets."""
    rows = r" \\ ".join(" & ".join(number(value) for value in row) for row in values)
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


def _pair(matrix_name: str, bias_name: str, W: np.ndarray, b: np.ndarray, number: Text) -> str:
    """A matrix and a row of biases, each name above its numbers."""
    return aligned(
        f"& {matrix_name}", rf"&\quad = {matrix(W, number)}", f"& {bias_name}", rf"&\quad = {matrix(b[None], number)}"
    )
