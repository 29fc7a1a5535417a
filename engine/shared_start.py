"""Note 002's plotting cells: three descents that share one array as their start, and the same three by themselves."""

from dataclasses import dataclass

import numpy as np

from engine.descent import race
from engine.differences import numerical_gradient
from engine.momentum import SGD
from engine.surfaces import ROUND_BOWL

CELLS = ((0.1, 20), (10.0, 20), (0.1, 1))  # learning rate and steps of each cell, in the note's order


@dataclass(frozen=True)
class Cell:
    """A cell: where it begins and ends as it was meant, and where it really does; pairs of numbers."""

    learning_rate: float
    n_steps: int
    meant_start: tuple[float, float]
    meant_end: tuple[float, float]
    real_start: tuple[float, float]
    real_end: tuple[float, float]


def cells() -> tuple[Cell, ...]:
    """Walk the cells: `x = init_x; x -= ...` moves init_x itself, so each cell begins where the last one ended.

    With the note's numerical gradient on x0^2 + x1^2, from (-3, 4).
    """
    found, shared = [], ROUND_BOWL.start
    for learning_rate, n_steps in CELLS:
        starts = [ROUND_BOWL.start, shared]
        ends = race(ROUND_BOWL, SGD(), [learning_rate], starts, n_steps, numerical_gradient(ROUND_BOWL)).points[
            0, :, -1
        ]
        meant, real = (tuple(end) for end in np.asarray(ends).tolist())
        found.append(Cell(learning_rate, n_steps, ROUND_BOWL.start, meant, shared, real))
        shared = real
    return tuple(found)
