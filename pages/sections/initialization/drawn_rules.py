"""The two rules that are called Xavier, where rules come from, and a pair of brackets that is missing."""

from functools import partial

import streamlit as st

from engine.drawn_weights import AVERAGE_RULE, effect, fan_out_where_apart, fan_outs
from engine.drawn_weights import two_rules as both_rules
from engine.initializers import xavier_std_bracket_slip
from pages.sections.initialization.drawn_setup import KEY
from pages.shared import numbers, screen, show
from pages.shared.challenge import challenge
from pages.shared.charts import series
from pages.shared.formulas import drawn_weights as formulas
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.text import N_, _

tex = partial(numbers.tex, digits=4)
NOTE = (785, 512)  # inputs and outputs of note 004's first layer; the pixels are 784
PIXELS = 784
SOURCE = 330  # pixels: so wide is one of the conditions; they stand beside each other where there is room
INPUTS, APART = 100, 2.0  # of the challenge


def two_rules(fan_in: int, fan_out: int) -> None:
    """1 / n_in and 2 / (n_in + n_out): formulas, and both over fan_out."""
    with st.container(border=True):
        st.markdown(_("**Two rules, one name.** Both are called Xavier initialization, and they differ."))
        left, right = st.columns(2, gap="large")
        here = both_rules(fan_in, (fan_out,))
        with left:
            st.latex(formulas.two_rules(fan_in, fan_out, here, tex))
            st.markdown(_verdict(fan_in, fan_out, float(here.by_fan_in[0] / here.by_average[0])))
        with right:
            _over_fan_out(fan_in, fan_out)


def _verdict(fan_in: int, fan_out: int, ratio: float) -> str:
    named = _("Note 000's is also known as LeCun's, note 004's as Glorot's, after Xavier Glorot.")
    if fan_in == fan_out:
        text = _("With as many outputs as inputs both rules are the same number.")
    elif ratio > 1:
        text = _("Here note 000's weights are {ratio} times as large as note 004's.")
    else:
        text = _("Here note 000's weights are only {ratio} times as large as note 004's.")
    ends = _(
        "With far fewer outputs than inputs the ratio falls towards 1/√2 ≈ 0.707; with more and more outputs it grows "
        "without end."
    )
    return f"{text.format(ratio=numbers.plain(ratio))} {ends} {named}"


def _over_fan_out(fan_in: int, fan_out: int) -> None:
    labels = "000: 1/n_in", "004: 2/(n_in + n_out)"
    at = fan_outs()
    found = both_rules(fan_in, at)
    show.chart(
        series.spec(labels, _("outputs, fan_out"), _("standard deviation σ"), x_log=True, marker=True),
        series.data(at, dict(zip(labels, (found.by_fan_in, found.by_average), strict=True)), at=float(fan_out)),
        alt=_("The standard deviation by both rules over the number of outputs, on a logarithmic axis"),
        key=f"{KEY}_rules_picture",
    )
    screen.aside(
        _("The lines cross where fan_out = fan_in = {n}. The vertical line is the layer above.").format(n=fan_in)
    )


def origins() -> None:
    """Which condition gives which rule."""
    st.markdown(_("**Where the rules come from.** Independent weights and inputs with mean 0: variances add up."))
    sources = (
        (_("Forward, the signal keeps its variance:"), formulas.FORWARD),
        (_("Backward, the gradient keeps its variance:"), formulas.BACKWARD),
        (_("ReLU cuts off half of the signal (He initialization):"), formulas.RELU),
    )
    with st.container(horizontal=True, gap="medium"):
        for words, formula in sources:
            with st.container(width=SOURCE):
                st.markdown(words)
                st.latex(formula)
    screen.aside(
        _(
            "Unless n_in = n_out, no variance meets the first two conditions together: Glorot takes 2/(n_in + n_out), "
            "one over the mean of both. PyTorch's nn.Linear draws from U(±1/√n_in): n_in · Var(w) = 1/3, so that each "
            "linear layer leaves a third of the variance."
        )
    )


# the mistake --------------------------------------------------------------------------------------------------


def bracket_slip() -> Mistake:
    """Note 004's printed code, with its numbers from the engine."""
    right, slip = AVERAGE_RULE.std(*NOTE), xavier_std_bracket_slip(*NOTE)
    done, meant = effect(slip, *NOTE), effect(right, *NOTE)
    facts = {
        "right": numbers.plain(right),
        "slip": numbers.plain(slip),
        "times": numbers.plain(slip / right, 3),
        "z": numbers.plain(done.z_std, 3),
        "z_right": numbers.plain(meant.z_std, 3),
        "saturated": f"{done.saturated:.1%}",
        "saturated_right": f"{meant.saturated:.2%}",
        "right_784": numbers.plain(AVERAGE_RULE.std(PIXELS, NOTE[1])),
    }
    return Mistake(
        N_("A line of code"),
        (
            N_("Xavier's rule asks for the variance 2 / (fan_in + fan_out): between 1 / fan_in and 1 / fan_out."),
            N_("Note 004 writes its root as code: `std = gain * math.sqrt(2.0 / fan_in + fan_out)`, with gain = 1."),
            N_("To draw from U(−a, a) instead of a normal distribution it takes `a = math.sqrt(3.0) * std`."),
            N_("For a layer of 785 inputs and 512 outputs the rule gives a standard deviation of about {right}."),
        ),
        1,
        N_(
            "A division comes before a sum: the line computes √(2/785 + 512) = {slip}, which is {times} times what "
            "it should be. The right one is `math.sqrt(2.0 / (fan_in + fan_out))` = {right}. With inputs of mean "
            "square 1 the slip's z have a standard deviation of {z} instead of {z_right}, and {saturated} of the "
            "sigmoids are saturated instead of {saturated_right}: nothing would be learned. (As printed there is one "
            "closing bracket too many, so that Python would refuse the line. And 785 should be 784, the pixels of an "
            "image; that alone changes hardly anything: {right_784}.)"
        ),
        facts,
    )


def mistake() -> None:
    """Find the mistake."""
    slip = bracket_slip()
    with screen.exercise("mistake"):
        st.markdown(f"**{_('Find the mistake')}**")
        guess = reasoning(slip, key=f"{KEY}_mistake")
        answer(
            slip,
            guess,
            hint=_("Compute the line for 785 and 512 in the order in which Python does it."),
            key=f"{KEY}_mistake_solution",
            code=f"{KEY}_mistake",
        )


def challenge_of_the_rules() -> None:
    """Who thinks of n_out = 2 n_in forgets the root."""
    answer_here = fan_out_where_apart(INPUTS, APART)
    challenge(
        f"{KEY}_challenge",
        _(
            "A layer has {n} inputs. Note 000's Xavier draws weights of variance 1/n_in, note 004's of variance "
            "2/(n_in + n_out). With how many outputs is the standard deviation of note 000's weights twice as large?"
        ).format(n=INPUTS),
        answer=answer_here,
        tolerance=0.5,
        hint=_("Twice the standard deviation is four times the variance. Set fan_in to {n} and try.").format(n=INPUTS),
        explanation=_(
            "1/n_in must be four times 2/(n_in + n_out), so n_in + n_out = 8 n_in and n_out = 7 n_in = {answer}. Two "
            "programs that both say ‘Xavier’ may differ by a factor of two."
        ).format(answer=numbers.plain(answer_here)),
    )
