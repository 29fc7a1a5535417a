"""The path through the lessons, on the home page: what comes next, what is solved, and how to keep it."""

import streamlit as st

from pages.shared import controls, exercises, progress, screen, shell
from pages.shared.exercises import CHALLENGE, EXERCISES, MISTAKE
from pages.shared.lessons import REFERENCES, Lesson
from pages.shared.place import place
from pages.shared.text import _

DONE, OPEN = ":material/check_circle:", ":material/radio_button_unchecked:"


def what_next() -> None:
    """The first section with something unsolved, and how far the learner is."""
    following = progress.following()
    with st.container(border=True, key="next"):
        if following:
            lesson, section = following
            label = _("Continue: {title}") if progress.solved() else _("Start here: {title}")
            words = f":primary[**{label.format(title=_(section.title))}**] · {_(lesson.title)}"
            place(f"{lesson.slug}/{section.code}").link(words, ":material/arrow_forward:")
        else:
            st.markdown(_("**All solved, well done.** Now change the settings, and ask questions of your own."))
        if not progress.solved():
            screen.aside(_("What you solve is kept in the address of the page: no account, nothing to save."))
            return
        n, of = len(progress.solved()), len(EXERCISES)
        st.progress(n / of, text=_("{n} of {of} exercises solved").format(n=n, of=of))
        keep()


def keep() -> None:
    """The address is the bookmark; the way to begin anew."""
    with st.expander(_("Keep this page's address: it holds your progress"), icon=":material/bookmark:"):
        st.code(progress.bookmark(), language=None, wrap_lines=True)
        with st.popover(_("Start over"), icon=":material/restart_alt:"):
            st.markdown(_("Forget all that is solved, and every setting on every page?"))
            st.button(_("Yes, start over"), key="start_over", on_click=start_over)


def start_over() -> None:
    progress.forget()
    controls.forget()  # with the lines that were chosen, or each mistake would count as found again


def lesson_card(lesson: Lesson) -> None:
    """What the lesson teaches, and its sections with what is solved of them, folded."""
    with st.container(border=True, gap="xsmall"):
        st.page_link(shell.page(lesson.slug), label=f"**{_(lesson.title)}**", icon=lesson.icon)
        st.markdown(_(lesson.goal))
        icon = DONE if progress.complete(lesson.slug) else None
        with st.expander(counts(lesson), icon=icon, key=f"{lesson.slug}_sections"):
            screen.aside(_(lesson.notes))
            for section in lesson.sections:
                whole, title = progress.complete(lesson.slug, section.code), _(section.title)
                label = _("{title} (solved)").format(title=title) if whole else title
                place(f"{lesson.slug}/{section.code}").link(label, DONE if whole else OPEN)


def counts(lesson: Lesson) -> str:
    """6 sections · 2 of 6 challenges · 1 of 3 mistakes."""
    texts = {CHALLENGE: _("{n} of {of} challenges"), MISTAKE: _("{n} of {of} mistakes")}
    parts = [_("{n} sections").format(n=len(lesson.sections))]
    for kind, text in texts.items():
        keys = exercises.of(lesson.slug, kind=kind)
        parts += [text.format(n=len(keys & progress.solved()), of=len(keys))] if keys else []
    return " · ".join(parts)


def references(page: str = "") -> None:
    """The end of a page that has no section: links to what there is to look things up in, but for the page itself."""
    with st.container(key="terms"):
        for reference in REFERENCES:
            if reference.slug != page:
                st.page_link(shell.page(reference.slug), label=_(reference.title), icon=reference.icon)
