"""Make activations.npz with PyTorch 2.13, float64: f and f' of every activation, on a grid with all kinks and ±30.

Derivatives are autograd's. Two functions are spelled differently from torch.nn.functional, which is less exact there:
hardsigmoid's backward pass uses 1/6 rounded to float32, so it is written as relu6(z + 3) / 6; softplus returns z itself
above a threshold of 20, which is raised to 100.
Run: python tests/reference/activations_make.py
"""

import json
import math
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

FUNCTIONS = {
    "step": lambda z: (z > 0) + 0.0 * z,
    "linear": lambda z: 1.0 * z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "arctan": torch.atan,
    "softsign": F.softsign,
    "gaussian_sigmoid": lambda z: torch.erf(math.sqrt(math.pi) / 2 * z),
    "hard_sigmoid": lambda z: F.relu6(z + 3) / 6,
    "relu": F.relu,
    "leaky_relu": lambda z, alpha: F.leaky_relu(z, negative_slope=alpha),
    "elu": F.elu,
    "selu": F.selu,
    "softplus": lambda z: F.softplus(z, threshold=100),
    "swish": lambda z, beta: z * torch.sigmoid(beta * z),
    "gelu": F.gelu,
    "gelu_tanh": lambda z: F.gelu(z, approximate="tanh"),
    "mish": F.mish,
    "hard_swish": F.hardswish,
}
PARAMETERS = [
    ("leaky_relu", {"alpha": 0.1}),
    ("leaky_relu", {"alpha": 0.01}),
    ("elu", {"alpha": 1.0}),
    ("elu", {"alpha": 2.5}),
    ("swish", {"beta": 1.0}),
    ("swish", {"beta": 0.3}),
    ("swish", {"beta": 4.0}),
]
TEMPERATURES = [0.1, 1.0, 5.0]


def grid():
    """Whole numbers to ±30, among them every kink (-3, 0, 3), and a finer part around 0."""
    return np.union1d(np.arange(-30.0, 31.0), np.linspace(-6, 6, 81))


def value_and_slope(function, z, parameters):
    z = torch.tensor(z, requires_grad=True)
    a = function(z, **parameters)
    a.sum().backward()
    return np.stack([a.detach().numpy(), z.grad.numpy()])


def main():
    torch.set_default_dtype(torch.float64)
    with_parameters = {name for name, _ in PARAMETERS}
    cases = [(name, {}) for name in FUNCTIONS if name not in with_parameters] + PARAMETERS
    arrays = {"z": grid(), "cases": np.array(json.dumps(cases))}
    for number, (name, parameters) in enumerate(cases):
        arrays[f"case_{number}"] = value_and_slope(FUNCTIONS[name], arrays["z"], parameters)
    arrays["scores"] = np.random.default_rng(0).normal(0, 3, (2, 4, 5)).round(3)
    for temperature in TEMPERATURES:
        scores = torch.tensor(arrays["scores"])
        arrays[f"softmax_{temperature}"] = torch.softmax(scores / temperature, -1).numpy()
        arrays[f"log_softmax_{temperature}"] = torch.log_softmax(scores / temperature, -1).numpy()
        matrices = [
            torch.autograd.functional.jacobian(lambda z, t=temperature: torch.softmax(z / t, -1), row).numpy()
            for row in scores.reshape(-1, 5)
        ]
        arrays[f"jacobian_{temperature}"] = np.array(matrices).reshape(2, 4, 5, 5)
    np.savez_compressed(Path(__file__).with_name("activations.npz"), **arrays)


if __name__ == "__main__":
    main()
