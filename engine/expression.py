"""From text to a syntax tree, safely: `z = x - 2; 2*z**2`.

A learner's text may come from a link, so nothing in it is ever executed. Python's own parser reads it, which gives the
precedence everyone expects (-x**2 is -(x**2), a**b**c is a**(b**c)), and a reader then copies the few kinds of
syntax it knows. What it does not know, it refuses: a list of what is allowed has no holes, a list of dangers has.
"""

import ast
import math
import re
from dataclasses import dataclass

from engine.errors import InputError

MAX_LENGTH = 200  # characters
MAX_DEPTH = 20  # operations inside operations, or parentheses inside parentheses
MAX_VARIABLES = 8
MAX_NAME = 12  # characters

# What a learner writes -> the operation of the graph and its number of operands.
FUNCTIONS = {name: (name, 1) for name in ("exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu")}
FUNCTIONS |= {"max": ("maximum", 2), "min": ("minimum", 2), "ln": ("log", 1)}
SIGNS = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide", ast.Pow: "power"}

_CHARACTERS = re.compile(r"[A-Za-z0-9_ +\-*/().,;=]*")
_NAME = re.compile(rf"[A-Za-z][A-Za-z0-9_]{{0,{MAX_NAME - 1}}}")
# A whole number token (?>...) with a letter, an underscore or a second point glued to it: 2x, 0x1F, 1_000, 1.2.3, 1if.
_GLUED = re.compile(r"(?<![A-Za-z0-9_.])(?>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[A-Za-z_.]")


@dataclass(frozen=True)
class Number:
    """A number; `text` is how it was written, `position` where (counted from 0), as in the parts below."""

    value: float
    text: str
    position: int


@dataclass(frozen=True)
class Name:
    """A variable, or a result that an earlier statement has named."""

    name: str
    text: str
    position: int


@dataclass(frozen=True)
class Call:
    """One operation, written as a sign or as a function, and the parts it works on."""

    operation: str
    operands: tuple["Part", ...]
    text: str
    position: int


Part = Number | Name | Call


@dataclass(frozen=True)
class Statement:
    """`name = value`, or a bare `value` with the name ""."""

    name: str
    value: Part


@dataclass(frozen=True)
class Expression:
    """What was read: the last statement is the output, `variables` stand in order of first appearance."""

    text: str
    statements: tuple[Statement, ...]
    variables: tuple[str, ...]


def parse(text: str) -> Expression:
    """Read one formula, or several named ones separated by `;` of which the last is the output.

        w*x + b          z = x - 2; y = 2*z**2

    Args:      text: numbers, names, + - * / **, parentheses, FUNCTIONS; at most MAX_LENGTH characters.
    Returns:   the syntax tree; every named result is used by a later statement, so every part leads to the output.
    Raises:    InputError: expression_*, with the position of the first offending character in `text`.
    Convention: a name gets its value once, before its first use; every number is a float64.
    """
    _check_characters(text)
    _check_parentheses(text)
    reader = _Reader(text)
    *named, output = _python_tree(text).body
    statements = [reader.named(node) for node in named] + [reader.output(output)]
    reader.check_names()
    return Expression(text, tuple(statements), tuple(reader.variables))


# The checks before Python's parser: it shall meet only short plain ASCII, never a text that it might warn about.


