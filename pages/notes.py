import streamlit as st

from pages.shared import notes_index, path, shell
from pages.shared.text import _

shell.header("notes")

st.title(_("From the lecture notes"))
notes_index.index()
path.references("notes")
