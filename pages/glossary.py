import streamlit as st

from pages.shared import glossary, path, shell
from pages.shared.text import _

shell.header("glossary")

st.title(_("Glossary"))
glossary.entries()
path.references("glossary")
