"""The weights that a scheme draws for one layer, counted and measured beside what theory says of them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.arrays import seal
from engine.cost import Cost, of_numbers
from engine.erf import erfc
from engine.histograms import MAX_BINS, count
from engine.initializers import NAMED, VarianceScaling
from engine.signal import SATURATED
from engine.weight_schemes import MAX_FAN, Constant, Initializer, Orthogonal

MAX_SEED = 2**32 - 1
KEPT = 0.03  # megabytes of a result, whatever it takes to make it
MAX_REACH = 100.0
MARGIN = 1.1  # a bounded distribution is shown to a little beyond its bound
CURVE_POINTS = 241
FOURTH_MOMENT = {"normal": 3.0, "uniform": 9 / 5}  # E[w^4] / sigma^4
PER_DRAW, PER_QR = 40, 0.6  # operations: of a weight drawn and counted; of a product inside a QR factorization


@dataclass(frozen=True)
class DrawConfig:
    """One layer's weights and how they are counted.

    Args:
        initializer: the scheme. fan_in, fan_out: units before and after the weights, 1 to 4096 (orthogonal: 1024).
        seed: 0 to 2^32 - 1. stream: which of several draws from this seed, so that two layers side by side are
            independent of each other.
        half_width: the histogram goes from -half_width to half_width, above 0. bins: of it, 1 to 1000.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """

    initializer: Initializer
    fan_in: int
    fan_out: int
    seed: int = 0
    stream: int = 0
    half_width: float = 1.0
    bins: int = 61

    def __post_init__(self):
        errors.whole("fan_in", self.fan_in, 1, MAX_FAN)
        errors.whole("fan_out", self.fan_out, 1, MAX_FAN)
        errors.whole("seed", self.seed, 0, MAX_SEED)
        errors.whole("stream", self.stream, 0, MAX_SEED)
        errors.number("half_width", self.half_width, 0.0, open_low=True)
        errors.whole("bins", self.bins, 1, MAX_BINS)

    @property
    def n_weights(self) -> int:
        return self.fan_in * self.fan_out

    @property
    def cost(self) -> Cost:
        """Of `draw`."""
        operations = PER_DRAW * self.n_weights
        if isinstance(self.initializer, Orthogonal):
            operations += PER_QR * self.n_weights * min(self.fan_in, self.fan_out)
        return of_numbers(operations, 3 * self.n_weights).keeping(KEPT)


@dataclass(frozen=True, eq=False)
class Drawn:
    """What was drawn, and what theory says; read-only arrays, no weight is kept.

    counts: (bins,), of the histogram. below, above: weights outside of it. edges: (bins + 1,).
    heights: (bins,), the counts as a density: count / (n_weights * width of a bin); their area is the share inside.
    mean, std: of the sample, over n_weights (not n_weights - 1). smallest, largest: of the sample.
    theory: the standard deviation in theory. std_error: how far a sample's lies from it, typically; see `std_error`.
    limit: the largest size a weight can have, None without a bound.
    w, density: the curve of theory over the histogram, without its infinite points.
    point_masses: (weight, probability) where theory has no density.
    """

    counts: np.ndarray
    below: int
    above: int
    edges: np.ndarray
    heights: np.ndarray
    mean: float
    std: float
    smallest: float
    largest: float
    theory: float
    std_error: float
    limit: float | None
    w: np.ndarray
    density: np.ndarray
    point_masses: tuple[tuple[float, float], ...]


def draw(config: DrawConfig) -> Drawn:
    """Draw the weights once, count and measure them.

    Args: config: what to draw; the same config gives the same result.
    Raises: InputError: out_of_range, where the scheme cannot be drawn in this size.
    """
    c, of = config, (config.fan_in, config.fan_out)
    W = c.initializer.draw(np.random.default_rng([c.seed, c.stream]), *of)
    below, *inside, above = count(W, -c.half_width, c.half_width, c.bins).tolist()
    edges = np.linspace(-c.half_width, c.half_width, c.bins + 1)
    heights = np.array(inside) / (c.n_weights * (2 * c.half_width / c.bins))
    w, density = _curve(c)
    return Drawn(
        counts=seal(np.array(inside)),
        below=below,
        above=above,
        edges=seal(edges),
        heights=seal(heights),
        mean=float(W.mean()),
        std=_std(W),
        smallest=float(W.min()),
        largest=float(W.max()),
        theory=c.initializer.std(*of),
        std_error=std_error(c.initializer, *of),
        limit=c.initializer.limit(*of),
        w=seal(w),
        density=seal(density),
        point_masses=_point_masses(c.initializer, *of),
    )


def _std(W: np.ndarray) -> float:
    """Exactly 0 for equal weights, whose mean is rounded and differs from them."""
    return float(W.std()) if W.max() > W.min() else 0.0


def _curve(config: DrawConfig) -> tuple[np.ndarray, np.ndarray]:
    """The density over the histogram's range; both sides of a jump are points of it."""
    c = config
    w = np.linspace(-c.half_width, c.half_width, CURVE_POINTS)
    limit = c.initializer.limit(c.fan_in, c.fan_out)
    if limit:
        ends = np.array([limit, np.nextafter(limit, np.inf)])
        w = np.union1d(w, np.concatenate([-ends, ends])[np.tile(ends <= c.half_width, 2)])
    density = c.initializer.density(w, c.fan_in, c.fan_out)
    finite = np.isfinite(density)
    return w[finite], density[finite]


def _point_masses(initializer: Initializer, fan_in: int, fan_out: int) -> tuple[tuple[float, float], ...]:
    if isinstance(initializer, Constant):
        return ((initializer.value, 1.0),)
    if isinstance(initializer, Orthogonal) and max(fan_in, fan_out) == 1:
        return ((-initializer.gain, 0.5), (initializer.gain, 0.5))
    return ()


