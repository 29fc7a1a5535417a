"""Whatever is uploaded, the answer is a dataset or an InputError."""

import csv
import io
from contextlib import suppress

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputError
from engine.preparation import fit_standardizer
from engine.samples import TASKS
from engine.tables import read_csv

tasks = st.sampled_from(TASKS)
separators = st.sampled_from(["auto", "comma", "semicolon", "tab"])
headers = st.sampled_from([None, True, False])
numbers = st.floats(-1e100, 1e100)
pieces = st.sampled_from(
    [*"0123456789.-+eE,;\t\n\r\"' ", "nan", "inf", "1e99", "x", "꽃", "\ufeff", "\x00", "a,b\n", "1,2\n"]
)


def read_or_refuse(content, task, separator, header):
    with suppress(InputError):
        data = read_csv(content, task, separator=separator, header=header)
        assert np.isfinite(data.X).all()
        assert np.isfinite(data.targets).all()
        assert len(data.X) == len(data.y) >= 2
        assert data.task == task
        assert (data.n_classes >= 2) == (task == "classification")
        assert np.isfinite(fit_standardizer(data.X).apply(data.X)).all()


@given(st.binary(max_size=300), tasks, separators, headers)
def test_any_bytes(content, task, separator, header):
    read_or_refuse(content, task, separator, header)


@given(st.text(max_size=300), tasks, separators, headers)
def test_any_text(content, task, separator, header):
    read_or_refuse(content, task, separator, header)


@given(st.lists(pieces, max_size=60).map("".join), tasks, separators, headers)
def test_text_that_nearly_is_a_table(content, task, separator, header):
    read_or_refuse(content, task, separator, header)
    read_or_refuse(content.encode("utf-16"), task, separator, header)


@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=2, max_size=30), st.sampled_from(",;\t"))
def test_a_table_of_numbers_is_read_back_to_the_last_bit(rows, separator):
    file = io.StringIO()
    csv.writer(file, delimiter=separator).writerows([("a", "b", "c"), *rows])
    data = read_csv(file.getvalue(), "regression")
    np.testing.assert_array_equal(data.X, [row[:2] for row in rows])
    np.testing.assert_array_equal(data.y, [row[2:] for row in rows])


@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=8), min_size=2, max_size=20
    )
)
def test_any_words_are_classes(words):
    if len({w.strip() for w in words}) < 2 or not all(w.strip() for w in words):
        return
    file = io.StringIO()
    csv.writer(file).writerows([("x", "word"), *((i, "w" + word) for i, word in enumerate(words))])
    data = read_csv(file.getvalue(), "classification", separator="comma")
    assert [data.classes[label] for label in data.y] == ["w" + word.strip() for word in words]
