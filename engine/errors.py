"""One kind of error for every bad input, in words a learner can act on."""

import math
from collections.abc import Callable, Iterable

import numpy as np

MESSAGES = {
    # numbers and arrays
    "not_a_number": "{argument} must be a number, not {value}.",
    "not_finite": "{argument} must be finite, not {value}.",
    "out_of_range": "{argument} must lie in {allowed}, not at {value}.",
    "wrong_shape": "{argument} must have the shape {allowed}, not {value}.",
    "unknown_name": "{argument} must be one of {allowed}, not {value}.",
    "loss_activation": "The loss {argument} needs an output activation of {allowed}, not {value}.",
    # expressions: {position} counts characters from 1
    "expression_empty": "The expression is empty. Write a formula such as `w*x + b`.",
    "expression_too_long": "The expression has {value} characters; at most {allowed} are allowed.",
    "expression_syntax": "The expression cannot be read from character {position} on: {value}",
    "expression_character": "Character {position}, {value}, is not allowed in an expression.",
    "expression_caret": "Character {position} is `^`: write a power with two stars, `x**2`.",
    "expression_product": "A sign is missing before character {position}: write a product with a star, `2*x`.",
    "expression_form": "{value} at character {position} is not allowed: only numbers, names, `+ - * / **`, "
    "parentheses and functions such as `exp(x)` are.",
    "expression_function": "The function {value} at character {position} is unknown. Known functions: {allowed}.",
    "expression_arguments": "The function at character {position} takes {allowed} argument(s), not {value}.",
    "expression_name": "The name {value} at character {position} cannot be given a value: it has been used before.",
    "expression_name_form": "{value} at character {position} is not a name: a letter, then letters, digits or `_`, "
    "at most {allowed} characters.",
    "expression_name_function": "{value} at character {position} is a function: give it its input in parentheses, "
    "or take another name.",
    "expression_unused": "{value} at character {position} is never used: give it a name that a later part uses, "
    "or take it out.",
    "expression_number": "The number {value} at character {position} is too large.",
    "expression_no_variable": "The expression has no variable. Use at least one name, such as x.",
    "expression_too_many_variables": "The expression has {value} variables; at most {allowed} are allowed.",
    "expression_too_many_nodes": "The expression makes a graph of {value} nodes; at most {allowed} are allowed.",
    "expression_too_deep": "The expression is nested too deeply at character {position}; at most {allowed} levels.",
    # evaluating a graph: {argument} is the part of the expression that fails
    "graph_variable": "The variable {argument} needs a value.",
    "graph_division": "Division by zero in {argument}, at character {position}.",
    "graph_logarithm": "The logarithm in {argument} needs a positive number, not {value}, at character {position}.",
    "graph_root": "The square root in {argument} needs a number of at least 0, not {value}, at character {position}.",
    "graph_power": "The power in {argument}, at character {position}, is not a real number: "
    "a negative base needs a whole exponent.",
    "graph_overflow": "The value of {argument}, at character {position}, is too large to be computed.",
    "graph_derivative": "The derivative of {argument}, at character {position}, is not finite at this point.",
    # tables: {argument} is the column, {position} counts lines from 1
    "csv_too_many_bytes": "The file has {value} bytes; at most {allowed} are allowed.",
    "csv_encoding": "The file is not text in UTF-8 or in the Korean encoding CP949.",
    "csv_empty": "The table is empty.",
    "csv_quotes": "A quote is not closed, or stands in the wrong place, at line {position} or before.",
    "csv_long_cell": "A cell at line {position} or before has more than {allowed} characters. Perhaps a quote is not "
    "closed, or the file is no table.",
    "csv_too_many_lines": "The file has more than {allowed} lines, blank ones counted.",
    "csv_too_many_columns": "The table has {value} columns; at most {allowed} are allowed.",
    "csv_too_few_columns": "The table has {value} column(s); {allowed} are needed: two inputs and a target. If the "
    "file has more, check the separator.",
    "csv_too_many_rows": "The table has more than {allowed} rows.",
    "csv_too_few_rows": "The table has {value} row(s) of data; at least {allowed} are needed.",
    "csv_ragged": "Line {position} has {value} cells where the first line has {allowed}.",
    "csv_duplicate_column": "Two columns are called {value}.",
    "csv_missing_column": "There is no column {value}. The columns are: {allowed}.",
    "csv_no_feature": "No column is left beside the target {argument}. If the file has more, check the separator.",
    "csv_target_is_feature": "The target {argument} cannot be a feature as well.",
    "csv_missing_value": "Line {position}, column {argument}: the cell is empty.",
    "csv_not_a_number": "Line {position}, column {argument}: {value} is not a number.",
    "csv_decimal_comma": "Line {position}, column {argument}: {value} has a decimal comma. Write a point instead.",
    "csv_not_finite": "Line {position}, column {argument}: {value} is not a finite number.",
    "csv_too_large": "Line {position}, column {argument}: {value} is too large; at most {allowed} is allowed.",
    "csv_one_class": "The target {argument} holds nothing but {value}; a classification needs at least two classes.",
    "csv_too_many_classes": "The target {argument} holds {value} classes; at most {allowed} are allowed. "
    "Is this a regression?",
}


