"""The answers of the nearest other samples, against a plain loop."""

import numpy as np
import pytest

from engine.datasets import blobs, coin_flips, plane_regression, spirals
from engine.errors import InputError
from engine.neighbours import LEAST, neighbour_score
from engine.samples import Dataset


def by_hand(samples, k):
    X = (samples.X - samples.X.mean(axis=0)) / samples.X.std(axis=0)
    answers = []
    for place, x in enumerate(X):
        others = sorted((float(np.sum((x - X[j]) ** 2)), j) for j in range(len(X)) if j != place)
        near = np.ravel(samples.y)[[j for _distance, j in others[:k]]]
        answers.append(near.mean() if samples.task == "regression" else np.bincount(near).argmax())
    if samples.task == "regression":
        y = np.ravel(samples.y)
        return 1 - np.square(answers - y).sum() / np.square(y - y.mean()).sum()
    return np.mean(np.array(answers) == samples.y)


@pytest.mark.parametrize("k", [1, 5])
@pytest.mark.parametrize(
    "samples", [blobs(60, noise=0.6, n_classes=3), coin_flips(60), plane_regression(60, noise=0.5)]
)
def test_it_is_the_plain_loop(samples, k):
    assert neighbour_score(samples, k) == pytest.approx(by_hand(samples, k))


def test_it_needs_no_straight_line():
    assert neighbour_score(spirals(300, noise=0.02)) > 0.95


def test_it_is_not_asked_of_few_or_of_equal_targets():
    assert neighbour_score(blobs(LEAST - 1)) is None
    assert neighbour_score(Dataset(np.zeros((30, 2)), np.ones(30), "classification", ("0", "1"))) is None
    with pytest.raises(InputError):
        neighbour_score(blobs(40), 0)
