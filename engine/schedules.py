"""Learning-rate schedules: a step, or all steps at once, to the factor that multiplies the learning rate.

A training loop writes `optimizer.learning_rate * schedule(step)` into `state["learning_rate"]` before each update.
"""

from dataclasses import dataclass, field, fields
from typing import ClassVar

import numpy as np

from engine.errors import InputError, number, numbers, one_of, whole

MAX_STEPS = 1_000_000

SYMBOLS = {"every": "T", "length": "T", "decay": r"\gamma", "floor": "r", "start": "r", "then": r"\eta'"}


@dataclass(frozen=True)
class Schedule:
    """How the learning rate changes while training goes on: schedule(step) is its factor at that step.

    Source: the conventions of torch.optim.lr_scheduler, whose names a subclass gives where they differ.
    """

    code: ClassVar[str]  # stable name, in SCHEDULES
    title: ClassVar[str]
    description: ClassVar[str]
    formula: ClassVar[str]  # LaTeX; t is the step, eta the learning rate, eta_t the rate at step t

    def __call__(self, step) -> np.ndarray:
        """The factor at `step`.

        Args:
            step: at least 0, 0 being the first update; any shape, so that arange(n) gives the whole curve.

        Returns:
            Factors, shape of `step`.

        Raises:
            InputError: not_a_number, not_finite, out_of_range.
        """
        return self.factor(numbers("step", step, 0))

    def factor(self, step: np.ndarray) -> np.ndarray:
        """The formula itself; `step` is checked."""
        raise NotImplementedError


@dataclass(frozen=True)
class Constant(Schedule):
    """The learning rate stays as it is.

    eta_t = learning_rate
    """

    code: ClassVar[str] = "constant"
    title: ClassVar[str] = "Constant"
    description: ClassVar[str] = "The same learning rate from the first step to the last."
    formula: ClassVar[str] = r"\eta_t = \eta"

    def factor(self, step: np.ndarray) -> np.ndarray:
        return np.ones_like(step)


@dataclass(frozen=True)
class StepDecay(Schedule):
    """A fall by a fixed factor every so many steps.

        eta_t = learning_rate * decay ** floor(t / every)

    Args:
        every: steps between two falls, 1 to 1,000,000.
        decay: 0 to 1.

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    Convention: torch.optim.lr_scheduler.StepLR (there: step_size, gamma).
    """

    every: int = 30
    decay: float = 0.1

    code: ClassVar[str] = "step"
    title: ClassVar[str] = "Step decay"
    description: ClassVar[str] = "Large steps for a while, then suddenly smaller ones: a staircase."
    formula: ClassVar[str] = r"\eta_t = \eta\, \gamma^{\lfloor t / T \rfloor}"

    def __post_init__(self):
        keep(self, "every", whole("every", self.every, 1, MAX_STEPS))
        keep(self, "decay", number("decay", self.decay, 0, 1))

    def factor(self, step: np.ndarray) -> np.ndarray:
        return self.decay ** np.floor(step / self.every)


@dataclass(frozen=True)
class ExponentialDecay(Schedule):
    """A fall by the same factor at every step.

        eta_t = learning_rate * decay ** t

    Args:
        decay: 0 to 1.

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    Convention: torch.optim.lr_scheduler.ExponentialLR (there: gamma).
    """

    decay: float = 0.99

    code: ClassVar[str] = "exponential"
    title: ClassVar[str] = "Exponential decay"
    description: ClassVar[str] = "The learning rate loses the same share of itself at every step."
    formula: ClassVar[str] = r"\eta_t = \eta\, \gamma^t"

    def __post_init__(self):
        keep(self, "decay", number("decay", self.decay, 0, 1))

    def factor(self, step: np.ndarray) -> np.ndarray:
        return self.decay**step


