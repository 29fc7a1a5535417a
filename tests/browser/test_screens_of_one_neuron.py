"""Home, references, and the first two lessons."""

import pytest

from pages.shared.lessons import REFERENCES
from tests.browser.screens import check, of_lessons


@pytest.mark.parametrize("screen", ["/", *(f"/{x.slug}" for x in REFERENCES), *of_lessons("perceptron", "activations")])
def test_the_screen_is_sound_and_accessible(visit, screen):
    check(visit, screen)
