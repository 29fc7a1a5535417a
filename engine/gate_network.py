"""Three units that make a gate: two read the inputs, one reads the two. Every number of the forward pass, and the
gate that each unit is.
"""

from dataclasses import dataclass

import numpy as np

from engine.activations import Activation, activation
from engine.arrays import read_only, seal
from engine.decision import grid_points
from engine.errors import InputError, numbers, one_of
from engine.gates import GATES, POINTS, Gate, gate_of
from engine.perceptron import DecisionLine, decision_line, weighted_sum
from engine.perceptron import evaluate as evaluate_unit
from engine.separability import Separability, separability

MAX_PARAMETER = 1000.0
LOW, HIGH, SIDE = -0.5, 1.5, 81  # the square of the pictures, and points along either axis
SAME_PLACE = 1e-9  # hidden outputs that differ by less are one point
KINDS = ("sigmoid", "step")  # both answer 1 where z > 0: a sigmoid's output is above 1/2 there


@dataclass(frozen=True)
class GateNetwork:
    """Two inputs, two hidden units and an output unit, with one activation function.

        z_hidden = x @ W1 + b1,  h = f(z_hidden) ;  z = h @ W2 + b2,  y = f(z)

    Args:
        W1: (from input, to hidden unit), 2 x 2. b1: 2. W2: 2. b2: one number; all within +-1000.
        kind: the activation function, "sigmoid" or "step".
    Raises: InputError: not_a_number, not_finite, out_of_range, wrong_shape, unknown_name.
    """

    W1: tuple[tuple[float, float], tuple[float, float]]
    b1: tuple[float, float]
    W2: tuple[float, float]
    b2: float
    kind: str = "sigmoid"

    def __post_init__(self):
        for name, expected in (("W1", (2, 2)), ("b1", (2,)), ("W2", (2,)), ("b2", ())):
            values = numbers(name, getattr(self, name), -MAX_PARAMETER, MAX_PARAMETER)
            if values.shape != expected:
                raise InputError("wrong_shape", name, values.shape, expected)
        one_of("activation", self.kind, KINDS)

    @property
    def activation(self) -> Activation:
        return activation(self.kind)

    @property
    def layers(self) -> tuple[tuple, tuple]:
        """W and b of both layers, as in engine.linear_stack: W (fan_in, fan_out), b (fan_out,)."""
        return (self.W1, tuple((weight,) for weight in self.W2)), (self.b1, (self.b2,))


# Lecture note 001's solution of XOR, set by hand; and the textbook's, XOR = (A or B) and not (A and B).
NOTE_001 = GateNetwork(((5.0, -7.0), (5.0, -7.0)), (-8.0, 3.0), (-11.0, -11.0), 6.0)
OR_AND_NAND = GateNetwork(((2.0, -2.0), (2.0, -2.0)), (-1.0, 3.0), (2.0, 2.0), -3.0, "step")
OR_AND_NAND_SIGMOID = GateNetwork(((20.0, -20.0), (20.0, -20.0)), (-10.0, 30.0), (20.0, 20.0), -30.0)


@dataclass(frozen=True)
class GateNetworkResult:
    """The network at the inputs 00, 01, 10, 11; arrays are read-only.

    Attributes:
        z_hidden, hidden: sums and outputs of the hidden units, (4, 2).
        z, output: sum and output of the output unit, (4,).
        target: (4,). answer: 1 where z > 0, else 0, (4,). correct: answer == target.
        gates: what the two hidden units are, read off their answers.
        output_gate: what the output unit is, as a gate of hidden outputs of 0 and 1.
        composed: the gate that these three make together. It is the network's own where all hidden outputs are close
            to 0 or 1.
        gate: the network's own, by its answers.
        merged: inputs (rows) whose hidden outputs are one point, as groups of two or more.
        hidden_separability: whether a line parts the classes in the plane of the hidden outputs.
        margin: signed distance of each hidden point to the output unit's line, positive on the right side, (4,); nan
            where W2 = 0.
    """

    z_hidden: np.ndarray
    hidden: np.ndarray
    z: np.ndarray
    output: np.ndarray
    target: np.ndarray
    answer: np.ndarray
    correct: np.ndarray
    gates: tuple[Gate, Gate]
    output_gate: Gate
    composed: Gate
    gate: Gate
    merged: tuple[tuple[int, ...], ...]
    hidden_separability: Separability
    margin: np.ndarray

    @property
    def smallest_margin(self) -> float:
        return float(self.margin.min())


def evaluate(network: GateNetwork, target=GATES["xor"].outputs) -> GateNetworkResult:
    """Every number of the forward pass at the four inputs, and the logic behind it.

    Args:
        network: the nine parameters.
        target: 0 or 1 for the inputs 00, 01, 10, 11, shape (4,).
    Raises: InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Convention: a sum that rounding cannot tell from 0 is 0, and answers 0 (engine.perceptron).
    """
    f, W1 = network.activation.f, np.array(network.W1)
    z_hidden = weighted_sum(W1.T, network.b1, POINTS).T
    hidden = f(z_hidden)
    unit = evaluate_unit(network.W2, network.b2, hidden, target)
    bits = (z_hidden > 0).astype(int)
    of_bits = (weighted_sum(network.W2, network.b2, POINTS) > 0).astype(int)
    return GateNetworkResult(
        *map(read_only, (z_hidden, hidden, unit.z, f(unit.z), unit.target, unit.output, unit.correct)),
        gates=(gate_of(bits[:, 0]), gate_of(bits[:, 1])),
        output_gate=gate_of(of_bits),
        composed=gate_of(of_bits[2 * bits[:, 0] + bits[:, 1]]),
        gate=gate_of(unit.output),
        merged=_merged(hidden),
        hidden_separability=separability(hidden, target),
        margin=unit.margin,
    )


def _merged(hidden: np.ndarray) -> tuple[tuple[int, ...], ...]:
    together = (np.abs(hidden[:, None] - hidden[None]) <= SAME_PLACE).all(axis=-1)
    groups = {tuple(np.flatnonzero(row).tolist()) for row in together}
    return tuple(sorted(group for group in groups if len(group) > 1))


@dataclass(frozen=True)
class GateNetworkPicture:
    """The network over the plane of its inputs, and its output unit over the plane of the hidden outputs.

    Attributes:
        output: the network's output over [LOW, HIGH] x [LOW, HIGH] of (x1, x2), (SIDE, SIDE), read-only; the first axis
            is x2, from high to low, as rows of a picture.
        hidden: the output unit's output over the same square of (h1, h2), likewise.
        hidden_lines: of the two hidden units, in the plane of the inputs.
        output_line: of the output unit, in the plane of the hidden outputs.
    """

    output: np.ndarray
    hidden: np.ndarray
    hidden_lines: tuple[DecisionLine, DecisionLine]
    output_line: DecisionLine


def picture(network: GateNetwork) -> GateNetworkPicture:
    """The network's two planes."""
    f, W1, W2 = network.activation.f, np.array(network.W1), np.array(network.W2)
    points = grid_points((LOW, HIGH), (LOW, HIGH), SIDE)
    output, hidden = (f(a @ W2 + network.b2).reshape(SIDE, SIDE) for a in (f(points @ W1 + network.b1), points))
    lines = tuple(decision_line(W1[:, unit], network.b1[unit], LOW, HIGH) for unit in (0, 1))
    return GateNetworkPicture(seal(output), seal(hidden), lines, decision_line(W2, network.b2, LOW, HIGH))
