"""Numbers of a training over its epochs, as a board shows them: smoothed, thinned out, beside other seeds."""

from dataclasses import dataclass, replace

import numpy as np

from engine import errors
from engine.arrays import seal
from engine.batches import batch_sizes
from engine.history import TrainingHistory
from engine.lab import LabConfig
from engine.samples import MAX_SEED
from engine.training_config import TrainingConfig

MAX_SMOOTHING, MAX_OTHERS = 0.999, 3
TURNED = 1.1  # a test loss that is so many times its lowest has turned
BLOCK = 64  # values that are averaged by one product


@dataclass(frozen=True, eq=False)
class Smoothed:
    """An exponential moving average; read-only, shapes of the values.

    average: m_t, which starts at 0. weights: 1 - smoothing^t, the sum of the weights in m_t, (n,).
    shown: m_t / weights.
    """

    average: np.ndarray
    weights: np.ndarray
    shown: np.ndarray


def smoothed(values, smoothing: float) -> Smoothed:
    """The running average that a board draws instead of a jagged curve.

        m_t = smoothing * m_(t-1) + (1 - smoothing) * x_t,   m_0 = 0,   shown_t = m_t / (1 - smoothing^t)

    Args:    values: (…, n), x_1 first; nan from where a curve ends. smoothing: 0 (none) to 0.999.
    Raises:  InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Convention: TensorBoard's debiased average: the same correction as in Adam.
    Source:  Kingma and Ba (2015), section 3.
    """
    smoothing = errors.number("smoothing", smoothing, 0.0, MAX_SMOOTHING)
    values = np.asarray(values, dtype=float)
    if not values.ndim:
        raise errors.InputError("wrong_shape", "values", values.shape, "(…, n)")
    filled, n = np.nan_to_num(values), values.shape[-1]
    average = np.empty(values.shape)
    steps = np.arange(BLOCK)
    lag = steps[None, :] - steps[:, None]  # from a value to an average of its block
    kernel = np.where(lag >= 0, (1 - smoothing) * smoothing ** np.maximum(lag, 0), 0.0)
    last = np.zeros(values.shape[:-1])
    for start in range(0, n, BLOCK):
        part = filled[..., start : start + BLOCK]
        size = part.shape[-1]
        average[..., start : start + size] = part @ kernel[:size, :size] + last[..., None] * smoothing ** (
            1 + steps[:size]
        )
        last = average[..., min(start + BLOCK, n) - 1]
    average[np.isnan(values)] = np.nan
    weights = 1 - smoothing ** np.arange(1.0, n + 1)
    return Smoothed(*map(seal, (average, weights, average / weights)))


@dataclass(frozen=True)
class Summary:
    """One curve in a few numbers: at epoch 0, at an epoch, smoothed there, its best and the first epoch with it."""

    start: float
    here: float
    smoothed: float
    best: float
    best_epoch: int


def summary(values, epoch: int, smoothing: float, *, largest: bool = False) -> Summary:
    """Args: values: (epochs + 1,), the first finite. largest: whether large values are good, as those of a score."""
    values = errors.shape("values", np.asarray(values, dtype=float), (None,))
    filled = np.where(np.isfinite(values), -values if largest else values, np.inf)
    best = int(filled.argmin())
    here = smoothed(values, smoothing).shown[epoch]
    return Summary(float(values[0]), float(values[epoch]), float(here), float(values[best]), best)


def turn_of_test(train_loss, test_loss, epoch: int) -> str:
    """What the test loss has done up to an epoch, beside the training loss.

        lost       it is no finite number any more
        falling    it is less than 1.1 times its lowest
        apart      it has risen from its lowest, while the training loss fell
        together   it has risen, and the training loss has not fallen since

    Args: train_loss, test_loss: (epochs + 1,), the first finite.
    """
    test = summary(test_loss[: epoch + 1], epoch, 0.0)
    if not np.isfinite(test.here):
        return "lost"
    if test.here <= TURNED * test.best:
        return "falling"
    return "apart" if train_loss[epoch] < train_loss[test.best_epoch] else "together"


def learning_rates(config: TrainingConfig, n_samples: int) -> np.ndarray:
    """The learning rate of each epoch's first update, as the schedule has it, (epochs,), before the optimizer's own
    scaling.

    Args:   n_samples: 1 to 20,000.
    """
    updates = np.arange(config.epochs) * len(batch_sizes(n_samples, config.batch_size))
    rates = config.learning_rates or (config.optimizer.learning_rate,)
    factor = 1.0 if config.optimizer.code == "rprop" else config.schedule(updates)  # Rprop has steps of its own
    return seal(np.broadcast_to(rates[0] * factor, updates.shape).copy())


def changes(config: TrainingConfig, history: TrainingHistory, run: int = 0) -> np.ndarray:
    """How far each layer's parameters move from frame to frame, per epoch, as a part of their length.

        |theta_k - theta_(k-1)| / (|theta_(k-1)| * epochs between the frames),   theta = (W, b) of a layer

    Returns: (frames - 1, n_layers), nan from a divergence and from the stop of the run on.
    Convention: the way between two frames as the crow flies, at most as long as the updates on it together.
    """
    epochs = history.snapshot_epochs
    snapshots = history.snapshots if history.snapshots.ndim == 2 else history.snapshots[run]
    losses = history.train_loss if history.train_loss.ndim == 1 else history.train_loss[run]
    with np.errstate(all="ignore"):  # a run that has diverged overflows
        blocks = config.architecture.blocks(snapshots)
        moved = [_length(np.diff(block, axis=0)) / _length(block[:-1]) for block in blocks]
        rates = np.stack(moved, axis=1) / np.diff(epochs)[:, None]
    return seal(np.where(np.isfinite(losses[epochs[1:]])[:, None], rates, np.nan))


def n_sound_frames(history: TrainingHistory) -> int:
    """How many frames come before the first without a finite training loss; 1 at least: the start."""
    sound = np.isfinite(history.train_loss[..., history.snapshot_epochs])
    sound = sound.reshape(-1, sound.shape[-1])[0]
    return max(len(sound) if sound.all() else int(sound.argmin()), 1)


def other_seeds(config: LabConfig, n: int) -> LabConfig:
    """The same training on the same data from the next n seeds, side by side: first weights and order are drawn anew.

    Args:   n: 1 to 3.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    Convention: a config with a given start loses it: the initializer draws.
    """
    n, first = errors.whole("n", n, 1, MAX_OTHERS), config.training.run_seeds[0]
    seeds = tuple((first + 1 + place) % (MAX_SEED + 1) for place in range(n))
    return replace(config, start=(), training=replace(config.training, seeds=seeds, snapshots=()))


def _length(block: np.ndarray) -> np.ndarray:
    return np.sqrt(np.square(block).sum(axis=(-2, -1)))
