"""Dropout and batch normalization: what a network can hold between a unit's sum and the next layer.

The buffers of a step are its trace, as in `engine.network`: a network runs `forward` and `backward` on the views that
it hands over, and `batch_norm` and `dropout` run the same steps alone, on a small table that can be followed by hand.
"""

from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.arrays import read_only

PLACES = ("before_activation", "after_activation")
KINDS = ("inverted", "classic")
DROPOUT_PLACES = ("last", "before_batch_norm")


@dataclass(frozen=True)
class BatchNorm:
    """Each unit's values brought to mean 0 and variance 1 over the batch, then scaled and shifted.

        x_hat = (x - mean) / sqrt(var + epsilon) ;  y = gamma * x_hat + beta

    Args:
        place: "before_activation" normalizes z, "after_activation" normalizes f(z).
        momentum: share of the newest batch in the running statistics, 0 to 1.
        epsilon: above 0, at most 1.
    Raises: InputError: unknown_name, not_a_number, not_finite, out_of_range.
    Convention: PyTorch: the biased variance normalizes, the unbiased one is stored; momentum weighs the new value:
        running <- (1 - momentum) * running + momentum * batch. Evaluation uses the running statistics.
    Source: Ioffe and Szegedy (2015), algorithms 1 and 2.
    """

    place: str = "before_activation"
    momentum: float = 0.1
    epsilon: float = 1e-5

    def __post_init__(self):
        errors.one_of("place", self.place, PLACES)
        errors.number("momentum", self.momentum, 0.0, 1.0)
        errors.number("epsilon", self.epsilon, 0.0, 1.0, open_low=True)


@dataclass(frozen=True)
class Dropout:
    """Each unit silenced with a probability while training, all units at work when testing.

        inverted:  training a * mask / (1 - drop_rate),  testing a
        classic:   training a * mask,                    testing a * (1 - drop_rate)

    Args:
        drop_rate: probability of zeroing, 0 to 0.99. kind: "inverted" or "classic".
        place: "last" drops what the layer hands on; "before_batch_norm" drops what goes into its batch normalization,
            and where there is none, means the same as "last".
    Raises: InputError: unknown_name, not_a_number, not_finite, out_of_range.
    Convention: inverted is PyTorch's; classic is the paper's, which scales at test time by the probability of keeping.
    Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014).
    """

    drop_rate: float = 0.5
    kind: str = "inverted"
    place: str = "last"

    def __post_init__(self):
        errors.number("drop_rate", self.drop_rate, 0.0, 0.99)
        errors.one_of("kind", self.kind, KINDS)
        errors.one_of("place", self.place, DROPOUT_PLACES)


@dataclass(frozen=True, eq=False)
class BatchNormTrace:
    """Every number of one normalization; read-only copies, run axes in front where there are several runs.

    x, centered, x_hat, y, dy, dx_hat, dx: (n, units). mean, var (biased), root = sqrt(var + epsilon), dgamma, dbeta,
    gamma, beta, running_mean, running_var (after the update): (1, units). In evaluation mean and var are the running
    ones.
    """

    x: np.ndarray
    mean: np.ndarray
    centered: np.ndarray
    var: np.ndarray
    root: np.ndarray
    x_hat: np.ndarray
    gamma: np.ndarray
    beta: np.ndarray
    y: np.ndarray
    running_mean: np.ndarray
    running_var: np.ndarray
    dy: np.ndarray
    dx_hat: np.ndarray
    dgamma: np.ndarray
    dbeta: np.ndarray
    dx: np.ndarray


@dataclass(frozen=True, eq=False)
class DropoutTrace:
    """Every number of one dropout; read-only copies (…, n, units), `factor` () in evaluation.

    y = x * factor,  dx = dy * factor
    """

    x: np.ndarray
    mask: np.ndarray  # 1 where a unit is kept
    factor: np.ndarray
    y: np.ndarray
    dy: np.ndarray
    dx: np.ndarray


