"""All that the app imports it imports at its start: each module that comes later is looked for, by Streamlit, once for
each visitor where files are watched, and everyone waits for that."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

# In a process of its own, for other tests have imported everything.
VISIT = """
import logging, sys
logging.disable(logging.CRITICAL)
from tests.pages.conftest import Screen
from pages.shared.lessons import LESSONS, REFERENCES

Screen("glossary")
loaded = set(sys.modules)
Screen("home")
for page in REFERENCES:
    Screen(page.slug)
for page in LESSONS:
    for section in page.sections:
        screen = Screen(page.slug, "ko", **{f"{page.slug}_section": section.code})
print(*sorted(name for name in set(sys.modules) - loaded))
"""


def test_no_section_imports_anything_later():
    command = [sys.executable, "-c", VISIT]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, timeout=300)
    assert done.stdout.split() == []
