"""Two runs in formulas: the difference of their losses, the distance of their parameters, the sign test."""

import math

from engine.lab_pair import Parting, Summary
from engine.paired_seeds import Paired
from pages.shared.formulas.lines import aligned, bracketed
from pages.shared.numbers import tex

DIGITS = 4


def loss_difference(first: Summary, second: Summary) -> str:
    """The last loss of B minus that of A: of the test samples, where there are some."""
    tested = first.test_loss is not None and second.test_loss is not None
    a, b = (one.test_loss if tested else one.train_loss for one in (first, second))
    kind = "test" if tested else "train"
    lines = [
        rf"\Delta L &= L_{{\text{{{kind}}}}}^B - L_{{\text{{{kind}}}}}^A",
        rf"&= {_number(b)} - {bracketed(_number(a))}",
    ]
    return aligned(*lines, *([rf"&= {_number(b - a)}"] if math.isfinite(b - a) else []))


def distance(parting: Parting, place: int) -> str:
    """The distance of both parameter vectors at the start and at one of the frames."""
    lines = [
        r"d(t) &= \left\lVert \theta^B(t) - \theta^A(t) \right\rVert",
        r"&= \sqrt{\textstyle\sum_i \left(\theta^B_i(t) - \theta^A_i(t)\right)^2}",
        rf"d(0) &= {_number(parting.between[0])}",
    ]
    if place:
        lines.append(rf"d({int(parting.epochs[place])}) &= {_number(parting.between[place])}")
    return aligned(*lines)


def sign_test(pairs: Paired) -> str:
    """How often chance alone is at least as one-sided."""
    n, least = pairs.lower + pairs.higher, min(pairs.lower, pairs.higher)
    ways = [str(math.comb(n, k)) for k in range(least + 1)]
    total = " + ".join(ways) if len(ways) <= 4 else rf"{ways[0]} + {ways[1]} + \dots + {ways[-1]}"
    return aligned(
        r"p &= \min\!\left(1,\ \frac{2}{2^n} \textstyle\sum_{k=0}^{m} \binom{n}{k}\right)",
        rf"n &= {n}, \quad m = {least}",
        rf"p &= \min\!\left(1,\ \frac{{2\,({total})}}{{2^{{{n}}}}}\right) = {tex(pairs.p, 3)}",
    )


def _number(value: float) -> str:
    return tex(float(value), DIGITS)
