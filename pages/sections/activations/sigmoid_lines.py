"""The sigmoid's derivative line by line: note 002's lines, one of which is wrong, and the right ones with numbers."""

import pandas as pd
import streamlit as st

from engine import sigmoid_derivation, slips
from engine.sigmoid_derivation import NOTE_LINES
from pages.shared import controls, numbers, screen, shell
from pages.shared.formulas import sigmoid as formulas
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

SOLVED = "activations_mistake_sigmoid_product"
# A superscript sign, e⁻ᶻ, since a message with braces in braces could not be told from one with placeholders.
MISTAKE = Mistake(
    N_("The sigmoid's derivative, line by line"),
    (
        N_("$f = \\dfrac{1}{t}$ with $t = 1 + e⁻ᶻ$, so $\\dfrac{df}{dt} = -\\dfrac{1}{t^2}$."),
        N_("The chain rule, with $\\dfrac{dt}{dz} = -e⁻ᶻ$: $f' = \\dfrac{1}{(1 + e⁻ᶻ)^2} \\cdot e⁻ᶻ$"),
        N_("Add 1 and take it off again: $\\dfrac{1 + e⁻ᶻ - 1}{(1 + e⁻ᶻ)(1 + e⁻ᶻ)}$"),
        N_("Split the fraction: $\\dfrac{1}{1 + e⁻ᶻ} \\cdot \\dfrac{1}{(1 + e⁻ᶻ)^2}$"),
        N_("So it is $\\dfrac{1}{1 + e⁻ᶻ} \\cdot \\left(1 - \\dfrac{1}{1 + e⁻ᶻ}\\right)$"),
        N_("and that is $f(z)\\,(1 - f(z))$."),
    ),
    3,
    N_(
        "Split properly, $\\dfrac{1 + e⁻ᶻ - 1}{1 + e⁻ᶻ}$ is $1 - \\dfrac{1}{1 + e⁻ᶻ}$: a difference, not "
        "another factor. The next line of the note is right again, so the slip leaves no trace in the result. The "
        "wrong line is $f^3$, and $f^3 = f(1 - f)$ holds at a single z, 0.4812, where f is 0.618: a check at that "
        "one point would have found nothing."
    ),
)
FIRST = 2  # the line of the reasoning that the first of NOTE_LINES is in
REASONS = {
    "chain_rule": N_("The chain rule, with $t = 1 + e⁻ᶻ$"),
    "inner": N_("$dt/dz = -e⁻ᶻ$ put in; the two minus signs cancel"),
    "add_and_subtract": N_("Add 1 above and take it off again"),
    "split": N_("One factor each: the second is $\\frac{1 + e⁻ᶻ}{1 + e⁻ᶻ} - \\frac{1}{1 + e⁻ᶻ}$"),
    "result": N_("Put $f(z)$ back in"),
}


def show(z: float) -> None:
    """The exercise, and the derivation with the numbers at z."""
    with screen.exercise("mistake"):
        st.markdown(f"### {_(MISTAKE.title)}")
        st.markdown(_("Lecture note 002 derives it in six lines. One of them is wrong: which one?"))
        guess = reasoning(MISTAKE, key="activations_lens_guess")
        hint = _("Numbers settle it: put a z into every line.")
        answer(MISTAKE, guess, hint=hint, key="activations_lens_solution", code=SOLVED)
        if controls.toggle(_("Settle it with numbers"), key="activations_lens_settled"):
            _settle(z)
    with st.expander(_("The right derivation, with the numbers at z = {z}").format(z=numbers.plain(z))):
        _derivation(z)
    st.page_link(
        shell.page("backprop"),
        label=_("The sigmoid as a computation graph (note 001)"),
        icon=":material/account_tree:",
        query_params={"backprop_formula": "sigmoid"},
    )


def _settle(z: float) -> None:
    """The value of every line at z; and the line in question at six z, beside central differences."""
    values = sigmoid_derivation.values(z, NOTE_LINES).tolist()
    at = _("Value at z = {z}").format(z=numbers.plain(z))
    lines = pd.DataFrame({_("Line"): [str(line) for line in range(FIRST, FIRST + len(NOTE_LINES))], at: values})
    check = slips.sigmoid_product()
    claimed = pd.DataFrame(
        {
            _("Case"): check.cases,
            _("Line 4"): check.claimed,
            "f (1 − f)": check.right,
            _("Numerical gradient"): check.numerical,
            _("Relative error"): check.relative_error,
        }
    )
    st.markdown(_("Lines that are equal give the same number. At the z that is chosen above:"))
    screen.table(lines, alt=_("The value of every line"))
    st.markdown(_("Line 4 beside the right derivative and a numerical one, at other z:"))
    screen.table(claimed, alt=_("The check of line 4"), own={_("Relative error"): 2})


def _derivation(z: float) -> None:
    lines = [f"{_(REASONS[code])}:\n\n{latex}" for code, latex in formulas.lines(z).items()]
    st.markdown("\n\n".join([formulas.start(z), *lines, _rounding(sigmoid_derivation.spread(z))]))


def _rounding(gap: float) -> str:
    if gap == 0:
        return _("All lines give the same number, to the last digit.")
    return _("The largest difference between two lines: {gap}, which is rounding.").format(gap=numbers.plain(gap, 2))
