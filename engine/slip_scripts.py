"""The gradient checks of engine.slips as scripts that stand alone: only NumPy, every formula written out."""

from engine import errors

_TEMPLATE = """import numpy as np

{body}

h = 1e-5
for v, y in CASES:
    v = np.array(v)
    numerical = [(f(v + h * e, y) - f(v - h * e, y)) / (2 * h) for e in np.eye(v.size)]
    for one, other in zip(claimed(v, y), numerical):
        print("claimed", repr(float(one)), "numerical", repr(float(other)))
"""

_XOR = """X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(v):
    W1, b1, W2, b2 = v[:4].reshape(2, 2), v[4:6], v[6:8].reshape(2, 1), v[8:]
    a1 = sigmoid(X @ W1 + b1)
    return W2, a1, sigmoid(a1 @ W2 + b2)


def f(v, y):  # the cost is a mean
    a2 = forward(v)[2]
    return -np.mean(Y * np.log(a2) + (1 - Y) * np.log(1 - a2))


def claimed(v, y):  # the gradient is a sum
    W2, a1, a2 = forward(v)
    dz2 = a2 - Y
    dz1 = dz2 @ W2.T * a1 * (1 - a1)
    return np.concatenate([(X.T @ dz1).ravel(), dz1.sum(axis=0), (a1.T @ dz2).ravel(), dz2.sum(axis=0)])


CASES = [([-0.65, -0.17, 1.66, 0.66, 0.0, 0.0, -1.64, -0.01, 0.0], None)]"""

_ORDER = """x, target = np.array([0.05, 0.10]), np.array([0.01, 0.99])
W2, b2, learning_rate = np.array([[0.40, 0.50], [0.45, 0.55]]), 0.60, 0.5


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(v):
    a1 = sigmoid(x @ v[:4].reshape(2, 2) + v[4:])
    return a1, sigmoid(a1 @ W2 + b2)


def f(v, y):
    return 0.5 * np.sum((forward(v)[1] - target) ** 2)


def claimed(v, y):
    a1, a2 = forward(v)
    dz2 = (a2 - target) * a2 * (1 - a2)
    too_early = W2 - learning_rate * np.outer(a1, dz2)  # the mistake: updated before delta is carried back
    dz1 = dz2 @ too_early.T * a1 * (1 - a1)
    return np.concatenate([np.outer(x, dz1).ravel(), dz1])


CASES = [([0.15, 0.25, 0.20, 0.30, 0.35, 0.35], None)]"""

_CHAIN = """x, W1, target = 0.5, 0.7, 1.0


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def f(v, y):  # the cost as a function of W2
    return (sigmoid(v[0] * sigmoid(W1 * x)) - target) ** 2


def claimed(v, y):  # what stands there as dC/dW2 is dC/dW1
    h1 = sigmoid(W1 * x)
    o = sigmoid(v[0] * h1)
    return [2 * (o - target) * o * (1 - o) * v[0] * h1 * (1 - h1) * x]


CASES = [([0.5], None)]"""


_BIAS = """X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])
W1, b1, W2 = np.array([[-0.65, -0.17], [1.66, 0.66]]), np.zeros(2), np.array([[-1.64], [-0.01]])


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(v):
    return sigmoid(sigmoid(X @ W1 + b1) @ W2 + v)


def f(v, y):  # the cost as a function of the one bias b2
    a2 = forward(v)
    return -np.sum(Y * np.log(a2) + (1 - Y) * np.log(1 - a2))


def claimed(v, sample):  # one row of the column that stands there as d_b2; right is its sum
    return (forward(v) - Y)[sample]


CASES = [([0.0], sample) for sample in range(4)]"""


def _one_number(f: str, claimed: str, cases: str) -> str:
    """A body for a function of one number v[0] with a target y."""
    return f"def f(v, y):\n    return {f}\n\n\ndef claimed(v, y):\n    return {claimed}\n\n\nCASES = {cases}"


_BODIES = {
    "four_y": _one_number(
        "2 * (v[0] - 2) ** 2", "[4 * f(v, y)]  # 4 y; right is 4 z", "[([float(x)], None) for x in range(5)]"
    ),
    "sigmoid_of_z": _one_number(
        "1 / (1 + np.exp(-v[0]))",
        "v * (1 - v)  # z (1 - z); right is a (1 - a)",
        "[([z], None) for z in (-2.0, -1.0, 0.0, 1.0, 2.0)]",
    ),
    "missing_factor": _one_number(
        "(v[0] - y) ** 2", "v - y  # right is 2 (a - y)", "[([0.573], 1.0), ([0.609], 0.3), ([0.633], 0.9)]"
    ),
    "sum_for_mean": _XOR,
    "update_order": _ORDER,
    "wrong_name": _CHAIN,
    "epsilon": "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n\n\n"
    + _one_number(
        "np.maximum(v[0], 0) - v[0] * y + np.log1p(np.exp(-abs(v[0])))",
        "(sigmoid(v) - y) / (sigmoid(v) * (1 - sigmoid(v)) + 1e-7) * sigmoid(v) * (1 - sigmoid(v))",
        "[([z], 0.0) for z in (0.0, 5.0, 10.0, 16.0, 20.0)]",
    ),
    "bias_rows": _BIAS,
}  # fmt: skip


def slip_script(code: str) -> str:
    """A slip's gradient check by itself.

    Args:      code: key of engine.slips.SLIPS.
    Returns:   a script; it prints a line "claimed ... numerical ..." for each case.
    Raises:    InputError: unknown code.
    """
    return _TEMPLATE.format(body=_BODIES[errors.one_of("slip", code, _BODIES)])
