"""The study of engine.pretraining_study as a script that needs NumPy alone, its images included."""

import base64
import textwrap
import zlib
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from engine.errors import one_of
from engine.export_rules import numpy_rule
from engine.images import INK
from engine.initializers import VarianceScaling
from engine.optimizers import optimizer
from engine.pretraining_study import BATCH, N_CLASSES, N_TEST, STARTS, Start, TuningConfig, test_images, training_images
from engine.seed_bands import QUARTILES

_TEMPLATE = """# Digits of 8 x 8 pixels: E. Alpaydin and C. Kaynak (1998), UCI Machine Learning Repository, CC BY 4.0
import base64
import zlib
from types import SimpleNamespace as Values

import numpy as np

PACKED = \"\"\"
{packed}
\"\"\"
ROWS = np.frombuffer(zlib.decompress(base64.b64decode(PACKED)), np.uint8).reshape(-1, 65)  # 64 pixels and a label
N_IMAGES, N, N_TEST, BATCH, DEPTH, WIDTH = {n_images}, {n_labelled}, {n_test}, {batch}, {depth}, {width}
PASSES, MACHINE_RATE = {passes}, {machine_rate!r}  # pretraining
EPOCHS, SEEDS, GOAL = {epochs}, range({n_seeds}), {goal!r}  # fine-tuning
SIZES = [64] + [WIDTH] * DEPTH + [{n_classes}]
X_all, X, X_test = (ROWS[part, :64] / {ink} for part in (slice(N_IMAGES), slice(N), slice(-N_TEST, None)))
Y, Y_test = np.eye({n_classes})[ROWS[:N, 64]], np.eye({n_classes})[ROWS[-N_TEST:, 64]]
STARTS = {{  # std of the weights of a layer from m to n units, ReLU, batch normalization, pretrained, learning rate
{starts}
}}


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def machine(V, rng):  # a restricted Boltzmann machine, trained by CD-1
    W, b, c = 0.01 * rng.standard_normal((V.shape[1], WIDTH)), np.zeros(V.shape[1]), np.zeros(WIDTH)
    errors = [((V - sigmoid(sigmoid(V @ W + c) @ W.T + b)) ** 2).mean()]
    for _ in range(PASSES):
        order = rng.permutation(len(V))
        for first in range(0, len(V), BATCH):
            v0 = V[order[first : first + BATCH]]
            h0 = sigmoid(v0 @ W + c)
            v1 = sigmoid((rng.random(h0.shape) < h0) @ W.T + b)
            h1 = sigmoid(v1 @ W + c)
            W = W + MACHINE_RATE * (v0.T @ h0 - v1.T @ h1) / len(v0)
            b, c = b + MACHINE_RATE * (v0 - v1).mean(axis=0), c + MACHINE_RATE * (h0 - h1).mean(axis=0)
        errors.append(((V - sigmoid(sigmoid(V @ W + c) @ W.T + b)) ** 2).mean())
    return W, b, c, errors


def pile(seed):  # each machine sees what the one below says; no label is used
    rng, V, machines = np.random.default_rng(seed), X_all, []
    for _ in range(DEPTH):
        machines.append(machine(V, rng))
        V = sigmoid(V @ machines[-1][0] + machines[-1][2])
    return machines


def draw(start, seed):
    rng, p = np.random.default_rng([seed, 0]), Values()
    for l, (m, n) in enumerate(zip(SIZES, SIZES[1:])):
        vars(p)[f"W{{l}}"], vars(p)[f"b{{l}}"] = rng.normal(0.0, start.std(m, n), (m, n)), np.zeros(n)
        if start.norm and l < DEPTH:
            vars(p)[f"gamma{{l}}"], vars(p)[f"beta{{l}}"] = np.ones(n), np.zeros(n)
    if start.pretrained:
        for l, (W, _, c, _) in enumerate(pile(seed)):
            vars(p)[f"W{{l}}"], vars(p)[f"b{{l}}"] = W.copy(), c.copy()
    return vars(p)


def forward(p, start, running, A, training):
    steps = []
    for l in range(DEPTH + 1):
        s = Values(a=A, z=A @ p[f"W{{l}}"] + p[f"b{{l}}"])
        if start.norm and l < DEPTH:
            mean, var = running[l]
            if training:
                mean, var = s.z.mean(axis=0), s.z.var(axis=0)
                running[l] = running[l] + 0.1 * (np.array([mean, s.z.var(axis=0, ddof=1)]) - running[l])
            s.root = np.sqrt(var + 1e-5)
            s.hat = (s.z - mean) / s.root
            s.z = p[f"gamma{{l}}"] * s.hat + p[f"beta{{l}}"]
        A = s.z if l == DEPTH else np.maximum(s.z, 0) if start.relu else sigmoid(s.z)
        s.out = A
        steps.append(s)
    return steps


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def loss(z, Y):
    z = z - z.max(axis=1, keepdims=True)
    return (np.log(np.exp(z).sum(axis=1)) - (z * Y).sum(axis=1)).mean()


def gradient(p, start, steps, Y):
    g, d = {{}}, (softmax(steps[-1].z) - Y) / len(Y)
    for l in reversed(range(DEPTH + 1)):
        s = steps[l]
        if l < DEPTH:
            d = d * (s.z > 0 if start.relu else s.out * (1 - s.out))
            if start.norm:
                g[f"gamma{{l}}"], g[f"beta{{l}}"] = (d * s.hat).sum(axis=0), d.sum(axis=0)
                d = d * p[f"gamma{{l}}"]
                d = (d - d.mean(axis=0) - s.hat * (d * s.hat).mean(axis=0)) / s.root
        g[f"W{{l}}"], g[f"b{{l}}"] = s.a.T @ d, d.sum(axis=0)
        d = d @ p[f"W{{l}}"].T
    return g


def update(p, g, s, t, rate):
{rule}


def quantile(values, q):
    ordered, place = np.sort(np.where(np.isnan(values), np.inf, values)), q * (len(values) - 1)
    below, above = ordered[int(place)], ordered[int(np.ceil(place))]
    return float(below if below == above else below + (place - int(place)) * (above - below))


machines, V, R = pile(0), X_all, X_test
for l, (W, b, c, errors) in enumerate(machines):
    print("machine", l + 1, "error", float(errors[0]), "after", float(errors[-1]), end=" ")
    print("mean alone", float(V.var(axis=0).mean()), end=" ")
    V, R = sigmoid(V @ W + c), sigmoid(R @ W + c)
    image = R
    for W, b, _, _ in reversed(machines[: l + 1]):
        image = sigmoid(image @ W.T + b)
    print("down to the image", float(((image - X_test) ** 2).mean()))

with np.errstate(all="ignore"):  # overflow is found in the losses
    for name, start in STARTS.items():
        train_loss, test_loss, test_error, reached, first = [], [], [], [], []
        for seed in SEEDS:
            p, order = draw(start, seed), np.random.default_rng([seed, 1])
            running = {{l: np.array([np.zeros(WIDTH), np.ones(WIDTH)]) for l in range(DEPTH)}}
            memory = {{key: Values({memory}) for key in p}}
            unused = {{l: r.copy() for l, r in running.items()}}
            g = gradient(p, start, forward(p, start, unused, X, True), Y)
            first.append(np.sqrt((g["W0"] ** 2).sum() + (g["b0"] ** 2).sum()))
            t, goal = 0, np.inf
            for epoch in range(EPOCHS + 1):
                if epoch:
                    rows = order.permutation(N)
                    for at in range(0, N, BATCH):
                        t, some = t + 1, rows[at : at + BATCH]
                        g = gradient(p, start, forward(p, start, running, X[some], True), Y[some])
                        for key in p:
                            update(p[key], g[key], memory[key], t, start.rate)
                now = loss(forward(p, start, running, X, False)[-1].z, Y)
                if not np.isfinite(now):
                    break
                goal = min(goal, epoch) if now <= GOAL else goal
            z = forward(p, start, running, X_test, False)[-1].z
            whole = np.isfinite(now)
            train_loss.append(now if whole else np.nan)
            test_loss.append(loss(z, Y_test) if whole else np.nan)
            test_error.append((z.argmax(axis=1) != Y_test.argmax(axis=1)).mean() if whole else np.nan)
            reached.append(goal)
        print(name, "training loss", *(quantile(train_loss, q) for q in ({low}, 0.5, {high})), end=" ")
        print("test loss", quantile(test_loss, 0.5), "wrong", quantile(test_error, 0.5), end=" ")
        print("goal", quantile(reached, 0.5), "gradient", quantile(first, 0.5))
"""


