"""The trainings of a sweep, some values and seeds at a time, within the budget."""

from streamlit.delta_generator import DeltaGenerator

from engine.lab_sweep import Block, SweepConfig
from engine.sweep_reading import SweepResult
from pages.sections.training.sweep_setup import label_of
from pages.shared import budget
from pages.shared.budget import Job
from pages.shared.cached_lab_sweep import joined, searched, trained


def run(config: SweepConfig, controls: DeltaGenerator, *, key: str) -> SweepResult | None:
    """All runs of a sweep; None while they wait for the learner's click."""
    results = budget.run([_job(block) for block in config.blocks], controls, key=key)
    return None if None in results else joined(config, *results)


def _job(block: Block) -> Job:
    named = [label_of(block.setting, value) for value in block.values]
    title = named[0] if len(named) == 1 else f"{named[0]} … {named[-1]}"
    cost = block.cost
    if block.own_rate and not searched.holds(block.search):
        cost = cost.then(block.search.cost)
    return Job(title, trained, (block,), cost)
