"""The script of a step unit prints what the engine computes, digit by digit."""

import contextlib
import io

import numpy as np
import pytest

from engine.errors import InputError
from engine.export_perceptron import decide_script
from engine.gates import GATES, POINTS, gate
from engine.perceptron import evaluate

UNITS = [((1.0, 0.5), -0.7), ((0.1, 0.2), -0.3), ((0.0, 0.0), 1.0), ((-10.0, 3.7), 0.0), ((1e-200, 0.0), 1e-200)]


def printed(script: str) -> list[str]:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(script, "script", "exec"), {"__name__": "__main__"})
    return output.getvalue().splitlines()


@pytest.mark.parametrize(("weights", "bias"), UNITS)
@pytest.mark.parametrize("code", GATES)
def test_the_script_prints_the_engines_numbers(weights, bias, code):
    result = evaluate(weights, bias, POINTS, gate(code).target)
    head, *rows, last = printed(decide_script(weights, bias, gate(code)))
    assert head == "x1 x2 z output target margin"
    expected = np.column_stack([POINTS, result.z, result.output, result.target, result.margin])
    np.testing.assert_array_equal([[float(cell) for cell in row.split()] for row in rows], expected)
    assert last == f"right answers: {result.n_correct}"


@pytest.mark.parametrize(("weights", "bias"), [(("a", 1), 0), ((1, 2), np.inf), ((1e19, 0), 0)])
def test_bad_input_makes_no_script(weights, bias):
    with pytest.raises(InputError):
        decide_script(weights, bias, gate("and"))
