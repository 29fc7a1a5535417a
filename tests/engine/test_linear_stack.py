"""A stack of layers is one layer, until a function bends it: note 002's claim, with numbers."""

from dataclasses import replace

import numpy as np
import pytest

from engine.activations import ACTIVATIONS, activation
from engine.errors import InputError
from engine.export_linear_stack import stack_script
from engine.gate_network import NOTE_001, evaluate
from engine.gates import POINTS
from engine.linear_stack import (
    HIGH,
    LOW,
    SIDE,
    Stack,
    StackConfig,
    collapse,
    distance_from_affine,
    forward,
    multiplied_out,
    random_stack,
    study,
)
from engine.network import Architecture, predict
from tests.engine.printed import printed

NOTE = Stack(*NOTE_001.layers)
SHAPES = [(depth, width) for depth in range(1, 7) for width in range(1, 5)]
each_shape = pytest.mark.parametrize(("depth", "width"), SHAPES)


# One layer


def test_worked_by_hand():
    """z = -2 (3 (2x + 1) - 4) + 5 = -12x + 7."""
    W, b = collapse([[[2.0]], [[3.0]], [[-2.0]]], [[1.0], [-4.0], [5.0]])
    assert (W.tolist(), b.tolist()) == ([[-12.0]], [7.0])


def test_two_layers_as_the_note_writes_them():
    """W2 (W1 x + b1) + b2 with columns is (x W1^T + b1) W2^T + b2 with rows."""
    rng = np.random.default_rng(0)
    W1, b1, W2, b2, x = (rng.normal(size=shape) for shape in ((3, 2), 3, (4, 3), 4, 2))
    W, b = collapse([W1.T, W2.T], [b1, b2])
    assert x @ W + b == pytest.approx(W2 @ (W1 @ x + b1) + b2, rel=1e-13)
    assert pytest.approx(W2 @ W1, rel=1e-13) == W.T


def test_note_001_without_its_sigmoids():
    W, b = collapse(NOTE.weights, NOTE.biases)
    assert (W.ravel().tolist(), b.tolist()) == ([22.0, 22.0], [61.0])


@each_shape
def test_a_stack_equals_its_one_layer(depth, width):
    for seed in range(20):
        result = study(StackConfig(random_stack(depth, width, seed)))
        size = max(1.0, np.abs(result.stack).max())
        assert result.largest_difference <= 1e-13 * size
        assert (result.difference == result.stack - result.one_layer).all()
        W = np.linalg.multi_dot(result.weights) if depth > 1 else result.weights[0]
        assert pytest.approx(W, rel=1e-10, abs=1e-12) == result.products[-1]
        assert result.straight_bend <= 1e-11 * size


def test_stacks_of_stacks():
    """Leading axes: each run is multiplied out as if it were alone."""
    rng = np.random.default_rng(1)
    weights, biases = (
        [rng.normal(size=(5, 2, 3)), rng.normal(size=(5, 3, 4))],
        [rng.normal(size=(5, n)) for n in (3, 4)],
    )
    W, b = collapse(weights, biases)
    outputs = forward(weights, biases, POINTS, "tanh", 0.3)
    for run in range(5):
        alone = [W[run] for W in weights], [b[run] for b in biases]
        one = collapse(*alone)
        assert W[run] == pytest.approx(one[0], rel=1e-13)
        assert b[run] == pytest.approx(one[1], rel=1e-13)
        assert outputs[run] == pytest.approx(forward(*alone, POINTS, "tanh", 0.3), rel=1e-13)


def test_every_partial_product():
    stack = random_stack(4, 3, 5)
    products, offsets = multiplied_out(stack.weights, stack.biases)
    for n in range(4):
        straight = forward(stack.weights[: n + 1], stack.biases[: n + 1], POINTS, amount=0.0)
        assert pytest.approx(straight, rel=1e-12, abs=1e-12) == POINTS @ products[n] + offsets[n]


@each_shape
def test_the_counts(depth, width):
    result = study(StackConfig(random_stack(depth, width, 0)))
    expected = 3 if depth == 1 else 3 * width + (depth - 2) * (width + 1) * width + width + 1
    assert (result.n_parameters, result.n_needed) == (expected, 3)
    assert result.rank == (2 if depth == 1 else min(width, 2))