class BatchNormStep:
    """Batch normalization between given buffers.

    Args:
        config: what it does.
        x, y, dy, dx: arrays (…, n, units): read x, write y; read dy, write dx.
        gamma, beta, dgamma, dbeta, running_mean, running_var: views (…, units) of parameters, gradient and state.
    Raises: InputError: out_of_range: training on one sample, which has no variance (on `forward`).
    """

    def __init__(self, config: BatchNorm, x, y, dy, dx, parameters, gradients, statistics):
        self.config, self.training = config, False
        self.x, self.y, self.dy, self.dx = x, y, dy, dx
        self.gamma, self.beta = (view[..., None, :] for view in parameters)
        self.dgamma, self.dbeta = (view[..., None, :] for view in gradients)
        self.running_mean, self.running_var = (view[..., None, :] for view in statistics)
        self.mean, self.var, self.root = (np.zeros(self.gamma.shape) for _ in range(3))
        # like x in memory as well: NumPy walks arrays of one layout several times faster
        self.centered, self.x_hat, self.dx_hat, self._scratch = (np.zeros_like(x) for _ in range(4))
        self._per_sample = np.asarray(1.0 / x.shape[-2])

    def forward(self) -> None:
        if self.training:
            self._measure()
        else:
            self.mean[...], self.var[...] = self.running_mean, self.running_var
            np.subtract(self.x, self.mean, self.centered)
        np.sqrt(self.var + self.config.epsilon, self.root)
        np.divide(self.centered, self.root, self.x_hat)
        np.multiply(self.x_hat, self.gamma, self.y)
        self.y += self.beta

    def _measure(self) -> None:
        """Mean and variance of the batch, and their share in the running ones."""
        n = errors.whole("samples in a batch with batch normalization", self.x.shape[-2], 2, 10**9)
        self._average(self.x, self.mean)
        np.subtract(self.x, self.mean, self.centered)
        self._average(np.square(self.centered, self._scratch), self.var)
        self.running_mean += self.config.momentum * (self.mean - self.running_mean)
        self.running_var += self.config.momentum * (self.var * (n / (n - 1)) - self.running_var)

    def backward(self) -> None:
        """In training the batch's mean and variance depend on x as well, which takes two parts off the gradient.

        dx = (dx_hat - mean(dx_hat) - x_hat * mean(dx_hat * x_hat)) / root ;  in evaluation  dx = dx_hat / root
        """
        np.add.reduce(self.dy, axis=-2, keepdims=True, out=self.dbeta)
        np.add.reduce(np.multiply(self.dy, self.x_hat, self._scratch), axis=-2, keepdims=True, out=self.dgamma)
        np.multiply(self.dy, self.gamma, self.dx_hat)
        if self.training:
            mean, projection = np.empty_like(self.mean), np.empty_like(self.mean)
            self._average(self.dx_hat, mean)
            self._average(np.multiply(self.dx_hat, self.x_hat, self._scratch), projection)
            np.multiply(self.x_hat, projection, self._scratch)
            np.subtract(self.dx_hat, mean, self.dx)
            self.dx -= self._scratch
            self.dx /= self.root
        else:
            np.divide(self.dx_hat, self.root, self.dx)

    def _average(self, values: np.ndarray, out: np.ndarray) -> None:
        np.add.reduce(values, axis=-2, keepdims=True, out=out)
        out *= self._per_sample

    def snapshot(self) -> BatchNormTrace:
        """The buffers as they are now, copied out."""
        return BatchNormTrace(**{name: read_only(getattr(self, name)) for name in BatchNormTrace.__dataclass_fields__})


class DropoutStep:
    """Dropout between given buffers (…, n, units); see BatchNormStep. Training needs a mask: `draw` or `keep`."""

    def __init__(self, config: Dropout, x, y, dy, dx):
        self.config, self._training = config, False
        self.x, self.y, self.dy, self.dx = x, y, dy, dx
        self.mask = np.ones_like(x)
        self._scaled = np.ones_like(x)
        kept, inverted = 1.0 - config.drop_rate, config.kind == "inverted"
        self._scale = np.asarray(1.0 / kept if inverted else 1.0)
        self._testing = np.asarray(1.0 if inverted else kept)
        self.training = False
        self.keep(self.mask)

    @property
    def training(self) -> bool:
        return self._training

    @training.setter
    def training(self, training: bool) -> None:
        self._training, self.factor = training, self._scaled if training else self._testing

    def keep(self, mask) -> None:
        """Take a mask: 1 keeps a unit, 0 silences it; any shape that broadcasts to (…, n, units)."""
        self.mask[...] = mask
        np.multiply(self.mask, self._scale, self._scaled)

    def draw(self, generators) -> None:
        """A new mask, each run's from its own generator."""
        masks = self.mask.reshape(1, *self.mask.shape) if self.mask.ndim == 2 else self.mask
        for mask, rng in zip(masks, generators, strict=True):
            mask[...] = rng.random(mask.shape)
        np.greater_equal(self.mask, self.config.drop_rate, out=self.mask, casting="unsafe")
        np.multiply(self.mask, self._scale, self._scaled)

    def forward(self) -> None:
        np.multiply(self.x, self.factor, self.y)

    def backward(self) -> None:
        np.multiply(self.dy, self.factor, self.dx)

    def snapshot(self) -> DropoutTrace:
        """The buffers as they are now, copied out."""
        return DropoutTrace(**{name: read_only(getattr(self, name)) for name in DropoutTrace.__dataclass_fields__})
