"""Second view: the four inequalities of a gate, with a line that fulfils them or the sums that contradict."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from engine.export_one_unit import proof_script
from engine.gates import POINTS
from engine.perceptron import evaluate
from pages.shared import cached_unit, controls, names, numbers, screen, show, takeaway
from pages.shared.cached_unit import GateProof
from pages.shared.charts import plane
from pages.shared.charts.theme import CLASS_0, CLASS_1, HIGHLIGHT
from pages.shared.formulas import one_unit as formulas
from pages.shared.text import _

SIGNS = {">": "> 0", "<=": "≤ 0"}


def draw(left, right) -> Callable[[], None]:
    """Controls, picture, formulas, table; returns what draws the take-away."""
    with left:
        code = controls.choice(
            st.selectbox,
            _("Gate"),
            names.GATES_WITH_OUTPUTS,
            key="perceptron_xor_gate",
            default="xor",
        )
        st.markdown(
            _("A unit answers 1 where $w_1 x_1 + w_2 x_2 + b > 0$, and 0 elsewhere. Which $w_1, w_2, b$ will do?")
        )
    gate = cached_unit.proof(code)
    with right:
        (_line if gate.proof.separable else _diagonals)(gate)
    asked, answer = st.columns(2, gap="large")
    with asked:
        st.markdown(_("**Each corner asks for one inequality:**"))
        st.latex(formulas.inequalities(gate.proof))
    with answer:
        table = _witness(gate) if gate.proof.separable else _contradiction(gate)
    screen.table(table, alt=_("The inequality of each corner"))
    return partial(takeaway.takeaway, "perceptron_xor_proof", table, proof_script(code))


# picture ------------------------------------------------------------------------------------------------------


def _points(gate: GateProof) -> list[dict]:
    return [
        plane.point(*corner, output, label=f"({corner[0]:g}, {corner[1]:g})", detail=f"y = {output}")
        for corner, output in zip(POINTS.tolist(), gate.gate.outputs, strict=True)
    ]


def _picture(gate: GateProof, alt: str, **parts) -> None:
    show.chart(
        plane.spec("x₁", "x₂"),
        plane.data(points=_points(gate), **parts),
        alt=alt,
        key="perceptron_xor_proof_plane",
        width="content",
    )


def _line(gate: GateProof) -> None:
    """The witness as a line."""
    line, found = gate.line, _weights(gate)
    _picture(
        gate,
        _("The corners of {gate} and a line that parts them: {weights}").format(
            gate=names.GATES[gate.gate.code], weights=found
        ),
        lines=[plane.line(line.ends, detail=found)] if line.ends is not None else [],
        regions=plane.region(line.region) if len(line.region) else (),
    )


def _diagonals(gate: GateProof) -> None:
    """The contradiction as two segments that cross."""
    found = gate.proof.contradiction
    ones, zeros = ([POINTS[row].tolist() for row in rows] for rows in (found.positives, found.negatives))
    middle = tuple(found.point.tolist())
    where = ", ".join(map(numbers.plain, middle))
    _picture(
        gate,
        _("The corners of {gate}: the segment between the ones crosses that between the zeros at ({point}).").format(
            gate=names.GATES[gate.gate.code], point=where
        ),
        lines=[
            plane.line(ones, role=CLASS_1, detail=_("between the corners with target 1")),
            plane.line(zeros, role=CLASS_0, dash="dashed", detail=_("between the corners with target 0")),
            plane.line((middle, middle), role=HIGHLIGHT, width=16, detail=f"({where})"),  # a dot
        ],
    )


def _weights(gate: GateProof) -> str:
    return "w1, w2, b = " + ", ".join(map(numbers.plain, (*gate.proof.weights, gate.proof.bias)))


# numbers ------------------------------------------------------------------------------------------------------


def _witness(gate: GateProof) -> pd.DataFrame:
    """The weights put into the inequalities."""
    proof = gate.proof
    result = evaluate(proof.weights, proof.bias, POINTS, gate.gate.target)
    st.markdown(
        _("**One choice of many: {weights}.** Put in, corner by corner, all four hold:").format(weights=_weights(gate))
    )
    st.latex(formulas.checks(proof, result.z, numbers.tex))
    if gate.line.ends is None:
        st.markdown(_("No weight is needed: the bias alone answers, and there is no line to draw."))
    holds = [_("✓ yes") if right else _("✗ no") for right in result.correct]
    return pd.DataFrame(_asked(gate) | {"z": result.z, _("Holds"): holds})


def _contradiction(gate: GateProof) -> pd.DataFrame:
    """The inequalities added up, and the same in the picture."""
    proof, found = gate.proof, gate.proof.contradiction
    st.markdown(_("**Add those** of the corners with 1, and those of the corners with 0:"))
    st.latex(formulas.contradiction(proof))
    st.markdown(_("Both sums have the same left side, and no number is above 0 and not above 0:"))
    st.latex(formulas.impossible(proof))
    st.markdown(_("In the picture: both pairs have **the same midpoint**, and a line cannot have it on both sides."))
    st.latex(formulas.common_point(proof, numbers.tex))
    times = dict(zip(found.positives.tolist(), found.positive_multipliers.tolist(), strict=True))
    times |= dict(zip(found.negatives.tolist(), found.negative_multipliers.tolist(), strict=True))
    return pd.DataFrame(_asked(gate) | {_("Times"): [times.get(row, 0.0) for row in range(len(POINTS))]})


def _asked(gate: GateProof) -> dict[str, list]:
    """Each corner, its target, its inequality."""
    return {
        "x₁ x₂": [f"{x1:g} {x2:g}" for x1, x2 in POINTS],
        "y": list(map(str, gate.gate.outputs)),
        _("Must hold"): [
            f"{formulas.plain(coefficients)} {SIGNS[relation]}"
            for coefficients, relation in zip(gate.proof.coefficients, gate.proof.relations, strict=True)
        ],
    }
