"""The error function and its complement for arrays, to double precision, in NumPy alone.

    erf(x) = 2 / sqrt(pi) * integral of exp(-t^2) from 0 to x,   erfc(x) = 1 - erf(x)

Three formulas meet at |x| = 0.46875 and at |x| = 4. The middle and the outer one compute erfc, for which 1 - erf
would lose its digits; each is a quotient of polynomials that fits to the last place of a float64.

Source: Cody (1969), "Rational Chebyshev approximations for the error function", Math. Comp. 23, 631-637.
"""

import math
from collections.abc import Callable

import numpy as np

INNER, OUTER = 0.46875, 4.0
BLOCK = 16_384

# Coefficients, highest power first: (numerator, denominator).
SMALL = (  # erf(x) / x in x^2
    (1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3),
    (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3),
)
MIDDLE = (  # exp(x^2) erfc(x) in x
    (
        2.15311535474403846e-8,
        5.64188496988670089e-1,
        8.88314979438837594,
        6.61191906371416295e1,
        2.98635138197400131e2,
        8.81952221241769090e2,
        1.71204761263407058e3,
        2.05107837782607147e3,
        1.23033935479799725e3,
    ),
    (
        1.0,
        1.57449261107098347e1,
        1.17693950891312499e2,
        5.37181101862009858e2,
        1.62138957456669019e3,
        3.29079923573345963e3,
        4.36261909014324716e3,
        3.43936767414372164e3,
        1.23033935480374942e3,
    ),
)
LARGE = (  # x^2 (1 / sqrt(pi) - x exp(x^2) erfc(x)) in 1 / x^2
    (
        1.63153871373020978e-2,
        3.05326634961232344e-1,
        3.60344899949804439e-1,
        1.25781726111229246e-1,
        1.60837851487422766e-2,
        6.58749161529837803e-4,
    ),
    (
        1.0,
        2.56852019228982242,
        1.87295284992346725,
        5.27905102951428412e-1,
        6.05183413124413191e-2,
        2.33520497626869185e-3,
    ),
)


def erf(x) -> np.ndarray:
    """The error function, elementwise: odd, from -1 to 1.

    Args:      x: any shape, finite or ±infinity.
    Returns:   shape of x; error below 1e-15.
    """
    return _blockwise(_erf, x)


def erfc(x) -> np.ndarray:
    """The complementary error function, elementwise: 1 - erf(x), without its cancellation for large x.

    Args:      x: any shape, finite or ±infinity.
    Returns:   shape of x; relative error below 1e-14, down to 1e-300 near x = 26.
    """
    return _blockwise(_erfc, x)


def _blockwise(function: Callable[[np.ndarray], np.ndarray], x) -> np.ndarray:
    """The function of x, so many values at a time that all steps find them in the processor's cache."""
    x = np.asanyarray(x, dtype=np.float64)  # a kind of array that counts operations stays one
    flat = x.ravel()
    out = np.empty_like(flat)
    for start in range(0, x.size, BLOCK):
        out[start : start + BLOCK] = function(flat[start : start + BLOCK])
    return out.reshape(x.shape)


# Every formula is computed for every x, held within the formula's domain, and the right one is picked afterwards:
# that is faster than gathering the values of each domain.


def _erf(x: np.ndarray) -> np.ndarray:
    size = np.abs(x)
    return np.where(size <= INNER, _small(x), np.copysign(1.0 - _tail(size), x))


def _erfc(x: np.ndarray) -> np.ndarray:
    size = np.abs(x)
    tail = _tail(size)
    return np.where(size <= INNER, 1.0 - _small(x), np.where(x < 0, 2.0 - tail, tail))


def _small(x: np.ndarray) -> np.ndarray:
    """erf of |x| <= 0.46875."""
    x = np.clip(x, -INNER, INNER)
    return x * _quotient(SMALL, x * x)


def _tail(x: np.ndarray) -> np.ndarray:
    """erfc of x > 0.46875; 0 from 27.5 on, where it is below the smallest float64."""
    x = np.clip(x, INNER, 27.5)
    scaled = _quotient(MIDDLE, np.minimum(x, OUTER))  # exp(x^2) erfc(x)
    if x.max(initial=0.0) > OUTER:
        scaled = np.where(x <= OUTER, scaled, _far(np.maximum(x, OUTER)))
    return scaled * _exp_minus_square(x)


def _far(x: np.ndarray) -> np.ndarray:
    """exp(x^2) erfc(x) of x >= 4: near 1 / (sqrt(pi) x)."""
    inverse_square = 1.0 / np.square(x)
    return (1.0 / math.sqrt(math.pi) - inverse_square * _quotient(LARGE, inverse_square)) / x


def _exp_minus_square(x: np.ndarray) -> np.ndarray:
    """exp(-x^2). Rounding x^2 = 600 alone would cost 1e-13, so x splits into 16ths, whose square is exact, and rest."""
    sixteenths = np.trunc(x * 16.0) / 16.0
    return np.exp(-np.square(sixteenths)) * np.exp(-(x - sixteenths) * (x + sixteenths))


def _quotient(coefficients: tuple[tuple[float, ...], tuple[float, ...]], x: np.ndarray) -> np.ndarray:
    numerator, denominator = coefficients
    return _polynomial(numerator, x) / _polynomial(denominator, x)


def _polynomial(coefficients: tuple[float, ...], x: np.ndarray) -> np.ndarray:
    """Horner's rule, highest power first."""
    total = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        total *= x
        total += coefficient
    return total
