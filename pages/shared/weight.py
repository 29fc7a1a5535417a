"""About how many bytes a result holds, so that what is kept can be bounded by them."""

import sys
from collections.abc import Mapping

import numpy as np

PLAIN = (str, bytes, int, float, complex, bool, type(None))


def weigh(thing: object) -> int:
    """The bytes of all that is reachable: arrays by the memory they keep alive, each thing once.

    Functions and classes count nothing; they are there anyway.
    """
    waiting, seen, total = [thing], set(), 0
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, type) or (callable(one) and not hasattr(one, "__dict__")):
            continue
        seen.add(id(one))
        if isinstance(one, np.ndarray) and isinstance(one.base, np.ndarray):
            waiting.append(one.base)  # a view keeps the whole array
        elif isinstance(one, np.ndarray):
            total += one.nbytes
        else:
            total += sys.getsizeof(one)
            waiting += _parts(one)
    return total


def _parts(one: object) -> list:
    if isinstance(one, PLAIN):
        return []
    if isinstance(one, Mapping):
        return [*one.keys(), *one.values()]
    if isinstance(one, (list, tuple, set, frozenset)):
        return list(one)
    slots = [getattr(one, name) for name in getattr(one, "__slots__", ()) if hasattr(one, name)]
    return [*slots, *getattr(one, "__dict__", {}).values()]
