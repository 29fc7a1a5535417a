"""What every activation function can tell about itself, and the two things it does.

`f` and `derivative` are for reading and plotting: they check their input and return new arrays. `apply` and `slope`
are the same mathematics for the inside of a training loop: they write into an array that exists already and check
nothing. The rest are the facts a learner compares: range, limits, kinks, where the slope is largest.
"""

from dataclasses import dataclass, fields
from typing import ClassVar, NamedTuple

import numpy as np

from engine import errors

# 1 as NumPy takes it fastest, for the inside of loops: a third of the time of a call on a small array goes into a
# Python number. An array of the same dtype, since a float64 would make float32 pictures slow.
ONE = {np.dtype(kind): np.ones((), kind) for kind in (np.float32, np.float64)}


class Steepest(NamedTuple):
    """The largest slope of an activation, and the interval of z on which f has it.

    low == high where it is a single point; both are inf where the slope comes as near as one likes, but never there.
    """

    slope: float
    low: float
    high: float


@dataclass(frozen=True)
class Activation:
    """An elementwise function a = f(z) of the pre-activation z, and da/dz."""

    name: ClassVar[str]  # stable code, as in a link
    latex: ClassVar[str]  # of f(z)
    derivative_latex: ClassVar[str]  # of f'(z)
    monotone: ClassVar[bool] = True  # f never falls
    zero_centred: ClassVar[bool] = False  # f(-z) = -f(z): inputs spread evenly around 0 give outputs with mean 0

    @property
    def range(self) -> tuple[float, float]:
        """Infimum and supremum of f."""
        raise NotImplementedError

    @property
    def attains(self) -> tuple[bool, bool]:
        """Whether f takes the infimum and the supremum of its range somewhere, or only comes near."""
        return False, False

    @property
    def limits(self) -> tuple[float, float]:
        """Limits of f for z to -infinity and to +infinity; a function that never falls has its range there."""
        return self.range

    @property
    def saturates(self) -> tuple[bool, bool]:
        """Whether f flattens out far to the left, and far to the right: its limit there is finite, its slope 0."""
        left, right = self.limits
        return bool(np.isfinite(left)), bool(np.isfinite(right))

    @property
    def steepest(self) -> Steepest:
        """The largest slope and where f has it; a layer multiplies the gradient by at most this much."""
        raise NotImplementedError

    @property
    def valley(self) -> float | None:
        """The z at which f is lowest, if f falls before it rises; else None."""
        return None

    @property
    def kinks(self) -> tuple[float, ...]:
        """Points at which f has no derivative; `derivative` returns the value of the stated convention there."""
        return ()

    @property
    def smooth(self) -> bool:
        """Whether f has a derivative everywhere, and a continuous one; the second derivative may still jump."""
        return not self.kinks

    @property
    def parameters(self) -> dict[str, float]:
        """Names and values of the function's own parameters, such as alpha."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def f(self, z) -> np.ndarray:
        """The activation a = f(z), elementwise.

        Args:      z: pre-activations, any shape, finite.
        Returns:   activations, shape of z.
        Raises:    InputError: z is not finite.
        """
        z = errors.finite("z", z)
        with np.errstate(over="ignore", under="ignore"):  # exp(800) = inf and 1 / inf = 0 is the right limit
            return self.apply(z, np.empty_like(z))

    def derivative(self, z) -> np.ndarray:
        """The derivative f'(z), elementwise.

        Args:      z: pre-activations, any shape, finite.
        Returns:   da/dz, shape of z.
        Raises:    InputError: z is not finite.
        """
        z = errors.finite("z", z)
        with np.errstate(over="ignore", under="ignore"):
            return self.slope(z, self.f(z), np.empty_like(z))

    def apply(self, z: np.ndarray, out: np.ndarray) -> np.ndarray:
        """Write f(z) into `out`; z and out must not overlap."""
        raise NotImplementedError

    def slope(self, z: np.ndarray, a: np.ndarray, out: np.ndarray) -> np.ndarray:
        """Write f'(z) into `out`, from z or from a = f(z), whichever is cheaper; `out` overlaps neither."""
        raise NotImplementedError
