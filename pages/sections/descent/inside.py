"""Section: one step of an optimizer, with every number in it."""

import streamlit as st

from engine.bias_correction import uncorrected_steps
from engine.export_step import step_script
from engine.step_trace import Trace
from pages.sections.descent import inside_bias, inside_step
from pages.sections.descent.inside_setup import START, Setup, setup
from pages.shared import cached_descent, controls, names, numbers, player, screen, takeaway
from pages.shared.challenge import challenge
from pages.shared.charts import paths
from pages.shared.text import _

FIRST = 5  # the step it opens at: all averages have begun
CHALLENGE, USUAL = (0.9, 0.9999), (0.9, 0.999)  # beta1, beta2


@controls.section
def section() -> None:
    screen.question(_("What does an optimizer compute in one step?"))
    left, right = screen.columns()
    taken = None
    with screen.refusals():
        with left:
            chosen = setup()
        run, twin = _runs(chosen)
        with right:
            k = _picture(chosen, run, twin)
            _remarks(chosen, run, k)
        taken = inside_step.step(chosen, run, twin, k)
        if twin:
            inside_bias.first_steps(chosen, run, twin)
    _notice()
    inside_bias.mistake()
    _challenge()
    if taken is not None:
        takeaway.takeaway("descent_inside", taken, step_script(chosen.surface, chosen.rule, chosen.start, k))


def _runs(chosen: Setup) -> tuple[Trace, Trace | None]:
    """The rule's run and its twin's, each one step longer than the picture: the last point has a step to take, too."""
    run, twin = (
        cached_descent.traced(chosen.surface.code, rule, chosen.start, chosen.n_steps + 1) if rule else None
        for rule in (chosen.rule, chosen.twin)
    )
    return run, twin


def _picture(chosen: Setup, run: Trace, twin: Trace | None) -> int:
    """The path and its player; returns the step at which it stands."""
    where, code = chosen.surface, chosen.rule.code
    known = [one for one in (run, twin) if one]
    known.sort(key=lambda one: not getattr(one.optimizer, "bias_correction", True))  # the order stays
    drawn = [
        paths.Path(inside_step.label(one), one.points[:-1], one.losses[:-1], place=inside_step.place(one))
        for one in known
    ]
    picture = paths.plane(
        drawn,
        x_range=where.domain[0],
        y_range=where.domain[1],
        titles=("x₀", "x₁"),
        landscape=cached_descent.landscape(where.code),
        marks=[paths.mark(*minimum, label=_("minimum")) for minimum in where.minima],
    )
    return player.player(
        picture,
        key="descent_inside_step",
        alt=_("The path of {name} over the contour lines of the surface").format(name=names.OPTIMIZERS[code]),
        start=FIRST,
        pick=lambda point, done: controls.drag(START, point, done, where.code),
    )


def _remarks(chosen: Setup, run: Trace, k: int) -> None:
    """The function, and what became of the run."""
    st.markdown(f"${chosen.surface.latex}$")
    last, first = float(run.losses[-2]), float(run.losses[0])
    if run.diverged_at >= 0:
        st.warning(
            _(
                "It diverges: at step {step} the numbers are too large to be computed. Choose a smaller learning rate."
            ).format(step=run.diverged_at)
        )
    elif chosen.surface.minima and last > first:
        st.warning(
            _(
                "After {n} steps the loss is {last}; at the start it was {first}. This learning rate is too large."
            ).format(n=chosen.n_steps, last=numbers.plain(last), first=numbers.plain(first))
        )


# words --------------------------------------------------------------------------------------------------------


def _notice() -> None:
    screen.notice(
        _(
            "Every rule works on each parameter by itself: the line for x₀ never looks at x₁. Compare the scale of the "
            "gradient with the scale of the step: SGD's step is large where the gradient is, Adam's is about one "
            "learning rate wherever the gradients agree, on steep ground as on flat. At k = 0 Adam has seen one "
            "gradient g: m̂ = g and v̂ = g², so m̂/√v̂ is 1 or −1, and the first step has the size η for any g "
            "well above ε."
        )
    )


def _challenge() -> None:
    answer, usual = (float(uncorrected_steps(*betas, 1)[0]) for betas in (CHALLENGE, USUAL))
    challenge(
        "descent_inside_challenge",
        _(
            "Adam without bias correction, β₁ = 0.9 and β₂ = 0.9999 instead of 0.999: how many learning rates long is "
            "the first step?"
        ),
        answer=answer,
        tolerance=0.05,
        hint=_("m is 1 − β₁ times the gradient, v is 1 − β₂ times its square. And the root?"),
        explanation=_(
            "(1 − β₁)/√(1 − β₂) = 0.1/√0.0001 = 0.1/0.01 = {answer}. The slower the second moment, the larger the "
            "mistake that its start at 0 makes: with 0.999 it is {usual}."
        ).format(answer=numbers.plain(answer), usual=numbers.plain(usual)),
    )
