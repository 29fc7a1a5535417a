"""The learner's own data, as the panel passes them on."""

from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from pages.shared.text import _


@dataclass(frozen=True)
class Mine:
    """What a learner has set, loaded or pasted.

    given: what of LabData that is.
    pick: takes a point (x1, x2) of the picture; None for a table.
    tools: draws what belongs to picking, beside the picture that is picked in; nothing for a table.
    notice: why an example stands in place of the learner's own; "" where none does.
    """

    given: dict[str, object] = field(default_factory=dict)
    pick: Callable[[float, float], None] | None = None
    tools: Callable[[], None] = lambda: None
    notice: str = ""


def beside_the_picture(notice: str) -> None:
    """On a phone the panel, which says why, is far above."""
    if notice:
        st.warning(_("What follows is of the example, not of your own table."), icon=":material/upload_file:")
