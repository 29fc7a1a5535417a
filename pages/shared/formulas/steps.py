"""One step of an optimizer: each line of its rule in symbols, with the numbers in, and what it comes to.

The line with numbers is written from the very expression that the engine's step is tested against, so it cannot say
anything else. Where it is broken depends on how wide its numbers can become, not on how wide they are: nothing jumps
while the steps go by.
"""

import ast
import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.step_lines import Line
from pages.shared.formulas.lines import aligned, bracketed
from pages.shared.numbers import tex

Number = float | np.ndarray

ROW = 31  # figures that stand in a row on a phone, beside the left side of the line
COUNTER = 4  # figures of a step's number
STRUT = r"\rule[-1.2em]{0pt}{2.8em}"  # as high as a fraction, which else is cut off at the top of the box
HIGH_STRUT = r"\rule[-1.5em]{0pt}{3.2em}"  # as a fraction with a root in it
AROUND = 10  # what a number may have besides its digits: sign, point, power of ten, brackets


def line(step: Line, parameter: int, digits: int) -> str:
    """A line of a formula for one parameter, with numbers of so many digits."""
    result = tex(float(step.value[parameter]), digits)
    numbers = _Numbers(_of(step.inputs, parameter), digits)
    found = numbers.rows(_read(step.code))
    with_numbers = [] if found == [result] else [f"&= {found[0]}", *(rf"&\quad {row}" for row in found[1:])]
    return _aligned(*_symbols(step.symbols), *with_numbers, f"&= {result}")


def gradient(parameter: int, value: float, digits: int) -> str:
    """Where the step begins: the gradient at this point."""
    return _aligned(rf"g &= \frac{{\partial f}}{{\partial x_{parameter}}} = {tex(value, digits)}")


def first_step(beta1: float, beta2: float, without: float, digits: int) -> str:
    """The length of Adam's first step in learning rates, with bias correction and without it: 1 and `without`."""
    top, bottom = (tex(value, digits) for value in (1 - beta1, 1 - beta2))
    rows = (
        r"\frac{|\hat m|}{\sqrt{\hat v}} &= \frac{|g|}{\sqrt{g^2}} = 1 \quad (g \neq 0)",
        r"\frac{|m|}{\sqrt{v}} &= \frac{(1 - \beta_1)\,|g|}{\sqrt{(1 - \beta_2)\, g^2}}",
        rf"&= \frac{{{top}}}{{\sqrt{{{bottom}}}}} = {tex(without, digits)}",
    )
    return aligned(*(row + HIGH_STRUT for row in rows))


def _aligned(*rows: str) -> str:
    return aligned(*(row + STRUT if r"\frac" in row else row for row in rows))


def _symbols(line: str) -> list[str]:
    """The line in letters; a clip has its limits in a row of their own."""
    left, right = line.split(r"\leftarrow", 1)
    first, *limits = right.split(r"\end{cases},\;") if "clip" in right else [right]
    if not limits:
        return [rf"{left}&\leftarrow{right}"]
    first, last = first.replace(r"\left(", r"\Bigl("), limits[0].replace(r"\right)", r"\Bigr)")
    return [rf"{left}&\leftarrow{first}\end{{cases}},", rf"&\quad {last}"]


def _of(inputs: Mapping[str, Number], parameter: int) -> dict[str, Number]:
    """The inputs of one parameter: hyperparameters as numbers, the others still as arrays of one."""
    return {
        name: value[parameter : parameter + 1] if isinstance(value, np.ndarray) else value
        for name, value in inputs.items()
    }


@functools.lru_cache(maxsize=1024)
def _read(code: str) -> ast.expr:
    return ast.parse(code, mode="eval").body


@dataclass(frozen=True)
class _Piece:
    """A part of a formula: LaTeX, how wide it can become, and whether it is a sum or begins with a sign."""

    latex: str
    width: int
    is_sum: bool = False
    is_plain: bool = True  # a single thing, that a power can stand at

    def in_brackets(self) -> "_Piece":
        return _Piece(rf"\left({self.latex}\right)", self.width + 2)

    def as_factor(self) -> "_Piece":
        return self.in_brackets() if self.is_sum else self


