"""Bias correction in “Inside a step”: the first steps with it and without it, and a mistake to find."""

from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from engine.bias_correction import GRADIENTS, FirstStep, Slip, first_step, slip, uncorrected_steps
from engine.step_trace import Trace
from pages.sections.descent.inside_setup import Setup
from pages.shared import numbers, screen
from pages.shared.formulas import steps as formulas
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

SHOWN = (1, 2, 3, 5, 10, 20)  # of the first steps, by t
WITHOUT = {  # how long the first step is without bias correction, and why
    "too long": N_("√(1 − β₂) is smaller than 1 − β₁, so m/√v makes the first step too long. In learning rates:"),
    "too short": N_("√(1 − β₂) is larger than 1 − β₁, so m/√v makes the first step too short. In learning rates:"),
    "right": N_("Here √(1 − β₂) equals 1 − β₁, so by chance m/√v makes the first step right. In learning rates:"),
}
DIGITS = 5  # of the mistake: v = 0.00031225 is exact


def first_steps(chosen: Setup, run: Trace, twin: Trace) -> None:
    """How long they are in learning rates, and why."""
    corrected, plain = (run, twin) if chosen.rule.bias_correction else (twin, run)
    rule = chosen.rule
    theory = uncorrected_steps(rule.beta1, rule.beta2, len(run.points) - 1)
    st.markdown(f"**{_('What the bias correction is for: the first steps')}**")
    left, right = st.columns(2, gap="large")
    with left:
        taken = first_step(rule, _first_gradient(corrected))
        start = _("m and v start at 0. After one gradient g they are m = (1 − β₁) g and v = (1 − β₂) g².")
        st.markdown(f"{start} {_(WITHOUT[taken.without])}")
        st.latex(formulas.first_step(rule.beta1, rule.beta2, float(theory[0]), chosen.digits))
        screen.aside(_epsilon(taken, chosen.digits))
        if rule.code == "adamw":
            screen.aside(_("AdamW adds its weight decay, λθ, to the steps of the table."))
    with right:
        at = [t - 1 for t in SHOWN if t < len(run.points)]
        corrected, plain = ([float(one.relative_steps[k, 0]) for k in at] for one in (corrected, plain))
        columns = {
            "t": [str(k + 1) for k in at],
            _("corrected"): corrected,
            _("uncorrected"): plain,
            _("uncorrected, same g"): [float(theory[k]) for k in at],
        }
        screen.table(
            pd.DataFrame(columns),
            alt=_("The first steps in learning rates, with bias correction and without it"),
            digits=chosen.digits,
        )
        screen.aside(
            _(
                "|Δ|/η for x₀ along the two paths. The last column: if the gradient stayed the same, "
                "$(1 - \\beta_1^t)/\\sqrt{1 - \\beta_2^t}$."
            )
        )


def _first_gradient(run: Trace) -> float:
    """What the averages of x₀ are made of at first, a weight decay of Adam's own kind included."""
    return float(run.quantities["corrected_first_moment"][0, 0])


def _epsilon(taken: FirstStep, digits: int) -> str:
    """What ε does to the first step."""
    if not taken.gradient:
        return _("For x₀ the first gradient is 0: without ε this is 0/0; with it the rule takes no step.")
    if not taken.epsilon_decides:
        return _("ε is left out: beside the gradient it is too small to be seen.")
    text = _(
        "ε is left out, but for x₀ it decides: it is not small beside √v̂ or √v. With it the first step of x₀ is "
        "{corrected} learning rates long, without the correction {uncorrected}."
    )
    plain = partial(numbers.plain, digits=digits)
    return text.format(corrected=plain(taken.corrected), uncorrected=plain(taken.uncorrected))


# find the mistake ---------------------------------------------------------------------------------------------

SECOND_STEP = Mistake(
    N_("Adam's second step"),
    (
        N_("Adam, η = {eta}, β₁ = {beta1}, β₂ = {beta2}. The first two gradients of a parameter are {g1} and {g2}."),
        N_("After the second one the averages are m = {m} and v = {v}."),
        N_("Both started at 0 and are too small. Corrected: m̂ = m/(1 − β₁) = {wrong_m}, v̂ = v/(1 − β₂) = {wrong_v}."),
        N_("With these two numbers the step is Δ = η m̂/(√v̂ + ε) = {wrong_step}."),
    ),
    2,
    N_(
        "The first moment would be {wrong_m}: an average larger than both gradients it was made of. After t gradients "
        "the weights in m add up to 1 − β₁ᵗ, so the correction divides by that: m̂ = m/(1 − β₁²) = {right_m}, "
        "v̂ = v/(1 − β₂²) = {right_v}, and Δ = {right_step}. At t = 1 both are the same, so a test of one step finds "
        "nothing."
    ),
)


def mistake() -> None:
    """Adam's second step, corrected by 1 - beta; the numbers are the engine's."""
    with screen.exercise("mistake"):
        st.markdown(f"**{_('Find the mistake')}**")
        shown, key = replace(SECOND_STEP, facts=_facts(slip())), "descent_inside_mistake"
        guess = reasoning(shown, key=f"{key}_guess")
        hint = _("Can an average be larger than each of the numbers it was made of?")
        answer(shown, guess, hint=hint, key=f"{key}_solution", code=key)


def _facts(made: Slip) -> dict[str, str]:
    values = {
        "eta": made.rule.learning_rate,
        "beta1": made.rule.beta1,
        "beta2": made.rule.beta2,
        "g1": GRADIENTS[0],
        "g2": GRADIENTS[1],
        "m": made.first_moment,
        "v": made.second_moment,
        "wrong_m": made.wrong_first,
        "wrong_v": made.wrong_second,
        "wrong_step": made.wrong_step,
        "right_m": made.right_first,
        "right_v": made.right_second,
        "right_step": made.right_step,
    }
    return {name: numbers.plain(value, DIGITS) for name, value in values.items()}
