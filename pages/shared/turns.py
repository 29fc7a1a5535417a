"""One at a time on this server: two measurements at once would measure each other, and of many computations at once
each would make all others wait for Python's one interpreter lock, the quickest screens included."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

STEP = 0.5  # seconds between two tries
PATIENCE = 30.0
POLITENESS = 5.0  # seconds that the others leave to a pioneer

LONG, SHORT = threading.Lock(), threading.Lock()  # what was asked for by a click does not hold up what is quick
Result = TypeVar("Result")


def alone(
    run: Callable[[], Result],
    waiting: Callable[[], None],
    patience: float | None = None,
    *,
    turn: threading.Lock = LONG,
) -> Result | None:
    """What `run` returns, once it is its turn; None if that takes longer than `patience` seconds (PATIENCE).

    Args:
        waiting: called before each further try; if it draws, a new click of the same learner ends the waiting.
        turn: what only one may have at a time.
    """
    patience = PATIENCE if patience is None else patience
    until = time.monotonic() + patience
    while not turn.acquire(timeout=min(STEP, patience)):
        if time.monotonic() >= until:
            return None
        waiting()
    try:
        return run()
    finally:
        turn.release()


class Pioneer:
    """Of many who come to the same place at the same moment, one goes first; what it leaves in the caches, charts that
    are compiled as well as numbers, the others find there instead of making it each for themselves."""

    def __init__(self) -> None:
        self._lock, self._seen = threading.Lock(), set()

    @contextlib.contextmanager
    def ahead(self, place: str) -> Iterator[None]:
        """Around the visit of a place: nobody waits where somebody has been, and nobody for longer than POLITENESS."""
        held = place not in self._seen and self._lock.acquire(timeout=POLITENESS)
        if held and place in self._seen:
            self._lock.release()
            held = False
        try:
            yield
            self._seen.add(place)
        finally:
            if held:
                self._lock.release()
