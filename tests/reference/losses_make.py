"""Make losses.npz with PyTorch 2.13, float64: value and gradient of every loss, for both reductions.

The lecture notes' epsilons have no PyTorch counterpart: log_epsilon is autograd of the formula with the epsilon inside
the logarithms, division_epsilon the formula of the gradient itself, over the value without an epsilon.
Run: python tests/reference/losses_make.py
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

RUNS, SAMPLES, OUTPUTS = 2, 5, 3
CASES = [  # (loss, its parameters, kind of prediction and target)
    ("squared_error", {}, "regression"),
    ("half_squared_error", {}, "regression"),
    ("absolute_error", {}, "regression"),
    ("huber", {"delta": 1.0}, "regression"),
    ("huber", {"delta": 0.25}, "regression"),
    ("log_cosh", {}, "regression"),
    ("cross_entropy", {}, "probability"),
    ("cross_entropy", {"log_epsilon": 1e-7}, "probability"),
    ("cross_entropy", {"log_epsilon": 1e-3}, "probability"),
    ("cross_entropy", {"division_epsilon": 1e-7}, "probability"),
    ("cross_entropy", {"division_epsilon": 1e-3}, "probability"),
    ("cross_entropy_with_logits", {}, "logits"),
    ("softmax_cross_entropy", {}, "one_hot"),
    ("softmax_cross_entropy", {}, "class_probabilities"),
]


def cross_entropy(a, y, reduction, log_epsilon=0.0, division_epsilon=0.0):
    if log_epsilon:
        entries = -(y * torch.log(a + log_epsilon) + (1 - y) * torch.log(1 - a + log_epsilon))
        return entries.mean() if reduction == "mean" else entries.sum()
    return F.binary_cross_entropy(a, y, reduction=reduction)


def log_cosh(a, y, reduction):
    entries = torch.log(torch.cosh(a - y))
    return entries.mean() if reduction == "mean" else entries.sum()


LOSSES = {
    "squared_error": F.mse_loss,
    "half_squared_error": lambda a, y, reduction: 0.5 * F.mse_loss(a, y, reduction=reduction),
    "absolute_error": F.l1_loss,
    "huber": F.huber_loss,
    "log_cosh": log_cosh,
    "cross_entropy": cross_entropy,
    "cross_entropy_with_logits": F.binary_cross_entropy_with_logits,
    "softmax_cross_entropy": F.cross_entropy,
}


def data():
    """Predictions and targets of each kind, (RUNS, SAMPLES, OUTPUTS)."""
    rng = np.random.default_rng(1)
    shape = RUNS, SAMPLES, OUTPUTS
    a, y = rng.normal(0, 2, shape).round(2), rng.normal(0, 2, shape).round(2)
    y[:, 0] = a[:, 0] + [0.0, 1.0, -0.25]  # the kinks: no error, and an error of delta
    binary = rng.integers(0, 2, shape).astype(float)
    binary[:, 1] = [0.2, 0.5, 0.9]  # soft targets
    probability = rng.uniform(0.001, 0.999, shape)
    logits = rng.normal(0, 4, shape)
    logits[:, 0] = [30.0, -30.0, 0.0]
    one_hot = np.eye(OUTPUTS)[rng.integers(0, OUTPUTS, (RUNS, SAMPLES))]
    return {
        "regression": (a, y),
        "probability": (probability, binary),
        "logits": (logits, binary),
        "one_hot": (logits, one_hot),
        "class_probabilities": (logits, rng.dirichlet(np.ones(OUTPUTS), (RUNS, SAMPLES))),
    }


def value_and_gradient(name, parameters, reduction, a, y):
    a, y = torch.tensor(a, requires_grad=True), torch.tensor(y)
    value = LOSSES[name](a, y, reduction=reduction, **parameters)
    value.backward()
    gradient, epsilon = a.grad, parameters.get("division_epsilon", 0.0)
    if epsilon:
        a = a.detach()
        gradient = (a - y) / (a * (1 - a) + epsilon) / (a.numel() if reduction == "mean" else 1)
    return value.item(), gradient.numpy()


def main():
    torch.set_default_dtype(torch.float64)
    arrays = {"cases": np.array(json.dumps(CASES))}
    for kind, (prediction, target) in data().items():
        arrays[f"{kind}_prediction"], arrays[f"{kind}_target"] = prediction, target
    for number, (name, parameters, kind) in enumerate(CASES):
        for reduction in ("mean", "sum"):
            pairs = zip(*data()[kind], strict=True)
            values, gradients = zip(
                *(value_and_gradient(name, parameters, reduction, a, y) for a, y in pairs), strict=True
            )
            arrays[f"value_{number}_{reduction}"] = np.array(values)
            arrays[f"gradient_{number}_{reduction}"] = np.array(gradients)
    np.savez_compressed(Path(__file__).with_name("losses.npz"), **arrays)


if __name__ == "__main__":
    main()
