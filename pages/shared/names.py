"""Proper names that are the same in every language."""

from engine import gates
from engine.optimizers import OPTIMIZERS as RULES

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
GATES = {  # of the inputs x₁ and x₂, the well-known ones first
    "and": "AND",
    "or": "OR",
    "nand": "NAND",
    "xor": "XOR",
    "nor": "NOR",
    "xnor": "XNOR",
    "a": "x₁",
    "b": "x₂",
    "not_a": "NOT x₁",
    "not_b": "NOT x₂",
    "nimply": "x₁ AND NOT x₂",
    "converse_nimply": "x₂ AND NOT x₁",
    "converse_imply": "x₁ OR NOT x₂",
    "imply": "x₂ OR NOT x₁",
    "true": "TRUE",
    "false": "FALSE",
}
GATES_WITH_OUTPUTS = {  # for 00, 01, 10, 11
    code: f"{name}  ({' '.join(map(str, gates.gate(code).outputs))})" for code, name in GATES.items()
}
OPTIMIZERS = {code: rule.title for code, rule in RULES.items()}
OF_CODES = ACTIVATIONS | {
    "squared_error": "(a − y)²",
    "half_squared_error": "½ (a − y)²",
    "cross_entropy": "Cross-entropy",
    "cross_entropy_with_logits": "Cross-entropy (logits)",
}
