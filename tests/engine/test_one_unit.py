"""One sigmoid unit on gates: note 003's run, floors, saturation, and the same unit on a gate that it can learn."""

import contextlib
import io
import math
from itertools import product

import numpy as np
import pytest

from engine.errors import InputError
from engine.experiment import random_start
from engine.export_one_unit import census_script, proof_script, unit_script
from engine.gates import GATES, POINTS, gate
from engine.one_unit import (
    LOSSES,
    UnitTraining,
    count_separable,
    floor,
    milestones,
    output_field,
    output_of_bias_alone,
    random_starts,
    train,
)
from engine.separability import separability
from engine.xor_runs import XOR_RUNS

NOTE = UnitTraining(("xor", "and"), (XOR_RUNS["unit"].parameters,), "half_squared_error", 0.1, 10_000)
RARE = UnitTraining(("xor", "and"), (random_start((2, 1), 3),), "squared_error", 1.0, 2000)
each_loss = pytest.mark.parametrize("loss", LOSSES)


def by_hand(config, code, start):
    """The run written out with loops over corners, no matrix and no engine: parameters and reported losses."""
    p, losses = list(start), []
    for _ in range(config.n_updates + 1):
        corners = [(*map(float, x), float(y)) for x, y in zip(POINTS, gate(code).target, strict=True)]
        a = [1 / (1 + math.exp(-(p[0] * x1 + p[1] * x2 + p[2]))) for x1, x2, _y in corners]
        pairs = [(output, y) for output, (_x1, _x2, y) in zip(a, corners, strict=True)]
        if config.loss == "cross_entropy":
            losses.append(-sum(math.log(o if y else 1 - o) for o, y in pairs) / 4)
            dz = [(o - y) / 4 for o, y in pairs]
        else:
            losses.append(sum((o - y) ** 2 for o, y in pairs) / 4)
            factor = 0.5 if config.loss == "squared_error" else 1.0
            dz = [factor * (o - y) * o * (1 - o) for o, y in pairs]
        slopes = [
            sum(d * x1 for d, (x1, _x2, _y) in zip(dz, corners, strict=True)),
            sum(d * x2 for d, (_x1, x2, _y) in zip(dz, corners, strict=True)),
            sum(dz),
        ]
        last = list(p)
        p = [value - config.learning_rate * slope for value, slope in zip(p, slopes, strict=True)]
    return last, losses


# ---------------------------------------------------------------- the training


def test_the_run_of_note_003():
    history = train(NOTE)
    rows = np.searchsorted(history.updates, range(0, 10_001, 1000))
    assert history.losses[0, 0, rows].round(4).tolist() == [0.2563, *[0.25] * 10]
    np.testing.assert_allclose(history.first[0, 0], [0.49135794, -0.13921903, -0.0045571], atol=5e-9)
    np.testing.assert_allclose(history.outputs[0, 0], 0.5, atol=1e-12)
    assert (history.right[0, 0], history.wrong[0, 0]) == (0, 0)
    assert history.right[1, 0] == 4
    assert history.losses[1, 0, -1] < 0.003


@each_loss
def test_it_is_what_a_loop_over_the_corners_gives(loss):
    config = UnitTraining(("xor", "or"), ((0.3, -0.7, 0.2), (1.1, 0.4, -0.5)), loss, 0.7, 40)
    history = train(config)
    for (g, code), (s, start) in product(enumerate(config.gates), enumerate(config.starts)):
        parameters, losses = by_hand(config, code, start)
        np.testing.assert_allclose(history.parameters[g, s], parameters, rtol=1e-11)
        np.testing.assert_allclose(history.losses[g, s], np.array(losses)[history.updates], rtol=1e-11)


