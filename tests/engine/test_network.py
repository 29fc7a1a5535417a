"""The dense network: worked examples of the lecture notes, shapes, stacks, refusals."""

import math

import numpy as np
import pytest

from engine.activations import Linear, ReLU, Sigmoid, Tanh
from engine.errors import InputError
from engine.losses import CrossEntropy, HalfSquaredError, SquaredError
from engine.network import Architecture, Network, predict

XOR_X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
RNG = np.random.default_rng(0)
MIXED = Architecture((3, 4, 2), (Tanh(), Sigmoid()))
PARAMETERS = RNG.normal(size=(3, MIXED.n_parameters))
X, Y = RNG.normal(size=(5, 3)), RNG.uniform(0.1, 0.9, (5, 2))


def test_chain_of_note_002():
    """x = 0.5, w1 = 0.7, w2 = 0.5, two sigmoids without bias, target 1, C = (O - Y)^2."""
    chain = Architecture((1, 1, 1), (Sigmoid(), Sigmoid()))
    network = Network(chain, [0.7, 0.0, 0.5, 0.0], [[0.5]])
    trace = network.trace(SquaredError(), [[1.0]])
    figures = {
        "z1": (trace.z[0], 0.35),
        "h1": (trace.a[1], 0.58661758),
        "z2": (trace.z[1], 0.29330879),
        "O": (trace.a[2], 0.57280599),
        "dC/dO": (trace.da[2], -0.85438803),
        "dO/dz2": (trace.slope[1], 0.24469929),
        "dh1/dz1": (trace.slope[0], 0.24249740),
        "dC/dw2": (trace.dW[1], -0.12264305),
        "dC/dw1": (trace.dW[0], -0.01267462),
    }
    for name, (ours, printed) in figures.items():
        assert ours.item() == pytest.approx(printed, abs=5e-9), name
    assert SquaredError().value(trace.a[2], [[1.0]]) == pytest.approx(0.18249473, abs=5e-9)


def test_xor_solved_by_hand_in_note_001():
    architecture = Architecture((2, 2, 1), (Sigmoid(), Sigmoid()))
    parameters = architecture.pack([[[5, -7], [5, -7]], [[-11], [-11]]], [[-8, 3], [6]])
    trace = Network(architecture, parameters, XOR_X).trace(CrossEntropy(), [[0], [1], [1], [0]])
    np.testing.assert_allclose(trace.a[2][:, 0], [0.01118422, 0.99493572, 0.99493572, 0.02438853], atol=5e-9)
    hidden = [[3.3535e-4, 0.952574], [0.0474259, 0.0179862], [0.0474259, 0.0179862], [0.880797, 1.6701e-5]]
    np.testing.assert_allclose(trace.a[1], hidden, rtol=3e-5)


def test_stacked_linear_layers_collapse_to_one():
    deep = Architecture((3, 5, 4, 2), (Linear(),) * 3)
    parameters = RNG.normal(size=deep.n_parameters)
    W, b = deep.weights(parameters), deep.biases(parameters)
    collapsed = X @ (W[0] @ W[1] @ W[2]) + ((b[0] @ W[1] + b[1]) @ W[2] + b[2])
    np.testing.assert_allclose(predict(deep, parameters, X), collapsed, rtol=1e-12, atol=1e-12)


def test_forward_and_backward_are_the_formulas():
    trace = Network(MIXED, PARAMETERS[0], X).trace(HalfSquaredError("sum"), Y)
    a1 = np.tanh(X @ trace.W[0] + trace.b[0])
    a2 = 1 / (1 + np.exp(-(a1 @ trace.W[1] + trace.b[1])))
    dz2 = (a2 - Y) * a2 * (1 - a2)
    dz1 = dz2 @ trace.W[1].T * (1 - a1**2)
    pairs = [
        *((trace.a[0], X), (trace.a[1], a1), (trace.a[2], a2)),
        *((trace.dz[1], dz2), (trace.dz[0], dz1), (trace.da[0], dz1 @ trace.W[0].T)),
        *((trace.dW[1], a1.T @ dz2), (trace.dW[0], X.T @ dz1)),
        *((trace.db[1], dz2.sum(axis=0)), (trace.db[0], dz1.sum(axis=0))),
    ]
    for ours, expected in pairs:
        np.testing.assert_allclose(ours, expected, rtol=1e-12, atol=1e-14)


