"""The optimizers on a real loss: small sigmoid networks that learn XOR, from many starts side by side.

All four samples make one update, so the start is all that is random. What is said of a rule is said of many starts: a
median, a band, a share with its interval.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.activations import Sigmoid
from engine.arrays import seal
from engine.cost import OPERATIONS_PER_SECOND, Cost, of_numbers
from engine.datasets import gate_samples
from engine.errors import number, one_of, whole
from engine.experiment import random_start
from engine.history import MAX_KEPT, TrainingHistory
from engine.losses import CrossEntropy, HalfSquaredError, Loss
from engine.optimizers import OPTIMIZERS, optimizer
from engine.proportions import Interval, newcombe_paired, wilson
from engine.seed_bands import over_seeds, quantile
from engine.trainer import train
from engine.training_config import TrainingConfig, evenly

LOSSES: Mapping[str, Loss] = MappingProxyType(
    {"cross_entropy": CrossEntropy("sum"), "half_squared_error": HalfSquaredError("sum")}
)
HIDDEN = (2, 4)
KEPT = 0.02  # megabytes of a result, whatever it takes to make it
MAX_UPDATES, MAX_SEEDS, MAX_RATE = 5000, 50, 100.0
POINTS = 151  # of a curve, the start included, at most
NEAR = 0.05  # so near to the plateau's loss, as a share of it, a run counts as lying on it

RATES = tuple(float(f"{10 ** (third / 3):.3g}") for third in range(-9, 7))  # three in each factor of ten
SEARCH_SEEDS = tuple(range(1000, 1011))  # none of those that are shown


@dataclass(frozen=True)
class StudyConfig:
    """What is learned, and from which starts.

    Args:
        hidden: units of the hidden layer, one of HIDDEN. loss: code in LOSSES; summed over the four samples.
        updates: 1 to 5,000. n_seeds: 1 to 50; the seeds are 0, 1, … n_seeds - 1.
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name.
    Convention: weights from N(0, 1) rounded to two decimals, biases 0, as in the calculator of the backpropagation
        lesson, whose own XOR network is the start with seed 4.
    """

    hidden: int = 2
    loss: str = "cross_entropy"
    updates: int = 1000
    n_seeds: int = 25

    def __post_init__(self):
        one_of("hidden", str(self.hidden), map(str, HIDDEN))
        one_of("loss", self.loss, LOSSES)
        whole("updates", self.updates, 1, MAX_UPDATES)
        whole("n_seeds", self.n_seeds, 1, MAX_SEEDS)

    @property
    def sizes(self) -> tuple[int, int, int]:
        return 2, self.hidden, 1

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(range(self.n_seeds))

    @property
    def at(self) -> tuple[int, ...]:
        """The updates at which curves have a point."""
        return evenly(self.updates, POINTS)

    @property
    def plateau(self) -> float:
        """The loss where every output is 1/2: 4 ln 2 for the cross-entropy, 4 (1/2)^3 for half the squared error."""
        return float(LOSSES[self.loss].value(np.full((4, 1), 0.5), gate_samples("xor").targets))

    @property
    def study_cost(self) -> Cost:
        """Of one optimizer from all starts."""
        return self._cost(self.n_seeds)

    @property
    def search_cost(self) -> Cost:
        """Of one optimizer on the grid of learning rates."""
        return self._cost(len(RATES) * len(SEARCH_SEEDS))

    def _cost(self, runs: int) -> Cost:
        """Of runs side by side: some 40 us an update and 0.7 a run; the losses and scores of all updates are held, and
        little of them stays."""
        seconds = 1e-6 * self.updates * (40 + 0.7 * runs)
        steps = runs * self.updates
        return of_numbers(seconds * OPERATIONS_PER_SECOND, 10 * steps + min(40 * steps, 2 * MAX_KEPT)).keeping(KEPT)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one optimizer made of the starts; read-only.

    Attributes:
        at: updates, (points,). median, low, high: of the losses there, and their quartiles, (points,).
        final: the last losses, (seeds,). solved_at: the update from which on all four answers stay right, (seeds,).
        diverged: (seeds,).
        plateau: the loss where every output is 1/2.
    Convention: a run whose loss is not finite counts as infinite from then on, in medians and quartiles too, and one
        that does not solve XOR as solved after infinitely many updates. Nothing is left out.
    """

    code: str
    learning_rate: float
    at: np.ndarray
    median: np.ndarray
    low: np.ndarray
    high: np.ndarray
    final: np.ndarray
    solved_at: np.ndarray
    diverged: np.ndarray
    plateau: float

    @property
    def n_seeds(self) -> int:
        return len(self.final)

    @property
    def solved(self) -> np.ndarray:
        """Which runs end with all four answers right, (seeds,)."""
        return np.isfinite(self.solved_at)

    @property
    def n_solved(self) -> int:
        return int(self.solved.sum())

    @property
    def n_diverged(self) -> int:
        return int(self.diverged.sum())

    @property
    def n_on_plateau(self) -> int:
        """Runs that end unsolved and near the loss of four outputs of 1/2."""
        return int((~self.solved & (np.abs(self.final - self.plateau) <= NEAR * self.plateau)).sum())

    @property
    def share(self) -> Interval:
        """The share of runs that solved XOR, with Wilson's 95% interval."""
        return wilson(self.n_solved, self.n_seeds)

    @property
    def updates_to_solve(self) -> float:
        """The median of solved_at; infinite where half of the runs or more never solve it."""
        return float(quantile(self.solved_at, 0.5))


