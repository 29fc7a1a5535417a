"""Predict, then check: a question with a number for an answer, a hint, an explanation."""

import math

import streamlit as st

from pages.shared import numbers, progress, screen, view, worksheet_notes
from pages.shared.text import _


def challenge(key: str, question: str, *, answer: float, tolerance: float, hint: str, explanation: str) -> None:
    """Ask, check, explain.

    Args:
        key:       of the challenge; solved ones are remembered under it.
        answer:    from the engine, never typed in.
        tolerance: how far from the answer a guess may be.
    """
    worksheet_notes.task(question, numbers.plain(answer), explanation)
    with screen.exercise("challenge"):
        view.start_here()
        st.markdown(f"**{_('Predict, then check')}**")
        st.markdown(question)
        guess = st.number_input(_("Your prediction"), value=None, step=None, format="%g", key=f"{key}_guess")
        if guess is None:
            solved_before(key)
            return
        if abs(guess - answer) <= tolerance:
            solve(key)
            st.success(explanation, title=_("Right: {answer}").format(answer=numbers.plain(answer)), icon="✅")
            return
        st.warning(hint, title=_("Not yet"), icon="💡")
        if st.toggle(_("Show the solution"), key=f"{key}_solution"):
            st.info(explanation, title=_("The answer is {answer}").format(answer=numbers.plain(answer)))


def solve(key: str) -> None:
    """Remember that this learner has solved the challenge or found the mistake of that key."""
    progress.add(key)


def solved_before(key: str) -> None:
    """A word about an exercise that has no guess now, but was solved on another day."""
    if progress.knows(key):
        screen.aside(f":material/check_circle: {_('Solved before.')}")


def close(answer: float, digits: int = 2) -> float:
    """A tolerance of half a unit of the answer's `digits`-th significant digit."""
    return 0.5 * 10.0 ** (math.floor(math.log10(abs(answer))) - digits + 1) * 1.001
