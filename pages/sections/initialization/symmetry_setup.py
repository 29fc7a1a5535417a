"""The controls of units that begin alike: which network, which equal weights, how much noise."""

from dataclasses import dataclass, replace

import streamlit as st

from engine.symmetry import ACTIVATIONS, LADDER, MAX_UNITS, SymmetryConfig
from pages.shared import controls, names
from pages.shared.text import N_, _

KEY = "initialization_symmetry"
UPDATES = (100, 200, 500, 1000, 2000, 5000)
LEAST, MOST = 1e-16, 1.0  # of the noise


@dataclass(frozen=True)
class Preset:
    title: str
    data: str = "moons"
    activation: str = "tanh"
    value: float = 0.5
    noise: float = 0.0
    n_hidden: int = 4
    updates: int = 1000


PRESETS = {
    "noise": Preset(N_("All equal, and a little noise"), noise=1e-6),
    "equal": Preset(N_("All equal, no noise")),
    "zeros_tanh": Preset(N_("All zeros, tanh"), data="and", value=0.0),
    "zeros_relu": Preset(N_("All zeros, ReLU"), data="and", activation="relu", value=0.0),
    "zeros_sigmoid": Preset(N_("All zeros, sigmoid"), data="and", activation="sigmoid", value=0.0),
    "tiny": Preset(N_("Zeros and noise of 10⁻¹²"), value=0.0, noise=1e-12, updates=200),
    "xor": Preset(N_("XOR: the noise comes too late"), data="xor", noise=1e-4),
    "rounding": Preset(N_("Five units, no noise: does rounding suffice?"), n_hidden=5),
}
DATA = {"moons": N_("Two moons (24 points)"), "xor": N_("XOR (4 points)"), "and": N_("AND (4 points)")}


@dataclass(frozen=True)
class Setup:
    """What the controls say: the learner's network, and the same one with a ladder of noises, none first."""

    config: SymmetryConfig
    scope: str

    @property
    def noise(self) -> float:
        return self.config.noises[0]

    @property
    def ladder(self) -> SymmetryConfig:
        return replace(self.config, noises=(0.0, *LADDER))

    @property
    def labels(self) -> tuple[str, ...]:
        """Of the units of the first hidden layer."""
        return tuple(f"h{'₁₂₃₄₅₆₇₈'[unit]}" for unit in range(self.config.n_hidden))


def setup() -> Setup:
    """Draw all controls."""
    titles = {code: _(preset.title) for code, preset in PRESETS.items()}
    code = controls.choice(st.selectbox, _("Example"), titles, key=f"{KEY}_preset")
    preset = PRESETS[code]
    value = controls.slider(
        _("All weights, c"), key=f"{KEY}_value", default=preset.value, low=-2.0, high=2.0, step=0.05, scope=code
    )
    noise = _noise(preset, code)
    labels = {name: names.ACTIVATIONS[name] for name in ACTIVATIONS}
    activation = controls.choice(
        st.segmented_control,
        _("Activation function of the hidden units"),
        labels,
        key=f"{KEY}_activation",
        default=preset.activation,
        scope=code,
        required=True,
    )
    n_hidden = controls.slider(
        _("Hidden units"), key=f"{KEY}_units", default=preset.n_hidden, low=2, high=MAX_UNITS, step=1, scope=code
    )
    with st.expander(_("More settings")):
        data, n_layers, rate, updates, seed = _more(preset, code)
    config = SymmetryConfig(data, n_hidden, n_layers, activation, value, (noise,), seed, rate, updates)
    return Setup(config, f"{code} {updates}")


def _noise(preset: Preset, scope: str) -> float:
    """The size of the noise; 0 where there is none."""
    if not controls.toggle(_("Add noise"), key=f"{KEY}_noisy", default=preset.noise > 0, scope=scope):
        return 0.0
    return controls.slider(
        _("Size of the noise, s"),
        key=f"{KEY}_noise",
        default=preset.noise or 1e-6,
        low=LEAST,
        high=MOST,
        step=0.1,
        log=True,
        scope=scope,
        help=_("Each weight is c + s · Z with Z from N(0, 1); the biases begin at 0."),
    )


def _more(preset: Preset, scope: str) -> tuple[str, int, float, int, int]:
    titles = {name: _(title) for name, title in DATA.items()}
    data = controls.choice(st.selectbox, _("Data"), titles, key=f"{KEY}_data", default=preset.data, scope=scope)
    layers = {"1": "1", "2": "2"}
    n_layers = int(
        controls.choice(st.segmented_control, _("Hidden layers"), layers, key=f"{KEY}_layers", required=True)
    )
    rate = controls.slider(
        f"{_('Learning rate')} η", key=f"{KEY}_rate", default=2.0, low=0.01, high=10.0, step=0.05, log=True, scope=scope
    )
    counts = {str(count): f"{count:,}" for count in UPDATES}
    updates = int(
        controls.choice(
            st.selectbox, _("Updates"), counts, key=f"{KEY}_updates", default=str(preset.updates), scope=scope
        )
    )
    seed = controls.number(_("Seed"), key=f"{KEY}_seed", default=1, low=0, high=9999, step=1)
    return data, n_layers, rate, updates, seed
