"""Gradient descent on a linear regression by batches of any size: the same samples, the same rule, other batches."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.arrays import seal
from engine.batches import batch_sizes, epoch_order
from engine.errors import InputError, finite, number, one_of, shape, whole
from engine.regression_bowl import START, Regression, SamplesConfig, batch_gradient, regression
from engine.samples import MAX_SEED
from engine.schedules import SCHEDULES, Schedule, schedule

MAX_EPOCHS, MAX_RUNS = 50, 50
MAX_START, MAX_RATE = 100.0, 10.0
UNITS = ("epoch", "sample", "update")  # that a loss curve can be shown over
SHOWN = 120  # points of a loss curve on a logarithmic axis
LAST_FACTOR = 0.01  # of the exponential decay


def fitted_schedule(code: str, epochs: int) -> Schedule:
    """A schedule of this code, counted in epochs, that fits a run of so many.

    constant; step: a tenth after each third; exponential: 1/100 in the last epoch; cosine: over all epochs;
    warm_up: a rise over the first sixth, then the cosine.

    Raises: InputError: unknown_name, not_a_number, not_finite, out_of_range.
    """
    one_of("schedule", code, SCHEDULES)
    epochs = whole("epochs", epochs, 1, MAX_EPOCHS)
    rise = max(epochs // 6, 1)
    settings = {
        "constant": {},
        "step": {"every": -(-epochs // 3), "decay": 0.1},
        "exponential": {"decay": LAST_FACTOR ** (1 / max(epochs - 1, 1))},
        "cosine": {"length": epochs},
        "warm_up": {"length": rise, "start": 0.1, "then": schedule("cosine", length=max(epochs - rise, 1))},
    }
    return schedule(code, **settings[code])


@dataclass(frozen=True)
class BatchConfig:
    """Gradient descent with one batch size.

    Args:
        samples: which samples.
        batch_size: 1 to n_samples.
        learning_rate: 0 to 10.
        epochs: 1 to 50.
        start: (w, b), each at most 100 in size.
        schedule: code of `fitted_schedule`; the learning rate changes once an epoch.
        shuffle_seed: run r shuffles with the seed (shuffle_seed, r).
        runs: how many shuffles, 1 to 50.
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name, wrong_shape.
    """

    samples: SamplesConfig
    batch_size: int
    learning_rate: float = 0.1
    epochs: int = 30
    start: tuple[float, float] = START
    schedule: str = "constant"
    shuffle_seed: int = 1
    runs: int = 20

    def __post_init__(self):
        whole("batch_size", self.batch_size, 1, self.samples.n_samples)
        number("learning_rate", self.learning_rate, 0, MAX_RATE)
        if shape("start", finite("start", self.start), (2,)).ndim != 1:
            raise InputError("wrong_shape", "start", np.shape(self.start), "(2,)")
        for value in self.start:
            number("start", value, -MAX_START, MAX_START)
        whole("shuffle_seed", self.shuffle_seed, 0, MAX_SEED)
        whole("runs", self.runs, 1, MAX_RUNS)
        fitted_schedule(self.schedule, self.epochs)

    @property
    def updates_per_epoch(self) -> int:
        """The batches of an epoch: n / batch_size, rounded up."""
        return len(batch_sizes(self.samples.n_samples, self.batch_size))

    @property
    def n_updates(self) -> int:
        """The updates of all epochs."""
        return self.epochs * self.updates_per_epoch

    @property
    def n_seen(self) -> int:
        """The samples seen in all epochs: the gradients of single samples that had to be computed."""
        return self.epochs * self.samples.n_samples

    def rates(self) -> np.ndarray:
        """The learning rate of each epoch, shape (epochs,)."""
        return self.learning_rate * fitted_schedule(self.schedule, self.epochs)(np.arange(self.epochs))

    def updates_after(self, seen) -> np.ndarray:
        """How many updates have been made when so many samples have been seen; any shape."""
        epoch, rest = np.divmod(seen, self.samples.n_samples)
        return epoch * self.updates_per_epoch + rest // self.batch_size

    def axis(self, unit: str) -> tuple[np.ndarray, np.ndarray]:
        """Where a loss curve is shown: the marks of its x axis, and the updates that have been made there.

        Args: unit: "epoch": 0, 1, … epochs; "sample", "update": from 1 on, in equal ratios where there are many.
        Raises: InputError: unknown_name.
        """
        one_of("unit", unit, UNITS)
        if unit == "epoch":
            at = np.arange(self.epochs + 1)
            return at, at * self.updates_per_epoch
        at = spread(self.n_seen if unit == "sample" else self.n_updates)
        return at, self.updates_after(at) if unit == "sample" else at


@dataclass(frozen=True)
class BatchRun:
    """What became of a configuration.

    Attributes:
        path: (w, b) of the first run after each update, shape (n_updates + 1, 2); inf or nan once it has diverged.
        excess: loss of the first run above the floor, shape (n_updates + 1,).
        kept: the updates of which all runs are known, ascending, shape (n_kept,).
        median, low, high: of the loss above the floor over the runs, shape (n_kept,); low and high leave out the run
            that lies lowest and the one that lies highest. inf where runs have diverged.
        settled: mean loss above the floor over the updates of the last epoch, median over the runs: how wide a run
            wanders in the end. At the very end of a shuffled epoch it is nearer to the optimum than on its way.
        n_worse: runs that end above where they began, or not in finite numbers.
        order: the samples of each epoch in the first run's order, shape (epochs, n_samples).
    """

    path: np.ndarray
    excess: np.ndarray
    kept: np.ndarray
    median: np.ndarray
    low: np.ndarray
    high: np.ndarray
    settled: float
    n_worse: int
    order: np.ndarray

    def __post_init__(self):
        for array in (self.path, self.excess, self.kept, self.median, self.low, self.high, self.order):
            seal(array)

    def band(self, updates) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Median, low and high after these updates, which must be among the kept ones."""
        at = np.searchsorted(self.kept, updates)
        return self.median[at], self.low[at], self.high[at]