class InputError(ValueError):
    """A value that the engine refuses.

    Args:
        code: key of MESSAGES; stable, so that a screen can say the same in another language.
        argument: name of the refused argument, or the part of an expression that fails.
        value: what was received.
        allowed: what would have been accepted.
        position: first offending character of a text, counted from 0; None where there is no text.
    """

    def __init__(self, code: str, argument: str = "", value=None, allowed="", position: int | None = None):
        self.code, self.argument, self.value, self.allowed, self.position = code, argument, value, allowed, position
        super().__init__(self.sentence(MESSAGES[code]))

    def sentence(self, template: str, write: Callable[[object], str] = str) -> str:
        """The template (this code's message in some language) with this error's facts, as `write` puts them."""
        facts = {"argument": self.argument, "value": self.value, "allowed": self.allowed}
        position = "" if self.position is None else self.position + 1
        return template.format(position=position, **{name: write(fact) for name, fact in facts.items()})


def finite(argument: str, value) -> np.ndarray:
    """`value` as a float64 array.

    Raises:
        InputError: not_a_number, not_finite.
    """
    array = _array(argument, value)
    if not np.isfinite(array).all():
        raise InputError("not_finite", argument, array[~np.isfinite(array)][0])
    return array


def _array(argument: str, value) -> np.ndarray:
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InputError("not_a_number", argument, value) from None


def interval(low: float = -np.inf, high: float = np.inf, *, open_low: bool = False, open_high: bool = False) -> str:
    """An interval in signs that every language shares: "[0, 1)", "(0, ∞)"."""
    left = "(" if open_low or low == -np.inf else "["
    right = ")" if open_high or high == np.inf else "]"
    return f"{left}{_plain(low)}, {_plain(high)}{right}"


def _plain(value: float) -> str:
    """A number without more of an exponent than it needs: 1000000, 1e100, ∞."""
    return f"{value:.10g}".replace("e+", "e").replace("inf", "∞")


def whole_numbers_below(n: int) -> str:
    """The set of 0, 1, … n - 1 in signs: "{0, 1}", "{0, …, 4}"."""
    return "{" + ", ".join(map(str, range(n)) if n < 4 else ("0", "…", str(n - 1))) + "}"


def numbers(
    argument: str,
    value,
    low: float = -np.inf,
    high: float = np.inf,
    *,
    open_low: bool = False,
    open_high: bool = False,
) -> np.ndarray:
    """`value` as a float64 array with all its numbers in [low, high], without the ends that are `open_…`.

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    """
    array = _array(argument, value)
    ends = (float(array.min()), float(array.max())) if array.size else ()
    if all(math.isfinite(end) and not _outside(end, low, high, open_low, open_high) for end in ends):
        return array  # two passes instead of six: inner loops check their numbers as well
    array = finite(argument, array)
    outside = _outside(array, low, high, open_low, open_high)
    if outside.any():
        refused = array[outside][0] if array.ndim else value
        raise InputError("out_of_range", argument, refused, interval(low, high, open_low=open_low, open_high=open_high))
    return array


def number(
    argument: str,
    value,
    low: float = -np.inf,
    high: float = np.inf,
    *,
    open_low: bool = False,
    open_high: bool = False,
) -> float:
    """`value` as a float of [low, high], without the ends that are `open_…`.

    Written without arrays: a network and its training check some thirty numbers before they start.

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    """
    if getattr(value, "ndim", 0):
        raise InputError("not_a_number", argument, value)
    try:
        single = float(value)
    except (TypeError, ValueError, OverflowError):
        raise InputError("not_a_number", argument, value) from None
    if not math.isfinite(single):
        raise InputError("not_finite", argument, value)
    if _outside(single, low, high, open_low, open_high):
        raise InputError("out_of_range", argument, value, interval(low, high, open_low=open_low, open_high=open_high))
    return single


def _outside(value, low: float, high: float, open_low: bool, open_high: bool):
    """Whether a number, or each number of an array, lies outside an interval."""
    too_low = value <= low if open_low else value < low
    too_high = value >= high if open_high else value > high
    return too_low | too_high


def whole(argument: str, value, low: int, high: int) -> int:
    """`value` as an integer of [low, high].

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    """
    as_float = number(argument, value)
    if as_float != int(as_float):
        raise InputError("not_a_number", argument, value)
    if not low <= as_float <= high:
        raise InputError("out_of_range", argument, value, interval(low, high))
    return int(as_float)


def one_of(argument: str, value, allowed: Iterable[str]) -> str:
    """`value` if it is one of `allowed`.

    Raises:
        InputError: unknown_name.
    """
    names = list(allowed)
    if value not in names:
        raise InputError("unknown_name", argument, value, ", ".join(names))
    return value


def shape(argument: str, array: np.ndarray, expected: tuple) -> np.ndarray:
    """`array` if its last axes have the `expected` sizes (None: any size).

    Raises:
        InputError: wrong_shape.
    """
    last = array.shape[-len(expected) :] if expected else ()
    if len(last) != len(expected) or any(e not in (None, s) for e, s in zip(expected, last, strict=True)):
        names = ", ".join("?" if e is None else str(e) for e in expected)
        raise InputError("wrong_shape", argument, array.shape, f"(…, {names})")
    return array
