"""Trainings of one unit and what can be said of its gates, kept as in pages.shared.cached."""

from dataclasses import dataclass
from functools import lru_cache

from engine import one_unit
from engine.gates import GATES, POINTS, Gate, gate
from engine.one_unit import UnitHistory, UnitTraining
from engine.perceptron import DecisionLine, decision_line
from engine.separability import Separability, separability
from pages.shared.shelf import shelved


@shelved(most=64)
def training(config: UnitTraining) -> UnitHistory:
    """The unit after its training; up to 2 MB."""
    return one_unit.train(config)


@dataclass(frozen=True)
class GateProof:
    """A gate, whether one unit can answer it and why, and the line of the witness (None where there is none)."""

    gate: Gate
    proof: Separability
    line: DecisionLine | None


@lru_cache(maxsize=64)  # sixteen gates
def proof(code: str) -> GateProof:
    """The proof of one gate."""
    found = separability(POINTS, gate(code).target)
    line = decision_line(found.weights, found.bias) if found.separable else None
    return GateProof(gate(code), found, line)


def census() -> list[GateProof]:
    """All sixteen, in the engine's order."""
    return [proof(code) for code in GATES]


@lru_cache(maxsize=64)  # sixteen gates, three losses
def floor(code: str, loss: str) -> float:
    """What the loss of one unit on a gate cannot go below."""
    return one_unit.floor(code, loss)


@lru_cache(maxsize=64)  # 1, 2, 3
def count_separable(n_inputs: int) -> tuple[int, int]:
    """How many gates of so many inputs are linearly separable, of how many."""
    return one_unit.count_separable(n_inputs)


@lru_cache(maxsize=64)  # sixteen gates
def output_of_bias_alone(code: str) -> float:
    """Where a unit settles that sees no input."""
    return one_unit.output_of_bias_alone(code)
