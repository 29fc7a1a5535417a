"""Adam and its relatives: momentum for the direction, the size of recent gradients for the scale."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.errors import InputError
from engine.hyperparameters import Hyperparameter
from engine.update_rule import Optimizer, State, count_step, leaky_average, take_scaled_step

MOMENTS = {
    "step": r"t \leftarrow t + 1",
    "first_moment": r"m \leftarrow \beta_1\, m + (1 - \beta_1)\, g",
    "second_moment": r"v \leftarrow \beta_2\, v + (1 - \beta_2)\, g^2",
}
CORRECTED_FIRST = r"\hat m \leftarrow \frac{m}{1 - \beta_1^t}"
CORRECTED_SECOND = r"\hat v \leftarrow \frac{v}{1 - \beta_2^t}"
CORRECTED_DENOMINATOR = r"D \leftarrow \sqrt{\hat v} + \epsilon"


@dataclass(frozen=True)
class Adam(Optimizer):
    """Momentum divided by the recent size of the gradient, both averages freed from their start at zero.

        m <- beta1 * m + (1 - beta1) * g ;    m_hat <- m / (1 - beta1^t)
        v <- beta2 * v + (1 - beta2) * g^2 ;  v_hat <- v / (1 - beta2^t)
        theta <- theta - learning_rate * m_hat / (sqrt(v_hat) + epsilon)

    Args:
        learning_rate: at least 0.
        beta1, beta2: 0 to below 1; how much of each average is kept in a step.
        epsilon: above 0.
        weight_decay: at least 0; adds weight_decay * theta to g.
        bias_correction: False leaves out the hats: beside the true rule it shows what they are for.

    Raises:
        InputError: not_a_number, not_finite, out_of_range, unknown_name.
    Convention: torch.optim.Adam, without amsgrad: epsilon outside the root, added after the correction.
    Source: Kingma & Ba (2015), algorithm 1.
    """

    learning_rate: Hyperparameter = 1e-3
    beta1: Hyperparameter = 0.9
    beta2: Hyperparameter = 0.999
    epsilon: Hyperparameter = 1e-8
    weight_decay: Hyperparameter = 0.0
    bias_correction: bool = True

    code: ClassVar[str] = "adam"
    title: ClassVar[str] = "Adam"
    description: ClassVar[str] = (
        "Momentum for the direction, RMSProp for the scale, and a correction for the first steps."
    )
    memory: ClassVar[tuple[str, ...]] = ("step", "first_moment", "second_moment")
    lines: ClassVar[dict[str, str]] = {
        **MOMENTS,
        "corrected_first_moment": CORRECTED_FIRST,
        "corrected_second_moment": CORRECTED_SECOND,
        "denominator": CORRECTED_DENOMINATOR,
        "effective_step": r"\Delta \leftarrow \eta\, \frac{\hat m}{D}",
    }

    def __post_init__(self):
        super().__post_init__()
        if not isinstance(self.bias_correction, bool):
            raise InputError("unknown_name", "bias_correction", self.bias_correction, "True, False")

    def formula(self) -> dict[str, str]:
        lines = super().formula()
        if self.bias_correction:
            return lines
        return {
            name: line.replace(r"\hat m", "m").replace(r"\hat v", "v")
            for name, line in lines.items()
            if not name.startswith("corrected")
        }

    def compute_step(self, state: State, parameters: np.ndarray, gradient: np.ndarray) -> None:
        step = count_step(state)
        update_moments(state, gradient, self.constants)
        first, second = state["first_moment"], state["second_moment"]
        if self.bias_correction:
            # asarray: NumPy divides by an array faster than by a Python number
            first = np.divide(first, np.asarray(1 - self.beta1**step), state["corrected_first_moment"])
            second = np.divide(second, np.asarray(1 - self.beta2**step), state["corrected_second_moment"])
        take_scaled_step(state, first, second, self.constants["epsilon"])


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam whose weight decay acts on the parameters directly, not through the gradient and its averages.

        theta <- theta - learning_rate * (m_hat / (sqrt(v_hat) + epsilon) + weight_decay * theta)

    Args:
        learning_rate, beta1, beta2, epsilon, bias_correction: as in Adam.
        weight_decay: at least 0.

    Raises:
        InputError: not_a_number, not_finite, out_of_range, unknown_name.
    Convention: torch.optim.AdamW: the decay is multiplied by the learning rate.
    Source: Loshchilov & Hutter (2019), algorithm 2.
    """

    weight_decay: Hyperparameter = 1e-2

    code: ClassVar[str] = "adamw"
    title: ClassVar[str] = "AdamW"
    description: ClassVar[str] = (
        "Adam with weight decay apart from the gradient, so that every weight decays at one rate."
    )
    lines: ClassVar[dict[str, str]] = {
        **Adam.lines,
        "effective_step": r"\Delta \leftarrow \eta \left(\frac{\hat m}{D} + \lambda\,\theta\right)",
    }

    def penalizes(self) -> bool:
        return False

    def compute_step(self, state: State, parameters: np.ndarray, gradient: np.ndarray) -> None:
        super().compute_step(state, parameters, gradient)
        shrinkage = np.multiply(parameters, self.constants["weight_decay"], out=state["_scratch"])
        shrinkage *= state["learning_rate"]
        state["effective_step"] += shrinkage


