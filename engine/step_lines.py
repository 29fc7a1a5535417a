"""Each line of a rule's formula as one expression of NumPy, with the numbers that went into it at a step.

The lines are read one after the other, as the formula is: a name holds what the last line has put there. So the v of
v <- mu v + g is the old one on the right, and the new one in all that follows.
"""

import re
from dataclasses import dataclass, fields

import numpy as np

from engine.errors import whole
from engine.step_trace import Trace
from engine.update_rule import SYMBOLS, Optimizer

# The line in symbols -> the same in NumPy. `inspect` names the quantities; a test holds each against the engine's step.
CODE = {
    r"g \leftarrow g + \lambda\,\theta": "gradient + weight_decay * parameters",
    r"\theta \leftarrow \theta - \Delta": "parameters - effective_step",
    r"t \leftarrow t + 1": "step + 1",
    # one learning rate for all
    r"\Delta \leftarrow \eta\, g": "learning_rate * gradient",
    r"v \leftarrow \mu\, v + g": "momentum * velocity + gradient",
    r"\Delta \leftarrow \eta\, v": "learning_rate * velocity",
    r"\Delta \leftarrow \eta\,(g + \mu\, v)": "learning_rate * (gradient + momentum * velocity)",
    r"\eta_t \leftarrow \frac{\eta}{(1 + \kappa\, \eta\, (t - 1))^{\alpha}}": (
        "learning_rate / (1 + decay * learning_rate * (step - 1)) ** power"
    ),
    r"\Delta \leftarrow \eta_t\,(g + \kappa\, \theta)": "step_size * (gradient + decay * parameters)",
    r"\bar\theta \leftarrow \bar\theta + \frac{\theta - \bar\theta}{\max(1,\; t - 1 - t_0)}": (
        "averaged_parameters + (parameters - averaged_parameters) / np.maximum(1, step - 1 - average_from)"
    ),
    # divided by the size of the gradient
    r"G \leftarrow G + g^2": "sum_squared_gradient + gradient**2",
    r"D \leftarrow \sqrt{G} + \epsilon": "np.sqrt(sum_squared_gradient) + epsilon",
    r"\Delta \leftarrow \eta\, \frac{g}{D}": "learning_rate * (gradient / denominator)",
    r"s \leftarrow \rho\, s + (1 - \rho)\, g^2": "rho * mean_squared_gradient + (1 - rho) * gradient**2",
    r"D \leftarrow \sqrt{s} + \epsilon": "np.sqrt(mean_squared_gradient) + epsilon",
    r"g' \leftarrow \frac{\sqrt{d + \epsilon}}{\sqrt{s + \epsilon}}\, g": (
        "np.sqrt(mean_squared_step + epsilon) / np.sqrt(mean_squared_gradient + epsilon) * gradient"
    ),
    r"d \leftarrow \rho\, d + (1 - \rho)\, g'^2": "rho * mean_squared_step + (1 - rho) * rescaled_gradient**2",
    r"\Delta \leftarrow \eta\, g'": "learning_rate * rescaled_gradient",
    # Adam and its relatives
    r"m \leftarrow \beta_1\, m + (1 - \beta_1)\, g": "beta1 * first_moment + (1 - beta1) * gradient",
    r"v \leftarrow \beta_2\, v + (1 - \beta_2)\, g^2": "beta2 * second_moment + (1 - beta2) * gradient**2",
    r"\hat m \leftarrow \frac{m}{1 - \beta_1^t}": "first_moment / (1 - beta1**step)",
    r"\hat v \leftarrow \frac{v}{1 - \beta_2^t}": "second_moment / (1 - beta2**step)",
    r"D \leftarrow \sqrt{\hat v} + \epsilon": "np.sqrt(corrected_second_moment) + epsilon",
    r"D \leftarrow \sqrt{v} + \epsilon": "np.sqrt(second_moment) + epsilon",
    r"\Delta \leftarrow \eta\, \frac{\hat m}{D}": "learning_rate * (corrected_first_moment / denominator)",
    r"\Delta \leftarrow \eta\, \frac{m}{D}": "learning_rate * (first_moment / denominator)",
    r"\Delta \leftarrow \eta \left(\frac{\hat m}{D} + \lambda\,\theta\right)": (
        "learning_rate * (corrected_first_moment / denominator + weight_decay * parameters)"
    ),
    r"\Delta \leftarrow \eta \left(\frac{m}{D} + \lambda\,\theta\right)": (
        "learning_rate * (first_moment / denominator + weight_decay * parameters)"
    ),
    r"u \leftarrow \max(\beta_2\, u,\; |g| + \epsilon)": (
        "np.maximum(beta2 * infinity_norm, np.abs(gradient) + epsilon)"
    ),
    r"\Delta \leftarrow \eta\, \frac{\hat m}{u}": "learning_rate * (corrected_first_moment / infinity_norm)",
    r"\mu \leftarrow \beta_1 \left(1 - \tfrac12\, 0.96^{\,t \psi}\right)": (
        "beta1 * (1 - 0.5 * 0.96 ** (step * momentum_decay))"
    ),
    r"\mu' \leftarrow \beta_1 \left(1 - \tfrac12\, 0.96^{\,(t + 1) \psi}\right)": (
        "beta1 * (1 - 0.5 * 0.96 ** ((step + 1) * momentum_decay))"
    ),
    r"\Pi \leftarrow \Pi\, \mu": "momentum_product * momentum_now",
    r"\hat m \leftarrow \frac{\mu'\, m}{1 - \Pi\, \mu'} + \frac{(1 - \mu)\, g}{1 - \Pi}": (
        "momentum_next * first_moment / (1 - momentum_product * momentum_next)"
        " + (1 - momentum_now) * gradient / (1 - momentum_product)"
    ),
    # signs alone
    r"c \leftarrow \operatorname{sign}(g_{\text{prev}}\, g)": "np.sign(previous_gradient * gradient)",
    r"\eta_t \leftarrow \operatorname{clip}\left(\eta_t \cdot"
    r" \begin{cases} \eta_+ & c > 0 \\ \eta_- & c < 0 \\ 1 & c = 0 \end{cases},\;"
    r" \Delta_{\min},\; \Delta_{\max}\right)": (
        "np.clip(step_size * np.where(sign_agreement > 0, eta_plus, np.where(sign_agreement < 0, eta_minus, 1)),"
        " step_minimum, step_maximum)"
    ),
    r"g_{\text{prev}} \leftarrow \begin{cases} 0 & c < 0 \\ g & c \ge 0 \end{cases}": (
        "np.where(sign_agreement < 0, 0, gradient)"
    ),
    r"\Delta \leftarrow \operatorname{sign}(g_{\text{prev}})\, \eta_t": "np.sign(previous_gradient) * step_size",
}

