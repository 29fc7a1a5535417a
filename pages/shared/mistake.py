"""Find the mistake: a piece of reasoning with one wrong line, a guess, an answer, the solution."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from pages.shared import controls, worksheet_notes
from pages.shared.challenge import solve, solved_before
from pages.shared.text import _

UNSURE = "none"


@dataclass(frozen=True)
class Mistake:
    """A piece of reasoning, a line at a time; `wrong` is the index of the line that does not hold.

    `facts`: numbers of the engine, as text, for the {placeholders} of the lines and of the explanation.
    """

    title: str
    lines: tuple[str, ...]
    wrong: int
    explanation: str
    facts: Mapping[str, str] = field(default_factory=dict)

    def told(self, message: str) -> str:
        """A line or the explanation in the learner's language, with its numbers in."""
        return _(message).format(**self.facts) if self.facts else _(message)


def reasoning(mistake: Mistake, *, key: str, scope: str = "") -> str:
    """The numbered lines and the learner's guess: a line's number, or UNSURE."""
    told = [f"{number}. {mistake.told(line)}" for number, line in enumerate(mistake.lines, 1)]
    asked = "\n".join([_("Which line does not hold?"), "", *told])
    worksheet_notes.task(asked, str(mistake.wrong + 1), mistake.told(mistake.explanation))
    for number, line in enumerate(mistake.lines, 1):
        st.markdown(f"**{number}.** {mistake.told(line)}")
    labels = {UNSURE: _("not sure")} | {str(n): str(n) for n in range(1, len(mistake.lines) + 1)}
    return controls.choice(st.segmented_control, _("The wrong line"), labels, key=key, scope=scope, required=True)


def answer(mistake: Mistake, guess: str, *, hint: str, key: str, code: str, scope: str = "") -> None:
    """What the guess is worth: found, not this one, or a way to see the solution.

    Args:
        hint: what may help after a wrong guess.
        key:  of the switch that shows the solution.
        code: under which it is remembered as solved.
    """
    right = str(mistake.wrong + 1)
    if guess == right:
        solve(code)
        st.success(mistake.told(mistake.explanation), title=_("You found it: line {n}").format(n=right), icon="✅")
        return
    if guess == UNSURE:
        solved_before(code)
    else:
        st.warning(f"{_('Line {n} holds.').format(n=guess)} {hint}", icon="💡")
    if controls.toggle(_("Show the solution"), key=key, scope=scope):
        st.info(mistake.told(mistake.explanation), title=_("It is line {n}").format(n=right))
