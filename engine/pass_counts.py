"""What an activation function costs on paper: the passes over the array that its code makes, counted while it runs.

NumPy computes a formula operation by operation, and each one reads and writes the whole array: 1 / (1 + exp(-z)) is
four passes, one of them an exponential. Nothing is typed in here: an array that counts is sent through the code.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.activation_base import Activation

TRANSCENDENTAL = frozenset({"exp", "expm1", "log1p", "tanh", "arctan"})
DIVISIONS = frozenset({"divide", "reciprocal"})
MOVES = frozenset({"where", "copyto"})  # no ufuncs, but they go over the array as well
SAMPLE = np.linspace(-4.0, 4.0, 101)


@dataclass(frozen=True)
class PassCount:
    """How often each operation goes over the array: its NumPy name -> passes."""

    passes: Mapping[str, int]

    @property
    def total(self) -> int:
        """All passes."""
        return sum(self.passes.values())

    @property
    def transcendental(self) -> int:
        """Passes of exp, log, tanh and the like, each as dear as many sums."""
        return sum(count for name, count in self.passes.items() if name in TRANSCENDENTAL)

    @property
    def divisions(self) -> int:
        """Passes of a division."""
        return sum(count for name, count in self.passes.items() if name in DIVISIONS)


def count_passes(activation: Activation) -> tuple[PassCount, PassCount]:
    """The passes of f, and those of f' where z and a = f(z) are known.

    Convention: of this project's code, which writes into arrays that exist already; an error function counts with the
    exponentials and the polynomials it is made of. Another code for the same function may need more or fewer.
    """
    log = []
    z, a, slope = (_Counting.like(array, log) for array in (SAMPLE, np.empty_like(SAMPLE), np.empty_like(SAMPLE)))
    return _counted(log, lambda: activation.apply(z, a)), _counted(log, lambda: activation.slope(z, a, slope))


def _counted(log: list[str], run: Callable[[], object]) -> PassCount:
    """What `run` writes into the log."""
    log.clear()
    run()
    return PassCount(MappingProxyType(dict(Counter(log))))


class _Counting(np.ndarray):
    """An array that writes down each operation that goes over it or over what was computed from it."""

    log: list[str]

    @classmethod
    def like(cls, array: np.ndarray, log: list[str]) -> "_Counting":
        """A view of the array."""
        view = array.view(cls)
        view.log = log
        return view

    def __array_finalize__(self, source):
        self.log = getattr(source, "log", [])

    def __array_ufunc__(self, ufunc, method, *inputs, out=(), **options):
        self.log.append(ufunc.__name__)
        plain = {"out": tuple(map(_plain, out))} if out else {}
        result = getattr(ufunc, method)(*map(_plain, inputs), **plain, **_plain_values(options))
        return out[0] if out else self._counting(result)

    def __array_function__(self, function, types, arguments, options):
        if function.__name__ in MOVES:
            self.log.append(function.__name__)
        return self._counting(super().__array_function__(function, types, arguments, options))

    def __setitem__(self, index, value):
        self.log.append("copy")
        super().__setitem__(index, value)

    def _counting(self, result: object) -> object:
        return _Counting.like(result, self.log) if isinstance(result, np.ndarray) else result


def _plain(value: object) -> object:
    return value.view(np.ndarray) if isinstance(value, _Counting) else value


def _plain_values(options: Mapping[str, object]) -> dict[str, object]:
    return {name: _plain(value) for name, value in options.items()}
