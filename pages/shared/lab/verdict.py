"""What became of a run, in one or two sentences under its picture."""

import streamlit as st

from engine.diagnosis import Diagnosis
from engine.history import TrainingHistory
from engine.lab import LabConfig
from pages.shared import cached_lab_failure
from pages.shared.lab import findings
from pages.shared.text import _

NAMES_IT = ("stopped", "stopped_at_chance", "diverged")  # outcomes that name the epoch themselves
QUIET = ("stopped_at_chance", "still_falling", "limit", "at_rest", "short", "untrained", "unmoved", "nothing_to_learn")
BOXES = {
    **dict.fromkeys(("diverged", "diverging"), st.error),
    **dict.fromkeys(("learned", "stopped"), st.success),
    **dict.fromkeys(QUIET, st.info),
}
ICONS = {st.success: ":material/check_circle:", st.info: ":material/info:"}


def verdict(config: LabConfig, history: TrainingHistory) -> None:
    """Say whether the run has learned, and if not, what the numbers point to."""
    told(cached_lab_failure.diagnosed(config, history), history)


def told(diagnosis: Diagnosis, history: TrainingHistory) -> None:
    """The same from a diagnosis that is at hand."""
    sentences = [findings.outcome(diagnosis, history), *_kept(diagnosis, history)]
    sentences += map(findings.cause, diagnosis.causes[:1])
    box = BOXES.get(diagnosis.outcome.code, st.warning)
    box(" ".join(sentences), icon=ICONS.get(box, ":material/healing:"))


def _kept(diagnosis: Diagnosis, history: TrainingHistory) -> list[str]:
    """Of which epoch the numbers are, where early stopping has gone back to it."""
    if history.stopped_at < 0 or diagnosis.outcome.code in NAMES_IT:
        return []
    words = _("These are the numbers of epoch {epoch}, whose network early stopping kept.")
    return [words.format(epoch=int(history.best_epoch))]
