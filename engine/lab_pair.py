"""Two runs of the lab in numbers: each in a few, how their parameters part, what each answers, many seeds of both."""

from dataclasses import dataclass, replace

import numpy as np

from engine import errors
from engine.arrays import seal
from engine.cost import Cost
from engine.decision import grid_points, paint
from engine.features import features
from engine.history import TrainingHistory
from engine.lab import LabConfig
from engine.lab_difference import n_updates
from engine.paired_seeds import Paired, paired
from engine.samples import MAX_SEED
from engine.seed_bands import SeedBand, over_seeds
from engine.trainer import train

SEEDS = 10  # of the comparison with many seeds
PASSES = 3  # a backward pass costs about two forward ones


@dataclass(frozen=True)
class Summary:
    """A run in a few numbers.

    train_loss, test_loss, train_score, test_score: at the end, after early stopping of the best epoch; None without
        test samples.
    best, best_epoch: lowest watched loss (of the test samples, where there are some) and its epoch; nan, -1 if none.
    goal_epoch: first epoch whose watched loss is at most the goal, -1 if none.
    last_epoch: the last one with a finite loss, before divergence or the stop.
    n_parameters; updates: made until last_epoch; work: multiplications of these, about.
    """

    train_loss: float
    test_loss: float | None
    train_score: float
    test_score: float | None
    best: float
    best_epoch: int
    goal_epoch: int
    last_epoch: int
    n_parameters: int
    updates: int
    work: float


def summary(config: LabConfig, history: TrainingHistory, goal: float) -> Summary:
    """A run in a few numbers.

    Args:   history: of `engine.lab.run(config)`. goal: of the watched loss.
    Raises: InputError: not_a_number, not_finite.
    """
    goal = errors.number("goal", goal)
    watched = watched_loss(history)
    finite = np.flatnonzero(np.isfinite(history.train_loss))
    last = int(finite[-1]) if len(finite) else 0
    diverged = int(history.diverged_at) >= 0
    known = np.where(np.isfinite(watched), watched, np.inf)
    best, reached = int(known.argmin()), np.flatnonzero(known <= goal)
    stopped = int(history.stopped_at) >= 0
    at = -1 if diverged else int(history.best_epoch) if stopped else last

    def end(curve: np.ndarray | None) -> float | None:
        return None if curve is None else float(curve[at])

    of, updates = config.training.architecture, n_updates(config, last)
    return Summary(
        *(end(curve) for curve in (history.train_loss, history.test_loss, history.train_score, history.test_score)),
        best=float(known[best]),
        best_epoch=best if np.isfinite(known[best]) else -1,
        goal_epoch=int(reached[0]) if len(reached) else -1,
        last_epoch=last,
        n_parameters=of.n_parameters,
        updates=updates,
        work=float(PASSES * of.n_dense * len(config.data.planes[0]) * last),
    )


def watched_loss(history: TrainingHistory) -> np.ndarray:
    """The loss by which runs are compared: that of the test samples, where there are some."""
    return history.train_loss if history.test_loss is None else history.test_loss


def alike(first: TrainingHistory, second: TrainingHistory) -> bool:
    """Whether two runs have gone the same way, to the last bit, in all that is kept of them."""
    names = ("train_loss", "test_loss", "snapshot_epochs", "snapshots")
    pairs = [(getattr(first, name), getattr(second, name)) for name in names]
    return all(
        one is other or (one is not None and other is not None and np.array_equal(one, other, equal_nan=True))
        for one, other in pairs
    )


# how they part -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Parting:
    """How far two runs are from each other, and each from its own start; (frames,) each, read-only.

    between = |theta_A - theta_B|,  first = |theta_A - theta_A(0)|,  second = |theta_B - theta_B(0)|
    """

    epochs: np.ndarray
    between: np.ndarray
    first: np.ndarray
    second: np.ndarray


def parting(first: TrainingHistory, second: TrainingHistory) -> Parting | None:
    """The distance of the parameters of two networks of one shape, at the epochs that both have kept.

        d(t) = sqrt(sum_i (theta_A,i(t) - theta_B,i(t))^2)

    None where the networks have not as many parameters.
    Convention: a distance of parameters, not of answers: two networks whose hidden units stand in another order answer
        alike and are far apart. Frames after divergence are left out.
    """
    if first.snapshots.shape[-1] != second.snapshots.shape[-1]:
        return None
    epochs, ours, theirs = np.intersect1d(first.snapshot_epochs, second.snapshot_epochs, return_indices=True)
    with np.errstate(all="ignore"):
        a, b = first.snapshots[ours], second.snapshots[theirs]
        ways = [np.sqrt(np.square(way).sum(axis=-1)) for way in (a - b, a - a[:1], b - b[:1])]
    finite = np.isfinite(ways).all(axis=0)
    return Parting(*(seal(part[finite].copy()) for part in (epochs, *ways)))


