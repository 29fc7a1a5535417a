"""The derivative of the sigmoid, line by line, each line computed as it is written.

On paper every line equals the one above it. With a number for z each of them must then give the same number: a line
that does not is wrong, whoever wrote it.
"""

import math

import numpy as np

from engine import errors
from engine.arrays import seal

LIMIT = 30.0  # of z; further out 1 + e^-z - 1 loses its digits, and the lines differ by rounding alone

LINES = ("chain_rule", "inner", "add_and_subtract", "split", "result")
NOTE_LINES = ("inner", "add_and_subtract", "product", "split", "result")  # note 002's; "product" is its slip


def _chain_rule(z, e):
    t, dt = 1 + e, -e
    return -1 / t**2 * dt


FORMULAS = {  # of z and e = exp(-z)
    "chain_rule": _chain_rule,  # -1/t^2 dt/dz with t = 1 + e^-z
    "inner": lambda z, e: e / (1 + e) ** 2,
    "add_and_subtract": lambda z, e: (1 + e - 1) / ((1 + e) * (1 + e)),
    "product": lambda z, e: 1 / (1 + e) * (1 / (1 + e) ** 2),  # the note's slip
    "split": lambda z, e: 1 / (1 + e) * (1 - 1 / (1 + e)),
    "result": lambda z, e: _sigmoid(e) * (1 - _sigmoid(e)),
}


def _sigmoid(e):
    return 1 / (1 + e)


def line(name: str, z) -> np.ndarray:
    """One line of the derivation with z put in.

    Args:      name: of LINES or NOTE_LINES. z: any shape, within ±30.
    Returns:   shape of z.
    Raises:    InputError: unknown name, z out of range.
    """
    formula = FORMULAS[errors.one_of("line", name, FORMULAS)]
    z = errors.numbers("z", z, -LIMIT, LIMIT)
    return formula(z, np.exp(-z))


def values(z, names=LINES) -> np.ndarray:
    """Several lines of the derivation with z put in.

    Args:      z: any shape, within ±30. names: of the lines, n of them.
    Returns:   (n, *shape of z), read-only.
    Raises:    InputError: unknown name, z out of range.
    """
    return seal(np.array([line(name, z) for name in names]))


def spread(z: float) -> float:
    """The largest difference between two of LINES at z: rounding, if the derivation is right.

    Args, Raises: as `values`.
    """
    return float(np.ptp(values(z)))


def z_of_half_slope() -> float:
    """The z above 0 at which the sigmoid is half as steep as at 0.

    a (1 - a) = 1/8  has the solution  a = (1 + sqrt(1/2)) / 2 , which is z = ln(a / (1 - a)) = ln(3 + 2 sqrt(2)).
    """
    a = (1 + math.sqrt(0.5)) / 2
    return math.log(a / (1 - a))


def z_of_coincidence() -> float:
    """The one z at which the slip of note 002, a^3, happens to be right.

    a^3 = a (1 - a)  has the solution  a = (sqrt(5) - 1) / 2 , which is z = ln(golden ratio).
    """
    return math.log((1 + math.sqrt(5)) / 2)
