"""One frame of a training from the inside: what each layer makes of the samples, and one sample on its way through."""

from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.activations import Activation
from engine.arrays import read_only, read_only_copies, seal
from engine.features import features
from engine.film import finite_frames
from engine.history import TrainingHistory
from engine.lab import LabConfig
from engine.layers import BatchNorm, BatchNormTrace, Dropout
from engine.network import Network
from engine.preparation import Standardizer
from engine.samples import Dataset
from engine.scores import classes
from engine.softmax import softmax

FAR = 1e3  # where `border_of_z` begins to look


@dataclass(frozen=True, eq=False)
class Moment:
    """The network of one frame, in evaluation mode; read-only.

    epoch: of the frame. parameters: (n_parameters,). statistics: (2 * n_normalized,). standardizer: of the features,
    None where they are fed as they are.
    """

    config: LabConfig
    epoch: int
    parameters: np.ndarray
    statistics: np.ndarray
    standardizer: Standardizer | None

    def fed(self, points) -> np.ndarray:
        """What the network is given of points of the plane, (…, 2): their features, standardized where it asks so."""
        X = features(points, self.config.data.features)
        return X if self.standardizer is None else self.standardizer.apply(X)

    def network(self, points) -> Network:
        """The network, run forward on points (n, 2)."""
        made = Network(self.config.training.architecture, self.parameters, self.fed(points), self.statistics)
        with np.errstate(all="ignore"):
            made.forward()
        return made

    def activations(self, points) -> tuple[np.ndarray, ...]:
        """What each layer hands on for points (n, 2): the inputs first, then (n, units) of each layer; copies."""
        return read_only_copies(self.network(points).a)

    def switches(self, points, layer: int) -> np.ndarray:
        """What the activation function of hidden layer `layer` (1 is the first) is given at points (n, 2): z, or z
        after its batch normalization; (n, units)."""
        network = self.network(points)
        norm = self.config.training.architecture.norms[layer - 1]
        if norm and norm.place == "before_activation":
            return read_only(next(step.y for step in network.steps[layer - 1] if isinstance(step.config, BatchNorm)))
        return read_only(network.z[layer - 1])


def n_frames(history: TrainingHistory, run: int = 0) -> int:
    """How many frames a run has before its parameters are no longer finite."""
    return finite_frames(_of_run(history.snapshots, run), _of_run(history.snapshot_statistics, run))


def moment(config: LabConfig, history: TrainingHistory, frame: int, run: int = 0) -> Moment:
    """The network at a frame of engine.lab.run(config).

    Args:    frame: index into history.snapshot_epochs. run: which one.
    Raises:  InputError: not_a_number, not_finite, out_of_range: a frame that does not exist, or is not finite.
    """
    frame = errors.whole("frame", frame, 0, n_frames(history, run) - 1)
    return Moment(
        config,
        int(history.snapshot_epochs[frame]),
        read_only(_of_run(history.snapshots, run)[frame]),
        read_only(_of_run(history.snapshot_statistics, run)[frame]),
        history.standardizer,
    )


def _of_run(array: np.ndarray, run: int) -> np.ndarray:
    return array if array.ndim == 2 else array[run]


# one sample ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Stage:
    """One step between z and a of a layer, for one sample; read-only.

    part: an Activation, a BatchNorm or a Dropout. x, y: what goes in and comes out, (units,). norm: every number of a
    normalization, (1, units) each. factor: what a dropout multiplies by in evaluation.
    """

    part: Activation | BatchNorm | Dropout
    x: np.ndarray
    y: np.ndarray
    norm: BatchNormTrace | None = None
    factor: float = 1.0


@dataclass(frozen=True, eq=False)
class LayerPassage:
    """One layer for one sample: z = before @ W + b, the stages that follow, a; read-only."""

    before: np.ndarray
    W: np.ndarray
    b: np.ndarray
    z: np.ndarray
    stages: tuple[Stage, ...]
    a: np.ndarray


