"""The lessons on gradients and what follows them."""

import pytest

from tests.browser.screens import check, of_lessons


@pytest.mark.parametrize("screen", of_lessons("backprop", "descent", "regularization"))
def test_the_screen_is_sound_and_accessible(visit, screen):
    check(visit, screen)
