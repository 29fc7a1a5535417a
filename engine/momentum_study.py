"""One learning rate and momentum on a quadratic: what the formulas promise, beside what the steps do."""

from dataclasses import dataclass

import numpy as np

from engine.descent import Descent, descend
from engine.functions import Surface
from engine.heavy_ball import (
    Mode,
    known_steps,
    measured_rates,
    modes,
    passes_through,
    shares,
    steps_per_digit,
    steps_to,
)
from engine.momentum import Momentum

REASONS = (
    "takes over",  # the direction that diverges
    "double root",
    "flies out",  # two nearly equal negative roots
    "no brake",  # it jumps, and the first jump has no old velocity against it
    "gathers speed",  # it creeps, from rest
    "swings",
    "same rate",  # of both directions, of which one or both swing
    "other direction",  # which shrinks faster
)


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
        leading: index of the mode with most of the loss at the end of the path's first quarter.
        early, late: the rates measured on the path, nan where it is too short.
        passes_through: whether the path lands on the minimum and leaves it again.
        steps: the first step from which on the loss stays at most a millionth of that at the start; -1 where it takes
            more than 100,000.
    """

    learning_rate: float
    momentum: float
    modes: tuple[Mode, ...]
    rate: float
    steps_per_digit: float
    deciding: int
    shares: np.ndarray
    path: Descent
    leading: int
    early: float
    late: float
    passes_through: bool
    steps: int

    @property
    def early_reason(self) -> str:
        """Why the early rate is not the late one: a code of REASONS."""
        decides, other = self.modes[self.deciding], self.modes[1 - self.deciding]
        if decides.kind == "diverges":
            return "takes over"
        if self.early > self.late:
            return self._slower()
        if decides.rate == other.rate:
            return "same rate"
        swings = decides.discriminant < 0 and self.shares[self.deciding] > 0.5
        return "swings" if swings else "other direction"

    def _slower(self) -> str:
        """The early distance is that of the leading mode, whichever decides in the end."""
        leads = self.modes[self.leading]
        if leads.kind == self.modes[self.deciding].kind == "critical":
            return "double root"
        if leads.flies_out:
            return "flies out"
        if leads.discriminant < 0:
            return "same rate" if len({mode.rate for mode in self.modes}) == 1 else "swings"
        return "gathers speed" if leads.trace > 0 else "no brake"


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
    quarter = max(known_steps(path.losses) - 1, 0) // 4
    return Study(
        learning_rate,
        momentum,
        found,
        max(rates),
        float(steps_per_digit(max(rates))),
        int(np.argmax(rates)),
        shares(surface, start),
        path,
        int(shares(surface, path.points[quarter]).argmax()),
        early,
        late,
        passes_through(path.losses),
        steps_to(surface, learning_rate, momentum, start),
    )
