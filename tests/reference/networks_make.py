"""Make networks.npz with PyTorch 2.13, float64: forward and backward passes of networks with mixed activations.

Every z, a, dz, da, dW and db is kept; gradients are autograd's. W has the shape (fan_in, fan_out).
Run: python tests/reference/networks_make.py
"""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from activations_make import FUNCTIONS
from losses_make import LOSSES

SIZES, SAMPLES = [4, 5, 3, 2], 6
CASES = [  # activations of the three layers, loss, reduction
    (["tanh", "relu", "sigmoid"], "cross_entropy", "mean"),
    (["sigmoid", "sigmoid", "sigmoid"], "half_squared_error", "sum"),
    (["elu", "swish", "linear"], "squared_error", "mean"),
    (["gelu", "leaky_relu", "linear"], "softmax_cross_entropy", "mean"),
    (["mish", "softsign", "linear"], "cross_entropy_with_logits", "sum"),
    (["hard_swish", "softplus", "linear"], "huber", "mean"),
    (["selu", "gelu_tanh", "arctan"], "log_cosh", "sum"),
    (["gaussian_sigmoid", "hard_sigmoid", "linear"], "absolute_error", "mean"),
]
PARAMETERS = {"leaky_relu": {"alpha": 0.1}, "elu": {"alpha": 1.0}, "swish": {"beta": 1.0}}


def passes(W, b, X, Y, activations, loss, reduction):
    """All arrays of one forward and backward pass."""
    W, b = [[torch.tensor(array, requires_grad=True) for array in arrays] for arrays in (W, b)]
    a, z = [torch.tensor(X, requires_grad=True)], []
    for layer, name in enumerate(activations):
        z.append(a[-1] @ W[layer] + b[layer])
        a.append(FUNCTIONS[name](z[-1], **PARAMETERS.get(name, {})))
    for tensor in (*z, *a):
        tensor.retain_grad()
    value = LOSSES[loss](a[-1], torch.tensor(Y), reduction=reduction)
    value.backward()
    values = {"loss": [value.detach()], "z": z, "a": a}
    gradients = {"dz": z, "da": a, "dW": W, "db": b}
    arrays = {name: [tensor.detach().numpy() for tensor in tensors] for name, tensors in values.items()}
    return arrays | {name: [tensor.grad.numpy() for tensor in tensors] for name, tensors in gradients.items()}


def main():
    torch.set_default_dtype(torch.float64)
    rng = np.random.default_rng(2)
    fans = list(pairwise(SIZES))
    W, b = [rng.normal(0, 0.8, fan) for fan in fans], [rng.normal(0, 0.3, fan_out) for _, fan_out in fans]
    X, Y = rng.normal(0, 1.5, (SAMPLES, SIZES[0])), np.eye(SIZES[-1])[rng.integers(0, SIZES[-1], SAMPLES)]
    arrays = {"cases": np.array(json.dumps(CASES)), "sizes": np.array(SIZES), "X": X, "Y": Y}
    arrays |= {f"W_{layer}": w for layer, w in enumerate(W)} | {f"b_{layer}": v for layer, v in enumerate(b)}
    for number, (activations, loss, reduction) in enumerate(CASES):
        for name, tensors in passes(W, b, X, Y, activations, loss, reduction).items():
            arrays |= {f"{number}_{name}_{place}": tensor for place, tensor in enumerate(tensors)}
    np.savez_compressed(Path(__file__).with_name("networks.npz"), **arrays)


if __name__ == "__main__":
    main()