# Under which name a result goes on, where it takes the place of an older quantity.
GOES_ON_AS = {"regularized_gradient": "gradient", "new_parameters": "parameters"}


@dataclass(frozen=True)
class Line:
    """One line of a formula at one step.

    Attributes:
        name: of the result, as in `inspect`.
        symbol: the result's letter.
        symbols: the line in letters, `left \\leftarrow right`.
        code: the right side in NumPy, of the names in `inputs`.
        inputs: what the right side is computed from: name -> a number, or one for each parameter, shape (d,).
        value: the result as the step computed it, shape (d,).
    """

    name: str
    symbol: str
    symbols: str
    code: str
    inputs: dict[str, float | np.ndarray]
    value: np.ndarray


def lines(trace: Trace, k: int) -> list[Line]:
    """The lines of step k in the order of the formula, each with its numbers.

    Args: k: 0 to n_steps - 1.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    k = whole("k", k, 0, len(trace.points) - 2)
    known = hyperparameters(trace.optimizer) | {name: kept[k] for name, kept in trace.before.items()}
    known |= {name: trace.quantities[name][k] for name in ("parameters", "gradient")}
    found = []
    for name, symbols in trace.optimizer.formula().items():
        code, value = CODE[symbols], trace.quantities[name][k]
        inputs = {used: known[used] for used in names(code)}
        found.append(Line(name, SYMBOLS[name], symbols, code, inputs, value))
        known[GOES_ON_AS.get(name, name)] = value
    return found


def names(code: str) -> list[str]:
    """The quantities in an expression of CODE, each once, in their order."""
    return list(dict.fromkeys(re.findall(r"(?<![\w.])(?!np\b)[a-z]\w*", code)))


def hyperparameters(optimizer: Optimizer) -> dict[str, float]:
    """The rule's numbers by name; a switch is none."""
    values = {field.name: getattr(optimizer, field.name) for field in fields(optimizer)}
    return {name: value for name, value in values.items() if not isinstance(value, bool)}
