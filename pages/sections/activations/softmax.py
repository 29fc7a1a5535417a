"""Softmax: scores to probabilities, step by step, its Jacobian, and why the largest score is taken off first."""

import pandas as pd
import streamlit as st

from engine import softmax_trace
from engine.activations import Sigmoid
from engine.export import softmax_script
from engine.softmax import softmax
from engine.softmax_trace import NaiveSoftmax
from pages.sections.activations.softmax_setup import Setup, setup
from pages.shared import controls, numbers, screen, show, takeaway
from pages.shared.challenge import challenge, close
from pages.shared.charts import heat, probabilities
from pages.shared.formulas import softmax as formulas
from pages.shared.text import _

RATIOS, CHALLENGE_TEMPERATURE = (1, 2, 5), 0.5


@controls.section
def section() -> None:
    screen.question(_("How do scores become probabilities?"))
    left, right = screen.columns()
    with left:
        chosen = setup()
    with right:
        _bars(chosen)
        _heat(chosen)
    table = _steps(chosen)
    _jacobian(chosen)
    _naive(chosen)
    _two_classes(chosen)
    _notice()
    _challenge()
    takeaway.takeaway("activations_softmax", table, softmax_script(chosen.logits, chosen.temperature, chosen.shift))


def _bars(setup: Setup) -> None:
    """The probabilities, how undecided they are, and what the shift did to them."""
    trace, labels = setup.trace, setup.names("p")
    # No number in the alternative texts: with each new text the browser would draw the whole picture anew.
    show.chart(
        probabilities.spec(len(labels), _("probability"), _("class")),
        probabilities.data(trace.probabilities, labels, numbers.plain),
        alt=_("A bar for the probability of each of {n} classes").format(n=len(labels)),
        key="activations_softmax_bars",
    )
    st.markdown(
        _(
            "Entropy, −Σ p ln p, says how undecided the probabilities are: 0 when one class is certain. Here "
            "**{nats}** nats (with ln) = **{bits}** bits (with log₂); {n} equal probabilities would have ln {n} = "
            "**{most}** nats."
        ).format(
            nats=numbers.plain(trace.entropy),
            bits=numbers.plain(trace.entropy_in_bits),
            most=numbers.plain(trace.largest_entropy),
            n=len(labels),
        )
    )
    st.markdown(_what_the_shift_did(setup))


def _what_the_shift_did(setup: Setup) -> str:
    moved = softmax_trace.shift_error(setup.logits, setup.shift, setup.temperature)
    if setup.shift == 0:
        return _("Shift all logits by c, and watch the bars: they stay.")
    if moved == 0:
        return _("The shift has moved no probability, not even in its last digit.")
    return _("The shift has moved no probability by more than {moved}: that is the rounding of z + c.").format(
        moved=numbers.plain(moved, 2)
    )


def _steps(setup: Setup) -> pd.DataFrame:
    """Every number from the logits to the probabilities; returned at full precision."""
    trace = setup.trace
    table = pd.DataFrame(
        {
            _("Class"): setup.classes,
            "z": trace.z,
            "(z − m) / T": trace.exponents,
            "exp": trace.exponentials,
            "p": trace.probabilities,
            "ln p": trace.log_probabilities,
        }
    )
    formula, steps = st.columns(2)
    with formula:
        st.latex(formulas.steps(trace))
    with steps:
        screen.table(table, alt=_("Softmax step by step"), own={"z": formulas.SCORE_DIGITS})
        st.markdown(
            _(
                ":small[z is the logit with its shift, m the largest of them. ln p is computed without the way through "
                "p, so it still has its digits where p is rounded to 0.]"
            )
        )
    return table


def _heat(setup: Setup) -> None:
    """Each probability by each logit."""
    trace, (rows, columns) = setup.trace, (setup.names("p"), setup.names("z"))
    st.markdown(_("**The Jacobian.** How each probability (row) moves with each logit (column):"))
    show.chart(
        heat.spec(len(rows), len(columns), value_title="∂p / ∂z"),
        heat.data(
            trace.jacobian,
            rows,
            columns,
            lambda value: numbers.plain(value, 3),
            limit=trace.largest_slope,
            detail="∂{} / ∂{} = {}".format,
        ),
        alt=_("The Jacobian as a heat map with the numbers in its cells"),
        key="activations_softmax_jacobian",
        width="content",
    )


