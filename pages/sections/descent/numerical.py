"""Section: how small the step of a numerical gradient should be, and why not as small as possible."""

import pandas as pd
import streamlit as st

from engine.difference_theory import (
    DECADES,
    EPSILON_FLOAT32,
    STEPS,
    PredictedErrors,
    Quotient,
    best_step,
    predict_errors,
    quotient,
)
from engine.differences import NOTE_STEP, SCHEMES, DifferenceErrors, difference_errors
from engine.export_differences import differences_script
from pages.sections.descent.numerical_setup import FROZEN, LETTERS, TOO_SMALL, Setup, scheme_titles, setup
from pages.shared import controls, numbers, screen, show, takeaway
from pages.shared.challenge import challenge, close
from pages.shared.charts import valley
from pages.shared.formulas import differences as formulas
from pages.shared.text import _

ERROR_DIGITS = 3  # significant digits of an error


@controls.section
def section() -> None:
    screen.question(_("How small should the step of a numerical gradient be?"))
    left, right = screen.columns()
    with left:
        chosen = setup()
    with screen.refusals():
        predicted = predict_errors(chosen.surface, chosen.point, chosen.scheme)
        measured = difference_errors(chosen.surface, chosen.point, STEPS)
        q = quotient(chosen.surface, chosen.point, chosen.h, chosen.scheme, chosen.axis)
        with right:
            _picture(chosen, measured, predicted)
            _about_this_point(chosen, measured, predicted, q)
        _digits(chosen, q, predicted)
        table = _table(chosen)
        script = differences_script(chosen.surface.code, chosen.point, chosen.h, chosen.scheme, chosen.axis)
    _notice()
    _challenge()
    takeaway.takeaway("descent_numerical", table, script)


# the picture --------------------------------------------------------------------------------------------------


def _picture(chosen: Setup, measured: DifferenceErrors, predicted: PredictedErrors) -> None:
    """The valley, measured and predicted, with the steps that matter marked."""
    labels = scheme_titles()
    here = difference_errors(chosen.surface, chosen.point, [chosen.h])
    power = "h²" if predicted.order == 2 else "h"
    lines = {f"c {power}": predicted.truncation_at(STEPS), "r / h": predicted.rounding_at(STEPS)}
    marks = [(NOTE_STEP, _("note 002"), False), (TOO_SMALL, "10⁻¹²", False), (chosen.h, "h", True)]
    show.chart(
        valley.spec(tuple(labels.values()), _("step h"), _("error of the gradient")),
        valley.data(
            STEPS,
            {label: getattr(measured, code) for code, label in labels.items()},
            lines,
            marks,
            (chosen.h, float(getattr(here, chosen.scheme)[0])),
        ),
        # Constant while h is dragged: Streamlit draws a picture anew where its alternative text changes.
        alt=_(
            "Error of the numerical gradient over the step h, both logarithmic: central and forward, measured; dashed "
            "the two predicted straight lines; marked the steps 10⁻⁴, 10⁻¹² and the chosen h."
        ),
        key="descent_numerical_picture",
    )
    screen.aside(
        _(
            "**Right side:** truncation error, c hᵖ: the formula is wrong while h is large. **Left side:** rounding "
            "error, r / h: a computer keeps 16 digits, and a small h divides what is lost. **Dashed:** both as theory "
            "has them for the chosen scheme. 10⁻⁴ is note 002’s h."
        )
    )


def _about_this_point(chosen: Setup, measured: DifferenceErrors, predicted: PredictedErrors, q: Quotient) -> None:
    """The best step by theory and as measured; what is special about this function or point."""
    errors = getattr(measured, chosen.scheme)
    best = int(errors.argmin())
    rule = best_step(chosen.scheme)
    st.markdown(
        _(
            "Best h: **{rule}** by the rule of thumb {formula} (where x and f are of the size of 1), {lines}, "
            "**{measured}** as measured (error {error})."
        ).format(
            rule=numbers.plain(rule, 3),
            formula="$\\sqrt[3]{\\varepsilon}$" if predicted.order == 2 else "$\\sqrt{\\varepsilon}$",
            lines=_from_the_lines(predicted),
            measured=numbers.plain(float(STEPS[best]), 2),
            error=numbers.plain(float(errors[best]), 2),
        )
    )
    _frozen(chosen, q)
    _one_sided(chosen, predicted)
    zeros = int((errors == 0).sum())
    if zeros:
        screen.aside(
            _("The error is exactly 0 at {n} of {all} steps; a logarithmic axis has no place for 0.").format(
                n=zeros, all=len(errors)
            )
        )


def _from_the_lines(predicted: PredictedErrors) -> str:
    if predicted.best_step is None:
        return _("none from the two lines, since one is missing")
    return _("**{h}** where the sum of the two lines is lowest").format(h=numbers.plain(predicted.best_step, 3))


