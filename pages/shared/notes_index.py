"""From the lecture notes to the screens: each note's contents in its own order, every entry with its link."""

import streamlit as st

from pages.shared import controls, screen
from pages.shared.notes import note_000, note_001, note_002, note_003, note_004
from pages.shared.notes.parts import FIND, TOLD, Note, Row
from pages.shared.place import place
from pages.shared.text import _

NOTES = tuple(one.NOTE for one in (note_000, note_001, note_002, note_003, note_004))


@controls.section
def index() -> None:
    """One note at a time."""
    st.markdown(_("What each note shows, in its own order. A link opens the screen with the note's numbers in it."))
    codes = {note.code: note.code for note in NOTES}
    code = controls.choice(st.segmented_control, _("Lecture note"), codes, key="notes_note", required=True)
    note = next(note for note in NOTES if note.code == code)
    st.header(_("Note {code}: {title}").format(code=code, title=_(note.title)), anchor=False)
    screen.aside(_count(note))
    for chapter in note.chapters:
        st.markdown(f"### {_(chapter.title)}")
        for row in chapter.rows:
            _row(row)


def _count(note: Note) -> str:
    rows = [row for chapter in note.chapters for row in chapter.rows]
    return _("Links: {n}. Find the mistake: {find} of them.").format(
        n=len(rows), find=sum(row.slip == FIND for row in rows)
    )


def _row(row: Row) -> None:
    """What it is, as a link, and where that leads."""
    there = place(row.where)
    text = _(row.text).format(figure=row.figure)
    if row.slip == FIND:
        text = f"**{_('Find the mistake')}:** {text}"
    if row.slip == TOLD:
        text = f"**{_('A slip of the note')}:** {text}"
    with st.container(gap=None):
        there.link(text)
        screen.aside(there.title)
