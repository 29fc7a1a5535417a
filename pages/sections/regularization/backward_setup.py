"""The controls of the gradient through a batch: the batch, the gradient that arrives, the step of the check."""

from dataclasses import dataclass

import streamlit as st

from engine.batch_norm_gradient import BackwardConfig
from pages.shared import controls, tables
from pages.shared.text import N_, _

X = (2.0, 4.0, 5.0, 6.0, 8.0)
N_SAMPLES, LIMIT = len(X), 1000.0
H = 1e-5  # of the check
NAMES = tuple(str(index + 1) for index in range(N_SAMPLES))


STEPS, JACOBIAN = "steps", "jacobian"
VIEWS = {STEPS: N_("Step by step"), JACOBIAN: N_("How the samples hang together")}


@dataclass(frozen=True)
class Preset:
    title: str
    dy: tuple[float, ...]


PRESETS = {
    "one": Preset(N_("Only one sample has a gradient"), (1.0, 0.0, 0.0, 0.0, 0.0)),
    "equal": Preset(N_("All have the same gradient"), (1.0, 1.0, 1.0, 1.0, 1.0)),
    "along": Preset(N_("A gradient along x̂"), (-1.5, -0.5, 0.0, 0.5, 1.5)),
    "mixed": Preset(N_("A gradient without a pattern"), (0.8, -1.2, 0.3, 0.5, -0.7)),
}


@dataclass(frozen=True)
class Setup:
    """What the controls say; the input that moves (from 0), and how far, play a part in one view alone."""

    preset: str
    config: BackwardConfig
    digits: int
    sample: int = 0
    delta: float = 0.0


def view() -> str:
    """Which part of the section is open."""
    titles = {code: _(title) for code, title in VIEWS.items()}
    return controls.choice(
        st.segmented_control, _("Look at"), titles, key="regularization_backward_view", required=True
    )


def setup(view: str) -> Setup:
    """Draw the controls of a view."""
    titles = {code: _(preset.title) for code, preset in PRESETS.items()}
    code = controls.choice(st.selectbox, _("Upstream gradient dy"), titles, key="regularization_backward_preset")
    rows = tables.number_table(
        list(zip(X, PRESETS[code].dy, strict=True)),
        ["x", "dy"],
        key="regularization_backward_table",
        scope=code,
        low=-LIMIT,
        high=LIMIT,
        alt=_("Five samples: their value x and the gradient dy that arrives at their output"),
        index=list(NAMES),
    )
    gamma = controls.slider(
        _("Scale γ"),
        key="regularization_backward_gamma",
        default=1.0,
        low=-LIMIT,
        high=LIMIT,
        step=0.05,
        reach=(-3.0, 3.0),
    )
    h, sample, delta = (_step(), 0, 0.0) if view == STEPS else (H, *_moved())
    with st.expander(_("More settings")):
        epsilon = controls.slider(
            "ε",
            key="regularization_backward_epsilon",
            default=1e-5,
            low=1e-12,
            high=1.0,
            step=0.1,
            log=True,
            help=_("A small number under the root, so that nothing is divided by zero. The track is logarithmic."),
        )
        digits = controls.digits("regularization_backward_digits")
    x, dy = (tuple(column) for column in rows.T.tolist())
    return Setup(code, BackwardConfig(x, dy, gamma, epsilon, h), digits, sample, delta)


def _step() -> float:
    return controls.slider(
        _("Step h of the check"),
        key="regularization_backward_h",
        default=H,
        low=1e-15,
        high=1.0,
        step=0.05,
        log=True,
        help=_("Of the central differences. The track is logarithmic."),
    )


def _moved() -> tuple[int, float]:
    """Which input moves (from 0), and how far."""
    labels = {str(index): f"x{'₁₂₃₄₅'[index]}" for index in range(N_SAMPLES)}
    sample = controls.choice(
        st.segmented_control,
        _("The input that moves"),
        labels,
        key="regularization_backward_moved",
        default="4",
        required=True,
    )
    delta = controls.slider(
        _("It moves by Δx ="),
        key="regularization_backward_delta",
        default=1.0,
        low=-LIMIT,
        high=LIMIT,
        step=0.1,
        reach=(-5.0, 10.0),
    )
    return int(sample), delta


def factor() -> float:
    """How many times as large the weights of the layer before are."""
    return controls.slider(
        _("Factor c of the weights before"),
        key="regularization_backward_factor",
        default=2.0,
        low=0.1,
        high=100.0,
        step=0.05,
        log=True,
    )
