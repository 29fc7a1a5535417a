"""What every optimizer is: hyperparameters in a frozen dataclass, a state in plain sight, one way to take a step.

The formula of a rule is a list of lines, each giving a name to a new quantity. `start` makes one array for every line,
`update` fills these arrays from the first line to the last, and so the state after a step *is* the worked example:
`inspect` only copies it.

Everything is elementwise. Extra leading axes are runs, starts or learning rates that move side by side.
"""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import ClassVar

import numpy as np

from engine.arrays import seal
from engine.errors import finite
from engine.hyperparameters import RANGES, check_broadcast, hyperparameter

State = dict[str, np.ndarray]

SYMBOLS = {
    "parameters": r"\theta",
    "new_parameters": r"\theta",
    "averaged_parameters": r"\bar\theta",
    "gradient": "g",
    "regularized_gradient": "g",
    "previous_gradient": r"g_{\text{prev}}",
    "rescaled_gradient": "g'",
    "step": "t",
    "velocity": "v",
    "first_moment": "m",
    "second_moment": "v",
    "corrected_first_moment": r"\hat m",
    "corrected_second_moment": r"\hat v",
    "infinity_norm": "u",
    "sum_squared_gradient": "G",
    "mean_squared_gradient": "s",
    "mean_squared_step": "d",
    "momentum_now": r"\mu",
    "momentum_next": r"\mu'",
    "momentum_product": r"\Pi",
    "denominator": "D",
    "sign_agreement": "c",
    "step_size": r"\eta_t",
    "effective_step": r"\Delta",
    # hyperparameters
    "learning_rate": r"\eta",
    "momentum": r"\mu",
    "momentum_decay": r"\psi",
    "beta1": r"\beta_1",
    "beta2": r"\beta_2",
    "rho": r"\rho",
    "epsilon": r"\epsilon",
    "weight_decay": r"\lambda",
    "eta_minus": r"\eta_-",
    "eta_plus": r"\eta_+",
    "step_minimum": r"\Delta_{\min}",
    "step_maximum": r"\Delta_{\max}",
    "decay": r"\kappa",
    "power": r"\alpha",
    "average_from": "t_0",
}


NEW_PARAMETERS = r"\theta \leftarrow \theta - \Delta"


