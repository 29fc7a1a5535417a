"""A training has failed: at which step, and why? What the numbers say, and what heals it."""

import streamlit as st

from engine.diagnosis import Diagnosis
from engine.export_blow_up import blow_up_script
from engine.export_training import training_script
from engine.findings import CALM
from engine.history import TrainingHistory
from engine.lab_presets import PRESETS
from pages.sections.training import failure_cure, failure_evidence
from pages.shared import cached_lab, cached_lab_failure, controls, numbers, screen, takeaway
from pages.shared.challenge import challenge
from pages.shared.lab import verdict
from pages.shared.lab.failures import FAILURES
from pages.shared.lab.run import trained
from pages.shared.lab.setup import LabSetup, setup
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

ASKED = "fail_pairing"  # of the challenge
OFFERED = ("step_too_large", "symmetric", "saturated_output", "dead", "overfitting")
ANSWERS = N_(
    "**1** the learning rate is too large, **2** all weights are equal, **3** the output unit is saturated, **4** the "
    "ReLU units are dead, **5** overfitting."
)
MISTAKE = Mistake(
    N_("The loss stays at 0.6931"),
    (
        N_(
            "A network 2-1 with a sigmoid is trained on XOR with cross-entropy; its loss falls to 0.6931 and stays "
            "there."
        ),
        N_("0.6931 is ln 2, the loss of a network that answers ½ to every sample: it is the best constant answer."),
        N_("So the learning rate is too small: with ten times as much the loss would fall below 0.6931."),
        N_("With a hidden layer the same data can be learned, as note 003 shows with 2-3-1."),
    ),
    2,
    N_(
        "At ½ everywhere the gradient is 0, and for a network without a hidden layer this loss has only one minimum: "
        "no learning rate leads below it, since no straight line parts the classes of XOR. A learning rate that is too "
        "small looks different: the parameters have hardly moved, and the loss still falls."
    ),
)


@controls.section
def section() -> None:
    screen.question(_("When training fails: at which step, and why?"))
    left, right = screen.columns()
    found, history, chosen = None, None, None
    with screen.refusals():
        with left:
            chosen = setup()
            _others(chosen)
        with right:
            history = trained(chosen, left, key="training_failure_run")
            if history is None:
                _offer(_("Or look at a run that fails, at once:"))
            else:
                found = cached_lab_failure.diagnosed(chosen.config, history)
                _picture(chosen, history, found)
        if found is not None:
            failure_evidence.evidence(chosen.config, history, found)
    _mistake()
    _notice(found, history)
    _challenge()
    if found is not None:
        script = blow_up_script(chosen.config) if found.blow_up is not None else _script(chosen)
        takeaway.takeaway("training_failure", failure_evidence.everything(found), script)


def _picture(chosen: LabSetup, history: TrainingHistory, found: Diagnosis) -> None:
    """The verdict, what one change would do, and the losses of both."""
    verdict.told(found, history)
    code, healed = failure_cure.cure(chosen, found)
    failure_evidence.losses(history, found, healed and healed[1])
    if healed:
        failure_cure.compared((chosen.config, history), healed, failure_cure.title(code))
    if found.outcome.code in CALM and not chosen.preset.startswith("fail_"):
        _offer(_("Nothing alarming here. **Show a run that fails:**"))


def _script(chosen: LabSetup) -> str:
    return training_script(chosen.config.training, *chosen.config.parts, start=chosen.config.first)


def _offer(words: str) -> None:
    """Failures to choose from, where there is none on screen."""
    with screen.controls("offer"):
        st.markdown(words)
        _buttons("offer")


def _others(chosen: LabSetup) -> None:
    if chosen.preset.startswith("fail_"):
        with screen.controls("other"), st.expander(_("Other failures"), icon=":material/healing:"):
            _buttons("other")


def _buttons(place: str) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        for code, title in FAILURES.items():
            label = _(title).split(": ", 1)[-1]
            st.button(
                label,
                key=f"training_failure_{place}_{code}",
                on_click=controls.put,
                args=("training_preset", code),
            )


