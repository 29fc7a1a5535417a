"""One dropout or one batch normalization alone, on a table of numbers that can be followed by hand."""

import numpy as np

from engine import errors
from engine.layers import BatchNorm, BatchNormStep, BatchNormTrace, Dropout, DropoutStep, DropoutTrace
from engine.samples import generator

MAX_ENTRIES = 1_000_000


def batch_norm(
    x,
    gamma=1.0,
    beta=0.0,
    running_mean=0.0,
    running_var=1.0,
    dy=1.0,
    *,
    training: bool = True,
    config: BatchNorm | None = None,
) -> BatchNormTrace:
    """One batch normalization, forward and backward, every intermediate kept.

        x_hat = (x - mean) / sqrt(var + epsilon) ;  y = gamma * x_hat + beta

    Args:
        x: (…, n, units), n at least 2 in training; 1,000,000 numbers at most.
        gamma, beta, running_mean, running_var: (…, units), or one number for all; running_var at least 0.
        dy: gradient that comes from above, (…, n, units).
        training: the batch's own statistics (and the running ones updated), or the running ones as they are.
        config: momentum and epsilon; the place means nothing here.
    Raises: InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Source: Ioffe and Szegedy (2015), algorithm 1 and section 3.
    """
    x = _table("x", x)
    short = (*x.shape[:-2], x.shape[-1])
    parameters = _broadcast("gamma", gamma, short), _broadcast("beta", beta, short)
    statistics = _broadcast("running_mean", running_mean, short), _broadcast("running_var", running_var, short)
    errors.number("running_var", statistics[1].min(), 0.0)
    gradients = np.zeros(short), np.zeros(short)
    step = BatchNormStep(
        config or BatchNorm(),
        x,
        np.zeros_like(x),
        _broadcast("dy", dy, x.shape),
        np.zeros_like(x),
        parameters,
        gradients,
        statistics,
    )
    return _run(step, training)


def dropout(x, mask=None, dy=1.0, *, training: bool = True, config: Dropout | None = None, seed=0) -> DropoutTrace:
    """One dropout, forward and backward.

        y = x * factor ;  dx = dy * factor,  factor = mask / (1 - drop_rate) in training where it is inverted

    Args:
        x: (…, n, units), 1,000,000 numbers at most.
        mask: 1 keeps, 0 silences; a shape that broadcasts to x's. None: drawn from `seed`.
        dy: gradient that comes from above, (…, n, units).
        seed: 0 to 2^32 - 1, or a generator.
    Raises: InputError: not_a_number, not_finite, out_of_range, wrong_shape.
    Source: Srivastava et al. (2014), section 4.
    """
    x, config = _table("x", x), config or Dropout()
    if mask is None:
        mask = generator(seed).random(x.shape) >= config.drop_rate
    mask = _broadcast("mask", mask, x.shape)
    if not np.isin(mask, (0.0, 1.0)).all():
        raise errors.InputError("out_of_range", "mask", mask[~np.isin(mask, (0.0, 1.0))][0], "{0, 1}")
    step = DropoutStep(config, x, np.zeros_like(x), _broadcast("dy", dy, x.shape), np.zeros_like(x))
    step.keep(mask)
    return _run(step, training)


def _run(step, training: bool):
    step.training = training
    with np.errstate(over="ignore", invalid="ignore"):  # numbers near the largest may overflow: that is shown
        step.forward()
        step.backward()
    return step.snapshot()


def _table(argument: str, value) -> np.ndarray:
    table = errors.shape(argument, errors.finite(argument, value), (None, None))
    errors.whole(f"numbers in {argument}", table.size, 1, MAX_ENTRIES)
    return table


def _broadcast(argument: str, value, shape: tuple[int, ...]) -> np.ndarray:
    """A copy of `value` in this shape."""
    array = errors.finite(argument, value)
    try:
        return np.broadcast_to(array, shape).copy()
    except ValueError:
        raise errors.InputError("wrong_shape", argument, array.shape, str(shape)) from None
