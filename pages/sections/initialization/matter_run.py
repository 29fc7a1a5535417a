"""The shares that are compared: trained here, block by block within the budget, or given."""

from itertools import combinations

from streamlit.delta_generator import DeltaGenerator

from engine import success_rates
from engine.success_rates import SuccessRate
from pages.sections.initialization.matter_setup import Setup, name
from pages.shared import budget
from pages.shared.budget import Job
from pages.shared.cached_matter import xor_block

Pair = tuple[str, str]


def rates(chosen: Setup, controls: DeltaGenerator) -> dict[str, SuccessRate]:
    """Scheme -> its runs; without those that wait for the learner's click."""
    if not chosen.trains:
        return {word: success_rates.of_counts(count, chosen.runs) for word, count in chosen.counts.items()}
    blocks = {code: success_rates.blocks(code, chosen.runs, chosen.setting) for code in chosen.schemes}
    jobs = [Job(name(block.scheme), xor_block, (block,), block.cost) for own in blocks.values() for block in own]
    results = iter(budget.run(jobs, controls, key="initialization_matter_run"))
    parts = {code: [next(results) for _block in own] for code, own in blocks.items()}
    return {code: success_rates.together(own) for code, own in parts.items() if None not in own}


def pairs(found: dict[str, SuccessRate]) -> list[Pair]:
    """All of them, the larger share first, so that no difference is negative."""
    return [(a, b) if found[a].count >= found[b].count else (b, a) for a, b in combinations(found, 2)]
