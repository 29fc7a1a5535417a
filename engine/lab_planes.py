"""Two pictures of one frame: the plane of the inputs, and the plane of a hidden layer in which the classes come apart.

Both hold the same samples in the same order, the network's answer as a field, and the border between two classes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from engine import errors
from engine.architecture import Architecture
from engine.arrays import seal
from engine.contours import zero_contour
from engine.decision import grid_points, paint
from engine.hidden_axes import Axes, principal_axes, readout_axes, unit_axes
from engine.lab_inside import Moment, border_of_z
from engine.perceptron import decision_line
from engine.training_config import TrainingConfig

SIDE = 64  # points of a field along either axis
PAD = 0.08  # of the extent of the activations, around them
AXES = ("units", "readout", "principal")

Range = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Plane:
    """One picture; read-only.

    Attributes:
        places: of the samples, (n, 2). x_range, y_range: of the picture, which holds them all.
        field: float32, (side, side), rows from the top: with one output 0 for class 0 (or the least target) to 1; with
            several the number of the class; None where the plane does not determine the answer.
        border: segments, (n_segments, 2 ends, 2), where a single output goes from one class to the other.
        axes: None for the inputs.
        lines: unit number from 0 -> segments, as `border`, where what its activation function is given is 0.
    """

    places: np.ndarray
    x_range: Range
    y_range: Range
    field: np.ndarray | None
    border: np.ndarray
    axes: Axes | None = None
    lines: Mapping[int, np.ndarray] = field(default_factory=dict)


def input_plane(of: Moment, points, layer: int = 0, units: Sequence[int] = (), side: int = SIDE) -> Plane:
    """Points (n, 2) where they lie, over what the network answers.

    Args:    layer, units: whose lines are drawn, where the layer is a hidden one (1 is the first).

    Raises: InputError: not_a_number, not_finite, wrong_shape, out_of_range.
    """
    points = errors.shape("points", errors.finite("points", points), (None, 2))
    x_range, y_range = _holding(of.config.data.square, points)
    grid = grid_points(x_range, y_range, side)
    answer = paint(of.config.training, of.parameters, of.statistics, of.fed(grid))[-1].reshape(side, side)
    switches = of.switches(grid, layer).T.reshape(-1, side, side) if layer else ()
    lines = {unit: _crossing(switches[unit], x_range, y_range) for unit in units}
    border = _border(of, answer, x_range, y_range)
    return Plane(seal(points.copy()), x_range, y_range, seal(_scaled(of, answer)), border, lines=lines)


def hidden_axes(of: Moment, layer: int, kind: str, units: tuple[int, int] = (0, 1)) -> Axes:
    """The directions in which the activations of hidden layer `layer` (1 is the first) are drawn.

    Args:    kind: one of `kinds`. units: which two, from 0, for the kind "units".
    Raises:  InputError: a layer, kind or unit that does not exist.
    Convention: measured on the training samples.
    """
    errors.whole("hidden layer", layer, 1, of.config.training.architecture.n_layers - 1)
    errors.one_of("axes", kind, kinds(of, layer))
    activations = of.activations(of.config.data.planes[0].X)[layer]
    if kind == "units":
        return unit_axes(activations, *units)
    if kind == "principal":
        return principal_axes(activations)
    W, b = _readout(of)
    return readout_axes(activations, W, b - border_of_z(of))


def kinds(of: Moment, layer: int) -> tuple[str, ...]:
    """The kinds of axes that make sense for a hidden layer, the most telling one first."""
    if of.config.training.sizes[layer] <= 2:
        return ("units",)
    last = layer == of.config.training.architecture.n_layers - 1
    readable = last and border_of_z(of) is not None and _readout(of)[0].any()
    return ("readout", "principal", "units") if readable else ("principal", "units")


def hidden_plane(of: Moment, layer: int, axes: Axes, kind: str, points, side: int = SIDE) -> Plane:
    """Points (n, 2) where the hidden layer puts them; the rest of the network is the field over it.

    Raises: InputError: as `hidden_axes` and `input_plane`.
    """
    activations = of.activations(points)[layer]
    places = axes.place(activations)
    x_range, y_range = _ranges(of, layer, kind, axes, places)
    ground, border = None, np.empty((0, 2, 2))
    if axes.exact or kind == "readout":
        inside = axes.lift(grid_points(x_range, y_range, side))
        answer = paint(_tail(of, layer), *_tail_numbers(of, layer), inside)[-1].reshape(side, side)
        ground, border = seal(_scaled(of, answer)), _border(of, answer, x_range, y_range)
    if ground is not None and layer == of.config.training.architecture.n_layers - 1 and border_of_z(of) is not None:
        border = _line(of, axes, x_range, y_range)
    return Plane(seal(places), x_range, y_range, ground, seal(border), axes)


def _readout(of: Moment) -> tuple[np.ndarray, float]:
    """Weights (units,) and bias of a single output."""
    architecture = of.config.training.architecture
    return architecture.weights(of.parameters)[-1][:, 0], float(architecture.biases(of.parameters)[-1][0])


def _line(of: Moment, axes: Axes, x_range: Range, y_range: Range) -> np.ndarray:
    """The exact line  w . a + b = z at the border, in the picture's own coordinates, clipped to it; (1 or 0, 2, 2)."""
    w, b = _readout(of)
    low, size = np.array([x_range[0], y_range[0]]), np.array([np.ptp(x_range), np.ptp(y_range)])
    b = b - border_of_z(of) + w @ axes.center
    w = w @ axes.directions
    ends = decision_line(w * size, b + w @ low, 0.0, 1.0).ends
    return np.empty((0, 2, 2)) if ends is None else (low + ends * size)[None]


