"""A network that is too large, with and without a regularizer, from several starts: losses, stops, weights, pairs."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from engine.activations import activation
from engine.arrays import seal
from engine.datasets import CURVES
from engine.decision import decision_grid
from engine.early_stopping import EarlyStopping
from engine.errors import InputError, finite, whole
from engine.histograms import count
from engine.history import TrainingHistory
from engine.network import Architecture, Network, predict
from engine.overfitting import MAX_BLOCKS, MAX_EPOCHS, OverfittingConfig, Regularizer
from engine.regularization import penalty
from engine.scores import score
from engine.seed_bands import SeedBand, over_seeds, quantile
from engine.trainer import train

LIMIT, BINS = 2.0, 41  # of the histogram of weights, from -LIMIT to LIMIT
CENTERS = tuple(float(x) for x in np.linspace(-LIMIT, LIMIT, 2 * BINS + 1)[1::2])  # of the bins
CLIMB = 1.1  # of the lowest validation loss: what is above it at the end has climbed
SMALL = 0.01  # a weight of no more than this counts as small


@dataclass(frozen=True, eq=False)
class Moment:
    """One seed's network after an epoch: its parameters, float32, (n_parameters,), and its losses."""

    epoch: int
    parameters: np.ndarray
    train_loss: float
    validation_loss: float

    @property
    def sound(self) -> bool:
        """Whether all parameters are finite, so that the network answers anything."""
        return bool(np.isfinite(self.parameters).all())


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one regularizer made of several seeds; read-only, runs in front.

    Attributes:
        at: epochs (points,). train, validation: losses there, (runs, points).
        train_loss, validation_loss, test_loss: at the end, (runs,). train_score, …: accuracy or R^2, (runs,).
        best_loss, best_epoch: lowest validation loss of all epochs, and where it was, (runs,).
        stopped_at: epoch of early stopping, (runs,); -1 for a run to the last epoch.
        diverged: (runs,).
        penalty: what is added to the training loss at the end, (runs,), 0 after a divergence. small: share of weights
            of at most SMALL in size, (runs,). histogram: weights of all sound runs below, in and above the bins,
            (BINS + 2,).
        frames: epochs (frames,). parameters: there, float32, (BLOCK, frames, n_parameters), of the first block.
    Convention: losses without penalties, in evaluation mode. A run that early stopping has ended counts from there
        on, and at the end, with the parameters of its best epoch. One whose loss is not finite counts as infinite.
    """

    regularizer: Regularizer
    at: np.ndarray
    train: np.ndarray
    validation: np.ndarray
    train_loss: np.ndarray
    validation_loss: np.ndarray
    test_loss: np.ndarray
    train_score: np.ndarray
    validation_score: np.ndarray
    test_score: np.ndarray
    best_loss: np.ndarray
    best_epoch: np.ndarray
    stopped_at: np.ndarray
    diverged: np.ndarray
    penalty: np.ndarray
    small: np.ndarray
    histogram: np.ndarray
    frames: np.ndarray
    parameters: np.ndarray

    @property
    def n_seeds(self) -> int:
        return len(self.validation_loss)

    @property
    def n_diverged(self) -> int:
        return int(self.diverged.sum())

    @property
    def shares(self) -> np.ndarray:
        """The share of all weights in each bin, (BINS,)."""
        return self.histogram[1:-1] / max(self.histogram.sum(), 1)

    @property
    def outside(self) -> float:
        """The share of all weights that lie beyond the bins."""
        return float((self.histogram[0] + self.histogram[-1]) / max(self.histogram.sum(), 1))

    @cached_property
    def bands(self) -> dict[str, SeedBand]:
        """Median and quartiles over the seeds: "train" and "validation" (points,) each, and the numbers at the end."""
        names = "train", "validation", "train_loss", "validation_loss", "test_loss", "best_loss", "penalty"
        return {name: over_seeds(getattr(self, name)) for name in names}

    @property
    def objective(self) -> np.ndarray:
        """What was minimized, at the end: training loss and penalty together, (runs,)."""
        return self.train_loss + self.penalty

    @property
    def climbs(self) -> bool:
        """Whether the validation loss ends clearly above its lowest, in the median over the seeds."""
        return self.median("validation_loss") > CLIMB * self.median("best_loss")

    def moment(self, seed: int, epoch: int) -> "Moment":
        """The last frame up to an epoch.

        Args: seed: 0 to BLOCK - 1. epoch: at least 0.
        """
        place = int(np.searchsorted(self.frames, epoch, side="right")) - 1
        at = int(self.frames[place])
        point = int(np.searchsorted(self.at, at))
        losses = float(self.train[seed, point]), float(self.validation[seed, point])
        return Moment(at, self.parameters[seed, place], *losses)

    def median(self, name: str) -> float:
        """The median over the seeds of one of the numbers at the end; nan where a run has none."""
        values = np.asarray(getattr(self, name), dtype=float)
        return float(quantile(values, 0.5)) if not np.isnan(values).any() else float("nan")


_PER_RUN = (  # the arrays with the runs in front
    *("train", "validation", "train_loss", "validation_loss", "test_loss"),
    *(
        "train_score",
        "validation_score",
        "test_score",
        "best_loss",
        "best_epoch",
        "stopped_at",
        "diverged",
        "penalty",
        "small",
    ),
)


def study(config: OverfittingConfig, regularizer: Regularizer, block: int = 0) -> Outcome:
    """Train one block of seeds.

    Args:   block: 0 to 3, of BLOCK seeds each.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    training = config.training(regularizer, whole("block", block, 0, MAX_BLOCKS - 1))
    history = train(training, config.samples, config.validation)
    with np.errstate(all="ignore"):  # where a run has diverged
        return _outcome(config, regularizer, history, with_frames=block == 0)


