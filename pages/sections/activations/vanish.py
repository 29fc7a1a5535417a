"""How the gradient shrinks or grows from layer to layer, in real networks and in a chain of single units."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from engine.activations import activation
from engine.export_flow import flow_script
from engine.gradient_flow import FLOAT32_SMALLEST, Band, band, n_zero_in_float32, per_layer
from engine.signal import SignalConfig
from engine.slope_product import layers_until
from pages.sections.activations import vanish_chain
from pages.sections.activations.vanish_setup import SEEDS, Setup, setup
from pages.shared import cached, controls, names, numbers, screen, show, takeaway
from pages.shared.challenge import challenge
from pages.shared.charts import series
from pages.shared.text import _

A_BILLIONTH = 1e-9


@dataclass(frozen=True)
class Curve:
    """One activation's networks: what is drawn of them."""

    label: str
    band: Band
    theory: Sequence[float]
    n_zero_in_float32: int


@controls.section
def section() -> None:
    screen.question(_("Why do the first layers of a deep network hardly learn?"))
    left, right = screen.columns()
    script = ""
    with screen.refusals():
        with left:
            chosen = setup()
        curves = [_curve(chosen, config) for config in chosen.configs]
        with right:
            _picture(chosen, curves)
            _explain(chosen, curves)
        _summary(chosen, curves)
        chain = vanish_chain.chain(chosen.depth, chosen.digits)
        script = flow_script(chosen.configs, chosen.size, chosen.quantiles, chain.units, chain.weight, chain.x)
    _notice()
    _challenge()
    if script:
        takeaway.takeaway("activations_vanish", _every_layer(curves, chain), script)


def _curve(chosen: Setup, config: SignalConfig) -> Curve:
    flow = cached.flow(config)
    label, delta = names.ACTIVATIONS[config.activation.name], band(flow.dz_std, *chosen.quantiles)
    lost = n_zero_in_float32(delta.median)
    if chosen.size == "dz":
        return Curve(label, delta, flow.predicted_dz, lost)
    return Curve(label, band(flow.dW_norm, *chosen.quantiles), flow.predicted_dW, lost)


def _picture(chosen: Setup, curves: list[Curve]) -> None:
    title = {"dz": _("size of δ = ∂L/∂z"), "dW": _("size of ∂L/∂W")}[chosen.size]
    ends = _("{name}: {first} in layer 1, {last} in layer {depth}")
    seen = [
        ends.format(name=curve.label, first=_first(curve, chosen), last=_last(curve, chosen), depth=chosen.depth)
        for curve in curves
    ]
    show.chart(
        series.spec(
            tuple(curve.label for curve in curves),
            _("layer"),
            title,
            log=True,
            points=True,
            height=330,
            expected=chosen.theory,
        ),
        series.data(
            range(1, chosen.depth + 1),
            {curve.label: curve.band.median for curve in curves},
            {curve.label: (curve.band.low, curve.band.high) for curve in curves},
            log=True,
            expected={curve.label: curve.theory for curve in curves} if chosen.theory else None,
        ),
        alt=_("Size of the gradient in each layer on a logarithmic axis, median of {n} networks. {ends}").format(
            n=len(SEEDS), ends="; ".join(seen)
        ),
        key="activations_vanish_picture",
    )


def _first(curve: Curve, chosen: Setup) -> str:
    return _cell(curve.band.median[0], chosen)


def _last(curve: Curve, chosen: Setup) -> str:
    return _cell(curve.band.median[-1], chosen)


def _cell(value: float, chosen: Setup) -> str:
    return "–" if math.isnan(value) else numbers.plain(value, chosen.digits)


def _explain(chosen: Setup, curves: list[Curve]) -> None:
    """What the lines are, what they leave out, and what another number format would lose."""
    if chosen.size == "dz":
        st.markdown(_("**δ** = ∂L/∂z is the gradient that arrives at a layer's z: how much the loss changes with it."))
    st.markdown(
        _(
            "**Line:** the median of {n} random networks. **Band:** {share} of them. **Dashed:** theory. "
            "The loss is on the right, behind the last layer: read the way back from right to left."
        ).format(n=len(SEEDS), share=chosen.band)
    )
    for curve in curves:
        _left_out(curve)
    lost = [
        _("{name} {n} of {depth}").format(name=curve.label, n=curve.n_zero_in_float32, depth=chosen.depth)
        for curve in curves
        if curve.n_zero_in_float32
    ]
    if lost:
        st.info(
            _(
                "All of this is computed in float64. In float32, whose smallest number above 0 is {smallest}, a "
                "smaller δ would be exactly 0. Layers lost that way: {layers}."
            ).format(smallest=numbers.plain(FLOAT32_SMALLEST, 2), layers=", ".join(lost))
        )