# With an activation function


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_the_outputs_are_the_dense_networks(kind):
    stack = random_stack(4, 3, 7)
    f = activation(kind)
    architecture = Architecture(stack.sizes, (f, f, f, activation("linear")))
    expected = predict(architecture, architecture.pack(stack.weights, stack.biases), POINTS)[:, 0]
    assert study(StackConfig(stack, kind)).bent == pytest.approx(expected, rel=1e-12, abs=1e-13)


def test_note_001_with_its_sigmoids():
    assert study(StackConfig(NOTE, "sigmoid")).bent == pytest.approx(evaluate(NOTE_001).z, rel=1e-14)


@pytest.mark.parametrize("kind", [kind for kind in ACTIVATIONS if kind != "linear"])
def test_every_other_function_bends(kind):
    assert study(StackConfig(random_stack(3, 3, 37), kind)).bend > 0.1


@pytest.mark.parametrize(("kind", "amount"), [("linear", 1.0), ("linear", 0.5), ("tanh", 0.0), ("step", 0.0)])
def test_nothing_to_bend(kind, amount):
    result = study(StackConfig(random_stack(3, 3, 37), kind, amount))
    assert result.bend < 1e-13
    assert result.bent == pytest.approx(result.stack, rel=1e-13)
    assert len(result.bent_boundary) == len(result.straight_boundary) > 0


def test_a_part_of_a_function():
    """2-1-1 by hand: z = 3 ((1 - t) u + t tanh u) - 1 with u = x1 - x2 + 0.5."""
    stack = Stack((((1.0,), (-1.0,)), ((3.0,),)), ((0.5,), (-1.0,)))
    for t in (0.0, 0.25, 1.0):
        u = POINTS[:, 0] - POINTS[:, 1] + 0.5
        assert study(StackConfig(stack, "tanh", t)).bent == pytest.approx(3 * ((1 - t) * u + t * np.tanh(u)) - 1)


def test_the_bend_grows_with_the_function():
    bends = [study(StackConfig(random_stack(3, 3, 37), "tanh", t)).bend for t in np.linspace(0, 1, 6)]
    assert bends == sorted(bends)


def test_one_unit_a_layer_leaves_parallel_lines():
    result = study(StackConfig(random_stack(3, 1, 2), "tanh"))
    assert len(result.bent_boundary)
    along = result.bent_boundary[:, 1] - result.bent_boundary[:, 0]
    direction = result.weights[0][:, 0] / np.linalg.norm(result.weights[0])
    assert np.abs(along @ direction).max() < 1e-3


def test_fields_and_boundaries():
    config = StackConfig(random_stack(3, 3, 37))
    result = study(config)
    at = np.linspace(LOW, HIGH, SIDE)
    for row, column in ((0, 0), (0, -1), (-1, 0), (33, 50)):
        z = forward(config.stack.weights, config.stack.biases, [(at[column], at[::-1][row])], "tanh")[0, 0]
        assert result.bent_field[row, column] == pytest.approx(1 / (1 + np.exp(-z)), rel=1e-12)
    for boundary, amount in ((result.straight_boundary, 0.0), (result.bent_boundary, 1.0)):
        z = forward(config.stack.weights, config.stack.biases, boundary.reshape(-1, 2), "tanh", amount)
        assert np.abs(z).max() < 0.05
    ends = result.straight_boundary.reshape(-1, 2)
    assert ends @ result.products[-1][:, 0] + result.offsets[-1] == pytest.approx(np.zeros(len(ends)), abs=1e-12)


def test_the_distance_from_an_affine_map():
    """x^2 at -1, 0, 1: the best line is the mean 2/3, and the middle is 2/3 away from it."""
    assert distance_from_affine([[-1], [0], [1]], [1, 0, 1]) == pytest.approx(2 / 3)
    assert distance_from_affine(POINTS, [0, 1, 1, 0]) == pytest.approx(0.5)
    assert distance_from_affine(POINTS, [1, 3, 4, 6]) < 1e-14


# The draw


def test_a_draw_is_its_seeds():
    assert random_stack(3, 3, 1) == random_stack(3, 3, 1) != random_stack(3, 3, 2)
    assert random_stack(3, 4, 0).sizes == (2, 4, 4, 1)


