"""The comparison of engine.overfitting_study as a script that needs NumPy alone: all seeds side by side."""

from collections.abc import Iterable, Mapping

from engine.activations import activation
from engine.export_code import activation_code, loss_code, loss_gradient_code
from engine.export_rules import numpy_rule
from engine.overfitting import (
    HIDDEN,
    N_TEST,
    N_VALIDATION,
    TEST_SEED,
    VALIDATION_SEED,
    OverfittingConfig,
    Regularizer,
)
from engine.overfitting_study import SMALL
from engine.training_config import MASKS, WEIGHTS

# code of the data -> the lines that draw n samples from rng: X and y
_DRAWN = {
    "moons": """t = rng.uniform(0, np.pi, n)
upper = np.stack([np.cos(t), np.sin(t)], axis=1)
X, y = np.where(y == 0, upper, [1.0, 0.5] - upper), y""",
    "circles": """t = rng.uniform(0, 2 * np.pi, n)
X, y = np.array([1.0, 0.5])[y.astype(int)] * np.stack([np.cos(t), np.sin(t)], axis=1), y""",
    "blobs": """t = np.pi * y[:, 0]
X, y = np.stack([np.cos(t), np.sin(t)], axis=1), y""",
    "xor": """corner = np.arange(n) % 4
X = np.stack([corner // 2, corner % 2], axis=1)
y = (X[:, :1] != X[:, 1:]) * 1.0""",
}
_VARIANCES = {"he_normal": "2 / n_in", "xavier_normal": "2 / (n_in + n_out)"}
_CLASSES = """def drawn(n, seed):
    rng, y = np.random.default_rng(seed), (np.arange(n) % 2)[:, None] * 1.0
{lines}
    return X + rng.normal(0.0, NOISE, X.shape), y"""
_CURVE = """def drawn(n, seed):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-np.pi, np.pi, (n, 1))
    return x, np.sin(x) + rng.normal(0.0, NOISE, (n, 1))"""

_TEMPLATE = """# Rounding can grow in a long training: compare three digits.
from types import SimpleNamespace as Values

import numpy as np

SIZES, N, NOISE, DATA_SEED = {sizes}, {n}, {noise}, {data_seed}
EPOCHS, RATE, SEEDS = {epochs}, {rate}, range({n_seeds})
SETTINGS = {{  # what holds the network back, how strongly
{settings}
}}


{drawn}


X, Y = drawn(N, DATA_SEED)
X_validation, Y_validation = drawn({n_validation}, {validation_seed})
X_test, Y_test = drawn({n_test}, {test_seed})
LAYERS = range(1, len(SIZES))


def f(z):
    return {f}


def slope(z):
    return {df}


def start():  # weights from N(0, {variance}), biases 0; the first axis is the seed
    p = {{}}
    sources = [np.random.default_rng([seed, {weights}]) for seed in SEEDS]
    for n in LAYERS:
        n_in, n_out = SIZES[n - 1], SIZES[n]
        p[f"W{{n}}"] = np.array([rng.normal(0.0, np.sqrt({variance}), (n_in, n_out)) for rng in sources])
        p[f"b{{n}}"] = np.zeros((len(SEEDS), 1, n_out))
    return p


def forward(p, X, keep=None):  # keep: masks of dropout, divided by 1 - p
    z, a = {{}}, {{0: X}}
    for n in LAYERS:
        z[n] = a[n - 1] @ p[f"W{{n}}"] + p[f"b{{n}}"]
        a[n] = z[n] if n == LAYERS[-1] else f(z[n])
        if keep and n in keep:
            a[n] = a[n] * keep[n]
    return z, a


def backward(p, z, a, keep):
    g, d = {{}}, np.array([{gradient} for out in a[LAYERS[-1]]])
    for n in reversed(LAYERS):
        before = np.broadcast_to(a[n - 1], (len(SEEDS), *a[n - 1].shape[-2:]))
        g[f"W{{n}}"], g[f"b{{n}}"] = before.swapaxes(1, 2) @ d, d.sum(axis=1, keepdims=True)
        if n > 1:
            d = d @ p[f"W{{n}}"].swapaxes(1, 2)
            if keep:
                d = d * keep[n - 1]
            d = d * slope(z[n - 1])
    return g


def loss(p, X, Y):  # one a seed
    return np.array([{loss} for out in forward(p, X)[1][LAYERS[-1]]])


def score(p, X, Y):
    return np.array([{score} for out in forward(p, X)[1][LAYERS[-1]]])


def update(p, g, s, t, rate):
{rule}


def median(values):
    values = np.sort(np.where(np.isnan(values), np.inf, values))
    low, high = values[(len(values) - 1) // 2], values[len(values) // 2]
    return low if low == high else (low + high) / 2


test, scores = {{}}, {{}}
for name, (kind, strength) in SETTINGS.items():
    p, sources = start(), [np.random.default_rng([seed, {masks}]) for seed in SEEDS]
    states = {{key: Values({state}) for key in p}}
    best, best_epoch = np.full(len(SEEDS), np.inf), np.full(len(SEEDS), -1)
    stopped, kept = np.full(len(SEEDS), -1), {{key: value.copy() for key, value in p.items()}}
    with np.errstate(all="ignore"):
        for epoch in range(EPOCHS + 1):
            if epoch:
                keep = {{}}
                if kind == "dropout":
                    for n in LAYERS[:-1]:  # each sample has a mask of its own
                        drawn_at = np.array([rng.random((N, SIZES[n])) for rng in sources])
                        keep[n] = (drawn_at >= strength) * (1 / (1 - strength))
                g = backward(p, *forward(p, X, keep), keep)
                for key in p:
                    if key[0] == "W" and kind == "l2":
                        g[key] = g[key] + strength * p[key]
                    if key[0] == "W" and kind == "l1":
                        g[key] = g[key] + strength * np.sign(p[key])
                    update(p[key], g[key], states[key], epoch, RATE)
            now = loss(p, X_validation, Y_validation)
            better = (now < best) & (stopped < 0)
            best[better], best_epoch[better] = now[better], epoch
            for key in p:
                kept[key][better] = p[key][better]
            if kind == "early_stopping":
                stopped[(stopped < 0) & (epoch - best_epoch >= strength)] = epoch
                if (stopped >= 0).all():
                    break
        for key in p:  # early stopping goes back to the best epoch
            p[key][stopped >= 0] = kept[key][stopped >= 0]
        test[name], scores[name] = loss(p, X_test, Y_test), score(p, X_test, Y_test)
        sets = (X, Y), (X_validation, Y_validation), (X_test, Y_test)
        weights = np.concatenate([p[f"W{{n}}"].reshape(len(SEEDS), -1) for n in LAYERS], axis=1)
        small = (np.abs(weights) <= {small}).mean(axis=1)
        print(name, "losses", *(float(median(loss(p, *one))) for one in sets), "best", float(median(best)), end=" ")
        print("epoch", float(median(best_epoch)), "scores", *(float(median(score(p, *one))) for one in sets), end=" ")
        print("small", float(median(small)))
reference, *others = test
for name in others:
    a, b = test[name], test[reference]
    s, r = scores[name], scores[reference]
    print(name, "against", reference, "lower", int((a < b).sum()), "higher", int((a > b).sum()), end=" ")
    print("score higher", int((s > r).sum()), "lower", int((s < r).sum()), "difference", float(median(a - b)))
"""


