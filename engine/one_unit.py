"""One sigmoid unit with two inputs, trained on several gates from the same starts: the gate alone makes the difference.

All runs, gates times starts, are one stack.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

import numpy as np

from engine import errors
from engine.activations import Sigmoid
from engine.arrays import seal
from engine.decision import network_grid
from engine.gates import POINTS, gate
from engine.losses import CrossEntropy, HalfSquaredError, Loss, SquaredError
from engine.network import Architecture, Network, predict
from engine.separability import BOX, separability
from engine.training import gradient_descent

UNIT = Architecture((2, 1), (Sigmoid(),))
MAX_STARTS, MAX_START, MAX_RATE = 500, 10.0, 10.0
MAX_WORK = 1_000_000  # runs x updates
KEPT = 201  # losses of a curve
TIE = 0.01  # an output this near to 1/2 is no answer
SURE, STUCK = 0.25, 0.01  # an output this far from 1/2 is sure; a gradient this small moves nothing
ROUNDING = 1e-9  # at its floor a loss still rises by 1e-17 now and then
MAX_INPUTS = 3  # of the gates that are counted

# code -> (the loss that is differentiated, the loss that is written down)
LOSSES: Mapping[str, tuple[Loss, Loss]] = MappingProxyType(
    {
        "cross_entropy": (CrossEntropy(), CrossEntropy()),
        "squared_error": (SquaredError(), SquaredError()),
        "half_squared_error": (HalfSquaredError("sum"), SquaredError()),  # lecture note 003
    }
)


@dataclass(frozen=True)
class UnitTraining:
    """Plain full-batch gradient descent of one sigmoid unit on each gate from each start.

        a = sigmoid(w1 x1 + w2 x2 + b) ;  theta <- theta - learning_rate * dL/dtheta

    Args:
        gates: codes of engine.gates, 1 to 16.
        starts: (w1, w2, b) each, within +-10; 1 to 500 of them.
        loss: a key of LOSSES.
        learning_rate: 0 to 10; with more, cross-entropy can lose an output to rounding, and with it the gradient.
        n_updates: 0 to 100,000; gates x starts x updates at most 1,000,000.
    Raises: InputError: unknown_name, out_of_range, wrong_shape, not_finite, not_a_number.
    """

    gates: tuple[str, ...]
    starts: tuple[tuple[float, float, float], ...]
    loss: str
    learning_rate: float
    n_updates: int

    def __post_init__(self):
        errors.whole("number of gates", len(self.gates), 1, 16)
        for code in self.gates:
            gate(code)
        errors.whole("number of starts", len(self.starts), 1, MAX_STARTS)
        starts = errors.numbers("starts", self.starts, -MAX_START, MAX_START)
        errors.shape("starts", starts, (len(self.starts), UNIT.n_parameters))
        errors.one_of("loss", self.loss, LOSSES)
        errors.number("learning_rate", self.learning_rate, 0.0, MAX_RATE)
        errors.whole("n_updates", self.n_updates, 0, 100_000)
        errors.whole("runs x updates", self.runs * self.n_updates, 0, MAX_WORK)

    @property
    def runs(self) -> int:
        return len(self.gates) * len(self.starts)

    @property
    def reported(self) -> Loss:
        """The loss that is written down."""
        return LOSSES[self.loss][1]


@dataclass(frozen=True, eq=False)
class UnitHistory:
    """What the training left behind; read-only, (gates, starts, ...) in the order of the config.

    Attributes:
        updates: after which a loss is kept, increasing: those of `milestones`, and enough for a curve.
        losses: the reported loss there, (gates, starts, len(updates)).
        start, first, parameters: (w1, w2, b) before the training, after its first update and after its last.
        start_gradient, gradient: of the differentiated loss by (w1, w2, b), before the first update and after the last.
        outputs: after the last update, for the corners 00, 01, 10, 11.
        entries: what each corner adds to the reported loss, before the mean.
        deltas: dL/dz of each corner; the gradient by b is their sum, by w1 and w2 those of the corners with a 1 there.
        right, wrong: corners answered on the right and on the wrong side of 1/2; the others are within TIE of it.
        saturated: every output is beyond 1/4 of 1/2, and the gradient below 0.01: sure, right or wrong, and stuck.
        rises: how many updates made the loss larger: the learning rate is too large for this start.
    """

    updates: np.ndarray
    losses: np.ndarray
    start: np.ndarray
    first: np.ndarray
    parameters: np.ndarray
    start_gradient: np.ndarray
    gradient: np.ndarray
    outputs: np.ndarray
    entries: np.ndarray
    deltas: np.ndarray
    right: np.ndarray
    wrong: np.ndarray
    saturated: np.ndarray
    rises: np.ndarray


def train(config: UnitTraining) -> UnitHistory:
    """Train the unit on every gate from every start, as one stack.

    Convention: an output within 0.01 of 1/2 is neither right nor wrong. At the floor of XOR rounding alone decides on
        which side of 1/2 it falls, and an accuracy of it would be a toss-up.
    """
    n_starts, loss = len(config.starts), LOSSES[config.loss][0]
    targets = np.stack([gate(code).target for code in config.gates])
    Y = np.repeat(targets, n_starts, axis=0)[..., None]  # (runs, 4, 1)
    start = np.tile(np.array(config.starts, float), (len(config.gates), 1))
    if config.runs == 1:  # a single run has no axis of its own
        Y, start = Y[0], start[0]

    def after(n_updates: int):
        return gradient_descent(UNIT, start, POINTS, Y, loss, config.learning_rate, n_updates, reported=config.reported)

    history, first = after(config.n_updates), after(min(config.n_updates, 1)).parameters
    before, end = (Network(UNIT, at, POINTS).trace(loss, Y) for at in (start, history.parameters))
    updates, gradient = _kept(config.n_updates), _gradient(end)
    side = (2 * Y - 1) * (end.a[-1] - 0.5)  # above 0: the right side

    def shown(array: np.ndarray) -> np.ndarray:
        return seal(np.array(array).reshape(len(config.gates), n_starts, -1))

    return UnitHistory(
        updates=seal(updates),
        losses=shown(history.losses[..., updates]),
        start=shown(start),
        first=shown(first),
        parameters=shown(history.parameters),
        start_gradient=shown(_gradient(before)),
        gradient=shown(gradient),
        outputs=shown(end.a[-1]),
        entries=shown(config.reported.entry(end.a[-1], Y)),
        deltas=shown(end.dz[-1]),
        right=seal(shown(side > TIE).sum(axis=-1)),
        wrong=seal(shown(side < -TIE).sum(axis=-1)),
        saturated=seal(
            shown((np.abs(side) > SURE).all(axis=-2) & (np.abs(gradient) < STUCK).all(axis=-1, keepdims=True))[..., 0]
        ),
        rises=seal(shown(np.diff(history.losses) > ROUNDING).sum(axis=-1)),
    )


def _gradient(trace) -> np.ndarray:
    """(..., w1 w2 b)."""
    return np.concatenate([trace.dW[0][..., 0], trace.db[0]], axis=-1)


def _kept(n_updates: int) -> np.ndarray:
    curve = np.linspace(0, n_updates, min(n_updates + 1, KEPT)).round().astype(int)
    return np.union1d(curve, milestones(n_updates))


def milestones(n_updates: int) -> tuple[int, ...]:
    """The updates that a table of a training shows: 0, the first, each tenth of the way (rounded)."""
    tenths = np.linspace(0, n_updates, 11).round().astype(int)
    return tuple(np.union1d(tenths, min(n_updates, 1)).tolist())


def random_starts(n_starts: int, seed: int) -> tuple[tuple[float, float, float], ...]:
    """Weights from N(0, 1), biases 0.

    Args:   n_starts: 1 to 500. seed: 0 to 2^32 - 1.
    Raises: InputError: out_of_range, not_a_number.
    """
    n_starts = errors.whole("number of starts", n_starts, 1, MAX_STARTS)
    rng = np.random.default_rng(errors.whole("seed", seed, 0, 2**32 - 1))
    return tuple((w1, w2, 0.0) for w1, w2 in rng.normal(size=(n_starts, 2)).tolist())


def floor(code: str, loss: str) -> float:
    """What the reported loss of one sigmoid unit on a gate cannot go below.

        linearly separable: 0, approached as the weights grow without end ;  XOR, XNOR: the loss of the constant 1/2

    Args:   code: a gate of engine.gates. loss: a key of LOSSES.
    Raises: InputError: unknown_name.
    Convention: for the cross-entropy, which is convex in (w1, w2, b), the constant 1/2 is XOR's minimum, because its
        gradient vanishes there: (1/2, -1/2, -1/2, 1/2) sums to 0 over all corners and over those with x1 = 1 or x2 = 1.
        The squared error of a unit with three corners sure and right and one sure and wrong tends to 1/4 as well.
    """
    target = gate(code).target[:, None]
    reported = LOSSES[errors.one_of("loss", loss, LOSSES)][1]
    if separability(POINTS, target[:, 0]).separable:
        return 0.0
    return float(reported.value(np.full_like(target, 0.5), target))


def output_field(parameters, low: float, high: float, side: int) -> np.ndarray:
    """What units answer on a grid over the square [low, high] x [low, high].

    Args:    parameters: (w1, w2, b), shape (..., 3). side: points along either axis, 2 to 400.
    Returns: float32, (..., side, side), the top row first; see engine.decision.
    Raises:  InputError: not_finite, wrong_shape, out_of_range.
    """
    return network_grid(UNIT, parameters, low, high, side)


def output_of_bias_alone(code: str) -> float:
    """Where the output of a unit settles that sees no input: cross-entropy on a gate's four targets, x1 = x2 = 0.

        dL/db = a - mean(y), which is 0 at the mean of the targets

    Args:   code: a gate of engine.gates with both outputs.
    Raises: InputError: unknown_name.
    """
    blind, Y = np.zeros_like(POINTS), gate(code).target[:, None]
    history = gradient_descent(UNIT, np.zeros(3), blind, Y, CrossEntropy(), 4.0, 500)
    return float(predict(UNIT, history.parameters, blind)[0, 0])


def count_separable(n_inputs: int) -> tuple[int, int]:
    """How many gates of so many inputs are linearly separable, and how many gates there are.

    Every line in whole numbers within +-3 is tried: for up to three inputs they part all that can be parted.

    Args:    n_inputs: 1 to 3.
    Returns: (separable gates, 2^(2^n) gates).
    Raises:  InputError: out_of_range, not_a_number.
    Source:  4, 14 and 104: Muroga (1971), "Threshold Logic and its Applications".
    """
    n_inputs = errors.whole("number of inputs", n_inputs, 1, MAX_INPUTS)
    corners = np.array([(*corner, 1) for corner in product((0, 1), repeat=n_inputs)])
    box = np.array(list(product(range(-BOX, BOX + 1), repeat=n_inputs + 1)))
    answers = box @ corners.T > 0  # the step unit's rule: on the line it answers 0
    return len(np.unique(answers, axis=0)), 2 ** len(corners)
