"""Three units: note 001's printed figures, the logic of each unit, the hidden plane, both pictures."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from engine.errors import InputError
from engine.export_gate_network import gate_network_script
from engine.gate_network import (
    HIGH,
    LOW,
    NOTE_001,
    OR_AND_NAND,
    OR_AND_NAND_SIGMOID,
    SIDE,
    GateNetwork,
    evaluate,
    picture,
)
from engine.gates import GATES, POINTS
from engine.network import Architecture, predict
from tests.engine.printed import printed

XOR = np.array([0.0, 1.0, 1.0, 0.0])
SOFT = replace(OR_AND_NAND, kind="sigmoid")
each_network = pytest.mark.parametrize("network", [NOTE_001, OR_AND_NAND, OR_AND_NAND_SIGMOID, SOFT], ids=range(4))


def by_the_network(network: GateNetwork, X) -> np.ndarray:
    """The outputs by the engine's dense network, another implementation."""
    architecture = Architecture((2, 2, 1), (network.activation, network.activation))
    return predict(architecture, architecture.pack(*network.layers), X)[:, 0]


# Note 001


def test_note_001_to_every_printed_digit():
    result = evaluate(NOTE_001)
    assert [f"{value:.8f}" for value in result.output] == ["0.01118422", "0.99493572", "0.99493572", "0.02438853"]
    assert [f"{value:.4e}" for value in result.hidden[0]] == ["3.3535e-04", "9.5257e-01"]
    assert f"{result.hidden[0, 1]:.6f}" == "0.952574"
    for row in (1, 2):
        assert [f"{value:.7f}" for value in result.hidden[row]] == ["0.0474259", "0.0179862"]
    assert f"{result.hidden[3, 0]:.6f}" == "0.880797"
    assert f"{result.hidden[3, 1]:.4e}" == "1.6701e-05"


def test_note_001_worked_by_hand():
    result = evaluate(NOTE_001)
    assert result.z_hidden.tolist() == [[-8, 3], [-3, -4], [-3, -4], [2, -11]]
    sigmoid = [[1 / (1 + np.exp(-z)) for z in row] for row in result.z_hidden]
    assert result.hidden == pytest.approx(np.array(sigmoid), rel=1e-15)
    assert result.z == pytest.approx(6 - 11 * np.sum(sigmoid, axis=1), rel=1e-14)
    assert (result.target, result.answer) == (pytest.approx(XOR), pytest.approx(XOR))
    assert result.correct.all()


def test_the_logic_of_note_001():
    result = evaluate(NOTE_001)
    assert [gate.code for gate in result.gates] == ["and", "nor"]
    assert (result.output_gate.code, result.composed.code, result.gate.code) == ("nor", "xor", "xor")


def test_the_hidden_plane_of_note_001():
    result = evaluate(NOTE_001)
    assert result.merged == ((1, 2),)
    assert result.hidden_separability.separable is True
    distance = np.abs(-11 * result.hidden.sum(axis=1) + 6) / (11 * np.sqrt(2))
    assert result.margin == pytest.approx(distance, rel=1e-12)
    assert result.smallest_margin == result.margin.min() == result.margin[3]


# The other networks


@pytest.mark.parametrize("network", [OR_AND_NAND, OR_AND_NAND_SIGMOID])
def test_the_textbooks_network(network):
    result = evaluate(network)
    assert [gate.code for gate in result.gates] == ["or", "nand"]
    assert (result.output_gate.code, result.composed.code, result.gate.code) == ("and", "xor", "xor")
    assert result.correct.all()


def test_step_units_answer_with_bits():
    result = evaluate(OR_AND_NAND)
    assert result.hidden.tolist() == [[0, 1], [1, 1], [1, 1], [1, 0]]
    assert result.output.tolist() == [0, 1, 1, 0]
    assert result.margin == pytest.approx(np.full(4, 1 / np.sqrt(8)))


def test_small_weights_and_soft_units_lose_the_answer_but_not_the_logic():
    result = evaluate(SOFT)
    assert (result.composed.code, result.gate.code) == ("xor", "false")
    assert result.correct.tolist() == [True, False, False, True]
    assert result.hidden_separability.separable is True
    assert result.smallest_margin < 0


@each_network
def test_it_is_the_dense_network(network):
    result = evaluate(network)
    assert result.output == pytest.approx(by_the_network(network, POINTS), rel=1e-13)


@pytest.mark.parametrize("kind", ["step", "sigmoid"])
def test_every_gate_that_gates_make(kind):
    """Whatever the units are, for step units the gates together are the network."""
    rng = np.random.default_rng(0)
    for W1, b1, W2, b2 in (
        (rng.normal(size=(2, 2)), rng.normal(size=2), rng.normal(size=2), rng.normal()) for _ in range(50)
    ):
        result = evaluate(GateNetwork(tuple(map(tuple, W1)), tuple(b1), tuple(W2), float(b2), kind))
        for bits in product((0, 1), repeat=2):
            row = list(map(tuple, POINTS.astype(int))).index(bits)
            assert result.output_gate.outputs[row] == int(np.dot(bits, W2) + b2 > 0)
            composed = result.output_gate.outputs[2 * result.gates[0].outputs[row] + result.gates[1].outputs[row]]
            assert result.composed.outputs[row] == composed
        assert result.gate.outputs == tuple((result.output > (0 if kind == "step" else 0.5)).astype(int))
        if kind == "step":
            assert result.composed == result.gate


