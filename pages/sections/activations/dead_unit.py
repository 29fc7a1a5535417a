"""One hidden unit: what reaches its weights; and all of them: when they switched off."""

import pandas as pd
import streamlit as st

from engine import dead_units
from engine.dead_units import LayerLife, UnitReport
from engine.dying import COMPARED, Outcome
from engine.network import Trace
from pages.sections.activations.dead_setup import SHOWN, Setup
from pages.shared import controls, numbers, screen
from pages.shared.formulas import dead as formulas
from pages.shared.text import _


def one_unit(setup: Setup, outcome: Outcome, trace: Trace, epoch: int) -> tuple[int, int]:
    """Why one unit learns or does not; returns its layer and number, from 0."""
    with st.container(border=True):
        st.markdown(_("**One unit.** What reaches its weights?"))
        choose, formula = st.columns([1, 2])
        with choose:
            layer, unit = _chosen(setup)
        report = dead_units.report(trace, layer, unit, tuple(COMPARED.values()))
        with choose:
            st.markdown(_state(outcome.life.layers[layer], report, layer, unit, epoch))
        with formula:
            st.latex(formulas.rule())
            st.latex(formulas.numbers(report, numbers.tex))
            if report.arriving == 0:
                st.info(
                    _(
                        "No gradient arrives at this unit: every way from it to the loss leads through units that are "
                        "off. A dead layer cuts off all layers before it."
                    )
                )
            else:
                st.markdown(_("The same z and the same gradient from above, with another function in place of f:"))
                st.latex(formulas.instead(dict(zip(SHOWN.values(), report.instead, strict=True)), numbers.tex))
    return layer, unit


def _chosen(setup: Setup) -> tuple[int, int]:
    chosen = []
    for label, key, start, most in zip(
        (_("Layer"), _("Unit")),
        ("activations_dead_layer", "activations_dead_unit"),
        setup.first_unit,
        (setup.config.hidden, setup.config.width),
        strict=True,
    ):
        chosen.append(
            controls.number(label, key=key, default=min(start, most), low=1, high=most, step=1, scope=setup.preset) - 1
        )
    return chosen[0], chosen[1]


def _state(life: LayerLife, report: UnitReport, layer: int, unit: int, epoch: int) -> str:
    """Dead, off or alive, in words."""
    facts = {"layer": layer + 1, "unit": unit + 1, "epoch": epoch, "on": report.n_on, "since": life.off_since[unit]}
    if life.dead[epoch, unit]:
        sentence = _(
            "After epoch {epoch}, unit {unit} of layer {layer} is **dead**: z ≤ 0 for every sample, so each term of "
            "its gradient is 0."
        )
    elif life.off[epoch, unit]:
        sentence = _(
            "After epoch {epoch}, unit {unit} of layer {layer} is **off** for every sample, but its slope is not 0: it "
            "goes on learning."
        )
    else:
        sentence = _("After epoch {epoch}, unit {unit} of layer {layer} is **alive**: z > 0 for {on} samples.")
    if life.off_since[unit] >= 0:
        sentence += " " + _("From epoch {since} on it is off until the end of training.")
    return sentence.format(**facts)


def every_unit(outcome: Outcome, epoch: int) -> None:
    rows = [
        {
            _("Layer, unit"): f"{k + 1}, {u + 1}",
            _("Off until the end since epoch"): str(since) if since >= 0 else _("alive"),
            _("Came back, times"): int(layer.came_back[u]),
            _("Largest z now"): float(layer.highest[epoch, u]),
            _("Share of zeros now"): float(layer.zero_share[epoch, u]),
        }
        for k, layer in enumerate(outcome.life.layers)
        for u, since in enumerate(layer.off_since.tolist())
    ]
    screen.table(pd.DataFrame(rows), alt=_("When each unit switched off"), scroll=False)