def _mistake() -> None:
    with screen.exercise("mistake"):
        st.markdown(f"**{_('Find the mistake: {title}').format(title=_(MISTAKE.title))}**")
        guess = reasoning(MISTAKE, key="training_failure_mistake")
        answer(
            MISTAKE,
            guess,
            hint=_("Choose “Fails: XOR without a hidden layer, cross-entropy” and raise the learning rate."),
            key="training_failure_mistake_solution",
            code="training_failure_mistake",
        )


def _notice(found: Diagnosis | None, history: TrainingHistory | None) -> None:
    """What holds of what is on screen, and what holds always."""
    always = _(
        "A loss alone names no cause: a network that is stuck, one whose units are dead and one that hardly moves can "
        "have the same curve. The layers' numbers tell them apart."
    )
    screen.notice(" ".join(filter(None, [_of(found, history) if found else "", always])))


def _of(found: Diagnosis, history: TrainingHistory) -> str:
    blow_up = found.blow_up
    if blow_up is not None and blow_up.update > 1 and blow_up.growth > 1.5:
        words = _(
            "In the last updates the largest parameter grew by a factor of about {growth} each time: {update} updates "
            "were enough to leave the range of floating-point numbers, which ends near 1.8e308."
        ).format(growth=numbers.plain(blow_up.growth, 3), update=f"{blow_up.update:,}")
        if history.train_loss[1] > history.train_loss[0]:
            words += " " + _("The loss rose from the first epoch on: there was no need to wait for the end.")
        return words
    if found.outcome.code == "diverged":
        return _(
            "The numbers were not large before: a single operation had no finite result. Such an end comes without a "
            "warning in the parameters."
        )
    if found.outcome.code in ("stuck", "sure_but_wrong", "levelled"):
        return _(
            "The best constant answer has the loss {constant}: with this number in mind one sees at once that nothing, "
            "or not enough, has been learned from the inputs."
        ).format(constant=numbers.plain(found.constant_loss))
    if found.outcome.code in ("overfitting", "memorized"):
        return _(
            "The training loss alone would praise this run: only samples that are kept aside show that it learns the "
            "noise of its samples."
        )
    return _("The best constant answer has the loss {constant}: this is what the loss is to be compared with.").format(
        constant=numbers.plain(found.constant_loss)
    )


def _challenge() -> None:
    """The numbers of a run: what is wrong with it?"""
    config = PRESETS[ASKED]
    history = cached_lab.trained(config)
    found = cached_lab_failure.diagnosed(config, history)
    answers, n = found.layers.answers, config.training.epochs
    challenge(
        "training_failure_challenge",
        _(
            "After {n} epochs at learning rate {rate} the mean squared error is {loss}; it was {start} at the start. "
            "Half of the targets are 0, half are 1; all outputs lie between {low} and {high}. The gradient has the "
            "length {gradient}. What is wrong? Type the number:"
        ).format(
            n=n,
            rate=numbers.plain(config.training.optimizer.learning_rate),
            loss=numbers.plain(history.train_loss[-1]),
            start=numbers.plain(history.train_loss[0]),
            low=numbers.plain(float(answers.min()), 5),
            high=numbers.plain(float(answers.max()), 5),
            gradient=numbers.plain(float(found.layers.last_gradient[-1]), 2),
        )
        + " "
        + _(ANSWERS),
        answer=1 + OFFERED.index(found.first_cause),
        tolerance=0.0,
        hint=_("Half of the answers are wrong by almost 1, and still the gradient is tiny: which factor makes it so?"),
        explanation=_(
            "The gradient of a squared error contains f′ = a(1 − a) of the output unit, and at a ≈ 1 this is almost 0, "
            "although the answer is as wrong as can be. Cross-entropy of the logit has no such factor: choose this "
            "failure in the panel, and then “Sigmoid inside the loss (logits)”."
        ),
    )
