"""A training to take away: scripts, weights, history, a link to the screen and one to train on from here."""

from functools import partial

import pandas as pd

from engine.errors import InputError
from engine.export_lab import history_columns, network_json
from engine.history import TrainingHistory
from engine.lab import OWN
from pages.shared import cached_lab_carry, controls, screen, takeaway
from pages.shared.lab import start
from pages.shared.lab.setup import LabSetup
from pages.shared.takeaway import File, Link
from pages.shared.text import _, sentence

MOST_CHARACTERS = 2000  # of a link
MOST_PARAMETERS = 150  # no link has room for more
SHORT = 9  # digits of a parameter where there is no room for all


def carry(setup: LabSetup, history: TrainingHistory, *, key: str, table: pd.DataFrame | None = None) -> None:
    """Offer all of it.

    Args:
        key: names the files and the widgets, such as "training_play".
        table: the numbers on screen at full precision, for a section that shows others than the history.
    """
    config = setup.config
    past = pd.DataFrame(history_columns(config, history))
    torch, refused = cached_lab_carry.torch_or_reason(config)
    files = [
        File(_("PyTorch script"), f"{key}_torch.py", "text/x-python", ":material/code:", lambda: torch),
        File(
            _("Weights (JSON)"),
            f"{key}_network.json",
            "application/json",
            ":material/lan:",
            partial(network_json, config, history),
        ),
    ]
    if table is not None:
        make = partial(past.to_csv, index=False)
        files.append(File(_("History (CSV)"), f"{key}_history.csv", "text/csv", ":material/show_chart:", make))
    text, digits = trained(setup, history)
    takeaway.takeaway(
        key,
        past if table is None else table,
        cached_lab_carry.numpy_script(config),
        files=files[bool(refused) :],
        links=[Link(_words(digits), takeaway.link(training_start=text, training_frame=""))] if text else (),
        asides=_asides(setup, history, text, refused),
    )
    if text:
        screen.controls("on").button(
            _("Train on from here"),
            key=f"{key}_on",
            icon=":material/resume:",
            help=_("The trained parameters become the start; change what you like and train again."),
            on_click=controls.put,
            args=(start.GIVEN, text, start.scope_of(config.training, setup.preset)),
        )


def trained(setup: LabSetup, history: TrainingHistory) -> tuple[str, int]:
    """The parameters after the training as text, and their digits (17: all); "" where a link cannot hold them."""
    values = history.parameters.ravel().tolist()
    training = setup.config.training
    if training.batch_norm or len(values) > MOST_PARAMETERS or not all(abs(value) < start.LARGEST for value in values):
        return "", 0
    room = MOST_CHARACTERS - len(takeaway.link(training_start="", training_frame="")) - len(f"&{start.GIVEN}=")
    for digits in (17, SHORT):
        text = controls.encode([float(f"{value:.{digits}g}") for value in values])
        if len(text) <= room:
            return text, digits
    return "", 0


def _words(digits: int) -> str:
    if digits > SHORT:
        return _("A link that trains on from here, its start the trained parameters at full precision:")
    return _("A link that trains on from here, its start the trained parameters with {n} digits:").format(n=digits)


def _asides(setup: LabSetup, history: TrainingHistory, text: str, refused: InputError | None) -> list[str]:
    """What cannot be taken along, and why."""
    said = []
    if setup.config.data.source == OWN and setup.pick is None:
        said.append(_("A link does not hold the table: who opens it has to load the file again."))
    if setup.config.training.batch_norm:
        said.append(_("No link to train on: batch normalization has stored statistics that no start brings along."))
    elif history.diverged_at >= 0:
        said.append(_("No link to train on: the training has diverged."))
    elif not text:
        said.append(_("No link to train on: so many parameters have no room in it. The JSON file has them all."))
    if refused is not None:
        said.append(_("No PyTorch script: {reason}").format(reason=sentence(refused)))
    return said
