"""Section: one batch normalized step by step, two batches, what is stored, and the inputs."""

from engine.normalized_batch import Scaling
from pages.sections.regularization import batch_inputs, batch_mistakes, batch_one, batch_running, batch_two
from pages.sections.regularization.batch_setup import INPUTS, ONE, RUNNING, TWO, setup, view
from pages.shared import cached_batch_norm, controls, screen, takeaway
from pages.shared.challenge import challenge
from pages.shared.text import _

DRAW = {ONE: batch_one.draw, TWO: batch_two.draw, RUNNING: batch_running.draw, INPUTS: batch_inputs.draw}
LONELY = (0.0, 0.0, 0.0, 0.0, 1000.0)


@controls.section
def section() -> None:
    screen.question(_("What does batch normalization do to the numbers of a batch, and what does it do in evaluation?"))
    chosen_view = view()
    left, right = screen.columns()
    found = None
    with screen.refusals():
        with left:
            chosen = setup(chosen_view)
        found = DRAW[chosen_view](chosen, left, right)
    _notice(chosen_view)
    batch_mistakes.exercise()
    _challenge()
    if found is not None:
        takeaway.takeaway("regularization_batch", *found)


def _notice(code: str) -> None:
    words = {
        ONE: _(
            "Whatever the feature is measured in, x̂ has mean 0 over the batch and the variance σ² / (σ² + ε): almost 1 "
            "where σ² is large beside ε. The pattern of the samples stays as it was. γ and β then give the network "
            "back any scale and place it wants, since the next non-linearity would be of little use if it only ever "
            "met values near 0. A bias in the layer before is pointless: the mean takes it away again. β does its work."
        ),
        TWO: _(
            "In training mode a sample’s output depends on its company: the lines that join the same samples are "
            "slanted, unless both batches are equal or γ is 0. In evaluation mode the stored mean and "
            "variance are the same for all, the lines are upright, and a sample means the same whoever is with it, "
            "even alone."
        ),
        RUNNING: _(
            "What is stored is a running mean, from 0 on, and a running variance, from 1 on: each batch pulls them a "
            "little. After k "
            "batches (1 − m)ᵏ of that start is left: evaluated too early, a network seems broken. A large momentum "
            "forgets the start sooner and is restless; a small one is calm and slow."
        ),
        INPUTS: _(
            "Standardization is the little sister: once, before training, by the figures of the whole training set, "
            "with nothing learned (no γ, no β). Test data take the training set’s figures, for a shift between the "
            "two is something the network should see. By its own mean a test set of a single sample would always "
            "become 0."
        ),
    }
    screen.notice(words[code])


def _challenge() -> None:
    """Who thinks of 1000 as far out answers something large."""
    answer = float(cached_batch_norm.normalized(LONELY, Scaling()).x_hat[-1])
    challenge(
        "regularization_batch_challenge",
        _("Four of five samples are 0, the fifth is 1000 (γ = 1, β = 0, ε hardly counts). What is x̂ of the fifth?"),
        answer=answer,
        tolerance=0.01,
        hint=_("The mean is 1000 / 5. How large is the variance, with one distance of 800 and four of 200?"),
        explanation=_(
            "The mean is 200, the variance (4 · 200² + 800²) / 5 = 160,000, the root 400: x̂ = 800 / 400 = 2. It is 2 "
            "for any value above 0: no sample of n can be farther from the mean than √(n − 1) standard deviations."
        ),
    )
