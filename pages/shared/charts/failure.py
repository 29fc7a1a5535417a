"""The evidence of a training that went wrong: losses with the constant answer's, the last updates, layers, outputs."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from engine.blow_up import BlowUp
from engine.history import TrainingHistory
from engine.layer_health import LayerHealth
from pages.shared.charts import series

MOST = 300  # points of a curve
LAST = 60  # updates before the end
SHORT = 3  # losses that make no curve
WIDE = 10.0  # a loss that changes by more than this factor needs a logarithmic axis


def is_wide(constant: float, *histories: TrainingHistory) -> bool:
    """Whether the losses, and that of the constant answer, need a logarithmic axis."""
    losses = np.concatenate([[constant], *(part for history in histories for part in _curves(history))])
    losses = losses[np.isfinite(losses) & (losses > 0)]
    return bool(losses.size and losses.max() > WIDE * losses.min())


def is_short(*histories: TrainingHistory) -> bool:
    """Whether a curve ends so soon that it needs points to be seen."""
    return min(int(np.isfinite(history.train_loss).sum()) for history in histories) <= SHORT


def losses(
    runs: Mapping[str, tuple[TrainingHistory, bool]], constant: tuple[str, float], *, log: bool
) -> dict[str, pd.DataFrame]:
    """The named data of `series.spec`.

    Args: runs: label -> (history, its test loss instead of its training loss). constant: label and value of the line.
    """
    frames, longest = [], 1
    for label, (history, test) in runs.items():
        values = history.test_loss if test else history.train_loss
        longest = max(longest, len(values) - 1)
        at = np.unique(np.linspace(0, len(values) - 1, MOST).round().astype(int))
        frames.append(series.data(at, {label: values[at]}, log=log)["series"])
    label, value = constant
    frames.append(series.data([0, longest], {label: np.full(2, value)}, log=log)["series"])
    return {"series": pd.concat(frames, ignore_index=True)}


def updates(found: BlowUp, labels: tuple[str, str, str, str]) -> dict[str, pd.DataFrame]:
    """The last updates: loss, length of the gradient, largest |z|, largest parameter."""
    return series.data(found.updates[-LAST:], dict(zip(labels, columns(found, LAST), strict=True)), log=True)


def columns(found: BlowUp, last: int) -> list[np.ndarray]:
    """Loss, length of the gradient, largest |z|, largest parameter of the last updates."""
    with np.errstate(all="ignore"):  # the length of what has overflowed
        length = np.sqrt(np.square(found.gradient_norms[-last:]).sum(axis=1))
    return [found.losses[-last:], length, found.largest_z[-last:].max(axis=1), found.largest_parameter[-last:]]


def gradients(layers: LayerHealth, labels: tuple[str, str]) -> dict[str, pd.DataFrame]:
    """The length of each layer's gradient at the start and at the end."""
    at = range(1, len(layers.units) + 1)
    return series.data(at, dict(zip(labels, (layers.first_gradient, layers.last_gradient), strict=True)), log=True)


def outputs(answers: np.ndarray, targets: np.ndarray, constant: float, labels: tuple[str, str, str]) -> dict:
    """The answers to all samples, sorted by target and answer, with their targets and the best constant answer."""
    order = np.lexsort((answers, targets))
    answers, targets = answers[order], targets[order]
    values = (answers, targets, np.full(len(targets), constant))
    return series.data(range(1, len(targets) + 1), dict(zip(labels, values, strict=True)))


def _curves(history: TrainingHistory) -> list[np.ndarray]:
    return [part for part in (history.train_loss, history.test_loss) if part is not None]
