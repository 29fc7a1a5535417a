"""A stack of layers, multiplied out and with an activation function, as a Python script that needs NumPy alone."""

from engine.activations import activation
from engine.export_code import activation_code, imports, rows
from engine.linear_stack import HIGH, LOW, SIDE, StackConfig

_SCRIPT = """{imports}

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
weights = [
{weights}
]
biases = [
{biases}
]
amount = {amount}  # of the activation function: 0 is none


def f(z):
    return {f}


def forward(a, amount):
    for layer, (W, b) in enumerate(zip(weights, biases)):
        z = a @ W + b
        hidden = layer < len(weights) - 1 and amount > 0
        a = (1 - amount) * z + amount * f(z) if hidden else z
    return a[:, 0]


W, b = weights[0], biases[0]
for next_W, next_b in zip(weights[1:], biases[1:]):
    W, b = W @ next_W, b @ next_W + next_b
print("W", *map(repr, W[:, 0].tolist()))
print("b", repr(float(b[0])))
stack, one_layer = forward(X, 0.0), (X @ W + b)[:, 0]
for i, x in enumerate(X):
    print("input", "".join(map(str, x)), "stack", repr(float(stack[i])), "one layer", repr(float(one_layer[i])),
          "with f", repr(float(forward(X, amount)[i])))
print("largest difference", repr(float(np.abs(stack - one_layer).max())))

at = np.linspace({low}, {high}, {side})
points = np.stack(np.meshgrid(at, at[::-1]), axis=-1).reshape(-1, 2)
values = forward(points, amount)
basis = np.hstack([points, np.ones((len(points), 1))])
best = np.linalg.lstsq(basis, values, rcond=None)[0]
print("largest distance from a straight map", repr(float(np.abs(values - basis @ best).max())))
"""


def stack_script(config: StackConfig) -> str:
    """A stack, its numbers written out.

    Returns: a script; it prints the one layer, the outputs of both and with the activation function, and how far the
        latter are from a straight map.
    """
    stack = config.stack
    f = activation(config.kind)
    return _SCRIPT.format(
        imports="\n".join(imports([f])),
        weights="\n".join(f"    np.array({rows(W)})," for W in stack.weights),
        biases="\n".join(f"    np.array({rows([b])[0]})," for b in stack.biases),
        amount=float(config.amount),
        f=activation_code(f, "z", "a")[0],
        low=LOW,
        high=HIGH,
        side=SIDE,
    )
