"""The numbers of the signal: a verdict for each scheme, the recursion of one layer, all layers of one scheme."""

import math
from collections.abc import Mapping
from functools import partial

import pandas as pd
import streamlit as st

from engine.seed_bands import over_seeds
from engine.signal import SignalResult
from engine.signal_reading import (
    EXPLODES,
    GROWS,
    KEEPS,
    KEPT,
    MARGIN,
    MOSTLY,
    NOTHING,
    OVERFLOWS,
    SHRINKS,
    VANISHES,
    Verdict,
    layer_theory,
    verdict,
)
from pages.sections.initialization.signal_picture import share
from pages.sections.initialization.signal_setup import Setup
from pages.shared import controls, numbers, screen
from pages.shared.formulas import signal_depth
from pages.shared.text import N_, _

Results = Mapping[str, SignalResult]

SIGNAL = {
    VANISHES: N_("the signal vanishes (×{factor}; ×{each} a layer)"),
    SHRINKS: N_("the signal shrinks (×{factor}; ×{each} a layer)"),
    KEEPS: N_("the signal keeps its size (×{factor}; ×{each} a layer)"),
    GROWS: N_("the signal grows (×{factor}; ×{each} a layer)"),
    EXPLODES: N_("the signal explodes (×{factor}; ×{each} a layer)"),
    OVERFLOWS: N_("the signal leaves float64"),
    NOTHING: N_("there is no signal: all samples give the same"),
}
GRADIENT = {
    VANISHES: N_("the gradient vanishes (×{factor}; ×{each} a layer)"),
    SHRINKS: N_("the gradient shrinks (×{factor}; ×{each} a layer)"),
    KEEPS: N_("the gradient keeps its size (×{factor}; ×{each} a layer)"),
    GROWS: N_("the gradient grows (×{factor}; ×{each} a layer)"),
    EXPLODES: N_("the gradient explodes (×{factor}; ×{each} a layer)"),
    OVERFLOWS: N_("the gradient leaves float64"),
    NOTHING: N_("there is no gradient: all slopes are 0"),
}


def verdicts(setup: Setup, results: Results) -> None:
    """A sentence for each scheme, and the thresholds."""
    lines = [f"- **{label}**: {_sentence(verdict(result), setup)}." for label, result in results.items()]
    st.markdown("\n".join(lines))
    screen.aside(
        _(
            "**Signal:** spread over the samples, last layer ÷ first; it also falls where the samples become alike "
            "while the outputs keep their size, as with ReLU. **Gradient:** standard deviation of δ, first "
            "layer ÷ last. Medians over the networks; ‘a layer’ is the geometric mean. Vanishing: below 1/{margin}; "
            "exploding: above {margin}; keeping its size: from 1/{kept} to {kept} over all layers. Saturation is "
            "mentioned from {mostly} on."
        ).format(margin=numbers.plain(MARGIN), kept=numbers.plain(KEPT), mostly=share(MOSTLY))
    )
    _chaos(setup, results)
    for label, result in results.items():
        lost = result.diverged_at[result.diverged_at >= 0]
        if len(lost):
            st.warning(
                _(
                    "{name}: in {n} of {all} networks a number grows beyond float64, first in layer {layer}. Their "
                    "lines end there, and their gradients are not known; in medians they count as infinite."
                ).format(name=label, n=len(lost), all=len(result.diverged_at), layer=int(lost.min()) + 1)
            )


def _chaos(setup: Setup, results: Results) -> None:
    """What the spread cannot see: where most outputs are saturated and χ > 1, similar inputs lose their likeness."""
    config = setup.any
    for label, result in results.items():
        scheme = setup.configs[label].initializer
        chi = layer_theory(result.predicted, scheme, config.width, config.depth - 1).chi
        if chi > 1 and verdict(result).saturated >= MOSTLY:
            screen.aside(
                _(
                    "**{name}:** the spread measures size only. In theory each layer multiplies the squared distance "
                    "of two nearly equal inputs by χ = {chi}: soon similar inputs look as different as any two, and "
                    "this measure cannot see it."
                ).format(name=label, chi=numbers.plain(chi, 3))
            )


def _sentence(found: Verdict, setup: Setup) -> str:
    plain = partial(numbers.plain, digits=setup.digits)
    signal = _(SIGNAL[found.signal]).format(factor=plain(found.signal_factor), each=plain(found.signal_a_layer))
    gradient = _(GRADIENT[found.gradient]).format(
        factor=plain(found.gradient_factor), each=plain(found.gradient_a_layer)
    )
    if found.saturated < MOSTLY or not math.isfinite(found.saturated):
        return f"{signal}, {gradient}"
    saturated = _("{share} of the last layer's outputs are saturated").format(share=share(found.saturated))
    return f"{signal}, {gradient}; {saturated}"


