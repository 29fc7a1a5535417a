"""A training as pictures: what the network and each hidden unit answer over the plane, frame by frame.

A screen shows 256 levels, so that is all that is kept: a byte stands for low + (high - low) * byte / 255.
"""

from dataclasses import dataclass

import numpy as np

from engine.arrays import seal
from engine.cost import Cost, of_numbers
from engine.decision import grid_points, paint
from engine.errors import whole
from engine.features import features
from engine.history import TrainingHistory
from engine.lab import LabConfig

MAX_SIDE = 100
LEVELS = 255
LARGEST = float(np.finfo(np.float32).max)  # parameter that a picture can be painted of
OPERATIONS_A_UNIT = 10  # that an activation costs at a point, in float32


@dataclass(frozen=True, eq=False)
class Levels:
    """Pictures of one byte a point; read-only.

    Attributes:
        bytes: uint8; the last two axes are rows (x2, from high to low) and columns (x1, from low to high).
        low, high: what 0 and 255 stand for, one number a unit, (units,), or one for all, (). Values beyond them are
            painted as the nearest of both.
    """

    bytes: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True, eq=False)
class Film:
    """The frames of one run, up to the last one whose parameters are finite in float32, as pictures are; read-only.

    A run that early stopping has ended has frames up to its stop, and then one more: the network that is kept.

    Attributes:
        epochs: (frames,); of the kept network its own epoch, which the training had left behind.
        kept: whether the last frame is the network that early stopping kept.
        answer: bytes (frames, side, side): the network's answer; with more than two classes the number of the class
            that it is for, 0 to n_classes - 1, its byte being that number itself.
        units: of each hidden layer, bytes (frames, units, unit_side, unit_side): what the activation function of each
            unit gives in evaluation mode, before a batch normalization or a classic dropout that follows it.
        parameters: (frames, n_parameters). statistics: (frames, 2 * n_normalized).
        x_range, y_range: ends of the picture.
    """

    epochs: np.ndarray
    kept: bool
    answer: Levels
    units: tuple[Levels, ...]
    parameters: np.ndarray
    statistics: np.ndarray
    x_range: tuple[float, float]
    y_range: tuple[float, float]


def film(config: LabConfig, history: TrainingHistory, side: int = 40, unit_side: int = 20, run: int = 0) -> Film:
    """Paint the snapshots of one run.

    Args:   history: of `engine.lab.run(config)`. side, unit_side: points along either axis, 2 to 100. run: which one
            of a stack, from 0.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    side, unit_side = whole("side", side, 2, MAX_SIDE), whole("unit_side", unit_side, 2, MAX_SIDE)
    run = whole("run", run, 0, config.training.runs - 1)
    epochs, snapshots, statistics, kept = _frames(history, run)
    x_range, y_range = config.data.square

    def painted(side: int, units: bool) -> list[np.ndarray]:
        points = features(grid_points(x_range, y_range, side), config.data.features)
        if history.standardizer is not None:
            points = history.standardizer.apply(points)
        maps = paint(config.training, snapshots, statistics, points, units)
        return [one.reshape(*one.shape[:-1], side, side) for one in maps]

    (answer,), hidden = painted(side, False), painted(unit_side, True)[:-1]
    kinds = config.training.activations
    return Film(
        seal(epochs),
        kept,
        _answer_levels(config, answer),
        tuple(_unit_levels(maps, kind.range) for maps, kind in zip(hidden, kinds, strict=False)),
        seal(snapshots),
        seal(statistics),
        x_range,
        y_range,
    )


def input_pictures(config: LabConfig, side: int = 20) -> Levels:
    """What the network is fed at each point of the picture: one of each feature, (n_features, side, side).

    Args:   side: points along either axis, 2 to 100.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    Convention: as far to both sides of 0 as a feature comes; before standardization.
    """
    points = grid_points(*config.data.square, whole("side", side, 2, MAX_SIDE))
    maps = features(points, config.data.features).T.reshape(-1, side, side)
    size = np.abs(maps).max(axis=(1, 2))
    size = np.where(size > 0, size, 1.0)
    return levels(maps, -size, size)


def film_cost(config: LabConfig, side: int = 40, unit_side: int = 20) -> Cost:
    """Of `film`: every frame's network at every point of both grids, and the pictures themselves."""
    frames, of = len(config.training.snapshots), config.training.architecture
    points = side**2 + unit_side**2
    per_point = of.n_dense + OPERATIONS_A_UNIT * sum(of.sizes[1:])
    hidden = sum(of.sizes[1:-1])
    pictures = frames * (side**2 + hidden * unit_side**2)
    return of_numbers(frames * points * per_point + 10 * pictures, pictures + frames * of.n_parameters)


