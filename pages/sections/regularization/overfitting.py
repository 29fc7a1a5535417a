"""A network that is too large for its noisy samples, with dropout and with its alternatives, from several seeds."""

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.export_overfitting import overfitting_script
from engine.overfitting_study import Outcome, early_stop
from pages.sections.regularization import overfitting_numbers, overfitting_pictures
from pages.sections.regularization.overfitting_setup import Setup, setup
from pages.shared import budget, cached_overfitting, controls, numbers, screen, takeaway
from pages.shared.budget import Job
from pages.shared.challenge import challenge
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

WATCHED, PATIENCE = (0.69, 0.61, 0.54, 0.50, 0.52, 0.49, 0.51, 0.53, 0.50, 0.48, 0.55), 3  # of the challenge

MISTAKE = Mistake(
    N_("Choosing the drop rate"),
    (
        N_("For each of four drop rates, networks are trained from the same five seeds: 20 runs in all."),
        N_("Each network's validation loss is measured in evaluation mode, with all units at work."),
        N_(
            "Of the 20 networks the one with the lowest validation loss is found, and its drop rate is chosen as the "
            "best."
        ),
        N_("How good the chosen network is, is then measured on the test set, which has not been looked at before."),
    ),
    2,
    N_(
        "The lowest of 20 numbers belongs to a lucky start as much as to a good drop rate: more seeds alone would find "
        "a lower one. Compare the drop rates on the same seeds: in how many of them is one better, and what is the "
        "median of the differences? And all 20 have learned from one draw of the training samples: to choose a rate "
        "for other samples too, draw them anew as well. Line 4 is right, and needed: a loss by which something "
        "was chosen tends to be too low."
    ),
)


@controls.section
def section() -> None:
    screen.question(_("What keeps a network that is too large from learning the noise?"))
    left, right = screen.columns()
    chosen, outcomes = None, {}
    with screen.refusals():
        with left:
            chosen = setup()
        with right:
            outcomes = _outcomes(chosen, left)
            if outcomes:
                epoch = overfitting_pictures.losses(chosen, outcomes)
        if outcomes:
            overfitting_pictures.learned(chosen, outcomes, epoch)
            overfitting_numbers.tables(chosen, outcomes)
            overfitting_numbers.closer(chosen, outcomes)
            overfitting_pictures.weights(outcomes)
    _mistake()
    _notice(outcomes)
    _challenge()
    if outcomes:
        settings = {label: one.regularizer for label, one in outcomes.items()}
        script = overfitting_script(chosen.config, settings, chosen.n_seeds)
        takeaway.takeaway("regularization_overfitting", overfitting_numbers.everything(outcomes), script)


def _outcomes(chosen: Setup, left: DeltaGenerator) -> dict[str, Outcome]:
    """Label -> outcome of what is trained; the seeds in blocks, so that five more cost only themselves."""
    jobs = [
        Job(label, cached_overfitting.trained, (chosen.config, one, block), chosen.config.cost(one))
        for label, one in chosen.settings.items()
        for block in chosen.blocks
    ]
    results, n = budget.run(jobs, left, key="regularization_overfitting_run"), len(chosen.blocks)
    found = {label: results[n * place : n * (place + 1)] for place, label in enumerate(chosen.settings)}
    return {label: cached_overfitting.joined(*blocks) for label, blocks in found.items() if None not in blocks}


def _mistake() -> None:
    with screen.exercise("mistake"):
        st.markdown(f"**{_('Find the mistake: {title}').format(title=_(MISTAKE.title))}**")
        guess = reasoning(MISTAKE, key="regularization_over_mistake")
        answer(
            MISTAKE,
            guess,
            hint=_("Ask of each number whether luck has taken part in choosing it."),
            key="regularization_over_mistake_solution",
            code="regularization_overfitting_mistake",
        )


def _notice(outcomes: Mapping[str, Outcome]) -> None:
    """What holds of what is on screen, and what holds always."""
    words = [_plain_course(one) for one in outcomes.values() if one.regularizer.kind == "none"]
    words += [
        _(
            "Dropout, note 004’s remedy, trains with dropped units and answers with all of them. Often it makes a "
            "network less sure of itself: compare loss and accuracy."
        ),
        _(
            "No regularizer is a law: the experiments where it can hurt, a smaller learning rate or other epochs may "
            "turn the verdict, and so may another draw of the samples. In “Dropout and its alternatives” set the draw "
            "to 2."
        ),
    ]
    screen.notice(" ".join(words))


def _plain_course(one: Outcome) -> str:
    """How a training without a regularizer goes."""
    best, epoch, end, train = (
        numbers.plain(one.median(name), 3) for name in ("best_loss", "best_epoch", "validation_loss", "train_loss")
    )
    if one.climbs:
        return _(
            "Without regularization the validation loss falls to {best} (around epoch {epoch}) and climbs to {end}, "
            "while the training loss goes down to {train}: the network learns the noise of its samples, and its "
            "generalization suffers. Much of what "
            "the others gain at the end is that this one was trained too long at this learning rate."
        ).format(best=best, epoch=epoch, end=end, train=train)
    return _(
        "Without regularization the validation loss ends at {end}, about as low as it ever was ({best}): there is "
        "hardly any overfitting to prevent here."
    ).format(best=best, end=end)


def _challenge() -> None:
    best, stopped = early_stop(WATCHED, PATIENCE)
    challenge(
        "regularization_overfitting_challenge",
        _(
            "The validation losses after the epochs 0, 1, 2, … are {losses}. Early stopping has a patience of {n}: "
            "after which epoch does the training stop?"
        ).format(losses=", ".join(f"{loss:.2f}" for loss in WATCHED), n=PATIENCE),
        answer=stopped,
        tolerance=0.0,
        hint=_("Count the epochs since the lowest loss so far, not those in which it has risen."),
        explanation=_(
            "A rise to 0.52 is no reason to stop: one epoch later the loss is lower than ever. The best epoch so far "
            "is number {best}, and {n} epochs later none was better. The network goes back to the parameters of epoch "
            "{best}. It never finds out that the loss would have fallen to 0.48 in epoch 9; with a larger patience "
            "it would have."
        ).format(best=best, n=PATIENCE),
    )