@each_loss
def test_the_parts_fit_together(loss):
    config = UnitTraining(("xor", "nand"), random_starts(3, 5), loss, 0.5, 7)
    history = train(config)
    np.testing.assert_allclose(history.first, history.start - 0.5 * history.start_gradient, rtol=1e-13)
    np.testing.assert_allclose(history.gradient[..., 2], history.deltas.sum(axis=-1), atol=1e-15)
    np.testing.assert_allclose(history.gradient[..., :2], history.deltas @ POINTS, atol=1e-15)
    np.testing.assert_allclose(history.entries.mean(axis=-1), history.losses[..., -1], rtol=1e-13)
    again = train(UnitTraining(config.gates, config.starts, loss, 0.5, 1))
    np.testing.assert_allclose(again.parameters, history.first, rtol=1e-15)


def test_a_single_run_is_its_place_in_the_stack():
    alone = train(UnitTraining(("and",), NOTE.starts, NOTE.loss, 0.1, 50))
    beside = train(UnitTraining(("xor", "and"), NOTE.starts, NOTE.loss, 0.1, 50))
    np.testing.assert_allclose(alone.losses[0], beside.losses[1], rtol=1e-13)
    assert alone.losses.shape == (1, 1, len(alone.updates))
    assert alone.right.shape == alone.saturated.shape == alone.rises.shape == (1, 1)


def test_what_leaves_cannot_be_written_to():
    history = train(UnitTraining(("xor",), NOTE.starts, NOTE.loss, 0.1, 3))
    for name, array in vars(history).items():
        assert not array.flags.writeable, name


@pytest.mark.parametrize(
    ("n_updates", "expected"),
    [
        (0, (0,)),
        (1, (0, 1)),
        (3, (0, 1, 2, 3)),
        (10_000, (0, 1, *range(1000, 10_001, 1000))),
        (25, (0, 1, 2, 5, 8, 10, 12, 15, 18, 20, 22, 25)),
    ],
)
def test_milestones(n_updates, expected):
    assert milestones(n_updates) == expected
    history = train(UnitTraining(("xor",), NOTE.starts, NOTE.loss, 0.1, n_updates))
    assert set(expected) <= set(history.updates.tolist())
    assert history.updates[-1] == n_updates


# ---------------------------------------------------------------- floors


def test_cross_entropy_of_xor_ends_at_ln_2_from_any_start():
    config = UnitTraining(("xor", "xnor"), random_starts(100, 1), "cross_entropy", 2.0, 1500)
    history = train(config)
    np.testing.assert_allclose(history.losses[..., -1], math.log(2), atol=1e-9)
    np.testing.assert_allclose(history.outputs, 0.5, atol=1e-4)
    assert not history.saturated.any()


def test_squared_error_ends_at_a_quarter_and_some_starts_saturate():
    """Some 2% of N(0, 1) starts: three of four right, sure, and the loss on its way to 0.25 as well."""
    history = train(UnitTraining(("xor",), random_starts(500, 0), "squared_error", 5.0, 2000))
    right, saturated = history.right[0], history.saturated[0]
    assert set(right.tolist()) == {0, 3}
    assert (right[saturated] == 3).all()
    assert (right[~saturated] == 0).all()
    assert 0.005 < saturated.mean() < 0.04
    assert history.losses[0, ~saturated, -1] == pytest.approx(0.25, abs=1e-9)
    assert ((history.losses[0, saturated, -1] > 0.25) & (history.losses[0, saturated, -1] < 0.2505)).all()


def test_the_rare_start():
    history = train(RARE)
    assert RARE.starts == ((2.04, -2.56, 0.0),)
    assert (history.right[0, 0], history.wrong[0, 0], history.saturated[0, 0]) == (3, 1, True)
    assert history.losses[0, 0, -1] == pytest.approx(0.2515, abs=5e-5)
    later = train(UnitTraining(("xor",), RARE.starts, "squared_error", 10.0, 20_000))
    assert 0.25 < later.losses[0, 0, -1] < 0.2501


