"""Batch sizes compared on a linear regression, as a script that stands alone."""

from collections.abc import Sequence

from engine.gradient_noise import DRAWS
from engine.regression_batches import BatchConfig, fitted_schedule
from engine.regression_bowl import INTERCEPT, SLOPE, X_HIGH, X_LOW

_RUN = """

def shuffled():  # all runs, all epochs
    generators = [np.random.default_rng((shuffle_seed, run)) for run in range(runs)]
    return np.array([[rng.permutation(n) for _ in range(len(rates))] for rng in generators])


def excess(w, b):  # how far the loss lies above its lowest value
    dw, db = w - w_best, b - b_best
    return 0.5 * (H[0, 0] * dw * dw + 2 * H[0, 1] * dw * db + db * db)


# The lowest point of the bowl, by least squares
H = np.array([[np.mean(x * x), np.mean(x)], [np.mean(x), 1.0]])
w_best, b_best = np.linalg.solve(H, [np.mean(x * y), np.mean(y)])
print("lowest loss", 0.5 * np.mean((w_best * x + b_best - y) ** 2), "at w", w_best, "b", b_best)
print("all samples: diverges above", 2 / np.linalg.eigvalsh(H)[-1], "the steepest single one:", 2 / np.max(x * x + 1))

np.seterr(over="ignore", invalid="ignore")  # a run may diverge
orders = shuffled()
for B in batch_sizes:
    w, b = np.full(runs, start[0]), np.full(runs, start[1])
    for epoch, rate in enumerate(rates):
        in_epoch = []
        for first in range(0, n, B):
            batch = orders[:, epoch, first : first + B]  # a row a run; the last batch holds what is left
            errors = w[:, None] * x[batch] + b[:, None] - y[batch]
            w, b = w - rate * np.mean(errors * x[batch], axis=1), b - rate * np.mean(errors, axis=1)
            in_epoch.append(excess(w, b))
    ended, on_the_way = (np.nan_to_num(e, nan=np.inf) for e in (excess(w, b), np.mean(in_epoch, axis=0)))
    per_epoch = -(-n // B)
    print("batch size", B, "updates per epoch", per_epoch, "updates", per_epoch * len(rates))
    print("  first run ends at w", w[0], "b", b[0], "loss above the lowest", excess(w, b)[0])
    print("  median of all runs", np.median(ended), "over the last epoch", np.median(on_the_way))
"""

_NOISE = """

# How far a random batch's gradient is from the gradient of all samples, at one point (w, b)
w, b = point
each = np.stack([(w * x + b - y) * x, w * x + b - y], axis=1)
off = each - each.mean(axis=0)
sigma = np.sqrt(np.mean(np.sum(off**2, axis=1)))
rng = np.random.default_rng(0)
replaced = rng.integers(n, size=(n_draws, n))
distinct = rng.permuted(np.tile(np.arange(n), (n_draws, 1)), axis=1)
print("sigma", sigma)
for B in np.unique(np.append(2 ** np.arange(int(np.log2(n)) + 1), n)):
    measured = [np.sqrt(np.mean(np.sum(off[drawn[:, :B]].mean(axis=1) ** 2, axis=1))) for drawn in (replaced, distinct)]
    measured = [noise if noise > 1e-9 * sigma else 0.0 for noise in measured]  # less is rounding
    predicted = sigma / np.sqrt(B)
    print("noise", B, "measured", *measured, "predicted", predicted, predicted * np.sqrt((n - B) / (n - 1)))
"""


def batches_script(configs: Sequence[BatchConfig], point: Sequence[float]) -> str:
    """What `train` and `gradient_noise` find, with the errors of each batch written out instead of matrices.

    Args:
        configs: that differ in their batch sizes only.
        point: (w, b) where the noise is measured.
    Returns: a script; it prints the lowest loss, how each batch size ends, the noise of each size.
    """
    one = configs[0]
    samples, kind = one.samples, fitted_schedule(one.schedule, one.epochs)
    rates = ", ".join(map(repr, one.rates().tolist()))
    return (
        "\n".join(
            [
                "# Gradient descent on a linear regression with batches of several sizes",
                "# Loss: the mean over the samples of half the squared error",
                "import numpy as np",
                "",
                f"n, noise = {samples.n_samples}, {samples.noise!r}",
                f"rng = np.random.default_rng({samples.seed})",
                f"x = rng.uniform({X_LOW}, {X_HIGH}, n)",
                f"y = {SLOPE} * x + {INTERCEPT} + noise * rng.normal(size=n)",
                "",
                f"batch_sizes = {[config.batch_size for config in configs]}",
                f"start = {tuple(map(float, one.start))}  # w, b",
                f"shuffle_seed, runs = {one.shuffle_seed}, {one.runs}",
                f"rates = [{rates}]  # the learning rate of each epoch: {kind.title.lower()}",
                f"point, n_draws = {tuple(map(float, point))}, {DRAWS}",
            ]
        )
        + "\n"
        + _RUN
        + _NOISE
    )
