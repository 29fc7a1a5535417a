"""What the screen needs trained: each optimizer at the chosen rate, or at its own best of a search."""

from collections.abc import Mapping
from dataclasses import dataclass

from streamlit.delta_generator import DeltaGenerator

from engine.optimizer_study import Outcome, Search
from pages.sections.descent.real_setup import SAME, Setup
from pages.shared import budget
from pages.shared.budget import Job
from pages.shared.cached_descent import searched, searched_config, studied, tuned
from pages.shared.names import OPTIMIZERS


@dataclass(frozen=True)
class Found:
    """What has been trained, code -> result; searches only where each optimizer has its own best learning rate."""

    outcomes: Mapping[str, Outcome]
    searches: Mapping[str, Search]


def run(setup: Setup, controls: DeltaGenerator) -> Found:
    """All that is chosen, or what of it is there while the learner has not asked for the rest."""
    results = budget.run([_job(setup, code) for code in setup.codes], controls, key="descent_real_run")
    there = {code: result for code, result in zip(setup.codes, results, strict=True) if result is not None}
    if setup.mode == SAME:
        return Found(there, {})
    return Found({c: outcome for c, (_, outcome) in there.items()}, {c: search for c, (search, _) in there.items()})


def _job(setup: Setup, code: str) -> Job:
    config = setup.config
    if setup.mode == SAME:
        return Job(OPTIMIZERS[code], studied, (config, code, setup.rate), config.study_cost)
    known = searched.holds(searched_config(config), code)
    cost = config.study_cost if known else config.study_cost.then(config.search_cost)
    return Job(OPTIMIZERS[code], tuned, (config, code), cost)
