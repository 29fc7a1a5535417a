"""What the controls of the dead units say: the start, the rule, and what is looked at."""

from dataclasses import dataclass

import streamlit as st

from engine.dying import COMPARED, EPOCHS, MAX_BIAS, MAX_HIDDEN, MAX_RATE, MAX_SEED, MAX_WIDTH, DyingConfig
from pages.shared import controls, names
from pages.shared.text import N_, _

PRESETS = {  # code -> title, configuration, epoch that is shown, unit that is looked at (layer, unit; from 1)
    "too_high": (N_("Learning rate too high"), DyingConfig(), EPOCHS, (2, 3)),
    "calm": (N_("Well-behaved"), DyingConfig(learning_rate=1.0), EPOCHS, (2, 3)),
    "wide": (N_("Random weights, not trained"), DyingConfig(hidden=3, width=24, learning_rate=0.3, seed=0), 0, (1, 1)),
    "biases": (N_("Biases that start at −1.5"), DyingConfig(bias=-1.5, learning_rate=1.0), EPOCHS, (2, 1)),
    "deep": (N_("Deep and narrow"), DyingConfig(hidden=6, width=5, learning_rate=0.2, seed=2), EPOCHS, (6, 1)),
    "far": (N_("Far too high"), DyingConfig(learning_rate=8.0, seed=1), EPOCHS, (2, 1)),
}
DATA = {"moons": N_("Two moons"), "circles": N_("Two circles")}
PLANES = {"moons": (-1.5, 2.5), "circles": (-1.5, 1.5)}  # ends of both axes
SHOWN = {code: names.ACTIVATIONS[code] for code in COMPARED}


@dataclass(frozen=True)
class Setup:
    """The networks, the activation that is looked at, and what names this combination."""

    config: DyingConfig
    shown: str
    preset: str

    @property
    def first_epoch(self) -> int:
        return PRESETS[self.preset][2]

    @property
    def first_unit(self) -> tuple[int, int]:
        return PRESETS[self.preset][3]


def setup() -> Setup:
    """The controls; raises InputError where the engine refuses what a link asks for."""
    titles = {code: _(title) for code, (title, *_rest) in PRESETS.items()}
    preset = controls.choice(st.selectbox, _("Example"), titles, key="activations_dead_preset")
    default = PRESETS[preset][1]
    shown = controls.choice(
        st.segmented_control, _("Activation function shown"), SHOWN, key="activations_dead_shown", required=True
    )
    rate = controls.slider(
        _("Learning rate"),
        key="activations_dead_rate",
        default=default.learning_rate,
        low=0.1,
        high=MAX_RATE,
        step=0.1,
        scope=preset,
        help=_("Each update uses all 80 samples, so that larger learning rates than with small batches go well."),
    )
    seed = controls.number(
        _("Seed of the weights"),
        key="activations_dead_seed",
        default=default.seed,
        low=0,
        high=MAX_SEED,
        step=1,
        scope=preset,
    )
    with st.expander(_("Network and samples")):
        data = controls.choice(
            st.selectbox,
            _("Samples"),
            {code: _(title) for code, title in DATA.items()},
            key="activations_dead_data",
            default=default.data,
            scope=preset,
        )
        hidden, width = (
            controls.number(label, key=key, default=start, low=1, high=most, step=1, scope=preset)
            for label, key, start, most in (
                (_("Hidden layers"), "activations_dead_hidden", default.hidden, MAX_HIDDEN),
                (_("Units of each"), "activations_dead_width", default.width, MAX_WIDTH),
            )
        )
        bias = controls.number(
            _("Biases of the hidden units at the start"),
            key="activations_dead_bias",
            default=default.bias,
            low=-MAX_BIAS,
            high=MAX_BIAS,
            step=0.1,
            scope=preset,
        )
    return Setup(DyingConfig(data, hidden, width, bias, rate, seed), shown, preset)
