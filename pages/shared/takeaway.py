"""What is on screen, to take away: the numbers as CSV, the configuration as a script, the screen as a link."""

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from pages.shared import controls, screen, worksheet
from pages.shared.text import LANGUAGES, N_, _, language
from pages.shared.view import AT_EXERCISE

TALL = 320  # pixels of the script, which may be long, with a table in it
LEFT_OUT = {  # codes of `view`
    "no-controls": N_("Controls"),
    "no-exercises": N_("Exercises"),
    "no-takeaway": N_("“Take it away”"),
    "no-menu": N_("Menu"),
}


@dataclass(frozen=True)
class File:
    """One more thing to download; `make` is called at the click."""

    label: str
    name: str
    kind: str  # MIME type
    icon: str
    make: Callable[[], str]


@dataclass(frozen=True)
class Link:
    """One more link, with a word about what it opens."""

    words: str
    address: str


def takeaway(
    key: str,
    table: pd.DataFrame,
    script: str,
    *,
    files: Sequence[File] = (),
    links: Sequence[Link] = (),
    asides: Sequence[str] = (),
) -> None:
    """Offer the table, the script and the link.

    Args:
        key:    names the files.
        table:  the numbers on screen, at full precision.
        script: runnable Python that prints the same numbers.
        files, links: what else there is. asides: what there is not, and why.
    """
    with st.expander(_("Take it away"), icon=":material/download:", key="part-takeaway"):
        with st.container(horizontal=True):
            st.download_button(
                _("Numbers (CSV)"),
                lambda: table.to_csv(index=False).encode("utf-8-sig"),  # with a mark, or Excel garbles Korean
                f"{key}.csv",
                "text/csv",
                key=f"{key}_csv",
                on_click="ignore",
                icon=":material/table:",
            )
            st.download_button(
                _("NumPy script"),
                script,
                f"{key}.py",
                "text/x-python",
                key=f"{key}_script",
                on_click="ignore",
                icon=":material/code:",
            )
            for file in files:
                st.download_button(
                    file.label,
                    file.make,
                    file.name,
                    file.kind,
                    key=f"{key}_{file.name}",
                    on_click="ignore",
                    icon=file.icon,
                )
            wanted = worksheet.button(key)
        if wanted:
            worksheet.make(key, table, link())
        for one in (Link(_("A link to this screen:"), link()), *links):
            st.markdown(one.words)
            st.code(one.address, language=None, wrap_lines=True)
        _for_a_class(key)
        for aside in asides:
            screen.aside(aside)
        st.markdown(_("The script needs Python and NumPy, nothing else:"))
        with st.container(height=TALL):  # with the button that copies in it, the keyboard reaches the box
            st.code(script, language=None, wrap_lines=True)  # coloured tokens are too pale to read for many


def _for_a_class(key: str) -> None:
    """This screen as a teacher hands it out: with parts left out, in a language, opened at the exercise, or in a frame.

    These choices are the teacher's and in no link of this page.
    """
    if not st.toggle(_("A link for a class"), key=f"{key}_class"):
        return
    now = language()  # in the keys, because a choice that lives on keeps its old labels in the browser
    with st.container(border=True):
        labels = {part: _(label) for part, label in LEFT_OUT.items()}
        left_out = st.pills(
            _("Leave out"), [*labels], format_func=labels.get, selection_mode="multi", key=f"{key}_out_{now}"
        )
        languages = {"": _("the visitor's"), **LANGUAGES}
        code = st.segmented_control(
            _("Language"), [*languages], format_func=languages.get, default="", required=True, key=f"{key}_lang_{now}"
        )
        no_exercise = "no-exercises" in left_out
        at_exercise = st.toggle(_("Open at the exercise"), disabled=no_exercise, key=f"{key}_at") and not no_exercise
        framed = st.toggle(_("In a frame of another page"), key=f"{key}_framed")
        view = [part for part in LEFT_OUT if part in left_out] + [AT_EXERCISE] * at_exercise
        address = link(view=controls.LISTED.join(view), lang=code, embed="true" if framed else "")
        st.code(_frame(address) if framed else address, language=None, wrap_lines=True)
        for seed in controls.seeds()[:1]:
            text = _("All see the same draw. For one of their own, students end the link in {ending}, with any number.")
            screen.aside(text.format(ending=f"`&{seed}=7`"))


def _frame(address: str) -> str:
    title = html.escape(_("Neural Network Lab"))
    return f'<iframe src="{html.escape(address)}" title="{title}" width="100%" height="700" loading="lazy"></iframe>'


def link(**more: str) -> str:
    """The address of this screen, language included; call it when all widgets of the section have spoken.

    more: parameters that are others there; "" leaves one out. How this learner came, `view`, is not for others.
    """
    here = {name: text for name, text in controls.parameters().items() if name != "view"}
    parameters = {**here, "lang": language(), **more}
    parameters = {name: text for name, text in parameters.items() if text or name not in more}
    return f"{st.context.url or ''}?{urlencode(parameters)}"
