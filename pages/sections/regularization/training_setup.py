"""The controls of batch normalization while training: which networks, on what, and what is looked at."""

from dataclasses import dataclass

import streamlit as st

from engine.initializers import initializer
from engine.normalized_training import ACTIVATIONS, DATA, PLACES, RATES, NormConfig
from engine.weight_schemes import Initializer
from pages.shared import controls, names
from pages.shared.text import N_, _

OWN = "own"
WIDTHS, BATCHES, SEEDS = ("4", "8", "16", "32"), ("4", "8", "16", "32", "64"), ("3", "5", "10", "20")
DEFAULT = ("none", "before_activation")


@dataclass(frozen=True)
class Preset:
    title: str
    activation: str
    scheme: str
    rate: float


PRESETS = {
    "vanish": Preset(N_("Vanishing gradient: sigmoid, Xavier"), "sigmoid", "xavier_normal", 1.0),
    "tanh": Preset(N_("… eased by another activation function: tanh"), "tanh", "xavier_normal", 0.3),
    "start": Preset(N_("… eased by another start: N(0, 1)"), "sigmoid", "normal", 0.3),
    "explode": Preset(N_("Exploding gradient: ReLU, N(0, 1)"), "relu", "normal", 0.3),
    "he": Preset(N_("… eased by another start: He"), "relu", "he_normal", 0.3),
    "small": Preset(N_("… eased by a smaller learning rate"), "relu", "normal", 0.03),
}
SCHEMES = {
    "xavier_normal": N_("Xavier of note 004: 2/(n_in + n_out)"),
    "he_normal": N_("He normal: 2/n_in"),
    "normal": N_("N(0, 1), the stupid way (note 000)"),
    OWN: N_("N(0, σ²), my own σ"),
}
WITHOUT = N_("without")
NETWORKS = {
    "none": WITHOUT,
    "before_activation": N_("BN before f"),
    "after_activation": N_("BN after f"),
}
DATA_TITLES = {"moons": N_("Moons"), "circles": N_("Circles"), "spirals": N_("Spirals")}


@dataclass(frozen=True)
class Setup:
    """What the controls say."""

    config: NormConfig
    places: tuple[str, ...]
    rate: float

    @property
    def labels(self) -> dict[str, str]:
        """Code -> name of the networks that are shown."""
        return {place: _(NETWORKS[place]) for place in self.places}

    @property
    def order(self) -> tuple[str, ...]:
        """The names of all networks there are: each keeps its colour."""
        return tuple(_(NETWORKS[place]) for place in PLACES)

    @property
    def at(self) -> int:
        """The place of the learning rate."""
        return RATES.index(self.rate)


def setup() -> Setup:
    """Draw all controls; the engine refuses what does not fit together."""
    code = controls.choice(
        st.selectbox, _("Experiment"), {c: _(p.title) for c, p in PRESETS.items()}, key="regularization_training_preset"
    )
    preset = PRESETS[code]
    n_hidden = controls.number(
        _("Hidden layers"), key="regularization_training_depth", default=5, low=2, high=10, step=1
    )
    width = _pick(_("Units of each layer"), WIDTHS, "16", "width")
    kind = controls.choice(
        st.selectbox,
        _("Activation function"),
        {name: names.ACTIVATIONS[name] for name in ACTIVATIONS},
        key="regularization_training_activation",
        default=preset.activation,
        scope=code,
    )
    scheme = _scheme(preset, code)
    rate = controls.choice(
        st.segmented_control,
        _("Learning rate η that is looked at"),
        {f"{rate:g}": f"{rate:g}" for rate in RATES},
        key="regularization_training_rate",
        default=f"{preset.rate:g}",
        scope=code,
        required=True,
        wrap=True,
    )
    with st.expander(_("More settings")):
        places, more = _more()
    config = NormConfig(n_hidden, int(width), kind, scheme, **more)
    return Setup(config, places, float(rate))


def _scheme(preset: Preset, scope: str) -> Initializer:
    """How the weights are drawn."""
    code = controls.choice(
        st.selectbox,
        _("Initialization of the weights"),
        {code: _(title) for code, title in SCHEMES.items()},
        key="regularization_training_scheme",
        default=preset.scheme,
        scope=scope,
        help=_("The fraction is a weight's variance, n_in and n_out the units before and after it. Biases start at 0."),
    )
    if code != OWN:
        return initializer(code)
    sigma = controls.number(
        _("σ, the standard deviation of a weight"),
        key="regularization_training_sigma",
        default=0.7,
        low=0.01,
        high=10.0,
        step=0.1,
    )
    return initializer("normal", sigma=sigma)


def _more() -> tuple[tuple[str, ...], dict[str, object]]:
    """Which networks, on what, how long, from how many starts."""
    places = controls.choices(
        st.multiselect,
        _("Networks"),
        {place: _(title) for place, title in NETWORKS.items()},
        key="regularization_training_networks",
        default=DEFAULT,
        most=len(NETWORKS),
        wrap=True,
        help=_("BN is batch normalization in every hidden layer: of z before the activation function f, or of f(z)."),
    )
    data = controls.choice(
        st.segmented_control,
        _("Samples"),
        {code: _(DATA_TITLES[code]) for code in DATA},
        key="regularization_training_data",
        required=True,
    )
    batch = _pick(_("Batch size"), BATCHES, "16", "batch")
    epochs = controls.number(_("Epochs"), key="regularization_training_epochs", default=10, low=1, high=200, step=5)
    seeds = _pick(_("Seeds"), SEEDS, "3", "seeds")
    return places, {"data": data, "batch_size": int(batch), "epochs": epochs, "n_seeds": int(seeds)}


def _pick(label: str, options: tuple[str, ...], default: str, name: str) -> str:
    labels = {option: option for option in options}
    key = f"regularization_training_{name}"
    return controls.choice(st.segmented_control, label, labels, key=key, default=default, required=True)