@dataclass(frozen=True, eq=False)
class Passage:
    """One sample on its way through the network of a frame, in evaluation mode; read-only.

    Attributes:
        point: (2,). inputs: its features, (n_features,). fed: the same as the network gets them.
        layers: first to last.
        target: (n_outputs,), as the loss compares it. loss: of this sample alone, as it is differentiated.
        answer: class number, or the value of a regression.
        probabilities: (n_classes,) where the outputs are read as such: logits, or one sigmoid; else None.
    """

    moment: Moment
    point: np.ndarray
    inputs: np.ndarray
    fed: np.ndarray
    layers: tuple[LayerPassage, ...]
    target: np.ndarray
    loss: float
    answer: float
    probabilities: np.ndarray | None

    @property
    def output(self) -> np.ndarray:
        return self.layers[-1].a


def follow(of: Moment, point, y: float) -> Passage:
    """Every number of one sample's forward pass.

    Args:    point: (2,): x1, x2. y: its class number, or its value.
    Raises:  InputError: not_a_number, not_finite, wrong_shape, out_of_range.
    """
    point = errors.shape("point", errors.finite("point", point), (2,))
    sample = Dataset(point[None], [y], of.config.data.plane.task, of.config.data.plane.classes, coding=of.config.coding)
    network = of.network(sample.X)
    architecture, loss = of.config.training.architecture, of.config.training.loss
    layers = tuple(_layer(network, layer, architecture.between(layer)) for layer in range(architecture.n_layers))
    output = layers[-1].a[None]
    regression = sample.task == "regression"
    return Passage(
        of,
        seal(point),
        seal(features(point, of.config.data.features)),
        read_only(network.a[0][0]),
        layers,
        read_only(sample.targets[0]),
        float(loss.value(output, sample.targets)),
        float(output[0, 0]) if regression else float(classes(output, loss, sample.border)[0]),
        None if regression else _probabilities(of, layers[-1].a),
    )


def _layer(network: Network, layer: int, parts) -> LayerPassage:
    z = read_only(network.z[layer][0])
    stages, x = [], z
    traces = iter([step.snapshot() for step in network.steps[layer]])
    for part in parts:
        if isinstance(part, Activation):
            with np.errstate(all="ignore"):
                y = read_only(part.f(x))
            stages.append(Stage(part, x, y))
        else:
            trace = next(traces)
            y = read_only(trace.y[0])
            norm = trace if isinstance(part, BatchNorm) else None
            stages.append(Stage(part, x, y, norm, 1.0 if norm else float(trace.factor)))
        x = y
    W, b = read_only(network.W[layer]), read_only(np.ravel(network.b[layer]))
    return LayerPassage(read_only(network.a[layer][0]), W, b, z, tuple(stages), read_only(network.a[layer + 1][0]))


def _probabilities(of: Moment, output: np.ndarray) -> np.ndarray | None:
    """Of all classes, where the output is made to be read so."""
    logits = of.config.training.loss.takes_logits
    if len(output) > 1:
        return seal(softmax(output)) if logits else None
    if logits or of.config.training.activations[-1].name == "sigmoid":
        if logits:  # a softmax of two, so that neither is 1 minus a rounded number
            return seal(softmax(np.array([0.0, output[0]])))
        return seal(np.array([1.0 - output[0], output[0]]))
    return None


def border_of_z(of: Moment) -> float | None:
    """The z of a single output at which the answer goes from one class to the other.

        f(z) = half way between the two targets; z = 0 where the loss takes logits

    Returns: None for several outputs, for a regression, and where f never comes there.
    Convention: bisection between ±1000; f is taken to pass the border once.
    """
    data, training = of.config.data, of.config.training
    if data.n_outputs > 1 or data.plane.task == "regression":
        return None
    if training.loss.takes_logits:
        return 0.0
    f, border = training.activations[-1].f, sum(of.config.coding) / 2
    low, high = -FAR, FAR
    with np.errstate(all="ignore"):
        if not float(f(low)) <= border < float(f(high)):
            return None
        while (middle := (low + high) / 2) not in (low, high):
            value = float(f(middle))
            if value == border:
                return middle
            low, high = (middle, high) if value < border else (low, middle)
    return high
