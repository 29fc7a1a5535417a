"""Rules that give every parameter a step of its own, from the gradients it has seen."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.errors import InputError, interval
from engine.hyperparameters import Hyperparameter
from engine.update_rule import Optimizer, State, leaky_average, take_scaled_step


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """Steps that shrink with all the gradient a parameter has seen.

        G <- G + g^2 ;  theta <- theta - learning_rate * g / (sqrt(G) + epsilon)

    Args:
        learning_rate: at least 0.
        epsilon: above 0; keeps the denominator away from 0.
        weight_decay: at least 0; adds weight_decay * theta to g.

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    Convention: torch.optim.Adagrad: epsilon outside the root, G starts at 0, no decay of the learning rate.
    Source: Duchi, Hazan & Singer (2011).
    """

    learning_rate: Hyperparameter = 1e-2
    epsilon: Hyperparameter = 1e-10
    weight_decay: Hyperparameter = 0.0

    code: ClassVar[str] = "adagrad"
    title: ClassVar[str] = "AdaGrad"
    description: ClassVar[str] = "Parameters with small or rare gradients take larger steps; all steps shrink for good."
    memory: ClassVar[tuple[str, ...]] = ("sum_squared_gradient",)
    lines: ClassVar[dict[str, str]] = {
        "sum_squared_gradient": r"G \leftarrow G + g^2",
        "denominator": r"D \leftarrow \sqrt{G} + \epsilon",
        "effective_step": r"\Delta \leftarrow \eta\, \frac{g}{D}",
    }

    def compute_step(self, state: State, parameters: np.ndarray, gradient: np.ndarray) -> None:
        total, square = state["sum_squared_gradient"], state["_scratch"]
        np.multiply(gradient, gradient, out=square)
        total += square
        take_scaled_step(state, gradient, total, self.constants["epsilon"])


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """AdaGrad that forgets: the sum of squares becomes a leaky average.

        s <- rho * s + (1 - rho) * g^2 ;  theta <- theta - learning_rate * g / (sqrt(s) + epsilon)

    Args:
        learning_rate: at least 0.
        rho: 0 to below 1; how much of the average is kept in a step.
        epsilon: above 0.
        weight_decay: at least 0; adds weight_decay * theta to g.

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    Convention: torch.optim.RMSprop (there: alpha), neither centered nor with momentum: epsilon outside the root, s
        starts at 0 without bias correction, so the first step is 1 / sqrt(1 - rho) = 10 learning rates long.
    Source: Tieleman & Hinton (2012), lecture 6.5.
    """

    learning_rate: Hyperparameter = 1e-2
    rho: Hyperparameter = 0.99
    epsilon: Hyperparameter = 1e-8
    weight_decay: Hyperparameter = 0.0

    code: ClassVar[str] = "rmsprop"
    title: ClassVar[str] = "RMSProp"
    description: ClassVar[str] = (
        "Divides by the recent size of the gradient: nearly equal steps on steep and flat ground."
    )
    memory: ClassVar[tuple[str, ...]] = ("mean_squared_gradient",)
    lines: ClassVar[dict[str, str]] = {
        "mean_squared_gradient": r"s \leftarrow \rho\, s + (1 - \rho)\, g^2",
        "denominator": r"D \leftarrow \sqrt{s} + \epsilon",
        "effective_step": r"\Delta \leftarrow \eta\, \frac{g}{D}",
    }

    def compute_step(self, state: State, parameters: np.ndarray, gradient: np.ndarray) -> None:
        mean, square = state["mean_squared_gradient"], state["_scratch"]
        np.multiply(gradient, gradient, out=square)
        leaky_average(mean, square, self.constants["rho"], self.constants["1 - rho"], square)
        take_scaled_step(state, gradient, mean, self.constants["epsilon"])


@dataclass(frozen=True)
class Adadelta(Optimizer):
    """RMSProp whose learning rate is the recent size of its own steps.

        s <- rho * s + (1 - rho) * g^2
        g' <- sqrt(d + epsilon) / sqrt(s + epsilon) * g
        d <- rho * d + (1 - rho) * g'^2
        theta <- theta - learning_rate * g'

    Args:
        learning_rate: at least 0; 1 is the paper's rule.
        rho: 0 to below 1; how much of the averages is kept in a step.
        epsilon: above 0; it also sets the size of the very first steps.
        weight_decay: at least 0; adds weight_decay * theta to g.

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    Convention: torch.optim.Adadelta: epsilon inside both roots, d averages g' before the learning rate multiplies it.
    Source: Zeiler (2012), algorithm 1.
    """

    learning_rate: Hyperparameter = 1.0
    rho: Hyperparameter = 0.9
    epsilon: Hyperparameter = 1e-6
    weight_decay: Hyperparameter = 0.0

    code: ClassVar[str] = "adadelta"
    title: ClassVar[str] = "Adadelta"
    description: ClassVar[str] = "Measures how far its last steps went and sets the next by it, with no rate to choose."
    memory: ClassVar[tuple[str, ...]] = ("mean_squared_gradient", "mean_squared_step")
    lines: ClassVar[dict[str, str]] = {
        "mean_squared_gradient": r"s \leftarrow \rho\, s + (1 - \rho)\, g^2",
        "rescaled_gradient": r"g' \leftarrow \frac{\sqrt{d + \epsilon}}{\sqrt{s + \epsilon}}\, g",
        "mean_squared_step": r"d \leftarrow \rho\, d + (1 - \rho)\, g'^2",
        "effective_step": r"\Delta \leftarrow \eta\, g'",
    }

    def compute_step(self, state: State, parameters: np.ndarray, gradient: np.ndarray) -> None:
        mean_gradient, mean_step = state["mean_squared_gradient"], state["mean_squared_step"]
        rescaled, work = state["rescaled_gradient"], state["_scratch"]
        rho, fresh, epsilon = self.constants["rho"], self.constants["1 - rho"], self.constants["epsilon"]
        np.multiply(gradient, gradient, out=work)
        leaky_average(mean_gradient, work, rho, fresh, work)
        np.add(mean_step, epsilon, out=rescaled)
        np.add(mean_gradient, epsilon, out=work)
        np.sqrt(rescaled, out=rescaled)
        np.sqrt(work, out=work)
        rescaled /= work
        rescaled *= gradient
        np.multiply(rescaled, rescaled, out=work)
        leaky_average(mean_step, work, rho, fresh, work)
        np.multiply(rescaled, state["learning_rate"], out=state["effective_step"])


@dataclass(frozen=True)
class Rprop(Optimizer):
    """Steps that ignore the size of the gradient: they grow while its sign stays and shrink when it flips.

        c <- sign(g_prev * g)
        size <- clip(size * (eta_plus where c > 0, eta_minus where c < 0, else 1), step_minimum, step_maximum)
        g <- 0 where c < 0
        theta <- theta - sign(g) * size ;  g_prev <- g

    Args:
        learning_rate: at least 0; the size of the first step. The state has none: a schedule has no say here.
        eta_minus: above 0, below 1.
        eta_plus: above 1.
        step_minimum, step_maximum: above 0, the first not above the second.

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    Convention: torch.optim.Rprop, which is the variant iRprop-: after a flip the parameter waits for one step. For full
        batches: the noise of mini-batches flips signs.
    Source: Riedmiller & Braun (1993); iRprop- from Igel & Hüsken (2000).
    """

    learning_rate: Hyperparameter = 1e-2
    eta_minus: Hyperparameter = 0.5
    eta_plus: Hyperparameter = 1.2
    step_minimum: Hyperparameter = 1e-6
    step_maximum: Hyperparameter = 50.0

    code: ClassVar[str] = "rprop"
    title: ClassVar[str] = "Rprop"
    description: ClassVar[str] = (
        "Looks at signs alone: a longer step while the slope keeps its sign, half of it after a turn."
    )
    memory: ClassVar[tuple[str, ...]] = ("previous_gradient", "step_size")
    lines: ClassVar[dict[str, str]] = {
        "sign_agreement": r"c \leftarrow \operatorname{sign}(g_{\text{prev}}\, g)",
        "step_size": r"\eta_t \leftarrow \operatorname{clip}\left(\eta_t \cdot"
        r" \begin{cases} \eta_+ & c > 0 \\ \eta_- & c < 0 \\ 1 & c = 0 \end{cases},\;"
        r" \Delta_{\min},\; \Delta_{\max}\right)",
        "previous_gradient": r"g_{\text{prev}} \leftarrow \begin{cases} 0 & c < 0 \\ g & c \ge 0 \end{cases}",
        "effective_step": r"\Delta \leftarrow \operatorname{sign}(g_{\text{prev}})\, \eta_t",
    }

    def __post_init__(self):
        super().__post_init__()
        if np.any(self.step_minimum > np.asarray(self.step_maximum)):
            raise InputError(
                "out_of_range", "step_minimum", self.step_minimum, interval(0, np.min(self.step_maximum), open_low=True)
            )

    def start(self, parameters) -> State:
        state = super().start(parameters)
        state["step_size"][...] = state.pop("learning_rate")
        return state

    def compute_step(self, state: State, parameters: np.ndarray, gradient: np.ndarray) -> None:
        constants = self.constants
        agreement, size, previous = state["sign_agreement"], state["step_size"], state["previous_gradient"]
        np.multiply(previous, gradient, out=agreement)
        np.sign(agreement, out=agreement)
        flipped = agreement < 0
        np.multiply(size, constants["eta_plus"], out=size, where=agreement > 0)
        np.multiply(size, constants["eta_minus"], out=size, where=flipped)
        np.maximum(size, constants["step_minimum"], out=size)
        np.minimum(size, constants["step_maximum"], out=size)
        np.copyto(previous, gradient)
        np.copyto(previous, 0.0, where=flipped)
        np.sign(previous, out=state["effective_step"])
        state["effective_step"] *= size