@each_loss
@pytest.mark.parametrize("code", GATES)
def test_no_unit_is_below_the_floor(code, loss):
    rng, target = np.random.default_rng(0), gate(code).target
    p = rng.normal(size=(20_000, 3)) * rng.choice([0.1, 1, 3, 10], (20_000, 1))
    z = np.clip(p[:, :2] @ POINTS.T + p[:, 2:], -30, 30)
    a = 1 / (1 + np.exp(-z))
    losses = LOSSES[loss][1].value(a[..., None], target[:, None])
    assert losses.min() >= floor(code, loss) - 1e-12
    if code in ("xor", "xnor"):
        assert floor(code, loss) == pytest.approx(math.log(2) if loss == "cross_entropy" else 0.25, rel=1e-15)
        assert losses.min() < floor(code, loss) + 0.01
    else:
        assert floor(code, loss) == 0.0
        assert losses.min() < 0.02


def test_a_learning_rate_that_is_too_large_shows_as_rises():
    wild = train(UnitTraining(("xor",), ((3.0, 3.0, 0.0),), "cross_entropy", 10.0, 200))
    assert wild.rises[0, 0] > 50
    assert train(NOTE).rises[0, 0] == 0


@each_loss
def test_the_largest_numbers_stay_finite(loss):
    corners = tuple(product((-10.0, 0.0, 10.0), repeat=3))
    for rate in (0.0, 10.0):
        history = train(UnitTraining(("xor", "and", "false", "a"), corners, loss, rate, 300))
        assert np.isfinite(history.losses).all()
        assert np.isfinite(history.parameters).all()


# ---------------------------------------------------------------- other results


def test_the_field_is_the_units_output():
    parameters = np.array([(5.0, -3.0, 1.0), (0.0, 0.0, 0.0)])
    picture = output_field(parameters, -0.5, 1.5, 5)
    assert picture.shape == (2, 5, 5)
    at = np.linspace(-0.5, 1.5, 5)
    for row, column in product(range(5), repeat=2):
        z = 5 * at[column] - 3 * at[4 - row] + 1
        assert picture[0, row, column] == pytest.approx(1 / (1 + math.exp(-z)), abs=1e-6)
    assert (picture[1] == 0.5).all()


@pytest.mark.parametrize("code", [code for code in GATES if code not in ("false", "true")])
def test_a_unit_that_sees_nothing_says_the_mean(code):
    assert output_of_bias_alone(code) == pytest.approx(gate(code).target.mean(), abs=1e-12)


def test_random_starts():
    starts = random_starts(4, 7)
    expected = np.random.default_rng(7).normal(size=(4, 2))
    np.testing.assert_array_equal(starts, np.column_stack([expected, np.zeros(4)]))


def test_how_many_gates_are_separable():
    assert [count_separable(n) for n in (1, 2, 3)] == [(4, 4), (14, 16), (104, 256)]


def test_the_other_gates_of_three_inputs_contradict_themselves():
    """The count tries lines; that no more gates have one is what the proofs say."""
    corners = np.array(list(product((0.0, 1.0), repeat=3)))
    proofs = [separability(corners, np.array(target, float)) for target in product((0, 1), repeat=8)]
    assert sum(proof.separable is True for proof in proofs) == 104
    assert sum(proof.contradiction is not None for proof in proofs) == 256 - 104


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("change", "code", "argument"),
    [
        ({"gates": ()}, "out_of_range", "number of gates"),
        ({"gates": ("maybe",)}, "unknown_name", "gate"),
        ({"starts": ()}, "out_of_range", "number of starts"),
        ({"starts": ((0.0, 0.0),)}, "wrong_shape", "starts"),
        ({"starts": ((0.0, math.nan, 0.0),)}, "not_finite", "starts"),
        ({"starts": ((11.0, 0.0, 0.0),)}, "out_of_range", "starts"),
        ({"loss": "huber"}, "unknown_name", "loss"),
        ({"learning_rate": -0.1}, "out_of_range", "learning_rate"),
        ({"learning_rate": 11.0}, "out_of_range", "learning_rate"),
        ({"n_updates": 0.5}, "not_a_number", "n_updates"),
        ({"n_updates": 100_001}, "out_of_range", "n_updates"),
        ({"starts": ((0.0, 0.0, 0.0),) * 500}, "out_of_range", "runs x updates"),
    ],
)
def test_bad_input_is_refused(change, code, argument):
    good = {"gates": ("xor",), "starts": ((0.0, 0.0, 0.0),), "loss": "squared_error"}
    good |= {"learning_rate": 0.1, "n_updates": 10_000}
    with pytest.raises(InputError) as caught:
        UnitTraining(**good | change)
    assert (caught.value.code, caught.value.argument) == (code, argument)