@dataclass(frozen=True)
class Optimizer:
    """A rule that turns a gradient into new parameters.

        theta <- theta - effective_step

    A subclass lists its hyperparameters, writes its `lines` and fills them in `compute_step`. A hyperparameter is a
    number, or an array that broadcasts against the parameters: nine learning rates of shape (9, 1, 1) are one call.
    (With arrays in it, a rule can be neither compared nor hashed.)

    Raises:
        InputError: not_a_number, not_finite, out_of_range: a hyperparameter outside its range, RANGES.
    """

    code: ClassVar[str]  # stable name, in OPTIMIZERS
    title: ClassVar[str]
    description: ClassVar[str]
    lines: ClassVar[dict[str, str]]  # name of each quantity -> the line of LaTeX that computes it, in order
    memory: ClassVar[tuple[str, ...]] = ()  # what must survive from one step to the next; the rest is only shown

    def __post_init__(self):
        for field in fields(self):
            if field.name in RANGES:
                # frozen: checking is the one moment at which a field is written
                object.__setattr__(self, field.name, hyperparameter(field.name, getattr(self, field.name)))

    @cached_property
    def constants(self) -> State:
        """The hyperparameters as arrays, and "1 - beta1" and its like: faster for NumPy than Python's numbers."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values |= {f"1 - {name}": 1 - values[name] for name in ("beta1", "beta2", "rho") if name in values}
        return {name: np.asarray(value) for name, value in values.items()}

    def formula(self) -> dict[str, str]:
        """The lines of one update in order: name of the result, as in the state and in `inspect` -> LaTeX."""
        lines = {"regularized_gradient": r"g \leftarrow g + \lambda\,\theta"} if self.penalizes() else {}
        lines |= self.lines
        lines.setdefault("new_parameters", NEW_PARAMETERS)
        return lines

    def penalizes(self) -> bool:
        """Whether weight decay is part of the gradient (L2 penalty)."""
        return bool(np.any(getattr(self, "weight_decay", 0.0)))

    def start(self, parameters) -> State:
        """The state before the first step.

        Args:
            parameters: shape (…); only the shape is used.

        Returns:
            One array of zeros for every line of `formula`, and `learning_rate`, which a schedule may write before each
            step. Names with an underscore are working space.

        Raises:
            InputError: not_finite, wrong_shape: a hyperparameter does not broadcast against the parameters.
        """
        shape = finite("parameters", parameters).shape
        for field in fields(self):
            check_broadcast(field.name, getattr(self, field.name), shape)
        state = {name: np.zeros(shape) for name in self.formula() if name != "new_parameters"}
        if "step" in state:
            state["step"] = np.zeros(())
        # In full shape, since NumPy walks equal shapes several times faster than it broadcasts short rows.
        rate = np.asarray(self.learning_rate)
        state["learning_rate"] = np.broadcast_to(rate, shape if rate.ndim else ()).copy()
        state["_scratch"] = np.zeros(shape)
        return state

    def update(self, state: State, parameters: np.ndarray, gradient: np.ndarray, out: np.ndarray) -> None:
        """Take one step: write the new parameters into `out` and the new quantities into `state`, and nothing else.

        Args:
            state: made by `start`.
            parameters, gradient: float64, shape (…) as given to `start`; not changed.
            out: same shape; may be `parameters` itself.

        Values that overflow are left to overflow, with NumPy's warning: a loop that lets a run diverge silences it
        once, around the loop, with np.errstate.
        """
        if "regularized_gradient" in state:
            gradient = self.regularize(state, parameters, gradient)
        self.compute_step(state, parameters, gradient)
        np.subtract(parameters, state["effective_step"], out)

    def regularize(self, state: State, parameters: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        """The gradient of loss + weight_decay / 2 * sum(parameters ** 2)."""
        total = state["regularized_gradient"]
        np.multiply(parameters, self.constants["weight_decay"], out=total)
        total += gradient
        return total

    def compute_step(self, state: State, parameters: np.ndarray, gradient: np.ndarray) -> None:
        """Fill the state line by line, down to `effective_step`."""
        raise NotImplementedError


def count_step(state: State) -> int:
    """Add 1 to the step counter and give it back as an integer."""
    count = int(state["step"]) + 1
    state["step"][...] = count
    return count


def leaky_average(
    average: np.ndarray, value: np.ndarray, keep: np.ndarray, take: np.ndarray, scratch: np.ndarray
) -> None:
    """Let `average` forget a little and take in `value`, in place; take = 1 - keep.

    average <- keep * average + take * value
    """
    np.multiply(value, take, scratch)
    np.multiply(average, keep, average)
    np.add(average, scratch, average)


def take_scaled_step(state: State, direction: np.ndarray, square: np.ndarray, epsilon: np.ndarray) -> None:
    """Divide by the root of a sum or average of squared gradients: the last two lines of most adaptive rules.

    denominator <- sqrt(square) + epsilon ;  effective_step <- learning_rate * direction / denominator
    """
    denominator, effective_step = state["denominator"], state["effective_step"]
    np.sqrt(square, denominator)
    np.add(denominator, epsilon, denominator)
    np.divide(direction, denominator, effective_step)
    np.multiply(effective_step, state["learning_rate"], effective_step)


def inspect(optimizer: Optimizer, state: State, parameters, gradient) -> State:
    """Every quantity of one step in the order of the formula, without taking the step.

    The step is computed by `update` on a copy of the state: what is shown is what trains.

    Args:
        state: before the step; not changed.
        parameters, gradient: shape (…) as given to `start`.

    Returns:
        Read-only copies: parameters, gradient, learning_rate, one entry for each line of `formula`.

    Raises:
        InputError: not_a_number, not_finite.
    """
    parameters, gradient = finite("parameters", parameters), finite("gradient", gradient)
    after = {name: entry.copy() for name, entry in state.items()}
    new_parameters = np.empty_like(parameters)
    with np.errstate(over="ignore", invalid="ignore"):  # a step that overflows is a step worth showing
        optimizer.update(after, parameters, gradient, new_parameters)
    after["new_parameters"] = new_parameters
    shown = {"parameters": parameters.copy(), "gradient": gradient.copy()}
    shown |= {name: after[name] for name in ("learning_rate", *optimizer.formula()) if name in after}
    return {name: seal(entry) for name, entry in shown.items()}
