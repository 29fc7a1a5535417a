"""Activations and losses as NumPy code, for the scripts that a learner takes home."""

import re
from collections.abc import Iterable

from engine.activations import Activation
from engine.losses import Loss

NORMAL_CDF = "(0.5 * (1 + erf(z / np.sqrt(2))))"
GELU_TANH = "np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))"
SOFTPLUS = "(np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))))"
SELU_SCALE, SELU_ALPHA = "1.0507009873554805", "1.6732632423543772"

# z -> a, and the derivative from z and a, as NumPy code; parameters such as alpha are filled in
ACTIVATION_CODE = {
    "step": ("np.where(z > 0, 1.0, 0.0)", "np.zeros_like(z)"),
    "linear": ("z.copy()", "np.ones_like(z)"),
    "sigmoid": ("1 / (1 + np.exp(-z))", "a * (1 - a)"),
    "tanh": ("np.tanh(z)", "1 - a**2"),
    "arctan": ("np.arctan(z)", "1 / (1 + z**2)"),
    "softsign": ("z / (1 + np.abs(z))", "1 / (1 + np.abs(z)) ** 2"),
    "gaussian_sigmoid": ("erf(np.sqrt(np.pi) / 2 * z)", "np.exp(-np.pi / 4 * z**2)"),
    "hard_sigmoid": ("np.clip(z / 6 + 0.5, 0, 1)", "np.where(np.abs(z) < 3, 1 / 6, 0.0)"),
    "relu": ("np.maximum(0, z)", "np.where(z > 0, 1.0, 0.0)"),
    "leaky_relu": ("np.maximum({alpha} * z, z)", "np.where(z > 0, 1.0, {alpha})"),
    "elu": (
        "np.where(z > 0, z, {alpha} * np.expm1(np.minimum(z, 0)))",
        "np.where(z > 0, 1.0, {alpha} * np.exp(np.minimum(z, 0)))",
    ),
    "selu": (
        f"{SELU_SCALE} * np.where(z > 0, z, {SELU_ALPHA} * np.expm1(np.minimum(z, 0)))",
        f"{SELU_SCALE} * np.where(z > 0, 1.0, {SELU_ALPHA} * np.exp(np.minimum(z, 0)))",
    ),
    "softplus": (SOFTPLUS, "1 / (1 + np.exp(-z))"),
    "swish": (
        "z / (1 + np.exp(-{beta} * z))",
        "(1 + {beta} * z / (1 + np.exp({beta} * z))) / (1 + np.exp(-{beta} * z))",
    ),
    "gelu": (f"z * {NORMAL_CDF}", f"{NORMAL_CDF} + z * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)"),
    "gelu_tanh": (
        f"0.5 * z * (1 + {GELU_TANH})",
        f"0.5 * (1 + {GELU_TANH}) + 0.5 * z * (1 - {GELU_TANH} ** 2) * np.sqrt(2 / np.pi) * (1 + 0.134145 * z**2)",
    ),
    "mish": (
        f"z * np.tanh({SOFTPLUS})",
        f"np.tanh({SOFTPLUS}) + z * (1 - np.tanh({SOFTPLUS}) ** 2) / (1 + np.exp(-z))",
    ),
    "hard_swish": (
        "z * np.clip(z / 6 + 0.5, 0, 1)",
        "np.where(np.abs(z) < 3, z / 3 + 0.5, np.where(z > 0, 1.0, 0.0))",
    ),
}

