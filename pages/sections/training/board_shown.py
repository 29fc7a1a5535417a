"""What a view of the board hands on, and the frame that all views look at."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from engine.board_scalars import n_sound_frames
from engine.history import TrainingHistory
from pages.shared import controls, screen
from pages.shared.lab.setup import LabSetup
from pages.shared.text import _


@dataclass(frozen=True, eq=False)
class Shown:
    """Sentences about what is on screen, the numbers at full precision, the script that prints them."""

    notice: tuple[str, ...]
    table: pd.DataFrame
    script: str


def frame_of(chosen: LabSetup, history: TrainingHistory) -> int:
    """The frame that is looked at: the place of an epoch in history.snapshot_epochs; the lesson's sections share it."""
    frame = controls.stepper(_("Frame"), len(history.snapshot_epochs) - 1, key="training_frame", scope=chosen.scope)
    n = n_sound_frames(history)
    shown = min(frame, n - 1)
    told = (
        _("Frame {n} is epoch {epoch}.")
        if shown == frame
        else _("The slider stands past the end of this run: its last frame is shown, frame {n}, epoch {epoch}.")
    )
    screen.aside(told.format(n=shown, epoch=int(history.snapshot_epochs[shown])))
    if n < len(history.snapshot_epochs):
        _told_end(history, int(history.snapshot_epochs[n - 1]), int(history.snapshot_epochs[n]))
    return shown


def _told_end(history: TrainingHistory, last: int, first: int) -> None:
    if history.stopped_at >= 0:
        st.info(
            _(
                "Early stopping has ended this run after epoch {epoch}: later frames are not there. It has kept the "
                "network of epoch {best}."
            ).format(epoch=int(history.stopped_at), best=int(history.best_epoch))
        )
        return
    st.warning(
        _(
            "This run has diverged: at epoch {epoch} its training loss is no finite number any more. The last frame "
            "before that is of epoch {last}; frames from epoch {first} on are not there."
        ).format(epoch=int(history.diverged_at), last=last, first=first)
    )
