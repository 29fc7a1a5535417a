"""Section: Rosenblatt's rule learns a gate, visit by visit."""

from functools import partial

import streamlit as st

from engine import gates, perceptron
from engine.export_learning import learning_script
from engine.rosenblatt import PerceptronHistory
from pages.sections.perceptron import learn_run, learn_setup
from pages.sections.perceptron.learn_setup import CAP, DIGITS, IN_ORDER, SAMPLES, START, Setup, number, triple
from pages.shared import cached, controls, numbers, screen, show, takeaway
from pages.shared.challenge import challenge
from pages.shared.charts import learning as picture
from pages.shared.charts import plane
from pages.shared.formulas import learning as formulas
from pages.shared.text import _

tex = partial(numbers.tex, digits=DIGITS)
PICTURE, FORMULAS = 352, 340  # pixels; beside each other where there is room for both


@controls.section
def section() -> None:
    screen.question(_("How does a unit find its weights by itself?"))
    left, right = screen.columns()
    with left:
        setup = learn_setup.setup()
    log = None
    with screen.refusals():
        history, bound = cached.learnt(*setup.run)
        with left:
            _remarks(setup)
        with right:
            visit = _walk(setup, history)
        learn_run.outcome(setup, history, bound, visit)
        log = learn_run.log(setup, history, visit)
    _notice()
    _challenge()
    if log is not None:
        s = setup
        script = learning_script(s.gate, s.start, s.learning_rate, s.order, s.seed, s.max_updates)
        takeaway.takeaway("perceptron_learn", log, script)


def _remarks(setup: Setup) -> None:
    """What is counted, what the learning rate does from this start, and how the numbers are computed."""
    unit = _("A unit is the neuron of the section before: weighted sum, bias, activation function.")
    visit = _("A visit: one sample is answered and, if the answer is wrong, learned from. An epoch: each sample once.")
    if setup.from_zero:
        rate = _(
            "From zero weights the learning rate changes nothing but the scale: every weight is the learning rate "
            "times a whole number, and the mistakes stay the same."
        )
    else:
        rate = _("From this start the learning rate matters: a small one needs many mistakes to move far.")
    exact = _("Computed in exact fractions, so 0.1 + 0.2 − 0.3 is 0, and no rounding makes a unit fire.")
    for text in (unit, visit, rate, exact):
        screen.aside(text)


# one visit ----------------------------------------------------------------------------------------------------


def _walk(setup: Setup, history: PerceptronHistory) -> int:
    """The stepper, the picture, the formulas of the visit; returns how many visits have been made."""
    last = len(history.sample)

    def next_mistake(visit: int) -> tuple[str, str, int]:
        return ":material/fast_forward:", _("Next mistake"), history.next_mistake(visit) or visit

    visit = controls.stepper(
        _("Visit"),
        last,
        key="perceptron_learn_visit",
        scope=setup.scope,
        start=history.next_mistake(0) or last,
        jump=next_mistake,
    )
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=PICTURE):
            _plane(setup, history, visit)
        with st.container(width=FORMULAS):
            _formulas(setup, history, visit)
    return visit


def _plane(setup: Setup, history: PerceptronHistory, visit: int) -> None:
    """The line after this visit, and where it was before."""
    *w, b = history.state(visit)
    result = perceptron.evaluate(w, b, gates.POINTS, setup.gate.target)
    now = perceptron.decision_line(w, b, picture.LOW, picture.HIGH)
    before = None
    if visit and history.error[visit - 1]:
        *w_before, b_before = history.state(visit - 1)
        before = perceptron.decision_line(w_before, b_before, picture.LOW, picture.HIGH)
    visited = int(history.sample[visit - 1]) if visit else None
    data = picture.visit_data(setup.gate.target, result.z, result.correct, visited, now, before, number)
    show.chart(
        plane.spec("x₁", "x₂", low=picture.LOW, high=picture.HIGH),
        data,
        # The same at every visit: Streamlit draws a picture anew where its alternative text changes.
        alt=_(
            "Plane of the inputs: samples 00, 01, 10, 11 with targets {targets}, the line z = 0 after the visit, and "
            "the line before it. The weights are in the formulas."
        ).format(targets=", ".join(map(str, setup.gate.outputs))),
        key="perceptron_learn_plane",
        width="content",
    )
    _about_line(now, number(b))


def _about_line(line: perceptron.DecisionLine, bias: str) -> None:
    """How to read the picture, or why it shows no line."""
    if line.normal is None:
        text = _("w₁ = w₂ = 0: **there is no line**. The sum is b = {b} at every point, so the output is {answer}.")
    elif line.ends is None:
        text = _("The line passes outside this picture: all over it the output is {answer}.")
    else:
        text = _("Solid: the line z = 0 now; its arrow has the direction of the weights (w₁, w₂).")
    legend = _("Dashed: the line before this visit. Shaded: output 1. ✓ and ✗: right and wrong with the weights now.")
    st.markdown(f":small[{text.format(b=bias, answer=1 if line.side == 'one' else 0)} {legend}]")


def _formulas(setup: Setup, history: PerceptronHistory, visit: int) -> None:
    """The sum, the output, the error; the change and the new weights."""
    if visit == 0:
        st.markdown(
            _("**Start.** The weights are {weights}; the first sample is {sample}. Press “Next”.").format(
                weights=triple(history.state(0)), sample=SAMPLES[history.sample[0]]
            )
        )
        return
    sample = int(history.sample[visit - 1])
    facts = {"sample": SAMPLES[sample], "y": setup.gate.outputs[sample], "a": int(history.output[visit - 1])}
    kinds = {
        0: _("**Right.** Sample {sample}: output and target are both {y}, so nothing changes."),
        1: _("**A mistake.** Sample {sample}: the target is {y}, the output {a}. The sum must grow."),
        -1: _("**A mistake.** Sample {sample}: the target is {y}, the output {a}. The sum must fall."),
    }
    st.markdown(kinds[int(history.error[visit - 1])].format(**facts))
    x = gates.POINTS[sample].tolist()
    st.latex(formulas.answer(history, visit, x, tex))
    st.latex(formulas.change(history, visit, tex))


# words --------------------------------------------------------------------------------------------------------


def _notice() -> None:
    screen.notice(
        _(
            "Only a mistake changes anything: each weight moves by the learning rate times the error times its input, "
            "so an input of 0 leaves its weight alone. A change may spoil samples that were right before; where a line "
            "exists, the mistakes end all the same. XOR has no line, and its weights go round in a circle. Start AND "
            "at (−5, 5, 5) with learning rate 0.1 to see how long a bad start can take."
        )
    )


def _challenge() -> None:
    """Who thinks that a small step needs many steps answers 1000."""
    slow, _bound = cached.learnt("and", START, 0.01, IN_ORDER, None, CAP)
    mistakes = int(slow.mistakes[-1])
    challenge(
        "perceptron_learn_challenge",
        _(
            "From zero weights, with learning rate 1 and the order 00, 01, 10, 11, the unit learns AND with {n} "
            "mistakes. How many does it make with learning rate 0.01?"
        ).format(n=int(cached.learnt("and", START, 1.0, IN_ORDER, None, CAP)[0].mistakes[-1])),
        answer=mistakes,
        tolerance=1e-6,
        hint=_("The output depends on the sign of the sum alone. What does the learning rate do to that sign?"),
        explanation=_(
            "Just as many, {n}: from zero, every weight is the learning rate times a whole number. All sums shrink to "
            "a hundredth and keep their signs, so the outputs and the mistakes are the same."
        ).format(n=mistakes),
    )
