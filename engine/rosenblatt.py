"""Rosenblatt's learning rule for one step unit, recorded visit by visit, in exact arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from operator import mul
from typing import NamedTuple

import numpy as np

from engine.arrays import read_only
from engine.errors import InputError, finite, number, whole
from engine.perceptron import MAX_VALUE, augmented, bounded, points_and_targets

MAX_UPDATES = 5_000
MAX_VISITS = 100_000  # a longer log would be too large to look at, and to keep


@dataclass(frozen=True)
class PerceptronHistory:
    """Every visit of a sample, in order; a mistake is a visit with an error. Arrays are read-only.

    Attributes:
        pass_index: number of the pass over the data, from 0, shape (n_visits,).
        sample: row of X that is visited, shape (n_visits,).
        z: weighted sum before the update, shape (n_visits,).
        output: 1 where z > 0, else 0, shape (n_visits,).
        error: target - output: -1, 0 or 1, shape (n_visits,).
        change: what was added to (w1, …, wd, b), shape (n_visits, n_features + 1).
        weights: after the visit, shape (n_visits, n_features).
        bias: after the visit, shape (n_visits,).
        mistakes: number of mistakes so far, this visit included, shape (n_visits,).
        start_weights, start_bias, learning_rate: as given.
        stopped: "converged" (a whole pass without a mistake), "cycle" (the rule repeats itself for ever) or "cap".
        cycle_start: first pass of the cycle; None unless stopped by one. The pass after the log would repeat it.
        cycle_length: number of passes in the cycle; None unless stopped by one.
    """

    pass_index: np.ndarray
    sample: np.ndarray
    z: np.ndarray
    output: np.ndarray
    error: np.ndarray
    change: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    mistakes: np.ndarray
    start_weights: np.ndarray
    start_bias: float
    learning_rate: float
    stopped: str
    cycle_start: int | None
    cycle_length: int | None

    @property
    def converged(self) -> bool:
        return self.stopped == "converged"

    @property
    def mistakes_per_pass(self) -> np.ndarray:
        """Shape (n_passes,); the last pass may have been cut short by the cap."""
        return np.bincount(self.pass_index[self.error != 0], minlength=self.pass_index[-1] + 1)

    def state(self, n_visits: int) -> tuple[float, ...]:
        """(w1, …, wd, b) after `n_visits` visits; 0 gives the start."""
        if n_visits == 0:
            return (*self.start_weights.tolist(), self.start_bias)
        return (*self.weights[n_visits - 1].tolist(), float(self.bias[n_visits - 1]))

    def next_mistake(self, n_visits: int) -> int | None:
        """The visit, counted from 1, of the first mistake after `n_visits` visits; None where no more are made."""
        later = np.flatnonzero(self.error[n_visits:])
        return n_visits + int(later[0]) + 1 if later.size else None

    @property
    def equal_states(self) -> tuple[int, int] | None:
        """How many visits have been made at the cycle's start and at its end, where the weights are the same."""
        if self.cycle_start is None:
            return None
        visits_a_pass = len(self.sample) // (self.cycle_start + self.cycle_length)
        return self.cycle_start * visits_a_pass, len(self.sample)


