"""What a screen computes: at once within its budget, at a click and with progress beyond it, never beyond reason."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.cost import Cost, in_turn
from pages.shared import numbers, screen
from pages.shared.shelf import Shelf
from pages.shared.text import _
from pages.shared.turns import SHORT, alone

FREE = Cost(operations=0.5e9, megabytes=100.0)  # without asking
SWITCHED = Cost(operations=1.5e9, megabytes=100.0)  # of what a switch asks for, which a link may set as well
MOST = Cost(operations=30e9, megabytes=200.0)  # at a click; the whole server may have no more than 690 MB


@dataclass(frozen=True)
class Job:
    """One call that is worth keeping.

    title: what is under way while it runs, in the learner's language.
    shelf, arguments: where its result is, or is made; the shelf holds at least as many results as a screen has jobs.
    cost: of making it.
    """

    title: str
    shelf: Shelf
    arguments: tuple
    cost: Cost

    @property
    def done(self) -> bool:
        return self.shelf.holds(*self.arguments)

    def run(self) -> object:
        return self.shelf(*self.arguments)


def run(jobs: Sequence[Job], controls: DeltaGenerator, *, key: str, free: Cost | None = None) -> list:
    """The result of each job, None for those that wait for the learner's click; says what all of them cost.

    Args:
        controls: the column of the controls, under which the cost is said; an offer to compute stands where this is
            called, in the place of the results.
        key: of the button, unique in the lesson.
        free: what is computed without asking; FREE, where nothing else is said.
    """
    free = free or FREE
    missing = [job for job in jobs if not job.done]
    cost = in_turn(job.cost for job in missing)
    with controls:
        _state(in_turn(job.cost for job in jobs), free)
    place = st.empty()
    at_once = cost.within(free)
    if not missing or (_at_once(missing, place) if at_once else _asked(missing, cost, key, place)):
        missing = []
    return [None if job in missing else job.run() for job in jobs]


def _at_once(missing: Sequence[Job], place) -> bool:
    """One learner after another; whether it is done.

    Of a class that opens the same screen, the first one waits for the computation and the others find its result.
    """
    if alone(lambda: [job.run() for job in missing], lambda: _wait(place), turn=SHORT):
        place.empty()
        return True
    place.warning(_busy())
    return False


def _asked(missing: Sequence[Job], cost: Cost, key: str, place) -> bool:
    """Run what the learner has asked for, or offer it; whether it is done."""
    asked = st.session_state.pop(_name(key), False)
    if not cost.within(MOST):
        place.warning(_too_much(cost))
    elif not asked:
        _offer(missing, cost, key, place)
    elif alone(lambda: _in_turn(missing, place), lambda: _wait(place)):
        return True
    else:
        place.warning(_busy())
    return False


def _busy() -> str:
    return _("Many are computing just now. Please try again in a minute.")


def _offer(missing: Sequence[Job], cost: Cost, key: str, place) -> None:
    with place.container(border=True):
        st.markdown(
            _("**{names}:** about {seconds} s of work, more than this screen takes without asking.").format(
                names=", ".join(dict.fromkeys(job.title for job in missing)), seconds=numbers.plain(cost.seconds, 2)
            )
        )
        st.button(
            _("Compute now"), key=key, type="primary", icon=":material/play_arrow:", on_click=_ask, args=(_name(key),)
        )


def _name(key: str) -> str:
    """Where the session remembers the click until the run that follows it."""
    return f"{key}.asked"


def _ask(name: str) -> None:
    st.session_state[name] = True


def _wait(place) -> None:
    place.info(_("Someone else's computation is under way. Yours begins when it is done …"))


def _in_turn(missing: Sequence[Job], place) -> bool:
    """One after another, with the share of the work that is done on the bar."""
    whole = sum(job.cost.operations for job in missing) or 1.0
    done = 0.0
    for job in missing:
        place.progress(min(done / whole, 1.0), _("Computing: {name}").format(name=job.title))
        job.run()
        done += job.cost.operations
    place.empty()
    return True


def _too_much(cost: Cost) -> str:
    return _(
        "This would take {cost}, and the most that this screen computes is {most}. Please reduce one of these: runs, "
        "epochs, layers, units."
    ).format(cost=_told(cost), most=_told(MOST))


def _state(cost: Cost, free: Cost) -> None:
    """The budget, in operations and megabytes."""
    screen.aside(
        _("This setting takes about {cost}; up to {free} it is computed at once, beyond that at a click.").format(
            cost=_told(cost), free=_told(free)
        )
    )


def _told(cost: Cost) -> str:
    return _("${operations}$ operations and {megabytes} MB").format(
        operations=numbers.tex(cost.operations, 2), megabytes=numbers.plain(cost.megabytes, 2)
    )
