"""Is a gradient right? Central differences answer without knowing any formula.

dL/dv  =  (L(v + h) - L(v - h)) / (2 h)  +  O(h^2)
"""

from collections.abc import Callable

import numpy as np

from engine import errors
from engine.losses import Loss
from engine.network import Architecture, predict

STEP = 1e-5  # near the best step for double precision, cube root of 2e-16 times the scale of v


def central_difference(f: Callable[[np.ndarray], np.ndarray], v, step: float = STEP) -> np.ndarray:
    """The numerical gradient of f at v, all 2 * len(v) values of f from one call.

    Args:
        f:    maps points (..., n) to values (...).
        v:    point, (n,).
        step: h relative to max(1, |v_i|), above 0, at most 0.1.
    Returns:  (n,).
    Raises:   InputError: v not finite, step out of range.
    """
    v = errors.finite("v", v)
    h = errors.number("step", step, 0.0, 0.1, open_low=True) * np.maximum(1.0, np.abs(v))
    above, below = v + np.diag(h), v - np.diag(h)
    values = f(np.concatenate([above, below]))
    width = np.diagonal(above) - np.diagonal(below)  # the h that rounding has left us with
    return (values[: v.size] - values[v.size :]) / width


def relative_error(analytic, numeric, floor: float = 1e-8) -> np.ndarray:
    """|analytic - numeric| / max(|analytic|, |numeric|, floor), elementwise.

    Below the floor both gradients are rounding noise, and their ratio would mean nothing.
    """
    analytic, numeric = np.asarray(analytic, float), np.asarray(numeric, float)
    scale = np.maximum(np.maximum(np.abs(analytic), np.abs(numeric)), floor)
    return np.abs(analytic - numeric) / scale


def parameter_gradient(architecture: Architecture, parameters, X, Y, loss: Loss, step: float = STEP) -> np.ndarray:
    """Numerical gradient of a network's loss by every parameter: one stack of 2 * n_parameters networks.

    Args:      parameters: (n_parameters,). X: (n_samples, n_features). Y: (n_samples, n_outputs).
    Returns:   (n_parameters,).
    """
    return central_difference(lambda stack: loss.value(predict(architecture, stack, X), Y), parameters, step)
