"""What a section is set to, in words: on paper, and on a screen whose link leaves the controls out."""

import re

import streamlit as st

from pages.shared import worksheet_notes
from pages.shared.text import N_, _

NOT_SETTINGS = (N_("The wrong line"), N_("Show the solution"))  # they belong to the tasks
MOST = 40
PLACE = "settings_place"


def pairs() -> list[tuple[str, str]]:
    """Label and value of each, as they stand on screen; the first of them where they are very many."""
    hidden = {_(label) for label in NOT_SETTINGS}
    return [pair for pair in worksheet_notes.notes().settings if pair[0] not in hidden][:MOST]


def reserve() -> None:
    """Keep a place for them under the question: they are known when all widgets have spoken."""
    if "no-controls" in st.session_state.get("view", ()):
        st.session_state[PLACE] = st.container(key="settings")


def tell() -> None:
    """Put them there; numbers without what they belong to would teach nothing."""
    place = st.session_state.pop(PLACE, None)
    if place is None:
        return
    told = [f"{label} **{_plain(value)}**" for label, value in pairs() if value]
    for table in worksheet_notes.notes().given:
        rows = "; ".join(", ".join(row) for row in table.rows)
        told.append(f"{_plain(table.title)} **{_plain(rows)}**")
    way = _("Open the whole page") if st.context.is_embedded else _("Show everything")
    with place:
        st.markdown(f"**{_('Settings')}.** {' · '.join(told)}")
        st.markdown(f":small[:gray[{_('To change them: **{button}**.').format(button=way)}]]")


def _plain(text: str) -> str:
    """Written by a learner, perhaps: no * of it is lost."""
    return re.sub(r"([\\`*_\[\]<>$~:#|])", r"\\\1", text)
