"""Gradient descent on a dense network: full batch, one run or a stack of runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine import errors
from engine.arrays import seal
from engine.losses import Loss
from engine.network import Architecture, Calls, Network

UPDATE_ORDERS = ("together", "output_first")
MAX_UPDATES = 100_000
CHUNK = 512  # outputs are kept this long, then turned into losses by one call
MAX_KEPT = 4_000_000  # or shorter, where they are many


@dataclass(frozen=True)
class History:
    """What training leaves behind; read-only arrays, run axes in front where the parameters had them.

    losses (..., n_updates + 1): before each update, and after the last one; nan from the step on at which a
    run diverged. parameters (..., n_parameters): after the last update. diverged_at (...): index of the first
    loss that is not finite, -1 where there is none.
    """

    losses: np.ndarray
    parameters: np.ndarray
    diverged_at: np.ndarray


def gradient_descent(
    architecture: Architecture,
    parameters,
    X,
    Y,
    loss: Loss,
    learning_rate,
    n_updates: int,
    *,
    reported: Loss | None = None,
    learn_biases: bool = True,
    update_order: str = "together",
) -> History:
    """Plain full-batch gradient descent:  theta <- theta - learning_rate * dL/dtheta.

    Args:
        parameters:    start, (n_parameters,) or (runs, n_parameters).
        X, Y:          (n_samples, n_features), (n_samples, n_outputs), or with the runs in front.
        loss:          what is differentiated.
        learning_rate: one number, or one a run (runs,); 0 to 1e6.
        n_updates:     0 to MAX_UPDATES.
        reported:      the loss written down, where it differs from the one differentiated.
        learn_biases:  False keeps every bias as it is.
        update_order:  "together" is gradient descent: all gradients first, then all updates. "output_first" is
                       a mistake found in many hand calculations: each layer is updated before its weights carry
                       the gradient to the layer below.
    Returns:   History.
    Raises:    InputError: a value out of range, shapes that do not fit.
    """
    errors.whole("n_updates", n_updates, 0, MAX_UPDATES)
    network = Network(architecture, parameters, X)
    descent = Descent(network, Y, loss, learning_rate, learn_biases, update_order)
    losses = np.full((network.runs, n_updates + 1), np.nan)
    with np.errstate(all="ignore"):  # overflow is allowed to happen, and found in the losses
        network.forward()
        start = 0
        for outputs in _outputs_in_chunks(network, descent.calls(), n_updates + 1):
            chunk, stop = (reported or loss).value(outputs, descent.Y), start + len(outputs)
            losses[:, start:stop] = chunk.reshape(len(outputs), network.runs).T
            if not np.isfinite(losses[:, stop - 1]).any():
                break
            start = stop
    return _history(losses, network.parameters, np.shape(parameters)[:-1])


def _outputs_in_chunks(network: Network, update: Calls, n_epochs: int) -> Iterator[np.ndarray]:
    """The outputs of `n_epochs` forward passes, with an update between two of them; each chunk (k, ..., n, n_outputs).

    The loop that everything waits for: no loss is computed in it, no array made, no name looked up.
    """
    calls, now = [*update, *network.forward_calls()], network.a[-1]
    size = min(CHUNK, n_epochs, max(1, MAX_KEPT // now.size))
    kept = np.empty((size, *now.shape))
    for start in range(0, n_epochs, size):
        chunk = kept[: n_epochs - start]
        for k in range(len(chunk)):
            if start + k:
                for call in calls:
                    call()
            chunk[k] = now
        yield chunk


class Descent:
    """Gradient descent on the buffers of a network that has been run forward; arguments as `gradient_descent`."""

    def __init__(self, network: Network, Y, loss: Loss, learning_rate, learn_biases=True, update_order="together"):
        errors.one_of("update_order", update_order, UPDATE_ORDERS)
        self.network, self.loss = network, loss
        self.Y = _targets(Y, network)
        factor = np.broadcast_to(_rates(learning_rate, network.runs), network.parameters.shape).copy()
        if not learn_biases:
            factor *= 1.0 - network.architecture.bias_mask()
        self._factor, self._change = factor, np.empty_like(network.parameters)
        self._together = update_order == "together"

    def calls(self) -> Calls:
        """What `step` does, for a loop that has no time to ask."""
        if not self._together:
            return [self.step]
        return [
            self.network.loss_gradient_call(self.loss, self.Y),
            *self.network.backward_calls(),
            *self._update_calls(slice(None)),
        ]

    def step(self) -> None:
        """Fill the gradients, then (or, output first, meanwhile) move the parameters against them."""
        self.network.loss_gradient(self.loss, self.Y)
        self.network.backward(None if self._together else self._update_layer)
        if self._together:
            self._update(slice(None))

    def _update_layer(self, layer: int) -> None:
        sizes = [(fan_in + 1) * fan_out for fan_in, fan_out in self.network.architecture.fans]
        self._update(slice(sum(sizes[:layer]), sum(sizes[: layer + 1])))

    def _update(self, span: slice) -> None:
        for call in self._update_calls(span):
            call()

    def _update_calls(self, span: slice) -> Calls:
        """change = factor * gradient;  parameters -= change"""
        parts = (self.network.parameters, self.network.gradient, self._change, self._factor)
        if self.network.runs == 1:  # NumPy is faster on one axis than on two
            parts = tuple(part[0] for part in parts)
        parameters, gradient, change, factor = (part[..., span] for part in parts)
        return [
            partial(np.multiply, gradient, factor, change),
            partial(np.subtract, parameters, change, parameters),
        ]


def _targets(Y, network: Network) -> np.ndarray:
    """The targets for all runs together, or with the runs in front; one run needs no axis of its own."""
    each = (network.n_samples, network.architecture.sizes[-1])
    Y = errors.shape("Y", errors.finite("Y", Y), each)
    if Y.ndim > 2 and Y.shape[:-2] != (network.runs,):
        raise errors.InputError("wrong_shape", "Y", Y.shape, str((network.runs, *each)))
    return Y.reshape(each) if network.runs == 1 else Y


def _rates(learning_rate, runs: int) -> np.ndarray:
    """The learning rates as a column (1, 1) or (runs, 1)."""
    rates = errors.numbers("learning_rate", learning_rate, 0, 1e6)
    if rates.ndim:
        errors.shape("learning_rate", rates, (runs,))
    return rates.reshape(-1, 1)


def _history(losses: np.ndarray, parameters: np.ndarray, lead: tuple[int, ...]) -> History:
    bad = ~np.isfinite(losses)
    first = np.where(bad.any(axis=1), bad.argmax(axis=1), -1)
    losses = np.where(np.maximum.accumulate(bad, axis=1), np.nan, losses)
    arrays = losses.reshape(*lead, -1), parameters.reshape(*lead, -1).copy(), first.reshape(lead)
    return History(*map(seal, arrays))
