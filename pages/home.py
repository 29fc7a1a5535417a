import streamlit as st

from pages.shared import screen, shell, terms
from pages.shared.lessons import LESSONS
from pages.shared.text import _

shell.header("home")

st.title(_("Neural Network Lab"))
st.markdown(
    _(
        "See how a neural network works from the inside. Turn a knob, and every number, formula and picture "
        "follows. Nothing is hidden, and every number can be checked."
    )
)
for lesson in LESSONS:
    with st.container(border=True):
        st.page_link(shell.page(lesson.slug), label=f"**{_(lesson.title)}**", icon=lesson.icon)
        st.markdown(_(lesson.goal))
        st.markdown("  ·  ".join(_(section.title) for section in lesson.sections))
        screen.aside(_(lesson.notes))

st.subheader(_("How a lesson works"))
st.markdown(
    _(
        "Each section asks a question. Change the values, step through the picture, and read the same "
        "numbers in the formulas. Before you look, predict: each section has a question with a number to guess. "
        "The address of the page always holds what you see, so a link brings anyone to the same screen."
    )
)
st.subheader(_("Terms in English and Korean"))
with st.container(key="terms"):
    terms.table()
