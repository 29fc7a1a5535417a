"""Full batch, mini-batch and single-sample epochs: in which order the examples come, and how they reach a network."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from engine import errors
from engine.buffers import MAX_SAMPLES
from engine.network import Network


def batch_sizes(n_samples: int, batch_size: int | None) -> list[int]:
    """The sizes of an epoch's batches, in order; the last one holds what is left.

    Args:    n_samples: 1 to 20,000. batch_size: 1 to 20,000; None, or more than there are samples: all at once.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    """
    n_samples = errors.whole("n_samples", n_samples, 1, MAX_SAMPLES)
    size = n_samples if batch_size is None else errors.whole("batch_size", batch_size, 1, MAX_SAMPLES)
    full, rest = divmod(n_samples, min(size, n_samples))
    return [min(size, n_samples)] * full + [rest] * bool(rest)


def epoch_order(rng: np.random.Generator, n_samples: int) -> np.ndarray:
    """The order of the examples in the next epoch, (n_samples,): one draw from the run's own generator."""
    return rng.permutation(n_samples)


class Batches:
    """Examples shuffled anew for each epoch, cut into batches, laid into the buffers of networks.

    Args:
        network: of any number of samples; its live parameters are trained.
        X, Y: (n_samples, n_features), (n_samples, n_outputs), shared by all runs.
        batch_size: as in `batch_sizes`.
        generators: one a run.
    Attributes:
        steps: for each batch of an epoch (the call that lays its features in, its network, its targets, a view that
            every shuffle fills anew).
    Convention: with a single batch nothing is shuffled: the order would change nothing but the rounding.
    """

    def __init__(self, network: Network, X, Y, batch_size: int | None, generators: Sequence[np.random.Generator]):
        self._generators = generators
        sizes = batch_sizes(len(X), batch_size)
        self.shuffles = len(sizes) > 1
        # samples last, as in the network: a batch is then a slice of each row
        self._source = np.concatenate([X.T, Y.T])
        self._order = np.tile(np.arange(len(X)), (network.runs, 1))
        self._orders_seen = self._order[0] if network.runs == 1 else self._order
        self._shuffled = np.take(self._source, self._orders_seen, axis=1)  # (features and targets, …, n_samples)
        # A network without steps behaves the same in training and evaluation, so that it can serve for both.
        own = {} if any(network.steps) else {network.n_samples: network}
        networks = {size: own.get(size) or network.resized(size) for size in dict.fromkeys(sizes)}
        starts = np.cumsum([0, *sizes[:-1]])
        self.steps = [
            self._step(slice(start, start + size), networks[size], X.shape[-1])
            for start, size in zip(starts.tolist(), sizes, strict=True)
        ]

    def _step(self, span: slice, network: Network, n_features: int):
        """One batch: its features are copied by one call, its targets are read where they lie."""
        features = np.moveaxis(self._shuffled[:n_features, ..., span], 0, -1)
        targets = np.moveaxis(self._shuffled[n_features:, ..., span], 0, -1)
        return partial(np.copyto, network.a[0], features), network, targets

    def shuffle(self) -> None:
        """The next epoch's order."""
        if self.shuffles:
            for order, rng in zip(self._order, self._generators, strict=True):
                order[...] = epoch_order(rng, len(order))
            # every index is in range, and "clip" is the mode in which NumPy writes straight into `out`
            np.take(self._source, self._orders_seen, axis=1, out=self._shuffled, mode="clip")
