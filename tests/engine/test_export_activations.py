"""The script of the gallery prints the engine's numbers, for each function and at kinks."""

import contextlib
import io

import pytest

from engine.activations import ACTIVATIONS, ELU, LeakyReLU, Swish
from engine.export_activations import activations_script

ALL = [*(kind() for kind in ACTIVATIONS.values()), LeakyReLU(0.3), ELU(2.5), Swish(4.0)]


def printed(script: str) -> list[list[str]]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(script, "script.py", "exec"), {"__name__": "__main__"})
    return [line.split() for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("z", [-4.2, -3.0, -0.7, 0.0, 1.0, 3.0, 9.9])
def test_it_prints_f_and_its_derivative(z):
    rows = printed(activations_script(ALL, z))
    assert [row[0] for row in rows] == [f.name for f in ALL]
    for f, (_name, value, slope, numerical) in zip(ALL, rows, strict=True):
        assert float(value) == pytest.approx(float(f.f(z)), rel=1e-12, abs=1e-14)
        assert float(slope) == pytest.approx(float(f.derivative(z)), rel=1e-12, abs=1e-14)
        if z not in f.kinks:
            assert float(numerical) == pytest.approx(float(slope), abs=2e-5)


def test_parameters_are_named():
    assert "def f(z):  # swish, beta = 4.0" in activations_script([Swish(4.0)], 1.0)