def test_a_stack_is_the_loop_over_its_runs():
    stacked = Network(MIXED, PARAMETERS, X).trace(SquaredError(), Y)
    for run, parameters in enumerate(PARAMETERS):
        single = Network(MIXED, parameters, X).trace(SquaredError(), Y)
        for name in ("z", "a", "da", "dz", "slope", "W", "b", "dW", "db"):
            for ours, expected in zip(getattr(stacked, name), getattr(single, name), strict=True):
                np.testing.assert_allclose(ours[run], expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(predict(MIXED, PARAMETERS, X), stacked.a[-1], rtol=1e-14)


def test_every_run_may_have_its_own_data():
    own_X, own_Y = RNG.normal(size=(3, 5, 3)), RNG.normal(size=(3, 5, 2))
    stacked = Network(MIXED, PARAMETERS, own_X).trace(SquaredError(), own_Y)
    for run in range(3):
        single = Network(MIXED, PARAMETERS[run], own_X[run]).trace(SquaredError(), own_Y[run])
        np.testing.assert_allclose(stacked.dW[0][run], single.dW[0], rtol=1e-12, atol=1e-14)


def test_shapes_are_the_textbook_s():
    trace = Network(MIXED, PARAMETERS[0], X).trace(SquaredError(), Y)
    assert [a.shape for a in trace.a] == [(5, 3), (5, 4), (5, 2)]
    assert [z.shape for z in trace.z] == [dz.shape for dz in trace.dz] == [(5, 4), (5, 2)]
    assert [W.shape for W in trace.W] == [dW.shape for dW in trace.dW] == [(3, 4), (4, 2)]
    assert [b.shape for b in trace.b] == [db.shape for db in trace.db] == [(4,), (2,)]


def test_flat_parameters_come_apart_and_together():
    W, b = MIXED.weights(PARAMETERS[0]), MIXED.biases(PARAMETERS[0])
    np.testing.assert_array_equal(MIXED.pack(W, b), PARAMETERS[0])
    assert MIXED.n_parameters == (3 + 1) * 4 + (4 + 1) * 2
    assert MIXED.bias_mask().sum() == 4 + 2


def test_input_is_kept_and_what_leaves_cannot_be_changed():
    parameters, inputs, targets = PARAMETERS.copy(), X.copy(), Y.copy()
    trace = Network(MIXED, parameters, inputs).trace(SquaredError(), targets)
    np.testing.assert_array_equal(parameters, PARAMETERS)
    np.testing.assert_array_equal(inputs, X)
    np.testing.assert_array_equal(targets, Y)
    for arrays in (trace.z, trace.a, trace.dW, trace.db):
        with pytest.raises(ValueError, match="read-only"):
            arrays[0][...] = 0


def test_overflow_shows_in_the_numbers():
    architecture = Architecture((1, 1, 1), (ReLU(), ReLU()))
    trace = Network(architecture, [1e200, 0, 1e200, 0], [[1.0]]).trace(SquaredError(), [[0.0]])
    assert trace.a[-1].item() == math.inf


@pytest.mark.parametrize(
    ("call", "code", "value"),
    [
        (lambda: Architecture((2,), ()), "out_of_range", 0),
        (lambda: Architecture((2, 0), (Tanh(),)), "out_of_range", 0),
        (lambda: Architecture((2, 2000), (Tanh(),)), "out_of_range", 2000),
        (lambda: Architecture((2, 1.5), (Tanh(),)), "not_a_number", 1.5),
        (lambda: Architecture((2, 2, 1), (Tanh(),)), "wrong_shape", (1,)),
        (lambda: MIXED.pack([np.zeros((3, 4)), np.zeros((4, 3))], [np.zeros(4), np.zeros(2)]), "wrong_shape", (4, 3)),
        (lambda: Network(MIXED, np.zeros(7), X), "wrong_shape", (7,)),
        (lambda: Network(MIXED, PARAMETERS, X[:, :2]), "wrong_shape", (5, 2)),
        (lambda: Network(MIXED, PARAMETERS, np.full((5, 3), np.inf)), "not_finite", np.inf),
        (lambda: Network(MIXED, PARAMETERS, np.zeros((0, 3))), "out_of_range", 0),
        (lambda: Network(MIXED, np.zeros((9000, 26)), np.zeros((1000, 3))), "out_of_range", None),
        (lambda: Network(MIXED, "W", X), "not_a_number", "W"),
        (lambda: Network(MIXED, PARAMETERS[0], X).trace(SquaredError(), Y[:4]), "wrong_shape", (4, 2)),
    ],
)
def test_bad_input_is_refused_by_name(call, code, value):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.code == code
    assert value is None or caught.value.value == value
