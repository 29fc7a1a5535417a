"""Restricted Boltzmann machine: two layers of binary units, links between the layers only."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import InputError, number, numbers, shape, whole

MAX_UNITS = 1_024  # in one layer
MAX_VALUE = 1e12  # of a parameter: beyond, sums may overflow

Streams = np.random.Generator | Sequence[np.random.Generator]  # one generator for all, or one for each run


@dataclass(frozen=True)
class RBM:
    """Parameters of a machine, or of a stack of runs of it.

    Attributes:
        W: weights, shape (…, n_visible, n_hidden).
        visible_bias: shape (…, n_visible).
        hidden_bias: shape (…, n_hidden).
    """

    W: np.ndarray
    visible_bias: np.ndarray
    hidden_bias: np.ndarray

    def __post_init__(self):
        W = _bounded("W", self.W)
        if W.ndim < 2 or not W.size or max(W.shape[-2:]) > MAX_UNITS:
            raise InputError("wrong_shape", "W", W.shape, f"(…, n_visible ≤ {MAX_UNITS}, n_hidden ≤ {MAX_UNITS})")
        runs, n_visible, n_hidden = W.shape[:-2], *W.shape[-2:]
        object.__setattr__(self, "W", W)
        for name, expected in (("visible_bias", (*runs, n_visible)), ("hidden_bias", (*runs, n_hidden))):
            bias = _bounded(name, getattr(self, name))
            if bias.shape != expected:
                raise InputError("wrong_shape", name, bias.shape, expected)
            object.__setattr__(self, name, bias)

    @property
    def flipped(self) -> "RBM":
        """The same machine with the layers exchanged: nothing in the energy tells which layer is the visible one."""
        return RBM(self.W.swapaxes(-1, -2), self.hidden_bias, self.visible_bias)


@dataclass(frozen=True)
class RBMGradient:
    """Derivatives of the mean log-likelihood (exact, or their estimate), in the shapes of the parameters.

    The machine learns by going up: W <- W + learning_rate * dW.
    """

    dW: np.ndarray
    dvisible_bias: np.ndarray
    dhidden_bias: np.ndarray


def initialize(n_visible: int, n_hidden: int, rng: np.random.Generator, scale: float = 0.01) -> RBM:
    """A new machine that hardly knows anything yet.

        W ~ N(0, scale^2),  biases 0

    Args:
        n_visible, n_hidden: 1 to 1,024.
        rng: source of the weights.
        scale: standard deviation of the weights, 0 to 10.
    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    Source: Hinton (2010), A practical guide to training RBMs, section 8 (there the visible bias may start at the
        log odds of each unit in the data).
    """
    n_visible, n_hidden = whole("n_visible", n_visible, 1, MAX_UNITS), whole("n_hidden", n_hidden, 1, MAX_UNITS)
    W = number("scale", scale, 0.0, 10.0) * rng.standard_normal((n_visible, n_hidden))
    return RBM(W, np.zeros(n_visible), np.zeros(n_hidden))


# ---------------------------------------------------------------- one layer given the other


def hidden_probabilities(rbm: RBM, v) -> np.ndarray:
    """Probability that each hidden unit is on, given the visible ones.

        p(h_j = 1 | v) = sigmoid(c_j + sum_i v_i W_ij)

    Args:
        rbm: the machine.
        v: visible states or probabilities, shape (…, n_samples, n_visible), each of [0, 1].
    Returns: shape (…, n_samples, n_hidden).
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Source: Hinton (2010), equation 7.
    """
    return up(rbm, visible_units(rbm, v))


def visible_probabilities(rbm: RBM, h) -> np.ndarray:
    """Probability that each visible unit is on, given the hidden ones.

        p(v_i = 1 | h) = sigmoid(b_i + sum_j h_j W_ij)

    Args:
        rbm: the machine.
        h: hidden states or probabilities, shape (…, n_samples, n_hidden), each of [0, 1].
    Returns: shape (…, n_samples, n_visible).
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Source: Hinton (2010), equation 8.
    """
    return down(rbm, _units("h", h, rbm.W.shape[-1]))


def sample(probabilities, rng: Streams) -> np.ndarray:
    """Binary states drawn independently.

        state = 1 if u < p else 0,  u ~ U[0, 1)

    Args:
        probabilities: any shape, each of [0, 1].
        rng: one generator, or a sequence with one for each run of the first axis.
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """
    probabilities = check_probabilities("probabilities", probabilities)
    check_streams(rng, probabilities)
    return draw(probabilities, rng)


def reconstruct(rbm: RBM, v) -> np.ndarray:
    """Up to the hidden layer and down again, by probabilities: nothing is drawn.

        v -> p(h | v) -> p(v | h = p(h | v))

    Args:
        rbm: the machine.
        v: shape (…, n_samples, n_visible), each of [0, 1].
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """
    return visible_probabilities(rbm, hidden_probabilities(rbm, v))


# ---------------------------------------------------------------- energies


def energy(rbm: RBM, v, h) -> np.ndarray:
    """Energy of joint states; p(v, h) is proportional to exp(-E).

        E(v, h) = - v . b - h . c - v W h

    Args:
        rbm: the machine.
        v: shape (…, n_samples, n_visible), each of [0, 1].
        h: shape (…, n_samples, n_hidden), each of [0, 1].
    Returns: shape (…, n_samples).
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Source: Hopfield (1982); Hinton (2010), equation 1.
    """
    v, h = visible_units(rbm, v), _units("h", h, rbm.W.shape[-1])
    z = v @ rbm.W + rbm.hidden_bias[..., None, :]
    return -(v @ rbm.visible_bias[..., None])[..., 0] - (z * h).sum(axis=-1)


def free_energy(rbm: RBM, v) -> np.ndarray:
    """Energy of visible states with the hidden ones summed out; p(v) is proportional to exp(-F).

        F(v) = - v . b - sum_j log(1 + exp(c_j + sum_i v_i W_ij))

    Args:
        rbm: the machine.
        v: shape (…, n_samples, n_visible), each of [0, 1].
    Returns: shape (…, n_samples).
    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Source: Hinton (2010), section 16.1.
    """
    return free_energy_of(rbm, visible_units(rbm, v))


# ---------------------------------------------------------------- the same without checks, for inner loops


def up(rbm: RBM, v: np.ndarray) -> np.ndarray:
    """p(h | v)."""
    return _sigmoid(v @ rbm.W + rbm.hidden_bias[..., None, :])


def down(rbm: RBM, h: np.ndarray) -> np.ndarray:
    """p(v | h)."""
    return _sigmoid(h @ rbm.W.swapaxes(-1, -2) + rbm.visible_bias[..., None, :])


def draw(probabilities: np.ndarray, rng: Streams) -> np.ndarray:
    """Binary states; each run has its own stream, so that it draws the same numbers in a stack as alone."""
    if isinstance(rng, np.random.Generator):
        uniform = rng.random(probabilities.shape)
    else:
        uniform = np.empty(probabilities.shape)
        for run, generator in zip(uniform, rng, strict=True):
            generator.random(out=run)
    return (uniform < probabilities).astype(np.float64)


def free_energy_of(rbm: RBM, v: np.ndarray) -> np.ndarray:
    """F(v)."""
    z = v @ rbm.W + rbm.hidden_bias[..., None, :]
    return -(v @ rbm.visible_bias[..., None])[..., 0] - _softplus(z).sum(axis=-1)


def _softplus(z: np.ndarray) -> np.ndarray:
    """log(1 + exp(z)) = max(z, 0) + log(1 + exp(-|z|)), which cannot overflow."""
    result = np.abs(z)
    np.negative(result, out=result)
    np.exp(result, out=result)
    np.log1p(result, out=result)
    result += np.maximum(z, 0)
    return result


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(0.5 * z))  # the same function as 1 / (1 + exp(-z)), without its overflow


# ---------------------------------------------------------------- what comes in and what goes out


def visible_units(rbm: RBM, v) -> np.ndarray:
    """Checked states or probabilities of the visible layer.

    Raises:
        InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    """
    return _units("v", v, rbm.W.shape[-2])


def check_probabilities(argument: str, value) -> np.ndarray:
    """`value` as a float64 array of [0, 1].

    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    """
    return numbers(argument, value, 0, 1)


def check_streams(rng: Streams, probabilities: np.ndarray) -> None:
    """Refuses another number of generators than runs.

    Raises:
        InputError: wrong_shape.
    """
    if not isinstance(rng, np.random.Generator) and (len(rng),) != probabilities.shape[:1]:
        raise InputError("wrong_shape", "rng", (len(rng),), probabilities.shape[:1])


def _units(argument: str, value, n_units: int) -> np.ndarray:
    array = shape(argument, check_probabilities(argument, value), (None, n_units))
    if not array.size:
        raise InputError("wrong_shape", argument, array.shape, f"(…, n_samples ≥ 1, {n_units})")
    return array


def _bounded(argument: str, value) -> np.ndarray:
    return numbers(argument, value, -MAX_VALUE, MAX_VALUE)
