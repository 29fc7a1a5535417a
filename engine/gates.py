"""The sixteen gates of two inputs, as data."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import read_only
from engine.errors import InputError, finite, one_of

POINTS = read_only(np.array([(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)]))  # (A, B), the order of every table


@dataclass(frozen=True)
class Gate:
    """A logic function of two inputs A and B.

    Attributes:
        code: stable short name, for links.
        name: what it is usually called.
        meaning: the same in words of A and B.
        outputs: for the inputs 00, 01, 10, 11.
    """

    code: str
    name: str
    meaning: str
    outputs: tuple[int, int, int, int]

    @property
    def target(self) -> np.ndarray:
        """The outputs as an array, shape (4,), in the order of POINTS."""
        return np.array(self.outputs, dtype=np.float64)


# Sorted by their outputs read as a binary number, 0 to 15.
_TABLE = (
    Gate("false", "FALSE", "never", (0, 0, 0, 0)),
    Gate("and", "AND", "A and B", (0, 0, 0, 1)),
    Gate("nimply", "NIMPLY", "A and not B", (0, 0, 1, 0)),
    Gate("a", "A", "A, whatever B is", (0, 0, 1, 1)),
    Gate("converse_nimply", "converse NIMPLY", "B and not A", (0, 1, 0, 0)),
    Gate("b", "B", "B, whatever A is", (0, 1, 0, 1)),
    Gate("xor", "XOR", "A or B, not both", (0, 1, 1, 0)),
    Gate("or", "OR", "A or B or both", (0, 1, 1, 1)),
    Gate("nor", "NOR", "neither A nor B", (1, 0, 0, 0)),
    Gate("xnor", "XNOR", "A equal to B", (1, 0, 0, 1)),
    Gate("not_b", "NOT B", "not B, whatever A is", (1, 0, 1, 0)),
    Gate("converse_imply", "converse IMPLY", "A or not B", (1, 0, 1, 1)),
    Gate("not_a", "NOT A", "not A, whatever B is", (1, 1, 0, 0)),
    Gate("imply", "IMPLY", "B or not A", (1, 1, 0, 1)),
    Gate("nand", "NAND", "not both A and B", (1, 1, 1, 0)),
    Gate("true", "TRUE", "always", (1, 1, 1, 1)),
)
GATES = {gate.code: gate for gate in _TABLE}


def gate(code: str) -> Gate:
    """The gate of that code.

    Args:
        code: a key of GATES, such as "and" or "xor".
    Raises:
        InputError: unknown_name.
    """
    return GATES[one_of("gate", code, GATES)]


def gate_of(outputs) -> Gate:
    """The gate that has these outputs.

    Args:
        outputs: 0 or 1 for the inputs 00, 01, 10, 11, shape (4,).
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """
    outputs = finite("outputs", outputs)
    if outputs.shape != (4,):
        raise InputError("wrong_shape", "outputs", outputs.shape, "(4,)")
    wrong = (outputs != 0) & (outputs != 1)
    if wrong.any():
        raise InputError("out_of_range", "outputs", outputs[wrong][0], "{0, 1}")
    return _TABLE[int(outputs @ (8, 4, 2, 1))]
