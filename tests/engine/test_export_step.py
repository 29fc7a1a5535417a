"""The script of a step prints every number of the step."""

import contextlib
import io
from dataclasses import replace

import numpy as np
import pytest

from engine.errors import InputError
from engine.export_step import step_script
from engine.optimizers import OPTIMIZERS, optimizer
from engine.step_trace import MAX_STEPS, trace
from engine.surfaces import SURFACES, surface


def printed(script):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(script, "script.py", "exec"), {"__name__": "__main__"})
    rows = [line.split() for line in out.getvalue().splitlines()]
    return {name: [float(x0), float(x1)] for name, x0, x1 in rows}


def check(where, rule, start, k):
    run = trace(where, rule, start, k + 1)
    found = printed(step_script(where, rule, start, k))
    assert list(found) == list(run.quantities)
    for name, values in run.quantities.items():
        np.testing.assert_allclose(found[name], values[k], rtol=1e-9, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("place", [code for code, one in SURFACES.items() if one.dimensions == 2])
@pytest.mark.parametrize("k", [0, 30])
def test_on_every_surface(place, k):
    check(surface(place), optimizer("adam", learning_rate=0.2), (1.25, -0.75), k)


@pytest.mark.parametrize("code", OPTIMIZERS)
def test_with_every_rule(code):
    rule = optimizer(code, learning_rate=0.05)
    where = surface("elongated_bowl")
    for k in (0, 1, 12):
        check(where, rule, where.start, k)
    for changes in ({"weight_decay": 0.1}, {"bias_correction": False}):
        if hasattr(rule, *changes):
            check(where, replace(rule, **changes), where.start, 9)


def test_it_names_only_what_it_uses():
    where = surface("saddle")
    assert "weight_decay" not in step_script(where, optimizer("adam"), where.start, 3)
    assert "weight_decay = 0.5" in step_script(where, optimizer("adam", weight_decay=0.5), where.start, 3)


@pytest.mark.parametrize("k", [-1, MAX_STEPS + 1])
def test_bad_input(k):
    with pytest.raises(InputError):
        step_script(surface("saddle"), optimizer("sgd"), (1, 1), k)
