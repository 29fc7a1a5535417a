"""Training for the screen: at once where it is quick, at a click and with progress where it is not."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from engine.optimizer_study import Outcome, Search
from pages.sections.descent.real_setup import SAME, Setup
from pages.shared import numbers
from pages.shared.cached_descent import searched, studied
from pages.shared.names import OPTIMIZERS
from pages.shared.text import _
from pages.shared.turns import alone

BUDGET = 0.5  # seconds that a learner waits without having asked for it
ASKED = "descent_real_asked"  # set by the button, taken by the run that follows


@dataclass(frozen=True)
class Found:
    """What has been trained, code -> result; searches only where each optimizer has its own best learning rate."""

    outcomes: Mapping[str, Outcome]
    searches: Mapping[str, Search]


def run(setup: Setup) -> Found:
    """All that is chosen, or what of it is there while the learner has not asked for the rest."""
    missing = [code for code in setup.codes if not _is_there(setup, code)]
    seconds = sum(_seconds(setup, code) for code in missing)
    there = [code for code in setup.codes if code not in missing]
    place = st.empty()
    if seconds <= BUDGET:
        there = setup.codes
    elif st.session_state.pop(ASKED, False):
        if alone(lambda: _in_turn(setup, missing, place), lambda: _wait(place)):
            there = setup.codes
        else:
            place.warning(_("Many are training just now. Please try again in a minute."))
    else:
        _offer(setup, missing, seconds, place)
    found = {code: _search(setup, code) for code in there if setup.mode != SAME}
    return Found({code: studied(setup.config, code, _rate(setup, code)) for code in there}, found)


def _offer(setup: Setup, missing: list[str], seconds: float, place) -> None:
    with place.container(border=True):
        st.markdown(
            _(
                "**{names}:** {updates} updates from {starts} starts are about {seconds} seconds of work, more than "
                "the {budget} that this screen takes without asking."
            ).format(
                names=", ".join(OPTIMIZERS[code] for code in missing),
                updates=f"{setup.config.updates:,}",
                starts=setup.config.n_seeds,
                seconds=numbers.plain(seconds, 2),
                budget=numbers.plain(BUDGET),
            )
        )
        st.button(_("Train now"), key="descent_real_run", type="primary", icon=":material/play_arrow:", on_click=_ask)


def _ask() -> None:
    st.session_state[ASKED] = True


def _wait(place) -> None:
    place.info(_("Someone else's training is under way. Yours begins when it is done …"))


def _in_turn(setup: Setup, missing: list[str], place) -> bool:
    """One optimizer after another, its name on the bar."""
    for done, code in enumerate(missing):
        place.progress(done / len(missing), _("Training: {name}").format(name=OPTIMIZERS[code]))
        studied(setup.config, code, _rate(setup, code))
    place.empty()
    return True


def _rate(setup: Setup, code: str) -> float:
    return setup.rate if setup.mode == SAME else _search(setup, code).best


def _search(setup: Setup, code: str) -> Search:
    return searched(_searched_config(setup), code)


def _searched_config(setup: Setup):
    """The starts that are shown play no part in the search."""
    return replace(setup.config, n_seeds=1)


def _is_there(setup: Setup, code: str) -> bool:
    if setup.mode != SAME and not searched.holds(_searched_config(setup), code):
        return False
    return studied.holds(setup.config, code, _rate(setup, code))


def _seconds(setup: Setup, code: str) -> float:
    known = setup.mode == SAME or searched.holds(_searched_config(setup), code)
    return setup.config.seconds_to_study + (0 if known else setup.config.seconds_to_search)
