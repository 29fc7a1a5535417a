"""The comparison of engine.success_rates as a script that needs NumPy alone."""

from collections.abc import Mapping, Sequence

from engine.initializers import VarianceScaling
from engine.success_rates import BIASES, SCHEMES, Setting, seeds
from engine.weight_schemes import Initializer, Normal

_COMPARE = """
def wilson(s, n, confidence):
    p, z = s / n, NormalDist().inv_cdf((1 + confidence) / 2)
    middle, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + (z / (2 * n)) ** 2)
    low = 0.0 if s == 0 else (middle - spread) / (1 + z * z / n)
    high = 1.0 if s == n else (middle + spread) / (1 + z * z / n)
    return low, high


def newcombe(s, n, confidence):
    p1, p2 = s[0] / n[0], s[1] / n[1]
    (l1, u1), (l2, u2) = wilson(s[0], n[0], confidence), wilson(s[1], n[1], confidence)
    return p1 - p2 - math.hypot(p1 - l1, u2 - p2), p1 - p2 + math.hypot(u1 - p1, p2 - l2)


pairs = list(combinations(counts, 2))
strict = 1 - 0.05 / max(len(pairs), 1)
for name, s in counts.items():
    print(name, s, "of", RUNS, "interval", *wilson(s, RUNS, 0.95))
for one, other in pairs:
    s, n = (counts[one], counts[other]), (RUNS, RUNS)
    print(one, "minus", other, (s[0] - s[1]) / RUNS, "interval", *newcombe(s, n, 0.95), end=" ")
    print("stricter", *newcombe(s, n, strict))
"""

_TYPED = """import math
from itertools import combinations
from statistics import NormalDist

import numpy as np

RUNS = {runs}
counts = dict(zip({names!r}, np.array({counts!r}).tolist()))

{compare}"""

_TRAINED = """import math
from itertools import combinations
from statistics import NormalDist

import numpy as np

RUNS, HIDDEN, RATE, EPOCHS = {runs}, {hidden}, {rate!r}, {epochs}
X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])
SCHEMES = {{  # how the weights are drawn; seeds of its own for each, as the runs are compared as independent ones
{schemes}
}}


def biases(rng, n_in, n_out):
    return {biases}


def start(draw, seeds):
    parameters = []
    for seed in seeds:
        rng = np.random.default_rng([seed, 0])
        for n_in, n_out in ((2, HIDDEN), (HIDDEN, 1)):
            parameters.append(draw(rng, n_in, n_out))
            parameters.append(biases(rng, n_in, n_out))
    return [np.array(parameters[place::4]) for place in range(4)]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(W1, b1, W2, b2):
    h = sigmoid(X @ W1 + b1[:, None])
    return h, sigmoid(h @ W2 + b2[:, None])


def last_outputs(draw, seeds):
    W1, b1, W2, b2 = start(draw, seeds)
    for _ in range(EPOCHS):
        h, a = forward(W1, b1, W2, b2)
        dz2 = a - Y  # of the cross-entropy, summed over the four samples
        dz1 = dz2 @ W2.swapaxes(1, 2) * h * (1 - h)
        W2 -= RATE * h.swapaxes(1, 2) @ dz2
        b2 -= RATE * dz2.sum(axis=1)
        W1 -= RATE * X.T @ dz1
        b1 -= RATE * dz1.sum(axis=1)
    return forward(W1, b1, W2, b2)[1]


counts = {{}}
with np.errstate(all="ignore"):
    for name, (seeds, draw) in SCHEMES.items():
        a = last_outputs(draw, seeds)
        right = ((a > 0.5) == (Y == 1)).all(axis=(1, 2))
        loss = -np.log(np.where(Y == 1, a, 1 - a)).mean(axis=(1, 2))
        counts[name] = int(right.sum())
        print(name, "median of the last loss", float(np.median(loss)))

{compare}"""


def typed_script(names: Sequence[str], counts: Sequence[int], runs: int) -> str:
    """Given counts of successes, compared.

    Args:    names: one a count, without blanks. counts: successes, of `runs` each.
    Returns: a script; it prints "name s of n interval low high" for each, and for each pair
             "one minus other difference interval low high stricter low high".
    """
    return _TYPED.format(runs=runs, names=list(names), counts=list(counts), compare=_COMPARE)


def trained_script(schemes: Sequence[str], runs: int, setting: Setting) -> str:
    """The training of several schemes, and their comparison.

    Args:    schemes: codes of SCHEMES. runs: of each.
    Returns: a script; it prints "code median of the last loss value" for each, then as `typed_script`.
    """
    rows = {code: (seeds(code, 0, runs), _draw(SCHEMES[code])) for code in schemes}
    biases = BIASES[setting.biases]
    return _TRAINED.format(
        runs=runs,
        hidden=setting.hidden,
        rate=setting.learning_rate,
        epochs=setting.epochs,
        schemes=_table(rows),
        biases="np.zeros(n_out)" if biases is None else f"({_drawn(biases)})[0]",
        compare=_COMPARE,
    )


def _table(rows: Mapping[str, tuple[Sequence[int], str]]) -> str:
    return "\n".join(f'    "{code}": (range({own[0]}, {own[-1] + 1}), {draw}),' for code, (own, draw) in rows.items())


def _draw(scheme: Initializer) -> str:
    return f"lambda rng, n_in, n_out: {_drawn(scheme)}"


def _drawn(scheme: Initializer) -> str:
    """One draw of (n_in, n_out) weights as code."""
    if isinstance(scheme, Normal):
        return f"rng.normal(0.0, {scheme.sigma!r}, (n_in, n_out))"
    if not isinstance(scheme, VarianceScaling):
        return f"np.full((n_in, n_out), {scheme.value!r})"
    n = {"fan_in": "n_in", "fan_out": "n_out", "fan_avg": "((n_in + n_out) / 2)"}[scheme.mode]
    std = f"math.sqrt({scheme.scale!r} / {n})"
    if scheme.distribution == "normal":
        return f"rng.normal(0.0, {std}, (n_in, n_out))"
    return f"(lambda limit: rng.uniform(-limit, limit, (n_in, n_out)))(math.sqrt(3) * {std})"