def _left_out(curve: Curve) -> None:
    n_zero, n_lost = int(curve.band.n_zero.max()), curve.band.n_lost
    if n_lost:
        st.warning(
            _(
                "{name}: {n} of {all} networks are left out, since a number in them grew larger than float64 can hold: "
                "the gradient has exploded."
            ).format(name=curve.label, n=n_lost, all=len(SEEDS))
        )
    if n_zero:
        st.info(
            _(
                "{name}: in {n} of {all} networks the gradient of some layer is exactly 0, since all slopes on the "
                "way are 0. They count for the median and the band; a logarithmic axis has no place for 0, so there "
                "the line stops and the band is cut off."
            ).format(name=curve.label, n=n_zero, all=len(SEEDS))
        )


def _summary(chosen: Setup, curves: list[Curve]) -> None:
    columns = {
        _("Activation function"): [curve.label for curve in curves],
        _("First layer"): [_first(curve, chosen) for curve in curves],
        _("Last layer"): [_last(curve, chosen) for curve in curves],
        _("Factor per layer"): [_cell(per_layer(curve.band.median), chosen) for curve in curves],
    }
    if chosen.theory:
        columns[_("In theory")] = [_cell(per_layer(curve.theory), chosen) for curve in curves]
    screen.table(pd.DataFrame(columns), alt=_("The gradient at both ends, median over the networks"))
    screen.aside(_("2.4e−13 means 2.4 · 10⁻¹³: twelve zeros after the point."))


def _every_layer(curves: list[Curve], chain: vanish_chain.Chain) -> pd.DataFrame:
    """All that is drawn, at full precision; below it the chain."""
    columns = {
        _("Median"): [curve.band.median for curve in curves],
        _("Low end of the band"): [curve.band.low for curve in curves],
        _("High end of the band"): [curve.band.high for curve in curves],
        _("Networks with 0"): [curve.band.n_zero for curve in curves],
        _("Theory"): [curve.theory for curve in curves],
    }
    layers = range(1, len(curves[0].theory) + 1)
    networks = {
        _("Activation function"): [curve.label for curve in curves for _layer in layers],
        _("Layer"): [layer for _curve in curves for layer in layers],
    } | {title: list(itertools.chain(*values)) for title, values in columns.items()}
    return pd.concat([pd.DataFrame(networks), vanish_chain.table(chain)], ignore_index=True)


def _notice() -> None:
    screen.notice(
        _(
            "A layer multiplies the gradient by its weights and by its slopes. A sigmoid's slope is never above "
            "1/4, and smaller at both ends (note 004): with Xavier weights, the deeper the network, the less its "
            "first layers move. ‘We used the wrong type of non-linearity’, says note 000. ReLU has slope 1 or 0, "
            "and He weights make up for the zeros. N(0, 1) weights are large: n units multiply the gradient by "
            "about √n of them. ReLU's and tanh's gradient explodes; the sigmoid's shrinks slowly or, with 128 "
            "units, even grows. That is no cure: its units are saturated. Exchange the hidden units only: the last "
            "unit of a binary classifier stays a sigmoid."
        )
    )


def _challenge() -> None:
    """The bound of the slopes alone; the chain's own product gets there earlier."""
    answer = layers_until(activation("sigmoid").steepest.slope, A_BILLIONTH)
    challenge(
        "activations_vanish_challenge",
        _(
            "A sigmoid's slope is at most 1/4. Over how many layers does this factor alone make a gradient at least a "
            "billion times smaller (the smallest number of layers)?"
        ),
        answer=answer,
        tolerance=0.0,
        hint=_(
            "Five factors of 1/4 are ten halvings, about 1/1000. The chain's own product is no help: its slopes are "
            "below 1/4."
        ),
        explanation=_(
            "1/4 to the power of 15 is 9.3 · 10⁻¹⁰, with 14 it is still 3.7 · 10⁻⁹. And 1/4 is the best case: away "
            "from z = 0 the slope is smaller. For a million, 10 layers are enough: 9.5 · 10⁻⁷."
        ),
    )
