"""The study of engine.normalized_training as a script that needs NumPy alone: all rates and seeds side by side."""

from collections.abc import Sequence

from engine import errors
from engine.activations import activation
from engine.export_code import activation_code, rows
from engine.layers import BatchNorm
from engine.normalized_training import GUESSING, PLACES, RATES, NormConfig
from engine.seed_bands import QUARTILES
from engine.training_config import ORDER, WEIGHTS

_TEMPLATE = """# High learning rates make rounding grow: compare two or three digits there, more elsewhere.
import numpy as np

X = np.array({X})
Y = np.array({Y})
SIZES = {sizes}
STDS = {stds}  # of the weights of each layer
EPOCHS, BATCH, SEEDS = {epochs}, {batch}, range({n_seeds})
RATES = np.array({rates})
KEEP, EPSILON = {momentum!r}, {epsilon!r}  # of batch normalization: share of the new batch, what keeps roots above 0
DEPTH = len(SIZES) - 1


def start():  # arrays (rates, seeds, ...); each seed has the same weights at all rates
    W, b, gamma, beta, mean, var = [], [], [], [], [], []
    streams = [np.random.default_rng([seed, {weights}]) for seed in SEEDS]
    for n_in, n_out, std in zip(SIZES[:-1], SIZES[1:], STDS):
        drawn = np.stack([rng.normal(0.0, std, (n_in, n_out)) for rng in streams])
        W.append(np.tile(drawn, (len(RATES), 1, 1, 1)))
        for part, value in ((b, 0.0), (gamma, 1.0), (beta, 0.0), (mean, 0.0), (var, 1.0)):
            part.append(np.full((len(RATES), len(SEEDS), 1, n_out), value))
    return W, b, gamma, beta, mean, var


def f(z):
    return {f}


def slope(z, a):
    return {slope}


def normalize(x, n, p, training):  # what layer n's batch normalization makes of x, and what its backward pass needs
    W, b, gamma, beta, mean, var = p
    m, v = (x.mean(axis=2, keepdims=True), x.var(axis=2, keepdims=True)) if training else (mean[n], var[n])
    if training:
        size = x.shape[2]
        mean[n] = mean[n] + KEEP * (m - mean[n])
        var[n] = var[n] + KEEP * (v * size / (size - 1) - var[n])
    root = np.sqrt(v + EPSILON)
    hat = (x - m) / root
    return gamma[n] * hat + beta[n], (hat, root)


def forward(x, p, place, training):
    a, kept = x, []
    for n in range(DEPTH):
        below, norm = a, None
        z = a @ p[0][n] + p[1][n]
        if n == DEPTH - 1:
            return z, [*kept, (below, z, z, None)]
        if place == "before_activation":
            z, norm = normalize(z, n, p, training)
        a = h = f(z)
        if place == "after_activation":
            a, norm = normalize(h, n, p, training)
        kept.append((below, z, h, norm))


def back(d, n, norm, p, g):  # through a batch normalization
    hat, root = norm
    g[2][n], g[3][n] = (d * hat).sum(axis=2, keepdims=True), d.sum(axis=2, keepdims=True)
    d = d * p[2][n]
    return (d - d.mean(axis=2, keepdims=True) - hat * (d * hat).mean(axis=2, keepdims=True)) / root


def gradient(x, y, p, place):
    logit, kept = forward(x, p, place, True)
    g = [[None] * DEPTH for _ in range(4)]
    d = (1 / (1 + np.exp(-logit)) - y) / y.shape[-2]
    for n in reversed(range(DEPTH)):
        below, z, h, norm = kept[n]
        if n < DEPTH - 1:
            d = back(d, n, norm, p, g) if place == "after_activation" else d
            d = d * slope(z, h)
            d = back(d, n, norm, p, g) if place == "before_activation" else d
        g[0][n], g[1][n] = below.swapaxes(2, 3) @ d, d.sum(axis=2, keepdims=True)
        d = d @ p[0][n].swapaxes(2, 3)
    return g


def loss(x, p, place, training):  # of all samples
    logit, _ = forward(x, p, place, training)
    return (np.maximum(logit, 0) - logit * Y + np.log1p(np.exp(-np.abs(logit)))).mean(axis=(2, 3))


def quantile(values, q):
    ordered, at = np.sort(values), q * (len(values) - 1)
    below, above = ordered[int(at)], ordered[int(np.ceil(at))]
    return float(below if below == above else below + (at - int(at)) * (above - below))


def three(values):
    return [quantile(values, q) for q in (0.5, {low}, {high})]


rate = RATES.reshape(-1, 1, 1, 1)
with np.errstate(all="ignore"):  # overflow is found in the losses
    for place in {places}:
        p = start()
        everything = np.broadcast_to(X, (1, 1, *X.shape))
        for n, dW in enumerate(gradient(everything, Y, [part.copy() for part in p], place)[0], 1):
            print(place, "gradient at the start, layer", n, *three(np.sqrt((dW[0] ** 2).sum(axis=(1, 2)))))
        orders, gone = [np.random.default_rng([seed, {order}]) for seed in SEEDS], 0
        for epoch in range(EPOCHS):
            order = np.stack([rng.permutation(len(X)) if BATCH < len(X) else np.arange(len(X)) for rng in orders])
            for first in range(0, len(X), BATCH):
                rows = order[:, first : first + BATCH]
                for part, change in zip(p, gradient(X[rows][None], Y[rows][None], p, place)):
                    for n in range(DEPTH):
                        part[n] = part[n] if change[n] is None else part[n] - rate * change[n]
            stored = loss(everything, p, place, False)
            gone = gone | ~np.isfinite(stored)
        stored = np.where(gone, np.inf, stored)
        final = loss(everything, p, place, True)  # with the statistics of the data
        final = np.where(gone | ~np.isfinite(final), np.inf, final)
        for eta, losses, diverged, last in zip(RATES, final, gone, stored):
            print(place, "rate", eta, "loss", *three(losses), end=" ")
            print("unlearned", int((losses >= {guessing!r}).sum()), "diverged", int(diverged.sum()), end=" ")
            print("evaluation", *three(last))
"""


def normalized_script(config: NormConfig, places: Sequence[str], rates: Sequence[float] = RATES) -> str:
    """The study of several kinds of networks as a script.

    Args:      places: of PLACES.
    Returns:   a script; for each place it prints "place gradient at the start, layer n median quartile quartile" and
               "place rate … loss median quartile quartile unlearned … diverged … evaluation median quartile
               quartile": the loss with the statistics of the data, and in evaluation mode.
    Raises:    InputError: unknown_name: a place, or weights that are not drawn from a normal distribution.
    """
    for place in places:
        errors.one_of("place", place, PLACES)
    training = config.training("none", (rates[0],))
    if config.initializer.limit(1, 1) is not None:
        raise errors.InputError("unknown_name", "initializer", config.initializer, "normal")
    code, slope = activation_code(activation(config.activation), "z", "a")
    norm = BatchNorm()
    return _TEMPLATE.format(
        X=rows(config.samples.X),
        Y=rows(config.samples.targets),
        sizes=list(training.sizes),
        stds=[float(config.initializer.std(*fans)) for fans in training.architecture.fans],
        epochs=config.epochs,
        batch=config.batch_size,
        n_seeds=config.n_seeds,
        rates=[float(rate) for rate in rates],
        momentum=norm.momentum,
        epsilon=norm.epsilon,
        f=code,
        slope=slope,
        places=tuple(places),
        weights=WEIGHTS,
        order=ORDER,
        low=QUARTILES[0],
        high=QUARTILES[1],
        guessing=GUESSING,
    )
