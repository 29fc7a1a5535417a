"""The training that the screen needs, block by block of epochs."""

from streamlit.delta_generator import DeltaGenerator

from engine.rbm_study import MachineConfig, Study
from pages.shared import budget
from pages.shared.budget import Job
from pages.shared.cached_rbm import learnt
from pages.shared.text import _


def run(config: MachineConfig, controls: DeltaGenerator) -> Study | None:
    """The whole training; None while it waits for the learner's click."""
    title, ends = _("Training the machine"), config.blocks
    if learnt.holds(config, len(ends) - 1):  # whatever became of the blocks before
        job = Job(title, learnt, (config, len(ends) - 1), config.cost)
        return budget.run([job], controls, key="initialization_rbm_run")[0]
    starts = (0, *ends)
    jobs = [Job(title, learnt, (config, block), config.cost_of(end - starts[block])) for block, end in enumerate(ends)]
    return budget.run(jobs, controls, key="initialization_rbm_run")[-1]
