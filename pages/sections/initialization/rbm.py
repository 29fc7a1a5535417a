"""A restricted Boltzmann machine learns small images: without labels, and without backpropagation."""

import pandas as pd
import streamlit as st

from engine.export_rbm import machine_script
from engine.rbm_by_hand import hand_step
from engine.rbm_images import image_set
from engine.rbm_study import MachineConfig, Study
from pages.sections.initialization import rbm_hand, rbm_pictures, rbm_run
from pages.sections.initialization.rbm_setup import setup
from pages.shared import controls, screen, takeaway
from pages.shared.challenge import challenge
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

ERROR_FALLS = Mistake(
    N_("The error falls"),
    (
        N_(
            "CD-1 moves the weights by $\\eta\\,(\\langle v h \\rangle_\\text{data} - \\langle v h \\rangle_{1})$. "
            "Nothing is differentiated through the draws, nothing is backpropagated."
        ),
        N_(
            "In one run (4 × 4 pixels, η = 1, seed 0) the reconstruction error is 0.001635 after epoch 100 and "
            "0.0001994 after epoch 200."
        ),
        N_("So this machine reconstructs its training images better after epoch 200 than after epoch 100."),
        N_("Whenever the reconstruction error falls, the log-likelihood of the training images must have risen."),
    ),
    3,
    N_(
        "This run is a counterexample: the exact log-likelihood falls, from −5.75 to −6.572 per image. A small error "
        "only says that one step up and down leads back to where it began. With other seeds it may "
        "rise between these epochs, so nothing follows from the error alone. How can the images together get more "
        "probability (0.3685 of 1, then 0.6931), and the log-likelihood fall? It is the mean of ln p: a few "
        "images have taken most of it, the others "
        "have become far less likely. Watch the likelihood, or what stands in for it, not the reconstruction error."
    ),
)


@controls.section
def section() -> None:
    screen.question(_("How can a machine learn what images look like, without labels and without backpropagation?"))
    left, right = screen.columns()
    study, table = None, None
    with left:
        chosen = setup()
    with right, screen.refusals():
        study = rbm_run.run(chosen, left)
        if study:
            epoch = rbm_pictures.draw(chosen, study)
    if study:
        table = _summary(chosen, study, epoch)
    hand = rbm_hand.by_hand(chosen.learning_rate)
    _mistake()
    _notice()
    _challenge()
    if study:
        script = machine_script(
            chosen, tuple(_epochs(chosen, epoch)), hand.step.W, hand.image, chosen.learning_rate, hand.seed
        )
        takeaway.takeaway("initialization_rbm", table, script)


def _epochs(config: MachineConfig, epoch: int) -> list[int]:
    return sorted({0, epoch, config.epochs})


def _summary(config: MachineConfig, study: Study, epoch: int) -> pd.DataFrame:
    """The start, the epoch in sight, and the end; what cannot be known is left out."""
    epochs = _epochs(config, epoch)
    columns = {
        _("Epoch"): [f"{e:,}" for e in epochs],
        _("Reconstruction error"): [float(study.reconstruction_error[e]) for e in epochs],
    }
    if config.exact:
        columns[_("Log-likelihood")] = [study.log_likelihood[e] for e in epochs]
        columns[_("p(training images)")] = [study.data_probability[e] for e in epochs]
    columns[_("Free energy")] = [float(study.free_energy[e]) for e in epochs]
    if image_set(config.images).held_out is not None:
        columns[_("Free energy, held out")] = [float(study.held_out_free_energy[e]) for e in epochs]
    table = pd.DataFrame(columns)
    screen.table(table, alt=_("The machine at the start, at the epoch in sight, and at the end"))
    if config.exact:
        screen.aside(
            _(
                "**Log-likelihood:** mean of $\\ln p(v)$ over the training images, in nats. "
                "**p(training images):** the probability that the machine gives to all of them together; the rest of "
                "1 goes to other images."
            )
        )
    screen.aside(
        _(
            "**Free energy:** $F(v) = -\\ln \\sum_h e^{-E(v, h)}$, so that $\\ln p(v) = -F(v) - \\ln Z$, with $Z$ "
            "the sum of $e^{-E}$ over all states of both layers; here its mean over the images."
        )
    )
    return table


def _mistake() -> None:
    with screen.exercise("mistake"):
        st.markdown(f"**{_('Find the mistake')}**")
        guess = reasoning(ERROR_FALLS, key="initialization_rbm_mistake")
        answer(
            ERROR_FALLS,
            guess,
            hint=_("Compare the two curves at the opening settings between epoch 100 and epoch 200."),
            key="initialization_rbm_mistake_solution",
            code="initialization_rbm_mistake",
        )


def _notice() -> None:
    screen.notice(
        _(
            "Go back to epoch 0: all weights are near 0, every answer is grey. At the opening settings (η = 1, seed "
            "0: one run) the reconstruction error falls almost to 0. The log-likelihood does not follow it: of the "
            "epochs that are kept it is best at 100 (−5.75), and −6.572 at 200. With k = 10 it gets higher, to −4.398 "
            "at epoch 165, and falls too, to −4.756; the most that is possible is −ln 30 = −3.401. A constant η as "
            "large as 1 has its part in that: with k = 1 and η = 0.1 it is at −5.598 after 1,000 epochs. Try other "
            "seeds."
        )
    )
    screen.aside(
        _(
            "Note 000 (which writes ‘boatman machine’) and note 004 say that the machine learns until what comes back "
            "is similar to what went in. That is what one sees; what CD is after is the likelihood, and it gets there "
            "only roughly (Hinton 2002; Fischer and Igel 2010). A machine whose hidden layer is the input of the next "
            "one is the subject of the section “Layer upon layer”."
        )
    )


def _challenge() -> None:
    """Who forgets the negative phase answers 0.5."""
    step = hand_step([[0.0, 0.0]] * 4, "left", 1.0, 0)
    challenge(
        "initialization_rbm_challenge",
        _(
            "All weights and biases are 0. By how much does one step of CD-1 with η = 1 change the weight between a "
            "black pixel and a hidden unit?"
        ),
        answer=float(step.change[0, 0]),
        tolerance=1e-6,
        hint=_("Both phases count: σ(0) = ½ for the hidden unit, and for the reconstructed pixel as well."),
        explanation=_(
            "The data say 1 · ½, the reconstruction ½ · ½: the weight grows by 0.25. A white pixel's weight changes by "
            "0 · ½ − ½ · ½ = −0.25. What is drawn for h plays no part, because W is 0; and both hidden units change "
            "alike: only unequal first weights tell them apart."
        ),
    )
