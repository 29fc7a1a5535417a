"""All losses, by name: the one list that screens, links and training share."""

from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType

from engine import errors
from engine.activation_base import Activation
from engine.cross_entropies import CrossEntropy, CrossEntropyWithLogits, SoftmaxCrossEntropy
from engine.loss_base import REDUCTIONS, Loss
from engine.regression_losses import AbsoluteError, HalfSquaredError, Huber, LogCosh, SquaredError

__all__ = [
    "LOSSES",
    "REDUCTIONS",
    "AbsoluteError",
    "CrossEntropy",
    "CrossEntropyWithLogits",
    "HalfSquaredError",
    "Huber",
    "LogCosh",
    "Loss",
    "SoftmaxCrossEntropy",
    "SquaredError",
    "check_output",
    "loss",
]

KINDS = (
    *(SquaredError, HalfSquaredError, AbsoluteError, Huber, LogCosh),
    *(CrossEntropy, CrossEntropyWithLogits, SoftmaxCrossEntropy),
)
LOSSES: Mapping[str, type[Loss]] = MappingProxyType({kind.name: kind for kind in KINDS})


def needed_output(loss: Loss) -> str | None:
    """The name of the one output activation that a loss is made for; None where any will do."""
    if loss.takes_logits:
        return "linear"
    return "sigmoid" if isinstance(loss, CrossEntropy) else None


def check_output(loss: Loss, output: Activation) -> None:
    """Refuse a loss that cannot take this output activation.

    Raises: InputError: loss_activation.
    """
    needed = needed_output(loss)
    if needed not in (None, output.name):
        raise errors.InputError("loss_activation", loss.name, output.name, needed)


def loss(name: str, reduction: str = "mean", **parameters: float) -> Loss:
    """The loss of that name.

    Args:      name: a key of LOSSES. reduction: "mean" or "sum". parameters: its fields, such as delta=2 for "huber".
    Raises:    InputError: unknown name, reduction or parameter, parameter out of range.
    """
    kind = LOSSES[errors.one_of("loss", name, LOSSES)]
    for parameter in parameters:
        errors.one_of(f"parameter of {name}", parameter, [f.name for f in fields(kind) if f.name != "reduction"])
    return kind(reduction, **parameters)
