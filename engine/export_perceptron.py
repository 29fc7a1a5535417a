"""A step unit on a gate as a Python script that needs NumPy alone."""

from engine.gates import POINTS, Gate
from engine.perceptron import MAX_WEIGHT, bounded

_DECIDE = """import numpy as np

# {name}
X = np.array({points})
target = np.array({target})
w, b = np.array({weights}), {bias!r}

z = X @ w + b
rounding = 5 * np.finfo(float).eps * (np.abs(X) @ np.abs(w) + abs(b))
z = np.where(np.abs(z) <= rounding, 0.0, z)  # what rounding cannot tell from 0 is 0
output = np.where(z > 0, 1, 0)

norm = np.hypot(w[0], w[1])
margin = (2 * target - 1) * z / norm + 0.0 if norm > 0 else np.full(4, np.nan)

print("x1 x2 z output target margin")
for x, *row in zip(X, z, output, target, margin):
    print(*x, *(number.item() for number in row))
print("right answers:", (output == target).sum())
"""


def decide_script(weights, bias: float, gate: Gate) -> str:
    """One step unit and its answers to the four inputs of a gate, as engine.perceptron.evaluate computes them.

    Args:
        weights: shape (2,), within +-1e18.
        bias: within +-1e18.
        gate: gives the targets.
    Returns: a script; it prints "x1 x2 z output target margin" for each input, then how many answers are right.
    Raises:
        InputError: not_a_number, not_finite, out_of_range.
    """
    return _DECIDE.format(
        name=gate.name,
        points=POINTS.astype(int).tolist(),
        target=list(gate.outputs),
        weights=bounded("weights", weights, MAX_WEIGHT).tolist(),
        bias=float(bounded("bias", bias, MAX_WEIGHT)),
    )
