"""Optimizers and schedules as NumPy code, and as the constructors that PyTorch has for them."""

from dataclasses import fields

from engine.errors import InputError
from engine.schedules import Schedule, WarmUp
from engine.update_rule import Optimizer

ADAM_MOMENTS = [
    "s.m = {beta1} * s.m + (1 - {beta1}) * g",
    "s.v = {beta2} * s.v + (1 - {beta2}) * g**2",
]
ADAM_STEP = "(s.m / (1 - {beta1} ** t)) / (np.sqrt(s.v / (1 - {beta2} ** t)) + {epsilon})"
PLAIN_ADAM_STEP = "s.m / (np.sqrt(s.v) + {epsilon})"

# code of a rule -> what its state begins with, and its lines: p parameters, g gradient, s state, t step from 1, rate.
# In the order of the engine's own operations, so that scripts agree to the last bit: some runs amplify any rounding.
NUMPY_RULES: dict[str, tuple[dict[str, float], list[str]]] = {
    "sgd": ({}, ["p -= rate * g"]),
    "momentum": ({"v": 0.0}, ["s.v = {momentum} * s.v + g", "p -= rate * s.v"]),
    "nesterov": ({"v": 0.0}, ["s.v = {momentum} * s.v + g", "p -= rate * (g + {momentum} * s.v)"]),
    "adagrad": ({"G": 0.0}, ["s.G = s.G + g**2", "p -= g / (np.sqrt(s.G) + {epsilon}) * rate"]),
    "rmsprop": (
        {"s": 0.0},
        ["s.s = {rho} * s.s + (1 - {rho}) * g**2", "p -= g / (np.sqrt(s.s) + {epsilon}) * rate"],
    ),
    "adadelta": (
        {"s": 0.0, "d": 0.0},
        [
            "s.s = {rho} * s.s + (1 - {rho}) * g**2",
            "rescaled = np.sqrt(s.d + {epsilon}) / np.sqrt(s.s + {epsilon}) * g",
            "s.d = {rho} * s.d + (1 - {rho}) * rescaled**2",
            "p -= rate * rescaled",
        ],
    ),
    "adam": ({"m": 0.0, "v": 0.0}, [*ADAM_MOMENTS, f"p -= {ADAM_STEP} * rate"]),
    "adamw": ({"m": 0.0, "v": 0.0}, [*ADAM_MOMENTS, f"p -= {ADAM_STEP} * rate + {{weight_decay}} * p * rate"]),
    "adamax": (
        {"m": 0.0, "u": 0.0},
        [
            ADAM_MOMENTS[0],
            "s.u = np.maximum({beta2} * s.u, np.abs(g) + {epsilon})",
            "p -= s.m / (1 - {beta1} ** t) / s.u * rate",
        ],
    ),
    "nadam": (
        {"m": 0.0, "v": 0.0, "product": 1.0},
        [
            "now = {beta1} * (1 - 0.5 * 0.96 ** (t * {momentum_decay}))",
            "after = {beta1} * (1 - 0.5 * 0.96 ** ((t + 1) * {momentum_decay}))",
            "s.product = s.product * now",
            *ADAM_MOMENTS,
            "m = s.m * (after / (1 - s.product * after)) + g * ((1 - now) / (1 - s.product))",
            "p -= m / (np.sqrt(s.v / (1 - {beta2} ** t)) + {epsilon}) * rate",
        ],
    ),
    "rprop": (
        {"size": "rate", "previous": 0.0},
        [
            "agreement = np.sign(s.previous * g)",
            "growth = np.where(agreement > 0, {eta_plus}, np.where(agreement < 0, {eta_minus}, 1.0))",
            "s.size = np.clip(s.size * growth, {step_minimum}, {step_maximum})",
            "s.previous = np.where(agreement < 0, 0.0, g)",
            "p -= np.sign(s.previous) * s.size",
        ],
    ),
    "asgd": ({}, ["p -= rate / (1 + {decay} * rate * (t - 1)) ** {power} * (g + {decay} * p)"]),
}

