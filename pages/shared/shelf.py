"""A bounded cache that can be asked what it holds, which functools.lru_cache cannot: so that a screen knows beforehand
whether it would keep the learner waiting."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Shelf(Generic[Result]):
    """The last `most` results of `make`, by its arguments.

    The results are read-only and the arguments frozen, so one copy serves all sessions.
    """

    def __init__(self, make: Callable[..., Result], most: int):
        self._make, self._most = make, most
        self._kept: OrderedDict[tuple[Hashable, ...], Result] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, *arguments: Hashable) -> Result:
        """The result, from the shelf or made now; two sessions may make the same one at the same time."""
        with self._lock:
            if arguments in self._kept:
                self._kept.move_to_end(arguments)
                return self._kept[arguments]
        made = self._make(*arguments)
        with self._lock:
            self._kept[arguments] = made
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made

    def holds(self, *arguments: Hashable) -> bool:
        """Whether the result is there, so that it costs nothing."""
        return arguments in self._kept
