"""Section 1: one step unit, its line in the plane of its two inputs, and the gate that it computes."""

from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from engine import gates, perceptron
from engine.export_perceptron import decide_script
from engine.gates import POINTS, Gate
from engine.margins import widest_bias
from engine.perceptron import DecisionLine, UnitResult
from engine.separability import separability
from pages.shared import controls, names, numbers, screen, takeaway
from pages.shared.challenge import challenge
from pages.shared.formulas import step_unit as formulas
from pages.shared.plane_live import Point, plane_live
from pages.shared.text import _

KEYS = ("perceptron_decide_w1", "perceptron_decide_w2", "perceptron_decide_b")
START = (1.0, 0.5, -0.7)  # answers like x₁: one shift away from AND and from OR, and wrong for XOR
LIMIT = 10.0


@dataclass(frozen=True)
class Setup:
    """What the controls say: the gate to be computed, whether one unit can, and the unit."""

    gate: Gate
    separable: bool
    weights: tuple[float, float]
    bias: float

    @property
    def values(self) -> tuple[float, float, float]:
        return (*self.weights, self.bias)


@controls.section
def section() -> None:
    screen.question(_("How does a single neuron decide between 0 and 1?"))
    left, right = screen.columns()
    with left:
        setup = _controls()
    result = perceptron.evaluate(setup.weights, setup.bias, POINTS, setup.gate.target)
    line = perceptron.decision_line(setup.weights, setup.bias)
    with right:
        _picture(setup, result, line)
        _verdict(setup, result, line)
    _formulas(setup)
    table = _truth_table(setup, result)
    _notice()
    _challenge()
    takeaway.takeaway("perceptron_decide", table, decide_script(setup.weights, setup.bias, setup.gate))


def _controls() -> Setup:
    gate = gates.gate(controls.choice(st.selectbox, _("Logic gate"), names.GATES, key="perceptron_decide_gate"))
    slider = partial(controls.slider, low=-LIMIT, high=LIMIT, step=0.1)
    labels = (_("Weight w₁"), _("Weight w₂"), _("Bias b"))
    w1, w2, bias = (slider(label, key=key, default=at) for label, key, at in zip(labels, KEYS, START, strict=True))
    solution = separability(POINTS, gate.target)
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            _("Show weights that work"),
            key="perceptron_decide_solve",
            icon=":material/lightbulb:",
            disabled=not solution.separable,
            on_click=_put,
            args=(*solution.weights, solution.bias) if solution.separable else START,
        )
        st.button(_("Back to the start"), key="perceptron_decide_reset", on_click=_put, args=START)
    return Setup(gate, bool(solution.separable), (w1, w2), bias)


def _put(*values: float) -> None:
    for key, value in zip(KEYS, values, strict=True):
        controls.put(key, float(value))


def _picture(setup: Setup, result: UnitResult, line: DecisionLine) -> None:
    plane_live(
        setup.values,
        line,
        _points(result),
        key="perceptron_decide_plane",
        names=KEYS,
        limit=LIMIT,
        titles=(_("Input x₁"), _("Input x₂")),
        alt=_(
            "The plane of the inputs x₁ and x₂ with the four inputs of {gate}. The weights are {w1} and {w2}, the bias "
            "is {b}; {right} of 4 points lie on their side of the line."
        ).format(
            gate=names.GATES[setup.gate.code],
            w1=numbers.plain(setup.weights[0]),
            w2=numbers.plain(setup.weights[1]),
            b=numbers.plain(setup.bias),
            right=result.n_correct,
        ),
        move=partial(controls.drag, KEYS),
    )
    st.markdown(
        ":small[{}]".format(
            _(
                "Circle: target 1. Square: target 0. Tinted: here the neuron answers 1. Ring and cross: a wrong "
                "answer. Drag the line to move b, or the tip of the arrow w: the line turns about the arrow's foot."
            )
        )
    )


def _points(result: UnitResult) -> list[Point]:
    rows = zip(_labels(), POINTS.tolist(), result.z, result.output, result.target, result.correct, strict=True)
    detail = _("z = {z}, output {output}, target {target}")
    return [
        Point(
            *x,
            target=int(target),
            wrong=not correct,
            label=label,
            detail=detail.format(z=numbers.plain(z), output=int(output), target=int(target)),
        )
        for label, x, z, output, target, correct in rows
    ]


def _labels() -> list[str]:
    return [f"{a:.0f}{b:.0f}" for a, b in POINTS]


