"""One pass: the network with its mask, every number of it, and what comes back."""

from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from engine import dropped
from engine.dropped import Unit
from engine.network import Trace
from pages.sections.regularization.dropping_setup import Setup
from pages.shared import numbers, screen, show
from pages.shared.charts import dropped_net, wiring
from pages.shared.charts.network import unit_name
from pages.shared.formulas import dropped as formulas
from pages.shared.text import _

short, tex = partial(numbers.plain, digits=3), partial(numbers.tex, digits=4)


@dataclass(frozen=True)
class Pass:
    """One pass, and its droppable units."""

    trace: Trace
    units: list[Unit]

    @property
    def output(self) -> float:
        return float(self.trace.a[-1][0, 0])

    @property
    def n_dropped(self) -> int:
        return sum(not unit.kept for unit in self.units)


def run(chosen: Setup) -> Pass:
    """The pass with the mask that is chosen, or in evaluation."""
    trace = dropped.passed(chosen.config, chosen.which if chosen.training else None)
    return Pass(trace, dropped.units(trace))


def picture(chosen: Setup, found: Pass) -> None:
    """The network. Its alternative text holds no number that a drag changes."""
    config = chosen.config
    show.chart(
        wiring.spec(max(config.sizes)),
        dropped_net.data(config, found.trace, found.units, short, gradients=chosen.training, dropped=_("dropped")),
        alt=_(
            "The network {sizes}; dropped units are grey and crossed out, and their edges are gone. The numbers are in "
            "the table."
        ).format(sizes="-".join(map(str, config.sizes))),
        key="regularization_dropping_network_picture",
    )
    if chosen.training:
        told = _("**Mask {which}:** {n} of {all} units are dropped. The output is :blue[{output}].").format(
            which=chosen.which, n=found.n_dropped, all=config.units, output=numbers.plain(found.output)
        )
    else:
        told = _("**Evaluation:** no mask, all {all} units at work. The output is :blue[{output}].").format(
            all=config.units, output=numbers.plain(found.output)
        )
    st.markdown(told)
    if not chosen.training:
        screen.aside(_("Above a unit: its output a, and after → what it passes on where that is another number."))
        return
    screen.aside(
        _(
            "Above a unit: its output a → what it passes on. :orange[Below, ∂: the gradient ∂L/∂a] of the loss "
            "$L = \\frac12 (a - 1)^2$ of the network's output. ✕: dropped, and no edge leads to it or "
            "from it. Biases are 0."
        )
    )


def formulas_of(chosen: Setup, found: Pass) -> None:
    """The rule, the last hidden layer, the output."""
    last = [unit for unit in found.units if unit.layer == found.units[-1].layer]
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(_("**The rule**"))
        for line in formulas.rule(chosen.config, chosen.training):
            st.latex(line)
        st.markdown(_("**The output**"))
        st.latex(formulas.output(chosen.config, found.trace, last, tex))
    with right:
        st.markdown(_("**The last hidden layer**"))
        st.latex(formulas.layer(chosen.config, chosen.training, last, tex))


def table(chosen: Setup, found: Pass) -> pd.DataFrame:
    """All droppable units; returns them at full precision."""
    rows = [
        {
            _("Unit"): unit_name(unit.layer, unit.unit - 1),
            "m": int(unit.kept),
            _("Factor"): unit.factor,
            "a": unit.a,
            "ã": unit.passed,
        }
        | ({"∂L/∂a": unit.gradient} if chosen.training else {})
        for unit in found.units
    ]
    frame = pd.DataFrame(rows)
    screen.table(frame, alt=_("The units with mask, factor, output, and what they pass on"))
    if chosen.training:
        st.markdown(
            _(
                "**On the way back.** The gradient of a dropped unit is multiplied by the same 0: its incoming weights "
                "get the gradient 0, and so do its outgoing ones, since it passed on 0. Plain gradient descent leaves "
                "them where they are in this update; momentum or weight decay would still move them, and so would the "
                "other samples of a mini-batch, each of which has a mask of its own."
            )
        )
    return frame
