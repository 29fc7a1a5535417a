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
OF_CODES = ACTIVATIONS | {
    "squared_error": "(a − y)²",
    "half_squared_error": "½ (a − y)²",
    "cross_entropy": "Cross-entropy",
    "cross_entropy_with_logits": "Cross-entropy (logits)",
}
