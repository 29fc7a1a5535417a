"""Section: the gradient through mean and variance of a batch, in its steps, and against central differences."""

from engine.batch_norm_gradient import BackwardConfig, backward
from pages.sections.regularization import backward_jacobian, backward_mistake, backward_steps
from pages.sections.regularization.backward_setup import JACOBIAN, STEPS, setup, view
from pages.shared import budget, cached_batch_norm, controls, screen, takeaway
from pages.shared.challenge import challenge
from pages.shared.text import _

NO_EPSILON = 1e-300


@controls.section
def section() -> None:
    screen.question(_("How does a gradient get back through the mean and the variance of a batch?"))
    chosen_view = view()
    left, right = screen.columns()
    found = None
    with screen.refusals():
        with left:
            chosen = setup(chosen_view)
            job = budget.Job(_("The gradient"), cached_batch_norm.backward, (chosen.config,), chosen.config.cost)
            (steps,) = budget.run([job], left, key="regularization_backward_run")
        draw = {STEPS: backward_steps.draw, JACOBIAN: backward_jacobian.draw}[chosen_view]
        found = draw(chosen, steps, right)
    _notice()
    backward_mistake.exercise()
    _challenge()
    if found is not None:
        takeaway.takeaway("regularization_backward", *found)


def _notice() -> None:
    screen.notice(
        _(
            "A gradient that arrives at one sample goes back to all of them, for each x moves the mean and the "
            "variance that all share. Two things are taken off: the mean of the gradient, and, as far as σ² is large "
            "against ε, its part along x̂. Of a gradient that is equal for all nothing is left, of one that follows x̂ "
            "as good as nothing. In evaluation mode mean and variance are constants: there the naive formula is the "
            "right one."
        )
    )


def _challenge() -> None:
    """Who stays with the naive gradient answers 1; who takes off the mean alone answers 0.5."""
    answer = float(backward(BackwardConfig((1.0, 3.0), (1.0, 0.0), epsilon=NO_EPSILON)).dx[0])
    challenge(
        "regularization_backward_challenge",
        _(
            "A batch of two samples, x = 1 and x = 3, with γ = 1; ε does not count. The gradient that arrives is 1 at "
            "the first output and 0 at the second. How large is dx of the first sample?"
        ),
        answer=answer,
        tolerance=0.005,
        hint=_("What is x̂ of two samples, whatever their values? And what if the first one moves a little?"),
        explanation=_(
            "Two samples always become −1 and +1: a small move of x changes no output. In parts: 1 − 0.5 (through σ²) "
            "− 0.5 (through μ) = 0. With two samples in a batch no gradient reaches the layers before batch "
            "normalization; γ, β and the layers behind it still learn."
        ),
    )
