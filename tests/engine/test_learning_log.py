"""Looking things up in a run of Rosenblatt's rule, and the script that makes the same run by itself."""

import contextlib
import io
from itertools import permutations

import numpy as np
import pytest

from engine.export_learning import learning_script
from engine.gates import GATES, POINTS, gate
from engine.margins import mistake_bound
from engine.rosenblatt import learn

AND, XOR = gate("and").target, gate("xor").target


# looking things up --------------------------------------------------------------------------------------------


def test_the_state_after_each_visit():
    history = learn(POINTS, AND, weights=(0.5, -1), bias=0.25)
    assert history.state(0) == (0.5, -1, 0.25)
    assert history.state(1) == (0.5, -1, -0.75)  # the sum at 00 is 0.25: the bias falls
    for n in range(1, len(history.sample) + 1):
        change = np.subtract(history.state(n), history.state(n - 1))
        np.testing.assert_array_equal(change, history.change[n - 1])


def test_the_next_mistake():
    history = learn(POINTS, AND)
    assert [n for n in range(1, 25) if history.error[n - 1]] == [4, 5, 6, 8, 10, 11, 12, 15, 16, 18]
    assert [history.next_mistake(n) for n in (0, 3, 4, 6, 17)] == [4, 4, 5, 8, 18]
    assert history.next_mistake(18) is history.next_mistake(24) is None
    assert learn(POINTS, gate("false").target).next_mistake(0) is None


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_equal_states_are_equal_and_what_is_between_cancels_out(order):
    history = learn(POINTS, XOR, weights=(0.3, -0.7), bias=0.1, learning_rate=0.1, order=order)
    first, last = history.equal_states
    assert first == 4 * history.cycle_start
    assert last == len(history.sample)
    assert history.state(first) == history.state(last)
    np.testing.assert_allclose(history.change[first:last].sum(axis=0), 0, atol=1e-15)


def test_without_a_cycle_no_states_are_equal():
    assert learn(POINTS, AND).equal_states is None
    assert learn(POINTS, XOR, seed=1, max_updates=50).equal_states is None


# the script ---------------------------------------------------------------------------------------------------

RUNS = [
    ("and", (0.0, 0.0, 0.0), 1.0, None, None, 1000),
    ("and", (-5.0, 5.0, 5.0), 0.1, None, None, 1000),
    ("and", (0.0, 0.0, 0.0), 1.0, None, None, 10),
    ("nand", (0.3, -0.2, 0.1), 0.07, (2, 0, 3, 1), None, 1000),
    ("or", (0.0, 0.0, 0.0), 0.5, None, 3, 1000),
    ("xor", (0.0, 0.0, 0.0), 1.0, None, None, 1000),
    ("xor", (0.3, -0.7, 0.15), 0.1, (3, 1, 2, 0), None, 1000),
    ("xnor", (0.0, 0.0, 0.0), 0.1, None, 7, 60),
    *[(code, (0.1, 0.2, -0.3), 0.1, None, None, 1000) for code in GATES],
]


def printed(code, *run) -> list[str]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(learning_script(gate(code), *run), "script.py", "exec"), {})
    return out.getvalue().splitlines()


@pytest.mark.parametrize(("code", "start", "rate", "order", "seed", "cap"), RUNS)
def test_the_script_prints_the_run(code, start, rate, order, seed, cap):
    history = learn(
        POINTS,
        gate(code).target,
        weights=start[:2],
        bias=start[2],
        learning_rate=rate,
        order=order,
        seed=seed,
        max_updates=cap,
    )
    lines = printed(code, start, rate, order, seed, cap)
    assert lines[1] == f"0 - - - - - - {start} 0"
    n_visits = len(history.sample)
    for n, line in enumerate(lines[2 : n_visits + 2], 1):
        i = n - 1
        x1, x2 = POINTS[history.sample[i]]
        change = tuple(history.change[i].tolist())
        assert line == (
            f"{n} {history.pass_index[i] + 1} {x1:g}{x2:g} {float(history.z[i])!r} {history.output[i]:g} "
            f"{history.error[i]:g} {change} {history.state(n)} {history.mistakes[i]}"
        )
    n_passes = len(history.mistakes_per_pass)
    ending, novikoff = lines[n_visits + 2 :]
    assert ending.endswith(f"after {n_visits} visits in {n_passes} passes with {history.mistakes[-1]} mistakes")
    assert ending.startswith(history.stopped)
    if history.stopped == "cycle":
        assert f"pass {n_passes + 1} would repeat pass {history.cycle_start + 1} " in ending
    bound = mistake_bound(POINTS, gate(code).target, history)
    if bound.separator is None:
        assert novikoff == "no line parts the classes: there is no bound"
    else:
        numbers = [float(word) for word in novikoff.split()[1::2]]
        np.testing.assert_allclose(numbers, [bound.radius, bound.margin, bound.bound], rtol=1e-12)
