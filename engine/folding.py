"""A network in evaluation as one of plain dense layers: all that is not an activation is affine, and folds away."""

import numpy as np

from engine import errors
from engine.architecture import Architecture


def folded(architecture: Architecture, parameters, statistics=None) -> list[tuple[np.ndarray, np.ndarray]]:
    """(W, b) of plain dense layers that answer as the network does in evaluation.

        gamma * (z - mean) / sqrt(var + epsilon) + beta  =  scale * z + shift

    Before the activation, scale and shift go into the layer's own W and b; after it, and with the factor of classic
    dropout, into those of the next layer.

    Args:    parameters: (…, n_parameters). statistics: (…, 2 * n_normalized); None: means of 0, variances of 1.
    Returns: W (…, fan_in, fan_out) and b (…, fan_out) of each layer; new arrays.
    Raises:  InputError: not_a_number, not_finite, wrong_shape.
    Source:  Jacob et al. (2018), section 3.2, where batch normalization is folded for fast inference.
    """
    of = architecture
    parameters = errors.shape("parameters", errors.finite("parameters", parameters), (of.n_parameters,))
    running = of.start_statistics() if statistics is None else errors.finite("statistics", statistics)
    errors.shape("statistics", running, (2 * of.n_normalized,))
    layers = [(W.copy(), b.copy()) for W, b in zip(of.weights(parameters), of.biases(parameters), strict=True)]
    for layer, (norm, dropout) in enumerate(zip(of.norms, of.dropouts, strict=True)):
        scale, shift = np.ones(of.sizes[layer + 1]), np.zeros(of.sizes[layer + 1])
        kept = 1.0 - dropout.drop_rate if dropout and dropout.kind == "classic" else 1.0
        first = norm and dropout and dropout.place == "before_batch_norm"
        if norm:
            scale, shift = _affine(*of.scales(parameters)[layer], *of.statistics(running)[layer], norm.epsilon)
            scale = scale * kept if first else scale  # gamma * (kept * z - mean) / root + beta
            if norm.place == "before_activation":
                W, b = layers[layer]
                layers[layer] = W * scale[..., None, :], b * scale + shift
                scale, shift = np.ones_like(scale), np.zeros_like(shift)
        if not first:
            scale, shift = scale * kept, shift * kept
        if layer + 1 < of.n_layers:
            W, b = layers[layer + 1]
            layers[layer + 1] = W * scale[..., :, None], b + (shift[..., None, :] @ W)[..., 0, :]
    return layers


def _affine(gamma, beta, mean, var, epsilon: float) -> tuple[np.ndarray, np.ndarray]:
    """Scale and shift of a normalization by stored statistics."""
    scale = gamma / np.sqrt(var + epsilon)
    return scale, beta - scale * mean
