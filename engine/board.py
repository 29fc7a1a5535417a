"""What a training looks like inside, frame by frame: how weights, activations and gradients of each layer spread.

The frames of a run go forward and backward side by side, as a stack of networks on all training samples.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.arrays import seal
from engine.cost import OPERATIONS_PER_SECOND, Cost, of_numbers
from engine.histograms import count_rows
from engine.history import TrainingHistory
from engine.lab import LabConfig
from engine.network import Network
from engine.normalized_training import QUANTILES
from engine.signal import SATURATED

QUANTITIES = ("W", "b", "z", "a", "dz", "dW")
BINS = 30
MAX_STACK = 500_000  # numbers of a stack of networks: as many frames at a time as fit
# A range ends at so many times the size of the largest value at the start or, unless the run diverges, in a typical
# frame: of a run that diverges most frames may be beyond reason.
TYPICAL = 10.0
NARROWEST = 1e-250  # range


@dataclass(frozen=True, eq=False)
class Counts:
    """Histograms of one layer over the frames, on one range; read-only.

    low, high: ends of the range. shares: of all values of the frame, (frames, BINS). below, above: the shares outside,
    (frames,); the three sum to 1 in each frame.
    """

    low: float
    high: float
    shares: np.ndarray
    below: np.ndarray
    above: np.ndarray

    @property
    def outside(self) -> np.ndarray:
        """The share outside of the range, (frames,)."""
        return self.below + self.above


@dataclass(frozen=True, eq=False)
class Spread:
    """The values of one quantity in one layer; read-only.

    numbers: how many there are in a frame. quantiles: of QUANTILES, (frames, 5). lowest, highest, rms: (frames,), rms
    the root mean square. shared: histograms on the range of all layers. own: on the layer's own.
    """

    numbers: int
    quantiles: np.ndarray
    lowest: np.ndarray
    highest: np.ndarray
    rms: np.ndarray
    shared: Counts
    own: Counts


@dataclass(frozen=True, eq=False)
class Board:
    """A run from inside, up to its last frame with finite numbers; read-only.

    Attributes:
        epochs: (frames,). n_asked: how many frames were asked for.
        spreads: code of QUANTITIES -> one Spread a layer.
        dead: share of each hidden layer's units whose slope is 0 for every sample, (frames, n_layers - 1).
        saturated: share of each layer's outputs whose slope is at most 5% of the largest that f has, over all units and
            samples, (frames, n_layers).
        levels_off: of each layer, whether f flattens out on both sides: else a flat output, such as the 0 of a ReLU, is
            part of its shape.
        moved: how far the weights of each layer are from their start, |W - W_0| / |W_0|, (frames, n_layers); nan where
            W_0 = 0, which has no length to compare with.
    """

    epochs: np.ndarray
    n_asked: int
    spreads: Mapping[str, tuple[Spread, ...]]
    dead: np.ndarray
    saturated: np.ndarray
    levels_off: tuple[bool, ...]
    moved: np.ndarray

    @property
    def complete(self) -> bool:
        """Whether every frame is there: a run that diverges or stops early has fewer."""
        return len(self.epochs) == self.n_asked


def watch(config: LabConfig, history: TrainingHistory, run: int = 0) -> Board:
    """Look into one run at each of its snapshots.

        z = a_prev @ W + b,   a = f(z) after all steps of the layer,   dz = dL/dz,   dW = a_prev^T @ dz

    Args:    history: of `engine.lab.run(config)`. run: which one.
    Convention: evaluation mode, as the losses of the history: all units at work, running statistics; the gradient is
        that of the loss over all training samples at once, without penalties and before any clipping.
    """
    looking = _Looking(config, history, run)
    parts = [looking.figures(frames) for frames in looking.stacks()]
    figures, dead, saturated, finite = (
        {code: [np.concatenate(layers, axis=1) for layers in zip(*(part[0][code] for part in parts), strict=True)]
         for code in QUANTITIES},
        *(np.concatenate([part[place] for part in parts]) for place in (1, 2, 3)),
    )  # fmt: skip
    n = len(finite) if finite.all() else int(finite.argmin())
    spreads = looking.counted({code: [one[:, :n] for one in layers] for code, layers in figures.items()}, n)
    return Board(
        seal(history.snapshot_epochs[:n].copy()),
        len(history.snapshot_epochs),
        MappingProxyType(spreads),
        seal(dead[:n]),
        seal(saturated[:n]),
        tuple(all(f.saturates) for f in config.training.activations),
        seal(looking.moved(n)),
    )


def cost(config: LabConfig) -> Cost:
    """Of `watch`: two passes over all frames, and sorting."""
    of, n = config.training.architecture, len(config.parts[0])
    frames = len(config.training.snapshots)
    values = n * sum(of.sizes) + of.n_parameters
    seconds = 0.01 + 1e-9 * frames * (12 * n * of.n_dense + 350 * values) + 40e-6 * of.n_layers * (10 + frames)
    return of_numbers(seconds * OPERATIONS_PER_SECOND, 2 * MAX_STACK + frames * of.n_layers * 12 * (BINS + 9))


class _Looking:
    """The frames of one run that hold finite parameters, a stack of networks at a time."""

    def __init__(self, config: LabConfig, history: TrainingHistory, run: int):
        samples, of = config.parts[0], config.training.architecture
        self.architecture, self.loss, self.Y = of, config.training.loss, samples.targets
        self.X = samples.X if history.standardizer is None else history.standardizer.apply(samples.X)
        self.parameters, self.statistics = (_of_run(a, run) for a in (history.snapshots, history.snapshot_statistics))
        self.diverges = bool(np.ravel(history.diverged_at)[run] >= 0)
        stopped = int(np.ravel(history.stopped_at)[run])
        over = int(np.ravel(history.diverged_at)[run]) - 1 if self.diverges else stopped if stopped >= 0 else np.inf
        # later frames repeat what the run ended with
        there = (history.snapshot_epochs <= over) & np.isfinite(self.parameters).all(axis=1)
        there &= np.isfinite(self.statistics).all(axis=1)
        self.n = max(len(there) if there.all() else int(there.argmin()), 1)

    def stacks(self) -> Iterator[slice]:
        """Frames that go side by side."""
        per_frame = 2 * self.architecture.n_parameters + 5 * len(self.X) * (sum(self.architecture.sizes) + 1)
        size = max(1, MAX_STACK // per_frame)
        return (slice(start, min(start + size, self.n)) for start in range(0, self.n, size))

    def network(self, frames: slice) -> Network:
        """The networks of these frames, after one pass forward and one backward."""
        network = Network(self.architecture, self.parameters[frames], self.X, self.statistics[frames])
        with np.errstate(all="ignore"):  # overflow is allowed to happen, and found in the values
            network.forward()
            network.loss_gradient(self.loss, self.Y)
            network.backward()
        return network

    def values(self, network: Network) -> dict[str, list[np.ndarray]]:
        """Code -> the values of each layer, (frames, numbers)."""
        rows = network.runs
        arrays = {code: getattr(network, code) for code in QUANTITIES}
        arrays["a"] = network.a[1:]
        return {code: [one.reshape(rows, -1) for one in layers] for code, layers in arrays.items()}

    def figures(self, frames: slice) -> tuple[dict, np.ndarray, np.ndarray, np.ndarray]:
        """Quantiles, lowest, highest and rms of each quantity and layer, (8, frames); dead, saturated; finite."""
        network = self.network(frames)
        with np.errstate(all="ignore"):
            found = {code: [_figures(one) for one in layers] for code, layers in self.values(network).items()}
            finite = np.logical_and.reduce([np.isfinite(one).all(axis=0) for code in found for one in found[code]])
            slopes = [np.abs(slope.reshape(network.runs, len(self.X), -1)) for slope in network.slope]
            dead = [(slope.max(axis=1) == 0).mean(axis=1) for slope in slopes[:-1]]
            kinds = self.architecture.activations
            saturated = [
                (slope <= SATURATED * f.steepest.slope).mean(axis=(1, 2))
                for slope, f in zip(slopes, kinds, strict=True)
            ]
        dead = np.stack(dead, axis=1) if dead else np.zeros((network.runs, 0))
        return found, dead, np.stack(saturated, axis=1), finite

    def counted(self, figures: Mapping[str, list[np.ndarray]], n: int) -> dict[str, tuple[Spread, ...]]:
        """With histograms, whose ranges are known only now; the first `n` frames."""
        self.n = n
        shared, own = {}, {}
        for code, layers in figures.items():
            ends = [self._bounds(code, layer, one) for layer, one in enumerate(layers)]
            own[code] = [_rounded(*pair) for pair in ends]
            shared[code] = _rounded(min(low for low, _ in ends), max(high for _, high in ends))
        counts = {(code, layer): [] for code in QUANTITIES for layer in range(self.architecture.n_layers)}
        numbers = {}
        for frames in self.stacks():
            for code, layers in self.values(self.network(frames)).items():
                for layer, rows in enumerate(layers):
                    numbers[code, layer] = rows.shape[1]
                    counts[code, layer].append([count_rows(rows, *r, BINS) for r in (shared[code], own[code][layer])])

        def spread(code: str, layer: int) -> Spread:
            found, size = figures[code][layer], numbers.get((code, layer), 0)
            parts = [np.concatenate(part) / size if size else np.zeros((0, BINS + 2)) for part in
                     (zip(*counts[code, layer], strict=True) if size else ((), ()))]  # fmt: skip
            both = [_counts(*r, one) for r, one in zip((shared[code], own[code][layer]), parts, strict=True)]
            return Spread(size, seal(found[:5].T.copy()), *(seal(row.copy()) for row in found[5:]), *both)

        return {code: tuple(spread(code, layer) for layer in range(len(figures[code]))) for code in QUANTITIES}

    def _bounds(self, code: str, layer: int, figures: np.ndarray) -> tuple[float, float]:
        """What a range has to hold: f's own range, else all values but what is far beyond start and typical frame."""
        if code == "a" and np.isfinite(self.architecture.activations[layer].range).all() and self._plain(layer):
            return self.architecture.activations[layer].range
        lowest, highest = figures[5], figures[6]
        if not lowest.size:
            return -1.0, 1.0
        sizes = np.maximum(-lowest, highest)
        typical = float(sizes[sizes > 0][:1].sum() if self.diverges else max(np.median(sizes), sizes[0]))
        limit = TYPICAL * typical if typical > 0 else np.inf
        return max(float(lowest.min()), -limit), min(float(highest.max()), limit)

    def _plain(self, layer: int) -> bool:
        """Whether nothing stands behind f."""
        return len(self.architecture.between(layer)) == 1

    def moved(self, n: int) -> np.ndarray:
        weights = self.architecture.weights(self.parameters[:n])
        with np.errstate(all="ignore"):  # of a run that diverges
            lengths = [np.where(_length(W[:1]) > 0, _length(W[:1]), np.nan) for W in weights]
            return np.stack([_length(W - W[:1]) / size for W, size in zip(weights, lengths, strict=True)], axis=1)