# code of a rule -> the class of torch.optim and its arguments beside params and lr
TORCH_RULES = {
    "sgd": ("SGD", {}),
    "momentum": ("SGD", {"momentum": "momentum"}),
    "nesterov": ("SGD", {"momentum": "momentum", "nesterov": "True"}),
    "adagrad": ("Adagrad", {"eps": "epsilon"}),
    "rmsprop": ("RMSprop", {"alpha": "rho", "eps": "epsilon"}),
    "adadelta": ("Adadelta", {"rho": "rho", "eps": "epsilon"}),
    "adam": ("Adam", {"betas": "(beta1, beta2)", "eps": "epsilon"}),
    "adamw": ("AdamW", {"betas": "(beta1, beta2)", "eps": "epsilon"}),
    "adamax": ("Adamax", {"betas": "(beta1, beta2)", "eps": "epsilon"}),
    "nadam": ("NAdam", {"betas": "(beta1, beta2)", "eps": "epsilon", "momentum_decay": "momentum_decay"}),
    "rprop": ("Rprop", {"etas": "(eta_minus, eta_plus)", "step_sizes": "(step_minimum, step_maximum)"}),
    "asgd": ("ASGD", {"lambd": "decay", "alpha": "power", "t0": "average_from"}),
}


def numpy_rule(rule: Optimizer) -> tuple[dict[str, float], list[str]]:
    """What the state of each parameter begins with, and the lines of one update."""
    start, lines = NUMPY_RULES[rule.code]
    if not getattr(rule, "bias_correction", True):
        lines = [line.replace(ADAM_STEP, PLAIN_ADAM_STEP) for line in lines]
    decay = ["g = g + {weight_decay} * p"] if rule.penalizes() else []
    return start, [line.format(**_numbers(rule)) for line in [*decay, *lines]]


def torch_rule(rule: Optimizer, learning_rate: float, parameters: str) -> str:
    """The constructor of the rule in torch.optim.

    Raises: InputError: unknown_name: Adam without bias correction, which PyTorch does not have.
    """
    if not getattr(rule, "bias_correction", True):
        raise InputError("unknown_name", "bias_correction", False, "True")
    name, names = TORCH_RULES[rule.code]
    numbers = _numbers(rule)
    if rule.code == "nesterov" and rule.momentum == 0:
        names = {}  # PyTorch refuses Nesterov's rule without momentum: it is plain descent
    arguments = {"lr": repr(learning_rate)} | {key: _filled(value, numbers) for key, value in names.items()}
    if rule.code == "adamw" or rule.penalizes():
        arguments["weight_decay"] = numbers["weight_decay"]
    elif name == "AdamW":
        arguments["weight_decay"] = "0.0"
    return f"torch.optim.{name}({parameters}, {', '.join(f'{key}={value}' for key, value in arguments.items())})"


def schedule_code(schedule: Schedule, t: str = "t") -> str:
    """An expression in the step t, from 0, for the factor of the learning rate."""
    if isinstance(schedule, WarmUp):
        rising = f"{schedule.start!r} + (1 - {schedule.start!r}) * {t} / {schedule.length}"
        return (
            f"({rising} if {t} < {schedule.length} else {schedule_code(schedule.then, f'({t} - {schedule.length})')})"
        )
    codes = {
        "constant": "1.0",
        "step": "{decay} ** ({t} // {every})",
        "exponential": "{decay} ** {t}",
        "cosine": "({floor} + (1 - {floor}) * (1 + np.cos(np.pi * {t} / {length})) / 2)",
    }
    return codes[schedule.code].format(t=t, **vars(schedule))


def _numbers(rule: Optimizer) -> dict[str, str]:
    return {field.name: repr(getattr(rule, field.name)) for field in fields(rule)}


def _filled(names: str, numbers: dict[str, str]) -> str:
    """Names, one or a tuple of them, as their numbers."""
    for name, value in numbers.items():
        names = names.replace(name, value)
    return names
