"""How the house is built: who may import whom, what lies where, and that the tools have nothing to say."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pages.shared.lessons import LESSONS, REFERENCES

ROOT = Path(__file__).parents[1]
TOP_LEVEL = {"README.md", "requirements.txt", "pyproject.toml", "app.py", ".gitignore"}
FOLDERS = {".ci", ".deploy", ".github", ".streamlit", "engine", "pages", "tests"}
PACKAGES = {"streamlit", "numpy", "altair", "pandas", "Babel", "pytest"}
KINDS = {"pages": {".py", ".po", ".js", ".css"}, "engine": {".py", ".npz", ".md"}}


LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def python(*arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def files() -> list[Path]:
    """What belongs to the project: known to git or not yet, and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


def test_everyone_imports_only_what_is_theirs():
    done = python("-c", LINT_IMPORTS, "--no-cache", "--no-logo")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"Contracts: [1-9]\d* kept, 0 broken", done.stdout)


def test_ruff_finds_nothing():
    done = python("-m", "ruff", "check", "--no-cache", ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_code_is_formatted():
    done = python("-m", "ruff", "format", "--no-cache", "--check", ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_lies_where_it_does_not_belong():
    for path in files():
        allowed = FOLDERS if len(path.parts) > 1 else TOP_LEVEL
        assert path.parts[0] in allowed, path


@pytest.mark.parametrize("folder", KINDS)
def test_folders_hold_code_words_and_small_data_only(folder):
    strangers = [path for path in files() if path.parts[0] == folder and path.suffix not in KINDS[folder]]
    assert strangers == []


def test_the_entry_is_short():
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) <= 40


def test_a_page_script_is_a_header_and_no_more():
    for path in ROOT.glob("pages/*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 40, path.name


def test_the_app_needs_six_packages():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").split()
    assert {re.match(r"[A-Za-z]+", line).group() for line in lines} == PACKAGES
    assert sum(line.startswith("streamlit==") for line in lines) == 1


def test_sections_are_found_in_the_list_of_lessons():
    """A section that no lesson names would never be shown."""
    named = {f"{lesson.slug}/{section.code}" for lesson in LESSONS for section in lesson.sections}
    found = {
        f"{path.parent.name}/{path.stem}"
        for path in ROOT.glob("pages/sections/*/*.py")
        if "\ndef section(" in path.read_text(encoding="utf-8")
    }
    assert found == named
    slugs = {entry.slug for entry in (*LESSONS, *REFERENCES)}
    assert {path.stem for path in ROOT.glob("pages/*.py")} == {"__init__", "home", *slugs}