@dataclass(frozen=True)
class Adamax(Optimizer):
    """Adam scaled by the largest recent gradient instead of the mean square.

        u <- max(beta2 * u, |g| + epsilon) ;  theta <- theta - learning_rate * m_hat / u

    Args:
        learning_rate: at least 0.
        beta1, beta2: 0 to below 1.
        epsilon: above 0.
        weight_decay: at least 0; adds weight_decay * theta to g.

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    Convention: torch.optim.Adamax: epsilon is added to |g|; u needs no bias correction.
    Source: Kingma & Ba (2015), algorithm 2.
    """

    learning_rate: Hyperparameter = 2e-3
    beta1: Hyperparameter = 0.9
    beta2: Hyperparameter = 0.999
    epsilon: Hyperparameter = 1e-8
    weight_decay: Hyperparameter = 0.0

    code: ClassVar[str] = "adamax"
    title: ClassVar[str] = "Adamax"
    description: ClassVar[str] = (
        "Adam that divides by the largest recent gradient: no step exceeds the learning rate by far."
    )
    memory: ClassVar[tuple[str, ...]] = ("step", "first_moment", "infinity_norm")
    lines: ClassVar[dict[str, str]] = {
        "step": MOMENTS["step"],
        "first_moment": MOMENTS["first_moment"],
        "infinity_norm": r"u \leftarrow \max(\beta_2\, u,\; |g| + \epsilon)",
        "corrected_first_moment": CORRECTED_FIRST,
        "effective_step": r"\Delta \leftarrow \eta\, \frac{\hat m}{u}",
    }

    def compute_step(self, state: State, parameters: np.ndarray, gradient: np.ndarray) -> None:
        step = count_step(state)
        first, norm, effective_step = state["first_moment"], state["infinity_norm"], state["effective_step"]
        scratch, constants = state["_scratch"], self.constants
        leaky_average(first, gradient, constants["beta1"], constants["1 - beta1"], scratch)
        np.abs(gradient, out=scratch)
        scratch += constants["epsilon"]
        norm *= constants["beta2"]
        np.maximum(norm, scratch, out=norm)
        corrected = np.divide(first, 1 - self.beta1**step, out=state["corrected_first_moment"])
        np.divide(corrected, norm, out=effective_step)
        effective_step *= state["learning_rate"]


