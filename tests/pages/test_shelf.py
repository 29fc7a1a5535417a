"""The cache that can be asked what it holds."""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import pytest

from pages.shared import shelf
from pages.shared.shelf import Shelf, shelved
from pages.shared.weight import weigh


def test_it_makes_each_result_once_and_says_so():
    made = []
    shelf = Shelf(lambda a, b: made.append((a, b)) or a + b, most=4)
    assert not shelf.holds(1, 2)
    assert (shelf(1, 2), shelf(1, 2)) == (3, 3)
    assert shelf.holds(1, 2)
    assert made == [(1, 2)]


def test_the_one_unused_for_longest_goes():
    shelf = Shelf(lambda a: -a, most=2)
    shelf(1), shelf(2), shelf(1), shelf(3)
    assert [shelf.holds(a) for a in (1, 2, 3)] == [True, False, True]


def test_a_failure_is_not_kept():
    shelf = Shelf(lambda a: 1 / a, most=2)
    for _ in range(2):
        try:
            shelf(0)
        except ZeroDivisionError:
            assert not shelf.holds(0)
        else:
            raise AssertionError


@pytest.fixture
def room(monkeypatch):
    """room(bytes): all shelves are empty, and have no more room than this together."""

    def bounded(most: float) -> None:
        monkeypatch.setattr(shelf, "ROOM", most)
        monkeypatch.setattr(Shelf, "_sizes", OrderedDict())
        monkeypatch.setattr(Shelf, "_held", 0)

    return bounded


def test_all_shelves_together_have_room_for_so_many_bytes(room):
    room(2.5e6)
    one, other = Shelf(np.zeros, most=9), Shelf(np.ones, most=9)
    one(100_000), other(100_000), one(100_001), one(100_000), other(100_002)  # 0.8 MB each
    assert [one.holds(n) for n in (100_000, 100_001)] == [True, True]
    assert [other.holds(n) for n in (100_000, 100_002)] == [False, True]  # the one unused for longest has gone
    assert Shelf._held == sum(Shelf._sizes.values()) < 2.5e6


def test_a_result_that_is_larger_than_the_room_is_kept_alone(room):
    room(1e5)
    large = Shelf(np.zeros, most=9)
    large(10), large(1_000_000)
    assert (large.holds(10), large.holds(1_000_000)) == (False, True)


def test_what_has_gone_is_no_longer_counted(room):
    room(1e9)
    small = Shelf(np.zeros, most=1)
    small(1_000_000), small(1000)
    assert Shelf._held < 20_000


def test_shelved_makes_a_function_a_shelf():
    @shelved(most=2)
    def double(a):
        return 2 * a

    assert (double(4), double.holds(4), double.holds(5)) == (8, True, False)


@dataclass(frozen=True)
class Result:
    values: np.ndarray
    parts: tuple


def test_a_result_weighs_what_it_keeps_alive():
    values = np.zeros(125_000)
    assert weigh(values) == weigh(values[:3]) == 1_000_000  # a view keeps all of it
    assert weigh((values, values)) == pytest.approx(1_000_000, abs=1000)
    assert weigh(Result(values, ({"a": np.zeros(250_000)}, "x" * 1_000_000))) == pytest.approx(4e6, rel=0.01)