def levels(values: np.ndarray, low, high) -> Levels:
    """Values as bytes: round(255 (value - low) / (high - low)), at least 0 and at most 255; nan becomes 0.

    Args: values: (…, side, side). low, high: shapes of the axes before the last two that differ, or ().
    """
    low, high = np.asarray(low, float), np.asarray(high, float)
    with np.errstate(all="ignore"):  # beyond either end is painted as that end
        factor = np.asarray(LEVELS / (high - low), values.dtype)[..., None, None]
        shifted = (values - np.asarray(low, values.dtype)[..., None, None]) * factor
    return Levels(seal(np.nan_to_num(shifted.round()).clip(0, LEVELS).astype(np.uint8)), seal(low), seal(high))


def _frames(history: TrainingHistory, run: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, bool]:
    """Epochs, parameters and statistics of the frames of one run, and whether the last one is a kept network."""
    of_run = [array if array.ndim == 2 else array[run] for array in (history.snapshots, history.snapshot_statistics)]
    parts, stopped = [history.snapshot_epochs, *of_run], int(np.ravel(history.stopped_at)[run])
    if stopped >= 0:  # never more frames than snapshots: an index into either is one into both
        n = min(int(np.searchsorted(parts[0], stopped, side="right")), len(parts[0]) - 1)
        parts = [part[:n] for part in parts]
    n = finite_frames(*parts[1:])
    parts = [part[:n].copy() for part in parts]
    if stopped >= 0:
        flat = (history.parameters, history.statistics)
        own = [
            max(int(np.ravel(history.best_epoch)[run]), 0),
            *(part if part.ndim == 1 else part[run] for part in flat),
        ]
        parts = [np.concatenate([part, [one]]) for part, one in zip(parts, own, strict=True)]
    return *parts, stopped >= 0


def finite_frames(*arrays: np.ndarray) -> int:
    """How many frames there are before the first that is not finite in float32; at least the start."""
    bad = ~np.logical_and.reduce([(np.abs(array) <= LARGEST).all(axis=-1) for array in arrays])
    return max(int(bad.argmax()) if bad.any() else len(bad), 1)


def _answer_levels(config: LabConfig, answer: np.ndarray) -> Levels:
    """Between the targets of both classes; between the least and the greatest target of a regression."""
    if config.data.n_outputs > 1:
        return Levels(seal(answer.astype(np.uint8)), seal(np.array(0.0)), seal(np.array(float(LEVELS))))
    low, high = config.coding
    if config.data.plane.task == "regression":
        targets = config.data.plane.targets
        low, high = float(targets.min()), float(targets.max())
        high = high if high > low else low + 1.0
    return levels(answer, low, high)


def _unit_levels(maps: np.ndarray, reach: tuple[float, float]) -> Levels:
    """Over the range of the activation function where it has two ends, else as far to both sides of 0 as it comes."""
    if np.isfinite(reach).all():
        low, high = (np.full(maps.shape[1], end) for end in reach)
    else:
        size = np.nan_to_num(np.abs(maps).max(axis=(0, 2, 3)), nan=1.0, posinf=1.0).astype(float)
        high = np.where(size > 0, size, 1.0)
        low = -high
    return levels(maps, low, high)
