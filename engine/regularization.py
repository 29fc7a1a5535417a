"""What holds a network back besides its data: L1 and L2 penalties, and a bound on the length of the gradient."""

from functools import partial

import numpy as np

from engine import errors
from engine.network import Calls, Network

CLIP_EPSILON = 1e-6  # PyTorch's, which keeps 0 / 0 out


def penalty(parameters, weight_mask, l1: float = 0.0, l2: float = 0.0) -> np.ndarray:
    """What L1 and L2 add to the loss.

        l1 * sum |w| + l2 / 2 * sum w^2

    Args:      parameters: (…, n). weight_mask: (n,), 1 where the penalty acts. l1, l2: 0 to 1000.
    Returns:   shape (…).
    Raises:    InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Convention: weights only; biases, gamma and beta are left alone. The half makes the gradient l2 * w.
    """
    l1, l2 = errors.number("l1", l1, 0.0, 1000.0), errors.number("l2", l2, 0.0, 1000.0)
    weight_mask = errors.finite("weight_mask", weight_mask)
    weights = errors.shape("parameters", errors.finite("parameters", parameters), weight_mask.shape) * weight_mask
    return l1 * np.abs(weights).sum(axis=-1) + l2 / 2 * np.square(weights).sum(axis=-1)


def penalty_calls(network: Network, l1: float, l2: float) -> Calls:
    """The calls that add the penalty's gradient to a network's:  gradient += l1 * sign(w) + l2 * w."""
    parameters, gradient = network.parameters, network.gradient
    mask, scratch = np.broadcast_to(network.architecture.weight_mask(), gradient.shape), np.empty_like(gradient)
    calls: Calls = []
    if l2:
        calls += [partial(np.multiply, parameters, l2 * mask, scratch), partial(np.add, gradient, scratch, gradient)]
    if l1:
        calls += [partial(np.sign, parameters, scratch), partial(np.multiply, scratch, l1 * mask, scratch)]
        calls += [partial(np.add, gradient, scratch, gradient)]
    return calls


def clip(gradient: np.ndarray, limit: float) -> None:
    """Shorten each run's gradient to `limit` where it is longer, in place; its direction stays.

        g <- g * min(1, limit / (|g| + 1e-6))

    Args:      gradient: (runs, n). limit: above 0.
    Convention: the norm over all parameters together, and the 1e-6, as torch.nn.utils.clip_grad_norm_.
    Source:    Pascanu, Mikolov and Bengio (2013), algorithm 1.
    """
    norm = np.sqrt(np.square(gradient).sum(axis=-1, keepdims=True))
    gradient *= np.minimum(1.0, limit / (norm + CLIP_EPSILON))