def study(config: StudyConfig, code: str, learning_rate: float) -> Outcome:
    """Train one optimizer from all starts of the config.

    Args:    code: of a rule, with its default hyperparameters but for the learning rate. learning_rate: 0 to 100.
    Raises:  InputError: unknown_name, not_a_number, not_finite, out_of_range.
    """
    rate = number("learning_rate", learning_rate, 0.0, MAX_RATE)
    history = _train(config, code, (rate,), config.seeds)
    losses = _losses(history)
    at = np.array(config.at)
    band = over_seeds(losses[:, at])
    arrays = at, band.median, band.low, band.high, losses[:, -1].copy(), _solved_at(history), history.diverged_at >= 0
    return Outcome(code, rate, *map(seal, arrays), config.plateau)


@dataclass(frozen=True, eq=False)
class Search:
    """How one optimizer does at each learning rate of the grid, from the starts SEARCH_SEEDS; read-only.

    Attributes:
        rates: (n,). median: of the last losses, (n,); infinite where half of the runs or more diverge.
        n_solved: (n,).
    Convention: the best rate solves XOR from most starts; among several such the lowest median decides, and among equal
        ones the smallest rate. The median alone would be a coin toss where about half of the runs end in a dead end.
    """

    code: str
    rates: np.ndarray
    median: np.ndarray
    n_solved: np.ndarray

    @property
    def best(self) -> float:
        """The best of the learning rates."""
        return float(self.rates[np.lexsort((self.rates, self.median, -self.n_solved))[0]])

    @property
    def at_an_end(self) -> bool:
        """Whether the best one is an end of the grid, so that a better one may lie beyond it."""
        return self.best in (self.rates[0], self.rates[-1])


def search(config: StudyConfig, code: str) -> Search:
    """Try the learning rates RATES from the starts SEARCH_SEEDS, all in one stack.

    The config's own starts play no part.

    Raises: InputError: unknown_name.
    """
    history = _train(config, code, RATES, SEARCH_SEEDS)
    shape = len(RATES), len(SEARCH_SEEDS)
    median = quantile(_losses(history)[:, -1].reshape(shape).T, 0.5)
    solved = np.isfinite(_solved_at(history)).reshape(shape)
    return Search(code, *map(seal, (np.array(RATES), median, solved.sum(axis=1))))


@dataclass(frozen=True)
class Pair:
    """Two optimizers from the same starts: how many solved XOR with both, with one alone, with neither.

    difference: of the shares, first minus second, with Newcombe's 95% interval for pairs.
    """

    both: int
    first_alone: int
    second_alone: int
    neither: int
    difference: Interval


def compare(first: Outcome, second: Outcome) -> Pair:
    """Two outcomes from the same starts.

    Raises: InputError: out_of_range: another number of starts.
    """
    whole("n_seeds", second.n_seeds, first.n_seeds, first.n_seeds)
    one, other = first.solved, second.solved
    counts = [int(which.sum()) for which in (one & other, one & ~other, ~one & other, ~one & ~other)]
    return Pair(*counts, newcombe_paired(*counts))


def _train(config: StudyConfig, code: str, rates: Sequence[float], seeds: Sequence[int]) -> TrainingHistory:
    """All starts at the first learning rate, then all at the second, …: one stack."""
    one_of("optimizer", code, OPTIMIZERS)
    training = TrainingConfig(
        sizes=config.sizes,
        activations=(Sigmoid(), Sigmoid()),
        loss=LOSSES[config.loss],
        optimizer=optimizer(code),
        learning_rates=tuple(np.repeat(rates, len(seeds)).tolist()),
        epochs=config.updates,
        seeds=tuple(seeds) * len(rates),
    )
    starts = [random_start(config.sizes, seed) for seed in seeds]
    return train(training, gate_samples("xor"), start=np.array(starts * len(rates)))


def _losses(history: TrainingHistory) -> np.ndarray:
    """(runs, updates + 1), infinite from a divergence on."""
    return np.where(np.isfinite(history.train_loss), history.train_loss, np.inf)


def _solved_at(history: TrainingHistory) -> np.ndarray:
    """The first update after the last wrong answer, (runs,); infinite where the last answers are not all right."""
    wrong = history.train_score != 1.0  # nan, after a divergence, is not 1 either
    n = wrong.shape[1]
    last_wrong = n - 1 - wrong[:, ::-1].argmax(axis=1)
    first_right = np.where(wrong.any(axis=1), last_wrong + 1, 0)
    return np.where(first_right < n, first_right, np.inf)
