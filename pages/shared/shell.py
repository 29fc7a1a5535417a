"""The shell around every page: libraries, language, navigation, the cold-link guard, the section picker."""

import importlib
import sys
from pathlib import Path

import streamlit as st

from pages.shared import controls, mishap, progress, terms, text, view
from pages.shared.lessons import LESSONS, REFERENCES, lesson
from pages.shared.text import _

HERE = Path(__file__).parent

# A reader of a new section starts at its top.
_to_top = st.components.v2.component(
    "to_top",
    js="""let shown
export default ({ data, parentElement }) => {
  const root = parentElement.host ?? parentElement
  if (shown && shown !== data) root.scrollIntoView()
  shown = data
}""",
)

_document = st.components.v2.component("document", js=(HERE / "document.js").read_text("utf-8"))

# Numbers can be typed and pasted as people write them.
_typed_numbers = st.components.v2.component("typed_numbers", js=(HERE / "typed_numbers.js").read_text("utf-8"))

LIBRARIES = ("numpy", "pandas", "altair", "pyarrow")
# What they, Streamlit and Python load when it is first used; and ours that no section imports.
LATE = (
    "pyarrow.pandas_compat",
    "pyarrow.vendored.version",
    "narwhals._interchange.dataframe",
    "streamlit.material_icon_names",
    "encodings.cp437",
)
OURS = tuple(f"pages.shared.{name}" for name in ("show", "path", "glossary", "notes_index"))

# Seconds that one session's computation may keep the interpreter to itself while others wait; Python's own 0.005 makes
# a quick screen, which asks for it many times, far slower beside a long computation.
SWITCH = 0.001

STYLE = f"<style>{(HERE / 'style.css').read_text('utf-8')}</style>"


@st.cache_resource(show_spinner=False)
def libraries() -> None:
    """Import what is heavy once, under this function's lock.

    A whole class that meets a fresh server would otherwise import it in many threads at once, and some of them
    would see half-imported modules. Later no more is imported: where files are watched (streamlit run), each new module
    makes Streamlit look through all of them once for each visitor, while everyone waits.
    """
    for name in (*LIBRARIES, *LATE, *OURS):
        importlib.import_module(name)
    for entry in LESSONS:
        for section in entry.sections:
            importlib.import_module(f"pages.sections.{entry.slug}.{section.code}")
    sys.setswitchinterval(SWITCH)
    mishap.keep_log_short()


def run() -> None:
    """What app.py does on every run: libraries, language, navigation, page."""
    libraries()
    view.arrive()
    page = st.navigation(_pages(), position="hidden" if view.hides("no-menu") else "sidebar")
    text.switch()  # after st.navigation: before it, a cold server would give the switch another identity
    st.set_page_config(page_title=f"{page.title} · {_('Neural Network Lab')}")
    st.html(STYLE)
    _document(data=text.language(), key="document", on_back_change=lambda: None)
    _typed_numbers(key="typed_numbers")
    view.apply()
    st.session_state["shell"] = True  # read by header(): app.py ran in this run
    progress.carry()
    page.run()
    view.way_out()
    progress.write()


def _pages() -> list:
    home = st.Page("pages/home.py", title=_("Home"), icon="🏠", default=True)
    return [home, *(page(entry.slug) for entry in (*LESSONS, *REFERENCES))]


def page(slug: str) -> object:
    """A lesson or a reference as Streamlit knows it, for the navigation and for links."""
    entry = next(entry for entry in (*LESSONS, *REFERENCES) if entry.slug == slug)
    return st.Page(f"pages/{slug}.py", title=_(entry.title), icon=entry.icon, url_path=slug)


def header(slug: str) -> None:
    """First call of every page.

    A server that has just started runs a deep-linked page WITHOUT app.py, because a folder named pages/ switches
    on Streamlit's old multi-page mode until st.navigation is called once in the process. Call it, and start the
    run again.
    """
    if not st.session_state.pop("shell", False):
        st.navigation(_pages(), position="hidden")
        st.rerun()
    controls.arrive(slug)


def lesson_page(slug: str) -> None:
    """A whole lesson: header, one section on screen, the way to the next one."""
    header(slug)
    entry = lesson(slug)
    key = f"{slug}_section"
    titles = {section.code: _(section.title) for section in entry.sections}
    top = st.container()
    st.title(_(entry.title))
    with st.container(key="part-menu-sections"):
        code = controls.pick_section(titles, key)
    with top:  # else the reader of a new section starts where the last one ended
        _to_top(data=f"{slug} {code}", key=f"{slug}_top")
    with st.container(key="section"):
        importlib.import_module(f"pages.sections.{slug}.{code}").section()
    with st.container(key="part-menu-next"):
        _next_section(key, titles, code)
        if code == entry.sections[-1].code:
            _next_lesson(slug)
    terms.panel()


def _next_lesson(slug: str) -> None:
    slugs = [entry.slug for entry in LESSONS]
    for following in slugs[slugs.index(slug) + 1 :][:1]:
        label = _("Next lesson: {title}").format(title=_(lesson(following).title))
        st.page_link(page(following), label=label, icon=":material/arrow_forward:")


def _next_section(key: str, titles: dict[str, str], code: str) -> None:
    """Outside the section's fragment: a button in there would rerun the fragment only."""
    codes = list(titles)
    for following in codes[codes.index(code) + 1 :][:1]:
        label = _("Next section: {title}").format(title=titles[following])
        st.button(
            label, icon=":material/arrow_forward:", key=f"{key}.next", on_click=controls.put, args=(key, following)
        )
