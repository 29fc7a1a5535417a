"""What a dense network is made of, and where each of its parameters stands in one flat vector."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine import errors
from engine.activations import Activation
from engine.layers import BatchNorm, Dropout

MAX_LAYERS, MAX_UNITS = 60, 1024


@dataclass(frozen=True)
class Architecture:
    """Layer sizes, activations and the steps between the layers of a dense network.

        z = a_prev @ W + b  ->  [batch norm]  ->  f  ->  [batch norm]  ->  [dropout]  ->  a

    A dropout that says so stands right before the batch normalization.

    The parameters of a run are one flat vector: for each layer a block of fan_in + 1 rows and fan_out columns, whose
    last row is the bias; after all blocks, for each normalized layer, gamma and beta.

    Args:
        sizes: (n_features, hidden units ..., n_outputs), 1 to 60 layers, 1 to 1024 units each.
        activations: one a layer, len(sizes) - 1.
        batch_norm, dropout: None, one for all hidden layers, or a tuple with one (or None) for each of them.
    Raises: InputError: no layer, a size out of range, not one activation a layer, not one step a hidden layer.
    """

    sizes: tuple[int, ...]
    activations: tuple[Activation, ...]
    batch_norm: BatchNorm | tuple[BatchNorm | None, ...] | None = None
    dropout: Dropout | tuple[Dropout | None, ...] | None = None

    def __post_init__(self):
        errors.whole("number of layers", len(self.sizes) - 1, 1, MAX_LAYERS)
        for size in self.sizes:
            errors.whole("units of a layer", size, 1, MAX_UNITS)
        errors.shape("activations", np.empty(len(self.activations)), (self.n_layers,))
        for name, steps, kind in (("batch_norm", self.norms, BatchNorm), ("dropout", self.dropouts, Dropout)):
            errors.shape(name, np.empty(len(steps)), (self.n_layers,))
            for step in steps:
                if not (step is None or isinstance(step, kind)):
                    raise errors.InputError("unknown_name", name, step, kind.__name__)

    @property
    def n_layers(self) -> int:
        return len(self.sizes) - 1

    @property
    def fans(self) -> list[tuple[int, int]]:
        """(fan_in, fan_out) of each layer."""
        return list(zip(self.sizes[:-1], self.sizes[1:], strict=True))

    @cached_property
    def norms(self) -> tuple[BatchNorm | None, ...]:
        """The batch normalization of each layer; None where there is none, as for the last."""
        return self._per_layer(self.batch_norm)

    @cached_property
    def dropouts(self) -> tuple[Dropout | None, ...]:
        """The dropout of each layer; None where there is none, as for the last."""
        return self._per_layer(self.dropout)

    def _per_layer(self, steps) -> tuple:
        hidden = steps if isinstance(steps, tuple) else (steps,) * (self.n_layers - 1)
        return (*hidden, None)

    def between(self, layer: int) -> list[BatchNorm | Activation | Dropout]:
        """What stands between z and a of a layer, in order."""
        norm, f, dropout = self.norms[layer], self.activations[layer], self.dropouts[layer]
        parts = [norm, f] if norm and norm.place == "before_activation" else [f, norm]
        parts = [part for part in parts if part]
        if dropout:
            before = norm and dropout.place == "before_batch_norm"
            parts.insert(parts.index(norm) if before else len(parts), dropout)
        return parts

    @cached_property
    def n_dense(self) -> int:
        """Weights and biases."""
        return sum((fan_in + 1) * fan_out for fan_in, fan_out in self.fans)

    @cached_property
    def n_normalized(self) -> int:
        """Units with batch normalization: each has a gamma, a beta, a running mean and a running variance."""
        return sum(size for size, norm in zip(self.sizes[1:], self.norms, strict=True) if norm)

    @cached_property
    def n_parameters(self) -> int:
        return self.n_dense + 2 * self.n_normalized

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

    def scales(self, parameters: np.ndarray) -> list[tuple[np.ndarray, np.ndarray] | None]:
        """Views (gamma, beta), each (..., units), of flat parameters, for each layer; None without normalization."""
        return self.statistics(parameters[..., self.n_dense :])

    def statistics(self, flat: np.ndarray) -> list[tuple[np.ndarray, np.ndarray] | None]:
        """Views (running_mean, running_var), each (..., units), of (..., 2 * n_normalized), for each layer."""
        views, start = [], 0
        for size, norm in zip(self.sizes[1:], self.norms, strict=True):
            if norm is None:
                views.append(None)
                continue
            views.append((flat[..., start : start + size], flat[..., start + size : start + 2 * size]))
            start += 2 * size
        return views

    def start_statistics(self) -> np.ndarray:
        """Running means of 0 and running variances of 1, flat, (2 * n_normalized,)."""
        flat = np.zeros(2 * self.n_normalized)
        for mean_and_var in filter(None, self.statistics(flat)):
            mean_and_var[1][...] = 1.0
        return flat

    def pack(self, weights: Sequence, biases: Sequence) -> np.ndarray:
        """Flat parameters (..., n_parameters) of W (..., fan_in, fan_out) and b (..., fan_out) of each layer.

        gamma is 1 and beta 0.
        Raises: InputError: wrong_shape, not_a_number, not_finite; not one W and b a layer.
        """
        weights, biases = [errors.finite("W", W) for W in weights], [errors.finite("b", b) for b in biases]
        errors.shape("weights", np.empty(len(weights)), (self.n_layers,))
        errors.shape("biases", np.empty(len(biases)), (self.n_layers,))
        parameters = np.zeros((*weights[0].shape[:-2], self.n_parameters))
        for W, b, new_W, new_b in zip(self.weights(parameters), self.biases(parameters), weights, biases, strict=True):
            W[...], b[...] = errors.shape("W", new_W, W.shape), errors.shape("b", new_b, b.shape)
        for gamma_and_beta in filter(None, self.scales(parameters)):
            gamma_and_beta[0][...] = 1.0
        return parameters

    def bias_mask(self) -> np.ndarray:
        """1 where a flat parameter is a bias, 0 elsewhere."""
        return self._marked(self.biases)

    def weight_mask(self) -> np.ndarray:
        """1 where a flat parameter is a weight, 0 elsewhere: what weight decay acts on."""
        return self._marked(self.weights)

    def _marked(self, views) -> np.ndarray:
        mask = np.zeros(self.n_parameters)
        for view in views(mask):
            view[...] = 1.0
        return mask
