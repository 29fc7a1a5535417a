"""What one looks for in the histograms of the board, and what of it is on screen."""

import pandas as pd
import streamlit as st

from engine.board import Board
from engine.board_reading import MOSTLY, Finding
from pages.shared import numbers, screen
from pages.shared.formulas import board as formulas
from pages.shared.text import _


def guide(board: Board, found: tuple[Finding, ...], frame: int) -> None:
    """What one looks for, and what of it is on screen."""
    gradients = board.spreads["dW"]
    if len(gradients) > 1:
        st.markdown(_("**How large is the gradient** at the input’s end, how large at the output’s?"))
        st.latex(formulas.gradient_sizes(gradients[0], gradients[-1], len(gradients), frame, numbers.tex))
    st.markdown(_("**On screen at epoch {epoch}:**").format(epoch=int(board.epochs[frame])))
    if found:
        st.markdown("\n".join(f"- {_told(board, one)}" for one in found))
    else:
        st.markdown(_("None of the signs below."))
    with st.expander(_("What to look for"), icon=":material/visibility:"):
        rows = _signs()
        titles = (_("Sign"), _("How it looks"), _("What may help"))
        table = {title: [row[place] for row in rows] for place, title in enumerate(titles)}
        screen.table(pd.DataFrame(table), alt=_("Signs, how they look, what may help"), scroll=False)


def _signs() -> list[tuple[str, str, str]]:
    return [
        (
            _("vanishing gradient"),
            _("∂L/∂W of the first layers is a needle at 0, that of the last is wide"),
            _("another activation function, another initialization, batch normalization"),
        ),
        (
            _("exploding gradient"),
            _("the first layers’ ∂L/∂W is far wider than the last one’s"),
            _("a smaller learning rate, gradient clipping, smaller first weights"),
        ),
        (
            _("weights beyond reason"),
            _("W and z widen from frame to frame without end; the loss rises"),
            _("a smaller learning rate"),
        ),
        (
            _("dead units"),
            _("the activations pile up at 0 and stay there; z lies below 0 altogether"),
            _("a smaller learning rate, leaky ReLU"),
        ),
        (
            _("saturation"),
            _("the activations pile up at both ends of f’s range, z spreads wide"),
            _("smaller first weights, batch normalization, L2"),
        ),
        (
            _("a sleeping layer"),
            _("W of one layer looks the same in every frame, while others move"),
            _("a larger learning rate, or what helps against a vanishing gradient"),
        ),
    ]


def _told(board: Board, one: Finding) -> str:
    layers = ", ".join(str(layer + 1) for layer in one.layers)
    share, last = f"{one.value:.1%}", len(board.spreads["W"])
    if one.kind == "growing":
        return _("**Weights beyond reason:** layer {layers}; W has moved by {times} times its first length.").format(
            layers=layers, times=numbers.plain(one.value, 2)
        )
    if one.kind == "vanishing":
        text = _(
            "**Vanishing gradient:** a typical entry of ∂L/∂W is {ratio} times as large in layer 1 as in layer {last}."
        )
        return text.format(ratio=numbers.plain(one.value, 2), last=last)
    if one.kind == "exploding":
        text = _(
            "**Exploding gradient:** on its way back ∂L/∂W grows: in layer 1 it is {ratio} times that of layer {last}."
        )
        return text.format(ratio=numbers.plain(one.value, 2), last=last)
    if one.kind == "dead":
        return _("**Dead units:** layer {layers}; up to {share} of a layer’s units.").format(layers=layers, share=share)
    if one.kind == "saturated":
        text = _(
            "**Saturation:** layer {layers}; up to {share} of the outputs lie where f is flat, {limit} or more in "
            "each. In an output layer at the end that is what a sure answer looks like; in hidden layers at the start "
            "it keeps a network from learning."
        )
        return text.format(layers=layers, share=share, limit=f"{MOSTLY:.0%}")
    return _(
        "**A sleeping layer:** layer {layers}; W has moved by only {share} of its length since the start, in another "
        "layer by more than ten times as much."
    ).format(layers=layers, share=share)
