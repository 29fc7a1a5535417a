"""The hidden units one by one: where they are, their numbers, and the gradients of their first update."""

from functools import partial

import pandas as pd
import streamlit as st

from engine.symmetry import Watched, unit_difference, units
from pages.sections.initialization.symmetry_setup import KEY, Setup
from pages.shared import numbers, screen, show
from pages.shared.charts import symmetry_units
from pages.shared.formulas import symmetry as formulas
from pages.shared.text import _

DIGITS, OF_GRADIENTS = 6, 4  # on a phone the table of the gradients has no room for more
PICTURE, TABLE = 372, 300  # pixels; beside each other where there is room for both
tex = partial(numbers.tex, digits=4)


def columns(chosen: Setup) -> list[str]:
    """The names of a unit's numbers: incoming weights, bias, outgoing weights."""
    after = chosen.config.n_hidden if chosen.config.n_layers > 1 else 1
    outgoing = ["v"] if after == 1 else [f"v{'₁₂₃₄₅₆₇₈'[unit]}" for unit in range(after)]
    return ["w₁", "w₂", "b", *outgoing]


def walk(chosen: Setup, own: Watched, update: int) -> None:
    """The plane of the incoming weights, and the numbers behind it."""
    frame = own.frame(update)
    layer = units(chosen.config.architecture, own.parameters)[0]
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=PICTURE):
            show.chart(
                symmetry_units.spec(chosen.labels, _("incoming weight w₁"), _("incoming weight w₂")),
                symmetry_units.data(layer[..., :2], frame, chosen.labels),
                alt=_("The hidden units in the plane of their two incoming weights, with the way they have come"),
                key=f"{KEY}_plane",
                width="content",
            )
        with st.container(width=TABLE):
            difference = own.difference[0]
            st.latex(formulas.difference(float(difference[0]), float(difference[frame]), update, tex))
    screen.aside(
        _(
            "A ring is a hidden unit (of the first hidden layer) after update {n}; units in one place lie inside each "
            "other. The table has all its numbers: w₁, w₂ come in, v goes out. d compares all of them, in every hidden "
            "layer."
        ).format(n=f"{update:,}")
    )
    screen.table(
        _table(chosen, layer[frame]), alt=_("The numbers of each hidden unit after this update"), digits=DIGITS
    )


def _table(chosen: Setup, rows) -> pd.DataFrame:
    """A row a unit."""
    table = {_("unit"): list(chosen.labels)}
    for column, name in enumerate(columns(chosen)):
        table[name] = [float(value) for value in rows[:, column]]
    return pd.DataFrame(table)


def first_update(chosen: Setup, own: Watched) -> None:
    """The gradients of the start, and what they mean for the units."""
    with st.container(border=True):
        st.markdown(_("**The first update.** Each unit's gradient: what all further updates are made of."))
        left, right = st.columns(2, gap="large")
        with left:
            st.latex(formulas.GRADIENT)
        with right:
            st.markdown(_meaning(chosen, own))
            screen.aside(
                _("x: the inputs of sample n, f: the activation function, v: the outgoing weight, δ: of the output.")
            )
        table = _table(chosen, units(chosen.config.architecture, own.gradient)[0])
        table.columns = [table.columns[0], *(f"∂L/∂{name}" for name in table.columns[1:])]
        screen.table(table, alt=_("Gradients of the first update, a row a unit"), digits=OF_GRADIENTS)
        screen.aside(_("The output's own bias: ∂L/∂b = {g}.").format(g=numbers.plain(float(own.gradient[-1]), DIGITS)))


def _meaning(chosen: Setup, own: Watched) -> str:
    """What the gradients say, and whether the end of the run agrees."""
    texts = {
        "nothing": _(
            "**Every gradient is exactly 0**, the output's bias included: nothing ever moves. The start is a "
            "stationary point."
        ),
        "output": _(
            "**Only the output's bias has a gradient.** The hidden units put out 0, so their outgoing weights get "
            "none; these are 0, so nothing comes back through them."
        ),
        "outgoing": _(
            "**Only the outgoing weights have a gradient:** the units put out ½, but nothing comes back through "
            "outgoing weights of 0. After this update they are no longer 0, and from the second one on the incoming "
            "weights move as well: those of all units alike."
        ),
        "all": _("**All units have a gradient**, and where their numbers are equal, the same one."),
    }
    text = texts[own.first_move]
    apart = float(unit_difference(chosen.config.architecture, own.gradient))
    if own.first_move == "all" and apart:
        text = _(
            "**All units have a gradient.** Two units' numbers differ by {d} at most, and their gradients by {g}."
        ).format(d=numbers.plain(float(own.difference[0, 0])), g=numbers.plain(apart))
    if own.at_rest:
        text += " " + _("After {n} updates no number of a hidden unit has changed.").format(
            n=f"{chosen.config.updates:,}"
        )
    return text
