"""What the controls of the real loss say: which optimizers, at which learning rates, on what, from how many starts."""

from dataclasses import dataclass

import streamlit as st

from engine.optimizer_study import HIDDEN, LOSSES, StudyConfig
from pages.shared import controls, names
from pages.shared.text import N_, _

DEFAULT = ("sgd", "momentum", "rmsprop", "adam")
SAME, BEST = "same", "best"
MODES = {SAME: N_("The same for all"), BEST: N_("Its own best")}
UPDATES = (100, 200, 500, 1000, 2000, 5000)
SEEDS = (5, 10, 25, 50)


@dataclass(frozen=True)
class Setup:
    """The optimizers, the mode, and what is learned; the rate is that of SAME."""

    codes: tuple[str, ...]
    mode: str
    rate: float
    config: StudyConfig

    @property
    def labels(self) -> dict[str, str]:
        """Code -> title of the chosen optimizers."""
        return {code: names.OPTIMIZERS[code] for code in self.codes}


def setup() -> Setup:
    """The controls."""
    codes = controls.choices(
        st.multiselect,
        _("Optimizers"),
        names.OPTIMIZERS,
        key="descent_real_optimizers",
        default=DEFAULT,
        most=len(names.OPTIMIZERS),
        wrap=True,
    )
    mode = controls.choice(
        st.segmented_control,
        _("Learning rate of each optimizer"),
        {code: _(title) for code, title in MODES.items()},
        key="descent_real_mode",
        required=True,
        help=_("Its own best: found on a grid, from starts that are not shown."),
    )
    rate = 0.1
    if mode == SAME:
        rate = controls.slider(
            _("Learning rate η"), key="descent_real_rate", default=0.1, low=0.001, high=10.0, step=0.05, log=True
        )
    updates = _count(_("Updates"), UPDATES, 1000, "descent_real_updates")
    n_seeds = _count(_("Starts (seeds)"), SEEDS, 25, "descent_real_seeds")
    with st.expander(_("Network and loss")):
        sizes = {str(n): f"2-{n}-1" for n in HIDDEN}
        hidden = controls.choice(st.segmented_control, _("Network"), sizes, key="descent_real_network", required=True)
        losses = {code: names.OF_CODES[code] for code in LOSSES} | {"cross_entropy": _("Cross-entropy")}
        loss = controls.choice(st.segmented_control, _("Loss"), losses, key="descent_real_loss", required=True)
    return Setup(codes, mode, rate, StudyConfig(int(hidden), loss, updates, n_seeds))


def _count(label: str, counts: tuple[int, ...], default: int, key: str) -> int:
    labels = {str(count): f"{count:,}" for count in counts}
    return int(
        controls.choice(st.segmented_control, label, labels, key=key, default=str(default), required=True, wrap=True)
    )