def test_drawn_numbers_can_be_copied_by_hand():
    stack = random_stack(6, 4, 3)
    flat = [value for W in stack.weights for row in W for value in row] + [value for b in stack.biases for value in b]
    assert all(round(value, 2) == value for value in flat)
    assert len(flat) == 12 + 4 * 20 + 5


def test_the_spread_of_a_draw():
    stacks = [random_stack(3, 4, seed) for seed in range(400)]
    hidden = np.array([stack.weights[1] for stack in stacks])
    assert hidden.std() == pytest.approx(2.5 / 2, rel=0.05)
    assert np.array([stack.biases[0] for stack in stacks]).std() == pytest.approx(0.5, rel=0.05)


def test_results_are_read_only():
    result = study(StackConfig(random_stack(2, 2, 0)))
    arrays = [*result.weights, *result.products, *result.offsets, result.stack, result.bent_field, result.bent_boundary]
    assert not any(array.flags.writeable for array in arrays)


# The script


@pytest.mark.parametrize(
    "config",
    [
        StackConfig(random_stack(3, 3, 37)),
        StackConfig(random_stack(1, 1, 0)),
        StackConfig(random_stack(6, 4, 1), "gelu", 0.4),
        StackConfig(random_stack(2, 2, 1), "step", 0.0),
        StackConfig(NOTE, "sigmoid"),
    ],
    ids=range(5),
)
def test_the_script_prints_the_numbers(config):
    result, lines = study(config), [line.split() for line in printed(stack_script(config))]
    assert list(map(float, lines[0][1:])) == pytest.approx(result.products[-1][:, 0], rel=1e-12)
    assert float(lines[1][1]) == pytest.approx(result.offsets[-1][0], rel=1e-12)
    for row, line in enumerate(lines[2:6]):
        assert line[1] == "".join(str(int(x)) for x in POINTS[row])
        shown = [float(line[3]), float(line[6]), float(line[9])]
        expected = [result.stack[row], result.one_layer[row], result.bent[row]]
        assert shown == pytest.approx(expected, rel=1e-11, abs=1e-12)
    assert float(lines[6][-1]) <= 1e-11
    assert float(lines[7][-1]) == pytest.approx(result.bend, rel=1e-9, abs=1e-9)


# Bad input


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: random_stack(0, 1, 0), "out_of_range"),
        (lambda: random_stack(7, 1, 0), "out_of_range"),
        (lambda: random_stack(2, 5, 0), "out_of_range"),
        (lambda: random_stack(2, 2, -1), "out_of_range"),
        (lambda: random_stack(2, 2.5, 0), "not_a_number"),
        (lambda: Stack((((1.0,), (2.0,)),), ()), "wrong_shape"),
        (lambda: Stack((((1.0,), (2.0,)),), ((1.0, 2.0),)), "wrong_shape"),
        (lambda: Stack((((1.0,),),), ((1.0,),)), "wrong_shape"),
        (lambda: Stack((((1.0, 1.0), (2.0, 1.0)),), ((1.0, 0.0),)), "wrong_shape"),
        (lambda: Stack((), ()), "out_of_range"),
        (lambda: StackConfig(NOTE, "cosine"), "unknown_name"),
        (lambda: StackConfig(NOTE, "tanh", 1.5), "out_of_range"),
        (lambda: StackConfig(NOTE, "tanh", np.nan), "not_finite"),
        (lambda: collapse([np.ones((2, 3)), np.ones((2, 1))], [np.ones(3), np.ones(1)]), "wrong_shape"),
        (lambda: collapse([np.ones((2, 3))], [np.full(3, np.inf)]), "not_finite"),
        (lambda: forward([np.ones((2, 1))], [np.ones(1)], [[1.0, 2.0, 3.0]]), "wrong_shape"),
        (lambda: distance_from_affine(POINTS, [1.0, 2.0]), "wrong_shape"),
        (lambda: replace(StackConfig(NOTE), amount=-0.1), "out_of_range"),
    ],
)
def test_bad_input_is_refused(make, code):
    with pytest.raises(InputError) as caught:
        make()
    assert caught.value.code == code
