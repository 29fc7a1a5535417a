"""How sure one can be of a share of successes, of the difference between two, and how many trials it takes.

Two single intervals that overlap say little about the difference: the difference has an interval of its own.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

from engine.errors import number, whole

MAX_TRIALS = 10_000_000
MAX_PAIRS = 100_000
ROUGH = 0.08  # so near to 0 or 1 the binomial distribution is skew at moderate numbers of trials


@dataclass(frozen=True)
class Interval:
    """An estimate and the range that holds the true value with the stated confidence."""

    estimate: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether a difference with this interval is told apart from none."""
        return self.low > 0 or self.high < 0


def wilson(successes: int, trials: int, confidence: float = 0.95) -> Interval:
    """Wilson's interval of a proportion p = successes / trials.

        (p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)

    Args:    successes: 0 to trials. trials: n, 1 to 10,000,000. confidence: 0.5 to 0.9999.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    Convention: the score interval without continuity correction; unlike p -+ z sqrt(p (1 - p) / n) it never leaves
        0 to 1, and at 0 or n successes it has not the width 0.
    Source:  Wilson (1927).
    """
    n = whole("trials", trials, 1, MAX_TRIALS)
    p, z = whole("successes", successes, 0, n) / n, _two_sided(confidence)
    middle, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + (z / (2 * n)) ** 2)
    whole_part = 1 + z * z / n
    # At 0 and n successes an end is exactly 0 or 1, which rounding would miss.
    low = 0.0 if successes == 0 else (middle - spread) / whole_part
    high = 1.0 if successes == n else (middle + spread) / whole_part
    return Interval(p, low, high)


def newcombe(successes: tuple[int, int], trials: tuple[int, int], confidence: float = 0.95) -> Interval:
    """Newcombe's interval of the difference p1 - p2 of two independent proportions.

        low  = p1 - p2 - sqrt((p1 - l1)^2 + (u2 - p2)^2)
        high = p1 - p2 + sqrt((u1 - p1)^2 + (p2 - l2)^2),   (l, u) the Wilson interval of each

    Args:    successes, trials: of both, as in `wilson`. confidence: 0.5 to 0.9999.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    Source:  Newcombe (1998), method 10.
    """
    one, other = (wilson(s, n, confidence) for s, n in zip(successes, trials, strict=True))
    difference = one.estimate - other.estimate
    down = math.hypot(one.estimate - one.low, other.high - other.estimate)
    up = math.hypot(one.high - one.estimate, other.estimate - other.low)
    return Interval(difference, difference - down, difference + up)


def newcombe_paired(both: int, first_alone: int, second_alone: int, neither: int, confidence: float = 0.95) -> Interval:
    """Newcombe's interval of the difference p1 - p2 of two proportions of the same trials, such as the same starts.

        low  = p1 - p2 - sqrt(a^2 - 2 phi a b + b^2),  a = p1 - l1,  b = u2 - p2
        high = p1 - p2 + sqrt(c^2 - 2 phi c d + d^2),  c = u1 - p1,  d = p2 - l2
        (l, u) the Wilson interval of each,  phi the correlation of the two outcomes

    Args:    both, first_alone, second_alone, neither: how many trials succeeded with both, with the first alone, …;
             together 1 to 10,000,000. confidence: 0.5 to 0.9999.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    Convention: a positive correlation is estimated with Newcombe's continuity correction, which widens the interval;
        with phi = 0 it is the interval of `newcombe`.
    Source:  Newcombe (1998), "Improved confidence intervals for the difference between binomial proportions based on
        paired data", method 10.
    """
    names = ("both", "first_alone", "second_alone", "neither")
    counts = [
        whole(name, n, 0, MAX_TRIALS) for name, n in zip(names, (both, first_alone, second_alone, neither), strict=True)
    ]
    n, (e, f, g, h) = whole("trials", sum(counts), 1, MAX_TRIALS), counts
    one, other = wilson(e + f, n, confidence), wilson(e + g, n, confidence)
    together = e * h - f * g
    spread = math.sqrt((e + f) * (g + h) * (e + g) * (f + h))
    phi = (max(together - n / 2, 0) if together > 0 else together) / spread if spread else 0.0

    def distance(a: float, b: float) -> float:
        return math.sqrt(max(a * a - 2 * phi * a * b + b * b, 0.0))

    difference = (f - g) / n
    down = distance(one.estimate - one.low, other.high - other.estimate)
    up = distance(one.high - one.estimate, other.estimate - other.low)
    return Interval(difference, difference - down, difference + up)