class _Numbers:
    """Writes an expression of engine.step_lines with its numbers in."""

    def __init__(self, inputs: Mapping[str, Number], digits: int):
        self.inputs, self.digits = inputs, digits

    def rows(self, node: ast.expr) -> list[str]:
        """The expression over as many rows as a phone needs."""
        piece = self.piece(node)
        if piece.width <= ROW:
            return [piece.latex]
        match node:
            case ast.BinOp(left, ast.Add() | ast.Sub() as sign, right):
                return [*self.rows(left), f"{_SIGNS[type(sign)]} {self._term(right).latex}"]
            case ast.BinOp(left, ast.Mult(), ast.BinOp(first, ast.Add() | ast.Sub() as sign, second)):
                opened = rf"{self._factor(left).latex} \cdot \bigl({self.piece(first).latex}"
                return [opened, rf"{_SIGNS[type(sign)]} {self._term(second).latex}\bigr)"]
            case ast.BinOp(left, ast.Mult(), right):
                return [self._factor(left).latex, rf"\cdot {self._factor(right).latex}"]
            case ast.Call(ast.Attribute(attr=name), [ast.BinOp(first, ast.Mult(), second)]) if name in _FUNCTIONS:
                opened = rf"{_FUNCTIONS[name]}\bigl({self._factor(first).latex}"
                return [opened, rf"\cdot {self._factor(second).latex}\bigr)"]
            case ast.Call(ast.Attribute(attr=name), [first, *others]) if name in _FUNCTIONS and others:
                rest = r",\; ".join(self.piece(other).latex for other in others)
                return [rf"{_FUNCTIONS[name]}\bigl({self.piece(first).latex},", rf"{rest}\bigr)"]
        return [piece.latex]

    def piece(self, node: ast.expr) -> _Piece:
        """The expression in one row, as it stands at the beginning of one."""
        match node:
            case ast.Constant(value):
                return _Piece(f"{value:g}", len(f"{value:g}"))
            case ast.Name(name):
                return self._number(name)
            case ast.BinOp(ast.Constant(value), ast.Sub(), ast.Name(name)) if not np.ndim(self.inputs[name]):
                return self._hyperparameter(value - self.inputs[name])  # 1 - beta1 is read more easily as 0.1
            case ast.BinOp(left, ast.Add() | ast.Sub() as sign, right):
                first, second = self.piece(left), self._term(right)
                latex = f"{first.latex} {_SIGNS[type(sign)]} {second.latex}"
                return _Piece(latex, first.width + second.width + 2, is_sum=True, is_plain=False)
            case ast.BinOp(left, ast.Mult(), right):
                first, second = self._factor(left), self._factor(right)
                return _Piece(rf"{first.latex} \cdot {second.latex}", first.width + second.width + 1, is_plain=False)
            case ast.BinOp(left, ast.Div(), right):
                top, bottom = self.piece(left), self.piece(right)
                latex = rf"\frac{{{top.latex}}}{{{bottom.latex}}}"
                return _Piece(latex, max(top.width, bottom.width), is_plain=False)
            case ast.BinOp(left, ast.Pow(), right):
                return self._power(left, self.piece(right))
            case ast.Call(ast.Attribute(attr="where"), [condition, if_true, if_false]):
                chosen = if_true if self._holds(condition) else if_false
                return self.piece(chosen)
            case ast.Call(ast.Attribute(attr=name), arguments):
                return self._call(name, [self.piece(argument) for argument in arguments])
        raise ValueError(ast.unparse(node))

    def _term(self, node: ast.expr) -> _Piece:
        """What follows a sign."""
        piece = self.piece(node)
        return piece.in_brackets() if piece.is_sum or piece.latex.startswith("-") else piece

    def _factor(self, node: ast.expr) -> _Piece:
        return (self._bracketed_number(node) or self.piece(node)).as_factor()

    def _bracketed_number(self, node: ast.expr) -> _Piece | None:
        """A number that stands in a product or under a power."""
        if not isinstance(node, ast.Name):
            return None
        piece = self._number(node.id)
        return _Piece(bracketed(piece.latex), piece.width + 2 * (piece.width > COUNTER + 1))

    def _power(self, base: ast.expr, exponent: _Piece) -> _Piece:
        piece = self._bracketed_number(base) or self.piece(base)
        piece = piece if piece.is_plain else piece.in_brackets()
        return _Piece(f"{piece.latex}^{{{exponent.latex}}}", piece.width + round(0.7 * exponent.width))

    def _call(self, name: str, arguments: list[_Piece]) -> _Piece:
        width = sum(piece.width + 1 for piece in arguments)
        if name == "sqrt":
            return _Piece(rf"\sqrt{{{arguments[0].latex}}}", width + 1)
        if name == "abs":
            return _Piece(rf"\left|{arguments[0].latex}\right|", width + 1)
        inside = r",\; ".join(piece.latex for piece in arguments)
        return _Piece(rf"{_FUNCTIONS[name]}\left({inside}\right)", width + 5)

    def _number(self, name: str) -> _Piece:
        value = self.inputs[name]
        if not np.ndim(value):
            return self._hyperparameter(value)
        latex = tex(float(value[0]), self.digits)
        return _Piece(latex, COUNTER if name == "step" else self.digits + AROUND - 2)

    def _hyperparameter(self, value: float) -> _Piece:
        latex = tex(float(value), self.digits)
        return _Piece(latex, len(latex.replace(r"\times 10^{", "x10").replace("}", "")))

    def _holds(self, condition: ast.expr) -> bool:
        code = compile(ast.Expression(condition), "condition", "eval")
        return bool(np.all(eval(code, {"__builtins__": {}}, dict(self.inputs))))


_SIGNS = {ast.Add: "+", ast.Sub: "-"}
_FUNCTIONS = {"maximum": r"\max", "sign": r"\operatorname{sign}", "clip": r"\operatorname{clip}"}
