"""Engine calls of the descent lesson that are worth keeping, each in a bounded cache, as in `cached`."""

from functools import lru_cache

from engine.landscape import Landscape
from engine.landscape import landscape as engine_landscape
from engine.surfaces import surface


@lru_cache(maxsize=32)
def landscape(code: str, condition: float = 10.0, angle: float = 0.0) -> Landscape:
    """The landscape of a surface of two variables; condition and angle are the elongated bowl's."""
    return engine_landscape(surface(code, condition, angle))
