"""The simplest deep network, one unit a layer: its gradient is a product with one factor for each layer."""

import math
from dataclasses import dataclass

import numpy as np

from engine import errors
from engine.activation_base import Activation
from engine.arrays import seal

MAX_DEPTH, MAX_SIZE = 50, 100.0


@dataclass(frozen=True)
class SlopeChain:
    """Layers 1 to depth of a chain, (depth,) each; read-only.

    z, a:     pre-activations and activations.
    slopes:   f'(z_l).
    factors:  w f'(z_l), what layer l multiplies the gradient by.
    products: of the factors from layer l to the last one, d a_depth / d a_{l-1}; the first is d a_depth / d x.
    bound:    no |d a_depth / d x| is larger, whatever x: the product of |w| times the largest slope.
    typical:  the geometric mean of the factors' sizes: the same product from equal layers.
    """

    z: np.ndarray
    a: np.ndarray
    slopes: np.ndarray
    factors: np.ndarray
    products: np.ndarray
    bound: float
    typical: float


def slope_chain(
    activation: Activation, depth: int, weight: float = 1.0, x: float = 0.5, last: Activation | None = None
) -> SlopeChain:
    """Send a number through a chain of units without biases, and its derivative back.

        z_l = w a_{l-1},   a_l = f(z_l),   a_0 = x;   d a_depth / d x = product over l of w f'(z_l)

    Args:
        activation: of every unit.
        depth:      units, 1 to 50.
        weight, x:  the weight between all of them and the input, -100 to 100.
        last:       another activation for the last unit, as a binary classifier has it; None for the same.
    Returns:   SlopeChain.
    Raises:    InputError: out_of_range, not_a_number, not_finite.
    """
    depth = errors.whole("depth", depth, 1, MAX_DEPTH)
    weight = errors.number("weight", weight, -MAX_SIZE, MAX_SIZE)
    a = [errors.number("x", x, -MAX_SIZE, MAX_SIZE)]
    units = [activation] * (depth - 1) + [last or activation]
    z, slopes = [], []
    for unit in units:
        z.append(weight * a[-1])
        slopes.append(float(unit.derivative(z[-1])))
        a.append(float(unit.f(z[-1])))
    factors = weight * np.array(slopes)
    sizes = np.abs(factors)
    return SlopeChain(
        z=seal(np.array(z)),
        a=seal(np.array(a[1:])),
        slopes=seal(np.array(slopes)),
        factors=seal(factors),
        products=seal(np.cumprod(factors[::-1])[::-1].copy()),
        bound=math.prod(abs(weight) * unit.steepest.slope for unit in units),
        typical=float(np.exp(np.log(sizes).mean())) if sizes.all() else 0.0,
    )


def layers_until(factor: float, ratio: float) -> int:
    """The smallest number of layers n with factor^n <= ratio.

    Args:      factor: by which each layer shrinks the gradient; it and ratio lie between 0 and 1, both excluded.
    Raises:    InputError: out_of_range, not_a_number, not_finite.
    """
    factor = errors.number("factor", factor, 0.0, 1.0, open_low=True, open_high=True)
    ratio = errors.number("ratio", ratio, 0.0, 1.0, open_low=True, open_high=True)
    layers = max(math.floor(math.log(ratio) / math.log(factor)) - 1, 1)  # one too few, whatever the rounding
    while factor**layers > ratio:
        layers += 1
    return layers
