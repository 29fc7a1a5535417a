"""What a computation costs, estimated before it begins: so that nobody is kept waiting by a surprise."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from engine.errors import number

OPERATIONS_PER_SECOND = 1e9  # of a modest machine; an operation is a multiplication and an addition
BYTES_PER_NUMBER = 8  # float64
MEGABYTE = 1e6


@dataclass(frozen=True)
class Cost:
    """An estimate, good to a factor of two or three.

    Args:
        operations: multiplications with their additions; what else takes time (a call, a logarithm, a random number)
            counts as as many as it keeps the processor from. At least 0.
        megabytes: held at the same time, results included. At least 0.
        kept: megabytes of these that stay when it is done; None: all of them.
    Raises: InputError: not_a_number, not_finite, out_of_range.
    """

    operations: float = 0.0
    megabytes: float = 0.0
    kept: float | None = None

    def __post_init__(self):
        number("operations", self.operations, 0.0)
        number("megabytes", self.megabytes, 0.0)
        if self.kept is None:
            object.__setattr__(self, "kept", self.megabytes)
        number("kept", self.kept, 0.0, self.megabytes)

    @property
    def seconds(self) -> float:
        """About how long it takes on a modest machine."""
        return self.operations / OPERATIONS_PER_SECOND

    def within(self, limit: "Cost") -> bool:
        """Whether neither number is above the limit's."""
        return self.operations <= limit.operations and self.megabytes <= limit.megabytes

    def keeping(self, megabytes: float) -> "Cost":
        """The same, of which no more than so many megabytes stay.

        Raises: InputError: not_a_number, not_finite, out_of_range.
        """
        return Cost(self.operations, self.megabytes, min(self.megabytes, number("kept", megabytes, 0.0)))

    def then(self, other: "Cost") -> "Cost":
        """This and afterwards the other: operations add up, and so does what is kept."""
        most = max(self.megabytes, self.kept + other.megabytes)
        return Cost(self.operations + other.operations, most, self.kept + other.kept)


def in_turn(costs: Iterable[Cost]) -> Cost:
    """All of them, one after another; nothing costs nothing."""
    return functools.reduce(Cost.then, costs, Cost())


def of_numbers(operations: float, numbers: float) -> Cost:
    """A cost from what is computed and how many float64 numbers are held."""
    return Cost(operations, numbers * BYTES_PER_NUMBER / MEGABYTE)
