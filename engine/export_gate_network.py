"""A network of three units as a Python script that needs NumPy alone."""

from engine.export_code import activation_code, imports
from engine.gate_network import GateNetwork

_SCRIPT = """{imports}

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
target = np.array({target})
W1 = np.array({W1})
b1 = np.array({b1})
W2 = np.array({W2})
b2 = {b2}


def weighted_sum(x, W, b):
    z = x @ W + b
    rounding = 5 * np.finfo(float).eps * (np.abs(x) @ np.abs(W) + np.abs(b))
    return np.where(np.abs(z) <= rounding, 0.0, z)  # 0.1 + 0.2 - 0.3 is 5.6e-17 in floats, and means 0


def f(z):
    return {f}


z_hidden = weighted_sum(X, W1, b1)
h = f(z_hidden)
z = weighted_sum(h, W2, b2)
y = f(z)
norm = np.linalg.norm(W2)
for i, x in enumerate(X):
    print("input", "".join(map(str, x)))
    print("z1 z2", *map(repr, z_hidden[i].tolist()))
    print("h1 h2", *map(repr, h[i].tolist()))
    print("z y", repr(float(z[i])), repr(float(y[i])))
    print("right", bool((z[i] > 0) == target[i]))
    if norm > 0:
        print("distance to the output unit's line", repr(float((2 * target[i] - 1) * z[i] / norm)))
"""


def gate_network_script(network: GateNetwork, target: tuple[int, ...]) -> str:
    """The forward pass at the four inputs.

    Args: target: 0 or 1 for the inputs 00, 01, 10, 11.
    Returns: a script; for each input it prints sums, outputs, whether the answer is right, and the hidden point's
        distance to the output unit's line.
    """
    return _SCRIPT.format(
        imports="\n".join(imports([network.activation])),
        target=[int(value) for value in target],
        W1=[[float(value) for value in row] for row in network.W1],
        b1=[float(value) for value in network.b1],
        W2=[float(value) for value in network.W2],
        b2=float(network.b2),
        f=activation_code(network.activation, "z", "a")[0],
    )
