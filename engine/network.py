"""A dense network whose buffers are its trace.

All arrays are allocated once. `forward` and `backward` fill them in place, training reads them, and the
screen shows copies of the same numbers: there is one implementation, not a fast one and a shown one.

Layout. The parameters of one run are one flat vector: for each layer a block of fan_in + 1 rows and fan_out
columns, whose last row is the bias. Activations carry a last column of ones, so that the bias needs no step
of its own:  z = [a_prev, 1] @ [W; b].
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from engine import errors
from engine.activations import Activation
from engine.losses import Loss

MAX_LAYERS, MAX_UNITS, MAX_SAMPLES, MAX_NUMBERS = 60, 1024, 20_000, 50_000_000


@dataclass(frozen=True)
class Architecture:
    """Layer sizes and activations of a dense network.

    Args:   sizes: (n_features, hidden units ..., n_outputs). activations: one a layer, len(sizes) - 1.
    Raises: InputError: no layer, a size out of range, not one activation a layer.
    """

    sizes: tuple[int, ...]
    activations: tuple[Activation, ...]

    def __post_init__(self):
        errors.whole("number of layers", len(self.sizes) - 1, 1, MAX_LAYERS)
        for size in self.sizes:
            errors.whole("units of a layer", size, 1, MAX_UNITS)
        errors.shape("activations", np.empty(len(self.activations)), (self.n_layers,))

    @property
    def n_layers(self) -> int:
        return len(self.sizes) - 1

    @cached_property
    def n_parameters(self) -> int:
        return sum((fan_in + 1) * fan_out for fan_in, fan_out in self.fans)

    @property
    def fans(self) -> list[tuple[int, int]]:
        """(fan_in, fan_out) of each layer."""
        return list(zip(self.sizes[:-1], self.sizes[1:], strict=True))

    def blocks(self, parameters: np.ndarray) -> list[np.ndarray]:
        """Views (..., fan_in + 1, fan_out) of flat parameters (..., n_parameters); the last row is the bias."""
        views, start = [], 0
        for fan_in, fan_out in self.fans:
            stop = start + (fan_in + 1) * fan_out
            views.append(parameters[..., start:stop].reshape(*parameters.shape[:-1], fan_in + 1, fan_out))
            start = stop
        return views

    def weights(self, parameters: np.ndarray) -> list[np.ndarray]:
        """Views W (..., fan_in, fan_out) of flat parameters."""
        return [block[..., :-1, :] for block in self.blocks(parameters)]

    def biases(self, parameters: np.ndarray) -> list[np.ndarray]:
        """Views b (..., fan_out) of flat parameters."""
        return [block[..., -1, :] for block in self.blocks(parameters)]

    def pack(self, weights: Sequence, biases: Sequence) -> np.ndarray:
        """One flat vector (n_parameters,) of W (fan_in, fan_out) and b (fan_out,) of each layer."""
        parameters = np.empty(self.n_parameters)
        for W, b, new_W, new_b in zip(self.weights(parameters), self.biases(parameters), weights, biases, strict=True):
            W[...], b[...] = errors.shape("W", np.asarray(new_W, float), W.shape), np.asarray(new_b, float)
        return parameters

    def bias_mask(self) -> np.ndarray:
        """1 where a flat parameter is a bias, 0 where it is a weight."""
        mask = np.zeros(self.n_parameters)
        for b in self.biases(mask):
            b[...] = 1.0
        return mask


@dataclass(frozen=True)
class Trace:
    """Every intermediate of one forward and backward pass; read-only copies.

    Lists run over layers; shapes have the network's run axes in front where it has several runs.
    z (n, fan_out); a: a[0] = X, then (n, fan_out); da, dz the gradients of the loss, shapes of a, z;
    W (fan_in, fan_out), b (fan_out,), dW, db likewise.
    """

    z: tuple[np.ndarray, ...]
    a: tuple[np.ndarray, ...]
    da: tuple[np.ndarray, ...]
    dz: tuple[np.ndarray, ...]
    slope: tuple[np.ndarray, ...]  # f'(z)
    W: tuple[np.ndarray, ...]
    b: tuple[np.ndarray, ...]
    dW: tuple[np.ndarray, ...]
    db: tuple[np.ndarray, ...]


class Network:
    """Dense network(s) with fixed buffers:  z = a_prev @ W + b,  a = f(z).

    Args:
        architecture: sizes and activations.
        parameters:   flat, (n_parameters,) for one network or (runs, n_parameters) for a stack; copied.
        X:            inputs, (n_samples, n_features) for all runs, or (runs, n_samples, n_features).

    Attributes (views of the live buffers; they change with every call):
        parameters, gradient: (runs, n_parameters).
        z, a, dz, da, slope, W, b, dW, db: lists over layers, without the run axis where there is one run.
    Raises: InputError: shapes that do not fit, values that are not finite, more than MAX_NUMBERS numbers.
    """

    def __init__(self, architecture: Architecture, parameters, X):
        parameters, X = errors.finite("parameters", parameters), errors.finite("X", X)
        errors.shape("parameters", parameters, (architecture.n_parameters,))
        errors.shape("X", X, (None, architecture.sizes[0]))
        self.architecture = architecture
        self.runs = parameters.reshape(-1, architecture.n_parameters).shape[0]
        self.n_samples = errors.whole("n_samples", X.shape[-2], 1, MAX_SAMPLES)
        errors.whole("numbers in all buffers", self.runs * self._numbers_a_run(), 1, MAX_NUMBERS)
        self.parameters = parameters.reshape(self.runs, -1).copy()
        self.gradient = np.zeros_like(self.parameters)
        self._allocate()
        self.a[0][...] = X

    def _numbers_a_run(self) -> int:
        return 2 * self.architecture.n_parameters + 5 * self.n_samples * (sum(self.architecture.sizes) + 1)

    def _allocate(self) -> None:
        """Buffers, and the views into them that the loops use. One run drops its axis: dot beats matmul there."""
        lead = () if self.runs == 1 else (self.runs,)
        self._product = np.dot if self.runs == 1 else np.matmul
        of = self.architecture
        flat, flat_gradient = self.parameters.reshape(*lead, -1), self.gradient.reshape(*lead, -1)
        self._blocks, self._gradient_blocks = of.blocks(flat), of.blocks(flat_gradient)
        self.W, self.b = of.weights(flat), of.biases(flat)
        self.dW, self.db = of.weights(flat_gradient), of.biases(flat_gradient)
        self._W_t = [W.swapaxes(-1, -2) for W in self.W]
        self._with_ones = [np.ones((*lead, self.n_samples, size + 1)) for size in of.sizes]
        self._with_ones_t = [a.swapaxes(-1, -2) for a in self._with_ones]
        self.a = [a[..., :-1] for a in self._with_ones]
        self.da = [np.zeros((*lead, self.n_samples, size)) for size in of.sizes]
        self.z, self.dz, self.slope = (
            [np.zeros((*lead, self.n_samples, size)) for size in of.sizes[1:]] for _ in range(3)
        )

    def forward(self) -> np.ndarray:
        """Fill z and a layer by layer:  z = a_prev @ W + b,  a = f(z).

        Returns: the last activation (a live view), (n_samples, n_outputs), runs in front.
        """
        for layer, activation in enumerate(self.architecture.activations):
            self._product(self._with_ones[layer], self._blocks[layer], out=self.z[layer])
            activation.apply(self.z[layer], self.a[layer + 1])
        return self.a[-1]

    def backward(self, after_layer: Callable[[int], None] | None = None) -> np.ndarray:
        """From da of the last layer fill every gradient, last layer first.

            dz = da * f'(z),   dW = a_prev^T @ dz,   db = sum of dz over samples,   da_prev = dz @ W^T

        Args:      after_layer: called with a layer's index once its dW and db are known and before its W carries
                   the gradient on; what it does to W is what the layers below get to see.
        Returns:   the gradient (a live view), (runs, n_parameters).
        """
        for layer in reversed(range(self.architecture.n_layers)):
            slope, dz = self.slope[layer], self.dz[layer]
            self.architecture.activations[layer].slope(self.z[layer], self.a[layer + 1], slope)
            np.multiply(self.da[layer + 1], slope, out=dz)
            self._product(self._with_ones_t[layer], dz, out=self._gradient_blocks[layer])
            if after_layer:
                after_layer(layer)
            self._product(dz, self._W_t[layer], out=self.da[layer])
        return self.gradient

    def loss_gradient(self, loss: Loss, Y: np.ndarray) -> None:
        """Write dL/da of the last layer, where `backward` starts."""
        loss.slope(self.a[-1], Y, loss.factor(self.a[-1]), self.da[-1])

    def snapshot(self) -> Trace:
        """The buffers as they are now, copied out."""
        names = [field.name for field in fields(Trace)]
        return Trace(**{name: tuple(map(_frozen, getattr(self, name))) for name in names})

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


def predict(architecture: Architecture, parameters, X) -> np.ndarray:
    """Outputs of the network(s) for the inputs X.

    Args:      parameters: (..., n_parameters). X: (n_samples, n_features).
    Returns:   (..., n_samples, n_outputs).
    """
    network = Network(architecture, parameters, X)
    with np.errstate(over="ignore"):
        outputs = network.forward()
    return outputs.reshape(*np.shape(parameters)[:-1], *outputs.shape[-2:]).copy()


def _frozen(array) -> np.ndarray:
    copy = np.array(array)
    copy.setflags(write=False)
    return copy