def _outcome(
    config: OverfittingConfig, regularizer: Regularizer, history: TrainingHistory, with_frames: bool
) -> Outcome:
    of, test = config.architecture, config.test
    diverged = (history.diverged_at >= 0) | ~np.isfinite(history.parameters).all(axis=1)
    parameters = np.where(diverged[:, None], 0.0, history.parameters)
    on_test = _answers(of, parameters, test.X)
    last = np.where(history.stopped_at >= 0, history.best_epoch, config.epochs)
    weights = parameters[:, of.weight_mask() == 1]
    at = np.array(config.at)
    frames = history.snapshots.astype(np.float32) if with_frames else np.zeros((0, 0, 0), np.float32)
    arrays = {
        "train": _held(history.train_loss, history)[:, at],
        "validation": _held(history.test_loss, history)[:, at],
        "train_loss": np.where(diverged, np.inf, _at(history.train_loss, last)),
        "validation_loss": np.where(diverged, np.inf, _at(history.test_loss, last)),
        "test_loss": np.where(diverged, np.inf, config.loss.value(on_test, test.targets)),
        "train_score": np.where(diverged, np.nan, _at(history.train_score, last)),
        "validation_score": np.where(diverged, np.nan, _at(history.test_score, last)),
        "test_score": np.where(diverged, np.nan, score(on_test, test.targets, config.loss, test.task)),
        "best_loss": np.where(np.isfinite(history.test_loss), history.test_loss, np.inf).min(axis=1),
        "best_epoch": history.best_epoch,
        "stopped_at": history.stopped_at,
        "diverged": diverged,
        "penalty": penalty(parameters, of.weight_mask(), regularizer.l1, regularizer.l2),
        "small": np.where(diverged, np.nan, (np.abs(weights) <= SMALL).mean(axis=1)),
        "histogram": count(weights[~diverged], -LIMIT, LIMIT, BINS),
        "at": at,
        "frames": history.snapshot_epochs,
        "parameters": frames,
    }
    return Outcome(regularizer, **{name: seal(np.array(array)) for name, array in arrays.items()})


def _answers(of: Architecture, parameters: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Outputs of each run's network, (runs, n, 1), one after the other in the same buffers: for all runs together
    these would take tens of megabytes."""
    network, outputs = Network(of, parameters[0], X), []
    for one in parameters:
        network.parameters[...] = one
        outputs.append(network.forward().reshape(-1, of.sizes[-1]).copy())
    return np.array(outputs)


def joined(blocks: Sequence[Outcome]) -> Outcome:
    """The blocks of one regularizer as one outcome; what is kept for pictures is the first block's."""
    first, *others = blocks
    if not others:
        return first
    arrays = {name: np.concatenate([getattr(block, name) for block in blocks]) for name in _PER_RUN}
    arrays["histogram"] = np.sum([block.histogram for block in blocks], axis=0)
    given = {field.name: getattr(first, field.name) for field in fields(Outcome)}
    return Outcome(**given | {name: seal(array) for name, array in arrays.items()})


def field(config: OverfittingConfig, parameters, low: float, high: float, side: int = 60) -> np.ndarray:
    """The probability of class 1 over the square [low, high] x [low, high], as engine.decision.decision_grid."""
    training = config.training(Regularizer())
    return decision_grid(training, parameters, x_range=(low, high), y_range=(low, high), side=side)


def fit(config: OverfittingConfig, parameters, n: int = 121) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What a network answers along its one input, beside the curve that the samples were drawn around.

    Returns: x, outputs, curve, (n,) each.
    """
    x = np.linspace(-np.pi, np.pi, n)
    outputs = predict(config.architecture, np.asarray(parameters, dtype=float), x[:, None])[:, 0]
    return tuple(map(seal, (x, outputs, CURVES["sine"](x))))


def early_stop(losses, patience: int) -> tuple[int, int]:
    """What early stopping does with the validation losses of one run.

    Args:    losses: (epochs + 1,), the first one of the start. patience: 1 to 2,000.
    Returns: the best epoch and the one after which training stops (-1: it does not).
    Raises:  InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """
    losses, patience = finite("losses", losses), whole("patience", patience, 1, MAX_EPOCHS)
    if losses.ndim != 1:
        raise InputError("wrong_shape", "losses", losses.shape, "(epochs + 1,)")
    smallest = Architecture((1, 1), (activation("linear"),))
    stopping = EarlyStopping(Network(smallest, np.zeros(2), np.zeros((1, 1))), patience)
    for epoch, loss in enumerate(losses):
        stopping.look(epoch, np.array([loss]))
    return int(stopping.best_epoch[0]), int(stopping.stopped_at[0])


def _held(losses: np.ndarray, history: TrainingHistory) -> np.ndarray:
    """Losses (runs, epochs + 1): of a run that has been stopped, from the next epoch on that of its best epoch."""
    stopped = history.stopped_at[:, None]
    after = (stopped >= 0) & (np.arange(losses.shape[1]) > stopped)
    return np.where(after, _at(losses, history.best_epoch)[:, None], losses)


def _at(values: np.ndarray, epochs: np.ndarray | int) -> np.ndarray:
    """Of each run (runs, epochs + 1) the value at its own epoch."""
    places = np.broadcast_to(epochs, len(values))
    return np.take_along_axis(values, places[:, None], axis=1)[:, 0]