def _verdict(setup: Setup, result: UnitResult, line: DecisionLine) -> None:
    """How many are right, which gate it is, and what is unusual about the line."""
    figures = st.container(horizontal=True, gap="large")
    figures.metric(_("Right answers"), _("{n} of 4").format(n=result.n_correct))
    margin = result.smallest_margin
    figures.metric(
        _("Smallest margin"),
        numbers.plain(margin) if line.normal is not None else "–",
        help=_(
            "A point's margin is its distance from the line, negative on the wrong side. This is the smallest of "
            "the four: positive only if all four are right with none on the line."
        ),
    )
    wanted, computed = names.GATES[setup.gate.code], names.GATES[gates.gate_of(result.output).code]
    if wanted == computed:
        st.success(_("This neuron computes {gate}.").format(gate=f"**{wanted}**"))
    else:
        wrong = ", ".join(label for label, right in zip(_labels(), result.correct, strict=True) if not right)
        st.info(
            _("This neuron computes {computed}, not {gate}. Wrong at: {inputs}.").format(
                computed=f"**{computed}**", gate=f"**{wanted}**", inputs=wrong
            )
        )
    for text in _special_cases(result, line):
        st.info(text)
    if not setup.separable:
        st.markdown(
            _(
                "No weights work for {gate}: the middle between 00 and 11 is also the middle between 01 and 10, and it "
                "would have to lie on both sides of the line. One neuron gets at most three of the four right."
            ).format(gate=f"**{wanted}**")
        )


def _special_cases(result: UnitResult, line: DecisionLine) -> list[str]:
    """The cases that need a word: no line, a line out of sight, a point exactly on the line."""
    if line.normal is None:
        return [_("With w₁ = w₂ = 0 there is no line: z = b for every input, and so the answer is always the same.")]
    said = []
    if line.side != "both":
        output = {"one": 1, "zero": 0}[line.side]
        said.append(
            _("The line lies outside of the picture, where the answer is {output} all over.").format(output=output)
        )
    on_it = [label for label, z in zip(_labels(), result.z, strict=True) if z == 0]
    if on_it:
        said.append(
            _("Exactly on the line, z = 0: {inputs}. There the answer is 0, by convention: 1 needs z > 0.").format(
                inputs=", ".join(on_it)
            )
        )
    return said


def _formulas(setup: Setup) -> None:
    equation = perceptron.line_equation(setup.weights, setup.bias)
    sums, lines = st.columns(2)
    with sums:
        st.markdown(_("**The neuron.** The weighted sum, and the step function of it."))
        st.latex(formulas.answer(setup.weights, setup.bias))
    with lines:
        st.markdown(_("**The line**, the decision boundary. Where the weighted sum is 0, the answer changes."))
        if equation.kind == "none":
            st.markdown(_("There is no line while both weights are 0."))
        else:
            st.latex(formulas.line(setup.weights, setup.bias, equation))


def _truth_table(setup: Setup, result: UnitResult) -> pd.DataFrame:
    """The truth table with each sum written out; returned at full precision."""
    table = pd.DataFrame(
        {
            "x1": POINTS[:, 0].astype(int),
            "x2": POINTS[:, 1].astype(int),
            "z": result.z,
            _("Output"): result.output.astype(int),
            _("Target"): result.target.astype(int),
            _("Right"): result.correct,
            _("Margin"): result.margin,
        }
    )
    sums = [
        formulas.written_sum(x, setup.weights, setup.bias, z) for x, z in zip(POINTS.tolist(), result.z, strict=True)
    ]
    marks = [
        f"{output:.0f} {'✓' if right else '✗'}" for output, right in zip(result.output, result.correct, strict=True)
    ]
    shown = pd.DataFrame(
        {
            "x₁x₂": _labels(),
            "z = x · w + b": sums,
            _("Output"): marks,
            _("Target"): [str(target) for target in setup.gate.outputs],
            _("Margin"): table[_("Margin")],
        }
    )
    screen.table(shown, alt=_("Truth table of the gate with the neuron's sums and answers"))
    return table


def _notice() -> None:
    screen.notice(
        _(
            "The neuron asks one question only: is the weighted sum above 0? Where it is exactly 0 lies a straight "
            "line; the weights turn it, the bias shifts it, and w points to the side of the 1. Multiply w and b by "
            "the same positive number, and the line stays where it is. Flip all three signs, and the sides swap: AND "
            "becomes NAND, unless a point lies exactly on the line."
        )
    )


def _challenge() -> None:
    """Weights (2, 1): whoever takes over b = −1.5 from equal weights computes another gate."""
    answer = widest_bias((2.0, 1.0), POINTS, gates.gate("and").target)
    challenge(
        "perceptron_decide_challenge",
        _(
            "A neuron with w₁ = 2 and w₂ = 1 computes AND. With which bias b does its line keep the largest distance "
            "from the points that are nearest to it?"
        ),
        answer=answer,
        tolerance=1e-6,
        hint=_(
            "10 must stay on the side of the 0, and 11 on the side of the 1. Write down both weighted sums with b; the "
            "line should lie half way between."
        ),
        explanation=_(
            "z is 2 + b at 10, which must not be above 0, and 3 + b at 11, which must be. Half way, at b = −2.5, both "
            "are at the distance 0.5/√5 ≈ 0.2236 from the line. With b = −1.5 the neuron would answer 1 at 10."
        ),
    )
