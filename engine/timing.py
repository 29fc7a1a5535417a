"""What activation functions cost by the clock: measured where this runs, in rounds, each against ReLU of its round.

A clock on a shared machine lies in one direction only, and for a while: something else was running. So all functions
take turns within a round, and are compared within it: a slow moment is slow for all of them, and the ratio stays.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.activation_base import Activation
from engine.arrays import seal
from engine.proportions import sign_test

UNITS = 100  # of the layer whose matrix product is measured as well: UNITS inputs, UNITS outputs
MIN_VALUES, MAX_VALUES = 1_000, 1_000_000
MIN_ROUNDS, MAX_ROUNDS, MAX_BUDGET = 3, 50, 5.0
REFERENCE = "relu"
LEVEL = 0.01  # of a verdict: eight rounds that all agree reach it, seven do not
MILLION = 1_000_000


@dataclass(frozen=True)
class Quartiles:
    """The middle and the spread over rounds; arrays of one shape."""

    low: np.ndarray
    median: np.ndarray
    high: np.ndarray
    smallest: np.ndarray


@dataclass(frozen=True)
class Timings:
    """Seconds by the clock; read-only.

    names:    of the activations; "relu" is among them.
    n_values: how many numbers went through each function.
    seconds:  (2, n_names, n_rounds), of f and of f' where z and f(z) are known.
    product:  (n_rounds,), of X @ W for n_values / 100 samples, 100 inputs and 100 units.
    """

    names: tuple[str, ...]
    n_values: int
    seconds: np.ndarray
    product: np.ndarray

    @property
    def n_rounds(self) -> int:
        """How many rounds there was time for."""
        return len(self.product)

    @property
    def per_million(self) -> Quartiles:
        """Seconds for a million values, (2, n_names)."""
        return quartiles(self.seconds * (MILLION / self.n_values))

    @property
    def product_per_million(self) -> Quartiles:
        """Seconds of X @ W for a million values of its result, ()."""
        return quartiles(self.product * (MILLION / self.n_values))

    @property
    def ratios(self) -> Quartiles:
        """Times ReLU's time in the same round, f against its f and f' against its f', (2, n_names)."""
        reference = self.names.index(REFERENCE)
        return quartiles(self.seconds / self.seconds[:, reference : reference + 1])

    @property
    def verdicts(self) -> np.ndarray:
        """1 where a function is slower than ReLU, -1 where faster, 0 where nothing can be concluded; (2, n_names).

        A sign test: it counts the rounds in which a function took longer, and asks whether a coin would do the same.
        """
        reference = self.names.index(REFERENCE)
        difference = self.seconds - self.seconds[:, reference : reference + 1]
        n_slower, n_faster = (difference > 0).sum(axis=-1), (difference < 0).sum(axis=-1)
        certain = np.vectorize(sign_test)(n_slower, n_faster) <= LEVEL
        return np.where(certain, np.sign(n_slower - n_faster), 0)

    @property
    def multiplications(self) -> Quartiles:
        """As how many multiplications of X @ W, each with its addition, one value of f costs, (n_names,)."""
        return quartiles(self.seconds[0] / self.product * UNITS)

    @property
    def shares(self) -> Quartiles:
        """Of f in f and X @ W together, (n_names,): what a faster f could save of a layer's forward pass."""
        return quartiles(self.seconds[0] / (self.seconds[0] + self.product))


def quartiles(values: np.ndarray) -> Quartiles:
    """Quartiles and minimum over the last axis."""
    low, median, high, smallest = np.quantile(values, (0.25, 0.5, 0.75, 0.0), axis=-1)
    return Quartiles(low, median, high, smallest)


def measure(
    activations: Sequence[Activation],
    n_values: int = MAX_VALUES,
    rounds: int = 15,
    budget: float = 3.0,
    clock: Callable[[], float] = time.perf_counter,
) -> Timings:
    """Time all functions in turn, round after round, and one matrix product a round.

    The buffers are made once and a first round is not counted, so that no memory is fetched on the clock. Each round
    begins with another function, so that none of them always follows the same one.

    Args:
        activations: with a ReLU among them.
        n_values:    1,000 to 1,000,000 numbers from N(0, 1).
        rounds:      3 to 50; fewer, but at least 3, if the budget is spent.
        budget:      seconds after which no further round begins, 0 to 5.
        clock:       seconds, from any start.
    Returns:   Timings.
    Raises:    InputError: a value out of range, no ReLU.
    """
    names = tuple(activation.name for activation in activations)
    errors.whole("n_values", n_values, MIN_VALUES, MAX_VALUES)
    errors.whole("rounds", rounds, MIN_ROUNDS, MAX_ROUNDS)
    errors.number("budget", budget, 0.0, MAX_BUDGET)
    errors.one_of("reference", REFERENCE, names)
    rng = np.random.default_rng(0)
    z, W = rng.standard_normal(n_values), rng.standard_normal((UNITS, UNITS))
    a, slope = np.empty_like(z), np.empty_like(z)
    X = z[: n_values // UNITS * UNITS].reshape(-1, UNITS)
    XW = np.empty_like(X)

    def seconds(run: Callable, *arrays: np.ndarray) -> float:
        start = clock()
        run(*arrays)
        return clock() - start

    def one_round(first: int) -> tuple[np.ndarray, float]:
        taken = np.empty((2, len(names)))
        for place in range(len(names)):
            turn = (first + place) % len(names)
            taken[0, turn] = seconds(activations[turn].apply, z, a)
            taken[1, turn] = seconds(activations[turn].slope, z, a, slope)
        return taken, seconds(np.matmul, X, W, XW)

    with np.errstate(all="ignore"):
        one_round(0)
        start, measured = clock(), []
        while len(measured) < MIN_ROUNDS or (len(measured) < rounds and clock() - start < budget):
            measured.append(one_round(len(measured)))
    taken, product = zip(*measured, strict=True)
    return Timings(names, n_values, seal(np.stack(taken, axis=-1)), seal(np.array(product)))


def share_on_paper(fan_in: int, cost: float) -> float:
    """The activation's share of a unit's forward pass, if one value of f costs as much as `cost` multiplications.

        cost / (fan_in + cost)

    Args:      fan_in: inputs of the unit, 1 to 1,000,000. cost: 0 to 1,000,000.
    Raises:    InputError: out_of_range, not_a_number, not_finite.
    """
    fan_in = errors.whole("fan_in", fan_in, 1, MILLION)
    cost = errors.number("cost", cost, 0.0, MILLION)
    return cost / (fan_in + cost)