def test_a_sum_of_rounding_alone_is_no_answer():
    """0.1 + 0.2 - 0.3 is 5.6e-17 in floats."""
    network = replace(OR_AND_NAND, W1=((0.1, 0.0), (0.2, 0.0)), b1=(-0.3, 1.0))
    result = evaluate(network)
    assert result.z_hidden[3, 0] == 0
    assert result.hidden[3, 0] == 0


def test_all_weights_zero():
    result = evaluate(GateNetwork(((0, 0), (0, 0)), (0, 0), (0, 0), 0))
    assert result.merged == ((0, 1, 2, 3),)
    assert result.hidden_separability.separable is False
    assert np.isnan(result.margin).all()
    assert result.gate.code == "false"
    assert result.output.tolist() == [0.5] * 4


def test_another_target():
    result = evaluate(NOTE_001, GATES["xnor"].outputs)
    assert not result.correct.any()
    assert (result.margin == -evaluate(NOTE_001).margin).all()


# Pictures


@each_network
def test_the_field_is_the_network_at_each_point(network):
    planes = picture(network)
    at = np.linspace(LOW, HIGH, SIDE)
    for row, column in ((0, 0), (0, -1), (-1, 0), (20, 60), (40, 40)):
        x = at[column], at[::-1][row]
        assert planes.output[row, column] == pytest.approx(by_the_network(network, [x])[0], rel=1e-12)
        z = network.b2 + x[0] * network.W2[0] + x[1] * network.W2[1]
        assert planes.hidden[row, column] == pytest.approx(float(network.activation.f(z)), rel=1e-12)


@each_network
def test_the_lines_are_where_the_sums_are_zero(network):
    planes = picture(network)
    W1, b1 = np.array(network.W1), np.array(network.b1)
    for unit, line in enumerate(planes.hidden_lines):
        assert line.ends @ W1[:, unit] + b1[unit] == pytest.approx([0, 0], abs=1e-12)
    assert planes.output_line.ends @ np.array(network.W2) + network.b2 == pytest.approx([0, 0], abs=1e-12)


def test_results_are_read_only():
    result, planes = evaluate(NOTE_001), picture(NOTE_001)
    for array in (result.z_hidden, result.hidden, result.z, result.output, result.margin, planes.output, planes.hidden):
        assert not array.flags.writeable


# The script


@each_network
def test_the_script_prints_the_forward_pass(network):
    result, lines = evaluate(network), printed(gate_network_script(network, (0, 1, 1, 0)))
    for row, block in enumerate(lines[start : start + 6] for start in range(0, 24, 6)):
        inputs, z_hidden, hidden, output, right, margin = (line.split() for line in block)
        assert inputs == ["input", "".join(str(int(x)) for x in POINTS[row])]
        assert list(map(float, z_hidden[2:])) == result.z_hidden[row].tolist()
        assert list(map(float, hidden[2:])) == pytest.approx(result.hidden[row], rel=1e-14)
        assert list(map(float, output[2:])) == pytest.approx([result.z[row], result.output[row]], rel=1e-12)
        assert right == ["right", str(result.correct[row])]
        assert float(margin[-1]) == pytest.approx(result.margin[row], rel=1e-12)


def test_the_script_keeps_to_the_engine_where_rounding_decides():
    network = replace(OR_AND_NAND, W1=((0.1, 0.0), (0.2, 0.0)), b1=(-0.3, 1.0), W2=(0.0, 0.0))
    assert printed(gate_network_script(network, (0, 1, 1, 0)))[17] == "h1 h2 0.0 1.0"


# Bad input


@pytest.mark.parametrize(
    ("change", "code", "argument"),
    [
        ({"W1": ((1.0, 2.0),)}, "wrong_shape", "W1"),
        ({"W1": ((1.0, np.nan), (1.0, 1.0))}, "not_finite", "W1"),
        ({"b1": (1.0, "x")}, "not_a_number", "b1"),
        ({"W2": (1.0, 2.0, 3.0)}, "wrong_shape", "W2"),
        ({"b2": 1001.0}, "out_of_range", "b2"),
        ({"b2": (1.0,)}, "wrong_shape", "b2"),
        ({"kind": "tanh"}, "unknown_name", "activation"),
    ],
)
def test_bad_parameters_are_refused(change, code, argument):
    with pytest.raises(InputError) as caught:
        replace(NOTE_001, **change)
    assert (caught.value.code, caught.value.argument) == (code, argument)


@pytest.mark.parametrize("target", [(0, 1, 1), (0, 1, 2, 0), (0, 1, np.inf, 0)])
def test_a_bad_target_is_refused(target):
    with pytest.raises(InputError):
        evaluate(NOTE_001, target)