def spread(last: int) -> np.ndarray:
    """Whole numbers from 1 to `last` in about equal ratios."""
    return np.unique(np.geomspace(1, last, SHOWN).round().astype(int))


def train(config: BatchConfig) -> BatchRun:
    """All runs of a configuration, side by side.

    A batch's gradient is H_B (w, b) - r_B, with H_B and r_B made of its samples alone. So an update is a matrix and a
    shift, and so is a row of updates, whatever (w, b) it begins at:

        (w, b) <- (I - learning_rate H_B) (w, b) + learning_rate r_B

    All epochs of all runs are put together at once, batch by batch; then each epoch begins where the last one ended.

    Convention: every epoch visits every sample once, in a new order; the last batch holds what is left. With a single
    batch nothing is shuffled.
    """
    problem, per_epoch = regression(config.samples), config.updates_per_epoch
    order = _orders(config)
    path = np.empty((config.n_updates + 1, 2, config.runs))
    path[0] = np.reshape(config.start, (2, 1))
    # A run that diverges overflows on its way: that is a result, not a mistake to warn of.
    with np.errstate(over="ignore", invalid="ignore"):
        from_its_start = _composed(problem, config, order)
        for epoch in range(config.epochs):
            first = epoch * per_epoch
            w, b = path[first]
            by_w, by_b, shift = (from_its_start[:, :, part, epoch] for part in range(3))
            path[first + 1 : first + 1 + per_epoch] = by_w * w + by_b * b + shift
        kept = np.unique(np.concatenate([config.axis(unit)[1] for unit in UNITS]))
        known = _or_inf(problem.excess(np.moveaxis(path[kept], 1, -1)))
        last_epoch = _or_inf(problem.excess(np.moveaxis(path[-per_epoch:], 1, -1)).mean(axis=0))
        drawn = path[:, :, 0].copy()
        excess = problem.excess(drawn)
    ranked = np.sort(known, axis=1)
    inner = ranked[:, 1:-1] if config.runs > 2 else ranked
    return BatchRun(
        path=drawn,
        excess=excess,
        kept=kept,
        median=_median(ranked),
        low=inner[:, 0].copy(),
        high=inner[:, -1].copy(),
        settled=float(_median(np.sort(last_epoch))),
        n_worse=int((~(known[-1] <= known[0])).sum()),
        order=order[:, :, 0].T.copy(),
    )


def _or_inf(losses: np.ndarray) -> np.ndarray:
    """What cannot be computed any more counts as infinite, so that it can be ranked."""
    return np.nan_to_num(losses, nan=np.inf, posinf=np.inf)


