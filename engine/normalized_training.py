"""Deep networks that learn with and without batch normalization, at several learning rates and from several seeds.

What is learned is measured as training sees it: in training mode, with all samples as one batch. After a few updates
the running statistics of evaluation still lag behind, which is a matter of its own: the loss with them stands beside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from engine import errors
from engine.activations import Linear, activation
from engine.architecture import Architecture
from engine.arrays import seal
from engine.batches import batch_sizes
from engine.cost import OPERATIONS_PER_SECOND, Cost, of_numbers
from engine.datasets import dataset
from engine.initializers import NAMED
from engine.layers import BatchNorm, BatchNormStep
from engine.losses import CrossEntropyWithLogits
from engine.momentum import SGD
from engine.network import Network
from engine.samples import Dataset
from engine.seed_bands import SeedBand, over_seeds, quantile
from engine.trainer import train
from engine.training_config import TrainingConfig, evenly
from engine.weight_schemes import Initializer

PLACES = ("none", "before_activation", "after_activation")
ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu", "selu")
DATA: Mapping[str, float] = MappingProxyType({"moons": 0.1, "circles": 0.1, "spirals": 0.02})  # with their noise
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
N_SAMPLES = 64
GUESSING = float(np.log(2.0))  # the loss of answering 1/2 to everything
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
FRAMES = 16  # moments at which a look is taken inside, the start included
KEPT = 0.1  # megabytes of a study, whatever its training takes
MOMENTS = ("start", "middle", "end")
STEPS = tuple(float(f"{10 ** (half / 2):.3g}") for half in range(-6, 5))  # 0.001 to 100, two in each factor of ten
MIN_LIMIT, MAX_LIMIT = 1e-3, 1e6  # of a range that ribbons share
POINTS = 101  # of a curve of losses, at most


@dataclass(frozen=True)
class NormConfig:
    """What learns what.

    Args:
        n_hidden: hidden layers, 2 to 10. width: units of each, 2 to 64.
        activation: code, one of ACTIVATIONS, of all hidden layers; the output is a logit.
        initializer: of all weights; biases start at 0.
        data: one of DATA; 64 samples. batch_size: 2 to 64. epochs: 1 to 200.
        n_seeds: 1 to 20; the seeds are 0, 1, …; each draws the weights and the order of the samples.
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name.
    """

    n_hidden: int = 5
    width: int = 16
    activation: str = "sigmoid"
    initializer: Initializer = field(default_factory=lambda: NAMED["xavier_normal"])
    data: str = "moons"
    batch_size: int = 16
    epochs: int = 10
    n_seeds: int = 3

    def __post_init__(self):
        errors.whole("n_hidden", self.n_hidden, 2, 10)
        errors.whole("width", self.width, 2, 64)
        errors.one_of("activation", self.activation, ACTIVATIONS)
        errors.one_of("data", self.data, DATA)
        errors.whole("batch_size", self.batch_size, 2, N_SAMPLES)
        errors.whole("epochs", self.epochs, 1, 200)
        errors.whole("n_seeds", self.n_seeds, 1, 20)

    @property
    def samples(self) -> Dataset:
        return dataset(self.data, n_samples=N_SAMPLES, noise=DATA[self.data], seed=0)

    def training(self, place: str, rates: Sequence[float], snapshots: tuple[int, ...] = ()) -> TrainingConfig:
        """All seeds at the first learning rate, then all at the second, …: one stack.

        Args: place: of batch normalization in every hidden layer, one of PLACES.
        """
        errors.one_of("place", place, PLACES)
        return TrainingConfig(
            sizes=(2, *(self.width,) * self.n_hidden, 1),
            activations=(*(activation(self.activation),) * self.n_hidden, Linear()),
            loss=CrossEntropyWithLogits(),
            optimizer=SGD(),
            learning_rates=tuple(np.repeat(rates, self.n_seeds).tolist()),
            epochs=self.epochs,
            batch_size=self.batch_size,
            initializer=self.initializer,
            batch_norm=None if place == "none" else BatchNorm(place),
            snapshots=snapshots,
            seeds=tuple(range(self.n_seeds)) * len(rates),
        )

    @property
    def start_left(self) -> float:
        """The share of what running statistics start from, mean 0 and variance 1, that is left at the end.

        (1 - momentum)^updates
        """
        n_updates = self.epochs * len(batch_sizes(N_SAMPLES, self.batch_size))
        return (1.0 - BatchNorm().momentum) ** n_updates

    @property
    def at(self) -> tuple[int, ...]:
        """The epochs at which curves of losses have a point."""
        return evenly(self.epochs, POINTS)

    @property
    def frames(self) -> tuple[int, ...]:
        """The epochs after which a look is taken inside."""
        return evenly(self.epochs, min(FRAMES, self.epochs + 1))


# at several learning rates ------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class RateStudy:
    """What one kind of network ends at, for each learning rate; read-only.

    Attributes:
        rates: (rates,). at: epochs, (points,).
        final: the last losses over the seeds, with the statistics of the data, (rates,).
        stored: the last losses in evaluation mode, with running statistics, (rates,).
        losses: those of the epochs, in evaluation mode, (rates, points).
        n_diverged: runs whose loss was no longer finite, (rates,).
        n_unlearned: runs whose `final` is no better than guessing, ln 2 or more, diverged ones included, (rates,).
    Convention: the loss of all training samples; with the statistics of the data: in training mode, as one batch.
    """

    rates: np.ndarray
    at: np.ndarray
    final: SeedBand
    stored: SeedBand
    losses: SeedBand
    n_diverged: np.ndarray
    n_unlearned: np.ndarray
    n_seeds: int

    @property
    def best(self) -> int:
        """The place of the learning rate with the lowest median; the smallest of equal ones."""
        return int(self.final.median.argmin())

    @property
    def best_at_an_end(self) -> bool:
        """Whether a learning rate beyond the ones that were tried may be better still."""
        return self.best in (0, len(self.rates) - 1)


def study_rates(config: NormConfig, place: str, rates: tuple[float, ...] = RATES) -> RateStudy:
    """Train one kind of network at all learning rates from all seeds.

    Args:   place: one of PLACES. rates: above 0, 1 to 10 of them.
    Raises: InputError: unknown_name, not_a_number, not_finite, out_of_range.
    """
    errors.whole("number of learning rates", len(rates), 1, 10)
    training, shape = config.training(place, rates), (len(rates), config.n_seeds)
    history = train(training, config.samples)
    losses, gone = history.train_loss.reshape(*shape, -1), history.diverged_at >= 0
    last = np.where(gone, np.inf, _learned(training, history.parameters, gone, config.samples)).reshape(shape)
    last = np.where(np.isfinite(last), last, np.inf)
    return RateStudy(
        seal(np.array(rates)),
        seal(np.array(config.at)),
        over_seeds(last.T),
        over_seeds(np.where(gone.reshape(shape), np.inf, losses[..., -1]).T),
        over_seeds(losses[..., list(config.at)].swapaxes(0, 1)),
        seal(gone.reshape(shape).sum(axis=1)),
        seal((last >= GUESSING).sum(axis=1)),
        config.n_seeds,
    )


def _learned(training: TrainingConfig, parameters: np.ndarray, gone: np.ndarray, samples: Dataset) -> np.ndarray:
    """The loss of all samples as one batch in training mode, (runs,); a diverged network is run as zeros."""
    network = Network(training.architecture, np.where(gone[:, None], 0.0, parameters), samples.X)
    network.train()
    with np.errstate(all="ignore"):  # overflow shows in the losses
        return np.atleast_1d(training.loss.value(network.forward(), samples.targets))


def rates_cost(config: NormConfig, place: str, rates: tuple[float, ...] = RATES) -> Cost:
    """Of `study_rates`."""
    return _training_cost(config, place, config.n_seeds * len(rates))


def _training_cost(config: NormConfig, place: str, runs: int) -> Cost:
    """Of runs side by side: calls for each update and epoch, and what is done for each number of a layer."""
    of, calls = (
        config.training(place, (0.1,)).architecture,
        1e-6 * (40 + (25 if place == "none" else 70) * (config.n_hidden + 1)),
    )
    n_updates = config.epochs * len(batch_sizes(N_SAMPLES, config.batch_size))
    seconds = (n_updates + config.epochs) * calls + runs * config.epochs * _seconds_an_epoch(config, place)
    numbers = runs * (6 * of.n_parameters + 20 * N_SAMPLES * sum(of.sizes) + 4 * config.epochs)
    return of_numbers(seconds * OPERATIONS_PER_SECOND, numbers).keeping(KEPT)


# inside, at one learning rate ---------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Inside:
    """What happens inside while networks learn at one learning rate; read-only, nan from a divergence on.

    Attributes:
        epochs: (frames,).
        sums: quantiles (QUANTILES) of z = a W + b over the samples, for the first seed's network,
            (frames, n_hidden, width + 1, 5): unit by unit, and at the end all units of the layer together.
        entering: likewise of what enters the activation: z, or the normalized z where it is normalized before.
        losses: over the seeds, with the statistics of the data, (frames,).
        gradient: the length of dL/dW of each layer, over the seeds, (frames, n_hidden + 1).
        steps: (k,). ahead: the loss after one step of that size against the gradient, over the loss before it, at
            each of MOMENTS, over the seeds, (3, k).
        change: how far the gradient is another one there, |g(theta - s g) - g| / |g|, (3, k).
        furthest: the largest of STEPS up to which the loss stays below what it was, 0 if none, (3,).
    Convention: training mode, all samples one batch.
    Source: Santurkar, Tsipras, Ilyas and Madry (2018), figure 4, for ahead and change.
    """

    epochs: np.ndarray
    sums: np.ndarray
    entering: np.ndarray
    losses: SeedBand
    gradient: SeedBand
    steps: np.ndarray
    ahead: SeedBand
    change: SeedBand
    furthest: SeedBand

    @property
    def moments(self) -> tuple[int, int, int]:
        """The frames of MOMENTS."""
        last = len(self.epochs) - 1
        return 0, last // 2, last

    @property
    def drift(self) -> np.ndarray:
        """How far the input of a unit's activation has moved, in widths of its own distribution at the start.

            |median at the end - median at the start| / (95% quantile - 5% quantile at the start)

        Returns: the median of each layer's units, first seed, (n_hidden,); nan where the network has diverged.
        """
        start, end = self.entering[0, :, :-1], self.entering[-1, :, :-1]
        with np.errstate(all="ignore"):  # a dead unit has no width
            moved = np.abs(end[..., 2] - start[..., 2]) / (start[..., 4] - start[..., 0])
        return quantile(np.where(np.isnan(moved), np.inf, moved).T, 0.5) + 0.0 * end[:, 0, 2]


def look_inside(config: NormConfig, place: str, rate: float) -> Inside:
    """Train one kind of network at one learning rate from all seeds, and look inside on the way.

    Raises: InputError: unknown_name, not_a_number, not_finite, out_of_range.
    """
    training, samples = config.training(place, (rate,), config.frames), config.samples
    history = train(training, samples)
    looking = _Looking(training, samples, history.snapshots)
    with np.errstate(all="ignore"):  # overflow shows in the numbers themselves
        frames = [looking.at(frame) for frame in range(len(config.frames))]
        middle = (len(frames) - 1) // 2
        lines = [looking.along(frame) for frame in (0, middle, len(frames) - 1)]
    sums, entering, losses, gradient = (np.stack(part) for part in zip(*frames, strict=True))
    found = _quantiles(sums)
    here, ahead, change = (np.stack(part) for part in zip(*lines, strict=True))  # (3, seeds), (3, seeds, k) twice
    below = np.logical_and.accumulate(ahead < here[..., None], axis=-1)
    with np.errstate(all="ignore"):
        ahead = ahead / here[..., None]
    furthest = np.where(below.any(axis=-1), np.array(STEPS)[below.sum(axis=-1) - 1], 0.0)
    return Inside(
        seal(np.array(config.frames)),
        seal(found),
        seal(_quantiles(entering)) if place == "before_activation" else found,
        over_seeds(losses.T),
        over_seeds(gradient.swapaxes(0, 1)),
        seal(np.array(STEPS)),
        over_seeds(ahead.swapaxes(0, 1)),
        over_seeds(change.swapaxes(0, 1)),
        over_seeds(furthest.T),
    )


def inside_cost(config: NormConfig, place: str) -> Cost:
    """Of `look_inside`: the training, and passes forward and backward for the looks."""
    passes = len(config.frames) + len(MOMENTS) * (1 + len(STEPS))
    seconds = 0.02 + passes * config.n_seeds * _seconds_an_epoch(config, place)
    kept = of_numbers(0.0, 2 * len(config.frames) * config.n_hidden * (config.width + 1) * len(QUANTILES)).megabytes
    training = _training_cost(config, place, config.n_seeds)
    looks = Cost(seconds * OPERATIONS_PER_SECOND, kept + training.megabytes, kept)  # another network, as large
    return training.then(looks)


def _seconds_an_epoch(config: NormConfig, place: str) -> float:
    """All samples forward and backward, and once more forward, in one run."""
    numbers = 2 * N_SAMPLES * (config.width * config.n_hidden)
    per_number = 15 if place == "none" else 45
    return 1e-9 * numbers * (per_number + 0.5 * config.width)


class _Looking:
    """The networks of all seeds at their snapshots, run in training mode on all samples at once."""

    def __init__(self, training: TrainingConfig, samples: Dataset, snapshots: np.ndarray):
        self.training, self.samples = training, samples
        self.known = np.isfinite(snapshots).all(axis=-1)  # (seeds, frames): a diverged network has no numbers
        self.parameters = np.where(self.known[..., None], snapshots, 0.0)
        self.network = Network(training.architecture, self.parameters[:, 0].copy(), samples.X)
        self.network.train()

    def _pass(self, parameters: np.ndarray) -> np.ndarray:
        """Forward and backward; the losses, (runs,)."""
        network = self.network
        network.parameters[...] = parameters
        losses = self.training.loss.value(network.forward(), self.samples.targets)
        network.loss_gradient(self.training.loss, self.samples.targets)
        network.backward()
        return np.atleast_1d(losses)

    def at(self, frame: int) -> tuple[np.ndarray, ...]:
        """z, what enters the activations, both of the first seed, (n_hidden, n, width); losses, (seeds,); |dW|."""
        network, known = self.network, self.known[:, frame]
        losses = _where(known, self._pass(self.parameters[:, frame]))
        lead = (0,) if network.runs > 1 else ()
        sums = [z[lead] for z in network.z[:-1]]
        entering = [_entering(steps, z)[lead] for steps, z in zip(network.steps, network.z[:-1], strict=False)]
        lengths = [np.sqrt(np.square(dW).sum(axis=(-2, -1))).reshape(-1) for dW in network.dW]
        gone = 1.0 if known[0] else np.nan
        return np.stack(sums) * gone, np.stack(entering) * gone, losses, _where(known, np.stack(lengths, axis=-1))

    def along(self, frame: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The loss here, (seeds,); the loss and the change of the gradient at each step ahead, (seeds, k)."""
        known, start = self.known[:, frame], self.parameters[:, frame]
        here = self._pass(start)
        gradient = self.network.gradient.copy()
        length = np.sqrt(np.square(gradient).sum(axis=-1))
        ahead, change = [], []
        for step in STEPS:  # one after another: all at once would take as many times the memory
            ahead.append(self._pass(start - step * gradient))
            change.append(np.sqrt(np.square(self.network.gradient - gradient).sum(axis=-1)) / length)
        return _where(known, here), *(_where(known, np.stack(of, axis=-1)) for of in (ahead, change))


