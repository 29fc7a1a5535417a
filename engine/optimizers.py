"""All optimizers by name, and those that are only named."""

from dataclasses import fields

from engine.adam import Adam, Adamax, AdamW, NAdam
from engine.adaptive import Adadelta, AdaGrad, RMSProp, Rprop
from engine.errors import InputError, one_of
from engine.momentum import ASGD, SGD, Momentum, Nesterov
from engine.update_rule import SYMBOLS, Optimizer, State, inspect

__all__ = ["NOT_RACED", "OPTIMIZERS", "SYMBOLS", "Optimizer", "State", "hyperparameters", "inspect", "optimizer"]

RULES = (SGD, Momentum, Nesterov, AdaGrad, Adadelta, RMSProp, Adam, AdamW, Adamax, NAdam, Rprop, ASGD)
OPTIMIZERS: dict[str, type[Optimizer]] = {rule.code: rule for rule in RULES}

# code -> (title, why it does not run beside the others)
NOT_RACED = {
    "sparse_adam": (
        "SparseAdam",
        "The lazy form of Adam for gradients in which only a few rows are not zero, such as those of an embedding: "
        "it updates the moments of these rows alone and refuses dense gradients. The gradients of a dense network "
        "have no rows to skip, so there is nothing for it to race with.",
    ),
}


def hyperparameters(name: str) -> dict[str, float | bool]:
    """The hyperparameters of a rule with their defaults, in the order of its definition.

    Args:
        name: code of a rule, key of OPTIMIZERS.

    Raises:
        InputError: unknown_name.
    """
    rule = OPTIMIZERS[one_of("optimizer", name, OPTIMIZERS)]
    return {field.name: field.default for field in fields(rule)}


def optimizer(name: str, **values) -> Optimizer:
    """The rule of this name.

    Args:
        name: code of a rule, key of OPTIMIZERS.
        values: hyperparameters that differ from their defaults.

    Raises:
        InputError: unknown_name: the rule, or a hyperparameter it lacks; not_a_number, not_finite, out_of_range.
    """
    known = hyperparameters(name)
    for argument in values:
        if argument not in known:
            raise InputError("unknown_name", "hyperparameter", argument, ", ".join(known))
    return OPTIMIZERS[name](**values)
