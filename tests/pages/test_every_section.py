"""What every section has, in both languages; a new section is found here by itself."""

import importlib
import inspect
import itertools
import json
import re

import pytest

from pages.shared import exercises, progress
from pages.shared.lessons import LESSONS
from pages.shared.text import LANGUAGES, catalog
from tests.specs import walk

SECTIONS = [(lesson.slug, section.code) for lesson in LESSONS for section in lesson.sections]
BAD = ("", "nan", "9" * 400, "_".join(["1"] * 5000), "<b>", "\x00", "한국어", "{key}")
PAINT = ("color", "fill", "stroke")
each_section = pytest.mark.parametrize(("page", "section"), SECTIONS)


@pytest.fixture(scope="module")
def opened(app):
    """opened(page, section, language): the section as its link alone shows it; one session serves all tests."""
    seen = {}

    def by_link(page: str, section: str, language: str = "en"):
        at = page, section, language
        if at not in seen:
            with pytest.MonkeyPatch.context() as patch:
                asked = set()
                patch.setattr(progress, "knows", asked.add)  # each exercise asks whether it was solved before
                seen[at] = app(page, language, **{f"{page}_section": section})
                seen[at].exercises = asked
        return seen[at]

    return by_link


@each_section
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_all_its_parts(opened, page, section, language):
    screen, said = opened(page, section, language), catalog(language).gettext
    assert screen.value(f"{page}_section") == section
    assert screen.toasts == []
    assert [line for line in screen.words.splitlines() if line.startswith("## ")], "a question"
    assert f"**{said('What to notice.')}** " in screen.words
    assert f"**{said('Predict, then check')}**" in screen.words
    assert screen.has(f"{page}_{section}_challenge_guess")
    assert len(screen.at.table) >= 1


@each_section
def test_its_exercises_are_those_of_the_registry(opened, page, section):
    """Of several mistakes that share a place, one is on screen."""
    asked, kinds = opened(page, section).exercises, (exercises.CHALLENGE, exercises.MISTAKE)
    assert asked <= exercises.of(page, section)
    for kind in kinds:
        here = exercises.of(page, section, kind)
        assert len(asked & here) == min(len(here), 1)


@each_section
def test_its_script_runs(opened, page, section):
    assert opened(page, section).printed()


@each_section
def test_its_korean_is_korean(opened, page, section):
    """No line of words is the same in both languages, unless it has none: a formula, a name."""
    english, korean = (set(opened(page, section, language).words.splitlines()) for language in ("en", "ko"))
    words = [re.sub(r"\$[^$]+\$|`[^`]+`", "", line) for line in english & korean]
    assert [line for line in words if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", line)] == []


@each_section
def test_it_writes_its_link(page, section):
    """Without the decorator the widgets would work, and the link would stay behind."""
    draw = importlib.import_module(f"pages.sections.{page}.{section}").section
    assert "@controls.section" in inspect.getsource(inspect.unwrap(draw))


@each_section
def test_its_pictures_have_named_data_and_the_palettes_colours(opened, page, section):
    for spec in map(json.loads, opened(page, section).picture):
        for part in walk(spec):
            assert "values" not in part.get("data", {})
            assert not re.fullmatch(r"param_\d+", part.get("name", ""))
            for channel in (part[name] for name in PAINT if isinstance(part.get(name), dict)):
                assert channel.get("type") != "nominal" or channel["scale"]["range"] == "category"
            if isinstance(part.get("mark"), dict):
                assert not set(PAINT) & set(part["mark"])


@each_section
@pytest.mark.parametrize("turn", [0, 3])
def test_a_bad_value_is_told_and_its_default_shown(app, opened, page, section, turn):
    """All widgets at once, each with another kind of bad value, and once more with others."""
    ordinary, open_section = opened(page, section), f"{page}_section"
    keys = sorted(ordinary.keys - {open_section})
    values = dict(zip(keys, itertools.islice(itertools.cycle(BAD), turn, None), strict=False))
    found = app(page, **{open_section: section}, **values)
    assert {toast.split("`")[1] for toast in found.toasts} == set(keys)
    assert found.screenshot() == ordinary.screenshot()


@each_section
def test_its_worksheet_has_what_it_needs(opened, page, section):
    """The last test of this file: it leaves the texts of the worksheet on the shared screen."""
    screen = opened(page, section)
    (button,) = [button for button in screen.at.button if button.key.endswith("_worksheet")]
    button.click()
    screen.run()
    (sheet,) = [part.proto for part in screen.at.get("bidi_component") if part.proto.component_name == "worksheet"]
    data = json.loads(sheet.json)
    assert data["question"]
    assert len(data["titles"]) == 2
    assert data["settings"]
    assert all(label and isinstance(value, str) for label, value in data["settings"])
    assert data["table"]["head"]
    assert data["table"]["rows"]
    assert data["tasks"]
    assert all(task["question"] and re.search(r"\d", task["answer"]) and task["explanation"] for task in data["tasks"])
    for text in data["question"], *(task["explanation"] for task in data["tasks"]):
        assert text in screen.words, "set by the app, for the browser to copy"
    assert data["light"][0] == "#0b62a8"
    assert len(sheet.json) < 60_000
