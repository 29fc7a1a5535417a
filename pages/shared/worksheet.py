"""A worksheet to print of the present screen: a page with blanks, and a page with the solution.

One HTML file, made in the browser (worksheet.js) when its button is pressed, because only there the formulas and the
pictures exist as they are seen. The server tells what is not on screen in this form: the settings, the answers of the
tasks, the words. Texts with formulas in them are written out unseen, so that the app itself sets them.
"""

from dataclasses import asdict
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.shared import numbers, settings, worksheet_notes
from pages.shared.lessons import LESSONS
from pages.shared.text import N_, _, language

HERE = Path(__file__).parent
ROWS = 9  # of a table, so that it leaves room on the page
NOT_ASKED = (N_("Relative error"), N_("Numerical gradient"), N_("Target"))  # columns that nobody computes by hand
UNSEEN = "worksheet_words"
SCRIPTS = ("worksheet_blanks.js", "worksheet_pictures.js", "worksheet.js")
HIDE = f"<style>.st-key-{UNSEEN} {{ display: none; }}</style>"

_component = st.components.v2.component(
    "worksheet",
    html='<p role="status"></p>',
    css="p { margin: 0; font-family: var(--st-font); } a { color: var(--st-link-color); }",
    js="".join((HERE / name).read_text("utf-8") for name in SCRIPTS),
)


def button(key: str) -> bool:
    """Whether the learner has just asked for the sheet of the section `key`."""
    wanted = f"{key}.wanted"  # outlives a run that starts again
    st.button(
        _("Worksheet to print"),
        icon=":material/print:",
        key=f"{key}_worksheet",
        on_click=st.session_state.__setitem__,
        args=(wanted, True),
    )
    return st.session_state.pop(wanted, False)


def make(key: str, table: pd.DataFrame, link: str) -> None:
    """Have the browser make the file and save it.

    Args:
        table: the numbers to take away, for a section that shows no table.
        link:  the address of the screen.
    """
    notes = worksheet_notes.notes()
    clicks = st.session_state[f"{key}.sheets"] = st.session_state.get(f"{key}.sheets", 0) + 1
    texts = [notes.question, *(text for task in notes.tasks for text in (task.question, task.explanation))]
    st.html(HIDE)
    with st.container(key=UNSEEN):
        for text in texts:
            st.markdown(text)
    data = {
        "name": f"{key}_worksheet.html",
        "language": language(),
        "titles": _titles(),
        "unseen": UNSEEN,
        "question": notes.question,
        "settings": settings.pairs(),
        "given": [asdict(given) for given in notes.given],
        "table": _written(table),
        "tasks": [asdict(task) for task in notes.tasks],
        "rows": ROWS,
        "not_asked": [_(title) for title in NOT_ASKED],
        "link": link,
        "light": st.get_option("theme.light.chartCategoricalColors"),
        "css": (HERE / "worksheet_print.css").read_text("utf-8"),
        "words": _words(),
    }
    _component(key=f"{key}.sheet.{clicks}", data=data, height="content")


def _titles() -> list[str]:
    """Of the lesson and of its section."""
    slug, code = (st.session_state.get(name, "") for name in ("page", "open"))
    return [
        title
        for lesson in LESSONS
        if lesson.slug == slug
        for title in (_(lesson.title), *(_(section.title) for section in lesson.sections if section.code == code))
    ]


def _written(table: pd.DataFrame) -> dict:
    """The beginning of a table, its numbers as this app writes them."""

    def write(cell: object) -> str:
        return numbers.plain(cell) if isinstance(cell, float) else str(cell)

    rows = [[write(cell) for cell in row] for row in table.head(ROWS).itertuples(index=False)]
    return {"head": [str(name) for name in table.columns], "rows": rows, "more": max(len(table) - ROWS, 0)}


def _words() -> dict[str, str]:
    return {
        "app": _("Neural Network Lab"),
        "name": _("Name"),
        "date": _("Date"),
        "how": _("Fill in the blanks: by hand, or with the app. The solution follows on a page of its own."),
        "settings": _("Settings"),
        "given": _("Given"),
        "picture": _("Picture"),
        "formulas": _("Formulas"),
        "results": _("Results"),
        "table": _("Table"),
        "more": _("The app shows {n} more rows."),
        "task": _("Task"),
        "answer": _("Answer:"),
        "solution": _("Solution"),
        "link": _("This screen in the app:"),
        "saved": _("The worksheet is saved among your downloads: open it and print it."),
        "again": _("Save it again"),
    }
