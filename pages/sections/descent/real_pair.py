"""Two optimizers from the same starts: is the difference more than luck? And a conclusion from a single run."""

from collections.abc import Mapping
from functools import partial
from itertools import combinations

import streamlit as st

from engine.optimizer_study import Outcome, Pair, compare
from engine.proportions import confidence_for_all
from pages.sections.descent.real_setup import Setup
from pages.shared import controls, numbers, screen
from pages.shared.formulas import study
from pages.shared.mistake import Mistake, answer, reasoning
from pages.shared.names import OPTIMIZERS
from pages.shared.text import N_, _

ONE_RUN = Mistake(
    N_("One run each"),
    (
        N_("Momentum and Adam start from the same weights (seed 0), both with η = 0.1, for 1,000 updates on 2-2-1."),
        N_("Both solve XOR, and Adam ends at the lower loss: 0.0031 against 0.0126 (cross-entropy)."),
        N_("As the start was the same, chance played no part: from other starts Adam ends lower as well."),
        N_("An optimizer that ends lower from every start would be the better choice for this network."),
    ),
    2,
    N_(
        "The start is the same for both, but it is one start. Among the 25 starts from seed 0 on, with the same "
        "settings, Adam solves 13 and momentum 22: momentum solves 10 that Adam does not, and Adam 1 that momentum "
        "does not. Seed 0 is one of those that both solve, and says nothing about the others."
    ),
)


def pair(chosen: Setup, outcomes: Mapping[str, Outcome]) -> None:
    """Two of the optimizers, run by run."""
    if len(outcomes) < 2:
        return
    with st.container(border=True):
        st.markdown(_("**Two of them, start by start.** Is the difference of their shares more than luck?"))
        labels = {code: OPTIMIZERS[code] for code in outcomes}
        codes, scope = list(labels), ".".join(labels)
        with st.container(horizontal=True):
            first = controls.choice(
                st.selectbox, _("First optimizer"), labels, key="descent_real_first", default=codes[-1], scope=scope
            )
            second = controls.choice(
                st.selectbox, _("Second optimizer"), labels, key="descent_real_second", default=codes[0], scope=scope
            )
        if first == second:
            st.info(_("Choose two different optimizers."))
            return
        found = compare(outcomes[first], outcomes[second])
        st.latex(study.difference(found, partial(numbers.tex, digits=3)))
        st.markdown(_verdict(found, OPTIMIZERS[first], OPTIMIZERS[second]))
        pairs = len(list(combinations(outcomes, 2)))
        if pairs > 1:
            screen.aside(
                _(
                    "Of {k} optimizers there are {pairs} pairs: whoever picks the most striking one after the fact "
                    "needs {confidence} for each instead of 95%."
                ).format(k=len(outcomes), pairs=pairs, confidence=f"{confidence_for_all(pairs):.1%}")
            )


def _verdict(found: Pair, first: str, second: str) -> str:
    interval = found.difference
    counts = _(
        "{first} alone solves {m1} of the starts, {second} alone {m2}, both {both}, neither {neither}. The 95% "
        "interval of the difference (Newcombe, for pairs) goes from {low} to {high}:"
    ).format(
        first=first,
        second=second,
        m1=found.first_alone,
        m2=found.second_alone,
        both=found.both,
        neither=found.neither,
        low=numbers.plain(interval.low, 2),
        high=numbers.plain(interval.high, 2),
    )
    if interval.excludes_zero:
        return f"{counts} {_('it leaves out 0, so these starts tell the two apart.')}"
    return f"{counts} {_('it contains 0, so with these starts the question is open.')}"


def mistake() -> None:
    """Find the mistake."""
    with screen.exercise("mistake"):
        st.markdown(f"**{_('Find the mistake')}**")
        guess = reasoning(ONE_RUN, key="descent_real_mistake")
        answer(
            ONE_RUN,
            guess,
            hint=_("Which line speaks about something that nobody has looked at?"),
            key="descent_real_mistake_solution",
            code="descent_real_mistake",
        )
