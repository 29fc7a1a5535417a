"""Make initializers.npz with PyTorch 2.13: the spreads its initializers really use, and its gains.

A draw with a seed is a fixed number times the spread, so a draw divided by the standard draw with the same seed gives
the limit of a uniform, or the standard deviation of a normal, initializer.
Run: python tests/reference/initializers_make.py
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn

FANS = [(2, 2), (2, 10), (10, 1), (64, 32), (785, 512), (7, 100)]
UNIFORM = {
    "xavier_uniform": nn.init.xavier_uniform_,
    "he_uniform": lambda w: nn.init.kaiming_uniform_(w, nonlinearity="relu"),
    "lecun_uniform": lambda w: nn.init.kaiming_uniform_(w, nonlinearity="linear"),
}
NORMAL = {
    "xavier_normal": nn.init.xavier_normal_,
    "he_normal": lambda w: nn.init.kaiming_normal_(w, nonlinearity="relu"),
    "lecun_normal": lambda w: nn.init.kaiming_normal_(w, nonlinearity="linear"),
}
ACTIVATIONS = ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"]
SLOPES = [0.0, 0.01, 0.1, 0.25, 1.0]


def seeded(make):
    torch.manual_seed(0)
    return make().detach().numpy()


def spread(drawn, standard):
    largest = np.abs(standard).argmax()
    return float(drawn.flat[largest] / standard.flat[largest])


def main():
    torch.set_default_dtype(torch.float64)
    arrays = {"fans": np.array(FANS), "activations": np.array(ACTIVATIONS), "slopes": np.array(SLOPES)}
    spreads = {code: [] for code in (*UNIFORM, *NORMAL, "pytorch_linear")}
    for fan_in, fan_out in FANS:

        def empty(shape=(fan_out, fan_in)):
            return torch.empty(shape)

        flat = seeded(lambda empty=empty: empty().uniform_(-1, 1))
        bell = seeded(lambda empty=empty: empty().normal_(0, 1))
        for code, fill in UNIFORM.items():
            spreads[code].append(spread(seeded(lambda fill=fill, empty=empty: fill(empty())), flat))
        for code, fill in NORMAL.items():
            spreads[code].append(spread(seeded(lambda fill=fill, empty=empty: fill(empty())), bell))
        layer = seeded(lambda sizes=(fan_in, fan_out): nn.Linear(*sizes).weight)
        spreads["pytorch_linear"].append(spread(layer, flat))
    arrays |= {code: np.array(values) for code, values in spreads.items()}
    arrays["gains"] = np.array([nn.init.calculate_gain(name) for name in ACTIVATIONS])
    arrays["leaky_gains"] = np.array([nn.init.calculate_gain("leaky_relu", slope) for slope in SLOPES])
    np.savez_compressed(Path(__file__).with_name("initializers.npz"), **arrays)


if __name__ == "__main__":
    main()
