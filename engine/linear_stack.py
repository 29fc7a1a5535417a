"""A stack of layers without activation functions is one layer; with them it is not. Both, with every number."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine.activations import Sigmoid, activation
from engine.arrays import read_only, read_only_copies
from engine.contours import zero_contour
from engine.decision import grid_points
from engine.errors import InputError, finite, number, shape, whole
from engine.gates import POINTS

MAX_DEPTH, MAX_WIDTH = 6, 4
DECIMALS = 2  # of a drawn number
GAIN = 2.5  # spread of the weights: enough for an activation function to show
LOW, HIGH, SIDE = -1.5, 2.5, 81  # the square of the pictures, and points along either axis
SAMPLES = POINTS


@dataclass(frozen=True)
class Stack:
    """Layers of weights and biases as plain numbers; the first reads two inputs, the last gives one output.

    Args:
        weights: W of each layer, rows of (fan_in, fan_out). biases: b of each layer, (fan_out,).
    Raises: InputError: not_a_number, not_finite, wrong_shape; more than 6 layers or 4 units a layer.
    """

    weights: tuple[tuple[tuple[float, ...], ...], ...]
    biases: tuple[tuple[float, ...], ...]

    def __post_init__(self):
        weights, _ = _layers(self.weights, self.biases)
        whole("depth", len(weights), 1, MAX_DEPTH)
        for W in weights[:-1]:
            whole("width", W.shape[1], 1, MAX_WIDTH)
        shape("W", weights[0], (2, None))
        shape("W", weights[-1], (None, 1))

    @property
    def sizes(self) -> tuple[int, ...]:
        return (2, *map(len, self.biases))


@dataclass(frozen=True)
class StackConfig:
    """A stack, and how much of an activation function its hidden layers have.

        g(z) = (1 - amount) z + amount f(z)  in every hidden layer; the output layer has none

    Args: kind: name of f. amount: 0 (no activation function) to 1 (f itself).
    Raises: InputError: not_a_number, not_finite, out_of_range, unknown_name.
    """

    stack: Stack
    kind: str = "tanh"
    amount: float = 1.0

    def __post_init__(self):
        number("amount", self.amount, 0, 1)
        activation(self.kind)


@dataclass(frozen=True)
class StackResult:
    """A stack without and with its activation function; arrays are read-only.

    Attributes:
        weights, biases: of each layer, W (fan_in, fan_out) and b (fan_out,).
        products, offsets: of the first 1, 2, … depth layers multiplied out; the last is the one layer.
        n_parameters, n_needed: weights and biases of the stack, and of the one layer.
        rank: of the hidden layers multiplied out: the dimensions that are left of the plane before the last layer.
        stack, one_layer, bent: outputs at the inputs 00, 01, 10, 11 of the stack without activation functions, of the
            one layer, and of the stack with them, (4,). difference: stack - one_layer.
        straight_field, bent_field: sigmoid of the outputs over the square, for their colours: what an output unit with
            a sigmoid would answer; (SIDE, SIDE), the first axis from x2 high to low.
        straight_boundary, bent_boundary: segments where the output is 0, (n_segments, 2, 2).
        straight_bend, bend: largest distance of the outputs over the square from their best affine map.
    """

    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    products: tuple[np.ndarray, ...]
    offsets: tuple[np.ndarray, ...]
    n_parameters: int
    n_needed: int
    rank: int
    stack: np.ndarray
    one_layer: np.ndarray
    bent: np.ndarray
    difference: np.ndarray
    straight_field: np.ndarray
    bent_field: np.ndarray
    straight_boundary: np.ndarray
    bent_boundary: np.ndarray
    straight_bend: float
    bend: float

    @property
    def largest_difference(self) -> float:
        return float(np.abs(self.difference).max())


def study(config: StackConfig) -> StackResult:
    """Multiply a stack out, and look at it with and without its activation function."""
    weights, biases = _layers(config.stack.weights, config.stack.biases)
    products, offsets = multiplied_out(weights, biases)
    points = grid_points((LOW, HIGH), (LOW, HIGH), SIDE)

    def outputs(X, amount: float) -> np.ndarray:
        return forward(weights, biases, X, config.kind, amount)[:, 0]

    stack, one_layer = outputs(POINTS, 0.0), (POINTS @ products[-1] + offsets[-1])[:, 0]
    straight, bent = outputs(points, 0.0), outputs(points, config.amount)
    fields = [values.reshape(SIDE, SIDE) for values in (straight, bent)]
    arrays = (stack, one_layer, outputs(POINTS, config.amount), stack - one_layer, *map(Sigmoid().f, fields))
    return StackResult(
        *map(read_only_copies, (weights, biases, products, offsets)),
        sum(W.size + b.size for W, b in zip(weights, biases, strict=True)),
        products[-1].size + offsets[-1].size,
        int(np.linalg.matrix_rank(products[-2])) if len(products) > 1 else 2,
        *map(read_only, arrays),
        straight_boundary=zero_contour(fields[0], LOW, HIGH),
        bent_boundary=zero_contour(fields[1], LOW, HIGH),
        straight_bend=distance_from_affine(points, straight),
        bend=distance_from_affine(points, bent),
    )


def random_stack(depth: int, width: int, seed: int) -> Stack:
    """A stack with numbers of two decimals, so that they can be copied by hand.

        W ~ N(0, 2.5^2 / fan_in),  b ~ N(0, 1/4)

    Args: depth: layers of weights, 1 to 6. width: units of each hidden layer, 1 to 4. seed: 0 to 2^32 - 1.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    depth, width = whole("depth", depth, 1, MAX_DEPTH), whole("width", width, 1, MAX_WIDTH)
    rng = np.random.default_rng(whole("seed", seed, 0, 2**32 - 1))
    sizes = (2, *(width,) * (depth - 1), 1)
    weights, biases = [], []
    for fan_in, fan_out in pairwise(sizes):
        W = rng.normal(0.0, GAIN / np.sqrt(fan_in), (fan_in, fan_out)).round(DECIMALS) + 0.0  # + 0.0: no -0.0
        b = rng.normal(0.0, 0.5, fan_out).round(DECIMALS) + 0.0
        weights.append(tuple(map(tuple, W.tolist())))
        biases.append(tuple(b.tolist()))
    return Stack(tuple(weights), tuple(biases))