def learn(
    X,
    target,
    *,
    weights=None,
    bias: float = 0.0,
    learning_rate: float = 1.0,
    order: Sequence[int] | None = None,
    seed: int | None = None,
    max_updates: int = 1_000,
) -> PerceptronHistory:
    """Rosenblatt's learning rule, recorded visit by visit.

        w <- w + learning_rate (target - output) x ;  b <- b + learning_rate (target - output)

    It stops after a whole pass without a mistake, before a pass that starts from the weights of an earlier one (from
    there on it could only repeat itself: XOR does), or at the cap.

    Args:
        X: points, shape (n_samples, n_features), at most 100 x 10, each within +-1e6.
        target: 0 or 1 for every point, shape (n_samples,).
        weights: start weights, shape (n_features,), within +-1e6; zeros if None.
        bias: start bias, within +-1e6.
        learning_rate: above 0, at most 1e6.
        order: the samples of every pass, each once; 0, 1, 2, … if None. Excludes a seed.
        seed: draws a new order for every pass, 0 to 2^32 - 1; no cycle is looked for then.
        max_updates: cap on the mistakes, 1 to 5,000. No pass starts after 100,000 visits either.
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Convention: every number means the decimal it is written as (0.1 is one tenth), and the rule runs in exact
        arithmetic; what is recorded is rounded once. In floats 0.1 + 0.2 - 0.3 is above 0, and the unit would fire.
        So from zero weights the mistakes are the same at every learning rate, and a cycle is found for certain.
    Source: Rosenblatt (1962), Principles of Neurodynamics; Minsky and Papert (1969), chapter 11.
    """
    X, target = points_and_targets(X, target)
    start = _start(weights, bias, X.shape[1])
    learning_rate = number("learning_rate", learning_rate, 0.0, MAX_VALUE, open_low=True)
    max_updates = whole("max_updates", max_updates, 1, MAX_UPDATES)
    order = _order(order, seed, len(X))
    rng = None if seed is None else np.random.default_rng(whole("seed", seed, 0, 2**32 - 1))

    rule = _ExactRule(X, target, start, learning_rate)
    visits, stopped, cycle = _run(rule, order, rng, max_updates)
    sample = np.array([visit.sample for visit in visits])
    error = np.array([visit.error for visit in visits], dtype=np.float64)
    after = rule.weights_as_floats([visit.weights for visit in visits])
    return PerceptronHistory(
        pass_index=read_only(np.arange(len(visits)) // len(X)),
        sample=read_only(sample),
        z=read_only(rule.sums_as_floats([visit.z for visit in visits])),
        output=read_only(target[sample] - error),
        error=read_only(error),
        change=read_only(learning_rate * error[:, None] * augmented(X)[sample] + 0.0),  # + 0.0: no -0.0
        weights=read_only(after[:, :-1]),
        bias=read_only(after[:, -1]),
        mistakes=read_only(np.cumsum(error != 0)),
        start_weights=read_only(start[:-1]),
        start_bias=float(start[-1]),
        learning_rate=learning_rate,
        stopped=stopped,
        cycle_start=cycle[0] if cycle else None,
        cycle_length=cycle[1] if cycle else None,
    )


def _run(
    rule: "_ExactRule", order: list[int], rng: np.random.Generator | None, max_updates: int
) -> tuple[list["_Visit"], str, tuple[int, int] | None]:
    """The visits until the rule stops, why it stops, and the cycle's first pass and length where it is one."""
    w, visits, mistakes, n_passes = rule.start, [], 0, 0
    seen = {}  # weights at the start of a pass -> number of that pass
    while True:
        if rng is None and w in seen:
            return visits, "cycle", (seen[w], n_passes - seen[w])
        seen[w] = n_passes
        order = order if rng is None else rng.permutation(len(order)).tolist()
        new_visits = rule.one_pass(w, order, max_updates - mistakes)
        new_mistakes = sum(visit.error != 0 for visit in new_visits)

        visits += new_visits
        w, mistakes, n_passes = new_visits[-1].weights, mistakes + new_mistakes, n_passes + 1
        if new_mistakes == 0:
            return visits, "converged", None
        if mistakes == max_updates or len(visits) >= MAX_VISITS:
            return visits, "cap", None


class _Visit(NamedTuple):
    sample: int
    z: int  # in units of weight_unit * input_unit
    error: int
    weights: tuple[int, ...]  # after the visit, the bias last, in units of weight_unit


class _ExactRule:
    """The rule in whole numbers.

    The weights never leave the lattice start + learning_rate * (whole multiples of the inputs). In a unit that divides
    both the start and the steps they are whole numbers: never rounded, and equal exactly where the weights are.
    """

    def __init__(self, X: np.ndarray, target: np.ndarray, start: np.ndarray, learning_rate: float):
        inputs = [_decimals(row) for row in augmented(X)]
        start, (learning_rate,) = _decimals(start), _decimals(np.array([learning_rate]))
        self.input_unit = Fraction(1, lcm(*(x.denominator for row in inputs for x in row)))
        step = learning_rate * self.input_unit
        self.weight_unit = Fraction(1, lcm(step.denominator, *(w.denominator for w in start)))

        self.inputs = [[int(x / self.input_unit) for x in row] for row in inputs]
        self.steps = [[int(step / self.weight_unit) * x for x in row] for row in self.inputs]
        self.start = tuple(int(w / self.weight_unit) for w in start)
        self.targets = [int(t) for t in target]

    def one_pass(self, w: tuple[int, ...], order: list[int], max_mistakes: int) -> list[_Visit]:
        """The visits of one pass from weights w; it ends early with the last mistake allowed."""
        visits = []
        for i in order:
            z = sum(map(mul, w, self.inputs[i]))
            error = self.targets[i] - int(z > 0)
            if error:
                w = tuple(weight + error * step for weight, step in zip(w, self.steps[i], strict=True))
                max_mistakes -= 1
            visits.append(_Visit(i, z, error, w))
            if max_mistakes == 0:
                break
        return visits

    def weights_as_floats(self, weights: list[tuple[int, ...]]) -> np.ndarray:
        return np.array([_floats(w, self.weight_unit) for w in weights])

    def sums_as_floats(self, sums: list[int]) -> np.ndarray:
        return np.array(_floats(sums, self.weight_unit * self.input_unit))


def _decimals(values: np.ndarray) -> list[Fraction]:
    """Every float as the shortest decimal that stands for it: 0.1 is 1/10, not 3602879701896397/2^55."""
    return [Fraction(repr(value)) for value in values.tolist()]


def _floats(values: Sequence[int], unit: Fraction) -> list[float]:
    """value * unit, rounded once: the quotient of two whole numbers is the float nearest to it."""
    return [value * unit.numerator / unit.denominator for value in values]


def _start(weights, bias, n_features: int) -> np.ndarray:
    weights = np.zeros(n_features) if weights is None else bounded("weights", weights)
    if weights.shape != (n_features,):
        raise InputError("wrong_shape", "weights", weights.shape, (n_features,))
    return np.append(weights, number("bias", bias, -MAX_VALUE, MAX_VALUE))


def _order(order, seed, n_samples: int) -> list[int]:
    if order is None:
        return list(range(n_samples))
    if seed is not None:
        raise InputError("out_of_range", "order", order, "{None}")
    wanted = finite("order", order)
    if wanted.ndim != 1 or sorted(wanted.tolist()) != list(range(n_samples)):
        raise InputError("out_of_range", "order", order, "{order : sorted(order) = " + f"(0, …, {n_samples - 1})" + "}")
    return [int(i) for i in wanted]