def p_value(successes: tuple[int, int], trials: tuple[int, int]) -> float:
    """How often a difference of two shares at least as large comes about by chance where there is none.

        z = (p1 - p2) / sqrt(p q (1 / n1 + 1 / n2)),  p the share of both together,  q = 1 - p;  2 (1 - Phi(|z|))

    Args:    successes, trials: of both, as in `wilson`.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    Convention: the two-sided score test without continuity correction, to which `trials_to_tell_apart` belongs; 1
        where all trials together succeed or fail. It is not exactly the test that Newcombe's interval stands for: at
        the border the two may differ.
    Source:  Fleiss, Levin and Paik (2003), "Statistical Methods for Rates and Proportions", section 3.1.
    """
    n1, n2 = (whole("trials", n, 1, MAX_TRIALS) for n in trials)
    s1, s2 = (whole("successes", s, 0, n) for s, n in zip(successes, (n1, n2), strict=True))
    p = (s1 + s2) / (n1 + n2)
    spread = math.sqrt(p * (1 - p) * (1 / n1 + 1 / n2))
    return math.erfc(abs(s1 / n1 - s2 / n2) / spread / math.sqrt(2)) if spread else 1.0


def power(p1: float, p2: float, trials: int, significance: float = 0.05) -> float:
    """How probably a two-sided test with `trials` for each group tells two proportions apart.

        Phi((|p1 - p2| sqrt(n) - z_(1 - significance / 2) sqrt(2 p q)) / sqrt(p1 q1 + p2 q2)),  p = (p1 + p2) / 2

    Args:    p1, p2: 0.001 to 0.999. trials: n, 1 to 10,000,000. significance: 0.0001 to 0.5.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    Convention: that of `trials_to_tell_apart`, whose number of trials has this power; a normal approximation, which
        leaves out the tiny chance of a verdict in the wrong direction.
    Source:  Fleiss, Levin and Paik (2003), section 4.2.
    """
    p1, p2 = number("p1", p1, 0.001, 0.999), number("p2", p2, 0.001, 0.999)
    n = whole("trials", trials, 1, MAX_TRIALS)
    z_test = _two_sided(1 - number("significance", significance, 0.0001, 0.5))
    mean = (p1 + p2) / 2
    alike, apart = 2 * mean * (1 - mean), p1 * (1 - p1) + p2 * (1 - p2)
    return NormalDist().cdf((abs(p1 - p2) * math.sqrt(n) - z_test * math.sqrt(alike)) / math.sqrt(apart))


def most_told_apart(successes: int, trials: int, confidence: float = 0.95) -> int:
    """The most successes below `successes`, in as many trials, that Newcombe's interval tells apart; -1 if none.

    Args:    successes, trials: as in `wilson`, but at most 10,000 trials.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    """
    n = whole("trials", trials, 1, 10_000)
    for other in range(whole("successes", successes, 0, n) - 1, -1, -1):
        if newcombe((successes, other), (n, n), confidence).low > 0:
            return other
    return -1


