"""The numbers of the training view: XOR's run in formulas, the losses on the way, the count of many starts."""

import pandas as pd
import streamlit as st

from engine import one_unit
from engine.one_unit import UnitHistory
from pages.sections.perceptron.xor_setup import N_STARTS, Setup
from pages.shared import cached_unit, controls, numbers, screen
from pages.shared.formulas import one_unit as formulas
from pages.shared.text import N_, _

XOR = (0, 0)  # of a history: the first gate, its one start
STEPS = {"first": N_("First update"), "end": N_("The end"), "why": N_("Why it stops")}
STAYING = {  # the reported loss -> what becomes of three right answers
    "squared_error": N_(
        "A unit that stays there saturates: three outputs sure and right, one sure and wrong, and its loss comes down "
        "to 0.25 as well."
    ),
    "cross_entropy": N_(
        "None stays there: a sure and wrong output costs without bound, and its gradient does not vanish."
    ),
}


def of_one_start(setup: Setup, history: UnitHistory) -> pd.DataFrame:
    """One of three formulas of XOR's run, beside the losses on the way."""
    formula, losses = st.columns(2, gap="large")
    with formula:
        steps = {code: _(title) for code, title in STEPS.items()}
        step = controls.choice(st.segmented_control, _("In numbers"), steps, key="perceptron_xor_step", required=True)
        {"first": _first, "end": _end, "why": _still}[step](setup, history)
    with losses:
        return _table_of_updates(setup, history)


def _first(setup: Setup, history: UnitHistory) -> None:
    st.markdown(_("The first update of XOR moves every parameter against its gradient:"))
    st.latex(
        formulas.first_update(
            setup.config.loss,
            history.start[XOR],
            setup.config.learning_rate,
            history.start_gradient[XOR],
            history.first[XOR],
            setup.number,
        )
    )


def _end(setup: Setup, history: UnitHistory) -> None:
    config = setup.config
    st.markdown(
        _("After {n} updates: the unit on XOR, and its loss over the corners 00, 01, 10, 11:").format(
            n=f"{config.n_updates:,}"
        )
    )
    st.latex(formulas.unit(setup.number, history.parameters[XOR]))
    entries, loss = history.entries[XOR], history.losses[XOR][-1]
    st.latex(formulas.mean_loss(config.reported.name, entries, loss, setup.number))


def _still(setup: Setup, history: UnitHistory) -> None:
    st.markdown(_("The gradient at the end is a sum of the corners' $\\delta = \\partial L/\\partial z$:"))
    st.latex(formulas.gradient_sums(history.deltas[XOR], history.gradient[XOR], setup.number))
    st.markdown(_why(history))


def _why(history: UnitHistory) -> str:
    if history.right[XOR] + history.wrong[XOR] == 0:
        return _("Large errors with opposite signs: they **cancel**.")
    if history.saturated[XOR]:
        return _("Sure outputs have almost no slope, also the wrong one: the gradient has **vanished** (saturation).")
    return _("Not there yet: the sums are not 0, so the next update moves on.")


def _table_of_updates(setup: Setup, history: UnitHistory) -> pd.DataFrame:
    """The losses at the milestones, returned at full precision."""
    shown = one_unit.milestones(setup.config.n_updates)
    rows = [history.updates.tolist().index(update) for update in shown]
    table = pd.DataFrame({_("Updates"): list(map(str, shown))})
    for name, losses in zip(setup.names, history.losses, strict=True):
        table[_("Loss of {gate}").format(gate=name)] = losses[0, rows]
    screen.table(table, alt=_("Losses during the training"), digits=setup.digits)
    return table


def of_many_starts(setup: Setup, history: UnitHistory) -> pd.DataFrame:
    """The floor as a formula, and how many starts end with how many right answers."""
    st.markdown(_("**The floor**: the loss of a unit that answers ½ to every corner."))
    st.latex(formulas.floor(setup.config.reported.name, cached_unit.floor("xor", setup.config.loss), setup.number))
    found = _("After {n} updates, {three} of {all} starts have three of four right (accuracy 0.75).").format(
        n=setup.config.n_updates, three=int((history.right[0] == 3).sum()), all=N_STARTS
    )
    lowest = _("The lowest loss of XOR among all starts is {lowest}.").format(
        lowest=numbers.plain(float(history.losses[0, :, -1].min()), setup.digits)
    )
    st.markdown(f"{found} {_(STAYING[setup.config.reported.name])} {lowest}")
    table = pd.DataFrame({_("Right answers"): [_("{n} of 4").format(n=n) for n in range(4, -1, -1)]})
    for name, right in zip(setup.names, history.right, strict=True):
        table[_("Starts of {gate}").format(gate=name)] = [int((right == n).sum()) for n in range(4, -1, -1)]
    screen.table(table, alt=_("How many starts end with how many right answers"))
    return table
