"""The training that the panel describes, within the budget."""

from streamlit.delta_generator import DeltaGenerator

from engine.history import TrainingHistory
from pages.shared import budget, cached_lab
from pages.shared.budget import Job
from pages.shared.lab.mine import beside_the_picture
from pages.shared.lab.setup import LabSetup
from pages.shared.text import _


def trained(setup: LabSetup, controls: DeltaGenerator, *, key: str) -> TrainingHistory | None:
    """The history of the one run; None while it waits for the learner's click.

    Args: controls: the column of the controls. key: of the button, unique in the lesson.
    """
    beside_the_picture(setup.mine.notice)
    job = Job(_("training"), cached_lab.trained, (setup.config,), setup.config.cost)
    return budget.run([job], controls, key=key)[0]
