"""How the weights of a layer are drawn: variance scaling, its named cases, and every scheme by its code.

Xavier, He, LeCun and PyTorch's default are no separate ideas: they are points of one space, `VarianceScaling`.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from engine.errors import finite, number, one_of
from engine.weight_schemes import (
    MAX_SIZE,
    Constant,
    Initializer,
    Normal,
    Orthogonal,
    Uniform,
    fans,
    normal_density,
    uniform_density,
)

MODES = ("fan_in", "fan_out", "fan_avg")
DISTRIBUTIONS = ("normal", "uniform")


@dataclass(frozen=True)
class VarianceScaling(Initializer):
    """A spread that follows the layer's size, so that signals neither fade nor grow from layer to layer.

        Var(w) = scale / n ;  normal: std = sqrt(scale / n) ;  uniform: limit = sqrt(3 scale / n)

    Args:
        scale: variance of the sum of n weights, above 0: 1 keeps a linear layer's variance, 2 makes up for the half
            that ReLU cuts off, gain^2 in general.
        mode: which n. "fan_in" keeps the forward signal, "fan_out" the backward one, "fan_avg" is their compromise.
        distribution: "normal" or "uniform".
    Raises: InputError: out_of_range, unknown_name.
    Convention: a plain normal distribution (PyTorch); Keras cuts it at two standard deviations and widens it to match.
    Source: Glorot and Bengio (2010), eq. 12 and 16; He et al. (2015), section 2.2; LeCun et al. (1998), section 4.6.
    """

    scale: float = 1.0
    mode: str = "fan_in"
    distribution: str = "normal"

    def __post_init__(self):
        object.__setattr__(self, "scale", number("scale", self.scale, 0, MAX_SIZE, open_low=True))
        one_of("mode", self.mode, MODES)
        one_of("distribution", self.distribution, DISTRIBUTIONS)

    def std(self, fan_in, fan_out):
        fan_in, fan_out = fans(fan_in, fan_out)
        n = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        return math.sqrt(self.scale / n)

    def limit(self, fan_in, fan_out):
        # A uniform distribution on (-limit, limit) has the variance limit^2 / 3.
        return math.sqrt(3) * self.std(fan_in, fan_out) if self.distribution == "uniform" else None

    def density(self, w, fan_in, fan_out):
        if self.distribution == "normal":
            return normal_density(finite("w", w), self.std(fan_in, fan_out))
        return uniform_density(finite("w", w), self.limit(fan_in, fan_out))

    @property
    def formula(self):
        # The average's 1/2 and the uniform's 3 move into the numerator: 2 / (n_in + n_out) and 6 / (n_in + n_out).
        n = {"fan_in": r"n_\text{in}", "fan_out": r"n_\text{out}", "fan_avg": r"n_\text{in} + n_\text{out}"}[self.mode]
        numerator = self.scale * (2 if self.mode == "fan_avg" else 1)
        if self.distribution == "normal":
            return rf"w \sim \mathcal{{N}}\!\left(0,\ \frac{{{numerator:.4g}}}{{{n}}}\right)"
        root = rf"\sqrt{{\frac{{{3 * numerator:.4g}}}{{{n}}}}}"
        return rf"w \sim \mathcal{{U}}\!\left(-{root},\ {root}\right)"

    def _sample(self, rng, shape):
        if self.distribution == "normal":
            return rng.normal(0.0, self.std(*shape[-2:]), shape)
        limit = self.limit(*shape[-2:])
        return rng.uniform(-limit, limit, shape)


NAMED: Mapping[str, VarianceScaling] = MappingProxyType(
    {
        "lecun_normal": VarianceScaling(1.0, "fan_in", "normal"),  # note 000 calls this one Xavier
        "lecun_uniform": VarianceScaling(1.0, "fan_in", "uniform"),
        "xavier_normal": VarianceScaling(1.0, "fan_avg", "normal"),
        "xavier_uniform": VarianceScaling(1.0, "fan_avg", "uniform"),
        "he_normal": VarianceScaling(2.0, "fan_in", "normal"),
        "he_uniform": VarianceScaling(2.0, "fan_in", "uniform"),
        # nn.Linear calls kaiming_uniform_ with a = sqrt(5): gain^2 = 2 / (1 + 5), which is U(±1 / sqrt(fan_in)).
        "pytorch_linear": VarianceScaling(1 / 3, "fan_in", "uniform"),
    }
)

FAMILIES: Mapping[str, Callable[..., Initializer]] = MappingProxyType(
    {
        "zeros": Constant,
        "constant": Constant,
        "normal": Normal,
        "uniform": Uniform,
        "orthogonal": Orthogonal,
        "variance_scaling": VarianceScaling,
    }
)

CODES: tuple[str, ...] = (*FAMILIES, *NAMED)


def initializer(code: str, **parameters) -> Initializer:
    """The scheme with this stable code.

    Args:
        code: one of CODES.
        parameters: the fields of the scheme's class, such as sigma=0.01 for "normal"; a named case takes `gain` alone,
            which multiplies the standard deviation.
    Raises: InputError: unknown_name for the code or a parameter, and what the class itself refuses.
    """
    one_of("initializer", code, CODES)
    for name in parameters:
        one_of("parameter", name, _parameters_of(code))
    if code in FAMILIES:
        return FAMILIES[code](**parameters)
    factor = number("gain", parameters.get("gain", 1.0), 0, 1000, open_low=True)
    return replace(NAMED[code], scale=NAMED[code].scale * factor**2)


def _parameters_of(code: str) -> tuple[str, ...]:
    if code in NAMED:
        return ("gain",)
    return () if code == "zeros" else tuple(FAMILIES[code].__dataclass_fields__)


def gain(activation: str, negative_slope: float = 0.01) -> float:
    """The factor that makes up for what an activation does to the spread of a signal; scale = gain^2.

        ReLU: sqrt(2) ;  leaky ReLU: sqrt(2 / (1 + negative_slope^2)) ;  tanh: 5/3 ;  linear, sigmoid: 1

    Args:
        activation: "linear", "sigmoid", "tanh", "relu", "leaky_relu" or "selu".
        negative_slope: of the leaky ReLU, -1000 to 1000.
    Raises: InputError: unknown_name, not_a_number, not_finite, out_of_range.
    Convention: PyTorch's table; its 1 for the sigmoid and 5/3 for tanh are rules of thumb, the others are exact.
    Source: He et al. (2015), eq. 15 for the leaky ReLU; torch.nn.init.calculate_gain.
    """
    slope = number("negative_slope", negative_slope, -1000, 1000)
    gains = {
        "linear": 1.0,
        "sigmoid": 1.0,
        "tanh": 5 / 3,
        "relu": math.sqrt(2),
        "leaky_relu": math.sqrt(2 / (1 + slope**2)),
        "selu": 3 / 4,
    }
    return gains[one_of("activation", activation, gains)]


def xavier_std_bracket_slip(fan_in: int, fan_out: int) -> float:
    """What note 004's printed code computes for Xavier's standard deviation: a pair of brackets is missing.

        sqrt(2.0 / fan_in + fan_out)  instead of  sqrt(2.0 / (fan_in + fan_out))

    At 785 x 512 that is 22.6 instead of 0.039: every sigmoid behind it is saturated from the first step.

    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    fan_in, fan_out = fans(fan_in, fan_out)
    return math.sqrt(2.0 / fan_in + fan_out)
