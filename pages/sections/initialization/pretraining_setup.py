"""The controls of the pile and of its fine-tuning."""

from dataclasses import dataclass

import streamlit as st

from engine.pretraining_study import OPTIMIZERS, STARTS, PileConfig, TuningConfig
from pages.shared import controls, names
from pages.shared.text import N_, _

KEY = "initialization_pretraining"
IMAGES = (50, 100, 200, 400)
WIDTHS = (16, 32, 64)
PASSES = (0, 5, 10, 20, 50)
EPOCHS = (15, 30, 60, 120)
SEEDS = (3, 5, 11)
DEFAULT = ("rbm", "normal", "xavier", "he", "relu")

NAMES = {  # the same in every language
    "normal": "N(0, 1)",
    "small": "N(0, 0.01²)",
    "xavier": "Xavier",
    "he": "He",
    "relu": "ReLU + He",
}
WORDS = {"rbm": N_("pretrained"), "batch_norm": N_("batch norm")}
MEASURES = {
    "train_loss": N_("training loss"),
    "test_loss": N_("test loss"),
    "test_error": N_("wrong test answers"),
    "gradients": N_("gradient at the start"),
}


def start_names() -> dict[str, str]:
    """Code -> name in the learner's language, in the engine's order."""
    return {code: _(WORDS[code]) if code in WORDS else NAMES[code] for code in STARTS}


def pile_setup() -> PileConfig:
    """What the machines are trained on, and how long."""
    default = PileConfig()
    n_images = _count(_("Images without labels"), IMAGES, default.n_images, "images")
    depth = controls.slider(_("Hidden layers"), key=f"{KEY}_depth", default=default.depth, low=1, high=6, step=1)
    width = _count(_("Units of a hidden layer"), WIDTHS, default.width, "width")
    passes = _count(_("Epochs of each machine"), PASSES, default.epochs, "passes")
    with st.expander(_("More settings")):
        rate = controls.slider(
            _("Learning rate of the machines"),
            key=f"{KEY}_machine_rate",
            default=default.learning_rate,
            low=0.01,
            high=3.0,
            step=0.05,
            log=True,
        )
    return PileConfig(n_images, depth, width, passes, rate)


@dataclass(frozen=True)
class Tuning:
    """What is trained from which starts; the config's learning rate is for all where they have not their own."""

    config: TuningConfig
    codes: tuple[str, ...]
    n_seeds: int
    own_rates: bool
    goal: float


def tuning_setup(pile: PileConfig) -> Tuning:
    """How the networks are trained, and from which starts."""
    default = TuningConfig()
    codes = controls.choices(
        st.multiselect,
        _("Start from"),
        start_names(),
        key=f"{KEY}_starts",
        default=DEFAULT,
        most=len(STARTS),
        wrap=True,
        help=_(
            "ReLU + He has ReLU hidden units, all others sigmoids. Batch norm: Xavier weights, and batch normalization "
            "in each hidden layer."
        ),
    )
    n_labelled = _count(_("Labelled images"), IMAGES, default.n_labelled, "labelled")
    rules = {code: names.OPTIMIZERS[code] for code in OPTIMIZERS}
    rule = controls.choice(
        st.segmented_control, _("Optimizer"), rules, key=f"{KEY}_optimizer", required=True, wrap=True
    )
    place = st.container()
    epochs = _count(_("Epochs of fine-tuning"), EPOCHS, default.epochs, "epochs")
    n_seeds = _count(_("Seeds"), SEEDS, SEEDS[0], "seeds")
    with st.expander(_("More settings")):
        goal = controls.number(_("Goal: training loss"), key=f"{KEY}_goal", default=0.5, low=0.01, high=2.0, step=0.1)
    rate = default.learning_rate
    with place:
        own = controls.toggle(
            _("Each start at its own best learning rate"),
            key=f"{KEY}_own",
            help=_("Found on a grid, by the training loss from seeds that are not shown."),
        )
        if not own:
            rate = controls.slider(
                _("Learning rate η"), key=f"{KEY}_rate", default=rate, low=0.001, high=3.0, step=0.05, log=True
            )
    return Tuning(TuningConfig(pile, n_labelled, epochs, rate, rule), codes, n_seeds, own, goal)


def measure() -> str:
    """What of the networks the picture shows."""
    labels = {code: _(title) for code, title in MEASURES.items()}
    return controls.choice(st.segmented_control, _("Shown"), labels, key=f"{KEY}_measure", required=True, wrap=True)


def counted() -> bool:
    """Whether the pretraining counts as work along the axis."""
    return controls.toggle(_("Count the pretraining as work"), key=f"{KEY}_counted")


def _count(label: str, counts: tuple[int, ...], default: int, name: str) -> int:
    labels = {str(count): str(count) for count in counts}
    return int(
        controls.choice(
            st.segmented_control, label, labels, key=f"{KEY}_{name}", default=str(default), required=True, wrap=True
        )
    )