@dataclass(frozen=True)
class NAdam(Optimizer):
    """Adam with Nesterov's look ahead, and a momentum mu that grows slowly towards beta1.

        mu_t = beta1 * (1 - 0.96^(t * momentum_decay) / 2)
        m_hat <- mu_{t+1} * m / (1 - mu_1 ... mu_{t+1}) + (1 - mu_t) * g / (1 - mu_1 ... mu_t)
        theta <- theta - learning_rate * m_hat / (sqrt(v_hat) + epsilon)

    Args:
        learning_rate: at least 0.
        beta1, beta2: 0 to below 1.
        epsilon: above 0.
        momentum_decay: at least 0; how fast the momentum grows from half of beta1 towards beta1.
        weight_decay: at least 0; adds weight_decay * theta to g.

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    Convention: torch.optim.NAdam: m itself is averaged with beta1, only the corrected moment uses mu.
    Source: Dozat (2016).
    """

    learning_rate: Hyperparameter = 2e-3
    beta1: Hyperparameter = 0.9
    beta2: Hyperparameter = 0.999
    epsilon: Hyperparameter = 1e-8
    momentum_decay: Hyperparameter = 4e-3
    weight_decay: Hyperparameter = 0.0

    code: ClassVar[str] = "nadam"
    title: ClassVar[str] = "NAdam"
    description: ClassVar[str] = "Adam that looks one step ahead, as Nesterov momentum does."
    memory: ClassVar[tuple[str, ...]] = ("step", "momentum_product", "first_moment", "second_moment")
    lines: ClassVar[dict[str, str]] = {
        "step": MOMENTS["step"],
        "momentum_now": r"\mu \leftarrow \beta_1 \left(1 - \tfrac12\, 0.96^{\,t \psi}\right)",
        "momentum_next": r"\mu' \leftarrow \beta_1 \left(1 - \tfrac12\, 0.96^{\,(t + 1) \psi}\right)",
        "momentum_product": r"\Pi \leftarrow \Pi\, \mu",
        "first_moment": MOMENTS["first_moment"],
        "second_moment": MOMENTS["second_moment"],
        "corrected_first_moment": r"\hat m \leftarrow \frac{\mu'\, m}{1 - \Pi\, \mu'} + \frac{(1 - \mu)\, g}{1 - \Pi}",
        "corrected_second_moment": CORRECTED_SECOND,
        "denominator": CORRECTED_DENOMINATOR,
        "effective_step": r"\Delta \leftarrow \eta\, \frac{\hat m}{D}",
    }

    def start(self, parameters) -> State:
        state = super().start(parameters)
        for name in ("momentum_now", "momentum_next", "momentum_product"):
            state[name] = np.ones(np.broadcast_shapes(np.shape(self.beta1), np.shape(self.momentum_decay)))
        return state

    def compute_step(self, state: State, parameters: np.ndarray, gradient: np.ndarray) -> None:
        step = count_step(state)
        now, after, product = state["momentum_now"], state["momentum_next"], state["momentum_product"]
        now[...] = self.momentum(step)
        after[...] = self.momentum(step + 1)
        np.multiply(product, now, out=product)
        update_moments(state, gradient, self.constants)
        scratch, corrected = state["_scratch"], state["corrected_first_moment"]
        np.multiply(state["first_moment"], after / (1 - product * after), out=corrected)
        np.multiply(gradient, (1 - now) / (1 - product), out=scratch)
        corrected += scratch
        second = np.divide(state["second_moment"], 1 - self.beta2**step, out=state["corrected_second_moment"])
        take_scaled_step(state, corrected, second, self.constants["epsilon"])

    def momentum(self, step: int) -> Hyperparameter:
        """mu at this step."""
        return self.beta1 * (1 - 0.5 * 0.96 ** (step * self.momentum_decay))


def update_moments(state: State, gradient: np.ndarray, constants: State) -> None:
    """Take the gradient into the average of gradients, its square into the average of squares."""
    scratch = state["_scratch"]
    leaky_average(state["first_moment"], gradient, constants["beta1"], constants["1 - beta1"], scratch)
    np.multiply(gradient, gradient, scratch)
    leaky_average(state["second_moment"], scratch, constants["beta2"], constants["1 - beta2"], scratch)
