"""Dropout and batch normalization in one unit and in networks, as a script that needs NumPy alone."""

from collections.abc import Sequence

from engine.activations import activation
from engine.dropout_and_norm import DATA, LOOKING, LOWEST_VARIANCE, MASKS, N_TEST, TEST_SEED, OrderConfig
from engine.export_code import activation_code, rows
from engine.layers import BatchNorm
from engine.seed_bands import QUARTILES
from engine.training_config import MASKS as MASK_STREAM
from engine.training_config import ORDER, WEIGHTS
from engine.variance_shift import Unit

_DRAWN = {
    "moons": """    t = rng.uniform(0, np.pi, n)
    X = np.stack([np.cos(t), np.sin(t)], axis=-1)
    X = np.where(labels[:, None] == 0, X, [1.0, 0.5] - X)""",
    "circles": """    t, radius = rng.uniform(0, 2 * np.pi, n), np.where(labels == 0, 1.0, 0.5)
    X = np.stack([radius * np.cos(t), radius * np.sin(t)], axis=-1)""",
    "spirals": """    radius = rng.uniform(0.05, 1.0, n)
    t = 2 * np.pi * (radius + labels / 2)
    X = np.stack([radius * np.cos(t), radius * np.sin(t)], axis=-1)""",
}
_TEMPLATE = """import numpy as np

# one unit: its values have this mean and standard deviation, and are dropped with probability p
mu, sigma, p = {mean!r}, {std!r}, {drop_rate!r}
in_training = (sigma**2 + p * mu**2) / (1 - p)
print("unit, variance in training", in_training, "in evaluation", sigma**2, "ratio", sigma**2 / in_training)

# networks
X = np.array({X})
Y = np.array({Y})


def drawn(n, seed):  # samples to test
    rng, labels = np.random.default_rng(seed), np.arange(n) % 2
{drawn}
    return X + rng.normal(0.0, {noise!r}, X.shape), labels[:, None]


X_test, Y_test = drawn({n_test}, {test_seed})
SIZES = {sizes}
STDS = {stds}  # of the weights of each layer
RATE, EPOCHS, BATCH, SEEDS = {rate!r}, {epochs}, {batch}, range({n_seeds})
KEEP, EPSILON = {momentum!r}, {epsilon!r}  # of batch normalization: share of the new batch, what keeps roots above 0
DEPTH = len(SIZES) - 1
PLACE = {place!r}  # of batch normalization


class Parameters:  # each with the seeds in front
    def __init__(self):
        streams = [np.random.default_rng([seed, {weights}]) for seed in SEEDS]
        self.W = [
            np.stack([rng.normal(0.0, std, (n_in, n_out)) for rng in streams])
            for n_in, n_out, std in zip(SIZES[:-1], SIZES[1:], STDS)
        ]
        for name, value in (("b", 0.0), ("gamma", 1.0), ("beta", 0.0), ("mean", 0.0), ("var", 1.0)):
            setattr(self, name, [np.full((len(SEEDS), 1, n), value) for n in SIZES[1:]])


def f(z):
    return {f}


def slope(z, a):
    return {slope}


def parts(order, p, n):  # what stands between z and a of layer n
    dropped = p > 0 and (order != "last_only" or n == DEPTH - 2)
    found = ["norm", "f"] if PLACE == "before_activation" else ["f", "norm"]
    at = found.index("norm") if order == "dropout_first" else len(found)
    return found[:at] + ["drop"] * dropped + found[at:]


def forward(x, w, order, p, masks=None, norm="stored"):  # norm: of the "batch", or as "stored"
    a, kept = x, []
    for n in range(DEPTH):
        below, z = a, a @ w.W[n] + w.b[n]
        seen, a = [], z
        for part in parts(order, p, n) if n < DEPTH - 1 else []:
            into = a
            if part == "f":
                a = f(into)
                seen.append((part, into, a))
            elif part == "drop":
                keep = 1.0
                if masks:
                    keep = np.stack([rng.random(into.shape[1:]) >= p for rng in masks]) / (1 - p)
                a = into * keep
                seen.append((part, into, keep))
            else:
                batch = norm == "batch"
                m = into.mean(axis=1, keepdims=True) if batch else w.mean[n]
                v = into.var(axis=1, keepdims=True) if batch else w.var[n]
                root = np.sqrt(v + EPSILON)
                hat = (into - m) / root
                a = w.gamma[n] * hat + w.beta[n]
                seen.append((part, into, (hat, root, m, v)))
        kept.append((below, seen))
    return a, kept


def remember(kept, w, share):  # the running statistics
    for n, (_, seen) in enumerate(kept):
        for part, x, found in seen:
            if part == "norm":
                m, v, size = found[2], found[3], x.shape[1]
                w.mean[n] = w.mean[n] + share * (m - w.mean[n])
                w.var[n] = w.var[n] + share * (v * size / (size - 1) - w.var[n])


def step(x, y, w, order, p, masks):
    logit, kept = forward(x, w, order, p, masks, "batch")
    remember(kept, w, KEEP)
    d, changes = (1 / (1 + np.exp(-logit)) - y) / y.shape[1], []
    for n in reversed(range(DEPTH)):
        below, seen = kept[n]
        for part, into, found in reversed(seen):
            if part == "f":
                d = d * slope(into, found)
            elif part == "drop":
                d = d * found
            else:
                hat, root = found[:2]
                changes.append((w.gamma, n, (d * hat).sum(axis=1, keepdims=True)))
                changes.append((w.beta, n, d.sum(axis=1, keepdims=True)))
                d = d * w.gamma[n]
                d = (d - d.mean(axis=1, keepdims=True) - hat * (d * hat).mean(axis=1, keepdims=True)) / root
        changes += [(w.W, n, below.swapaxes(1, 2) @ d), (w.b, n, d.sum(axis=1, keepdims=True))]
        d = d @ w.W[n].swapaxes(1, 2)
    for part, n, gradient in changes:
        part[n] = part[n] - RATE * gradient


def loss(logit):  # of the training samples, one a seed
    return (np.maximum(logit, 0) - logit * Y + np.log1p(np.exp(-np.abs(logit)))).mean(axis=(1, 2))


def wrong(w, order, p):  # share of the test samples
    return ((forward(X_test[None], w, order, p)[0] > 0) != Y_test).mean(axis=(1, 2))


def three(values):
    ordered, found = np.sort(values), []
    for q in (0.5, {low}, {high}):
        at = q * (len(values) - 1)
        below, above = ordered[int(at)], ordered[int(np.ceil(at))]
        found.append(float(below if below == above else below + (at - int(at)) * (above - below)))
    return found


everything = np.broadcast_to(X, (len(SEEDS), *X.shape))
for order, p in {studies}:
    w = Parameters()
    orders = [np.random.default_rng([seed, {order_stream}]) for seed in SEEDS]
    masks = [np.random.default_rng([seed, {mask_stream}]) for seed in SEEDS]
    with np.errstate(all="ignore"):
        for epoch in range(EPOCHS):
            order_now = np.stack([rng.permutation(len(X)) if BATCH < len(X) else np.arange(len(X)) for rng in orders])
            for first in range(0, len(X), BATCH):
                rows = order_now[:, first : first + BATCH]
                step(X[rows], Y[rows], w, order, p, masks)
        logit, kept = forward(everything, w, order, p)
        shift = []
        for n in range(DEPTH - 1):
            (met,) = [into.var(axis=1, ddof=1) for part, into, _ in kept[n][1] if part == "norm"]
            stored = w.var[n][:, 0]
            ratio = np.where(stored > {lowest}, met / np.maximum(stored, {lowest}), np.nan)
            shift.append(three(np.nanmedian(ratio, axis=1))[0])
        looks = [np.random.default_rng([seed, {looking}]) for seed in SEEDS]
        draws = {draws} if p else 1
        noisy = np.mean([loss(forward(everything, w, order, p, looks, "batch")[0]) for _ in range(draws)], axis=0)
        stored = wrong(w, order, p)
        _, kept = forward(everything, w, order, p, None, "batch")
        remember(kept, w, 1.0)
    name = f"{{order}} {{p}}"
    print(name, "loss in training", *three(noisy), "in evaluation", *three(loss(logit)))
    print(name, "test error", *three(stored), "measured anew", *three(wrong(w, order, p)), "shift", *shift)
"""


