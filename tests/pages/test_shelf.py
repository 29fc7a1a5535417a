"""The cache that can be asked what it holds."""

from pages.shared.shelf import Shelf


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
