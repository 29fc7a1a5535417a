"""The controls of overfitting: which samples, which network, and which regularizers are compared."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from engine.overfitting import (
    BLOCK,
    MAX_BLOCKS,
    MAX_DATA_SEED,
    MAX_NOISE,
    MAX_RATE,
    OverfittingConfig,
    Regularizer,
)
from pages.shared import controls, numbers, screen
from pages.shared.text import N_, _

MOST = 5  # side by side
NONE = "none"
STRENGTHS = {
    "dropout": (0.1, 0.2, 0.3, 0.5, 0.65, 0.8, 0.9),
    "l1": (0.0003, 0.001, 0.003, 0.01, 0.03),
    "l2": (0.001, 0.003, 0.01, 0.03, 0.1),
    "early_stopping": (5, 10, 20, 50, 100),
}
MIXED = "mixed"
SAMPLES = (10, 20, 40, 80, 150, 300, 500)
WIDTHS = (2, 4, 8, 16, 32, 64)
EPOCHS = (30, 60, 100, 200, 400, 1000, 2000)
RATES = {"adam": 0.02, "sgd": 0.2}
DATA = {
    "moons": N_("Moons"),
    "circles": N_("Circles"),
    "blobs": N_("Blobs"),
    "xor": N_("XOR clouds"),
    "curve": N_("Curve (regression)"),
}


def code_of(kind: str, strength: float) -> str:
    """A setting in the link: dropout-0p5."""
    return f"{kind}-{strength:g}".replace(".", "p")


SETTINGS = {NONE: Regularizer()} | {
    code_of(kind, strength): Regularizer(kind, strength)
    for kind, strengths in STRENGTHS.items()
    for strength in strengths
}
PICKED = {  # of each family, beside none
    "dropout": ("dropout-0p2", "dropout-0p5", "dropout-0p8"),
    "l1": ("l1-0p001", "l1-0p003", "l1-0p01"),
    "l2": ("l2-0p003", "l2-0p01", "l2-0p1"),
    "early_stopping": ("early_stopping-5", "early_stopping-20", "early_stopping-50"),
    MIXED: ("dropout-0p5", "l1-0p003", "l2-0p01", "early_stopping-20"),
}


@dataclass(frozen=True)
class Preset:
    """An experiment: what it shows, what differs from the default samples and network, what is picked of a family."""

    title: str
    why: str
    config: Mapping[str, object] = field(default_factory=dict)
    family: str = "dropout"
    picked: tuple[str, ...] = (NONE, *PICKED["dropout"])


DEFAULT = {
    "data": "circles", "n_samples": 40, "noise": 0.2, "layers": 2, "width": 16, "epochs": 100,
}  # fmt: skip
N_SEEDS = 2 * BLOCK  # five seeds can tell nothing apart
NEVER = Regularizer("dropout", 0.9)  # of whose layers some have no unit left
TWO = (NONE, "dropout-0p2", "dropout-0p5")
PRESETS = {
    "large": Preset(
        N_("A network that is too large"),
        N_("{parameters} parameters and {samples} samples: can it learn every one by heart? See the training loss."),
    ),
    "others": Preset(
        N_("Dropout and its alternatives"),
        N_("Penalties keep the weights small, early stopping ends in time, dropout trains with noise."),
        family=MIXED,
        picked=(NONE, *PICKED[MIXED]),
    ),
    "small": Preset(
        N_("Where it can hurt: a small network"),
        N_("With {width} units in a layer there is little to overfit with, and dropout leaves even fewer."),
        {"n_samples": 80, "noise": 0.1, "layers": 1, "width": 4},
        picked=TWO,
    ),
    "much": Preset(
        N_("Where it can hurt: much data"),
        N_("Many samples average the noise out by themselves: what is left for dropout to do?"),
        {"data": "moons", "n_samples": 300, "epochs": 60},
        picked=TWO,
    ),
    "high": Preset(
        N_("Where it can hurt: high drop rates"),
        N_(
            "With p = {p} a layer of {width} units keeps {kept} on average, and in {silent} of all passes none: then "
            "every sample gets the same answer. Such a network learns to guess. Here all are compared with p = 0.2."
        ),
        picked=("dropout-0p2", "dropout-0p5", "dropout-0p8", "dropout-0p9"),
    ),
    "curve": Preset(
        N_("Where it can hurt: a regression"),
        N_(
            "A value has to be hit. With dropped units the output scatters; to scatter less, the network makes its "
            "answers too small."
        ),
        {"data": "curve", "n_samples": 20, "noise": 0.3, "epochs": 200},
        picked=TWO,
    ),
    "short": Preset(
        N_("Where it can hurt: a short training"),
        N_("Masks make the gradient noisy, so that dropout learns more slowly. Set the epochs to 100."),
        {"epochs": 30},
        picked=TWO,
    ),
    "slow": Preset(
        N_("Where it can hurt: a smaller learning rate"),
        N_(
            "With a smaller η the same number of epochs learns less, and less of the noise too: how much is left for "
            "dropout to prevent?"
        ),
        {"learning_rate": 0.005},
    ),
}


@dataclass(frozen=True)
class Setup:
    """What the controls say; the first setting is what the others are compared with."""

    config: OverfittingConfig
    settings: Mapping[str, Regularizer]  # label -> regularizer
    n_seeds: int

    @property
    def blocks(self) -> range:
        return range(self.n_seeds // BLOCK)


def setup() -> Setup:
    """Draw all controls; the engine refuses what does not fit together."""
    titles = {code: _(preset.title) for code, preset in PRESETS.items()}
    code = controls.choice(st.selectbox, _("Experiment"), titles, key="regularization_over_preset")
    preset = PRESETS[code]
    why = st.container()
    start = DEFAULT | preset.config
    settings = _settings(preset, code)
    n_samples = int(_count(_("Training samples"), SAMPLES, start["n_samples"], "samples", code))
    noise = controls.number(
        _("Noise (standard deviation)"),
        key="regularization_over_noise",
        default=float(start["noise"]),
        low=0.0,
        high=MAX_NOISE,
        step=0.05,
        scope=code,
    )
    width = int(_count(_("Units in each hidden layer"), WIDTHS, start["width"], "width", code))
    with st.expander(_("Data, network, training")):
        more, n_seeds = _more(start, code)
    config = OverfittingConfig(n_samples=n_samples, noise=noise, width=width, **more)
    with why:
        screen.aside(_(preset.why).format(**_facts(config)))
    return Setup(config, settings, n_seeds)


def _facts(config: OverfittingConfig) -> dict[str, str]:
    """What an experiment's words say of the network and its samples."""
    return {
        "parameters": f"{config.architecture.n_parameters:,}",
        "samples": str(config.n_samples),
        "width": str(config.width),
        "p": numbers.plain(NEVER.strength),
        "kept": numbers.plain(NEVER.kept(config.width), 2),
        "silent": f"{NEVER.silent(config.width):.1%}",
    }


