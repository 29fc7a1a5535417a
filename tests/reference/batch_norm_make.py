"""Makes batch_norm.npz with PyTorch float64: the Jacobian of a batch in both modes, and statistics stored over batches.

python tests/reference/batch_norm_make.py
"""

from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
X = torch.tensor([2.0, 4.0, 5.0, 6.0, 8.0])
GAMMA, EPSILON = 1.5, 1e-3


def jacobian(training: bool) -> np.ndarray:
    """dy_i / dx_j; in evaluation with the batch's own biased variance as the stored one."""
    mean, var = X.mean().reshape(1), X.var(unbiased=False).reshape(1)

    def forward(x):
        given = (mean.clone(), var.clone(), torch.tensor([GAMMA]), torch.zeros(1))
        return F.batch_norm(x[:, None], *given, training=training, eps=EPSILON)[:, 0]

    return torch.autograd.functional.jacobian(forward, X).numpy()


def stored(momentum: float) -> dict[str, np.ndarray]:
    batches = np.random.default_rng(7).normal(5.0, 2.0, (12, 5))
    mean, var = torch.zeros(1), torch.ones(1)
    means, variances = [0.0], [1.0]
    for batch in batches:
        F.batch_norm(torch.tensor(batch)[:, None], mean, var, training=True, momentum=momentum)
        means.append(mean.item())
        variances.append(var.item())
    return {"batches": batches, "mean": np.array(means), "var": np.array(variances), "momentum": np.array(momentum)}


if __name__ == "__main__":
    np.savez_compressed(
        Path(__file__).parent / "batch_norm.npz",
        x=X.numpy(),
        gamma=GAMMA,
        epsilon=EPSILON,
        training=jacobian(True),
        evaluation=jacobian(False),
        **stored(0.1),
    )