def together_script(unit: Unit, config: OrderConfig, studies: Sequence[tuple[str, float]]) -> str:
    """One unit's variances, and the studies of several orders and drop rates, as a script.

    Args:    studies: (order, drop rate) each, as in engine.dropout_and_norm.
    Returns: a script; it prints "unit, variance in training … in evaluation … ratio …" and, for each study, two lines:
             "order p loss in training … in evaluation …", "order p test error … measured anew … shift …": median and
             quartiles, of the shift the median of each layer.
    Raises:  InputError: unknown_name, out_of_range.
    """
    for order, rate in studies:
        config.training(order, rate)
    training = config.training("norm_first", 0.0)
    code, slope = activation_code(activation(config.activation), "z", "a")
    norm = BatchNorm()
    return _TEMPLATE.format(
        mean=unit.mean,
        std=unit.std,
        drop_rate=unit.drop_rate,
        X=rows(config.samples.X),
        Y=rows(config.samples.targets),
        drawn=_DRAWN[config.data],
        noise=DATA[config.data],
        n_test=N_TEST,
        test_seed=TEST_SEED,
        sizes=list(training.sizes),
        stds=[float(training.initializers[0].std(*fans)) for fans in training.architecture.fans],
        rate=config.learning_rate,
        epochs=config.epochs,
        batch=config.batch_size,
        n_seeds=config.n_seeds,
        momentum=norm.momentum,
        epsilon=norm.epsilon,
        place=config.norm_place,
        f=code,
        slope=slope,
        weights=WEIGHTS,
        order_stream=ORDER,
        mask_stream=MASK_STREAM,
        looking=LOOKING,
        draws=MASKS,
        lowest=LOWEST_VARIANCE,
        studies=[(order, float(rate)) for order, rate in studies],
        low=QUARTILES[0],
        high=QUARTILES[1],
    )