def summary(setup: Setup, results: Results) -> None:
    """Both ends of each scheme's networks."""
    ends = {name: [over_seeds(getattr(r, name)).median for r in results.values()] for name in ("std", "dz_std")}
    last = {
        name: [over_seeds(getattr(r, name)[:, -1]).median for r in results.values()] for name in ("saturated", "dead")
    }
    config = setup.any
    theories = [
        layer_theory(result.predicted, setup.configs[label].initializer, config.width, config.depth - 1)
        for label, result in results.items()
    ]
    frame = pd.DataFrame(
        {
            _("Initialization"): list(results),
            "σ_w² = n Var(w)": [theory.sigma_w2 for theory in theories],
            _("std of a, layer 1"): [_cell(values[0], setup) for values in ends["std"]],
            _("std of a, layer {n}").format(n=config.depth): [_cell(values[-1], setup) for values in ends["std"]],
            _("std of δ, layer 1"): [_cell(values[0], setup) for values in ends["dz_std"]],
            _("std of δ, layer {n}").format(n=config.depth): [_cell(values[-1], setup) for values in ends["dz_std"]],
            _("χ, theory"): [_cell(theory.chi, setup) for theory in theories],
            _("Saturated"): [_share(value) for value in last["saturated"]],
            _("Dead"): [_share(value) for value in last["dead"]],
        }
    )
    screen.table(
        frame, alt=_("Both ends of the networks, medians; χ and shares in the last layer"), digits=setup.digits
    )


def _cell(value: float, setup: Setup) -> str:
    return numbers.plain(float(value), setup.digits) if math.isfinite(value) else "–"


def _share(value: float) -> str:
    return share(float(value)) if math.isfinite(value) else "–"


def recursion(setup: Setup, results: Results, layers: pd.DataFrame) -> None:
    """One layer of one scheme: the formula, the same with its numbers, and what was measured; then all its layers.

    Args: layers: `every_layer` of the results.
    """
    left, right = screen.columns("recursion")
    with left:
        labels = {str(place): label for place, label in enumerate(results)}
        place = controls.choice(
            st.selectbox,
            _("The recursion of"),
            labels,
            key="initialization_signal_chosen",
            default=str(min(2, len(labels) - 1)),
            scope=str(len(labels)),
        )
        depth = setup.any.depth
        layer = controls.slider(
            _("Layer"),
            key="initialization_signal_layer",
            default=2,
            low=1,
            high=depth,
            step=1,
        )
    label = labels[place]
    result, scheme, width = results[label], setup.configs[label].initializer, setup.any.width
    theory = layer_theory(result.predicted, scheme, width, layer - 1)
    tex = partial(numbers.tex, digits=setup.digits)
    with right:
        forward, backward = st.columns(2, gap="medium")
        with forward:
            st.latex(signal_depth.forward(theory, width, scheme.std(width, width) ** 2, layer, tex))
        with backward:
            st.latex(signal_depth.backward(theory, layer, depth, tex))
        screen.aside(
            _(
                "𝔼: mean over g, a standard normal number. q: the variance of z. χ: by what a layer multiplies the "
                "mean square of δ on its way back."
            )
        )
        st.markdown(
            _(
                "Measured in layer {layer}: standard deviation of z {measured}, in theory √q = {predicted}; of δ "
                "{delta}, in theory {delta_predicted}."
            ).format(
                layer=layer,
                measured=_cell(over_seeds(result.z_std[:, layer - 1]).median, setup),
                predicted=_cell(result.predicted.z_std[layer - 1], setup),
                delta=_cell(over_seeds(result.dz_std[:, layer - 1]).median, setup),
                delta_predicted=_cell(result.predicted.dz_std[layer - 1], setup),
            )
        )
    with st.expander(_("Every layer of {name}").format(name=label)):
        frame = layers[layers[_("Initialization")] == label].drop(columns=_("Initialization"))
        cells = {title: [_cell(value, setup) for value in frame[title]] for title in frame.columns[1:]}
        screen.table(
            pd.DataFrame({_("Layer"): frame[_("Layer")].tolist()} | cells),
            alt=_("Medians over the networks, and theory, of every layer"),
            scroll=False,
        )


def every_layer(results: Results) -> pd.DataFrame:
    """All that is drawn of the layers, at full precision."""
    titles = {
        "mean": _("Mean of a"),
        "std": _("Std of a"),
        "sample_std": _("Spread over samples"),
        "dz_std": _("Std of δ"),
        "saturated": _("Saturated"),
        "dead": _("Dead"),
    }
    theory = {
        "mean": _("Mean of a, theory"),
        "std": _("Std of a, theory"),
        "dz_std": _("Std of δ, theory"),
        "chi": _("χ, theory"),
    }
    parts = []
    for label, result in results.items():
        measured = {title: over_seeds(getattr(result, name)).median for name, title in titles.items()}
        predicted = {title: getattr(result.predicted, name) for name, title in theory.items()}
        numbered = {_("Initialization"): label, _("Layer"): range(1, len(result.predicted.chi) + 1)}
        parts.append(pd.DataFrame(numbered | measured | predicted))
    return pd.concat(parts, ignore_index=True)
