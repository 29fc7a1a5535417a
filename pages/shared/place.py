"""A screen of the app in one short text, `lesson/section?name=value`, and the link that leads to it.

The names are those of the link without the lesson's prefix: `perceptron/xor?xor_run=bce` is the section "Why XOR
breaks it" with `perceptron_xor_run=bce`.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl

import streamlit as st

from pages.shared import progress
from pages.shared.lessons import Section, lesson
from pages.shared.text import _


@dataclass(frozen=True)
class Place:
    """A lesson, the code of one of its sections, and the parameters of its link."""

    lesson: str
    section: str
    query: dict[str, str]

    @property
    def found(self) -> Section:
        """The section as the list of lessons has it."""
        return next(one for one in lesson(self.lesson).sections if one.code == self.section)

    @property
    def title(self) -> str:
        """Lesson and section, as the learner reads them."""
        return f"{_(lesson(self.lesson).title)} · {_(self.found.title)}"

    def link(self, label: str, icon: str = "") -> None:
        """A link to this screen, with the lesson's icon or another one; the session goes with it.

        So does the progress, or the address would be one without it for a moment.
        """
        query = {**self.query, **progress.parameter()}
        st.page_link(f"pages/{self.lesson}.py", label=label, icon=icon or lesson(self.lesson).icon, query_params=query)


def place(where: str) -> Place:
    """Read the short text."""
    path, _mark, parameters = where.partition("?")
    slug, _slash, section = path.partition("/")
    own = {f"{slug}_{name}": text for name, text in parse_qsl(parameters)}
    return Place(slug, section, {f"{slug}_section": section} | own)
