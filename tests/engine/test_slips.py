"""The lecture notes' mistakes: what they claim, what is right, and a check that tells the two apart."""

import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from engine.errors import InputError
from engine.slip_scripts import slip_script
from engine.slips import SLIPS, Check

ALL = pytest.mark.parametrize("code", SLIPS)


def test_the_slips():
    assert list(SLIPS) == [
        "four_y",
        "sigmoid_of_z",
        "missing_factor",
        "sum_for_mean",
        "update_order",
        "wrong_name",
        "epsilon",
        "bias_rows",
    ]


def test_four_y():
    check = SLIPS["four_y"]()
    assert check.cases == ("x = 0", "x = 1", "x = 2", "x = 3", "x = 4")
    assert check.claimed.tolist() == [32, 8, 0, 8, 32]
    assert check.right.tolist() == [-8, -4, 0, 4, 8]
    assert check.agrees.tolist() == [False, False, True, False, False]


def test_sigmoid_of_z():
    check = SLIPS["sigmoid_of_z"]()
    assert check.claimed.tolist() == [-6, -2, 0, 0, -2]
    a = 1 / (1 + np.exp([2.0, 1.0, 0.0, -1.0, -2.0]))
    assert check.right == pytest.approx(a * (1 - a), rel=1e-14)
    assert not check.agrees.any()


def test_missing_factor():
    check = SLIPS["missing_factor"]()
    assert check.claimed == pytest.approx([-0.427, 0.309, -0.267], abs=1e-12)
    assert check.right == pytest.approx([-0.854, 0.618, -0.534], abs=1e-12)
    assert check.cases[0] == "a = 0.573, y = 1"
    assert not check.agrees.any()


def test_sum_for_mean():
    check = SLIPS["sum_for_mean"]()
    assert len(check.cases) == 9
    assert check.claimed == pytest.approx(4 * check.right, rel=1e-14)
    assert check.relative_error == pytest.approx(np.full(9, 0.75), rel=1e-6)
    assert not check.agrees.any()


def test_update_order():
    check = SLIPS["update_order"]()
    assert check.cases == ("w1", "w3", "w2", "w4", "b1 (h1)", "b1 (h2)")
    start, new = np.array([0.15, 0.25, 0.20, 0.30]), np.array([0.149780716, 0.249751144, 0.199561432, 0.299502287])
    assert start - 0.5 * check.right[:4] == pytest.approx(new, abs=5e-10)
    assert not check.agrees.any()


def test_wrong_name():
    check = SLIPS["wrong_name"]()
    assert (check.cases, len(check.claimed)) == (("W2",), 1)
    assert check.claimed[0] == pytest.approx(-0.01267462, abs=5e-9)
    assert check.right[0] == pytest.approx(-0.12264305, abs=5e-9)
    assert not check.agrees.any()


def test_epsilon():
    check = SLIPS["epsilon"]()
    z = np.array([0.0, 5.0, 10.0, 16.0, 20.0])
    assert check.right == pytest.approx(1 / (1 + np.exp(-z)), rel=1e-14)
    share = check.claimed / check.right
    assert share[3] == pytest.approx(0.5, abs=0.06)  # "halved" at z = 16
    assert share[4] == pytest.approx(0.02, abs=0.002)  # 2% of itself at z = 20
    assert check.agrees.tolist() == [True, True, False, False, False]


def test_bias_rows():
    check = SLIPS["bias_rows"]()
    assert check.cases == ("b2 (00)", "b2 (01)", "b2 (10)", "b2 (11)")
    assert check.right == pytest.approx(np.full(4, check.claimed.sum()), rel=1e-14)  # what the note should have added
    assert not check.agrees.any()


def test_biases_by_rows_learn_any_answers_by_heart():
    """Without a hidden layer and without an input: four biases for four samples are enough for XOR, and for any."""
    y, b = np.array([0.0, 1.0, 1.0, 0.0]), np.zeros(4)
    for _ in range(2000):
        b = b - 1.0 * (1 / (1 + np.exp(-b)) - y)
    assert np.abs(1 / (1 + np.exp(-b)) - y).max() < 0.001


@ALL
def test_right_always_agrees_and_claimed_does_not(code):
    check = SLIPS[code]()
    assert not check.agrees.all()
    assert replace(check, claimed=check.right).agrees.all()


def test_agrees_sees_one_thousandth():
    check = SLIPS["missing_factor"]()
    assert not replace(check, claimed=1.001 * check.right).agrees.any()


@ALL
def test_a_check_is_complete_and_read_only(code):
    check = SLIPS[code]()
    assert isinstance(check, Check)
    for array in (check.claimed, check.right, check.numerical):
        assert array.shape == (len(check.cases),)
        assert np.isfinite(array).all()
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


# Scripts that stand alone


@ALL
def test_a_script_by_itself_prints_the_check(code, tmp_path):
    file = tmp_path / "script.py"
    file.write_text(slip_script(code), encoding="utf-8")
    command = [sys.executable, "-W", "error", file]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    rows = [re.fullmatch(r"claimed (\S+) numerical (\S+)", line).groups() for line in done.stdout.splitlines()]
    claimed, numerical = np.array(rows, float).T
    check = SLIPS[code]()
    assert claimed == pytest.approx(check.claimed, rel=1e-9, abs=1e-12)
    assert numerical == pytest.approx(check.numerical, rel=1e-6, abs=1e-8)


@ALL
def test_a_script_needs_numpy_alone(code):
    imports = [line for line in slip_script(code).splitlines() if "import" in line]
    assert imports == ["import numpy as np"]


def test_an_unknown_slip_is_refused():
    with pytest.raises(InputError) as caught:
        slip_script("none")
    assert (caught.value.code, caught.value.value) == ("unknown_name", "none")
