"""One network with its data and its way of learning, as a value: what a link, a screen and a script share."""

from dataclasses import dataclass, replace

import numpy as np

from engine import errors, gradcheck
from engine.activations import Activation, Sigmoid
from engine.arrays import read_only_copies, seal
from engine.losses import Loss, check_output
from engine.network import Architecture, Network, Trace
from engine.training import UPDATE_ORDERS, Descent, History, gradient_descent


@dataclass(frozen=True)
class Experiment:
    """A dense network, full-batch data, a loss and plain gradient descent.

    Args:
        activations:   one a layer.
        sizes:         (n_features, hidden units ..., n_outputs).
        parameters:    start, flat as in engine.network: for each layer W row by row, then b.
        X, Y:          rows of samples.
        loss:          what is differentiated and shown.
        learning_rate: 0 to 1e6.
        learn_biases, update_order: as in engine.training.
        reported:      the loss written down in `run`, where it differs from the one that is differentiated.
    Raises: InputError: shapes that do not fit, values out of range, a loss that cannot take the output activation.
    """

    sizes: tuple[int, ...]
    activations: tuple[Activation, ...]
    parameters: tuple[float, ...]
    X: tuple[tuple[float, ...], ...]
    Y: tuple[tuple[float, ...], ...]
    loss: Loss
    learning_rate: float
    learn_biases: bool = True
    update_order: str = "together"
    reported: Loss | None = None

    def __post_init__(self):
        errors.shape("parameters", errors.finite("parameters", self.parameters), (self.architecture.n_parameters,))
        errors.shape("X", errors.finite("X", self.X), (None, self.sizes[0]))
        errors.shape("Y", errors.finite("Y", self.Y), (len(self.X), self.sizes[-1]))
        errors.number("learning_rate", self.learning_rate, 0.0, 1e6)
        errors.one_of("update_order", self.update_order, UPDATE_ORDERS)
        check_output(self.loss, self.activations[-1])

    @property
    def architecture(self) -> Architecture:
        return Architecture(self.sizes, self.activations)


@dataclass(frozen=True)
class Explanation:
    """One update, every number of it; read-only arrays.

    trace: all intermediates before the update (its W and b are the old ones). loss: before the update.
    gradient, numerical, relative_error, parameters, new_parameters: flat, (n_parameters,). new_W: of each layer.
    """

    trace: Trace
    loss: float
    gradient: np.ndarray
    numerical: np.ndarray
    relative_error: np.ndarray
    parameters: np.ndarray
    new_parameters: np.ndarray
    new_loss: float


def run(experiment: Experiment, n_updates: int, start=None) -> History:
    """`n_updates` updates from the experiment's parameters, or from `start` (n_parameters,)."""
    e = experiment
    return gradient_descent(
        e.architecture,
        e.parameters if start is None else start,
        e.X,
        e.Y,
        e.loss,
        e.learning_rate,
        n_updates,
        reported=e.reported,
        learn_biases=e.learn_biases,
        update_order=e.update_order,
    )


def explain(experiment: Experiment, parameters=None) -> Explanation:
    """The next update from `parameters` (default: the experiment's start), with its gradients checked.

    Returns: Explanation. With update_order "output_first" its gradients are the wrong ones that this order gives,
             and the numerical gradient shows it.
    """
    e = experiment
    start = errors.finite("parameters", e.parameters if parameters is None else parameters)
    network = Network(e.architecture, start, e.X)
    W, b = read_only_copies(network.W), read_only_copies(network.b)
    descent = Descent(network, e.Y, e.loss, e.learning_rate, e.learn_biases, e.update_order)
    with np.errstate(all="ignore"):
        network.forward()
        descent.step()
        trace = replace(network.snapshot(), W=W, b=b)
        numerical = gradcheck.parameter_gradient(e.architecture, start, e.X, e.Y, e.loss)
        gradient, new = network.gradient[0].copy(), network.parameters[0].copy()
        network.forward()
        new_loss = float(e.loss.value(network.a[-1], e.Y))
        arrays = gradient, numerical, gradcheck.relative_error(gradient, numerical), start.copy(), new
    return Explanation(trace, float(e.loss.value(trace.a[-1], e.Y)), *map(seal, arrays), new_loss)


def random_start(sizes: tuple[int, ...], seed: int = 0) -> tuple[float, ...]:
    """Weights from N(0, 1), rounded to two decimals so that they can be copied by hand; biases 0. Flat."""
    architecture = Architecture(sizes, (Sigmoid(),) * (len(sizes) - 1))
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=fans).round(2) for fans in architecture.fans]
    return tuple(architecture.pack(weights, [np.zeros(fan_out) for _, fan_out in architecture.fans]).tolist())
