"""Find the mistake: the gradient that forgets what the mean and the variance are made of."""

import functools

import streamlit as st

from engine.batch_norm_gradient import BackwardConfig, backward
from pages.sections.regularization.backward_setup import PRESETS, X
from pages.shared import mistake, numbers, screen
from pages.shared.mistake import Mistake
from pages.shared.text import N_, _


@functools.cache
def _naive() -> Mistake:
    steps = backward(BackwardConfig(X, PRESETS["one"].dy))
    facts = {
        "naive": numbers.plain(float(steps.naive[0])),
        "numeric": numbers.plain(float(steps.numeric[0])),
        "second": numbers.plain(float(steps.numeric[1])),
        "through_var": numbers.plain(float(steps.through_var[0])),
        "through_mean": numbers.plain(float(steps.through_mean[0])),
    }
    return Mistake(
        N_("Find the mistake: a short way back"),
        (
            N_("The batch is x = (2, 4, 5, 6, 8) with γ = 1, and only the first output has a gradient: dy₁ = 1."),
            N_("y₁ = γ x̂₁ + β, so dx̂₁ = γ dy₁ = 1."),
            N_("x̂₁ = (x₁ − μ) / √(σ² + ε) has the slope 1 / √(σ² + ε) = 0.5 in x₁, so dx₁ = {naive}."),
            N_("Central differences of L = Σ dy y give dx₁ = {numeric}, and dx₂ = {second}."),
            N_("With a stored μ and σ², as in evaluation, central differences would give dx₁ = {naive}."),
        ),
        2,
        N_(
            "μ and σ² depend on x₁ as well: through σ² comes {through_var}, through μ {through_mean}, and together "
            "that is {numeric}. And the samples without a gradient of their own get one, for they share μ and σ²."
        ),
        facts,
    )


def exercise() -> None:
    """The lines, the guess and the answer."""
    told = _naive()
    with screen.exercise("mistake"):
        st.markdown(f"### {_(told.title)}")
        guess = mistake.reasoning(told, key="regularization_backward_guess")
        hint = _("What else in the formula changes when x₁ does?")
        mistake.answer(
            told, guess, hint=hint, key="regularization_backward_solution", code="regularization_backward_mistake"
        )
