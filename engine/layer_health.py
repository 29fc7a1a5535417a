"""What each layer of a trained network is in a state to do: saturated, dead, all units the same, without a gradient."""

from dataclasses import dataclass

import numpy as np

from engine.activations import Activation, Sigmoid
from engine.arrays import seal
from engine.history import TrainingHistory
from engine.lab import LabConfig
from engine.losses import Loss
from engine.network import Network
from engine.regularization import penalty

FLAT = 1e-3  # a slope below it counts as flat
SAME = 1e-9  # units whose weights differ by less than this part of the largest one are the same unit


@dataclass(frozen=True, eq=False)
class LayerHealth:
    """Each layer after training, on all training samples in evaluation mode; read-only arrays, an entry a layer.

    Attributes:
        flat: share of outputs (units x samples) with |f'| < FLAT. dead: units with slope exactly 0 for every sample.
        first_flat, first_dead: the same at the start.
        units: how many there are. distinct: how many of them are different units: equal weights and bias make one.
        first_gradient, last_gradient: length of the layer's gradient at the start and after training.
        outputs: the last layer's, (n_samples, n_outputs). answers: the same as probabilities, where they are
            logits.
        moved: length of the way from the first parameters to the last, as a part of the first ones' length.
        shrunk: length of the last weights, biases aside, as a part of the first ones'. penalty: of the last weights.
    """

    flat: np.ndarray
    dead: np.ndarray
    first_flat: np.ndarray
    first_dead: np.ndarray
    units: np.ndarray
    distinct: np.ndarray
    first_gradient: np.ndarray
    last_gradient: np.ndarray
    outputs: np.ndarray
    answers: np.ndarray
    moved: float
    shrunk: float
    penalty: float


def layer_health(config: LabConfig, history: TrainingHistory) -> LayerHealth:
    """Look at a single run's layers, at its last finite parameters.

    Args: history: of `engine.lab.run(config)`.
    """
    training, samples = config.training, config.parts[0]
    X = samples.X if history.standardizer is None else history.standardizer.apply(samples.X)
    of, start = training.architecture, config.first[0]
    last, statistics = last_finite(history, start, of.start_statistics())
    network = Network(of, np.stack([start, last]), X, np.stack([of.start_statistics(), statistics]))
    trace = network.trace(training.loss, samples.targets)
    slopes = [np.abs(slope) for slope in trace.slope]
    with np.errstate(all="ignore"):  # of a run that has grown beyond all bounds, squares overflow
        norms = np.array([np.sqrt(np.square(block).sum((1, 2))) for block in of.blocks(network.gradient)])
        weights = of.weight_mask()
        held = float(penalty(last, weights, training.l1, training.l2))
        moved, shrunk = _part(last - start, start), _part(last * weights, start * weights)
    return LayerHealth(
        flat=_flat(slopes, 1),
        dead=_dead(slopes, 1),
        first_flat=_flat(slopes, 0),
        first_dead=_dead(slopes, 0),
        units=seal(np.array(of.sizes[1:])),
        distinct=seal(np.array([_distinct(block) for block in of.blocks(last)])),
        first_gradient=seal(norms[:, 0].copy()),
        last_gradient=seal(norms[:, 1].copy()),
        outputs=seal(trace.a[-1][1].copy()),
        answers=seal(as_answers(trace.a[-1][1], training.loss)),
        moved=moved,
        shrunk=shrunk,
        penalty=held,
    )


def _part(vector: np.ndarray, of: np.ndarray) -> float:
    """Length of a vector as a part of another's; 0 / 0 is 0."""
    length, whole = float(np.linalg.norm(vector)), float(np.linalg.norm(of))
    return length / whole if whole else float("inf") if length else 0.0


def _flat(slopes: list[np.ndarray], run: int) -> np.ndarray:
    return seal(np.array([float((slope[run] < FLAT).mean()) for slope in slopes]))


def _dead(slopes: list[np.ndarray], run: int) -> np.ndarray:
    return seal(np.array([int((slope[run] == 0).all(axis=0).sum()) for slope in slopes]))


def last_finite(history: TrainingHistory, start: np.ndarray, statistics: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The parameters and running statistics that a run ended with, or of its last finite snapshot, or of its start."""
    ends = [(history.parameters, history.statistics)]
    ends += list(zip(history.snapshots, history.snapshot_statistics, strict=True))[::-1]
    finite = (end for end in ends if all(np.isfinite(part).all() for part in end))
    return next(finite, (start, statistics))


def as_answers(outputs: np.ndarray, loss: Loss) -> np.ndarray:
    """Outputs as probabilities, where they are logits; else as they are."""
    if not loss.takes_logits:
        return outputs.copy()
    if outputs.shape[-1] == 1:
        with np.errstate(over="ignore"):
            return Sigmoid().apply(outputs, np.empty_like(outputs))
    shares = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)


def cuts_off(activation: Activation) -> bool:
    """Whether the function is flat on one side only, as ReLU is: its units die, where others saturate."""
    return sum(activation.saturates) == 1


def _distinct(block: np.ndarray) -> int:
    """How many columns of [W; b] differ."""
    size = max(float(np.abs(block).max()), 1e-300)
    return len(np.unique(np.round(block / (size * SAME)), axis=1).T)
