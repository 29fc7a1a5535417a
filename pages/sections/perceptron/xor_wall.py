"""Third view: all sixteen gates of two inputs on one wall."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from engine.export_one_unit import census_script
from pages.shared import cached_unit, names, screen, show, takeaway
from pages.shared.charts import wall
from pages.shared.formulas import one_unit as formulas
from pages.shared.text import _

INPUTS = (1, 2, 3)


def draw(left, right) -> Callable[[], None]:
    """Picture, counts, table; returns what draws the take-away."""
    census = cached_unit.census()
    without = [names.GATES[gate.gate.code] for gate in census if not gate.proof.separable]
    with left:
        st.markdown(
            _(
                "Each small frame is the plane of one gate: x₁ to the right, x₂ upwards. A green circle is a "
                "corner with target 1, a purple square one with target 0. The blue line parts them, and the unit "
                "answers 1 on the shaded side."
            )
        )
        st.markdown(_("How many gates have such a line (with three inputs: a plane), that is, are linearly separable?"))
        st.latex(formulas.counts([(n, *cached_unit.count_separable(n)) for n in INPUTS]))
    with right:
        cells = [wall.Cell(names.GATES[gate.gate.code], gate.gate.outputs, gate.line) for gate in census]
        show.chart(
            wall.spec(len(cells)),
            wall.data(cells, _("a line"), _("no line")),
            alt=_("{n} of {all} gates have a line that parts their corners; without one: {names}").format(
                n=len(census) - len(without), all=len(census), names=", ".join(without)
            ),
            key="perceptron_xor_wall",
        )
    table = _table(census)
    return partial(takeaway.takeaway, "perceptron_xor_wall", table, census_script(names.GATES))


def _table(census: list[cached_unit.GateProof]) -> pd.DataFrame:
    def line(gate: cached_unit.GateProof) -> str:
        if not gate.proof.separable:
            return _("✗ none")
        return ", ".join(f"{value:g}" for value in (*gate.proof.weights, gate.proof.bias)).replace("-", "−")

    table = pd.DataFrame(
        {
            _("Gate"): [names.GATES[gate.gate.code] for gate in census],
            "00 01 10 11": [" ".join(map(str, gate.gate.outputs)) for gate in census],
            "w1, w2, b": [line(gate) for gate in census],
        }
    )
    screen.table(table, alt=_("A line for each gate that has one"))
    return table
