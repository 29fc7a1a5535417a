"""Units that begin alike, as a script that needs NumPy alone."""

from engine.activations import activation
from engine.export_code import activation_code, rows
from engine.symmetry import SymmetryConfig

_TEMPLATE = """import numpy as np

# Noise below some 1e-12 mixes with rounding, which depends on the order of the sums: its digits differ from computer
# to computer, and so may units that begin exactly alike.
X = np.array({X})
Y = np.array({Y})
sizes, value, noise, rate, updates, seed = {sizes}, {value!r}, {noise!r}, {rate!r}, {updates}, {seed}

n_parameters = sum((n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:]))
Z = np.random.default_rng(seed).standard_normal(n_parameters)
W, b = [], []
for n_in, n_out in zip(sizes, sizes[1:]):  # of each layer the weights row by row, then a place for each bias
    W.append(value + noise * Z[: n_in * n_out].reshape(n_in, n_out))
    b.append(np.zeros(n_out))
    Z = Z[(n_in + 1) * n_out :]


def f(z):
    return {f}


def slope(z, a):
    return {slope}


def units(W, b):  # for each hidden layer a row a unit: incoming weights, bias, outgoing weights
    return [np.hstack([W[k].T, b[k][:, None], W[k + 1]]) for k in range(len(W) - 1)]


for update in range(updates + 1):
    z, a = [], [X]
    for k in range(len(W)):
        z.append(a[-1] @ W[k] + b[k])
        a.append(f(z[-1]) if k < len(W) - 1 else 1 / (1 + np.exp(-z[-1])))
    dz = (a[-1] - Y) / len(Y)  # of the mean cross-entropy behind a sigmoid
    dW, db = [None] * len(W), [None] * len(W)
    for k in reversed(range(len(W))):
        dW[k], db[k] = a[k].T @ dz, dz.sum(axis=0)
        if k:
            dz = dz @ W[k].T * slope(z[k - 1], a[k])
    if update == 0:
        for unit, numbers in enumerate(units(dW, db)[0], 1):
            print("gradient of unit", unit, *(repr(float(v)) for v in numbers))
    if update in {shown}:
        loss = -np.mean(np.where(Y == 1, np.log(a[-1]), np.log(1 - a[-1])))
        difference = max(np.ptp(layer, axis=0).max() for layer in units(W, b))
        print("update", update, "loss", repr(float(loss)), "difference", repr(float(difference)))
        for unit, numbers in enumerate(units(W, b)[0], 1):
            print("unit", unit, *(repr(float(v)) for v in numbers))
    for k in range(len(W)):
        W[k] -= rate * dW[k]
        b[k] -= rate * db[k]
"""


def symmetry_script(config: SymmetryConfig, update: int) -> str:
    """The first run of the config as a script.

    Args:    update: after which it is looked at, beside the start and the end.
    Returns: a script; it prints each unit's gradient at the start, then for each of those updates loss and largest
             difference, and for each unit of the first hidden layer its incoming weights, bias and outgoing weights.
    """
    f, slope = activation_code(activation(config.activation), "z", "a")
    return _TEMPLATE.format(
        X=rows(config.samples.X),
        Y=rows(config.samples.targets),
        sizes=list(config.architecture.sizes),
        value=float(config.value),
        noise=float(config.noises[0]),
        rate=float(config.learning_rate),
        updates=config.updates,
        seed=config.seed,
        f=f,
        slope=slope,
        shown=sorted({0, update, config.updates}),
    )