def label_of(one: Regularizer) -> str:
    """A setting in the learner's language."""
    strength = numbers.plain(float(one.strength))
    return {
        "none": _("none"),
        "dropout": f"p = {strength}",
        "l1": f"L1, λ = {strength}",
        "l2": f"L2, λ = {strength}",
        "early_stopping": _("early stopping, patience {n}").format(n=strength),
    }[one.kind]


def _families() -> dict[str, str]:
    """What can be compared: one kind of regularizer, or all; L1 and L2 are the same in every language."""
    early, mixed = _("Early stopping"), _("All")
    return {"dropout": _("Dropout"), "l1": "L1", "l2": "L2", "early_stopping": early, MIXED: mixed}


def _settings(preset: Preset, scope: str) -> dict[str, Regularizer]:
    """What is compared: a family, and up to MOST of its strengths."""
    family = controls.choice(
        st.segmented_control,
        _("Regularization"),
        _families(),
        key="regularization_over_family",
        default=preset.family,
        scope=scope,
        required=True,
        wrap=True,
    )
    offered = [code for code, one in SETTINGS.items() if family == MIXED or one.kind in (NONE, family)]
    chosen = controls.choices(
        st.multiselect,
        _("Strengths to compare"),
        {code: label_of(SETTINGS[code]) for code in offered},
        key="regularization_over_settings",
        default=preset.picked if family == preset.family else (NONE, *PICKED[family]),
        most=MOST,
        scope=f"{scope}.{family}",
        wrap=True,
        help=_(
            "Up to {n}; the first makes room for one more. The first of the list is what the others are compared with. "
            "p is the probability of dropping a unit; some texts mean that of keeping it."
        ).format(n=MOST),
    )
    return {label_of(SETTINGS[code]): SETTINGS[code] for code in chosen}


def _more(start: Mapping[str, object], scope: str) -> tuple[dict[str, object], int]:
    """The rest of the configuration, and the number of seeds."""
    titles = {code: _(title) for code, title in DATA.items()}
    data = controls.choice(
        st.selectbox, _("Data"), titles, key="regularization_over_data", default=start["data"], scope=scope
    )
    data_seed = controls.number(
        _("Draw of the samples (seed)"),
        key="regularization_over_draw",
        default=0,
        low=0,
        high=MAX_DATA_SEED,
        step=1,
        help=_(
            "Another number draws other samples, for training, validation and test set, from the same distribution."
        ),
    )
    layers = int(_count(_("Hidden layers"), (1, 2, 3), start["layers"], "layers", scope))
    hidden = controls.choice(
        st.segmented_control,
        _("Activation function"),
        {"relu": "ReLU", "tanh": "tanh"},
        key="regularization_over_hidden",
        required=True,
    )
    rule = controls.choice(
        st.segmented_control,
        _("Optimizer"),
        {"adam": "Adam", "sgd": "SGD"},
        key="regularization_over_optimizer",
        required=True,
    )
    rate = controls.number(
        _("Learning rate η"),
        key="regularization_over_rate",
        default=start.get("learning_rate", RATES[rule]) if rule == "adam" else RATES[rule],
        low=0.0001,
        high=MAX_RATE,
        log=True,
        scope=f"{scope}.{rule}",
    )
    epochs = int(_count(_("Epochs"), EPOCHS, start["epochs"], "epochs", scope))
    seeds = tuple(BLOCK * n for n in (1, 2, MAX_BLOCKS))
    n_seeds = int(_count(_("Seeds"), seeds, N_SEEDS, "seeds", ""))
    more = {
        "data": data, "data_seed": data_seed, "layers": layers, "hidden": hidden, "optimizer": rule,
        "learning_rate": rate, "epochs": epochs,
    }  # fmt: skip
    return more, n_seeds


def _count(label: str, counts: tuple[int, ...], default: object, key: str, scope: str) -> str:
    labels = {str(count): f"{count:,}" for count in counts}
    return controls.choice(
        st.segmented_control,
        label,
        labels,
        key=f"regularization_over_{key}",
        default=str(default),
        scope=scope,
        required=True,
        wrap=True,
    )
