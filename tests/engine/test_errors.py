"""Refusals whose facts are signs and numbers, so that a sentence of any language can hold them."""

import numpy as np
import pytest

from engine.errors import InputError, interval, number, numbers, whole_numbers_below


@pytest.mark.parametrize(
    ("ends", "open_ends", "text"),
    [
        ((0, 1), {}, "[0, 1]"),
        ((0, 1), {"open_high": True}, "[0, 1)"),
        ((0, 0.1), {"open_low": True}, "(0, 0.1]"),
        ((0,), {"open_low": True}, "(0, ∞)"),
        ((), {}, "(-∞, ∞)"),
        ((-1e6, 1e6), {}, "[-1000000, 1000000]"),
        ((-1e100, 1e100), {}, "[-1e100, 1e100]"),
        ((1e-6, 2), {}, "[1e-06, 2]"),
    ],
)
def test_an_interval_in_signs(ends, open_ends, text):
    assert interval(*ends, **open_ends) == text


@pytest.mark.parametrize(("n", "text"), [(1, "{0}"), (2, "{0, 1}"), (3, "{0, 1, 2}"), (10, "{0, …, 9}")])
def test_whole_numbers_in_signs(n, text):
    assert whole_numbers_below(n) == text


@pytest.mark.parametrize("check", [number, numbers])
@pytest.mark.parametrize(
    ("value", "open_ends", "refused"),
    [(0, {}, False), (1, {}, False), (0, {"open_low": True}, True), (1, {"open_high": True}, True), (-0.1, {}, True)],
)
def test_both_checks_know_open_ends(check, value, open_ends, refused):
    if not refused:
        assert check("rate", value, 0, 1, **open_ends) == value
        return
    with pytest.raises(InputError) as caught:
        check("rate", value, 0, 1, **open_ends)
    assert (caught.value.code, caught.value.value) == ("out_of_range", value)


def test_the_number_that_is_refused_is_named():
    with pytest.raises(InputError, match=r"rates must lie in \[0, ∞\), not at -2.0"):
        numbers("rates", [1.0, -2.0, -3.0], 0)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        *((bad, "not_a_number") for bad in ("fast", None, [1.0], np.ones(1), 1j, 10**400)),
        *((bad, "not_finite") for bad in (np.nan, -np.inf, "inf")),
    ],
)
def test_what_is_no_number_is_refused(value, code):
    with pytest.raises(InputError) as caught:
        number("rate", value)
    assert caught.value.code == code
