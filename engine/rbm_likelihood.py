"""Likelihood of a tiny restricted Boltzmann machine and its gradient, exactly: by listing every state of one layer."""

from functools import lru_cache

import numpy as np

from engine.arrays import seal
from engine.errors import whole
from engine.rbm import RBM, RBMGradient, free_energy, free_energy_of, up, visible_units

MAX_ENUMERATED = 12  # units of the smaller layer: 4,096 states


def log_partition(rbm: RBM) -> np.ndarray:
    """Logarithm of the partition function, by all states of the smaller layer; the other one sums out by itself.

        log Z = log sum_v exp(-F(v))

    Args:
        rbm: a machine whose smaller layer has at most 12 units.
    Returns: shape (…).
    Raises:
        InputError: out_of_range.
    """
    small = _smaller_visible(rbm)
    return np.logaddexp.reduce(-free_energy_of(small, _all_states(small.W.shape[-2])), axis=-1)


def log_likelihood(rbm: RBM, v) -> np.ndarray:
    """Exact mean log-likelihood of data under a tiny machine.

        mean over n of  - F(v_n) - log Z

    Args:
        rbm: a machine whose smaller layer has at most 12 units.
        v: shape (…, n_samples, n_visible), each of [0, 1].
    Returns: shape (…), in nats a sample.
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """
    return -free_energy(rbm, v).mean(axis=-1) - log_partition(rbm)


def exact_gradient(rbm: RBM, v) -> RBMGradient:
    """Gradient of `log_likelihood`: what contrastive divergence estimates.

        dW = <v h>_data - <v h>_model ;  db = <v>_data - <v>_model ;  dc = <h>_data - <h>_model

    Args:
        rbm: a machine whose smaller layer has at most 12 units.
        v: shape (…, n_samples, n_visible), each of [0, 1].
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Source: Ackley, Hinton and Sejnowski (1985).
    """
    v = visible_units(rbm, v)
    data = _expectations(rbm, v, np.full(v.shape[-2], 1 / v.shape[-2]))
    small = _smaller_visible(rbm)
    states = _all_states(small.W.shape[-2])
    probabilities = np.exp(-free_energy_of(small, states) - log_partition(rbm)[..., None])
    vh, v_mean, h_mean = _expectations(small, states, probabilities)
    if small is not rbm:
        vh, v_mean, h_mean = vh.swapaxes(-1, -2), h_mean, v_mean
    return RBMGradient(data[0] - vh, data[1] - v_mean, data[2] - h_mean)


def _expectations(rbm: RBM, v: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """<v h>, <v> and <h> over visible states that count with the given shares, h by its probability."""
    h, weighted = up(rbm, v), v * shares[..., None]
    return weighted.swapaxes(-1, -2) @ h, weighted.sum(axis=-2), (h * shares[..., None]).sum(axis=-2)


def _smaller_visible(rbm: RBM) -> RBM:
    """The machine turned so that its visible layer is the smaller one, whose states can be listed."""
    small = rbm if rbm.W.shape[-2] <= rbm.W.shape[-1] else rbm.flipped
    whole("units of the smaller layer", small.W.shape[-2], 1, MAX_ENUMERATED)
    return small


@lru_cache(maxsize=MAX_ENUMERATED)  # less than 1 MB in all
def _all_states(n_units: int) -> np.ndarray:
    """Every binary state, shape (2^n_units, n_units): the binary digits of 0, 1, 2, …"""
    return seal(((np.arange(2**n_units)[:, None] >> np.arange(n_units)) & 1).astype(np.float64))
