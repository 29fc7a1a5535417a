"""What a section says of itself while it draws: its question, its settings, its tasks; for the sheet to print.

It knows no other module of ours, so that the widgets and the challenge can write into it.
"""

from dataclasses import dataclass, field

import streamlit as st


@dataclass(frozen=True)
class Task:
    """A question with its answer, as the challenge asks it."""

    question: str
    answer: str
    explanation: str


@dataclass(frozen=True)
class Given:
    """Numbers that the learner may edit in a table."""

    title: str
    head: list[str]
    rows: list[list[str]]


@dataclass
class Notes:
    """Of one run of one section. settings: label and value as they stand on screen, in their order there."""

    question: str = ""
    settings: list[tuple[str, str]] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)


def begin() -> None:
    """A section begins to draw."""
    st.session_state["worksheet"] = Notes()


def notes() -> Notes:
    """Of the section that draws."""
    return st.session_state.setdefault("worksheet", Notes())


def question(text: str) -> None:
    """The section's question."""
    notes().question = text


def setting(label: str, value: str) -> None:
    """A widget with what it stands at."""
    notes().settings.append((label, value))


def task(asked: str, answer: str, explanation: str) -> None:
    """A challenge."""
    notes().tasks.append(Task(asked, answer, explanation))


def given(title: str, columns: list[str], values: list[list[float]], index: list[str] | None) -> None:
    """An editable table of numbers; `index` names its rows."""
    rows = [[f"{value:.6g}".replace("-", "−") for value in row] for row in values]
    if index:
        columns, rows = ["", *columns], [[name, *row] for name, row in zip(index, rows, strict=True)]
    notes().given.append(Given(title, columns, rows))
