"""Engine calls of the section on pretraining that are worth keeping, each on a bounded shelf."""

from dataclasses import replace
from functools import lru_cache

from engine import pretraining_study
from engine.pretraining_study import Search, Tuned, TuningConfig, start_gradients
from engine.seed_bands import over_seeds
from pages.shared.shelf import Shelf

piled = Shelf(pretraining_study.pile, most=64)  # some 50 kB each
tuned = Shelf(pretraining_study.tune, most=1024)  # 10 kB each: a block of seeds
searched = Shelf(pretraining_study.search, most=256)


def searched_config(config: TuningConfig) -> TuningConfig:
    """The learning rate plays no part in the search for the best one."""
    return replace(config, learning_rate=TuningConfig.learning_rate)


def _tuned_at_best(config: TuningConfig, code: str, seeds: tuple[int, ...]) -> tuple[Search, Tuned]:
    found = searched(searched_config(config), code)
    return found, tuned(replace(config, learning_rate=found.best), code, seeds)


tuned_at_best = Shelf(_tuned_at_best, most=1024)


@lru_cache(maxsize=64)
def joined(*parts: Tuned) -> Tuned:
    """Blocks of seeds as one result, whose bands are kept with it."""
    return pretraining_study.joined(parts)


@lru_cache(maxsize=8)
def first_gradient(config: TuningConfig, code: str, seeds: tuple[int, ...]) -> float:
    """The length of the first layer's gradient at the start, the median over seeds."""
    return float(over_seeds(start_gradients(config, code, seeds)[:, 0]).median)
