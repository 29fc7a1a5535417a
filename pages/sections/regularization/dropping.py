"""Dropout, mask by mask: what is dropped, what the scaling is for, and how near evaluation comes to the mean."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from engine.dropped import DropoutNet, Rates, rate_of_relative_spread, wrong_evaluation
from engine.export_dropped import dropped_script
from pages.sections.regularization import dropping_masks, dropping_pass
from pages.sections.regularization.dropping_setup import Setup, setup
from pages.shared import controls, numbers, screen, takeaway
from pages.shared.cached_dropping import over_masks
from pages.shared.challenge import challenge, close
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

SPREAD = 2.0  # of the challenge: standard deviation over mean
EXAMPLE = DropoutNet("one", kind="classic", drop_rate=0.2, seed=4)  # of the mistake: behind its masks all is linear


@controls.section
def section() -> None:
    screen.question(_("What does dropout do to one pass, and why does nobody need masks in evaluation?"))
    left, right = screen.columns()
    tables, chosen, rates = [], None, None
    with screen.refusals():
        with left:
            chosen = setup()
        found = dropping_pass.run(chosen)
        with right:
            dropping_pass.picture(chosen, found)
        dropping_pass.formulas_of(chosen, found)
        tables.append(dropping_pass.table(chosen, found))
        masks, rates = dropping_masks.run(chosen, left)
        one, other = st.columns(2, gap="large")
        if masks is not None:
            with one:
                dropping_masks.running(chosen, masks)
        if rates is not None:
            with other:
                dropping_masks.rates(chosen, rates)
        if masks is not None:
            tables.append(dropping_masks.compare(chosen, masks))
    _conventions()
    _mistake()
    _notice(chosen, rates)
    _challenge()
    if tables:
        script = dropped_script(chosen.config, chosen.which, chosen.training)
        takeaway.takeaway("regularization_dropping", pd.concat(tables, ignore_index=True), script)


def _conventions() -> None:
    """What p means, here and elsewhere."""
    screen.aside(
        _(
            "p is the probability of **zeroing**, as in PyTorch's `nn.Dropout(p)` and in note 004. The paper of "
            "Srivastava, Hinton and others (2014) writes p for the probability of **keeping**: its p = 0.8 is 0.2 here."
        )
    )
    screen.aside(
        _(
            "Note 004 uses dropout in a network 785-512-512-512-512-10. That 785 is a slip: images of 28 × 28 pixels "
            "are 784 inputs."
        )
    )


SCALED = Mistake(
    N_("Scaled by the wrong probability"),
    (
        N_("Classic dropout with p = {p}: while training a unit is set to 0 with probability {p}; nothing is scaled."),
        N_("So on average a unit passes on (1 − p) a = {keep} a."),
        N_(
            "In evaluation all units work. So that the next layer gets the same on average, each output is multiplied "
            "by p: {p} a."
        ),
        N_("With p = 0.5, code with p and code with 1 − p give the same numbers."),
    ),
    2,
    N_(
        "It must be the probability of keeping, 1 − p = {keep}. A network 2-4-1 (classic, tanh, linear output, seed "
        "{seed}) gives {mean} on average in training. Evaluation with 1 − p gives {right}, with p {wrong}: {times} "
        "times too small. Line 4 is why this slip lives on: the usual p = 0.5 hides it. Inverted dropout scales while "
        "training, and evaluation has nothing to forget."
    ),
)


def _facts() -> dict[str, str]:
    found, wrong = over_masks(EXAMPLE), wrong_evaluation(EXAMPLE)
    return {
        "p": numbers.plain(EXAMPLE.drop_rate),
        "keep": numbers.plain(EXAMPLE.testing_scale),
        "seed": str(EXAMPLE.seed),
        "mean": numbers.plain(found.mean),
        "right": numbers.plain(found.evaluation),
        "wrong": numbers.plain(wrong),
        "times": numbers.plain(found.evaluation / wrong, 2),
    }


def _mistake() -> None:
    told = replace(SCALED, facts=_facts())
    with screen.exercise("mistake"):
        st.markdown(f"**{_('Find the mistake')}**")
        guess = reasoning(told, key="regularization_dropping_mistake")
        answer(
            told,
            guess,
            hint=_("Choose the network 2-4-1 and classic scaling, p = 0.2, and compare evaluation with the mean."),
            key="regularization_dropping_mistake_solution",
            code="regularization_dropping_mistake",
        )


def _notice(chosen: Setup | None, found: Rates | None) -> None:
    words = [_about_masks(chosen is None or chosen.training)]
    if chosen is not None and found is not None:
        words.append(_about_the_band(chosen.config, found))
    words.append(
        _(
            "Where all behind the masks is linear, evaluation is exactly the mean of all masks; with nonlinear units "
            "or a sigmoid behind a mask a gap remains in general, and no number of masks closes it. Practice uses "
            "evaluation all the same: it costs one pass. How large the gap is beside σ stands in the table."
        )
    )
    screen.notice(" ".join(words))


def _about_masks(training: bool) -> str:
    if training:
        return _(
            "Each mask is another, thinner network with the same weights: press “New mask” and see how its output "
            "changes."
        )
    return _("In evaluation mode there is one network and one output: masks are drawn in training mode only.")


def _about_the_band(config: DropoutNet, found: Rates) -> str:
    """What a higher rate does to the spread, here."""
    if found.widens and config.kind == "inverted":
        return _("Dividing by 1 − p keeps each unit's mean, not its spread: here, the higher p, the wider the band.")
    if found.widens:
        return _("Here, the higher p, the wider the band.")
    if config.kind == "classic":
        return _(
            "With classic scaling the band does not widen all the way here: where hardly a unit is left, little is "
            "passed on that could scatter."
        )
    return _(
        "Dividing by 1 − p keeps each unit's mean, not its spread. But the band of the output does not widen all the "
        "way here: what stands behind the masks has its say."
    )


def _challenge() -> None:
    """The spread that a rate brings."""
    result = rate_of_relative_spread(SPREAD)
    challenge(
        "regularization_dropping_challenge",
        _(
            "Inverted dropout passes on a · m / (1 − p): on average a. At p = 0.5 its standard deviation from mask to "
            "mask is as large as a. At which p is it twice as large as a?"
        ),
        answer=result,
        tolerance=close(result, 2),
        hint=_("m is 1 with probability 1 − p, else 0: its variance is p (1 − p)."),
        explanation=_(
            "The variance of a · m / (1 − p) is a² p / (1 − p), so σ / a = √(p / (1 − p)). For 2 this is "
            "p / (1 − p) = 4: p = 0.8. Four units of five are silent, and the fifth shouts five times as loud."
        ),
    )
