"""A dense network whose buffers are its trace.

All arrays are allocated once (engine.buffers). `forward` and `backward` fill them in place, training reads them, and
the screen shows copies of the same numbers: there is one implementation, not a fast one and a shown one.
"""

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import partial

import numpy as np

from engine import errors
from engine.architecture import Architecture
from engine.arrays import read_only_copies
from engine.buffers import Buffers, Calls
from engine.layers import BatchNormStep, BatchNormTrace, DropoutStep, DropoutTrace
from engine.losses import Loss

__all__ = ["Architecture", "Calls", "Network", "Trace", "predict"]


@dataclass(frozen=True)
class Trace:
    """Every intermediate of one forward and backward pass; read-only copies.

    Lists run over layers; shapes have the network's run axes in front where it has several runs.
    z (n, fan_out); a: a[0] = X, then (n, fan_out); da, dz the gradients of the loss, shapes of a, z;
    W (fan_in, fan_out), b (fan_out,), dW, db likewise. steps: what stands between z and a, beside the activation.
    """

    z: tuple[np.ndarray, ...]
    a: tuple[np.ndarray, ...]
    da: tuple[np.ndarray, ...]
    dz: tuple[np.ndarray, ...]
    slope: tuple[np.ndarray, ...]  # f' where the activation was taken: at z, or at the normalized z
    W: tuple[np.ndarray, ...]
    b: tuple[np.ndarray, ...]
    dW: tuple[np.ndarray, ...]
    db: tuple[np.ndarray, ...]
    steps: tuple[tuple[BatchNormTrace | DropoutTrace, ...], ...] = ()


class Network(Buffers):
    """Dense network(s) with fixed buffers:  z = a_prev @ W + b,  a = f(z), and the steps of the architecture.

    Args:
        architecture: sizes, activations, steps.
        parameters:   flat, (n_parameters,) for one network or (runs, n_parameters) for a stack; copied.
        X:            inputs, (n_samples, n_features) for all runs, or (runs, n_samples, n_features).
        statistics:   running means and variances of batch normalization, (2 * n_normalized,), with the runs in front;
                      copied. None: 0 and 1.

    Attributes (views of the live buffers; they change with every call):
        parameters, gradient: (runs, n_parameters). statistics: (runs, 2 * n_normalized).
        z, a, dz, da, slope, W, b, dW, db: lists over layers, without the run axis where there is one run.
        steps: for each layer its BatchNormStep and DropoutStep, in order.
    Raises: InputError: shapes that do not fit, values that are not finite, more than MAX_NUMBERS numbers.
    """

    def __init__(self, architecture: Architecture, parameters, X, statistics=None):
        parameters, X = errors.finite("parameters", parameters), errors.finite("X", X)
        errors.shape("parameters", parameters, (architecture.n_parameters,))
        errors.shape("X", X, (None, architecture.sizes[0]))
        self.architecture = architecture
        self.parameters = parameters.reshape(-1, architecture.n_parameters).copy()
        self.runs = len(self.parameters)
        self.gradient = np.zeros_like(self.parameters)
        statistics = architecture.start_statistics() if statistics is None else errors.finite("statistics", statistics)
        errors.shape("statistics", statistics, (2 * architecture.n_normalized,))
        self.statistics = np.broadcast_to(statistics, (self.runs, statistics.shape[-1])).copy()
        self._allocate(X.shape[-2])
        self.a[0][...] = X

    def resized(self, n_samples: int) -> "Network":
        """The same live parameters, gradient and statistics with buffers for another number of samples."""
        other = copy.copy(self)
        other._allocate(n_samples)
        return other

    # ------------------------------------------------ the passes

    def forward_calls(self) -> Calls:
        """What `forward` does, for a loop that has no time to ask."""
        return list(self._all_forward)

    def backward_calls(self) -> Calls:
        """What `backward` does, short of the gradient by X, which no training needs."""
        calls = list(self._backward[-1])
        for layer in reversed(range(self.architecture.n_layers - 1)):
            calls += [*self._carry[layer + 1], *self._backward[layer]]
        return calls

    def forward(self) -> np.ndarray:
        """Fill z and a layer by layer:  z = a_prev @ W + b,  a = f(z).

        Returns: the last activation (a live view), (n_samples, n_outputs), runs in front.
        """
        for call in self._all_forward:
            call()
        return self.a[-1]

    def backward(self, after_layer: Callable[[int], None] | None = None) -> np.ndarray:
        """From da of the last layer fill every gradient, last layer first.

            dz = da * f'(z),   dW = a_prev^T @ dz,   db = sum of dz over samples,   da_prev = dz @ W^T

        Args:      after_layer: called with a layer's index once its dW and db are known and before its W carries
                   the gradient on; what it does to W is what the layers below get to see.
        Returns:   the gradient (a live view), (runs, n_parameters).
        """
        for layer in reversed(range(self.architecture.n_layers)):
            for call in self._backward[layer]:
                call()
            if after_layer:
                after_layer(layer)
            for call in self._carry[layer]:
                call()
        return self.gradient

    def loss_gradient_call(self, loss: Loss, Y: np.ndarray) -> Callable:
        """The call that writes dL/da of the last layer, where `backward` starts."""
        return partial(loss.slope, self.a[-1], Y, loss.slope_factor(self.a[-1]), self.da[-1])

    def loss_gradient(self, loss: Loss, Y: np.ndarray) -> None:
        """Write dL/da of the last layer, where `backward` starts."""
        self.loss_gradient_call(loss, Y)()

    def train(self, training: bool = True) -> None:
        """Switch dropout and batch normalization to training (True) or to evaluation, where a new network stands."""
        for step in self._each_step():
            step.training = training

    def draw_masks(self, generators: Iterable[np.random.Generator]) -> None:
        """New dropout masks, each run's from its own generator, first layer first."""
        generators = list(generators)
        for step in self._each_step():
            if isinstance(step, DropoutStep):
                step.draw(generators)

    def _each_step(self) -> list[BatchNormStep | DropoutStep]:
        return [step for steps in self.steps for step in steps]

    # ------------------------------------------------ copies to show

    def snapshot(self) -> Trace:
        """The buffers as they are now, copied out."""
        names = [field.name for field in fields(Trace) if field.name != "steps"]
        steps = tuple(tuple(step.snapshot() for step in steps) for steps in self.steps)
        return Trace(**{name: read_only_copies(getattr(self, name)) for name in names}, steps=steps)

    def trace(self, loss: Loss, Y) -> Trace:
        """One forward and backward pass, copied out.

        Args:      loss: what is differentiated. Y: targets (n_samples, n_outputs), or with the runs in front.
        Raises:    InputError: Y has the wrong shape or is not finite.
        """
        Y = errors.shape("Y", errors.finite("Y", Y), (self.n_samples, self.architecture.sizes[-1]))
        with np.errstate(all="ignore"):  # overflow shows in the numbers themselves
            self.forward()
            self.loss_gradient(loss, Y)
            self.backward()
        return self.snapshot()


def predict(architecture: Architecture, parameters, X, statistics=None) -> np.ndarray:
    """Outputs of the network(s) for the inputs X, in evaluation.

    Args:      parameters: (..., n_parameters). X: (n_samples, n_features). statistics: as in Network.
    Returns:   (..., n_samples, n_outputs).
    """
    network = Network(architecture, parameters, X, statistics)
    with np.errstate(over="ignore"):
        outputs = network.forward()
    return np.ascontiguousarray(outputs).reshape(*np.shape(parameters)[:-1], *outputs.shape[-2:])
