"""Make classic.npz with PyTorch 2.13, float64: 20 epochs of the lab's classic default, batch by batch.

Samples, start and the order of the examples come from the engine and from NumPy's generator, and are kept beside the
results; forward pass, loss, gradients and updates are PyTorch's: linear, tanh, autograd, torch.optim.SGD.
Run from the repository: PYTHONPATH=. python tests/reference/classic_make.py
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import torch

from engine.lab_presets import PRESETS

EPOCHS, BATCH, RATE = 20, 10, 0.03
SIZES = [2, 4, 2, 1]


def model_of(start: np.ndarray) -> torch.nn.Sequential:
    """The network from flat parameters: for each layer W (fan_in, fan_out), row by row, then b."""
    parts, place = [], 0
    for fan_in, fan_out in pairwise(SIZES):
        linear = torch.nn.Linear(fan_in, fan_out)
        block = torch.tensor(start[place : place + (fan_in + 1) * fan_out]).reshape(fan_in + 1, fan_out)
        place += (fan_in + 1) * fan_out
        with torch.no_grad():
            linear.weight.copy_(block[:-1].T)
            linear.bias.copy_(block[-1])
        parts += [linear, torch.nn.Tanh()]
    return torch.nn.Sequential(*parts)


def flat(model: torch.nn.Sequential) -> np.ndarray:
    with torch.no_grad():
        return torch.cat(
            [torch.cat([m.weight.T, m.bias[None]]).reshape(-1) for m in model if hasattr(m, "bias")]
        ).numpy()


def main():
    torch.set_default_dtype(torch.float64)
    config = PRESETS["classic"]
    train, test = config.parts
    arrays = {"X": train.X, "Y": train.targets, "X_test": test.X, "Y_test": test.targets, "start": config.first[0]}
    model = model_of(config.first[0])
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    tensors = {name: torch.tensor(array.copy()) for name, array in arrays.items()}

    def half_squared_error(X, Y):
        return 0.5 * torch.nn.functional.mse_loss(model(X), Y)

    orders, parameters, losses = [], [flat(model)], []
    rng = np.random.default_rng([0, 1])  # of training seed 0, stream 1
    for epoch in range(EPOCHS + 1):
        if epoch:
            orders.append(rng.permutation(len(train)))
            for rows in torch.tensor(orders[-1]).split(BATCH):
                optimizer.zero_grad()
                half_squared_error(tensors["X"][rows], tensors["Y"][rows]).backward()
                optimizer.step()
            parameters.append(flat(model))
        with torch.no_grad():
            pairs = (("X", "Y"), ("X_test", "Y_test"))
            losses.append([half_squared_error(tensors[X], tensors[Y]).item() for X, Y in pairs])
    arrays |= {"orders": np.array(orders), "parameters": np.array(parameters), "losses": np.array(losses)}
    np.savez_compressed(Path(__file__).with_name("classic.npz"), **arrays)


if __name__ == "__main__":
    main()
