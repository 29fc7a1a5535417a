"""A bounded cache that can be asked what it holds, which functools.lru_cache cannot: so that a screen knows beforehand
whether it would keep the learner waiting."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import ClassVar, Generic, TypeVar

from pages.shared.weight import weigh

ROOM = 120e6  # bytes of all shelves together, far more than one screen's results

Result = TypeVar("Result")


class Shelf(Generic[Result]):
    """The last `most` results of `make`, by its arguments; fewer, where all shelves together would exceed ROOM.

    The results are read-only and the arguments frozen, so one copy serves all sessions.
    """

    _lock = threading.Lock()
    _sizes: ClassVar[OrderedDict[tuple["Shelf", tuple], int]] = OrderedDict()  # of all, longest unused first
    _held = 0  # their sum

    def __init__(self, make: Callable[..., Result], most: int):
        self._make, self._most = make, most
        self._kept: OrderedDict[tuple[Hashable, ...], Result] = OrderedDict()

    def __call__(self, *arguments: Hashable) -> Result:
        """The result, from the shelf or made now; two sessions may make the same one at the same time."""
        with Shelf._lock:
            if arguments in self._kept:
                self._kept.move_to_end(arguments)
                if (self, arguments) in Shelf._sizes:
                    Shelf._sizes.move_to_end((self, arguments))
                return self._kept[arguments]
        made = self._make(*arguments)
        size = weigh((arguments, made))
        with Shelf._lock:
            self._drop(arguments)
            self._kept[arguments], Shelf._sizes[self, arguments] = made, size
            Shelf._held += size
            if len(self._kept) > self._most:
                self._drop(next(iter(self._kept)))
            while Shelf._held > ROOM and len(Shelf._sizes) > 1:
                shelf, longest = next(iter(Shelf._sizes))
                shelf._drop(longest)
        return made

    def holds(self, *arguments: Hashable) -> bool:
        """Whether the result is there, so that it costs nothing."""
        return arguments in self._kept

    def _drop(self, arguments: tuple[Hashable, ...]) -> None:
        self._kept.pop(arguments, None)
        Shelf._held -= Shelf._sizes.pop((self, arguments), 0)


def shelved(most: int) -> Callable[[Callable[..., Result]], Shelf[Result]]:
    """Put a function's results on a shelf of its own; it is called by position."""
    return lambda make: Shelf(make, most)
