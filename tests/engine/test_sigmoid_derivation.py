"""The sigmoid's derivative: every line of it the same number, and note 002's line another one."""

import math

import numpy as np
import pytest

from engine import sigmoid_derivation as derivation
from engine.activations import Sigmoid
from engine.errors import InputError
from engine.slips import SLIPS, sigmoid_product

Z = np.linspace(-6, 6, 25)


def test_every_line_is_the_derivative():
    found = derivation.values(Z)
    assert found.shape == (5, 25)
    for line in found:
        np.testing.assert_allclose(line, Sigmoid().derivative(Z), rtol=1e-12)


def test_lines_at_1_by_hand():
    a = 1 / (1 + math.exp(-1))
    assert derivation.values(1.0) == pytest.approx([a * (1 - a)] * 5, rel=1e-14)
    assert derivation.values(1.0)[0] == pytest.approx(0.19661193324148185, rel=1e-15)


def test_lines_differ_by_rounding_alone():
    assert all(derivation.spread(z) < 1e-15 for z in Z)
    assert derivation.spread(20.0) > 0  # they are computed each in its own way


def test_the_notes_line_is_the_cube():
    np.testing.assert_allclose(derivation.line("product", Z), Sigmoid().f(Z) ** 3, rtol=1e-14)
    assert derivation.NOTE_LINES.index("product") == derivation.NOTE_LINES.index("split") - 1
    assert [name for name in derivation.NOTE_LINES if name not in derivation.LINES] == ["product"]


def test_the_notes_line_is_right_at_a_single_point():
    z = derivation.z_of_coincidence()
    assert z == pytest.approx(0.48121182505960347, rel=1e-15)
    assert Sigmoid().f(z) == pytest.approx(0.6180339887498949, rel=1e-15)
    fine = np.linspace(-6, 6, 1201)
    difference = derivation.line("product", fine) - Sigmoid().derivative(fine)
    assert (np.diff(np.sign(difference)) != 0).sum() == 1
    assert derivation.line("product", z) == pytest.approx(Sigmoid().derivative(z), rel=1e-14)


def test_the_slope_is_half_at_ln_of_3_and_2_roots_of_2():
    z = derivation.z_of_half_slope()
    assert z == pytest.approx(math.log(3 + 2 * math.sqrt(2)), rel=1e-15)
    assert Sigmoid().derivative(z) == pytest.approx(Sigmoid().steepest.slope / 2, rel=1e-14)


def test_the_check_finds_the_slip_but_for_one_point():
    check = sigmoid_product()
    assert check.cases == ("z = -2", "z = -1", "z = 0", "z = 0.4812", "z = 1", "z = 2")
    assert check.agrees.tolist() == [False, False, False, True, False, False]
    assert check.claimed[2] == 0.125
    assert check.right[2] == 0.25
    assert check.numerical == pytest.approx(check.right, rel=1e-9)
    assert "sigmoid_product" not in SLIPS


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: derivation.line("sum", 0.0), "unknown_name"),
        (lambda: derivation.line("split", 31.0), "out_of_range"),
        (lambda: derivation.values(math.nan), "not_finite"),
        (lambda: derivation.values([0.0, -31.0]), "out_of_range"),
    ],
)
def test_bad_input_is_refused(call, code):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.code == code
    with pytest.raises(ValueError, match="read-only"):
        derivation.values(0.0)[0] = 1.0
