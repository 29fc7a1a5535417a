"""The controls of the drawn weights: two schemes, one layer, and how the picture counts."""

from dataclasses import dataclass

import streamlit as st

from engine.drawn_weights import DrawConfig, half_width
from engine.initializers import NAMED, initializer
from pages.shared import controls
from pages.shared.text import N_, _

KEY = "initialization_drawn"
MOST_UNITS = 1024
SCHEMES = {
    "lecun_normal": N_("LeCun normal: the Xavier of note 000"),
    "xavier_normal": N_("Xavier normal (Glorot): note 004"),
    "he_normal": N_("He normal"),
    "lecun_uniform": N_("LeCun uniform"),
    "xavier_uniform": N_("Xavier uniform (Glorot): note 004"),
    "he_uniform": N_("He uniform"),
    "pytorch_linear": N_("PyTorch’s default for nn.Linear"),
    "normal": N_("N(0, σ²), the same σ for every layer"),
    "uniform": N_("U(−r, r), the same r for every layer"),
    "orthogonal": N_("Orthogonal"),
    "zeros": N_("All zeros"),
    "constant": N_("All equal to a constant"),
}
NAMES = {  # short ones, for headings
    "lecun_normal": N_("LeCun normal"),
    "xavier_normal": N_("Xavier normal"),
    "he_normal": N_("He normal"),
    "lecun_uniform": N_("LeCun uniform"),
    "xavier_uniform": N_("Xavier uniform"),
    "he_uniform": N_("He uniform"),
    "pytorch_linear": N_("PyTorch’s default"),
    "normal": "N(0, σ²)",
    "uniform": "U(−r, r)",
    "orthogonal": N_("Orthogonal"),
    "zeros": N_("All zeros"),
    "constant": N_("All equal"),
}
LETTERS = ("A", "B")


@dataclass(frozen=True)
class Preset:
    title: str
    first: str
    second: str
    fan_in: int
    fan_out: int


PRESETS = {
    "stupid": Preset(N_("N(0, 1), ‘the stupid way’ (note 000)"), "normal", "lecun_normal", 784, 512),
    "xavier": Preset(N_("Two rules called Xavier, 784 × 512"), "lecun_normal", "xavier_normal", 784, 512),
    "note": Preset(N_("Note 004: 785 × 512 (784 pixels would be right)"), "xavier_normal", "xavier_uniform", 785, 512),
    "square": Preset(N_("As many outputs as inputs"), "lecun_normal", "xavier_normal", 512, 512),
    "wide": Preset(N_("Few inputs, many outputs"), "lecun_normal", "xavier_normal", 64, 1024),
    "he": Preset(N_("He for ReLU, Xavier for sigmoid and tanh"), "he_normal", "xavier_normal", 512, 512),
    "pytorch": Preset(N_("What nn.Linear does by itself"), "pytorch_linear", "xavier_uniform", 784, 512),
    "orthogonal": Preset(N_("Orthogonal against independent weights"), "orthogonal", "lecun_normal", 256, 256),
    "equal": Preset(N_("Nothing drawn: zeros and a constant"), "zeros", "constant", 784, 512),
    "small": Preset(N_("A small layer: 2 × 4"), "xavier_uniform", "he_normal", 2, 4),
}


@dataclass(frozen=True)
class Setup:
    """What the controls say: for A and B the scheme's code and what is drawn."""

    codes: tuple[str, str]
    configs: tuple[DrawConfig, DrawConfig]

    @property
    def fans(self) -> tuple[int, int]:
        return self.configs[0].fan_in, self.configs[0].fan_out

    @property
    def names(self) -> list[str]:
        """A and B with their schemes."""
        return [f"{letter}: {_name(code)}" for letter, code in zip(LETTERS, self.codes, strict=True)]


def _name(code: str) -> str:
    """A formula is the same in every language."""
    text = NAMES[code]
    return text if text.startswith(("N(", "U(")) else _(text)


def setup() -> Setup:
    """Draw all controls; the engine refuses what does not fit together."""
    titles = {code: _(preset.title) for code, preset in PRESETS.items()}
    code = controls.choice(st.selectbox, _("Example"), titles, key=f"{KEY}_preset")
    preset = PRESETS[code]
    codes = [_scheme("A", preset.first, code), _scheme("B", preset.second, code)]
    fan_in = _fan(_("Inputs of the layer, fan_in"), "fan_in", preset.fan_in, code)
    fan_out = _fan(_("Outputs of the layer, fan_out"), "fan_out", preset.fan_out, code)
    seed = controls.number(_("Seed"), key=f"{KEY}_seed", default=1, low=0, high=9999, step=1)
    with st.expander(_("More settings")):
        gains = [_gain(letter, scheme, code) for letter, (scheme, _own) in zip(LETTERS, codes, strict=True)]
        bins = controls.number(_("Bars of the histogram"), key=f"{KEY}_bins", default=61, low=5, high=201, step=2)
        reach = controls.slider(
            _("Range of the picture, in σ of the wider scheme"),
            key=f"{KEY}_reach",
            default=4.0,
            low=0.5,
            high=8.0,
            step=0.5,
            help=_("What lies outside is counted, and shown as a number at that end."),
        )
    schemes = [initializer(scheme, **own, **gain) for (scheme, own), gain in zip(codes, gains, strict=True)]
    half = half_width(schemes, fan_in, fan_out, reach)
    configs = [DrawConfig(scheme, fan_in, fan_out, seed, stream, half, bins) for stream, scheme in enumerate(schemes)]
    return Setup((codes[0][0], codes[1][0]), (configs[0], configs[1]))


def _scheme(letter: str, default: str, scope: str) -> tuple[str, dict[str, float]]:
    """The scheme's code, and its own number where it has one."""
    titles = {code: _(title) for code, title in SCHEMES.items()}
    label = _("Scheme {letter}").format(letter=letter)
    key = f"{KEY}_{letter.lower()}"
    code = controls.choice(st.selectbox, label, titles, key=key, default=default, scope=scope)
    own = {"scope": scope, "key": f"{key}_{code}"}
    match code:
        case "normal":
            return code, {"sigma": controls.slider("σ", default=1.0, low=1e-3, high=10.0, step=0.05, log=True, **own)}
        case "uniform":
            return code, {"bound": controls.slider("r", default=1.0, low=1e-3, high=10.0, step=0.05, log=True, **own)}
        case "constant":
            return code, {"value": controls.slider("c", default=0.5, low=-2.0, high=2.0, step=0.05, **own)}
    return code, {}


def _fan(label: str, name: str, default: int, scope: str) -> int:
    return controls.slider(
        label, key=f"{KEY}_{name}", default=default, low=1, high=MOST_UNITS, step=0.01, log=True, scope=scope
    )


def _gain(letter: str, code: str, scope: str) -> dict[str, float]:
    """A factor of the standard deviation, for the schemes that have one."""
    if code not in NAMED and code != "orthogonal":
        return {}
    gain = controls.number(
        _("Gain of {letter}").format(letter=letter),
        key=f"{KEY}_{letter.lower()}_gain",
        default=1.0,
        low=0.01,
        high=100.0,
        step=0.1,
        scope=scope,
        help=_("Multiplies the standard deviation. PyTorch advises 5/3 for tanh; He's √2 for ReLU is in He already."),
    )
    return {"gain": gain}