def answers(config: LabConfig, history: TrainingHistory, frame: int, square, side: int = 60) -> np.ndarray | None:
    """What a run answers over a square at one of its frames, brought to 0 to 1 for a picture.

    Args:    history: of `engine.lab.run(config)`. frame: of its snapshots. square: x_range and y_range. side: 2 to 100.
    Returns: (side, side), the top row first: 0 is the lower target (class 0, the lowest value), 1 the higher; of
             several classes their numbers, 0, 1, 2, …. None where the parameters are not finite.
    Raises:  InputError: not_a_number, out_of_range.
    """
    frame = errors.whole("frame", frame, 0, len(history.snapshot_epochs) - 1)
    side = errors.whole("side", side, 2, 100)
    parameters, statistics = history.snapshots[frame][None], history.snapshot_statistics[frame][None]
    if not (np.isfinite(parameters).all() and np.isfinite(statistics).all()):
        return None
    points = features(grid_points(*square, side), config.data.features)
    if history.standardizer is not None:
        points = history.standardizer.apply(points)
    with np.errstate(over="ignore"):  # weights too large for float32 paint nan
        found = paint(config.training, parameters, statistics, points)[-1].reshape(side, side)
    if config.data.plane.n_classes > 2:
        return seal(found)
    low, high = (0.0, 1.0) if config.training.loss.takes_logits else _ends(config)
    return seal(np.clip((found - low) / (high - low), 0.0, 1.0))


def _ends(config: LabConfig) -> tuple[float, float]:
    """The lowest and the highest target."""
    if config.data.plane.task == "classification":
        return config.coding
    y = config.data.plane.y
    return float(y.min()), float(y.max()) if y.max() > y.min() else float(y.min()) + 1.0


def frame_at(history: TrainingHistory, epoch: int) -> int:
    """The frame whose epoch is nearest to this one."""
    return int(np.abs(history.snapshot_epochs - epoch).argmin())


def epoch_of(history: TrainingHistory, frame: int) -> int:
    """The epoch whose parameters a frame holds: after early stopping that is the best one."""
    epoch, stopped = int(history.snapshot_epochs[frame]), int(history.stopped_at)
    return int(history.best_epoch) if 0 <= stopped < epoch else epoch


def disagreement(first: np.ndarray, second: np.ndarray, several: bool) -> float:
    """The share of a picture where two networks name different classes.

    Args: first, second: of `answers`. several: whether they hold class numbers; else 0.5 is the border.
    """
    one, other = (part if several else part > 0.5 for part in (first, second))
    return float((one != other).mean())


# many seeds ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class SeedRuns:
    """One setting from several seeds; read-only.

    loss: watched, at the end, (seeds,); nan where a run diverged. error: 1 - score, likewise, so that less is better.
    epochs, band: median and middle half of the watched loss over (some of) the epochs.
    """

    seeds: tuple[int, ...]
    loss: np.ndarray
    error: np.ndarray
    epochs: np.ndarray
    band: SeedBand


def stacked(config: LabConfig, n_seeds: int = SEEDS) -> LabConfig:
    """The configuration's training from so many seeds, from its own on; a given start is dropped.

    Args:   n_seeds: 2 to 50.
    Raises: InputError: out_of_range, and what the training refuses.
    """
    count = errors.whole("n_seeds", n_seeds, 2, 50)
    seed = min(config.training.run_seeds[0], MAX_SEED - count)
    training = replace(config.training, seeds=tuple(range(seed, seed + count)), snapshots=())
    return replace(config, training=training, start=())


def seeds_cost(config: LabConfig, n_seeds: int = SEEDS) -> Cost:
    """Of `seed_runs`."""
    return stacked(config, n_seeds).cost


def seed_runs(config: LabConfig, n_seeds: int = SEEDS, curve: int = 200) -> SeedRuns:
    """Train a setting from several seeds on the same samples.

    Args: n_seeds: as in `stacked`. curve: at most so many epochs of the band, 2 to 1,000.
    """
    many = stacked(config, n_seeds)
    history = train(many.training, *many.parts)
    watched = watched_loss(history)
    score = history.train_score if history.test_score is None else history.test_score
    watched, error = (_lasting(history, curves) for curves in (watched, 1.0 - score))
    places = np.linspace(0, watched.shape[-1] - 1, errors.whole("curve", curve, 2, 1000)).round()
    places = np.unique(places.astype(int))
    ends = [seal(curves[:, -1].copy()) for curves in (watched, error)]
    return SeedRuns(many.training.seeds, *ends, seal(places), over_seeds(watched[:, places]))


def _lasting(history: TrainingHistory, curves: np.ndarray) -> np.ndarray:
    """Curves (runs, epochs + 1) in which a run that has stopped early keeps the value of its best epoch."""
    kept = curves.copy()
    for run, (stop, best) in enumerate(zip(history.stopped_at, history.best_epoch, strict=True)):
        if stop >= 0:
            kept[run, stop:] = curves[run, best]
    return kept


def seed_pairs(first: SeedRuns, second: SeedRuns, by_loss: bool = True) -> Paired:
    """Both settings seed by seed: is the second's loss (or, where losses measure different things, error) lower?

    `lower` counts the seeds in which the first is lower, `higher` those in which the second is.
    """
    return paired(first.loss, second.loss) if by_loss else paired(first.error, second.error)
