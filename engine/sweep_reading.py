"""What a sweep says: medians and bands, shares, pairs on the same seeds, and how much of it is luck."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np

from engine.arrays import seal
from engine.errors import InputError
from engine.lab_sweep import Outcome, SweepConfig
from engine.paired_seeds import Paired, all_pairs, paired
from engine.proportions import Interval, wilson
from engine.seed_bands import SeedBand, over_seeds

MEASURES = ("test_loss", "train_loss", "test_score", "train_score")


@dataclass(frozen=True)
class Luck:
    """How much the seeds agree on the order of the values, by the ranks of the values within each of n seeds.

        share = sum over values of n (mean rank - mean of all)^2 / sum over runs (rank - mean of all)^2

    between, total: numerator and denominator. by_chance: the share that values without any effect have on average,
    1 / n, since a seed is as good or bad for all of them alike.
    Source: Friedman (1937); Kendall's coefficient of concordance W, also with equal ranks.
    """

    between: float
    total: float
    by_chance: float

    @property
    def share(self) -> float:
        """0 to 1; nan where in each seed all values are equal."""
        return self.between / self.total if self.total else float("nan")


@dataclass(frozen=True, eq=False)
class SweepResult:
    """All runs of a sweep, (values, seeds, …); fields as in engine.lab_sweep.Outcome."""

    config: SweepConfig
    score: str
    at: np.ndarray
    curves: MappingProxyType
    best_loss: np.ndarray
    best_epoch: np.ndarray
    diverged_at: np.ndarray
    rates: np.ndarray

    @property
    def measures(self) -> tuple[str, ...]:
        """Those of MEASURES that there are."""
        return tuple(name for name in MEASURES if name in self.curves)

    @property
    def n_values(self) -> int:
        return len(self.config.values)

    @property
    def comparisons(self) -> int:
        """How many pairs of values could have been picked for how they came out."""
        return all_pairs(self.n_values)

    @property
    def diverged(self) -> np.ndarray:
        """Which runs, (values, seeds)."""
        return self.diverged_at >= 0

    @property
    def n_diverged(self) -> np.ndarray:
        """How many runs of each value, (values,)."""
        return self.diverged.sum(axis=1)

    def final(self, measure: str) -> np.ndarray:
        """The last number of each run, (values, seeds); nan where it has diverged."""
        return self.curves[measure][..., -1]

    def band(self, measure: str) -> SeedBand:
        """Median and middle half of the last numbers, (values,) each; what has diverged is the worst there is."""
        return _band(np.moveaxis(self.final(measure), 1, 0), measure)

    def curve(self, measure: str) -> SeedBand:
        """The same over the epochs, (values, points) each."""
        return _band(np.moveaxis(self.curves[measure], 1, 0), measure)

    @property
    def lowest(self) -> tuple[list[float], list[float]]:
        """Of each value the median of the runs' lowest losses, and of the epochs at which they had them."""
        return tuple(over_seeds(part.T).median.tolist() for part in (self.best_loss, self.best_epoch))

    @cached_property
    def _orders(self) -> dict[str, tuple[int, ...]]:
        orders = {}
        for measure in self.measures:
            loss = measure.replace("score", "loss")
            keys = _bad(self.band(loss).median, loss), _bad(self.band(measure).median, measure)
            orders[measure] = tuple(np.lexsort(keys).tolist())
        return orders

    def order(self, measure: str) -> tuple[int, ...]:
        """Places of the values from the best median to the worst; among equal scores the loss decides."""
        return self._orders[measure]

    def worse_than_start(self, measure: str) -> tuple[int, ...]:
        """Places of the values whose median ends worse than the median of all starts."""
        bad = _bad(self.curves[measure], measure)
        start = float(over_seeds(bad[..., 0].ravel()).median)
        return tuple(np.flatnonzero(over_seeds(bad[..., -1].T).median > start).tolist())

    def telling(self, measure: str, most: int) -> tuple[int, ...]:
        """Up to `most` places of which curves tell most: both ends, the best, and those beside it."""
        best, last = self.order(measure)[0], self.n_values - 1
        near = sorted(range(self.n_values), key=lambda place: (abs(place - best), place))
        return tuple(sorted(tuple(dict.fromkeys((0, last, *near)))[:most]))

    def reached(self, measure: str, goal: float) -> np.ndarray:
        """Which runs end as good as the goal or better, (values, seeds)."""
        return _bad(self.final(measure), measure) <= _bad(np.array(goal), measure)

    def shares(self, measure: str, goal: float) -> list[Interval]:
        """Of each value the share of runs that reach the goal, with Wilson's 95% interval."""
        return [wilson(int(row.sum()), len(row)) for row in self.reached(measure, goal)]

    def pair(self, first: int, second: int, measure: str) -> Paired:
        """Two values seed by seed; `lower` counts the seeds in which the first one is better.

        The difference is that of losses, and of scores with the sign turned round.
        """
        bad = _bad(self.final(measure), measure)
        return paired(bad[first], bad[second])

    def luck(self, measure: str) -> Luck:
        """How much the values explain; runs of a seed that have diverged share its worst rank."""
        bad = _bad(self.final(measure), measure)
        ranks = np.stack([_ranks(seed) for seed in bad.T], axis=1)
        middle, n_seeds = ranks.mean(), bad.shape[1]
        between = float(n_seeds * np.square(ranks.mean(axis=1) - middle).sum())
        return Luck(between, float(np.square(ranks - middle).sum()), 1 / n_seeds)


def is_loss(measure: str) -> bool:
    """Whether less of it is better."""
    return measure.endswith("loss")


def _bad(values: np.ndarray, measure: str) -> np.ndarray:
    """Values as quantities that grow with how bad they are; nan is the worst."""
    turned = values if is_loss(measure) else -values
    return np.where(np.isnan(turned), np.inf, turned)


def _band(values: np.ndarray, measure: str) -> SeedBand:
    if is_loss(measure):
        return over_seeds(values)
    turned = over_seeds(_bad(values, measure))
    return SeedBand(*(seal(-part) for part in (turned.median, turned.high, turned.low)))


def _ranks(values: np.ndarray) -> np.ndarray:
    """1 for the smallest; equal values share the mean of their ranks."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[place]


def joined(config: SweepConfig, outcomes: Sequence[Outcome]) -> SweepResult:
    """The outcomes of all of a config's blocks, in any order, as one result.

    Raises: InputError: wrong_shape: runs are missing.
    """
    shape = len(config.values), config.n_seeds
    found: dict[str, np.ndarray] = {}
    there, rates = np.zeros(shape, dtype=bool), np.empty(shape[0])
    for one in outcomes:
        cells = np.ix_(
            [config.values.index(value) for value in one.values], [config.offsets.index(o) for o in one.offsets]
        )
        there[cells] = True
        rates[cells[0][:, 0]] = one.rates
        facts = {name: getattr(one, name) for name in ("best_loss", "best_epoch", "diverged_at")}
        for name, part in {**one.curves, **facts}.items():
            found.setdefault(name, np.empty((*shape, *part.shape[2:]), part.dtype))[cells] = part
    if not there.all():
        raise InputError("wrong_shape", "outcomes", (int(there.sum()),), f"({there.size},)")
    sealed = {name: seal(part) for name, part in found.items()}
    facts = {name: sealed.pop(name) for name in ("best_loss", "best_epoch", "diverged_at")}
    one = outcomes[0]
    return SweepResult(config, one.score, one.at, MappingProxyType(sealed), **facts, rates=seal(rates))
