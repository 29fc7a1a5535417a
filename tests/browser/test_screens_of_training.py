"""The lessons on first weights and on training, and that no lesson is left out."""

from pathlib import Path

import pytest

from pages.shared.lessons import LESSONS
from tests.browser.screens import check, of_lessons


@pytest.mark.parametrize("screen", of_lessons("initialization", "training"))
def test_the_screen_is_sound_and_accessible(visit, screen):
    check(visit, screen)


def test_no_lesson_is_left_out():
    files = [file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_screens_*.py")]
    for lesson in LESSONS:
        assert sum(f'"{lesson.slug}"' in text for text in files) == 1