@pytest.mark.parametrize(
    "call",
    [
        lambda: random_starts(501, 0),
        lambda: random_starts(1, -1),
        lambda: floor("xor", "huber"),
        lambda: floor("maybe", "squared_error"),
        lambda: count_separable(4),
        lambda: count_separable(0),
        lambda: output_of_bias_alone("maybe"),
        lambda: output_field(np.zeros(2), 0, 1, 5),
        lambda: output_field(np.zeros(3), 1, 0, 5),
        lambda: proof_script("maybe"),
    ],
)
def test_bad_arguments_are_refused(call):
    with pytest.raises(InputError):
        call()


# ---------------------------------------------------------------- scripts


def printed(script):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(script, "script.py", "exec"), {})
    return out.getvalue().splitlines()


@each_loss
def test_the_script_of_a_run_prints_its_numbers(loss):
    config = UnitTraining(("xor", "nand"), ((2.04, -2.56, 0.1),), loss, 0.8, 60)
    history, lines = train(config), printed(unit_script(config))
    for place, name in enumerate(("XOR", "NAND")):
        own = [line.split() for line in lines if line.startswith(f"{name} update")]
        assert [int(words[2]) for words in own] == list(milestones(60))
        rows = np.searchsorted(history.updates, milestones(60))
        np.testing.assert_allclose([float(w[4]) for w in own], history.losses[place, 0, rows], rtol=1e-10)
        np.testing.assert_allclose([float(v) for v in own[1][-3:]], history.first[place, 0], rtol=1e-10)
        np.testing.assert_allclose([float(v) for v in own[-1][-3:]], history.parameters[place, 0], rtol=1e-9)
        (end,) = [line for line in lines if line.startswith(f"{name} outputs")]
        outputs = [float(word) for word in end[end.index("[") + 1 : end.index("]")].split(",")]
        np.testing.assert_allclose(outputs, history.outputs[place, 0], rtol=1e-9)
        assert int(end.split()[-1]) == history.right[place, 0]


@pytest.mark.parametrize("seed", [0, None])
def test_the_script_of_many_starts_counts_them(seed):
    config = UnitTraining(("xor", "and"), random_starts(60, 0), "squared_error", 5.0, 300)
    script = unit_script(config, seed)
    assert ("default_rng(0)" in script) == (seed == 0)
    history, lines = train(config), printed(script)
    for place, name in enumerate(("XOR", "AND")):
        (end,) = [line for line in lines if line.startswith(f"{name} starts")]
        counts = np.bincount(history.right[place], minlength=5).tolist()
        assert [int(word) for word in end.split()[-5:]] == counts
        last = next(line for line in lines if line.startswith(f"{name} update 300"))
        assert float(last.split()[-1]) == pytest.approx(history.losses[place, :, -1].min(), rel=1e-9)


@pytest.mark.parametrize("code", GATES)
def test_the_script_of_a_proof_proves(code):
    lines, proof = printed(proof_script(code)), separability(POINTS, gate(code).target)
    if proof.separable:
        assert len(lines) == 4
        assert all(line.endswith("holds True") for line in lines)
    else:
        assert [line.split("[")[1].split("]")[0].split() for line in lines] == [["1.", "1.", "2."]] * 2


def test_the_script_of_the_census_counts():
    lines = printed(census_script())
    for line, g in zip(lines, GATES.values(), strict=False):
        proof = separability(POINTS, g.target)
        expected = [int(v) for v in (*proof.weights, proof.bias)] if proof.separable else "no line"
        assert line == f"{g.name} {list(g.outputs)} {expected}"
    assert lines[16:] == ["14 of 16", "1 inputs: 4 of 4", "2 inputs: 14 of 16", "3 inputs: 104 of 256"]
