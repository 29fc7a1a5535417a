"""What the controls of the restricted Boltzmann machine say: which images, which machine, how it learns."""

from dataclasses import dataclass

import streamlit as st

from engine.rbm_images import IMAGE_SETS
from engine.rbm_study import MAX_HIDDEN, MachineConfig
from pages.shared import controls, screen
from pages.shared.text import N_, _

IMAGES = {
    "bars_3": N_("Bars and stripes, 3 × 3 pixels"),
    "bars_4": N_("Bars and stripes, 4 × 4 pixels"),
    "bars_6": N_("Bars and stripes, 6 × 6 pixels"),
    "digits": N_("Handwritten digits, 8 × 8 pixels"),
}
EPOCHS = (20, 50, 100, 200, 500, 1000, 2000)
MAX_K, MAX_BATCH = 25, 400


@dataclass(frozen=True)
class Start:
    """Where the controls of a set of images begin."""

    n_hidden: int
    learning_rate: float
    epochs: int
    batch_size: int


STARTS = {
    "bars_3": Start(6, 1.0, 200, 10),
    "bars_4": Start(10, 1.0, 200, 10),
    "bars_6": Start(16, 0.3, 100, 20),
    "digits": Start(16, 0.2, 50, 20),
}


def setup() -> MachineConfig:
    """Draw all controls; a set of images brings its own defaults."""
    titles = {code: _(IMAGES[code]) for code in IMAGE_SETS}
    images = controls.choice(st.selectbox, _("Images"), titles, key="initialization_rbm_images", default="bars_4")
    start = STARTS[images]
    n_hidden = controls.slider(
        _("Hidden units"),
        key="initialization_rbm_hidden",
        default=start.n_hidden,
        low=1,
        high=MAX_HIDDEN,
        step=1,
        scope=images,
    )
    k = controls.slider(
        _("Gibbs steps k of CD-k"),
        key="initialization_rbm_k",
        default=1,
        low=1,
        high=MAX_K,
        step=1,
        scope=images,
        help=_(
            "CD-k: contrastive divergence with k steps. One Gibbs step: draw the hidden units given the pixels, then "
            "compute the pixels given the hidden units."
        ),
    )
    rate = controls.slider(
        _("Learning rate η"),
        key="initialization_rbm_rate",
        default=start.learning_rate,
        low=0.01,
        high=5.0,
        step=0.05,
        scope=images,
        log=True,
    )
    counts = {str(count): f"{count:,}" for count in EPOCHS}
    epochs = controls.choice(
        st.selectbox,
        _("Epochs"),
        counts,
        key="initialization_rbm_epochs",
        default=str(start.epochs),
        scope=images,
    )
    seed = controls.number(_("Seed"), key="initialization_rbm_seed", default=0, low=0, high=9999, step=1)
    with st.expander(_("More settings")):
        batch_size, visible, scale = _rare(images, start)
    if images == "digits":
        screen.aside(
            _(
                "500 digits of 8 × 8 pixels in black and white (ink of ½ or more is black). Every fifth is held out: "
                "the machine never learns from it. Source: Alpaydin and Kaynak (1998), UCI, CC BY 4.0."
            )
        )
    else:
        screen.aside(
            _("All images that consist of whole columns (bars) or whole rows (stripes); the machine learns from all.")
        )
    return MachineConfig(images, n_hidden, k, rate, int(epochs), batch_size, visible, scale, seed)


def _rare(images: str, start: Start) -> tuple[int, str, float]:
    batch_size = controls.number(
        _("Batch size"),
        key="initialization_rbm_batch",
        default=start.batch_size,
        low=1,
        high=MAX_BATCH,
        step=1,
        scope=images,
    )
    kinds = {"probabilities": _("probabilities"), "samples": _("samples")}
    visible = controls.choice(
        st.segmented_control,
        _("Pixels of the reconstruction"),
        kinds,
        key="initialization_rbm_visible",
        required=True,
        help=_("Probabilities are less noisy; samples of 0 and 1 are what a true Gibbs chain has."),
    )
    scale = controls.number(
        _("Standard deviation of the first weights"),
        key="initialization_rbm_scale",
        default=0.01,
        low=0.0,
        high=2.0,
        step=0.01,
        help=_("With 0 all hidden units start equal, and only rounding ever tells them apart: see “Symmetry”."),
    )
    return batch_size, visible, scale