def _of_run(array: np.ndarray, run: int) -> np.ndarray:
    return array if array.ndim == 2 else array[run]


def _length(W: np.ndarray) -> np.ndarray:
    return np.sqrt(np.square(W).sum(axis=(-2, -1)))


def _figures(rows: np.ndarray) -> np.ndarray:
    """(frames, numbers) -> (8, frames): five quantiles (linear between neighbours), lowest, highest, rms."""
    ordered = np.sort(rows, axis=1)  # sorted once is faster than partitioned for each quantile
    lowest, highest = ordered[:, 0], ordered[:, -1]
    size = np.maximum(-lowest, highest)
    scaled = rows / np.where(size > 0, size, 1.0)[:, None]  # squares of 1e-200 would be 0
    rms = size * np.sqrt(np.square(scaled).mean(axis=1))
    places = [q * (rows.shape[1] - 1) for q in QUANTILES]
    ends = [(ordered[:, int(np.floor(at))], ordered[:, int(np.ceil(at))], at % 1) for at in places]
    return np.stack([*(below + part * (above - below) for below, above, part in ends), lowest, highest, rms])


def _rounded(low: float, high: float) -> tuple[float, float]:
    """A range with ends of two digits that holds the given one; around a single number there is room to both sides."""
    if high - low < max(NARROWEST, 1e-9 * max(abs(low), abs(high))):
        room = max(abs(low), abs(high)) or 1.0
        low, high = low - room / 2, high + room / 2
    unit = 10.0 ** (np.floor(np.log10(high - low)) - 1)
    return float(f"{np.floor(low / unit) * unit:.12g}"), float(f"{np.ceil(high / unit) * unit:.12g}")


def _counts(low: float, high: float, shares: np.ndarray) -> Counts:
    return Counts(low, high, *(seal(part.copy()) for part in (shares[:, 1:-1], shares[:, 0], shares[:, -1])))
