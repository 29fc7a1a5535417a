"""Proper names that are the same in every language."""

ACTIVATIONS = {
    "step": "Step",
    "linear": "Linear",
    "sigmoid": "Sigmoid",
    "tanh": "tanh",
    "relu": "ReLU",
    "leaky_relu": "Leaky ReLU",
    "elu": "ELU",
}
