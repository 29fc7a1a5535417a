"""One measurement at a time on this server: two at once would measure each other."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

STEP = 0.5  # seconds between two tries
PATIENCE = 30.0

_lock = threading.Lock()
Result = TypeVar("Result")


def alone(run: Callable[[], Result], waiting: Callable[[], None], patience: float | None = None) -> Result | None:
    """What `run` returns, once nobody else measures; None if that takes longer than `patience` seconds (PATIENCE).

    Args:
        waiting: called before each further try; if it draws, a new click of the same learner ends the waiting.
    """
    patience = PATIENCE if patience is None else patience
    until = time.monotonic() + patience
    while not _lock.acquire(timeout=min(STEP, patience)):
        if time.monotonic() >= until:
            return None
        waiting()
    try:
        return run()
    finally:
        _lock.release()
