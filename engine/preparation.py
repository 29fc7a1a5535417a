"""What is done to a dataset before training: divided into train and test, and standardized."""

from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import seal
from engine.errors import InputError, interval, number, shape
from engine.samples import Dataset, bounded, generator


def split(dataset: Dataset, test_share: float, seed: int | np.random.Generator) -> tuple[Dataset, Dataset]:
    """Divide a dataset into one to train on and one to test on.

    Classes are divided one by one, so that both parts hold them in the same proportions (stratified). Each class with
    at least two samples has one in either part; both parts keep the order of the samples.

    Args:
        test_share: share of the samples to test on, 0.01 to 0.99; rounded for each class.
        seed: or a generator.
    Returns: train, test.
    Raises: InputError: not_a_number, not_finite, out_of_range, also where no class has two samples.
    """
    test_share, rng = number("test_share", test_share, 0.01, 0.99), generator(seed)
    groups = dataset.y if dataset.task == "classification" else np.zeros(len(dataset), dtype=np.int64)
    testing = np.zeros(len(dataset), dtype=bool)
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        n_test = min(max(round(test_share * len(members)), 1), len(members) - 1)
        testing[rng.permutation(members)[:n_test]] = True
    if not testing.any():
        raise InputError("out_of_range", "samples of one class", 1, interval(2))
    return dataset.take(np.flatnonzero(~testing)), dataset.take(np.flatnonzero(testing))


@dataclass(frozen=True)
class Standardizer:
    """Moves and scales features to mean 0 and standard deviation 1, as measured once, on the training data.

        x <- (x - mean) / scale

    Attributes: mean, scale: shape (n_features,); a constant feature has the scale 1, so that it becomes 0.
    Convention: the standard deviation divides by n, not n - 1 (scikit-learn's StandardScaler).
    """

    mean: np.ndarray
    scale: np.ndarray

    def __post_init__(self):
        seal(self.mean), seal(self.scale)

    def apply(self, X) -> np.ndarray:
        """Standardize features.

        Args: X: shape (..., n_features), finite, at most 1e100 in size.
        Raises: InputError: not_a_number, not_finite, out_of_range, wrong_shape.
        """
        return (shape("X", bounded("X", X), self.mean.shape) - self.mean) / self.scale

    def undo(self, X) -> np.ndarray:
        """Bring standardized features back to their own units; shapes and errors as `apply`."""
        return shape("X", bounded("X", X), self.mean.shape) * self.scale + self.mean


def fit_standardizer(X) -> Standardizer:
    """Measure mean and standard deviation of each feature.

    Args: X: the training data alone, shape (n_samples, n_features): a test set that takes part is no test any more.
    Raises: InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """
    X = shape("X", bounded("X", X), (None, None))
    if X.ndim != 2 or not X.size:
        raise InputError("wrong_shape", "X", X.shape, "(n_samples, n_features)")
    std = X.std(axis=0)
    # Rounding can give a constant column a tiny std; and the std of tiny differences can round to 0.
    varies = (X.max(axis=0) > X.min(axis=0)) & (std > 0)
    return Standardizer(X.mean(axis=0), np.where(varies, std, 1.0))


def standardize(train: Dataset, test: Dataset) -> tuple[Dataset, Dataset, Standardizer]:
    """Standardize the features of both parts with the mean and the scale of the training part.

    Raises: InputError: wrong_shape where the parts have different features.
    """
    fitted = fit_standardizer(train.X)
    return replace(train, X=fitted.apply(train.X)), replace(test, X=fitted.apply(test.X)), fitted
