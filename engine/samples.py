"""What a dataset is: samples, and what is to be learned about them."""

from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import seal
from engine.errors import InputError, finite, number, numbers, one_of, shape, whole, whole_numbers_below

TASKS = ("classification", "regression")
MAX_SAMPLES = 100_000
MAX_FEATURES = 1024
MAX_CLASSES = 100
MAX_SIZE = 1e100  # of a number in a dataset, so that squares and their sums stay finite
MAX_SEED = 2**32 - 1


@dataclass(frozen=True)
class Dataset:
    """Samples and what is to be learned about them; the arrays are read-only copies.

    Attributes:
        X: features, shape (n_samples, n_features), float64.
        y: classification: class numbers 0, 1, …, shape (n_samples,), int64; regression: values, shape (n_samples,
            n_outputs), float64 (a shape of (n_samples,) is taken as one output).
        task: "classification" or "regression".
        classes: names of the classes, class number by class number; () for a regression.
        names: names of the features; default x_1, x_2, …
        coding: what the targets of class 0 and class 1 are where there are two classes, the lower one first: (0, 1)
            for a sigmoid, (-1, 1) for tanh.
    Raises: InputError: not_a_number, not_finite, out_of_range, wrong_shape, unknown_name.
    """

    X: np.ndarray
    y: np.ndarray
    task: str
    classes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    coding: tuple[float, float] = (0.0, 1.0)

    def __post_init__(self):
        one_of("task", self.task, TASKS)
        X = bounded("X", self.X)
        if X.ndim != 2:
            raise InputError("wrong_shape", "X", X.shape, "(n_samples, n_features)")
        whole("n_samples", X.shape[0], 1, MAX_SAMPLES)
        whole("n_features", X.shape[1], 1, MAX_FEATURES)
        y = self._labels(len(X)) if self.task == "classification" else self._values(len(X))
        names = tuple(self.names) or tuple(f"x_{i + 1}" for i in range(X.shape[1]))
        low, high = shape("coding", bounded("coding", self.coding), (2,))
        number("coding", high, low, open_low=True)
        if len(names) != X.shape[1]:
            raise InputError("wrong_shape", "names", (len(names),), f"({X.shape[1]},)")
        seal(X), seal(y)
        for field, value in (("X", X), ("y", y), ("names", names), ("classes", tuple(self.classes))):
            object.__setattr__(self, field, value)  # frozen: this is the one moment at which fields are written

    def _labels(self, n_samples: int) -> np.ndarray:
        whole("n_classes", len(self.classes), 1, MAX_CLASSES)
        labels = finite("y", self.y)
        if labels.shape != (n_samples,):
            raise InputError("wrong_shape", "y", labels.shape, f"({n_samples},)")
        known = np.isin(labels, np.arange(len(self.classes)))
        if not known.all():
            raise InputError("out_of_range", "y", labels[~known][0], whole_numbers_below(len(self.classes)))
        return labels.astype(np.int64)

    def _values(self, n_samples: int) -> np.ndarray:
        values = bounded("y", self.y)
        values = values[:, None] if values.ndim == 1 else values
        if values.ndim != 2 or values.shape[0] != n_samples or not values.shape[1]:
            raise InputError("wrong_shape", "y", values.shape, f"({n_samples}, n_outputs)")
        return values

    def __len__(self) -> int:
        return len(self.X)

    @property
    def n_features(self) -> int:
        """Columns of X."""
        return self.X.shape[1]

    @property
    def n_classes(self) -> int:
        """How many classes there are; 0 for a regression."""
        return len(self.classes)

    @property
    def targets(self) -> np.ndarray:
        """y as a network's output is compared with it, float64, shape (n_samples, n_outputs).

        Two classes: one column of the two numbers of `coding`; more: one-hot, for a softmax; regression: y itself.
        """
        if self.task == "regression":
            return self.y
        return one_hot(self.y, self.n_classes) if self.n_classes > 2 else np.array(self.coding)[self.y][:, None]

    @property
    def border(self) -> float:
        """Where a single output goes from one class to the other: half way between their targets."""
        return sum(self.coding) / 2

    def take(self, indices) -> "Dataset":
        """The samples at these indices, in this order."""
        return replace(self, X=self.X[indices], y=self.y[indices])


def generator(seed: int | np.random.Generator) -> np.random.Generator:
    """A source of randomness: a generator as it is, or a new one from a seed of 0 to 2^32 - 1.

    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    return seed if isinstance(seed, np.random.Generator) else np.random.default_rng(whole("seed", seed, 0, MAX_SEED))


def one_hot(labels, n_classes: int) -> np.ndarray:
    """Class numbers as rows with a single 1.

    Args:
        labels: class numbers 0 to n_classes - 1, shape (...).
        n_classes: 1 to 100.
    Returns: shape (..., n_classes), float64.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    n_classes = whole("n_classes", n_classes, 1, MAX_CLASSES)
    labels = finite("labels", labels)
    known = np.isin(labels, np.arange(n_classes))
    if not known.all():
        raise InputError("out_of_range", "labels", labels[~known][0], whole_numbers_below(n_classes))
    return np.eye(n_classes)[labels.astype(np.int64)]


def bounded(argument: str, value) -> np.ndarray:
    """A float64 copy of `value`, finite and at most 1e100 in size.

    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    return numbers(argument, value, -MAX_SIZE, MAX_SIZE).copy()
