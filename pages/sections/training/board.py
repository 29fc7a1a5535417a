"""How do losses, weights, activations and gradients change while a network learns?"""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.board_scalars import smoothed
from pages.sections.training import board_distributions, board_graph, board_scalars
from pages.sections.training.board_shown import Shown
from pages.shared import controls, numbers, screen, takeaway
from pages.shared.challenge import challenge, close
from pages.shared.lab.run import trained
from pages.shared.lab.setup import LabSetup, setup
from pages.shared.text import N_, _

VIEWS = {"scalars": N_("Scalars"), "distributions": N_("Histograms"), "graph": N_("Graph")}
OF_A_TRAINING = {"scalars": board_scalars, "distributions": board_distributions}
WATCHED, SMOOTHING = (0.7, 0.5), 0.6  # of the challenge


@controls.section
def section() -> None:
    screen.question(_("How do losses, weights, activations and gradients change while a network learns?"))
    left, right = screen.columns()
    shown = None
    with screen.refusals():
        with left:
            chosen = setup()
        with right:
            titles = {code: _(title) for code, title in VIEWS.items()}
            view = controls.choice(
                st.segmented_control, _("View of the board"), titles, key="training_board_view", required=True
            )
        shown = board_graph.draw(chosen, right) if view == "graph" else _watched(chosen, view, left, right)
    _notice(shown)
    _challenge()
    if shown is not None:
        takeaway.takeaway("training_board", shown.table, shown.script)


def _watched(chosen: LabSetup, view: str, left: DeltaGenerator, right: DeltaGenerator) -> Shown | None:
    """A view of the training; None while it waits for a click."""
    drawn = OF_A_TRAINING[view]
    with left:
        options = drawn.options()
    with right:
        history = trained(chosen, left, key="training_board_run")
    return None if history is None else drawn.draw(chosen, history, options, left, right)


def _notice(shown: Shown | None) -> None:
    """What is on screen, then what holds always."""
    always = _(
        "A board only watches: it changes nothing, and no curve says by itself why it looks as it does. Look first at "
        "the loss, then at the layers that could be to blame."
    )
    screen.notice(" ".join([*(shown.notice if shown else ()), always]))


def _challenge() -> None:
    first, second = WATCHED
    found = smoothed(WATCHED, SMOOTHING)
    answer, beta = float(found.shown[1]), numbers.tex(SMOOTHING)
    challenge(
        "training_board_challenge",
        _(
            "A training loss is {first} at epoch 0 and {second} at epoch 1. With smoothing $\\beta = {beta}$, which "
            "value does the board show at epoch 1?"
        ).format(first=numbers.plain(first), second=numbers.plain(second), beta=beta),
        answer=answer,
        tolerance=close(answer, 3),
        hint=_("Compute m₁, then m₂, and do not forget to divide by the sum of the weights, 1 − β²."),
        explanation=_(
            "$m_1 = {m1}$, $m_2 = {m2}$. Divided by $1 - \\beta^2 = {weight}$ that is {answer}: between both values, "
            "nearer to the newer one. Without the division the board would show {m2}, less than any loss there ever "
            "was."
        ).format(
            m1=numbers.tex(float(found.average[0])),
            m2=numbers.tex(float(found.average[1])),
            weight=numbers.tex(float(found.weights[1])),
            answer=numbers.plain(answer),
        ),
    )
