"""The comparison of engine.dying as a script that needs NumPy alone: three trainings, and a count of the dead."""

from engine.dying import COMPARED, EPOCHS, DyingConfig
from engine.export_code import activation_code, rows

_TEMPLATE = """import numpy as np

X = np.array({X})
Y = np.array({Y})

START = [  # weights and biases of each layer
{start}
]
LEARNING_RATE, EPOCHS = {rate!r}, {epochs}


def forward(layers, f):
    z, a = [], [X]
    for W, b in layers:
        z.append(a[-1] @ W + b)
        a.append(f(z[-1]))
    return z, a[:-1]  # the output is the last z, a logit


def loss(z):
    return np.mean(np.maximum(z, 0) - z * Y + np.log1p(np.exp(-np.abs(z))))


def train(f, slope):
    layers = [(W.copy(), b.copy()) for W, b in START]
    for epoch in range(EPOCHS + 1):
        z, a = forward(layers, f)
        if not all(np.isfinite(v).all() for v in z) or not np.isfinite(loss(z[-1])):
            return epoch, None
        if epoch == EPOCHS:
            return None, z
        dz, gradients = (1 / (1 + np.exp(-z[-1])) - Y) / len(Y), []
        for k in reversed(range(len(layers))):
            gradients.insert(0, (a[k].T @ dz, dz.sum(axis=0)))
            if k:
                dz = dz @ layers[k][0].T * slope(z[k - 1], a[k])
        for (W, b), (dW, db) in zip(layers, gradients):
            W -= LEARNING_RATE * dW
            b -= LEARNING_RATE * db


{functions}

with np.errstate(all="ignore"):  # overflow is found in the loss
    for name, (f, slope) in FUNCTIONS.items():
        lost, z = train(f, slope)
        if lost is not None:
            print(name, "diverged at epoch", lost)
            continue
        off = [int((v <= 0).all(axis=0).sum()) for v in z[:-1]]  # z <= 0 for every sample, layer by layer
        dead = [int((slope(v, f(v)) == 0).all(axis=0).sum()) for v in z[:-1]]
        accuracy = float(np.mean((z[-1] > 0) == (Y == 1)))
        print(name, "off", off, "dead", dead, "loss", float(loss(z[-1])), "accuracy", accuracy)
"""


def dying_script(config: DyingConfig) -> str:
    """The three trainings of engine.dying.compare as a script.

    Args:      config: whose start, samples and learning rate stand in it.
    Returns:   a script; for each activation it prints a line "name off [...] dead [...] loss ... accuracy ...", the
               units layer by layer, or "name diverged at epoch ...".
    """
    training = config.training("relu")
    of, parameters = training.architecture, config.start(training)[0]
    start = zip(of.weights(parameters), of.biases(parameters), strict=True)
    return _TEMPLATE.format(
        X=rows(config.samples.X),
        Y=rows(config.samples.targets),
        start="\n".join(f"    (np.array({rows(W)}), np.array({b.tolist()}))," for W, b in start),
        rate=float(config.learning_rate),
        epochs=EPOCHS,
        functions="\n".join(["FUNCTIONS = {", *map(_function, COMPARED), "}"]),
    )


def _function(code: str) -> str:
    f, slope = activation_code(COMPARED[code], "z", "a")
    return f'    "{code}": (lambda z: {f}, lambda z, a: {slope}),'
