"""Rules with one learning rate for all parameters: plain descent, its two kinds of momentum, its averaged form."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.hyperparameters import Hyperparameter
from engine.update_rule import NEW_PARAMETERS, Optimizer, State, count_step


@dataclass(frozen=True)
class SGD(Optimizer):
    """Gradient descent; stochastic when the gradient comes from a part of the data.

        theta <- theta - learning_rate * g

    Args:
        learning_rate: at least 0.
        weight_decay: at least 0; adds weight_decay * theta to g.

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    Convention: defaults of torch.optim.SGD.
    Source: Robbins & Monro (1951).
    """

    learning_rate: Hyperparameter = 1e-3
    weight_decay: Hyperparameter = 0.0

    code: ClassVar[str] = "sgd"
    title: ClassVar[str] = "SGD"
    description: ClassVar[str] = "Goes straight down the gradient, by the same factor for every parameter."
    lines: ClassVar[dict[str, str]] = {"effective_step": r"\Delta \leftarrow \eta\, g"}

    def compute_step(self, state: State, parameters: np.ndarray, gradient: np.ndarray) -> None:
        np.multiply(gradient, state["learning_rate"], state["effective_step"])


@dataclass(frozen=True)
class Momentum(Optimizer):
    """Gradient descent with inertia (heavy ball).

        v <- momentum * v + g ;  theta <- theta - learning_rate * v

    Args:
        learning_rate: at least 0.
        momentum: 0 (plain descent) to 1 (no friction).
        weight_decay: at least 0; adds weight_decay * theta to g.

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    Convention: torch.optim.SGD without dampening: g enters with factor 1, the learning rate multiplies v. PyTorch's
        default momentum is 0; here it is the usual 0.9.
    Source: Polyak (1964).
    """

    learning_rate: Hyperparameter = 1e-3
    momentum: Hyperparameter = 0.9
    weight_decay: Hyperparameter = 0.0

    code: ClassVar[str] = "momentum"
    title: ClassVar[str] = "Momentum"
    description: ClassVar[str] = (
        "A heavy ball: it gathers speed along slopes that last and evens out those that alternate."
    )
    memory: ClassVar[tuple[str, ...]] = ("velocity",)
    lines: ClassVar[dict[str, str]] = {
        "velocity": r"v \leftarrow \mu\, v + g",
        "effective_step": r"\Delta \leftarrow \eta\, v",
    }

    def compute_step(self, state: State, parameters: np.ndarray, gradient: np.ndarray) -> None:
        velocity = state["velocity"]
        velocity *= self.constants["momentum"]
        velocity += gradient
        np.multiply(velocity, state["learning_rate"], out=state["effective_step"])


@dataclass(frozen=True)
class Nesterov(Momentum):
    """Momentum that looks one step ahead.

        v <- momentum * v + g ;  theta <- theta - learning_rate * (g + momentum * v)

    Args:
        learning_rate, momentum, weight_decay: as in Momentum.

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    Convention: torch.optim.SGD with nesterov=True: theta stands for the point looked at ahead, so that g is always
        the gradient at theta.
    Source: Nesterov (1983); in this form Sutskever, Martens, Dahl & Hinton (2013).
    """

    code: ClassVar[str] = "nesterov"
    title: ClassVar[str] = "Nesterov momentum"
    description: ClassVar[str] = "Momentum that already counts the coming move, and so brakes earlier before a rise."
    lines: ClassVar[dict[str, str]] = {
        "velocity": r"v \leftarrow \mu\, v + g",
        "effective_step": r"\Delta \leftarrow \eta\,(g + \mu\, v)",
    }

    def compute_step(self, state: State, parameters: np.ndarray, gradient: np.ndarray) -> None:
        velocity, effective_step = state["velocity"], state["effective_step"]
        velocity *= self.constants["momentum"]
        velocity += gradient
        np.multiply(velocity, self.constants["momentum"], out=effective_step)
        effective_step += gradient
        effective_step *= state["learning_rate"]


@dataclass(frozen=True)
class ASGD(Optimizer):
    """Descent with a slowly falling learning rate, and the average of the points it visits.

        eta_t <- learning_rate / (1 + decay * learning_rate * (t - 1)) ** power
        theta <- theta - eta_t * (g + decay * theta)
        average <- average + (theta - average) / max(1, t - 1 - average_from)

    Args:
        learning_rate: at least 0.
        decay: at least 0; how fast the learning rate falls, and a weight decay at the same time.
        power: at least 0; exponent of the fall.
        average_from: at least 0; steps before averaging starts. Until then the average is theta itself.
        weight_decay: at least 0; adds weight_decay * theta to g.

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    Convention: torch.optim.ASGD (there: lambd, alpha, t0), whose t0 of a million steps never averages in a short run.
        Training moves theta; the average, `averaged_parameters` in the state, is the answer.
    Source: Polyak & Juditsky (1992); the schedule from Bottou (2010).
    """

    learning_rate: Hyperparameter = 1e-2
    decay: Hyperparameter = 1e-4
    power: Hyperparameter = 0.75
    average_from: Hyperparameter = 1e6
    weight_decay: Hyperparameter = 0.0

    code: ClassVar[str] = "asgd"
    title: ClassVar[str] = "Averaged SGD"
    description: ClassVar[str] = (
        "SGD that ends with the average of its path, in which the noise of single steps cancels."
    )
    memory: ClassVar[tuple[str, ...]] = ("step", "averaged_parameters")
    lines: ClassVar[dict[str, str]] = {
        "step": r"t \leftarrow t + 1",
        "step_size": r"\eta_t \leftarrow \frac{\eta}{(1 + \kappa\, \eta\, (t - 1))^{\alpha}}",
        "effective_step": r"\Delta \leftarrow \eta_t\,(g + \kappa\, \theta)",
        "new_parameters": NEW_PARAMETERS,
        "averaged_parameters": r"\bar\theta \leftarrow \bar\theta + \frac{\theta - \bar\theta}{\max(1,\; t - 1 - t_0)}",
    }

    def start(self, parameters) -> State:
        state = super().start(parameters)
        state["step_size"] = np.zeros_like(state["learning_rate"] * self.decay * self.power)
        return state

    def compute_step(self, state: State, parameters: np.ndarray, gradient: np.ndarray) -> None:
        steps_before = count_step(state) - 1
        rate, effective_step = state["learning_rate"], state["effective_step"]
        state["step_size"][...] = rate / (1 + self.decay * rate * steps_before) ** self.power
        np.multiply(parameters, self.constants["decay"], out=effective_step)
        effective_step += gradient
        effective_step *= state["step_size"]

    def update(self, state: State, parameters: np.ndarray, gradient: np.ndarray, out: np.ndarray) -> None:
        super().update(state, parameters, gradient, out)
        average, difference = state["averaged_parameters"], state["_scratch"]
        np.subtract(out, average, out=difference)
        difference /= np.maximum(1, state["step"] - 1 - self.average_from)
        average += difference
