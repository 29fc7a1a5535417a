"""The operations of a computation graph: what each computes, its local derivatives, where it is undefined."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


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
