"""Settings of the lab by what they do: two that are written differently may give one and the same run."""

import numpy as np

from engine.lab import LabConfig
from engine.layers import Dropout
from engine.momentum import SGD, Momentum
from engine.schedules import MAX_STEPS
from engine.weight_schemes import Constant, Initializer


def plainest(setting):
    """The plainest setting that does the same to the last bit: momentum 0 is SGD, dropout 0 and biases of 0 are none.

    Args: setting: an optimizer, dropout, or initializer of the biases; whatever else comes back as it is.
    """
    match setting:
        case Momentum(momentum=0.0):
            return SGD(setting.learning_rate, setting.weight_decay)
        case Dropout(drop_rate=0.0) | Constant(value=0.0):
            return None
    return setting


def told_as(first, second) -> tuple:
    """A pair of settings as they are best compared: as the plainest ones where these are of one kind, else as given."""
    plain = plainest(first), plainest(second)
    return plain if type(plain[0]) is type(plain[1]) else (first, second)


def batch_size(config: LabConfig) -> int | None:
    """Samples in a batch; None where a batch holds all."""
    size = config.training.batch_size
    return None if size is None or size >= len(config.data.planes[0]) else size


def draws_start(config: LabConfig) -> bool:
    """Whether the first parameters depend on a seed."""
    of = config.training
    return not config.start and (_draws(of.initializer) or _draws(of.bias_initializer))


def _draws(scheme: Initializer | None) -> bool:
    return scheme is not None and not isinstance(scheme, Constant)


def same_schedule(first: LabConfig, second: LabConfig) -> bool:
    """Whether the learning rate gets the same factors in all updates that either may make."""
    one, other = first.training.schedule, second.training.schedule
    if one == other:
        return True
    updates = max(len(of.data.batches(of.training.batch_size)) * of.training.epochs for of in (first, second))
    if updates > MAX_STEPS:  # more than anybody waits for
        return False
    return np.array_equal(one(np.arange(updates)), other(np.arange(updates)))