def value_shares(of: Moment, values) -> np.ndarray:
    """Values of a regression as the field has them: 0 for the least target of the training samples, 1 for the largest.

    Args: values: (n,), those beyond the targets get the color of the nearest.
    """
    return seal(np.clip(_scaled(of, errors.finite("values", values)), 0.0, 1.0))


def _scaled(of: Moment, answer: np.ndarray) -> np.ndarray:
    """A single output from 0 to 1 between its two targets, or between the ends of a regression's targets."""
    if of.config.data.n_outputs > 1:
        return answer
    low, high = (0.0, 1.0) if of.config.training.loss.takes_logits else of.config.coding
    if of.config.data.plane.task == "regression":
        targets = of.config.data.plane.targets
        low, high = float(targets.min()), float(targets.max())
    return ((answer - low) / (high - low if high > low else 1.0)).astype(np.float32)


def _border(of: Moment, answer: np.ndarray, x_range: Range, y_range: Range) -> np.ndarray:
    """Where a single output crosses the border between two classes, as segments of the picture."""
    if border_of_z(of) is None or not np.isfinite(answer).all():
        return np.empty((0, 2, 2))
    border = 0.5 if of.config.training.loss.takes_logits else sum(of.config.coding) / 2
    return _crossing(answer - border, x_range, y_range)


def _crossing(values: np.ndarray, x_range: Range, y_range: Range) -> np.ndarray:
    """Where a field over the picture is 0."""
    if not np.isfinite(values).all():
        return np.empty((0, 2, 2))
    low, size = np.array([x_range[0], y_range[0]]), np.array([np.ptp(x_range), np.ptp(y_range)])
    return seal(low + zero_contour(values, 0.0, 1.0) * size)


def _ranges(of: Moment, layer: int, kind: str, axes: Axes, places: np.ndarray) -> tuple[Range, Range]:
    """The range of the activation function where the axes are units that have one, so that frames can be compared;
    else a square around the samples."""
    low, high = of.config.training.activations[layer - 1].range
    plain = of.config.training.architecture.norms[layer - 1] is None
    if kind == "units" and plain and np.isfinite([low, high]).all():
        room = PAD * (high - low)
        return _holding(((low - room, high + room),) * 2, places)
    least, most = places.min(axis=0), places.max(axis=0)
    half = max(float((most - least).max()) * (0.5 + PAD), 1e-3)
    middle = (least + most) / 2
    return tuple((float(center - half), float(center + half)) for center in middle)


def _holding(ranges: tuple[Range, Range], points: np.ndarray) -> tuple[Range, Range]:
    """The ranges, wider where a point lies outside."""
    wider = []
    for (low, high), values in zip(ranges, points.T, strict=True):
        room = PAD * (high - low)
        least, most = float(values.min()), float(values.max())
        wider.append((low if least >= low else least - room, high if most <= high else most + room))
    return tuple(wider)


def _tail(of: Moment, layer: int) -> TrainingConfig:
    """The network behind a hidden layer, as one that is fed the layer's activations."""
    training, architecture = of.config.training, of.config.training.architecture
    return replace(
        training,
        sizes=training.sizes[layer:],
        activations=training.activations[layer:],
        batch_norm=architecture.norms[layer:-1] or None,
        dropout=architecture.dropouts[layer:-1] or None,
        standardize=False,
    )


def _tail_numbers(of: Moment, layer: int) -> tuple[np.ndarray, np.ndarray]:
    """Parameters and statistics of `_tail`."""
    whole: Architecture = of.config.training.architecture
    blocks = [block.ravel() for block in whole.blocks(of.parameters)[layer:]]
    scales = [np.concatenate(pair) for pair in whole.scales(of.parameters)[layer:] if pair is not None]
    running = [np.concatenate(pair) for pair in whole.statistics(of.statistics)[layer:] if pair is not None]
    return np.concatenate([*blocks, *scales]), np.concatenate(running) if running else np.empty(0)