def overfitting_script(config: OverfittingConfig, regularizers: Mapping[str, Regularizer], n_seeds: int) -> str:
    """The comparison of several regularizers as a script.

    Args:      regularizers: what each is called -> it; the first is what the others are compared with.
    Returns:   a script; for each regularizer it prints "name losses training validation test best … epoch … scores …
               small …", all of them medians, and for all but the first
               "name against first lower … higher … score higher … lower … difference …", the median.
    """
    f, df = activation_code(activation(config.hidden), "z", "f(z)")
    state, rule = numpy_rule(config.training(Regularizer()).optimizer)
    drawn = _CURVE if config.regression else _CLASSES.format(lines=_indented(_DRAWN[config.data].splitlines()))
    return _TEMPLATE.format(
        sizes=config.sizes,
        n=config.n_samples,
        noise=config.noise,
        data_seed=config.data_seed,
        epochs=config.epochs,
        rate=config.learning_rate,
        n_seeds=n_seeds,
        settings="\n".join(f'    "{name}": ("{one.kind}", {one.strength}),' for name, one in regularizers.items()),
        drawn=drawn,
        n_validation=N_VALIDATION,
        validation_seed=VALIDATION_SEED + config.data_seed,
        n_test=N_TEST,
        test_seed=TEST_SEED + config.data_seed,
        variance=_VARIANCES[HIDDEN[config.hidden]],
        weights=WEIGHTS,
        masks=MASKS,
        f=f,
        df=df,
        gradient=loss_gradient_code(config.loss, "out"),
        loss=loss_code(config.loss, "out"),
        score="1 - np.sum((out - Y) ** 2) / np.sum((Y - Y.mean()) ** 2)"
        if config.regression
        else "np.mean((out > 0) == (Y == 1))",
        rule=_indented(rule),
        state=", ".join(f"{name}={value}" for name, value in state.items()),
        small=SMALL,
    )


def _indented(lines: Iterable[str]) -> str:
    return "\n".join(f"    {line}" for line in lines)