def trials_to_tell_apart(p1: float, p2: float, significance: float = 0.05, power: float = 0.8) -> int:
    """Trials for each of two groups after which a two-sided test tells their proportions apart.

        n = (z_(1 - significance / 2) sqrt(2 p q) + z_power sqrt(p1 q1 + p2 q2))^2 / (p1 - p2)^2,
        p = (p1 + p2) / 2,  q = 1 - p

    Args:    p1, p2: 0.001 to 0.999, at least 0.001 apart. significance: 0.0001 to 0.5. power: 0.5 to 0.9999.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    Convention: no continuity correction; rounded up.
    Source:  Fleiss, Levin and Paik (2003), "Statistical Methods for Rates and Proportions", section 4.2.
    """
    p1, p2 = number("p1", p1, 0.001, 0.999), number("p2", p2, 0.001, 0.999)
    distance = number("difference of p1 and p2", abs(p1 - p2), 0.001)
    z_test = _two_sided(1 - number("significance", significance, 0.0001, 0.5))
    z_power = NormalDist().inv_cdf(number("power", power, 0.5, 0.9999))
    mean = (p1 + p2) / 2
    alike, apart = 2 * mean * (1 - mean), p1 * (1 - p1) + p2 * (1 - p2)
    return math.ceil(((z_test * math.sqrt(alike) + z_power * math.sqrt(apart)) / distance) ** 2)


def halfway(p1: float, p2: float) -> float:
    """The share half as far from the first as the second is.

    Args:    p1, p2: 0 to 1.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    """
    return (number("p1", p1, 0.0, 1.0) + number("p2", p2, 0.0, 1.0)) / 2


def normal_is_rough(p1: float, p2: float) -> bool:
    """Whether one of two shares is so near to 0 or 1 that the normal approximation of `power` is a rough guide.

    With 0.99 against 0.95 and 100 trials each it says 38% where Newcombe's interval tells apart in 31%.

    Args:    p1, p2: 0 to 1.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    """
    return any(min(p, 1 - p) < ROUGH for p in (number("p1", p1, 0.0, 1.0), number("p2", p2, 0.0, 1.0)))


def power_curve(p1: float, p2: float, most: int, significance: float = 0.05) -> tuple[list[int], list[float]]:
    """The power over the number of trials.

    Args:    p1, p2, significance: as in `power`. most: the largest number of trials, 20 to 10,000,000.
    Returns: trials from 10 to `most`, at most 81 of them, by equal factors; and the power at each.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    """
    steps, factor = 80, whole("most", most, 20, MAX_TRIALS) / 10
    trials = sorted({round(10 * factor ** (step / steps)) for step in range(steps + 1)})
    return trials, [power(p1, p2, n, significance) for n in trials]


def confidence_for_all(comparisons: int, confidence: float = 0.95) -> float:
    """The confidence each of several intervals needs so that all hold together with the stated one.

        1 - (1 - confidence) / comparisons

    Args:    comparisons: 1 to 500. confidence: 0.5 to 0.95.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    Source:  Bonferroni (1936).
    """
    return 1 - (1 - number("confidence", confidence, 0.5, 0.95)) / whole("comparisons", comparisons, 1, 500)


def sign_test(first: int, second: int) -> float:
    """How often pairs that differ by chance alone are at least as one-sided as `first` to `second`.

        min(1, 2 P(X <= min(first, second))),   X binomial, n = first + second,  p = 1/2

    Args:    first, second: pairs in which the one or the other is ahead, 0 to 100,000 each; ties are left out.
    Returns: the exact two-sided p-value; 1 where no pair differs.
    Raises:  InputError: not_a_number, not_finite, out_of_range.
    Convention: at most 5% exactly where the Clopper-Pearson 95% interval of the share leaves out one half. Of 5 pairs
        even 5 to 0 have 6.25%.
    """
    first, second = (whole("pairs", n, 0, MAX_PAIRS) for n in (first, second))
    n = first + second
    return min(1.0, 2 * sum(math.comb(n, k) for k in range(min(first, second) + 1)) / 2**n)


def _two_sided(confidence: float) -> float:
    """The number of standard deviations that a normal interval of this confidence reaches to either side."""
    return NormalDist().inv_cdf((1 + number("confidence", confidence, 0.5, 0.9999)) / 2)


def deviations(confidence: float) -> float:
    """z, the number of standard deviations that a two-sided normal interval of this confidence reaches to either side.

    Args:   confidence: 0 to 0.9999.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """
    return NormalDist().inv_cdf((1 + number("confidence", confidence, 0.0, 0.9999)) / 2)
