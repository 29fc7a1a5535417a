"""The training lab: what is learned, by which network and how, as one value for links, screens and scripts."""

import inspect
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from engine import errors
from engine.batches import batch_sizes
from engine.cost import Cost
from engine.datasets import DATASETS
from engine.features import PLAIN, check_features, features
from engine.history import TrainingHistory
from engine.preparation import split
from engine.samples import MAX_SEED, TASKS, Dataset
from engine.trainer import train
from engine.training_config import TrainingConfig

OWN = "own"
SOURCES = ("gate", "disc", "circles", "moons", "spirals", "blobs", "coin_flips", "plane", OWN)
SPLIT = 1  # the split draws from a stream of its own, so that it can be had for the same points
PAD = 0.2  # the picture reaches this share of the points' extent beyond them
MAX_OWN, MAX_SAMPLES = 2_000, 2_000
LEAST_TEST_SHARE, MAX_TEST_SHARE = 0.01, 0.9


@dataclass(frozen=True)
class LabData:
    """What is learned: points of the plane with a class or a value, and what the network is fed of them; hashable.

    Args:
        source: one of SOURCES; "gate" is XOR.
        n_samples: 2 to 2,000. noise: as the maker takes it, 0 to 10. seed: of points and split.
        test_share: of the points kept for testing, 0 (none) or 0.01 to 0.9.
        n_classes: of blobs and spirals, 2 to 10.
        features: keys of engine.features.FEATURES.
        own: rows (x1, x2, class number or value) of the learner's own points, for the source "own"; n_samples, noise
            and n_classes are then theirs. task, classes: of these.
    Raises: InputError: a value out of its range, a name that does not exist.
    """

    source: str = "disc"
    n_samples: int = 500
    noise: float = 0.0
    seed: int = 0
    test_share: float = 0.5
    n_classes: int = 2
    features: tuple[str, ...] = PLAIN
    own: tuple[tuple[float, float, float], ...] = ()
    task: str = "classification"
    classes: tuple[str, ...] = ("0", "1")

    def __post_init__(self):
        errors.one_of("source", self.source, SOURCES)
        errors.one_of("task", self.task, TASKS)
        errors.whole("n_samples", self.n_samples, 2, MAX_SAMPLES)
        errors.whole("seed", self.seed, 0, MAX_SEED)
        errors.number("test_share", self.test_share, LEAST_TEST_SHARE if self.test_share else 0.0, MAX_TEST_SHARE)
        check_features(self.features)
        self.plane  # noqa: B018 its maker checks the rest

    @cached_property
    def plane(self) -> Dataset:
        """All points as they lie in the plane, before features are made of them and before the split."""
        if self.source == OWN:
            return self._own()
        maker = DATASETS[self.source]
        given = {"n_samples": self.n_samples, "noise": self.noise, "seed": self.seed, "n_classes": self.n_classes}
        return maker(**{name: given[name] for name in given if name in inspect.signature(maker).parameters})

    def _own(self) -> Dataset:
        errors.whole("number of points", len(self.own), 2, MAX_OWN)
        table = errors.shape("own", errors.finite("own", self.own), (len(self.own), 3))
        classes = self.classes if self.task == "classification" else ()
        return Dataset(table[:, :2], table[:, 2], self.task, classes, names=("x_1", "x_2"))

    @property
    def n_outputs(self) -> int:
        """What the network needs: one output for two classes or a value, else one a class."""
        return self.plane.targets.shape[1]

    @cached_property
    def planes(self) -> tuple[Dataset, Dataset | None]:
        """The points to train on and those to test on, as they lie in the plane; without a share none to test on."""
        if not self.test_share:
            return self.plane, None
        return split(self.plane, self.test_share, np.random.default_rng([self.seed, SPLIT]))

    @cached_property
    def square(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """x_range and y_range of a square picture that holds all points with room around them."""
        X = self.plane.X
        low, high = X.min(axis=0), X.max(axis=0)
        half = max(float((high - low).max()), 1e-6) * (0.5 + PAD)
        middle = (low + high) / 2
        return tuple((float(center - half), float(center + half)) for center in middle)

    def batches(self, batch_size: int | None) -> list[int]:
        """The sizes of the batches of an epoch, one an update; None: all training samples at once."""
        return batch_sizes(len(self.planes[0]), batch_size)

    def inputs(self, plane: Dataset, coding: tuple[float, float]) -> Dataset:
        """Points of the plane as the network is given them: their features, their targets in the coding."""
        X = features(plane.X, self.features)
        return replace(plane, X=X, names=self.features, coding=coding)


@dataclass(frozen=True)
class LabConfig:
    """One training of the lab; hashable.

    Args:
        data: what is learned.
        training: the network and how it is trained; its first size is the number of features, its last that of outputs.
        start: first parameters, flat, as in engine.network; () draws them as the training says.
    Raises: InputError: wrong_shape: a network that does not fit the data, a start that does not fit the network.
    Convention: two classes are 0 and 1, and -1 and 1 for a network that ends in tanh.
    """

    data: LabData
    training: TrainingConfig
    start: tuple[float, ...] = field(default=(), repr=False)

    def __post_init__(self):
        sizes = self.training.sizes
        if (sizes[0], sizes[-1]) != (len(self.data.features), self.data.n_outputs):
            needed = f"({len(self.data.features)}, …, {self.data.n_outputs})"
            raise errors.InputError("wrong_shape", "sizes", sizes, needed)
        if self.start:
            errors.shape("start", errors.finite("start", self.start), (self.training.architecture.n_parameters,))

    @property
    def coding(self) -> tuple[float, float]:
        """The targets of two classes."""
        return (-1.0, 1.0) if self.training.activations[-1].name == "tanh" else (0.0, 1.0)

    @cached_property
    def parts(self) -> tuple[Dataset, Dataset | None]:
        """The samples to train on and those to test on, as the network is given them."""
        train_points, test_points = self.data.planes
        samples = self.data.inputs(train_points, self.coding)
        return samples, None if test_points is None else self.data.inputs(test_points, self.coding)

    @property
    def first(self) -> np.ndarray:
        """The first parameters, (runs, n_parameters)."""
        drawn = self.training.start()
        return np.broadcast_to(np.array(self.start), drawn.shape).copy() if self.start else drawn

    @property
    def cost(self) -> Cost:
        """Of `run`."""
        samples, test = self.parts
        return self.training.cost(len(samples), 0 if test is None else len(test))


def run(config: LabConfig) -> TrainingHistory:
    """Train: engine.trainer.train with the config's samples and start."""
    return train(config.training, *config.parts, start=config.first)
