"""What becomes of units that begin alike: a small network whose weights are all equal, with a little noise or none.

Units with the same weights compute the same output and get the same gradient, so an update leaves them the same:
together they can do no more than one unit. The smallest difference is enough to end that, if it grows.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np

from engine import errors
from engine.activations import Sigmoid, activation
from engine.architecture import Architecture
from engine.arrays import seal
from engine.cost import Cost
from engine.datasets import gate_samples, moons
from engine.losses import CrossEntropy
from engine.momentum import SGD
from engine.network import Network
from engine.samples import MAX_SEED, Dataset
from engine.trainer import train
from engine.training_config import TrainingConfig, evenly

SAMPLES: Mapping[str, Dataset] = MappingProxyType(
    {"moons": moons(24, 0.1, seed=5), "xor": gate_samples("xor"), "and": gate_samples("and")}
)
ACTIVATIONS = ("tanh", "sigmoid", "relu")
LADDER = tuple(10.0**power for power in range(-16, 0, 2))  # sizes of noise
FRAMES = 101  # so that a hundredth of the updates lies between two
BROKEN = 0.1  # units that differ by more are no longer alike
SMALL = 1e-3  # noise up to here grows as a small difference does, in proportion to its size
STRAIGHT, POINTS = 0.1, 3  # two points are always on a line
MAX_UNITS, MAX_LAYERS, MAX_UPDATES, MAX_VALUE, MAX_RATE = 8, 2, 5000, 10.0, 20.0


@dataclass(frozen=True)
class SymmetryConfig:
    """Networks that begin alike up to the size of their noise.

        W = value + noise Z,   Z ~ N(0, 1),   b = 0

    Args:
        data: a key of SAMPLES. n_hidden: units of each hidden layer, 2 to 8. n_layers: hidden layers, 1 or 2.
        activation: of the hidden units, one of ACTIVATIONS; the output is a sigmoid, the loss the mean cross-entropy.
        value: of all weights, at most 10 in size. noises: one a run, 0 to 10; all runs have the same Z.
        seed: of Z. learning_rate: 0 to 20, all samples in each update. updates: 1 to 5,000.
    Raises: InputError: unknown_name, not_a_number, not_finite, out_of_range.
    """

    data: str = "moons"
    n_hidden: int = 4
    n_layers: int = 1
    activation: str = "tanh"
    value: float = 0.5
    noises: tuple[float, ...] = (1e-6,)
    seed: int = 1
    learning_rate: float = 2.0
    updates: int = 1000

    def __post_init__(self):
        errors.one_of("data", self.data, SAMPLES)
        errors.one_of("activation", self.activation, ACTIVATIONS)
        errors.whole("n_hidden", self.n_hidden, 2, MAX_UNITS)
        errors.whole("n_layers", self.n_layers, 1, MAX_LAYERS)
        errors.number("value", self.value, -MAX_VALUE, MAX_VALUE)
        for noise in self.noises:
            errors.number("noise", noise, 0.0, MAX_VALUE)
        errors.whole("seed", self.seed, 0, MAX_SEED)
        errors.number("learning_rate", self.learning_rate, 0.0, MAX_RATE)
        errors.whole("updates", self.updates, 1, MAX_UPDATES)
        errors.whole("number of runs", len(self.noises), 1, 200)

    @property
    def samples(self) -> Dataset:
        return SAMPLES[self.data]

    @property
    def architecture(self) -> Architecture:
        return self._training.architecture

    @cached_property
    def _training(self) -> TrainingConfig:
        hidden = (activation(self.activation),) * self.n_layers
        return TrainingConfig(
            sizes=(2, *(self.n_hidden,) * self.n_layers, 1),
            activations=(*hidden, Sigmoid()),
            loss=CrossEntropy("mean"),
            optimizer=SGD(learning_rate=self.learning_rate),
            epochs=self.updates,
            snapshots=evenly(self.updates, FRAMES),
            seeds=tuple(range(len(self.noises))),
        )

    @property
    def cost(self) -> Cost:
        """Of `watch`."""
        return self._training.cost(len(self.samples))

    def start(self) -> np.ndarray:
        """The first parameters, (runs, n_parameters)."""
        of = self.architecture
        mask = of.weight_mask()
        Z = np.random.default_rng(self.seed).standard_normal(of.n_parameters)
        return mask * (self.value + np.array(self.noises)[:, None] * Z)


@dataclass(frozen=True, eq=False)
class Watched:
    """What the units did; read-only arrays. Runs are in the order of the config's noises.

    at: (frames,) the updates that were looked at; 0 is the start.
    losses: (runs, frames), nan from divergence on.
    difference: (runs, frames), the largest between two units of one hidden layer, over all numbers that belong to a
        unit: incoming weights, bias, outgoing weights.
    parameters: (frames, n_parameters), of the first run. gradient: (n_parameters,), of its first update.
    first_move: what has a gradient other than 0 then: "nothing"; "output" (the output's bias alone); "outgoing" (the
        weights behind hidden units, and no others of theirs); "all" otherwise.
    at_rest: whether at the end every number of a hidden unit of the first run is what it was at the start.
    broken_at: (runs,), when the difference has grown to BROKEN, between two frames by a straight line of its
        logarithm; inf where it never has.
    diverged_at: the update after which the first run's loss is no longer finite, -1 if none.
    """

    at: np.ndarray
    losses: np.ndarray
    difference: np.ndarray
    parameters: np.ndarray
    gradient: np.ndarray
    first_move: str
    at_rest: bool
    broken_at: np.ndarray
    diverged_at: int

    def frame(self, update: float) -> int:
        """The frame nearest to an update."""
        return int(np.abs(self.at - update).argmin())


def watch(config: SymmetryConfig) -> Watched:
    """Train the networks and compare their units.

    Args: config: the same one gives the same result.
    """
    of, samples, start = config.architecture, config.samples, config.start()
    history = train(config._training, samples, start=start)
    difference = unit_difference(of, history.snapshots)
    at = history.snapshot_epochs
    trace_of = Network(of, start[0], samples.X)
    trace_of.trace(CrossEntropy("mean"), samples.targets)
    broken_at = np.array([_crossing(at, row, BROKEN) for row in difference])
    return Watched(
        at=at,
        losses=seal(history.train_loss[:, at]),
        difference=seal(difference),
        parameters=seal(history.snapshots[0].copy()),
        gradient=seal(trace_of.gradient[0].copy()),
        first_move=_first_move(of, trace_of.gradient[0]),
        at_rest=all(np.array_equal(layer[0], layer[-1]) for layer in units(of, history.snapshots[0])),
        broken_at=seal(broken_at),
        diverged_at=int(history.diverged_at[0]),
    )


def units(architecture: Architecture, parameters: np.ndarray) -> list[np.ndarray]:
    """All numbers that belong to each unit of each hidden layer.

    Args:    parameters: (..., n_parameters), or a gradient of that shape.
    Returns: for each hidden layer (..., units, fan_in + 1 + units of the next layer): incoming weights, bias, outgoing
             weights.
    """
    W, b = architecture.weights(parameters), architecture.biases(parameters)
    return [
        np.concatenate([np.swapaxes(W[k], -1, -2), b[k][..., None], W[k + 1]], axis=-1)
        for k in range(architecture.n_layers - 1)
    ]


def unit_difference(architecture: Architecture, parameters: np.ndarray) -> np.ndarray:
    """The largest difference between two units of one hidden layer, (...) for parameters (..., n_parameters)."""
    with np.errstate(invalid="ignore"):  # where a run has diverged
        spans = [np.ptp(layer, axis=-2).max(axis=-1) for layer in units(architecture, parameters)]
    return np.max(spans, axis=0)


def _first_move(architecture: Architecture, gradient: np.ndarray) -> str:
    if not gradient.any():
        return "nothing"
    moving = np.concatenate([block[:-1].ravel() for block in architecture.blocks(gradient)[1:]]).any()
    hidden = architecture.blocks(gradient)[0].any() or any(b.any() for b in architecture.biases(gradient)[:-1])
    if not hidden:
        return "outgoing" if moving else "output"
    return "all"


def n_different(n_layers: int = 1) -> int:
    """How many different numbers the parameters of a network can have at most that stays symmetric for ever.

    Its units of one layer are copies of one unit: as many as a network with one unit a layer has.
    """
    n_layers = errors.whole("n_layers", n_layers, 1, MAX_LAYERS)
    return Architecture((2, *(1,) * n_layers, 1), (Sigmoid(),) * (n_layers + 1)).n_parameters


def _crossing(at: np.ndarray, difference: np.ndarray, level: float) -> float:
    """When a difference first is above a level; inf for never."""
    above = np.flatnonzero(difference > level)
    if not above.size:
        return math.inf
    after = above[0]
    if after == 0:
        return 0.0
    low, high = difference[after - 1], difference[after]
    share = math.log(level / low) / math.log(high / low) if low > 0 else 1.0
    return float(at[after - 1] + share * (at[after] - at[after - 1]))


@dataclass(frozen=True)
class Growth:
    """A straight line through the times at which small noise had broken the symmetry.

        broken_at = offset - per_decade * log10(noise)

    per_decade: updates that each factor of ten less noise costs. n: points of the fit. bend: how far a point lies off
    the line at most, as a share of the time between the first and the last.

    Where the line is straight, small differences have grown exponentially, from some update on:

        d_t = factor * noise * 10^(t / per_decade)

    They need not begin so, which is why `factor` is not the difference of the start over the noise.
    """

    offset: float
    per_decade: float
    n: int
    bend: float

    @property
    def straight(self) -> bool:
        """Whether the line says what the points do: less noise takes longer, by the same time for each factor."""
        return self.per_decade > 0 and self.bend <= STRAIGHT

    @property
    def factor(self) -> float:
        """C, of a straight line: what makes the difference BROKEN at the time the line says."""
        return BROKEN * 10 ** (-self.offset / self.per_decade)

    def at(self, noise: float) -> float:
        """The line at a noise above 0."""
        return self.offset - self.per_decade * math.log10(noise)


def growth(noises, broken_at) -> Growth | None:
    """Fit the line by least squares; None where fewer than POINTS sizes of noise up to SMALL broke the symmetry.

    Args: noises, broken_at: (runs,); noises of 0 and runs that never broke take no part.
    """
    noises, broken_at = errors.finite("noises", noises), np.asarray(broken_at, dtype=float)
    taken = (noises > 0) & (noises <= SMALL) & np.isfinite(broken_at)
    if taken.sum() < POINTS:
        return None
    powers, times = np.log10(noises[taken]), broken_at[taken]
    slope, offset = np.polyfit(powers, times, 1)
    off = np.abs(times - (offset + slope * powers)).max()
    span = np.ptp(times)
    return Growth(float(offset), float(-slope), int(taken.sum()), float(off / span) if span else 0.0)
