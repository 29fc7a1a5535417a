"""Does the initialization matter for XOR? Note 004's experiment, with intervals."""

import pandas as pd
import streamlit as st

from engine.export_successes import trained_script, typed_script
from engine.proportions import most_told_apart
from engine.success_rates import NOTE_COUNTS, NOTE_RUNS
from pages.sections.initialization import matter_pairs, matter_power, matter_run, matter_shares
from pages.sections.initialization.matter_setup import Setup, setup
from pages.shared import controls, screen, takeaway
from pages.shared.challenge import challenge
from pages.shared.text import _


@controls.section
def section() -> None:
    screen.question(_("Does it matter for XOR how the weights are drawn, and how many runs does it take to know?"))
    left, right = screen.columns()
    with left:
        chosen = setup()
    tables, found = [], {}
    with right, screen.refusals():
        found = matter_run.rates(chosen, left)
        if found:
            matter_shares.shares(chosen, found)
            tables.append(matter_shares.table(found))
    if len(found) > 1:
        tables.append(matter_pairs.show_all(found, matter_pairs.differences(found, matter_run.pairs(found))))
    elif found:
        st.info(_("Choose at least two schemes to compare."))
    if found and chosen.trains:
        matter_shares.ends(found)
    matter_power.power()
    matter_power.mistake()
    _notice()
    _challenge()
    if tables:
        takeaway.takeaway("initialization_matter", pd.concat(tables, ignore_index=True), _script(chosen, list(found)))


def _script(chosen: Setup, codes: list[str]) -> str:
    if chosen.trains:
        return trained_script(codes, chosen.runs, chosen.setting)
    return typed_script(codes, list(chosen.counts.values()), chosen.runs)


def _notice() -> None:
    screen.notice(
        _(
            "On the first screen PyTorch's default leads Xavier normal by 84 to 71 of 100, in the note it lost by 71 "
            "to 84. With 1,000 runs of each, these 100 among them, it is 823 to 801, and the interval contains 0: a "
            "difference that was picked for being the largest shrinks when more runs come. Whoever adds runs until a "
            "✓ appears finds one sooner or later, even where there is nothing: fix their number before you look. "
            "Learning rate and width matter more here: set η = 0.1, or four hidden units."
        )
    )


def _challenge() -> None:
    """The border between open and told apart."""
    normal = NOTE_COUNTS["normal"]
    answer = most_told_apart(normal, NOTE_RUNS)
    challenge(
        "initialization_matter_challenge",
        _(
            "One scheme succeeds {a} of {runs} times, another one fewer times of {runs}. What is the largest number of "
            "successes of the other that the 95% interval of the difference still tells apart from {a}?"
        ).format(a=normal, runs=NOTE_RUNS),
        answer=answer,
        tolerance=0.0,
        hint=_("Set “What to compare” to “The note's counts”, and watch the ✓ while you change a count."),
        explanation=_(
            "With {b} the interval of the difference begins just above 0; with one more success it contains 0. A "
            "border that one run of a hundred decides is no law of nature: report the interval, not only the verdict."
        ).format(b=answer),
    )
