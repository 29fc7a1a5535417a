"""The weights of one layer as a script that needs NumPy alone: drawn, measured, counted outside of the histogram."""

from collections.abc import Mapping

from engine.drawn_weights import DrawConfig
from engine.initializers import VarianceScaling
from engine.weight_schemes import Constant, Initializer, Normal, Orthogonal

FANS = {"fan_in": "fan_in", "fan_out": "fan_out", "fan_avg": "((fan_in + fan_out) / 2)"}

_START = """import math

import numpy as np

fan_in, fan_out, seed = {fan_in}, {fan_out}, {seed}
low, high = {low!r}, {high!r}  # of the histogram


def told(name, std, W):
    s = W.std() if W.max() > W.min() else 0.0  # the mean of equal numbers is rounded, and they would differ from it
    print(name, "std in theory", repr(float(std)), "of the sample", repr(float(s)))
    print(name, "mean", repr(float(W.mean())), "from", repr(float(W.min())), "to", repr(float(W.max())))
    print(name, "outside of the histogram", int((W < low).sum() + (W > high).sum()), "of", W.size)
"""

_END = """
# the two rules that are called Xavier, and note 004's line with its brackets as printed
print("1/n_in", repr(math.sqrt(1 / fan_in)))
print("2/(n_in+n_out)", repr(math.sqrt(1 / ((fan_in + fan_out) / 2))))
print("brackets as printed", repr(math.sqrt(2.0 / fan_in + fan_out)))
"""

_ORTHOGONAL = """std = {gain!r} / math.sqrt(max(fan_in, fan_out))
Q, R = np.linalg.qr(rng.normal(size=(max(fan_in, fan_out), min(fan_in, fan_out))))
Q *= np.copysign({gain!r}, np.diagonal(R))
W = Q if fan_in >= fan_out else Q.T.copy()"""


def drawn_script(configs: Mapping[str, DrawConfig]) -> str:
    """Layers of the same size, each drawn by its own scheme.

    Args:    configs: name, of letters and signs without quotes -> what is drawn; all with one size, seed and range.
    Returns: a script; for each name it prints its standard deviations, its mean and its ends, and how many weights lie
             outside of the histogram; then the two rules called Xavier, and note 004's slip.
    """
    first = next(iter(configs.values()))
    half = float(first.half_width)
    start = _START.format(fan_in=first.fan_in, fan_out=first.fan_out, seed=first.seed, low=-half, high=half)
    return start + "".join(_scheme(name, config) for name, config in configs.items()) + _END


def _scheme(name: str, config: DrawConfig) -> str:
    code = _code(config.initializer)
    return f'\nrng = np.random.default_rng([seed, {config.stream}])\n{code}\ntold("{name}", std, W)\n'


def _code(initializer: Initializer) -> str:
    if isinstance(initializer, Constant):
        return f"std = 0.0\nW = np.full((fan_in, fan_out), {initializer.value!r})"
    if isinstance(initializer, Orthogonal):
        return _ORTHOGONAL.format(gain=initializer.gain)
    if isinstance(initializer, VarianceScaling):
        std = f"math.sqrt({initializer.scale!r} / {FANS[initializer.mode]})"
        uniform, limit = initializer.distribution == "uniform", "math.sqrt(3) * std"
    else:
        uniform = not isinstance(initializer, Normal)
        std = f"{initializer.bound!r} / math.sqrt(3)" if uniform else repr(initializer.sigma)
        limit = repr(initializer.bound) if uniform else ""
    if uniform:
        return f"std = {std}\nlimit = {limit}\nW = rng.uniform(-limit, limit, (fan_in, fan_out))"
    return f"std = {std}\nW = rng.normal(0.0, std, (fan_in, fan_out))"
