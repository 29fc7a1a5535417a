"""The lecture notes' networks that are trained on XOR, each as an experiment with the note's start or a seeded one."""

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from engine.activations import Sigmoid
from engine.architecture import Architecture
from engine.examples import XOR_X, XOR_Y
from engine.experiment import Experiment
from engine.losses import CrossEntropy, HalfSquaredError, Loss, SquaredError

NOTE_003 = ((2, 1), (2, 3, 1), (2, 3, 3, 1))  # in the order in which the note draws them


def _note_003(sizes: tuple[int, ...]) -> Experiment:
    """A network of note 003, which draws all its networks, one after another, from one stream.

    Convention: X^T [(a - y) a (1 - a)] is the gradient of half the summed squared error; what the note prints is the
        mean squared error.
    """
    rng = np.random.RandomState(42)
    for drawn in NOTE_003[: NOTE_003.index(sizes) + 1]:
        W = [rng.randn(*fans) for fans in pairwise(drawn)]
    return _squared(sizes, W)


def _squared(sizes: tuple[int, ...], W: list[np.ndarray]) -> Experiment:
    """Learning as in notes 002 and 003: biases from 0, half the summed squared error, the mean one written down."""
    return _experiment(sizes, W, [np.zeros(fan_out) for fan_out in sizes[1:]], HalfSquaredError("sum"), SquaredError())


def _note_002(seed: int = 0) -> Experiment:
    """Note 002's 2-4-1, with weights from N(0, 1); the note gives no seed, this one is ours."""
    rng = np.random.default_rng(seed)
    return _squared((2, 4, 1), [rng.normal(size=fans) for fans in pairwise((2, 4, 1))])


def _note_000(sizes: tuple[int, ...], seed: int = 0) -> Experiment:
    """Wide and deep: weights and biases from N(0, 1), the mean cross-entropy with 1e-7 in its logarithms.

    The notes give no seed; this one is ours.
    """
    rng = np.random.default_rng(seed)
    W = [rng.normal(size=fans) for fans in pairwise(sizes)]
    b = [rng.normal(size=fan_out) for fan_out in sizes[1:]]
    return _experiment(sizes, W, b, CrossEntropy("mean", log_epsilon=1e-7))


def _experiment(sizes, W, b, loss: Loss, reported: Loss | None = None) -> Experiment:
    kinds = (Sigmoid(),) * (len(sizes) - 1)
    start = tuple(Architecture(sizes, kinds).pack(W, b).tolist())
    return Experiment(sizes, kinds, start, XOR_X, XOR_Y, loss, 0.1, reported=reported)


XOR_RUNS: Mapping[str, Experiment] = MappingProxyType(
    {
        "unit": _note_003((2, 1)),
        "three": _note_003((2, 3, 1)),
        "three_three": _note_003((2, 3, 3, 1)),
        "four": _note_002(),
        "wide": _note_000((2, 10, 1)),
        "deep": _note_000((2, 5, 5, 1)),
        "deeper": _note_000((2, 10, 10, 10, 1)),
    }
)
