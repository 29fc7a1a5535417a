"""The chain under the networks: one unit a layer, and its gradient as a product of numbers."""

from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from engine.activations import Activation, activation
from engine.slope_product import MAX_SIZE, SlopeChain, slope_chain
from pages.shared import controls, names, numbers, screen
from pages.shared.formulas import slopes
from pages.shared.text import _

END = 5  # rows at each end of a long table


@dataclass(frozen=True)
class Chain:
    """What the controls say, and what comes of it."""

    units: tuple[Activation, ...]
    weight: float
    x: float
    result: SlopeChain


def chain(depth: int, digits: int) -> Chain:
    """The chain of `depth` units: controls, the product in symbols and numbers, a table."""
    with st.container(border=True):
        st.markdown(
            _(
                "**Why?** Take the thinnest network there is, one unit a layer: $z_l = w\\,a_{l-1}$, $a_l = f(z_l)$. "
                "By the chain rule its gradient is a product with one factor $w f'(z_l)$ for each layer."
            )
        )
        made = _controls(depth)
        number = partial(numbers.tex, digits=digits)
        exact, most = st.columns(2)
        exact.latex(slopes.product(made.result, number))
        most.latex(slopes.bound(made.result, made.units, made.weight, number))
        st.markdown(
            _("On average over the layers, each one multiplies the gradient by {factor}.").format(
                factor=numbers.plain(made.result.typical, digits)
            )
        )
        screen.table(_ends(table(made)), alt=_("Each layer's factor and the product so far"), digits=digits)
    return made


def _ends(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, of a long table those of both ends: in between they are much the same."""

    def cut(cells: list) -> list:
        return cells if len(cells) <= 2 * END + 1 else [*cells[:END], "⋮", *cells[-END:]]

    layers = [str(layer) for layer in rows[_("Layer")]]  # a column has one type, the gap's
    return pd.DataFrame({name: cut(layers if name == _("Layer") else list(rows[name])) for name in rows})


def _controls(depth: int) -> Chain:
    kind, weight, start = st.columns(3)
    with kind:
        code = controls.choice(
            st.selectbox,
            _("Activation function"),
            names.ACTIVATIONS,
            key="activations_vanish_chain",
            default="sigmoid",
        )
    with weight:
        w = controls.number(
            _("Weight w"), key="activations_vanish_w", default=1.0, low=-MAX_SIZE, high=MAX_SIZE, step=0.1
        )
    with start:
        x = controls.number(
            _("Input x"), key="activations_vanish_x", default=0.5, low=-MAX_SIZE, high=MAX_SIZE, step=0.1
        )
    classifier = controls.toggle(
        _("The last unit is a sigmoid"),
        key="activations_vanish_last",
        help=_(
            "A binary classifier keeps a sigmoid at its end, for its output is a probability: that is one factor of at "
            "most 1/4, not one for each layer. Together with the cross-entropy even this one goes away."
        ),
    )
    hidden, last = activation(code), activation("sigmoid" if classifier else code)
    return Chain((*[hidden] * (depth - 1), last), w, x, slope_chain(hidden, depth, w, x, last))


def table(made: Chain) -> pd.DataFrame:
    """The way back, from the last layer to the first."""
    result = made.result
    return pd.DataFrame(
        {
            _("Layer"): range(1, len(result.z) + 1),
            "z": result.z,
            "f′(z)": result.slopes,
            "w f′(z)": result.factors,
            _("Product from here to the end"): result.products,
        }
    )[::-1]
