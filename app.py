"""Entry point: page settings, libraries, then the shell (language, navigation, page)."""

import streamlit as st

from pages.shared import shell

st.set_page_config(page_icon="🧠", layout="wide")
shell.run()
