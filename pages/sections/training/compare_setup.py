"""Which two runs are compared: B is the panel's, A the experiment as it was, another seed, or a pinned one."""

from dataclasses import dataclass

import streamlit as st

from engine.errors import InputError
from engine.lab import LabConfig
from engine.lab_difference import with_seed
from engine.lab_presets import PRESETS
from pages.shared import controls, screen
from pages.shared.lab import pinned
from pages.shared.lab.setup import LabSetup
from pages.shared.text import N_, _

PIN, WITH = "training_compare_pin", "training_compare_with"
REFERENCES = {
    "preset": N_("The experiment as it was"),
    "seed": N_("Another seed"),
    "pin": N_("The pinned run"),
}
NAMES = {"seed": N_("other seed"), "preset": N_("as it was"), "pin": N_("pinned")}


@dataclass(frozen=True)
class Pair:
    """Two runs: A, then B.

    labels: what they are called in pictures and tables. now: place of the panel's run, 0 or 1. scope: of its frames.
    goal: of the watched loss, for the time that each run takes to it. empty: A should be pinned, and nothing is.
    """

    configs: tuple[LabConfig, LabConfig]
    labels: tuple[str, str]
    now: int
    scope: str
    goal: float
    empty: bool


def pair(chosen: LabSetup) -> Pair:
    """The controls of this section, under the panel."""
    st.markdown(f"**{_('Compare')}**")
    held = controls.words(PIN, default="", valid=pinned.sound)
    _buttons(chosen, held)
    labels = {code: _(title) for code, title in REFERENCES.items()}
    code = controls.choice(st.selectbox, _("The panel's run is compared with"), labels, key=WITH)
    swapped = controls.toggle(_("Swap A and B"), key="training_compare_swap")
    goal = controls.number(
        _("Goal for the loss"),
        key="training_compare_goal",
        default=0.01,
        low=1e-12,
        high=1000.0,
        log=True,
        help=_("After how many epochs is the test loss (without test samples: the training loss) as low as this?"),
    )
    reference = _reference(code, chosen, held)
    configs, names = (reference, chosen.config), (_(NAMES[code]), _("now"))
    if swapped:
        configs, names = configs[::-1], names[::-1]
    titles = tuple(f"{letter}: {name}" for letter, name in zip("AB", names, strict=True))
    return Pair(configs, titles, 0 if swapped else 1, chosen.scope, goal, code == "pin" and not held)


def _reference(code: str, chosen: LabSetup, held: str) -> LabConfig:
    if code == "seed":
        seed = chosen.config.training.run_seeds[0]
        return with_seed(chosen.config, seed + 1)
    if code == "preset":
        return PRESETS[chosen.preset]
    return pinned.rebuild(held) if held else chosen.config


def _buttons(chosen: LabSetup, held: str) -> None:
    text = _text(chosen)
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("Pin this run"),
            key="training_compare_do_pin",
            icon=":material/push_pin:",
            type="primary",
            disabled=text is None or text == held,
            on_click=_put,
            args=(text, "pin"),
        )
        st.button(
            _("Unpin"),
            key="training_compare_do_unpin",
            icon=":material/keep_off:",
            disabled=not held,
            on_click=_put,
            args=("", "preset"),
        )
    if text and not held:
        screen.aside(_("Pin this run, then change one thing above: both runs stand side by side."))
    if text is None:
        screen.aside(
            _(
                "This run cannot be pinned: a pinned run stands in the link, and this one, with its points, takes more "
                "than {n} characters."
            ).format(n=pinned.MOST)
        )


def _text(chosen: LabSetup) -> str | None:
    """The panel's run as text; None where a link cannot hold it."""
    try:
        return pinned.pin(chosen)
    except InputError:
        return None


def _put(text: str, reference: str) -> None:
    for own in [own for own in st.session_state if str(own).startswith(f"{PIN}|")]:
        del st.session_state[own]  # as it was in the other language
    controls.put(PIN, text)
    controls.put(WITH, reference)
