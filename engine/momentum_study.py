"""One learning rate and momentum on a quadratic: what the formulas promise, beside what the steps do."""

from dataclasses import dataclass

import numpy as np

from engine.descent import Descent, descend
from engine.functions import Surface
from engine.heavy_ball import Mode, measured_rates, modes, shares, steps_per_digit, steps_to
from engine.momentum import Momentum


@dataclass(frozen=True, eq=False)
class Study:
    """Formulas and steps of one choice.

    Attributes:
        learning_rate, momentum: the choice.
        modes: the motion along each eigenvector, from the flattest to the steepest.
        rate: the largest of their rates; steps_per_digit: how many steps make the distance ten times smaller.
        deciding: index of the mode with that rate; of equal ones the flattest.
        shares: part of the loss at the start along each eigenvector, shape (d,).
        path: the steps themselves.
        early, late: the rates measured on the path, nan where it is too short.
        steps: the first step with at most a millionth of the loss at the start; -1 where it takes more than 100,000.
    """

    learning_rate: float
    momentum: float
    modes: tuple[Mode, ...]
    rate: float
    steps_per_digit: float
    deciding: int
    shares: np.ndarray
    path: Descent
    early: float
    late: float
    steps: int


def study(surface: Surface, learning_rate: float, momentum: float, start, n_steps: int) -> Study:
    """Heavy-ball descent on a quadratic with a minimum, by formula and step by step.

    Args:
        surface: a quadratic with its minimum at 0.
        learning_rate: at least 0; momentum: 0 to 1; start: shape (d,); n_steps: 1 to 10,000.
    Raises: InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """
    found = modes(learning_rate, momentum, surface.eigenvalues)
    rates = [mode.rate for mode in found]
    path = descend(surface, Momentum(learning_rate=learning_rate, momentum=momentum), start, n_steps)
    early, late = measured_rates(path.losses)
    return Study(
        learning_rate,
        momentum,
        found,
        max(rates),
        float(steps_per_digit(max(rates))),
        int(np.argmax(rates)),
        shares(surface, start),
        path,
        early,
        late,
        steps_to(surface, learning_rate, momentum, start),
    )
