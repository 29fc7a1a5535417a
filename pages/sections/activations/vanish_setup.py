"""The controls of the vanishing gradient: which networks, and what of them is shown."""

from dataclasses import dataclass

import streamlit as st

from engine.activations import activation
from engine.initializers import initializer
from engine.signal import MAX_DEPTH, SignalConfig
from engine.weight_schemes import Initializer
from pages.shared import controls, names
from pages.shared.text import N_, _

N_SAMPLES, SEEDS = 16, tuple(range(11))  # of eleven networks, the median and the 2nd of each end are networks
MOST = 5
WIDTHS = (16, 32, 64, 128)
OWN = "own"


@dataclass(frozen=True)
class Preset:
    title: str
    activations: tuple[str, ...]
    scheme: str
    depth: int
    sigma: float = 1.0


PRESETS = {
    "xavier": Preset(N_("Xavier weights"), ("sigmoid", "tanh", "relu"), "xavier_normal", 20),
    "stupid": Preset(N_("N(0, 1), the stupid way (note 000)"), ("sigmoid", "tanh", "relu"), "normal", 20),
    "he": Preset(N_("He weights for ReLU (note 004)"), ("sigmoid", "relu", "leaky_relu"), "he_normal", 20),
    "fifty": Preset(N_("50 sigmoid layers, small weights"), ("sigmoid",), OWN, 50, 0.03),
}
SCHEMES = {
    "normal": N_("N(0, 1), the stupid way"),
    "lecun_normal": N_("Xavier of note 000 (LeCun): 1/n_in"),
    "xavier_normal": N_("Xavier of note 004: 2/(n_in + n_out)"),
    "he_normal": N_("He normal: 2/n_in"),
    "pytorch_linear": N_("PyTorch’s default: 1/(3 n_in)"),
    OWN: N_("N(0, σ²), my own σ"),
}


@dataclass(frozen=True)
class Setup:
    """What the controls say; `configs` has an entry for each activation."""

    configs: tuple[SignalConfig, ...]
    size: str
    band: str  # in words
    quantiles: tuple[float, float]
    theory: bool
    digits: int

    @property
    def depth(self) -> int:
        return self.configs[0].depth


def setup() -> Setup:
    """Draw all controls; the engine refuses what does not fit together."""
    titles = {code: _(preset.title) for code, preset in PRESETS.items()}
    code = controls.choice(st.selectbox, _("Experiment"), titles, key="activations_vanish_preset")
    preset = PRESETS[code]
    chosen = controls.choices(
        st.multiselect,
        _("Activation functions"),
        names.ACTIVATIONS,
        key="activations_vanish_functions",
        default=preset.activations,
        most=MOST,
        scope=code,
        wrap=True,
        help=_("Up to {n}; the first makes room for one more.").format(n=MOST),
    )
    scheme = _scheme(preset, code)
    depth = controls.slider(
        _("Layers"),
        key="activations_vanish_depth",
        default=preset.depth,
        low=1,
        high=MAX_DEPTH,
        step=1,
        scope=code,
        help=_("Each depth is a network of its own, and all of it is computed anew while you drag."),
    )
    widths = {str(width): str(width) for width in WIDTHS}
    width = controls.choice(
        st.segmented_control,
        _("Units of each layer"),
        widths,
        key="activations_vanish_width",
        default="64",
        required=True,
    )
    with st.expander(_("More settings")):
        more = _more()
    kinds = [activation(name) for name in chosen]
    configs = tuple(SignalConfig(depth, int(width), N_SAMPLES, kind, scheme, SEEDS) for kind in kinds)
    return Setup(configs, **more)


def _scheme(preset: Preset, scope: str) -> Initializer:
    """How the weights are drawn."""
    titles = {code: _(title) for code, title in SCHEMES.items()}
    code = controls.choice(
        st.selectbox,
        _("Initialization of the weights"),
        titles,
        key="activations_vanish_scheme",
        default=preset.scheme,
        scope=scope,
        help=_(
            "The fraction is a weight's variance, n_in and n_out the units before and after it. Two variances are "
            "called Xavier: 1/n_in in note 000 and 2/(n_in + n_out) in note 004; where all layers are equally wide, "
            "as here, both are the same number."
        ),
    )
    if code != OWN:
        return initializer(code)
    sigma = controls.number(
        _("σ, the standard deviation of a weight"),
        key="activations_vanish_sigma",
        default=preset.sigma,
        low=1e-6,
        high=1e6,
        scope=scope,
    )
    return initializer("normal", sigma=sigma)


def _more() -> dict[str, object]:
    """What is drawn of the networks."""
    size = controls.choice(
        st.segmented_control,
        _("Size of the gradient"),
        {"dz": "δ = ∂L/∂z", "dW": "‖∂L/∂W‖"},
        key="activations_vanish_size",
        required=True,
        help=_(
            "δ: the standard deviation over a layer's units and samples. ‖∂L/∂W‖: the root of the sum of squares "
            "over a layer's weights, which is what gradient descent moves them by, times the learning rate."
        ),
    )
    bands = {"most": _("9 of 11"), "all": _("all 11")}
    band = controls.choice(
        st.segmented_control, _("Networks in the band"), bands, key="activations_vanish_band", required=True
    )
    theory = controls.toggle(
        _("Theory: dashed line"),
        key="activations_vanish_theory",
        default=True,
        help=_(
            "Mean-field theory of infinitely wide layers, without any drawing: each layer multiplies the mean square "
            "of δ by n · Var(w) · E[f′(z)²], with normal z. It gives the root mean square; a typical network that is "
            "narrow and deep lies below."
        ),
    )
    digits = controls.digits("activations_vanish_digits")
    quantiles = {"most": (0.1, 0.9), "all": (0.0, 1.0)}[band]
    return {"size": size, "band": bands[band], "quantiles": quantiles, "theory": theory, "digits": digits}
