"""What a network and its units answer at every point of a square, frame by frame: the picture of a training.

The one place that computes in float32: a screen shows 256 levels, and half the numbers take half the time.
"""

from functools import partial

import numpy as np

from engine import errors
from engine.activations import Sigmoid
from engine.architecture import Architecture
from engine.arrays import seal
from engine.experiment import Experiment
from engine.folding import folded
from engine.losses import Loss
from engine.preparation import Standardizer
from engine.training_config import TrainingConfig

MAX_SIDE = 400
MAX_WORK = 2e10  # frames x points x multiplications a point
MAX_NUMBERS = 50_000_000  # of the pictures, 4 bytes each
SPAN = 2048  # points at once: the buffers of a layer stay in the processor's fastest memory


def decision_grid(
    config: TrainingConfig,
    parameters,
    statistics=None,
    *,
    x_range: tuple[float, float] = (-1.0, 1.0),
    y_range: tuple[float, float] = (-1.0, 1.0),
    side: int = 100,
    standardizer: Standardizer | None = None,
) -> np.ndarray:
    """A network's answers on a grid over its two features, for each of its snapshots.

    Args:
        config: of the training; two features.
        parameters: (…, n_parameters), such as TrainingHistory.snapshots of one run.
        statistics: (…, 2 * n_normalized), such as TrainingHistory.snapshot_statistics; needed for batch normalization.
        x_range, y_range: (low, high) of the first and the second feature, before standardization.
        side: points along either axis, 2 to 400.
        standardizer: TrainingHistory.standardizer.
    Returns: float32, (…, side, side), read-only. The first axis is the second feature, from high to low, as rows of a
        picture; the second axis is the first feature, from low to high. One output: its value, the probability where
        the loss takes logits. Several: the number of the class with the largest.
    Raises: InputError: a network without two features, values out of range, too many frames.
    """
    of = config.architecture
    errors.whole("n_features", of.sizes[0], 2, 2)
    side = errors.whole("side", side, 2, MAX_SIDE)
    parameters = errors.shape("parameters", errors.finite("parameters", parameters), (of.n_parameters,))
    lead = parameters.shape[:-1]
    frames = int(np.prod(lead, dtype=int))
    errors.number("frames x points x parameters", frames * side**2 * of.n_parameters, 0, MAX_WORK)
    errors.number("numbers in the pictures", frames * side**2, 0, MAX_NUMBERS)
    points = grid_points(x_range, y_range, side)
    if standardizer is not None:
        points = standardizer.apply(points)
    return seal(paint(config, parameters, statistics, points)[-1].reshape((*lead, side, side)))


def network_grid(of: Experiment | Architecture, parameters, low: float, high: float, side: int = 100) -> np.ndarray:
    """What a network of this shape answers over the square [low, high] x [low, high].

    Args:    parameters: (…, n_parameters). side: points along either axis, 2 to 400.
    Returns: float32, (…, side, side), as `decision_grid`.
    Raises:  InputError: as `decision_grid`.
    """
    config = TrainingConfig(sizes=of.sizes, activations=of.activations, epochs=0)
    return decision_grid(config, parameters, x_range=(low, high), y_range=(low, high), side=side)


def grid_points(x_range: tuple[float, float], y_range: tuple[float, float], side: int) -> np.ndarray:
    """The points of the grid row by row, the top row first, (side * side, 2).

    Raises: InputError: not_a_number, not_finite, out_of_range: a range whose low end is not below its high one.
    """
    for name, ends in (("x_range", x_range), ("y_range", y_range)):
        low, high = errors.shape(name, errors.finite(name, ends), (2,))
        if not low < high:
            allowed = errors.interval(low, open_low=True)
            raise errors.InputError("out_of_range", f"{name}[1]", float(high), allowed)
    x, y = np.linspace(*x_range, side), np.linspace(*y_range, side)[::-1]
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def _blocks(config: TrainingConfig, parameters: np.ndarray, statistics) -> list[np.ndarray]:
    """[W; b] of each layer, transposed, (frames, fan_out, fan_in + 1)."""
    blocks = []
    for W, b in folded(config.architecture, parameters, statistics):
        block = np.concatenate([W, b[..., None, :]], axis=-2).swapaxes(-1, -2)
        blocks.append(block.astype(np.float32, order="C").reshape(-1, *block.shape[-2:]))
    return blocks


def paint(config: TrainingConfig, parameters: np.ndarray, statistics, points: np.ndarray, units=False) -> list:
    """The activations of the hidden units, layer by layer, and last the answer, at each point and in each frame.

    Args:    parameters: (…, n_parameters), finite. statistics: as in `decision_grid`. points: (n, n_features), as the
             network is given them. units: False leaves the hidden layers out.
    Returns: float32 arrays, (frames, units, n) of each hidden layer, then (frames, n): the answer of `decision_grid`.
    Convention: span by span of the points, each with all frames while its buffers are at hand.
    """
    with np.errstate(all="ignore"):  # weights too large for float32 paint nan
        return _paint(config, _blocks(config, parameters, statistics), points, units)


def _paint(config: TrainingConfig, blocks: list[np.ndarray], points: np.ndarray, units: bool) -> list[np.ndarray]:
    n, frames, sizes = len(points), len(blocks[0]), config.sizes
    hidden = [np.empty((frames, size, n), dtype=np.float32) for size in sizes[1:-1]] if units else []
    answers = np.empty((frames, n), dtype=np.float32)
    for start in range(0, n, SPAN):
        here = slice(start, start + SPAN)
        with_one = [np.ones((size + 1, len(points[here])), dtype=np.float32) for size in sizes]
        with_one[0][:-1] = points[here].T
        z = [np.empty(a[:-1].shape, dtype=np.float32) for a in with_one[1:]]
        calls = [partial(f.apply, z[k], with_one[k + 1][:-1]) for k, f in enumerate(config.activations)]
        for frame in range(frames):
            for layer, activate in enumerate(calls):
                np.dot(blocks[layer][frame], with_one[layer], out=z[layer])
                activate()
            for kept, a in zip(hidden, with_one[1:-1], strict=False):
                kept[frame, :, here] = a[:-1]
            _answer(with_one[-1][:-1], config.loss, answers[frame, here])
    return [*hidden, answers]


def _answer(outputs: np.ndarray, loss: Loss, out: np.ndarray) -> None:
    """From the outputs (n_outputs, points) to the one number that is painted."""
    if len(outputs) > 1:
        out[...] = outputs.argmax(axis=0)
    elif loss.takes_logits:
        Sigmoid().apply(outputs[0], out)
    else:
        out[...] = outputs[0]
