"""A descent with all that happens inside of each step, kept for looking at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.arrays import seal
from engine.descent import first_broken
from engine.errors import InputError, finite, whole
from engine.functions import Surface
from engine.update_rule import Optimizer

MAX_STEPS = 1000
AVERAGES = ("velocity", "corrected_first_moment", "first_moment")
SQUARES = ("corrected_second_moment", "second_moment", "mean_squared_gradient", "sum_squared_gradient")


@dataclass(frozen=True)
class Trace:
    """One run. Step k leads from point k to point k + 1, for k = 0 to n_steps - 1.

    Attributes:
        optimizer: the rule that was followed.
        points: shape (n_steps + 1, d); 0 is the start.
        losses: value of the surface at the points, shape (n_steps + 1,).
        diverged_at: first point that is not finite, or whose loss is not; -1 where there is none.
        before: what the rule remembered when a step began; name -> shape (n_steps, d).
        quantities: parameters, gradient and each line of the rule's formula; name -> shape (n_steps, d).
    """

    optimizer: Optimizer
    points: np.ndarray
    losses: np.ndarray
    diverged_at: int
    before: Mapping[str, np.ndarray]
    quantities: Mapping[str, np.ndarray]

    @property
    def average(self) -> str:
        """The name of the running sum or average of gradients that makes the step; "" where the rule has none."""
        return next((name for name in AVERAGES if name in self.quantities), "")

    @property
    def squares(self) -> str:
        """The name of the sum or average of squared gradients that divides the step; "" where the rule has none."""
        return next((name for name in SQUARES if name in self.quantities), "")

    @property
    def scale(self) -> np.ndarray | None:
        """The recent size of the gradient: the root of the squares, or Adamax's largest; shape (n_steps, d)."""
        if self.squares:
            return np.sqrt(self.quantities[self.squares])
        return self.quantities.get("infinity_norm")

    @property
    def relative_steps(self) -> np.ndarray:
        """The length of each step in learning rates, |effective_step| / learning_rate; nan for a learning rate of 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.abs(self.quantities["effective_step"]) / self.optimizer.learning_rate


def trace(
    surface: Surface,
    optimizer: Optimizer,
    start,
    n_steps: int,
    gradient: Callable[[np.ndarray], np.ndarray] | None = None,
) -> Trace:
    """Follow a rule from one start and keep every quantity of every step.

    The steps are taken by `update`, as in `descent.descend`: what is shown is what trains.

    Args:
        surface: the function to descend on, of d variables.
        optimizer: the rule; its hyperparameters are numbers.
        start: shape (d,), finite; not changed.
        n_steps: 1 to 1000.
        gradient: point (d,) -> gradient (d,); default the surface's own.
    Raises: InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """
    start, d = finite("start", start), surface.dimensions
    if start.shape != (d,):
        raise InputError("wrong_shape", "start", start.shape, f"({d},)")
    n_steps = whole("n_steps", n_steps, 1, MAX_STEPS)
    gradient = gradient or surface.gradient

    state = optimizer.start(start)
    names = [name for name in optimizer.formula() if name != "new_parameters"]
    points, gradients = np.empty((n_steps + 1, d)), np.empty((n_steps, d))
    before = {name: np.empty((n_steps, d)) for name in optimizer.memory}
    quantities = {name: np.empty((n_steps, d)) for name in names}
    points[0] = start
    # A run that diverges overflows on its way: that is a result (`diverged_at`), not a mistake to warn of.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for k in range(n_steps):
            for name, kept in before.items():
                kept[k] = state[name]
            gradients[k] = gradient(points[k])
            optimizer.update(state, points[k], gradients[k], points[k + 1])
            for name, kept in quantities.items():
                kept[k] = state[name]
        losses = surface.value(points)
    quantities = {"parameters": points[:-1], "gradient": gradients, **quantities, "new_parameters": points[1:]}
    in_order = ("parameters", "gradient", *optimizer.formula())
    for array in (losses, points, *before.values(), *quantities.values()):
        seal(array)
    return Trace(
        optimizer,
        points,
        losses,
        int(first_broken(points, losses)),
        MappingProxyType(before),
        MappingProxyType({name: quantities[name] for name in in_order}),
    )