def _median(ranked: np.ndarray) -> np.ndarray:
    """The median of what is sorted along its last axis; np.median would make nan of two inf."""
    n = ranked.shape[-1]
    return (ranked[..., (n - 1) // 2] + ranked[..., n // 2]) / 2


def _composed(problem: Regression, config: BatchConfig, order: np.ndarray) -> np.ndarray:
    """What the first j + 1 updates of an epoch do together, as a matrix and a shift.

    Returns: shape (updates_per_epoch, 2, 3, epochs, runs): the columns are the factors of w and of b, and the shift.
    """
    sizes = np.array(batch_sizes(config.samples.n_samples, config.batch_size))
    steps = np.repeat(config.rates(), config.runs)  # of each epoch and run, side by side
    x, y = (values[order].reshape(len(order), -1) for values in (problem.x, problem.y))
    x, xx, xy, y = (steps * _batch_means(values, sizes) for values in (x, x * x, x * y, y))
    matrices = np.stack([1 - xx, -x, -x, np.broadcast_to(1 - steps, x.shape)], axis=1).reshape(-1, 2, 2, 1, len(steps))
    shifts = np.stack([xy, y], axis=1)
    composed, part = np.empty((len(sizes), 2, 3, len(steps))), np.empty((2, 3, len(steps)))
    composed[0, :, :2], composed[0, :, 2] = matrices[0, :, :, 0], shifts[0]
    for matrix, shift, before, after in zip(matrices[1:], shifts[1:], composed, composed[1:], strict=False):
        np.multiply(matrix[:, 0], before[0], out=after)
        np.multiply(matrix[:, 1], before[1], out=part)
        np.add(after, part, out=after)
        np.add(after[:, 2], shift, out=after[:, 2])
    return composed.reshape(-1, 2, 3, config.epochs, config.runs)


def _batch_means(values: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """The mean over each batch: (n_samples, …) -> (n_batches, …)."""
    if len(sizes) == len(values):
        return values
    sums = np.add.reduceat(values, np.cumsum(sizes) - sizes, axis=0)
    return sums / sizes.reshape(-1, *[1] * (values.ndim - 1))


def _orders(config: BatchConfig) -> np.ndarray:
    """The samples in the order of each epoch and run, shape (n_samples, epochs, runs)."""
    n = config.samples.n_samples
    if config.updates_per_epoch == 1:
        return np.broadcast_to(np.arange(n)[:, None, None], (n, config.epochs, config.runs))
    return _shuffled(n, config.epochs, config.shuffle_seed, config.runs)


@lru_cache(maxsize=4)
def _shuffled(n_samples: int, epochs: int, seed: int, runs: int) -> np.ndarray:
    """The orders that all batch sizes share: another one changes how the epoch is cut, not how it is shuffled."""
    generators = [np.random.default_rng((seed, run)) for run in range(runs)]
    orders = [[epoch_order(rng, n_samples) for _ in range(epochs)] for rng in generators]
    return seal(np.ascontiguousarray(np.transpose(orders)))


@dataclass(frozen=True)
class WorkedUpdate:
    """One update of the first run, every number of it.

    Attributes:
        number: from 1 on.
        batch: indices of its samples.
        learning_rate: of its epoch.
        before, after: (w, b).
        gradient: of the batch. full_gradient: of all samples, at the same point.
    """

    number: int
    batch: tuple[int, ...]
    learning_rate: float
    before: tuple[float, float]
    after: tuple[float, float]
    gradient: tuple[float, float]
    full_gradient: tuple[float, float]


def worked_update(config: BatchConfig, run: BatchRun, number: int) -> WorkedUpdate:
    """Update `number` (1 to n_updates) of the first run.

    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    number = whole("number", number, 1, config.n_updates)
    problem = regression(config.samples)
    epoch, place = divmod(number - 1, config.updates_per_epoch)
    batch = run.order[epoch, place * config.batch_size : (place + 1) * config.batch_size]
    (w, b), after = run.path[number - 1].tolist(), run.path[number].tolist()
    with np.errstate(over="ignore", invalid="ignore"):
        return WorkedUpdate(
            number,
            tuple(batch.tolist()),
            float(config.rates()[epoch]),
            (w, b),
            tuple(after),
            batch_gradient(problem.x[batch], problem.y[batch], w, b),
            tuple(problem.gradient((w, b)).tolist()),
        )
