"""Proper names that are the same in every language."""

ACTIVATIONS = {
    "step": "Step",
    "linear": "Linear",
    "sigmoid": "Sigmoid",
    "tanh": "tanh",
    "arctan": "arctan",
    "softsign": "Softsign",
    "gaussian_sigmoid": "Gaussian sigmoid",
    "hard_sigmoid": "Hard sigmoid",
    "relu": "ReLU",
    "leaky_relu": "Leaky ReLU",
    "elu": "ELU",
    "selu": "SELU",
    "softplus": "Softplus",
    "swish": "Swish",
    "gelu": "GELU",
    "gelu_tanh": "GELU (tanh)",
    "mish": "Mish",
    "hard_swish": "Hard swish",
}
OF_CODES = ACTIVATIONS | {
    "squared_error": "(a − y)²",
    "half_squared_error": "½ (a − y)²",
    "cross_entropy": "Cross-entropy",
    "cross_entropy_with_logits": "Cross-entropy (logits)",
}
