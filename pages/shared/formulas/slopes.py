"""The gradient of a chain of single units, as the product of its layers' factors."""

from collections.abc import Callable, Sequence

from engine.activations import Activation
from engine.slope_product import SlopeChain
from pages.shared.formulas.lines import aligned, bracketed

Text = Callable[[float], str]


LINE = 32  # characters that fit a phone


def product(chain: SlopeChain, number: Text) -> str:
    """d a_L / d x in symbols, with its factors, and the result; of many factors the first two and the last."""
    depth = len(chain.factors)
    factors = [bracketed(number(factor)) for factor in chain.factors]
    written = factors if depth <= 3 else [*factors[:2], rf"\ldots \cdot {factors[-1]}"]
    between = r" \cdot " if sum(map(len, written)) <= LINE else r" \\ &\quad \cdot "
    left = rf"\frac{{\partial a_{{{depth}}}}}{{\partial x}}"
    return aligned(
        rf"{left} &= \prod_{{l=1}}^{{{depth}}} w\, f'(z_l)",
        rf"&= {between.join(written)}",
        rf"&= {number(chain.products[0])}",
    )


def bound(chain: SlopeChain, units: Sequence[Activation], weight: float, number: Text) -> str:
    """What |d a_L / d x| cannot exceed: |w| times the largest slope, once for each layer."""
    depth, last = len(units), units[-1]
    same = all(unit == last for unit in units)
    count = depth if same else depth - 1
    size, steepest = number(abs(weight)), number(units[0].steepest.slope)
    symbols = rf"\left(|w| \max f'\right)^{{{count}}}"
    numbers = rf"\left({size} \cdot {steepest}\right)^{{{count}}}"
    if not same:
        symbols += r" \cdot |w| \max \sigma'"
        numbers += rf" \\ &\quad \cdot {size} \cdot {number(last.steepest.slope)}"
    left = rf"\left|\frac{{\partial a_{{{depth}}}}}{{\partial x}}\right|"
    return aligned(rf"{left} &\le {symbols}", rf"&= {numbers}", rf"&= {number(chain.bound)}")
