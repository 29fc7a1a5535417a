"""Engine calls of the descent lesson that are worth keeping, each in a bounded cache, as in `cached`."""

from functools import lru_cache

from engine import optimizer_study
from engine.landscape import Landscape
from engine.landscape import landscape as engine_landscape
from engine.race import Contest, Entry, enter
from engine.surfaces import surface
from pages.shared.shelf import Shelf


@lru_cache(maxsize=32)
def landscape(code: str, condition: float = 10.0, angle: float = 0.0) -> Landscape:
    """The landscape of a surface of two variables; condition and angle are the elongated bowl's."""
    return engine_landscape(surface(code, condition, angle))


@lru_cache(maxsize=256)
def race_entry(contest: Contest, code: str, learning_rate: float | None) -> Entry:
    """One optimizer's run and its grid of learning rates, kept a rule at a time: one more costs only itself."""
    return enter(contest, code, learning_rate)


studied = Shelf(optimizer_study.study, most=1024)
searched = Shelf(optimizer_study.search, most=256)