def _check_characters(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise InputError("expression_too_long", value=len(text), allowed=MAX_LENGTH, position=MAX_LENGTH)
    if not text.strip():
        raise InputError("expression_empty", position=0)
    position = _CHARACTERS.match(text).end()
    if position < len(text):
        code = "expression_caret" if text[position] == "^" else "expression_character"
        raise InputError(code, value=repr(text[position]), position=position)
    if glued := _GLUED.search(text):
        position = glued.end() - 1
        code = "expression_product" if text[position].isalpha() else "expression_syntax"
        raise InputError(code, value=text[position:], position=position)


def _check_parentheses(text: str) -> None:
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth > MAX_DEPTH:
            raise InputError("expression_too_deep", allowed=MAX_DEPTH, position=position)
        if depth < 0:
            raise InputError("expression_syntax", value=text[position:], position=position)


def _python_tree(text: str) -> ast.Module:
    try:
        return ast.parse(text.lstrip())  # to Python, leading spaces would mean a block
    except SyntaxError as error:
        # An unfinished text fails after its end: point at the last character there is.
        position = min(_indent(text) + max(error.offset or 1, 1), len(text.rstrip())) - 1
        raise InputError("expression_syntax", value=text[position:], position=position) from None


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


class _Reader:
    """Copies Python's syntax tree into ours and keeps book of the names."""

    def __init__(self, text: str):
        self.text = text
        self.indent = _indent(text)
        self.variables: dict[str, int] = {}  # name -> position of its first use
        self.results: dict[str, int] = {}  # name -> position of its definition
        self.unused: dict[str, int] = {}  # the results that nothing has used yet

    def named(self, node: ast.stmt) -> Statement:
        """A statement before the last: it must leave a name for the later ones."""
        if isinstance(node, ast.Expr):
            self.part(node.value)  # a fault inside comes first
            raise self.refusal("expression_unused", node)
        return self.assignment(node)

    def output(self, node: ast.stmt) -> Statement:
        if isinstance(node, ast.Expr):
            return Statement("", self.part(node.value))
        statement = self.assignment(node)
        del self.unused[statement.name]
        return statement

    def assignment(self, node: ast.stmt) -> Statement:
        match node:
            case ast.Assign(targets=[ast.Name(id=name) as target]):
                value = self.part(node.value)  # before the name exists: z = z + 1 uses a z that has no value yet
                self.check_name(target)
                if name in self.variables or name in self.results:
                    raise self.refusal("expression_name", target)
                self.results[name] = self.unused[name] = self.position(target)
                return Statement(name, value)
        raise self.refusal("expression_form", node)

    def part(self, node: ast.expr, depth: int = 0) -> Part:
        if depth > MAX_DEPTH:
            raise self.refusal("expression_too_deep", node, MAX_DEPTH)
        match node:
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                return self.number(node)
            case ast.Name():
                return self.name(node)
            case ast.UnaryOp(op=ast.UAdd()):
                return self.part(node.operand, depth + 1)
            case ast.UnaryOp(op=ast.USub()):
                return self.call("negate", [node.operand], node, depth)
            case ast.BinOp() if type(node.op) in SIGNS:
                return self.call(SIGNS[type(node.op)], [node.left, node.right], node, depth)
            case ast.Call(func=ast.Name(), keywords=[]):
                return self.call(self.function(node), node.args, node, depth)
            case ast.Call(func=ast.Constant() | ast.BinOp() | ast.Call()):  # 2(x + 1)
                bracket = self.text.index("(", self.indent + node.func.end_col_offset)
                raise InputError("expression_product", value=self.text[bracket:], position=bracket)
        raise self.refusal("expression_form", node)

    def call(self, operation: str, operands: list[ast.expr], node: ast.expr, depth: int) -> Call:
        parts = tuple(self.part(operand, depth + 1) for operand in operands)
        return Call(operation, parts, self.source(node), self.position(node))

    def number(self, node: ast.Constant) -> Number:
        value = float(node.value)
        if not math.isfinite(value):
            raise self.refusal("expression_number", node)
        return Number(value, self.source(node), self.position(node))

    def name(self, node: ast.Name) -> Name:
        self.check_name(node)
        self.unused.pop(node.id, None)
        if node.id not in self.results:
            self.variables.setdefault(node.id, self.position(node))
        return Name(node.id, node.id, self.position(node))

    def function(self, node: ast.Call) -> str:
        if node.func.id not in FUNCTIONS:
            raise self.refusal("expression_function", node.func, ", ".join(FUNCTIONS))
        operation, expected = FUNCTIONS[node.func.id]
        if len(node.args) != expected:
            raise InputError("expression_arguments", node.func.id, len(node.args), expected, self.position(node))
        return operation

    def check_name(self, node: ast.Name) -> None:
        if node.id in FUNCTIONS:
            raise self.refusal("expression_name_function", node)
        if not _NAME.fullmatch(node.id):
            raise self.refusal("expression_name_form", node, MAX_NAME)

    def check_names(self) -> None:
        """What can be said of the names only at the end."""
        for name, position in self.unused.items():
            raise InputError("expression_unused", value=name, position=position)
        if not self.variables:
            raise InputError("expression_no_variable", position=self.indent)
        if len(self.variables) > MAX_VARIABLES:
            position = list(self.variables.values())[MAX_VARIABLES]
            raise InputError(
                "expression_too_many_variables", value=len(self.variables), allowed=MAX_VARIABLES, position=position
            )

    def position(self, node: ast.AST) -> int:
        return self.indent + node.col_offset  # Python counts bytes; in ASCII these are characters

    def source(self, node: ast.AST) -> str:
        return self.text[self.position(node) : self.indent + node.end_col_offset]

    def refusal(self, code: str, node: ast.AST, allowed="") -> InputError:
        return InputError(code, value=self.source(node), allowed=allowed, position=self.position(node))
