"""What a training leaves behind, and the recorders that write it down while the loop runs.

A recorder copies numbers, and computes nothing until a chunk is full: one call on a chunk of 500 epochs costs little
more than one on a single epoch, and the memory stays bounded.
"""

from dataclasses import dataclass

import numpy as np

from engine.losses import Loss
from engine.network import Network
from engine.preparation import Standardizer
from engine.samples import Dataset
from engine.scores import score

CHUNK = 512
MAX_KEPT = 1_000_000  # numbers in a chunk: fewer epochs, where one has many


@dataclass(frozen=True, eq=False)
class TrainingHistory:
    """What happened in training, epoch by epoch, the start included; read-only arrays, … is the runs' axis.

    Attributes:
        train_loss, test_loss: (…, epochs + 1), the config's reported loss in evaluation mode, without penalties; nan
            from divergence and from the stop of a run on. test_loss is None without test samples.
        train_score, test_score: likewise; `score` says what they are, "accuracy" or "r_squared".
        gradient_norms: (…, epochs, n_layers), of the last batch of each epoch, before penalties and clipping.
        parameters, statistics: after training, (…, n_parameters) and (…, 2 * n_normalized); of a run that early
            stopping has stopped, those of its best epoch.
        snapshot_epochs: (frames,). snapshots, snapshot_statistics: (…, frames, n).
        diverged_at: first epoch whose training loss is not finite, (…); -1 where there is none.
        stopped_at, best_epoch: the epoch of early stopping (-1: it ran to the end) and that of the lowest test loss
            so far (-1 without test samples), (…).
        standardizer: what was done to the features; None where nothing was.
    """

    train_loss: np.ndarray
    test_loss: np.ndarray | None
    train_score: np.ndarray
    test_score: np.ndarray | None
    score: str
    gradient_norms: np.ndarray
    parameters: np.ndarray
    statistics: np.ndarray
    snapshot_epochs: np.ndarray
    snapshots: np.ndarray
    snapshot_statistics: np.ndarray
    diverged_at: np.ndarray
    stopped_at: np.ndarray
    best_epoch: np.ndarray
    standardizer: Standardizer | None


class Chunks:
    """Collects one array an epoch and hands them on together.

    Args: source: a live array. length: how many may come. chunk: how many are handed on at once, at most.
    """

    def __init__(self, source: np.ndarray, length: int, chunk: int = CHUNK):
        self._source = source
        self._kept = np.empty((max(1, min(chunk, length, MAX_KEPT // max(1, source.size))), *source.shape))
        self._filled = self.done = 0

    def keep(self) -> None:
        """Copy the source as it is now."""
        self._kept[self._filled] = self._source
        self._filled += 1
        if self._filled == len(self._kept):
            self.flush()

    def flush(self) -> None:
        """Hand on what has been collected."""
        if self._filled:
            filled, self._filled = self._filled, 0
            self.take(self._kept[:filled], slice(self.done, self.done + filled))
            self.done += filled

    def take(self, kept: np.ndarray, epochs: slice) -> None:
        """Turn a chunk into results."""
        raise NotImplementedError


class Curve(Chunks):
    """Loss and score of each epoch, from the outputs of an evaluation network; (runs, epochs + 1), nan at first."""

    def __init__(self, network: Network, samples: Dataset, loss: Loss, epochs: int, chunk: int):
        super().__init__(network.a[-1], epochs + 1, chunk)
        self._Y, self._loss, self._task, self._border = samples.targets, loss, samples.task, samples.border
        self.losses, self.scores = (np.full((network.runs, epochs + 1), np.nan) for _ in range(2))
        self.ended = False  # every run was beyond finite numbers when last looked at

    def take(self, kept, epochs):
        runs = len(self.losses)
        self.losses[:, epochs] = self._loss.value(kept, self._Y).reshape(-1, runs).T
        self.scores[:, epochs] = score(kept, self._Y, self._loss, self._task, self._border).reshape(-1, runs).T
        self.ended = not np.isfinite(self.losses[:, epochs.stop - 1]).any()


class GradientNorms(Chunks):
    """The length of each layer's gradient (W and b together), (runs, epochs, n_layers); nan at first."""

    def __init__(self, network: Network, epochs: int, chunk: int):
        super().__init__(network.gradient, max(epochs, 1), chunk)
        self._blocks = network.architecture.blocks
        self.norms = np.full((network.runs, epochs, network.architecture.n_layers), np.nan)

    def take(self, kept, epochs):
        with np.errstate(over="ignore", invalid="ignore"):  # a run that diverges is read to its end
            for layer, block in enumerate(self._blocks(kept)):  # (epochs, runs, fan_in + 1, fan_out)
                self.norms[:, epochs, layer] = np.sqrt(np.square(block).sum(axis=(-2, -1))).T