def half_width(initializers: Iterable[Initializer], fan_in: int, fan_out: int, reach: float = 4.0) -> float:
    """A range for all of these schemes: `reach` standard deviations of the widest, or to just beyond its bound.

    Args:    reach: 0.1 to 100. The others as in DrawConfig.
    Returns: half of the range, around 0; 1 where all weights are 0.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    """
    reach = errors.number("reach", reach, 0.1, MAX_REACH)
    return max(_half_width(scheme, fan_in, fan_out, reach) for scheme in initializers) or 1.0


def _half_width(initializer: Initializer, fan_in: int, fan_out: int, reach: float) -> float:
    if isinstance(initializer, Constant):
        return 1.5 * abs(initializer.value)
    spread, limit = reach * initializer.std(fan_in, fan_out), initializer.limit(fan_in, fan_out)
    return spread if limit is None else min(spread, MARGIN * limit)


def std_error(initializer: Initializer, fan_in: int, fan_out: int) -> float:
    """How far the standard deviation of a sample lies from that of theory, typically: its own standard deviation.

        sigma * sqrt((kurtosis - 1) / (4 n)) :  normal, sigma / sqrt(2 n) ;  uniform, sigma / sqrt(5 n)

    Returns: 0 for constant weights, which do not vary, and for orthogonal ones: the squares of all of them sum to
             gain^2 min(fan_in, fan_out) whatever is drawn.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    Convention: n = fan_in * fan_out weights, drawn independently; exact as n grows, rough below some 30.
    """
    if isinstance(initializer, (Constant, Orthogonal)):
        return 0.0
    kurtosis = FOURTH_MOMENT["normal" if initializer.limit(fan_in, fan_out) is None else "uniform"]
    return initializer.std(fan_in, fan_out) * math.sqrt((kurtosis - 1) / (4 * fan_in * fan_out))


@dataclass(frozen=True)
class Effect:
    """What weights do to inputs of mean 0 and variance 1 that are independent of each other, and to gradients.

    size: root of the mean square of a weight. forward: n_in E[w^2], by which the signal's variance is multiplied.
    backward: n_out E[w^2], likewise the gradient's. z_std: of the pre-activations, without biases. saturated: the share
    of sigmoids whose slope is at most 5% of the largest, for normal pre-activations.
    """

    size: float
    forward: float
    backward: float
    z_std: float
    saturated: float


MANY = 20  # inputs: the share of saturated sigmoids takes a sum of so many as normal


def effect(size: float, fan_in: int, fan_out: int) -> Effect:
    """What weights of this size do in one layer.

        Var(z) = n_in E[w^2],   Var(da_prev) = n_out E[w^2] Var(dz)

    Args:   size: root of the mean square of a weight, at least 0; the standard deviation where the mean is 0.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    Source: Glorot and Bengio (2010), eq. 5 to 12.
    """
    size = errors.number("size", size, 0.0)
    forward = errors.whole("fan_in", fan_in, 1, MAX_FAN) * size**2
    backward = errors.whole("fan_out", fan_out, 1, MAX_FAN) * size**2
    z_std = math.sqrt(forward)
    # sigma'(z) = (1 - t^2) / 4 with t = tanh(z / 2): at most 5% of 1/4 where t^2 is at least 95%
    flat_from = 2 * math.atanh(math.sqrt(1 - SATURATED))
    saturated = float(erfc(flat_from / (z_std * math.sqrt(2)))) if z_std else 0.0
    return Effect(size, forward, backward, z_std, saturated)


def size(initializer: Initializer, fan_in: int, fan_out: int) -> float:
    """The root of the mean square of a weight: the standard deviation, or the size of a constant."""
    return abs(initializer.value) if isinstance(initializer, Constant) else initializer.std(fan_in, fan_out)


# the two rules that are called Xavier --------------------------------------------------------------------------

FAN_IN_RULE: VarianceScaling = NAMED["lecun_normal"]
AVERAGE_RULE: VarianceScaling = NAMED["xavier_normal"]


@dataclass(frozen=True, eq=False)
class TwoRules:
    """The standard deviations by 1 / n_in and by 2 / (n_in + n_out), (n,) each; read-only."""

    fan_out: np.ndarray
    by_fan_in: np.ndarray
    by_average: np.ndarray


def two_rules(fan_in: int, fan_outs: Sequence[int]) -> TwoRules:
    """Both rules that are called Xavier for one fan_in and several fan_out.

        sqrt(1 / n_in)   (note 000; LeCun)   and   sqrt(2 / (n_in + n_out))   (note 004; Glorot)

    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    stds = [[rule.std(fan_in, fan_out) for fan_out in fan_outs] for rule in (FAN_IN_RULE, AVERAGE_RULE)]
    return TwoRules(*(seal(np.array(values)) for values in (fan_outs, *stds)))


def fan_outs(most: int = 1024, n: int = 60) -> tuple[int, ...]:
    """Whole numbers from 1 to `most`, about evenly on a logarithmic axis; at most n of them."""
    return tuple(np.unique(np.geomspace(1, most, n).round().astype(int)).tolist())


def fan_out_where_apart(fan_in: int, ratio: float) -> float:
    """The fan_out at which the std by 1 / n_in is `ratio` times the one by 2 / (n_in + n_out).

        sqrt((n_in + n_out) / (2 n_in)) = ratio,   so   n_out = (2 ratio^2 - 1) n_in

    Args:   ratio: above sqrt(1/2), where n_out would be 0.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    fan_in = errors.whole("fan_in", fan_in, 1, MAX_FAN)
    return (2 * errors.number("ratio", ratio, math.sqrt(0.5), open_low=True) ** 2 - 1) * fan_in
