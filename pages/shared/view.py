"""What a link leaves out of every page: ?view=no-controls.no-menu, for a class, a lecture, or a page around this one.

What is left out is computed all the same, for its values come from the link. A style hides it, so that neither the eye
nor the keyboard nor a screen reader meets it.
"""

from pathlib import Path

import streamlit as st

from pages.shared.controls import LISTED
from pages.shared.history import back_button, keep
from pages.shared.text import _

HERE = Path(__file__).parent

# Keys of containers begin so: see `screen`, `takeaway` and `shell`.
CONTROLS, EXERCISE, TAKEAWAY, MENU = (
    f"[class*='st-key-part-{part}']" for part in ("controls", "exercise", "takeaway", "menu")
)
# Controls that stand among the pictures and numbers. What steps through a picture stays: it is for reading.
WIDGETS = ", ".join(
    f"[data-testid=st{kind}]"
    for kind in ("Selectbox", "MultiSelect", "NumberInput", "TextInput", "Checkbox", "ButtonGroup", "DataFrame")
)
FULL = "[data-testid=stFullScreenFrame]"  # around an editable table
TRACK = "[class*='-track '], [class$='-track']"
LOOSE = (
    f".st-key-section [data-testid=stElementContainer]:is(:has(> :is({WIDGETS}), > {FULL} :is({WIDGETS})), {TRACK})"
    f":not(:is({EXERCISE}, {TAKEAWAY}) *)"
)
COLUMN = f"[data-testid=stColumn]:has(> [data-testid=stVerticalBlock] > :only-child > {CONTROLS})"
HIDDEN = {
    "no-controls": f"{CONTROLS}, {COLUMN}, {LOOSE}",
    "no-exercises": EXERCISE,
    "no-takeaway": TAKEAWAY,
    "no-menu": MENU,
}
SIDEBAR = "[data-testid=stSidebar], [data-testid=stExpandSidebarButton]"
# A frame has no height to give away: Streamlit's empty bar goes with the menu, and the page begins at the top.
BAR = "[data-testid=stHeader]"
IN_A_FRAME = "<style>.stApp.stApp [data-testid=stMainBlockContainer] { padding-top: 1rem; }</style>"
AT_EXERCISE = "at-exercise"  # the page opens there
CODES = (*HIDDEN, AT_EXERCISE)

_to_exercise = st.components.v2.component("to_exercise", js=(HERE / "to_exercise.js").read_text("utf-8"))
_whole_page = st.components.v2.component(
    "whole_page",
    html='<a target="_blank" rel="noopener"></a>',
    **{kind: (HERE / f"whole_page.{kind}").read_text("utf-8") for kind in ("js", "css")},
)


def arrive() -> None:
    """Start of every run: a page that opens and the back button go by the link, a walk through the menu by what was
    left out before; the menu clears the link, so it is written again."""
    if "view" not in st.session_state or back_button():
        st.session_state["view"] = _read(st.query_params.get("view", ""))
    keep("view", LISTED.join(st.session_state["view"]))


def _read(text: str) -> tuple[str, ...]:
    said = set(text.split(LISTED)) if text else set()
    if said - set(CODES):
        st.toast(_("`view` in the link has a code that is not known here: it is left out."), duration="long")
    return tuple(code for code in CODES if code in said)


def hides(code: str) -> bool:
    """Whether that part is left out."""
    return code in st.session_state.get("view", ())


def apply() -> None:
    """The style that hides the parts, and a button that shows them."""
    hidden = [selector for code, selector in HIDDEN.items() if hides(code)]
    if st.context.is_embedded:  # a frame has little room; the link says the language
        st.set_page_config(initial_sidebar_state="collapsed")
        if hides("no-menu"):
            hidden += [SIDEBAR, BAR]
            st.html(IN_A_FRAME)
    elif st.session_state["view"]:
        label, icon = _("Show everything"), ":material/visibility:"
        st.button(label, key="show_everything", type="tertiary", icon=icon, on_click=_show_all)
    if hidden:
        st.html(f"<style>.stApp.stApp :is({', '.join(hidden)}) {{ display: none; }}</style>")


def way_out() -> None:
    """End of every page: from a frame to a page of its own."""
    if st.context.is_embedded:
        _whole_page(data=_("Open the whole page"), key="whole_page")


def _show_all() -> None:
    st.session_state["view"] = ()


def start_here() -> None:
    """The page opens here, if the link says so: call it inside the exercise."""
    if hides(AT_EXERCISE):
        _to_exercise(key="to_exercise")
