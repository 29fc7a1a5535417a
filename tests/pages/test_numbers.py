"""Numbers as text: so many significant digits, no more signs than needed, nothing lost."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.shared.formulas.lines import bracketed
from pages.shared.numbers import DIGITS, plain, tex

TABLE = [  # value, digits, in a table, in a formula
    (0.0, 4, "0", "0"),
    (-0.0, 4, "0", "0"),
    (1.0, 4, "1", "1"),
    (-7.0, 4, "−7", "-7"),
    (12.5, 4, "12.5", "12.5"),
    (0.58661758, 4, "0.5866", "0.5866"),
    (0.58661758, 8, "0.58661758", "0.58661758"),
    (0.58661758, 12, "0.58661758", "0.58661758"),
    (-0.12264305, 4, "−0.1226", "-0.1226"),
    (1 / 3, 2, "0.33", "0.33"),
    (100.0, 2, "100", "100"),
    (123456.7, 4, "123457", "123457"),
    (999999.7, 4, "1e6", r"1 \times 10^{6}"),
    (999999.4, 4, "1e6", r"1 \times 10^{6}"),
    (999499.4, 4, "999499", "999499"),
    (1234567.0, 4, "1.235e6", r"1.235 \times 10^{6}"),
    (1234567.0, 8, "1234567", "1234567"),
    (9.9996, 4, "10", "10"),
    (0.99996, 4, "1", "1"),
    (0.0001, 4, "0.0001", "0.0001"),
    (0.000099996, 4, "0.0001", "0.0001"),
    (0.00009999, 4, "9.999e−5", r"9.999 \times 10^{-5}"),
    (1.2e-5, 4, "1.2e−5", r"1.2 \times 10^{-5}"),
    (-1.2e-5, 4, "−1.2e−5", r"-1.2 \times 10^{-5}"),
    (1e-300, 4, "1e−300", r"1 \times 10^{-300}"),
    (5e-324, 4, "4.941e−324", r"4.941 \times 10^{-324}"),
    (-1.7976931348623157e308, 4, "−1.798e308", r"-1.798 \times 10^{308}"),
    (math.inf, 4, "inf", r"\infty"),
    (-math.inf, 4, "−inf", r"-\infty"),
    (math.nan, 4, "nan", r"\text{NaN}"),
]


@pytest.mark.parametrize(("value", "digits", "in_table", "in_formula"), TABLE)
def test_formatting(value, digits, in_table, in_formula):
    assert plain(value, digits) == in_table
    assert tex(value, digits) == in_formula


def test_four_digits_unless_said_otherwise():
    assert DIGITS == 4
    assert (plain(math.pi), tex(math.pi)) == ("3.142",) * 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.0, "2"),
        (0.0, "0"),
        (-2.0, r"\left(-2\right)"),
        (1e-9, r"\left(1 \times 10^{-9}\right)"),
        (-1e-9, r"\left(-1 \times 10^{-9}\right)"),
        (-math.inf, r"\left(-\infty\right)"),
    ],
)
def test_a_factor_is_bracketed_where_it_must_be(value, text):
    assert bracketed(tex(value)) == text


def read(text: str) -> float:
    return float(text.replace("−", "-"))


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(2, 12))
def test_what_is_written_is_the_value_to_its_digits(value, digits):
    shown = plain(value, digits)
    if abs(value) < 1.797e308:  # rounding up may leave the range of numbers
        assert read(shown) == pytest.approx(value, rel=0.5000001 * 10.0 ** (1 - digits), abs=5e-324)
    assert "-" not in shown
    assert not shown.endswith(".")
    mantissa = shown.partition("e")[0]
    assert "." not in mantissa or not mantissa.endswith("0")


@given(st.floats(-1e300, 1e300), st.integers(2, 12))
def test_table_and_formula_say_the_same(value, digits):
    formula = tex(value, digits).replace(r" \times 10^{", "e").replace("}", "")
    assert read(plain(value, digits)) == float(formula)


@given(st.floats(1e-300, 1e300), st.integers(2, 12))
def test_a_sign_changes_nothing_else(value, digits):
    assert plain(-value, digits) == "−" + plain(value, digits)