def pretraining_script(config: TuningConfig, rates: Mapping[str, float], n_seeds: int, goal: float) -> str:
    """The pile of seed 0, and the networks of some starts, as a NumPy script that repeats their numbers.

    Args:      rates: key of STARTS -> its learning rate. n_seeds: the seeds are 0, 1, … goal: a training loss.
    Returns:   a script; it prints "machine l error … after … mean alone … down to the image …" for each machine and
               "code training loss (lower quartile, median, upper quartile) test loss … wrong … goal … gradient …" for
               each start.
    Raises:    InputError: unknown_name.
    """
    pile = config.pile
    memory, lines = numpy_rule(optimizer(config.optimizer, learning_rate=config.learning_rate))
    return _TEMPLATE.format(
        packed=_packed(max(pile.n_images, config.n_labelled)),
        n_images=pile.n_images,
        n_labelled=config.n_labelled,
        n_test=N_TEST,
        batch=BATCH,
        depth=pile.depth,
        width=pile.width,
        passes=pile.epochs,
        machine_rate=pile.learning_rate,
        epochs=config.epochs,
        n_seeds=n_seeds,
        goal=goal,
        n_classes=N_CLASSES,
        ink=INK,
        starts="\n".join(
            f'    "{code}": {_start(STARTS[one_of("start", code, STARTS)], rate)},' for code, rate in rates.items()
        ),
        rule="\n".join(f"    {line}" for line in lines),
        memory=", ".join(f"{name}={value}" for name, value in memory.items()),
        low=QUARTILES[0],
        high=QUARTILES[1],
    )


@lru_cache(maxsize=8)
def _packed(n_images: int) -> str:
    """The first images and the test images with their labels, as text."""
    sets = training_images(n_images), test_images()
    ink, labels = np.concatenate([one.X for one in sets]) * INK, np.concatenate([one.y for one in sets])
    rows = np.column_stack([ink, labels]).round().astype(np.uint8)
    return "\n".join(textwrap.wrap(base64.b64encode(zlib.compress(rows.tobytes(), 9)).decode(), 110))


def _start(start: Start, rate: float) -> str:
    relu, norm = start.activation.name == "relu", start.batch_norm is not None
    std = _std(start.initializer)
    return f"Values(std=lambda m, n: {std}, relu={relu}, norm={norm}, pretrained={start.pretrained}, rate={rate!r})"


def _std(scheme) -> str:
    if not isinstance(scheme, VarianceScaling):
        return repr(scheme.sigma)
    n = {"fan_in": "m", "fan_avg": "((m + n) / 2)"}[scheme.mode]
    return f"np.sqrt({scheme.scale!r} / {n})"
