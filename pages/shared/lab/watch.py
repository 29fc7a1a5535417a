"""The training that the panel describes with the film of it, within the budget."""

from dataclasses import dataclass

from streamlit.delta_generator import DeltaGenerator

from engine.film import film_cost
from engine.history import TrainingHistory
from pages.shared import budget, cached_lab, cached_lab_film
from pages.shared.budget import Job
from pages.shared.lab.mine import beside_the_picture
from pages.shared.lab.setup import LabSetup
from pages.shared.lab_reel import Reel
from pages.shared.text import _


@dataclass(frozen=True)
class Watched:
    """A training and what the player is sent of it."""

    history: TrainingHistory
    reel: Reel


def watched(setup: LabSetup, controls: DeltaGenerator, *, key: str) -> Watched | None:
    """The one run with its film; None while it waits for the learner's click.

    Args: controls: the column of the controls. key: of the button, unique in the lesson.
    """
    beside_the_picture(setup.mine.notice)
    setup.mine.tools()
    config = setup.config
    training = Job(_("training"), cached_lab.trained, (config,), config.cost)
    painting = Job(
        _("pictures of the training"),
        cached_lab_film.reel,
        (config,),
        film_cost(config, cached_lab_film.side_of(config)),
    )
    history, reel = budget.run([training, painting], controls, key=key)
    return None if history is None or reel is None else Watched(history, reel)