# entry of the loss, and its derivative by the prediction a; y is the target
LOSS_CODE = {
    "squared_error": ("(a - y) ** 2", "2 * (a - y)"),
    "half_squared_error": ("0.5 * (a - y) ** 2", "a - y"),
    "absolute_error": ("np.abs(a - y)", "np.sign(a - y)"),
    "huber": (
        "np.where(np.abs(a - y) <= {delta}, 0.5 * (a - y) ** 2, {delta} * (np.abs(a - y) - {delta} / 2))",
        "np.clip(a - y, -{delta}, {delta})",
    ),
    "log_cosh": ("np.abs(a - y) + np.log1p(0.5 * np.expm1(-2 * np.abs(a - y)))", "np.tanh(a - y)"),
    "cross_entropy": (
        "-(y * np.log(a + {log_epsilon}) + (1 - y) * np.log(1 - a + {log_epsilon}))",
        "(1 - y) / (1 - a + {log_epsilon}) - y / (a + {log_epsilon})",
    ),
    "cross_entropy_with_logits": (
        "np.maximum(a, 0) - a * y + np.log1p(np.exp(-np.abs(a)))",
        "1 / (1 + np.exp(-a)) - y",
    ),
    "softmax_cross_entropy": (
        "-y * (a - np.log(np.exp(a - a.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True))"
        " - a.max(axis=1, keepdims=True))",
        "np.exp(a - a.max(axis=1, keepdims=True))"
        " / np.exp(a - a.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True) - y",
    ),
}
# Without an epsilon an output of exactly 0 or 1 that is right has its limits, as in the engine: 0 ln 0 = 0, 0 / 0 = 0.
EXACT_CROSS_ENTROPY = (
    "-(y * np.log(np.where(y == 0, 1, a)) + (1 - y) * np.log(np.where(y == 1, 1, 1 - a)))",
    "(1 - y) / np.where(y == 1, 1, 1 - a) - y / np.where(y == 0, 1, a)",
)
DIVIDED_GRADIENT = "(a - y) / (a * (1 - a) + {division_epsilon})"  # lecture note 004's; not of any loss


def imports(activations: Iterable[Activation]) -> list[str]:
    """The lines that a script with these activations begins with."""
    needs_erf = any("erf(" in part for f in activations for part in ACTIVATION_CODE[f.name])
    return (
        ["import math", "", "import numpy as np", "", "erf = np.vectorize(math.erf)"]
        if needs_erf
        else ["import numpy as np"]
    )


def activation_code(activation: Activation, z: str, a: str) -> tuple[str, str]:
    """Code of a = f(z) and of f'(z), with the names that z and a have in the script."""
    return tuple(_named(code.format(**activation.parameters), z=z, a=a) for code in ACTIVATION_CODE[activation.name])


def loss_code(loss: Loss, a: str, y: str = "Y") -> str:
    """Code of the loss, its reduction included."""
    entries = _named(_with_numbers(_entry(loss)[0], loss), a=a, y=y)
    return f"np.sum({entries}) / len({y})" if _per_sample(loss) else f"np.{loss.reduction}({entries})"


def loss_gradient_code(loss: Loss, a: str, y: str = "Y") -> str:
    """Code of dL/da, the factor of the reduction included."""
    divided = getattr(loss, "division_epsilon", 0.0)
    gradient = _named(_with_numbers(DIVIDED_GRADIENT if divided else _entry(loss)[1], loss), a=a, y=y)
    if loss.reduction == "sum":
        return gradient
    return f"({gradient}) / {f'len({y})' if _per_sample(loss) else f'{y}.size'}"


def rows(values) -> list[list[float]]:
    """A table as nested lists of Python's numbers, whose text holds every digit."""
    return [[float(value) for value in row] for row in values]


def _per_sample(loss: Loss) -> bool:
    """Whether a mean is one over samples: the classes of a sample share one probability."""
    return loss.name == "softmax_cross_entropy" and loss.reduction == "mean"


def _entry(loss: Loss) -> tuple[str, str]:
    """Code of one entry and of its derivative."""
    exact = loss.name == "cross_entropy" and not loss.log_epsilon
    return EXACT_CROSS_ENTROPY if exact else LOSS_CODE[loss.name]


def _with_numbers(code: str, loss: Loss) -> str:
    """The code with the loss's own numbers in it."""
    return code.format(**{name: value for name, value in vars(loss).items() if name != "reduction"})


def _named(code: str, **names: str) -> str:
    """The code with other names for single letters."""
    pattern = r"\b(" + "|".join(names) + r")\b"
    return re.sub(pattern, lambda match: names[match.group()], code)
