"""Engine calls of the section on a restricted Boltzmann machine that are worth keeping."""

from functools import lru_cache

from engine import rbm_study
from engine.rbm_images import image_set
from engine.rbm_study import MachineConfig, Study
from engine.rbm_tasks import Answer, ask
from pages.shared.shelf import Shelf


def _learnt(config: MachineConfig, block: int) -> Study:
    return rbm_study.learn(config, block, learnt(config, block - 1) if block else None)


# As many as the blocks of the longest training that a click allows; each is a megabyte at most, and the blocks of one
# training share their machines.
learnt = Shelf(_learnt, most=40)


@lru_cache(maxsize=64)
def asked(config: MachineConfig, epoch: int, task: str) -> Answer:
    """What the machine of a kept epoch answers; its training must be on the shelf."""
    study = learnt(config, len(config.blocks) - 1)
    return ask(study.machines[epoch], image_set(config.images), task, config.seed)
