"""Makes layers.npz with PyTorch float64: batch normalization, dropout's scale, and networks that hold both.

python tests/reference/layers_make.py
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
EPSILON, MOMENTUM = 1e-5, 0.1


def tensor(array, gradient=True):
    return torch.tensor(array, requires_grad=gradient)


def batch_norms(rng):
    """Three batches in training, then one in evaluation, with all gradients."""
    x, dy = rng.normal(2.0, 3.0, (4, 6, 3)), rng.normal(size=(4, 6, 3))
    gamma, beta = tensor(rng.normal(size=3)), tensor(rng.normal(size=3))
    mean, var = torch.zeros(3), torch.ones(3)
    result = {"norm_x": x, "norm_dy": dy, "norm_gamma": gamma.detach().numpy(), "norm_beta": beta.detach().numpy()}
    kept = {name: [] for name in ("y", "dx", "dgamma", "dbeta", "running_mean", "running_var")}
    for batch in range(4):
        gamma.grad = beta.grad = None
        inputs = tensor(x[batch])
        y = F.batch_norm(inputs, mean, var, gamma, beta, batch < 3, MOMENTUM, EPSILON)
        y.backward(torch.tensor(dy[batch]))
        values = (y.detach(), inputs.grad, gamma.grad, beta.grad, mean, var)
        for name, value in zip(kept, values, strict=True):
            kept[name].append(value.numpy().copy())
    return result | {f"norm_{name}": np.array(values) for name, values in kept.items()}


def dropout_scale():
    """What PyTorch makes of ones: 0 or 1 / (1 - drop_rate)."""
    torch.manual_seed(0)
    y = F.dropout(torch.ones(8, 5), 0.3, training=True).numpy()
    return {"dropout_y": y, "dropout_mask": (y > 0).astype(float)}


def networks(rng):
    """2-5-4-1, tanh and sigmoid, normalized before or after the activation, with fixed dropout masks."""
    sizes, drop_rate = (2, 5, 4, 1), 0.25
    X, Y = rng.normal(size=(7, 2)), rng.uniform(size=(7, 1))
    result = {"net_X": X, "net_Y": Y}
    shapes = []
    for fan_in, fan_out in pairwise(sizes):
        shapes += [(fan_in, fan_out), (fan_out,)]
    shapes += [(size,) for size in sizes[1:-1] for _ in range(2)]
    flat = [rng.normal(size=shape) for shape in shapes]
    masks = [(rng.random((7, size)) >= drop_rate).astype(float) for size in sizes[1:-1]]
    result |= {"net_parameters": np.concatenate([part.ravel() for part in flat])}
    result |= {f"net_mask_{layer}": mask for layer, mask in enumerate(masks)}
    for place in ("before_activation", "after_activation"):
        p, running = [tensor(part) for part in flat], [(torch.zeros(n), torch.ones(n)) for n in sizes[1:-1]]
        a = torch.tensor(X)
        for layer in range(3):
            z = a @ p[2 * layer] + p[2 * layer + 1]
            if layer == 2:
                a = torch.sigmoid(z)
                break
            norm = (*running[layer], p[6 + 2 * layer], p[7 + 2 * layer], True, MOMENTUM, EPSILON)
            before = place == "before_activation"
            a = torch.tanh(F.batch_norm(z, *norm)) if before else F.batch_norm(torch.tanh(z), *norm)
            a = a * torch.tensor(masks[layer]) / (1 - drop_rate)
        F.mse_loss(a, torch.tensor(Y)).backward()
        result[f"net_{place}_outputs"] = a.detach().numpy()
        result[f"net_{place}_gradient"] = np.concatenate([part.grad.numpy().ravel() for part in p])
        result[f"net_{place}_statistics"] = np.concatenate([part.numpy() for pair in running for part in pair])
    return result


if __name__ == "__main__":
    random = np.random.default_rng(0)
    np.savez_compressed(
        Path(__file__).parent / "layers.npz", **batch_norms(random), **dropout_scale(), **networks(random)
    )