def _jacobian(setup: Setup) -> None:
    """Two entries of the Jacobian as formulas, and three checks."""
    trace = setup.trace
    formula, checks = st.columns(2)
    formula.latex(formulas.slopes(trace))
    with checks:
        st.markdown(
            _(
                "A logit lifts its own probability (+) and presses on all others (−). What one class wins the "
                "others lose: every column sums to 0. A common shift of all logits changes nothing: every row sums "
                "to 0. (δᵢⱼ is 1 for i = j and 0 otherwise; it is not the δ of the gradient.)"
            )
        )
        sums = trace.row_sum, trace.column_sum, trace.gap
        rows, columns, gap = (numbers.plain(number, 2) for number in sums)
        with st.container(horizontal=True):
            st.badge(_("largest row sum {number}").format(number=rows), color="gray")
            st.badge(_("largest column sum {number}").format(number=columns), color="gray")
            st.badge(_("largest gap to central differences {number}").format(number=gap), color="gray")


def _naive(setup: Setup) -> None:
    """The same formula without taking off the largest logit."""
    st.markdown(f"### {_('Why is the largest logit taken off first?')}")
    naive = setup.naive
    table = pd.DataFrame(
        {
            _("Class"): setup.classes,
            "exp(z / T)": naive.exponentials,
            _("p, naive"): naive.probabilities,
            _("p, safe"): setup.trace.probabilities,
        }
    )
    words, comparison = st.columns(2)
    with comparison:
        screen.table(table, alt=_("The naive formula beside the safe one"))
    with words:
        st.markdown(
            _(
                "On paper $e^{z_i/T} / \\sum_k e^{z_k/T}$ is the same: the factor $e^{-m/T}$ cancels. "
                "In a computer it is not, because no number above 1.8e308 can be written down."
            )
        )
        _verdict(naive)


def _verdict(naive: NaiveSoftmax) -> None:
    if naive.overflows:
        st.warning(
            _("An exponential is above the largest number and becomes inf, and inf / inf is nan, not a number."),
            icon="💥",
        )
    elif naive.underflows:
        st.warning(_("Every exponential is rounded to 0, and 0 / 0 is nan, not a number."), icon="💥")
    else:
        st.markdown(_("Here both agree. Set the shift c to 1000, or to −1000, and look again."))


def _two_classes(setup: Setup) -> None:
    st.markdown(f"### {_('The sigmoid is softmax of two classes')}")
    score = setup.logits[0]
    st.latex(formulas.two_classes(score, float(softmax((score, 0.0))[0]), float(Sigmoid().f(score))))


def _notice() -> None:
    screen.notice(
        _(
            "Softmax looks at differences only: a shift of all logits changes nothing. The temperature divides these "
            "differences: a low one sharpens towards the largest logit (argmax), a high one levels out towards equal "
            "probabilities, and the entropy rises to ln n. Where one class is sure, the whole Jacobian is almost 0: "
            "softmax saturates like the sigmoid."
        )
    )


def _challenge() -> None:
    """Whoever forgets that T = 1/2 squares the ratios answers 5/8."""
    answer = float(softmax(softmax_trace.scores_of_ratios(RATIOS), CHALLENGE_TEMPERATURE)[2])
    challenge(
        "activations_softmax_challenge",
        _("The logits are 0, ln 2 and ln 5, the temperature is 1/2. How large is p₃?"),
        answer=answer,
        tolerance=close(answer),
        hint=_("Dividing by 1/2 doubles every logit, and the exponential of 2 ln 5 is 5²."),
        explanation=_("The exponentials are 1, 4 and 25: p₃ = 25 / 30. At T = 1 it would be 5 / 8."),
    )
