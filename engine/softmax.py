"""Softmax: scores of n classes to n probabilities. Not elementwise, so it is no Activation: its slope is a matrix."""

import numpy as np

from engine import errors

LATEX = r"p_i = \frac{e^{z_i / T}}{\sum_k e^{z_k / T}}"
MAX_CLASSES = 1000  # of a Jacobian; one of a thousand classes is 8 MB


def softmax(z, temperature: float = 1.0) -> np.ndarray:
    """Probabilities in proportion to the exponentials of the scores.

        p_i = exp(z_i / T) / sum over k of exp(z_k / T)

    Args:      z: scores (logits), (..., n_classes), finite.
               temperature: T, 1e-6 to 1e6; below 1 sharpens towards the largest score, above 1 levels out.
    Returns:   probabilities, shape of z; each row sums to 1.
    Raises:    InputError: z has no axis, no class or is not finite; temperature out of range.
    Convention: the largest score is taken off first. A shift of all scores changes nothing, and no exponential is
               above 1, so scores of ±1000 are safe.
    Source:    Bridle (1990); Hinton, Vinyals and Dean (2015) for the temperature.
    """
    exponentials = np.exp(_below_largest(z, temperature))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def log_softmax(z, temperature: float = 1.0) -> np.ndarray:
    """The logarithm of softmax, without the way through probabilities that would round to 0.

        ln p_i = z_i / T - ln (sum over k of exp(z_k / T))

    Args, Raises: as `softmax`.
    Returns:   shape of z; at most 0.
    """
    shifted = _below_largest(z, temperature)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def jacobian(z, temperature: float = 1.0) -> np.ndarray:
    """How each probability moves with each score.

        dp_i / dz_j = p_i (delta_ij - p_j) / T

    Args, Raises: as `softmax`; at most 1000 classes.
    Returns:   (..., n_classes, n_classes); i is the row. Symmetric, and rows and columns sum to 0.
    """
    p = softmax(z, temperature)
    errors.whole("number of classes", p.shape[-1], 1, MAX_CLASSES)
    matrix = -p[..., :, None] * p[..., None, :]
    diagonal = np.arange(p.shape[-1])
    matrix[..., diagonal, diagonal] += p
    return matrix / temperature


def backward(p, dp, temperature: float = 1.0) -> np.ndarray:
    """The gradient by the scores from the gradient by the probabilities, without building the Jacobian.

        dz = p * (dp - sum over k of p_k dp_k) / T

    Args:      p: probabilities, as `softmax` returns them, (..., n_classes). dp: gradient by them, the same shape.
    Returns:   dz, shape of p.
    Raises:    InputError: dp has another shape, a value is not finite, temperature out of range.
    """
    p, dp = errors.finite("p", p), errors.finite("dp", dp)
    temperature = _checked_temperature(temperature)
    errors.shape("dp", dp, p.shape)
    return p * (dp - (p * dp).sum(axis=-1, keepdims=True)) / temperature


def _below_largest(z, temperature: float) -> np.ndarray:
    """z / T, shifted so that the largest score of each row is 0."""
    z = errors.finite("z", z)
    temperature = _checked_temperature(temperature)
    if z.ndim == 0 or z.shape[-1] == 0:
        raise errors.InputError("wrong_shape", "z", z.shape, "(…, n_classes)")
    with np.errstate(over="ignore"):  # -inf is right: its exponential is 0
        return (z - z.max(axis=-1, keepdims=True)) / temperature


def _checked_temperature(temperature: float) -> float:
    return errors.number("temperature", temperature, 1e-6, 1e6)
