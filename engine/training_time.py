"""How long a training takes, estimated from what it does: so many calls of NumPy, so many numbers in each.

Most of the time of a small network goes into the calls, and of a large one into the numbers. What either costs was
fitted to the processor time of some 360 trainings (1 to 9 layers of 1 to 128 units, 4 to 1000 samples, full batch to
single samples, 1 to 100 runs, with all options) on two shared cores, and taken a sixth longer: nearly all of these lie
between half and twice the estimate, none takes much more than twice as long.
"""

from engine.architecture import Architecture
from engine.losses import Loss
from engine.update_rule import Optimizer

MICROSECOND, NANOSECOND = 1e-6, 1e-9

# microseconds
RUN = 100.0  # to set up one run
LAYER = 5.0  # a layer's calls in one update, of which a pass forward alone is a third
MATRIX = 0.5  # the products of one layer and one run, where runs are stacked
LINE = 2.5  # a line of the optimizer's formula, the loss counted as one more
SHUFFLE = 9.0  # of one run's order
REGULARIZER = 5.0  # L1, L2 or clipping
BATCH_NORM, MASK = 60.0, 7.0  # of one layer; a mask of one layer and run
LOSSES = {"cross_entropy": 13.0, "softmax_cross_entropy": 10.0, "huber": 4.0, "cross_entropy_with_logits": 3.0}

# nanoseconds
PARAMETER, KEPT = 1.4, 8.0  # a line of the formula on one parameter; its gradient's share in an epoch's norms
PRODUCT, VALUE = 0.05, 5.0  # a multiplication; a unit's value for one sample
NORMALIZED, MASKED = 55.0, 17.0  # a normalized value, a masked one

# What an activation takes more than a tanh (or less), forward and back: microseconds a call, nanoseconds a value.
ACTIVATIONS = {
    "gaussian_sigmoid": (80.0, 80.0),
    "gelu": (90.0, 95.0),
    "gelu_tanh": (27.0, 18.0),
    "mish": (18.0, 20.0),
    "elu": (8.0, 18.0),
    "selu": (8.0, 20.0),
    "swish": (11.0, 5.0),
    "hard_swish": (13.0, 5.0),
    "hard_sigmoid": (6.0, 0.0),
    "leaky_relu": (2.0, 5.0),
    "relu": (0.0, -2.0),
}


def seconds(
    of: Architecture,
    loss: Loss,
    optimizer: Optimizer,
    *,
    epochs: int,
    batches: int,
    samples: int,
    test: int = 0,
    runs: int = 1,
    regularizers: int = 0,
) -> float:
    """About how long a training takes on a modest machine.

    Args:
        of: the network's. loss: what is differentiated.
        batches: of an epoch. samples, test: to train on and to test on.
        runs: stacked. regularizers: how many of L1, L2 and clipping there are.
    """
    updates = epochs * batches
    # one batch without steps serves as its own evaluation: see engine.trainer
    apart = batches > 1 or bool(of.batch_norm or of.dropout)
    evaluations = epochs * (apart + bool(test))
    passed = (
        (epochs + 5) * runs * (2 * samples + apart * samples + test)
    )  # samples through the network; 5: to set it up
    multiplied = epochs * runs * (3 * samples + apart * samples + test)
    lines = 1 + len(optimizer.formula())
    calls = LINE * lines * updates + REGULARIZER * regularizers * updates + LOSSES.get(loss.name, 0.0) * updates
    calls += (updates + evaluations / 3) * of.n_layers * (LAYER + (MATRIX * runs if runs > 1 else 0.0))
    calls += RUN * runs + SHUFFLE * epochs * runs * (batches > 1)
    numbers = of.n_parameters * runs * (PARAMETER * lines * updates + KEPT * (epochs + 5))
    numbers += PRODUCT * of.n_dense * multiplied
    for f, size, norm, dropout in zip(of.activations, of.sizes[1:], of.norms, of.dropouts, strict=True):
        call, value = ACTIVATIONS.get(f.name, (0.0, 0.0))
        calls += call * (updates + evaluations / 2)
        numbers += (VALUE + value) * size * passed
        values = epochs * runs * samples * size
        if norm:
            calls += BATCH_NORM * updates
            numbers += NORMALIZED * values
        if dropout:
            calls += MASK * runs * updates
            numbers += MASKED * values
    return calls * MICROSECOND + numbers * NANOSECOND
