"""The controls of the gallery: which functions, with which parameters, over which range, at which z."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from engine.activations import ACTIVATIONS, Activation, activation
from pages.sections.activations.gallery_facts import GREEK
from pages.shared import controls, names
from pages.shared.text import N_, _

NOTE_002 = (
    *("step", "linear", "sigmoid", "tanh", "arctan", "softsign", "gaussian_sigmoid"),
    *("relu", "leaky_relu", "elu", "swish"),
)
PRESETS = {  # code -> title, functions, the points of the table
    "three": (N_("The classic three"), ("sigmoid", "tanh", "relu"), "whole"),
    "note": (N_("Note 002's list"), NOTE_002, "whole"),
    "note_tanh": (N_("Note 002's tanh points"), ("tanh",), "note"),
    "s_shaped": (
        N_("S-shaped"),
        ("sigmoid", "tanh", "arctan", "softsign", "gaussian_sigmoid", "hard_sigmoid"),
        "whole",
    ),
    "rectifiers": (N_("ReLU and its relatives"), ("relu", "leaky_relu", "elu", "selu", "softplus"), "whole"),
    "self_gated": (N_("Self-gated"), ("swish", "gelu", "gelu_tanh", "mish", "hard_swish"), "whole"),
    "all": (N_("All 18"), tuple(ACTIVATIONS), "whole"),
}
LIMITS = {"3": (3.0, 120), "5": (5.0, 100), "10": (10.0, 100)}  # code -> the range's end, steps to it
PARAMETERS = {  # function -> parameter, lowest, highest value, step
    "leaky_relu": ("alpha", 0.0, 1.0, 0.01),
    "elu": ("alpha", 0.0, 10.0, 0.1),
    "swish": ("beta", 0.0, 20.0, 0.1),
}


@dataclass(frozen=True)
class Setup:
    """What the controls say: the functions drawn, the code of their range, the pinned z."""

    preset: str
    drawn: tuple[Activation, ...]
    limit: str  # of LIMITS
    z: float


def setup() -> Setup:
    """Draw the controls."""
    titles = {code: _(title) for code, (title, _codes, _points) in PRESETS.items()}
    preset = controls.choice(st.selectbox, _("Selection"), titles, key="activations_gallery_preset")
    _title, default, _points = PRESETS[preset]
    codes = controls.choices(
        partial(st.pills, selection_mode="multi", wrap=True),
        _("Functions"),
        names.ACTIVATIONS,
        key="activations_gallery_functions",
        default=default,
        most=len(ACTIVATIONS),
        scope=preset,
    )
    ranges = {code: f"±{code}" for code in LIMITS}
    limit = controls.choice(
        st.segmented_control, _("Range of z"), ranges, key="activations_gallery_range", default="5", required=True
    )
    drawn = _with_parameters(codes)
    end = LIMITS[limit][0]
    z = controls.slider(
        _("Pinned z"),
        key="activations_gallery_z",
        default=1.0,
        low=-end,
        high=end,
        step=0.05,
        help=_("Where the dashed line stands, and where the table and the formulas have their numbers."),
    )
    return Setup(preset, drawn, limit, z)


def _with_parameters(codes: Sequence[str]) -> tuple[Activation, ...]:
    """The functions, with a slider for each one's parameter."""
    labels = {
        code: _("{parameter} of {function}").format(
            parameter=GREEK[PARAMETERS[code][0]], function=names.ACTIVATIONS[code]
        )
        for code in codes
        if code in PARAMETERS
    }
    if not labels:
        return tuple(map(activation, codes))
    with st.expander(_("Parameters: {names}").format(names=", ".join(labels.values()))):
        chosen = {code: _parameter(code, label) for code, label in labels.items()}
    return tuple(activation(code, **chosen.get(code, {})) for code in codes)


def _parameter(code: str, label: str) -> dict[str, float]:
    name, low, high, step = PARAMETERS[code]
    default = getattr(ACTIVATIONS[code], name)
    value = controls.slider(label, key=f"activations_gallery_{code}", default=default, low=low, high=high, step=step)
    return {name: value}
