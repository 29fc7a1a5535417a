"""The controls of the signal through the depth: which networks, and what their histograms show."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from engine.activations import activation
from engine.initializers import initializer
from engine.signal import MAX_DEPTH, MAX_WIDTH, SignalConfig
from engine.signal_reading import shown_range
from engine.weight_schemes import Initializer
from pages.shared import controls, names, screen
from pages.shared.text import N_, _

MOST, OWN = 4, "own"
WIDTH, N_SAMPLES, N_SEEDS = 100, 50, 3
SAMPLES, SEEDS = (10, 50, 200, 1000), (1, 3, 5, 10, 20)
ACTIVATIONS = {code: name for code, name in names.ACTIVATIONS.items() if code != "step"}  # its slope is 0 everywhere


@dataclass(frozen=True)
class Preset:
    title: str
    activation: str
    schemes: tuple[str, ...]
    depth: int = 10
    width: int = WIDTH
    remark: str = ""  # what to look at, where the picture does not say it by itself


PRESETS = {
    "tanh": Preset(N_("tanh: N(0, 1), 0.01, Xavier, He"), "tanh", ("normal", "small", "xavier_normal", "he_normal")),
    "relu": Preset(N_("ReLU: Xavier against He"), "relu", ("xavier_normal", "he_normal"), 20),
    "sigmoid": Preset(N_("Sigmoid: alive or asleep?"), "sigmoid", ("normal", "xavier_normal", "he_normal")),
    "selu": Preset(N_("SELU with LeCun weights"), "selu", ("lecun_normal", "he_normal", "pytorch_linear"), 30),
    "000": Preset(N_("Note 000: N(0, 1), its Xavier, He"), "relu", ("normal", "lecun_normal", "he_normal")),
    "004": Preset(
        N_("Note 004: normal against uniform"),
        "relu",
        ("xavier_normal", "xavier_uniform", "he_normal", "he_uniform"),
        20,
    ),
    "twice": Preset(N_("Two rules called Xavier"), "tanh", ("lecun_normal", "xavier_normal", "xavier_uniform")),
    "deep": Preset(
        N_("50 layers: orthogonal against normal"),
        "tanh",
        ("orthogonal", "lecun_normal"),
        50,
        64,
        N_(
            "The medians hardly differ. Look at the bands of the std of a: an orthogonal layer keeps every length, so "
            "the networks stay together; of normal weights each layer draws a factor of its own."
        ),
    ),
}
SAME = {  # in every language
    "normal": "N(0, 1)",
    "tenth": "N(0, 0.1²)",
    "small": "N(0, 0.01²)",
    "lecun_normal": "LeCun",
    "xavier_normal": "Xavier",
    "he_normal": "He",
}
OTHERS = {
    "xavier_uniform": N_("Xavier uniform"),
    "he_uniform": N_("He uniform"),
    "pytorch_linear": N_("PyTorch’s default"),
    "orthogonal": N_("Orthogonal"),
    OWN: N_("N(0, σ²), my own σ"),
}
SIGMAS = {"normal": 1.0, "tenth": 0.1, "small": 0.01}


@dataclass(frozen=True)
class Setup:
    """What the controls say: a config for each scheme, by its label; they differ by their initializer alone."""

    activation: str
    configs: Mapping[str, SignalConfig]
    digits: int

    @property
    def any(self) -> SignalConfig:
        return next(iter(self.configs.values()))


def setup() -> Setup:
    """Draw all controls; the engine refuses what does not fit together."""
    titles = {code: _(preset.title) for code, preset in PRESETS.items()}
    code = controls.choice(st.selectbox, _("Experiment"), titles, key="initialization_signal_preset")
    preset = PRESETS[code]
    if preset.remark:
        screen.aside(_(preset.remark))
    kind = controls.choice(
        st.selectbox,
        _("Activation function"),
        ACTIVATIONS,
        key="initialization_signal_activation",
        default=preset.activation,
        scope=code,
    )
    schemes = _schemes(preset, code)
    depth = controls.slider(
        _("Layers"),
        key="initialization_signal_depth",
        default=preset.depth,
        low=2,
        high=MAX_DEPTH,
        step=1,
        scope=code,
    )
    width = controls.slider(
        _("Units of each layer"),
        key="initialization_signal_width",
        default=preset.width,
        low=16,
        high=MAX_WIDTH,
        step=4,
        scope=code,
        help=_("As many as inputs: n_in = n_out = n in every layer."),
    )
    with st.expander(_("More settings")):
        n_samples, n_seeds = _amounts()
        reach, low, high, digits = _ranges()
    f = activation(kind)
    limits = {"histogram_range": shown_range(f, reach), "gradient_range": (low, high)}
    configs = {
        label: SignalConfig(depth, width, n_samples, f, scheme, tuple(range(n_seeds)), **limits)
        for label, scheme in schemes.items()
    }
    return Setup(kind, configs, digits)


def _schemes(preset: Preset, scope: str) -> dict[str, Initializer]:
    """Label -> how the weights are drawn."""
    titles = SAME | {code: _(title) for code, title in OTHERS.items()}
    chosen = controls.choices(
        st.multiselect,
        _("Initialization of the weights"),
        titles,
        key="initialization_signal_schemes",
        default=preset.schemes,
        most=MOST,
        scope=scope,
        wrap=True,
        help=_(
            "Up to {n}. Variance of a weight: LeCun 1/n_in (note 000 calls it Xavier), Xavier 2/(n_in + n_out), "
            "He 2/n_in, PyTorch’s default 1/(3 n_in). All layers are equally wide here, so LeCun and Xavier are the "
            "same number."
        ).format(n=MOST),
    )
    sigma = 0.05
    if OWN in chosen:
        sigma = controls.slider(
            _("σ, the standard deviation of a weight"),
            key="initialization_signal_sigma",
            default=sigma,
            low=1e-6,
            high=1e6,
            step=0.05,
            log=True,
            reach=(1e-3, 10.0),
        )
    own = f"σ = {sigma:g}"
    return {own if code == OWN else titles[code]: _scheme(code, sigma) for code in chosen}


def _scheme(code: str, sigma: float) -> Initializer:
    if code == OWN or code in SIGMAS:
        return initializer("normal", sigma=SIGMAS.get(code, sigma))
    return initializer(code)


def _amounts() -> tuple[int, int]:
    samples = controls.choice(
        st.segmented_control,
        _("Samples"),
        {str(n): f"{n:,}" for n in SAMPLES},
        key="initialization_signal_samples",
        default=str(N_SAMPLES),
        required=True,
    )
    seeds = controls.choice(
        st.segmented_control,
        _("Networks (seeds)"),
        {str(n): str(n) for n in SEEDS},
        key="initialization_signal_seeds",
        default=str(N_SEEDS),
        required=True,
        help=_(
            "Each has weights and inputs of its own; the schemes share the seeds 0, 1, … "
            "For the largest networks choose 1."
        ),
    )
    return int(samples), int(seeds)


def _ranges() -> tuple[float, float, float, int]:
    """What the histograms show; all layers and all schemes share it."""
    reach = controls.number(
        _("Histograms of a: from −R to R"),
        key="initialization_signal_reach",
        default=3.0,
        low=1e-6,
        high=1e6,
        log=True,
        help=_("R; cut off where the activation function ends. A small R zooms in."),
    )
    low = controls.number(
        _("Histograms of |δ|: from 10 to the power of"),
        key="initialization_signal_low",
        default=-12.0,
        low=-300.0,
        high=299.0,
        step=1.0,
    )
    high = controls.number(
        _("… to 10 to the power of"),
        key="initialization_signal_high",
        default=4.0,
        low=-299.0,
        high=300.0,
        step=1.0,
    )
    return reach, low, high, controls.digits("initialization_signal_digits")