def _entering(steps: Sequence, z: np.ndarray) -> np.ndarray:
    """What a layer's activation is given."""
    normalized = [s for s in steps if isinstance(s, BatchNormStep) and s.config.place == "before_activation"]
    return normalized[0].y if normalized else z


def _where(known: np.ndarray, values: np.ndarray) -> np.ndarray:
    """nan where the network of a seed has diverged."""
    return np.where(known.reshape(-1, *(1,) * (values.ndim - 1)), values, np.nan)


def _quantiles(values: np.ndarray) -> np.ndarray:
    """(frames, n_hidden, n, width) -> (frames, n_hidden, width + 1, 5): each unit's, and the whole layer's."""
    whole = values.reshape(*values.shape[:2], 1, -1)
    return np.concatenate([_of_sorted(np.sort(part)) for part in (values.swapaxes(2, 3).copy(), whole)], axis=2)


def _of_sorted(values: np.ndarray) -> np.ndarray:
    """(…, n), sorted -> (…, 5), linear between neighbours."""
    at = np.array(QUANTILES) * (values.shape[-1] - 1)
    below, above = values[..., np.floor(at).astype(int)], values[..., np.ceil(at).astype(int)]
    return below + (at - np.floor(at)) * (above - below)


def shared_limit(ribbons: Sequence[np.ndarray]) -> float:
    """The end L of a range from -L to L that holds several ribbons: 1, 2 or 5 times a power of ten, at most 1e6.

    Args: ribbons: (frames, 5) each.
    """
    size = max(np.abs(ribbon[np.isfinite(ribbon)]).max(initial=MIN_LIMIT) for ribbon in ribbons)
    digit = 10.0 ** np.floor(np.log10(size))
    return min(float(next(factor * digit for factor in (1, 2, 5, 10) if factor * digit >= size)), MAX_LIMIT)


def gradient_after_scaling(factor: float) -> float:
    """By what a weight gradient changes when all weights of a layer normalized before its activation are scaled.

        z, its mean and its root grow by the factor, x_hat does not change:  dL/dW(factor W) = dL/dW(W) / factor

    Args:   factor: 0.01 to 100.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    Source: Ioffe and Szegedy (2015), section 3.3.
    """
    factor = errors.number("factor", factor, 0.01, 100.0)
    config = NormConfig(n_hidden=2, width=4)
    training = config.training("before_activation", (0.1,))
    of = Architecture(training.sizes, training.activations, BatchNorm(epsilon=1e-12))
    parameters, samples, lengths = training.start()[0], config.samples, []
    for scale in (1.0, factor):
        of.weights(parameters)[0][...] *= scale
        network = Network(of, parameters, samples.X)
        network.train()
        lengths.append(np.linalg.norm(network.trace(training.loss, samples.targets).dW[0]))
    return float(lengths[1] / lengths[0])
