"""One change to a run that went wrong, and whether it heals it."""

import pandas as pd
import streamlit as st

from engine import lab_cures
from engine.diagnosis import Diagnosis
from engine.findings import CALM
from engine.history import TrainingHistory
from engine.lab import LabConfig
from engine.lab_cures import LARGER, LONGEST, MORE, PATIENCE, PENALTY, SMALLER, WIDTH
from pages.shared import budget, cached_lab, cached_lab_failure, controls, screen
from pages.shared.budget import Job
from pages.shared.lab import findings, verdict
from pages.shared.lab.setup import LabSetup
from pages.shared.numbers import plain
from pages.shared.text import N_, _

NOTHING = "none"
TITLES = {
    "smaller_rate": N_("Learning rate ÷ {smaller}"),
    "larger_rate": N_("Learning rate × {larger}"),
    "clip": N_("Clip the gradient to length {longest}"),
    "he": N_("He initialization, biases 0"),
    "xavier": N_("Xavier initialization, biases 0"),
    "layer": N_("One hidden layer more: {width} tanh units"),
    "relu": N_("ReLU in the hidden layers, He initialization"),
    "leaky": N_("Leaky ReLU in the hidden layers, He initialization"),
    "tanh": N_("tanh in the hidden layers, Xavier initialization"),
    "norm": N_("Batch normalization"),
    "logits": N_("Sigmoid inside the loss (logits)"),
    "epochs": N_("{more} times as many epochs"),
    "stop": N_("Early stopping, patience {patience}"),
    "l2": N_("L2 penalty, λ = {penalty}"),
    "no_penalty": N_("Without the penalty on the weights"),
    "no_dropout": N_("Without dropout"),
    "no_clip": N_("Without clipping the gradient"),
}
NUMBERS = {
    "smaller": SMALLER, "larger": LARGER, "longest": LONGEST, "width": WIDTH, "more": MORE, "patience": PATIENCE,
    "penalty": PENALTY,
}  # fmt: skip

Run = tuple[LabConfig, TrainingHistory]


def title(code: str) -> str:
    return _(TITLES[code]).format(**{name: plain(value) for name, value in NUMBERS.items()}) if code in TITLES else ""


def cure(chosen: LabSetup, found: Diagnosis) -> tuple[str, Run | None]:
    """Which change is chosen, and the run with it; None where there is none, or where it waits for a click."""
    offered = [] if found.outcome.code in ("learned", "stopped") else _offered(chosen, found)
    if not offered:
        return NOTHING, None
    labels = {NOTHING: _("as it is")} | {code: title(code) for code in offered}
    code = controls.choice(
        st.pills,
        _("What to change: one thing, all else the same"),
        labels,
        key="training_failure_cure",
        scope=".".join((chosen.preset, *offered)),
        required=True,
        wrap=True,
    )
    if code == NOTHING:
        return code, None
    config = lab_cures.cured(chosen.config, code)
    job, aside = Job(title(code), cached_lab.trained, (config,), config.cost), st.empty()
    (history,) = budget.run([job], aside.container(), key="training_failure_cured")
    aside.empty()  # the panel has said what such a run costs
    return code, None if history is None else (config, history)


def _offered(chosen: LabSetup, found: Diagnosis) -> tuple[str, ...]:
    codes = [one.code for one in found.causes] or [found.outcome.code]
    return lab_cures.cures(chosen.config, codes)


def compared(before: Run, after: Run, label: str) -> None:
    """Whether it is healed, and both runs in a table."""
    diagnosis = cached_lab_failure.diagnosed(*after)
    st.markdown(f"**{_('With the change')}** ({label}):")
    verdict.told(diagnosis, after[1])
    _judged(cached_lab_failure.diagnosed(*before).outcome.code, diagnosis, before[1], after[1])
    if before[0].training.reported_loss != after[0].training.reported_loss:
        screen.aside(
            _("The loss is another formula now: its numbers cannot be compared with those before, the score can.")
        )
    rows = {_("as it is"): before, label: after}
    columns = {
        _("Run"): list(rows),
        _("Start"): [float(history.train_loss[0]) for _config, history in rows.values()],
        _("Training loss"): [_last(run, "train_loss") for run in rows.values()],
    }
    if before[1].test_loss is not None:
        columns[_("Test loss")] = [_last(run, "test_loss") for run in rows.values()]
    columns[_("Score")] = [_score(run) for run in rows.values()]
    screen.table(pd.DataFrame(columns), alt=_("The run as it is and with one change"))


def _judged(outcome: str, healed: Diagnosis, before: TrainingHistory, after: TrainingHistory) -> None:
    """Against overfitting the test loss counts; against all else, that the run comes to a good end."""
    losses = lab_cures.test_losses(outcome, before, after)
    if losses is not None:
        words = (
            _("Judged by the test loss this helps: it ends at {after}, instead of {before}.")
            if losses[1] < losses[0]
            else _("Judged by the test loss this does not help: it ends at {after}, instead of {before}.")
        )
        st.markdown(words.format(before=plain(losses[0]), after=plain(losses[1])))
    elif healed.outcome.code not in CALM:
        screen.aside(
            _("One change is not always enough: here something else holds this run back, or it shows only now.")
        )


def _last(run: Run, name: str) -> float | str:
    value = float(getattr(run[1], name)[_end(run[1])])
    return "NaN" if value != value else value


def _score(run: Run) -> str:
    value = _last(run, "train_score")
    return "–" if isinstance(value, str) else findings.score(value, run[1])


def _end(history: TrainingHistory) -> int:
    return int(history.best_epoch) if history.stopped_at >= 0 else -1
