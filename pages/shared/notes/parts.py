"""What an index of a lecture note consists of: chapters in the note's own order, and rows that lead to screens."""

from dataclasses import dataclass

FIND, TOLD = "find", "told"


@dataclass(frozen=True)
class Row:
    """An example, a figure or a slip of a note, in our words, and the screen that shows it.

    where: as pages/shared/place.py writes a screen.
    figure: a number that stands on that screen, as it is written there; it takes the place of {figure} in the text.
    slip: FIND where the screen has a piece of reasoning with a wrong line, which the text does not give away; TOLD
        where the note is wrong and the text says so.
    """

    text: str
    where: str
    figure: str = ""
    slip: str = ""


@dataclass(frozen=True)
class Chapter:
    """A heading of the note, with what stands under it."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Note:
    """A lecture note: its number, what it is about, its chapters."""

    code: str
    title: str
    chapters: tuple[Chapter, ...]
