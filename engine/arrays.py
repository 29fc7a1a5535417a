"""Arrays that leave the engine cannot be written to, so that a cached result stays what it was."""

from collections.abc import Iterable

import numpy as np


def read_only(array) -> np.ndarray:
    """A copy that nobody can write to."""
    return seal(np.array(array))


def read_only_copies(arrays: Iterable) -> tuple[np.ndarray, ...]:
    """A read-only copy of each array."""
    return tuple(map(read_only, arrays))


def seal(array: np.ndarray) -> np.ndarray:
    """The array itself, from now on read-only: for one that has just been made, and that nobody else holds."""
    array.flags.writeable = False
    return array
