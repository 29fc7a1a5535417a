"""What the controls say: the rate, the mode, the scaling, which mask, and the network it is done to."""

from dataclasses import dataclass

import streamlit as st

from engine.dropped import HIDDEN, MOST_INPUT, MOST_MASKS, MOST_RATE, NETWORKS, OUTPUTS, DropoutNet, X
from engine.layers import KINDS
from pages.shared import controls
from pages.shared.names import ACTIVATIONS
from pages.shared.text import N_, _

TRAIN, EVAL = "train", "eval"
MODES = {TRAIN: N_("Training mode"), EVAL: N_("Evaluation mode")}
SCALINGS = dict(zip(KINDS, (N_("Inverted"), N_("Classic")), strict=True))
SEED = 2
LABELS = {code: "-".join(map(str, sizes)) for code, sizes in NETWORKS.items()}


@dataclass(frozen=True)
class Setup:
    """The network, the number of its mask, and whether it is training."""

    config: DropoutNet
    which: int
    training: bool

    @property
    def mode(self) -> str:
        return TRAIN if self.training else EVAL


def setup() -> Setup:
    """The controls."""
    rate = controls.slider(
        _("Drop rate p"),
        key="regularization_dropping_rate",
        default=0.5,
        low=0.0,
        high=MOST_RATE,
        step=0.01,
        help=_("The probability that a unit is set to 0. Some texts call p the probability of keeping it."),
    )
    mode = _one_of(_("Mode"), MODES, "mode", help=_("`model.train()` and `model.eval()` in PyTorch."))
    kind = _one_of(
        _("Scaling"),
        SCALINGS,
        "kind",
        help=_("Inverted: divide by 1 − p while training. Classic: multiply by 1 − p in evaluation."),
    )
    which = _mask(mode == TRAIN)
    network = controls.choice(
        st.segmented_control,
        _("Network"),
        LABELS,
        key="regularization_dropping_network",
        default="two",
        required=True,
    )
    with st.expander(_("Functions, weights and inputs")):
        hidden = _function(_("Hidden units"), HIDDEN, "hidden")
        output = _function(_("Output"), OUTPUTS, "output")
        seed = controls.number(
            _("Seed"),
            key="regularization_dropping_seed",
            default=SEED,
            low=0,
            high=9999,
            step=1,
            help=_("Draws the weights and the masks."),
        )
        x = controls.numbers(("x₁", "x₂"), key="regularization_dropping_x", default=X, low=-MOST_INPUT, high=MOST_INPUT)
    return Setup(DropoutNet(network, hidden, output, kind, rate, seed, x), which, mode == TRAIN)


def _mask(training: bool) -> int:
    """Its number: the place in the stream of random masks, so that a link shows the same one.

    In evaluation there is none to be drawn anew; the number is that up to which the mean is taken.
    """
    key = "regularization_dropping_mask"
    which = controls.slider(_("Mask number"), key=key, default=2, low=1, high=MOST_MASKS, step=0.02, log=True)
    st.button(
        _("New mask"),
        key=f"{key}_new",
        icon=":material/casino:",
        on_click=controls.put,
        args=(key, min(which + 1, MOST_MASKS)),
        disabled=not training or which == MOST_MASKS,
    )
    return which


def _one_of(label: str, labels: dict[str, str], name: str, help: str) -> str:
    return controls.choice(
        st.segmented_control,
        label,
        {code: _(title) for code, title in labels.items()},
        key=f"regularization_dropping_{name}",
        required=True,
        help=help,
        wrap=True,
    )


def _function(label: str, codes: tuple[str, ...], name: str) -> str:
    return controls.choice(
        st.selectbox, label, {code: ACTIVATIONS[code] for code in codes}, key=f"regularization_dropping_{name}"
    )