@dataclass(frozen=True)
class Cosine(Schedule):
    """Half a wave of a cosine, from the learning rate down to a floor.

        eta_t = learning_rate * (floor + (1 - floor) * (1 + cos(pi * t / length)) / 2)

    Args:
        length: steps from top to floor, 1 to 1,000,000.
        floor: 0 to 1, as a part of the learning rate.

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    Convention: torch.optim.lr_scheduler.CosineAnnealingLR (there: T_max; eta_min is floor * learning_rate): after
        `length` steps the wave rises again.
    Source: Loshchilov & Hutter (2017), equation 5.
    """

    length: int = 100
    floor: float = 0.0

    code: ClassVar[str] = "cosine"
    title: ClassVar[str] = "Cosine"
    description: ClassVar[str] = "Stays high at first, falls fastest half-way, and lands softly."
    formula: ClassVar[str] = r"\eta_t = \eta \left(r + (1 - r)\, \tfrac12 \left(1 + \cos \tfrac{\pi t}{T}\right)\right)"

    def __post_init__(self):
        keep(self, "length", whole("length", self.length, 1, MAX_STEPS))
        keep(self, "floor", number("floor", self.floor, 0, 1))

    def factor(self, step: np.ndarray) -> np.ndarray:
        return self.floor + (1 - self.floor) * (1 + np.cos(np.pi * step / self.length)) / 2


@dataclass(frozen=True)
class WarmUp(Schedule):
    """A straight rise to the full learning rate; then another schedule begins, from its own step 0.

        eta_t = learning_rate * (start + (1 - start) * t / length)   for t < length
        eta_t = then(t - length)                                     from there on

    Args:
        length: steps of the rise, 1 to 1,000,000.
        start: above 0 to 1; the first factor.
        then: the schedule that follows.

    Raises:
        InputError: not_a_number, not_finite, out_of_range, unknown_name.
    Convention: torch.optim.lr_scheduler.LinearLR (there: total_iters, start_factor), joined by SequentialLR.
    Source: Goyal et al. (2017), section 2.2.
    """

    length: int = 5
    start: float = 1 / 3
    then: Schedule = field(default_factory=Constant)

    code: ClassVar[str] = "warm_up"
    title: ClassVar[str] = "Linear warm-up"
    description: ClassVar[str] = (
        "Small steps first, while gradients and their averages are unreliable; then the full rate."
    )
    formula: ClassVar[str] = (
        r"\eta_t = \begin{cases} \eta \left(r + (1 - r)\, \tfrac{t}{T}\right) & t < T \\"
        r" \eta'_{t - T} & t \ge T \end{cases}"
    )

    def __post_init__(self):
        keep(self, "length", whole("length", self.length, 1, MAX_STEPS))
        keep(self, "start", number("start", self.start, 0, 1, open_low=True))
        if not isinstance(self.then, Schedule):
            raise InputError("unknown_name", "then", self.then, "Schedule")

    def factor(self, step: np.ndarray) -> np.ndarray:
        rising = self.start + (1 - self.start) * step / self.length
        # clipped at 0 only so that the second schedule never sees the steps that are not its own
        following = self.then.factor(np.maximum(step - self.length, 0.0))
        return np.where(step < self.length, rising, following)


SCHEDULES: dict[str, type[Schedule]] = {
    kind.code: kind for kind in (Constant, StepDecay, ExponentialDecay, Cosine, WarmUp)
}


def schedule(name: str, **values) -> Schedule:
    """The schedule of this name.

    Args:
        name: code of a schedule, key of SCHEDULES.
        values: settings that differ from their defaults.

    Raises:
        InputError: unknown_name: the schedule, or a setting it lacks; not_a_number, not_finite, out_of_range.
    """
    kind = SCHEDULES[one_of("schedule", name, SCHEDULES)]
    known = [setting.name for setting in fields(kind)]
    for argument in values:
        one_of("setting", argument, known)
    return kind(**values)


def keep(frozen: Schedule, name: str, checked) -> None:
    """Write a checked value into a frozen dataclass that is being made."""
    object.__setattr__(frozen, name, checked)