def _one_sided(chosen: Setup, predicted: PredictedErrors) -> None:
    """Why a line is missing."""
    if not predicted.truncation:
        if chosen.is_quadratic:
            text = _(
                "**A quadratic: the valley has only one side.** The central scheme has no truncation error here, for "
                "its error starts with the third derivative. The larger h, the better. Note 002’s functions are all "
                "quadratics: that is why its numerical gradient looks perfect. Choose “Wavy”, or the forward scheme."
            )
        elif chosen.surface.code == "absolute":
            text = _(
                "**Straight on both sides of the kink:** as long as h is smaller than the distance to 0, there is no "
                "truncation error. Beyond it the scheme looks across the kink, and the error is large at once."
            )
        else:
            text = _(
                "The third derivative is 0 at this point, so c = 0: the truncation error falls faster than h², or is "
                "missing altogether. Move the point a little."
            )
        st.info(text)
    if not predicted.rounding:
        st.info(_("Here f = 0 and x · f′ = 0, so theory expects hardly any rounding error: r = 0."))


def _frozen(chosen: Setup, q: Quotient) -> None:
    """Where x + h rounds to x, and what that does to a descent."""
    if q.x_ahead != q.x_behind:
        return
    name = LETTERS[chosen.surface.dimensions][chosen.axis]
    text = _(
        "**{name} + h rounds to {name}.** The numbers of float64 beside {name} are {gap} apart; an h below half of "
        "that is rounded away. The difference is exactly 0, and so is the numerical gradient; the analytic one is "
        "{exact}."
    )
    st.warning(text.format(name=name, gap=numbers.plain(q.spacing, 3), exact=numbers.plain(q.exact)))
    if chosen.point == FROZEN:
        st.markdown(
            _(
                "Note 002’s run with learning rate 10, begun at (−3, 4), stands here from step 10 on: its numerical "
                "gradient is 0, so it stays for ever. With the analytic gradient the same run flies off to 10²⁶."
            )
        )


# the numbers --------------------------------------------------------------------------------------------------


def _digits(chosen: Setup, q: Quotient, predicted: PredictedErrors) -> None:
    """The quotient digit by digit; beside it the theory of its error."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.latex(formulas.definition(chosen.scheme, chosen.names, chosen.axis))
        st.latex(formulas.worked(q, chosen.scheme, chosen.names[chosen.axis]))
        st.markdown(_cancelled(q))
        st.latex(formulas.compared(q))
    with right:
        st.latex(formulas.valley(predicted, chosen.scheme))
        screen.aside(
            _(
                "$\\varepsilon = 2^{-52} = 2.2 \\cdot 10^{-16}$ is the distance from 1 to the next number of float64. "
                "r holds two roundings: that of f, and that of x + h. Double bars: the length over all coordinates. "
                "The rounding error’s sign is chance, so r / h is its size and no strict bound."
            )
        )


def _cancelled(q: Quotient) -> str:
    n = formulas.cancelled(q)
    if n == formulas.DIGITS:
        return _("All {n} digits cancel: nothing is left.").format(n=n)
    if n == 0:
        return _("No leading digit cancels.")
    return _("Underlined: the {n} leading digits (of {all}) that cancel. What is left holds the gradient.").format(
        n=n, all=formulas.DIGITS
    )


def _table(chosen: Setup) -> pd.DataFrame:
    """Both errors for h = 1e-1 … 1e-15; returns them at full precision."""
    found = difference_errors(chosen.surface, chosen.point, DECADES)
    titles = scheme_titles()
    full = pd.DataFrame(
        {"h": found.h} | {_("Error, {scheme}").format(scheme=titles[code]): getattr(found, code) for code in SCHEMES}
    )
    said = {NOTE_STEP: _("note 002"), TOO_SMALL: _("too small")}
    shown = full.assign(h=[_row_name(float(h), said) for h in found.h])
    errors = list(full.columns[1:])
    own = dict.fromkeys(errors, ERROR_DIGITS)
    screen.table(shown, alt=_("Errors of both schemes for each step h"), own=own, scroll=False)
    return full


def _row_name(h: float, said: dict[float, str]) -> str:
    return numbers.plain(h) + (f" · {said[h]}" if h in said else "")


# words --------------------------------------------------------------------------------------------------------


def _notice() -> None:
    screen.notice(
        _(
            "A smaller h is not a better one. From right to left the central error falls by 100 for each factor of 10 "
            "in h (slope 2), the forward one by 10 (slope 1), until the digits run out; then both rise by 10 (slope "
            "−1), and jump about, since rounding is chance. Note 002’s 10⁻⁴ is on the safe side of the valley; at "
            "10⁻¹² only some four digits of the gradient are left. And h counts relative to x: far out, x + h is x."
        )
    )


def _challenge() -> None:
    """The rule of thumb in another number format; who keeps float64's answer is wrong by a factor of 800."""
    answer = best_step("central", EPSILON_FLOAT32)
    challenge(
        "descent_numerical_challenge",
        _(
            "Graphics cards often compute in float32, which keeps about 7 digits: ε = 2⁻²³ ≈ 1.2 · 10⁻⁷. Which h is "
            "best there for the central scheme, by the rule of thumb? (One significant digit is enough.)"
        ),
        answer=answer,
        tolerance=close(answer, 1),
        hint=_("The truncation error h² and the rounding error ε / h must be about equal. Solve for h."),
        explanation=_(
            "h² = ε / h gives h³ = ε, so h = ∛ε ≈ 0.005. Note 002’s h = 10⁻⁴ would lie on the wrong side of the "
            "valley: in float32 a gradient check with it fails although the gradient is right."
        ),
    )
