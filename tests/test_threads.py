"""BLAS computes in one thread: that is asked for before NumPy is loaded, and Streamlit has not loaded it by then."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
ASKED = "OPENBLAS_NUM_THREADS"


def test_streamlit_leaves_numpy_to_the_app():
    servers = "import streamlit.web.cli, streamlit.web.bootstrap, streamlit.web.server.server"
    code = f"{servers}, streamlit, sys; sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_the_app_asks_before_it_imports_anything_of_its_own():
    lines = (ROOT / "app.py").read_text().splitlines()
    asks = next(place for place, line in enumerate(lines) if ASKED in line)
    assert all(line == "import os" for line in lines[:asks] if line.startswith(("import", "from")))
    assert os.environ[ASKED]  # as the tests do, so that what they measure is what the app does
