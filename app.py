"""Entry point: page settings, libraries, then the shell (language, navigation, page)."""

import os

# Before NumPy is loaded: BLAS threads that share busy processors wait for each other longer than they compute.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import streamlit as st

from pages.shared import shell

st.set_page_config(page_icon="🧠", layout="wide")
shell.run()
