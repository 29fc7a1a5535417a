"""The parts of a section, so that all of them look alike: question, columns, table, remarks, what to notice."""

import contextlib
import re
from collections.abc import Iterator, Mapping

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.errors import InputError
from pages.shared import numbers, settings, worksheet_notes
from pages.shared.text import _, sentence

LONGEST = 12  # rows of a table that is shown whole


def question(text: str) -> None:
    """The section's question, its first line."""
    st.markdown(f"## {text}")
    worksheet_notes.question(text)
    settings.reserve()


def columns(part: str = "") -> list:
    """Controls in a narrow column, the picture beside it; under each other on a phone.

    part: what the controls are for, where a section has such columns twice.
    """
    left, right = st.columns([1, 2], gap="large")
    with left:
        return [controls(part), right]


def controls(part: str = "", **options) -> DeltaGenerator:
    """A place for controls, which a link can leave out (`view`): the picture then shows what the link says.

    part: what they are for; no two places of a section share one.
    """
    return st.container(key=f"part-controls-{part}", **options)


def exercise(kind: str) -> DeltaGenerator:
    """A framed place for an exercise, a "challenge" or a "mistake", which a link can leave out."""
    return st.container(border=True, key=exercise_key(kind))


def exercise_key(kind: str) -> str:
    """The key of any container that holds an exercise."""
    return f"part-exercise-{kind}"


def table(
    frame: pd.DataFrame,
    *,
    alt: str,
    digits: int = numbers.DIGITS,
    own: Mapping[str, int] | None = None,
    scroll: bool = True,
) -> None:
    """A table of results, its floats as this app writes numbers; a long one scrolls in its own box.

    Args:
        own:    columns with a number of digits of their own, such as two for relative errors.
        scroll: False for a long one that is folded away and shown whole.
    """

    def write(cell: object, column: str) -> object:
        return numbers.plain(cell, (own or {}).get(column, digits)) if isinstance(cell, float) else cell

    shown = pd.DataFrame({column: [write(cell, column) for cell in frame[column]] for column in frame})
    height = 460 if scroll and len(shown) > LONGEST else "content"
    st.table(shown, hide_index=True, border="horizontal", alt=alt, height=height)


def unbroken(text: str) -> str:
    """Words for a table that stay on one line: on a phone a column of Korean would shrink to a letter a line."""
    return re.sub("(?<=[가-힣])(?=[가-힣])", "\N{WORD JOINER}", text).replace(" ", "\N{NO-BREAK SPACE}")


def aside(text: str) -> None:
    """A remark in small grey letters."""
    st.markdown(f":small[:gray[{text}]]")


def notice(text: str) -> None:
    """What to notice: two or three sentences."""
    st.markdown(f"**{_('What to notice.')}** {text}")


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """What the engine refuses in this block becomes a sentence in its place; the page goes on after the block."""
    try:
        yield
    except InputError as error:
        st.error(sentence(error))
