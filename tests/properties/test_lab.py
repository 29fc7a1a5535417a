"""Whatever data the lab is asked for within its ranges, a network can be trained on them, or an InputError says why."""

from contextlib import suppress

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets import DATASETS
from engine.errors import InputError
from engine.features import FEATURES, features
from engine.lab import OWN, SOURCES, LabData
from engine.samples import MAX_SEED

codes = st.permutations(list(FEATURES)).flatmap(
    lambda order: st.integers(1, len(order)).map(lambda n: tuple(order[:n]))
)
shares = st.just(0.0) | st.floats(0.01, 0.9)
seeds = st.integers(0, MAX_SEED)
made = st.builds(
    LabData,
    source=st.sampled_from([source for source in SOURCES if source != OWN]),
    n_samples=st.integers(20, 200),
    noise=st.floats(0.0, 10.0),
    seed=seeds,
    test_share=shares,
    n_classes=st.integers(2, 10),
    features=codes,
)
numbers = st.floats(-1e100, 1e100)


@st.composite
def own(draw):
    classes = draw(st.integers(0, 5))
    values = st.integers(0, classes - 1).map(float) if classes else numbers
    rows = draw(st.lists(st.tuples(numbers, numbers, values), min_size=2, max_size=30))
    task = "classification" if classes else "regression"
    names = tuple(map(str, range(classes)))
    return LabData(OWN, own=tuple(rows), task=task, classes=names, seed=draw(seeds), test_share=draw(shares))


def check(data: LabData):
    samples, test = data.planes
    parts = [samples] if test is None else [samples, test]
    assert (test is None) == (data.test_share == 0)
    rows = np.concatenate([np.column_stack([part.X, part.targets]) for part in parts])
    whole = np.column_stack([data.plane.X, data.plane.targets])
    assert sorted(map(tuple, rows.tolist())) == sorted(map(tuple, whole.tolist()))
    if data.plane.task == "classification":
        counts = np.bincount(data.plane.y, minlength=data.plane.n_classes)
        for part in parts:
            assert set(np.flatnonzero(counts > 1).tolist()) <= set(part.y.tolist())
    for part in parts:
        given_inputs = data.inputs(part, (-1.0, 1.0))
        assert np.isfinite(given_inputs.X).all()
        assert np.isfinite(given_inputs.targets).all()
        assert given_inputs.X.shape == (len(part), len(data.features))
        assert given_inputs.targets.shape == (len(part), data.n_outputs)
        np.testing.assert_array_equal(given_inputs.X, features(part.X, data.features))


@given(made)
def test_any_data_of_the_makers(data):
    check(data)
    for (low, high), x in zip(data.square, data.plane.X.T, strict=True):
        assert low < x.min() <= x.max() < high


@given(own())
def test_any_points_of_ones_own(data):
    with suppress(InputError):  # no class with two points cannot be split
        check(data)
    assert data.plane.X.shape == (len(data.own), 2)
    assert np.isfinite(data.square).all()


@given(
    st.sampled_from([*SOURCES, *DATASETS, "iris", ""]),
    st.integers(-5, 5000),
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(-2, 2**33),
    st.floats(-1, 2),
    st.integers(-2, 20),
    st.lists(st.sampled_from([*FEATURES, "x3"]), max_size=8).map(tuple),
    st.lists(st.tuples(*[st.floats()] * 3), max_size=5).map(tuple),
)
def test_anything_else_is_refused(source, n_samples, noise, seed, share, n_classes, codes, rows):
    with suppress(InputError):
        data = LabData(source, n_samples, noise, seed, share, n_classes, codes, rows)
        assert np.isfinite(data.plane.X).all()
        check(data)
