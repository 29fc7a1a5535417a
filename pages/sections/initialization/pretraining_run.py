"""What the screen needs trained: the networks of each start, in blocks of seeds, at one learning rate or their own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from streamlit.delta_generator import DeltaGenerator

from engine.cost import Cost
from engine.pretraining_study import STARTS, Pile, Search, Tuned, search_cost
from pages.sections.initialization.pretraining_setup import KEY, Tuning, start_names
from pages.shared import budget
from pages.shared.budget import Job
from pages.shared.cached_pretraining import joined, piled, searched, searched_config, tuned, tuned_at_best
from pages.shared.text import _


@dataclass(frozen=True)
class Found:
    """What has been trained, code -> result; searches only where each start has its own best learning rate."""

    outcomes: Mapping[str, Tuned]
    searches: Mapping[str, Search]


def pile(tuning: Tuning, controls: DeltaGenerator) -> Pile | None:
    """The pile of seed 0, trained beside those of the first block of seeds, which the fine-tuning begins with."""
    first = tuning.config.blocks("rbm", tuning.n_seeds)[0]
    config = tuning.config.pile
    job = Job(_("the pile"), piled, (config, first), config.cost(len(first)))
    return budget.run([job], controls, key=f"{KEY}_pile")[0]


def networks(tuning: Tuning, controls: DeltaGenerator) -> Found:
    """The starts whose seeds are all there."""
    blocks = {code: tuning.config.blocks(code, tuning.n_seeds) for code in tuning.codes}
    jobs = [_job(tuning, code, seeds) for code, parts in blocks.items() for seeds in parts]
    results = iter(budget.run(_one_after_another(jobs), controls, key=f"{KEY}_run"))
    parts = {code: [next(results) for _seeds in seeds] for code, seeds in blocks.items()}
    there = {code: found for code, found in parts.items() if None not in found}
    if not tuning.own_rates:
        return Found({code: joined(*found) for code, found in there.items()}, {})
    return Found(
        {code: joined(*(one for _search, one in found)) for code, found in there.items()},
        {code: found[0][0] for code, found in there.items()},
    )


def _one_after_another(jobs: list[Job]) -> list[Job]:
    """Each gives its buffers back before the next begins, so that the largest are all that is held."""
    most = max(job.cost.megabytes for job in jobs)
    return [replace(job, cost=Cost(job.cost.operations, most / len(jobs))) for job in jobs]


def _job(tuning: Tuning, code: str, seeds: tuple[int, ...]) -> Job:
    config, title = tuning.config, start_names()[code]
    cost = config.cost(code, len(seeds))
    if STARTS[code].pretrained and 0 not in seeds:  # those of the first block are in the pile above
        cost = cost.then(config.pile.cost(len(seeds)))
    if not tuning.own_rates:
        return Job(title, tuned, (config, code, seeds), cost)
    found = searched_config(config)
    looked = Cost() if searched.holds(found, code) or 0 not in seeds else search_cost(config, code)
    return Job(title, tuned_at_best, (found, code, seeds), cost.then(looked))