def collapse(weights: Sequence, biases: Sequence) -> tuple[np.ndarray, np.ndarray]:
    """The one layer that a stack of layers without activation functions is.

        W = W_1 W_2 … W_L ;  b = (… (b_1 W_2 + b_2) W_3 + …) W_L + b_L

    Args: weights: W of each layer, (…, fan_in, fan_out). biases: b of each layer, (…, fan_out).
    Returns: W (…, n_inputs, n_outputs), b (…, n_outputs).
    Raises: InputError: not_a_number, not_finite, wrong_shape.
    Source: lecture note 002, in column vectors: W2 (W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2).
    """
    products, offsets = multiplied_out(weights, biases)
    return products[-1], offsets[-1]


def multiplied_out(weights: Sequence, biases: Sequence) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The first 1, 2, … layers of a stack, each time as one layer; see `collapse`."""
    weights, biases = _layers(weights, biases)
    products, offsets = [weights[0]], [biases[0]]
    for W, b in zip(weights[1:], biases[1:], strict=True):
        products.append(products[-1] @ W)
        offsets.append((offsets[-1][..., None, :] @ W)[..., 0, :] + b)
    return products, offsets


def forward(weights: Sequence, biases: Sequence, X, kind: str = "linear", amount: float = 1.0) -> np.ndarray:
    """Outputs of a stack, layer by layer, with a part of an activation function in every hidden layer.

        a <- (1 - amount) z + amount f(z),  z = a @ W + b ;  the output layer gives z

    Args:
        weights, biases: as in `collapse`. X: (n, n_inputs). kind: name of f. amount: 0 to 1.
    Returns: (…, n, n_outputs).
    Raises: InputError: not_a_number, not_finite, wrong_shape, out_of_range, unknown_name.
    """
    weights, biases = _layers(weights, biases)
    f, amount = activation(kind).f, number("amount", amount, 0, 1)
    a = shape("X", finite("X", X), (None, weights[0].shape[-2]))
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
        z = a @ W + b[..., None, :]
        a = z if layer == len(weights) - 1 or amount == 0 else (1 - amount) * z + amount * f(z)
    return a


def distance_from_affine(X, values) -> float:
    """How far values are from any straight map of their points: 0 for a straight one.

        max_i |v_i - (x_i . w + b)|  with the (w, b) of least squares

    Args: X: points (n, n_features). values: (n,).
    Raises: InputError: not_a_number, not_finite, wrong_shape.
    """
    X = shape("X", finite("X", X), (None, None))
    values = finite("values", values)
    if values.shape != X.shape[:1]:
        raise InputError("wrong_shape", "values", values.shape, X.shape[:1])
    basis = np.hstack([X, np.ones((len(X), 1))])
    best = np.linalg.lstsq(basis, values, rcond=None)[0]
    return float(np.abs(values - basis @ best).max())


def _layers(weights: Sequence, biases: Sequence) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Checked weights and biases that fit each other."""
    weights, biases = [finite("W", W) for W in weights], [finite("b", b) for b in biases]
    whole("number of layers", len(weights), 1, 100)
    shape("biases", np.empty(len(biases)), (len(weights),))
    fan_in = None
    for W, b in zip(weights, biases, strict=True):
        fan_in = shape("W", W, (fan_in, None)).shape[-1]
        shape("b", b, (fan_in,))
    return weights, biases
