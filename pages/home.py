import streamlit as st

from pages.shared import path, shell
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
path.what_next()
for lesson in LESSONS:
    path.lesson_card(lesson)

st.header(_("How a lesson works"))
st.markdown(
    _(
        "Each section asks a question. Change the values, step through the picture, and read the same "
        "numbers in the formulas. Before you look, predict: each section has a question with a number to guess. "
        "The address of the page always holds what you see, so a link brings anyone to the same screen."
    )
)
path.references()
