"""The comparison of engine.optimizer_study as a script that needs NumPy alone: all starts side by side."""

from collections.abc import Mapping

from engine.export_rules import numpy_rule
from engine.optimizer_study import NEAR, StudyConfig
from engine.optimizers import optimizer
from engine.seed_bands import QUARTILES

# code of a loss -> its value, and dL/da; each sample's own logarithm alone, since 0 times an infinite one is no number
_LOSSES = {
    "cross_entropy": ("-np.log(np.where(Y == 1, a, 1 - a)).sum()", "np.where(Y == 1, -1 / a, 1 / (1 - a))"),
    "half_squared_error": ("0.5 * ((a - Y) ** 2).sum()", "a - Y"),
}

_TEMPLATE = """# RMSProp near a minimum, and any rule at a high learning rate, make rounding grow: compare three digits.
from types import SimpleNamespace as Values

import numpy as np

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])
HIDDEN, UPDATES, SEEDS = {hidden}, {updates}, range({n_seeds})


def start():  # weights from N(0, 1) rounded to two decimals, biases 0; the first axis is the seed
    p = Values(W1=[], b1=np.zeros((len(SEEDS), 1, HIDDEN)), W2=[], b2=np.zeros((len(SEEDS), 1, 1)))
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        p.W1.append(rng.normal(size=(2, HIDDEN)).round(2))
        p.W2.append(rng.normal(size=(HIDDEN, 1)).round(2))
    p.W1, p.W2 = np.array(p.W1), np.array(p.W2)
    return p


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(p):
    h = sigmoid(X @ p.W1 + p.b1)
    return h, sigmoid(h @ p.W2 + p.b2)


def loss(a):  # one a seed
    return np.array([{loss} for a in a])


def gradient(p, h, a):
    dz2 = ({slope}) * a * (1 - a)
    dz1 = dz2 @ p.W2.swapaxes(1, 2) * h * (1 - h)
    return Values(
        W1=X.T @ dz1, b1=dz1.sum(axis=1, keepdims=True), W2=h.swapaxes(1, 2) @ dz2, b2=dz2.sum(axis=1, keepdims=True)
    )


{rules}

RULES = {{  # the learning rate, what the state of a parameter begins with, the rule
{table}
}}


def quantile(values, q):
    ordered, place = np.sort(values), q * (len(values) - 1)
    below, above = ordered[int(place)], ordered[int(np.ceil(place))]
    return below if below == above else below + (place - int(place)) * (above - below)


with np.errstate(all="ignore"):  # overflow is found in the losses
    for name, (rate, memory, rule) in RULES.items():
        p = start()
        states = {{key: Values(**{{entry: rate if value == "rate" else value for entry, value in memory.items()}})
                  for key in vars(p)}}
        solved_at, diverged = np.full(len(SEEDS), np.inf), np.zeros(len(SEEDS), dtype=bool)
        for t in range(UPDATES + 1):  # t updates have been made
            h, a = forward(p)
            diverged |= ~np.isfinite(loss(a))
            right = ((a > 0.5) == (Y == 1)).all(axis=(1, 2)) & ~diverged
            solved_at = np.where(right, np.minimum(solved_at, t), np.inf)
            if t < UPDATES:
                g = gradient(p, h, a)
                for key in vars(p):
                    rule(vars(p)[key], vars(g)[key], states[key], t + 1, rate)
        final = np.where(diverged, np.inf, loss(a))
        low, median, high = (float(quantile(final, q)) for q in ({low}, 0.5, {high}))
        n_solved, n_diverged = int(np.isfinite(solved_at).sum()), int(diverged.sum())
        flat = loss(np.full((1, 4, 1), 0.5))[0]  # all outputs 1/2
        n_flat = int((~np.isfinite(solved_at) & (np.abs(final - flat) <= {near} * flat)).sum())
        print(name, "rate", rate, "median loss", median, "quartiles", low, high)
        print(name, "solved", n_solved, "updates", float(quantile(solved_at, 0.5)), end=" ")
        print("plateau", n_flat, "diverged", n_diverged)
"""


def study_script(config: StudyConfig, rates: Mapping[str, float]) -> str:
    """The study of several optimizers as a script.

    Args:      rates: code of an optimizer -> its learning rate.
    Returns:   a script; for each optimizer it prints "code rate … median loss … quartiles … …" and
               "code solved … updates … plateau … diverged …".
    """
    rules = {code: numpy_rule(optimizer(code)) for code in rates}
    loss, slope = _LOSSES[config.loss]
    return _TEMPLATE.format(
        hidden=config.hidden,
        updates=config.updates,
        n_seeds=config.n_seeds,
        loss=loss,
        slope=slope,
        rules="\n\n\n".join(
            "\n".join([f"def {code}(p, g, s, t, rate):", *(f"    {line}" for line in lines)])
            for code, (_state, lines) in rules.items()
        ),
        table="\n".join(f'    "{code}": ({rates[code]!r}, {state!r}, {code}),' for code, (state, _) in rules.items()),
        low=QUARTILES[0],
        high=QUARTILES[1],
        near=NEAR,
    )
